#include "harness/postgres/run_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "harness/base/files.h"
#include "harness/testing/catch.h"
#include "harness/testing/environment_variable.h"
#include "harness/testing/error_of.h"
#include "harness/testing/run_root.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
using testing::EnvironmentVariable;
using testing::error_of;
using testing::has;
using testing::RunRoot;

const LeftOver* find(const std::vector<LeftOver>& list, const fs::path& path) {
  const auto at = std::find_if(list.begin(), list.end(),
                               [&](const LeftOver& left) { return left.path == path; });
  return at == list.end() ? nullptr : &*at;
}

void set_age(const fs::path& path, std::chrono::minutes age) {
  fs::last_write_time(path, fs::file_time_type::clock::now() - age);
}

TEST_CASE("the root that the user names is the only one, and absolute") {
  const EnvironmentVariable chosen("DRYDOCK_RUN_ROOT", "some/place");
  CHECK(run_roots() == std::vector<fs::path>{fs::current_path() / "some/place"});
}

TEST_CASE("without a root named the user's own directory comes first, but not for root") {
  const EnvironmentVariable chosen("DRYDOCK_RUN_ROOT", std::nullopt);
  const EnvironmentVariable runtime("XDG_RUNTIME_DIR", "/run/user/7");
  const EnvironmentVariable temporary("TMPDIR", "/");
  std::vector<fs::path> expected = {"/run/user/7", "/dev/shm", "/"};
  if (::geteuid() == 0) expected.erase(expected.begin());
  CHECK(run_roots() == expected);
}

TEST_CASE("a root without room is not chosen, and the error says how much was found where") {
  const RunRoot root;
  CHECK(choose_run_root(1) == root.path());
  const Error error = error_of([] { choose_run_root(std::uintmax_t{1} << 60); });
  CHECK(has(error.message(), "1099511627776 MB are needed; looked at " + root.path().string()));
  CHECK(has(error.message(), " MB free)"));
  CHECK(has(error.remedy(), "DRYDOCK_RUN_ROOT"));
  const EnvironmentVariable nowhere("DRYDOCK_RUN_ROOT", "/no/such/place");
  CHECK(has(error_of([] { choose_run_root(1); }).message(), "/no/such/place (0 MB free)"));
}

TEST_CASE("a run directory is private to the server's account and held by its maker") {
  const RunRoot root;
  const RunDirectory made = make_run_directory(root.path());
  struct stat status {};
  REQUIRE(::stat(made.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0700);
  const Account account = server_account();
  CHECK(status.st_uid == (account.uid == static_cast<uid_t>(-1) ? ::geteuid() : account.uid));
  CHECK(made.path.parent_path() == root.path());
  CHECK(made.path.filename().string().starts_with("drydock-"));
  const std::vector<LeftOver> held = list_run_directories();
  REQUIRE(find(held, made.path) != nullptr);
  CHECK(find(held, made.path)->in_use);
  CHECK_FALSE(find(held, made.path)->kept);
  ::close(made.lock_fd);
  const std::vector<LeftOver> free = list_run_directories();
  REQUIRE(find(free, made.path) != nullptr);
  CHECK_FALSE(find(free, made.path)->in_use);
}

TEST_CASE("two run directories are two") {
  const RunRoot root;
  const RunDirectory one = make_run_directory(root.path()), two = make_run_directory(root.path());
  CHECK(one.path != two.path);
  ::close(one.lock_fd);
  ::close(two.lock_fd);
}

TEST_CASE("a root that is not there is told by name") {
  CHECK(has(error_of([] { make_run_directory("/no/such/place"); }).message(),
            "cannot make a directory in /no/such/place: "));
}

TEST_CASE("sweeping removes what nobody holds and returns it, with its size") {
  const RunRoot root;
  const RunDirectory held = make_run_directory(root.path());
  const RunDirectory left = make_run_directory(root.path());
  write_file(left.path / "data" / "f", std::string(5000, 'x'));
  ::close(left.lock_fd);
  const std::vector<LeftOver> removed = sweep_run_directories();
  REQUIRE(removed.size() == 1);
  CHECK(removed[0].path == left.path);
  CHECK(removed[0].bytes == 5000);
  CHECK_FALSE(fs::exists(left.path));
  CHECK(fs::exists(held.path));
  CHECK(sweep_run_directories().empty());
  ::close(held.lock_fd);
}

TEST_CASE("a directory without a lock is spared while it may still be in the making") {
  const RunRoot root;
  const fs::path young = root.path() / "drydock-young1", old = root.path() / "drydock-older1";
  fs::create_directory(young);
  write_file(old / "drydock.lock.new", "");
  set_age(old, std::chrono::minutes(2));
  sweep_run_directories();
  CHECK(fs::exists(young));
  CHECK_FALSE(fs::exists(old));
}

TEST_CASE("sweeping touches nothing but run directories of ours") {
  const RunRoot root;
  write_file(root.path() / "drydock-file", "");
  write_file(root.path() / "other" / "f", "");
  fs::create_directory_symlink(root.path() / "other", root.path() / "drydock-link");
  for (const char* name : {"drydock-file", "other"}) {
    set_age(root.path() / name, std::chrono::minutes(2));
  }
  CHECK(sweep_run_directories().empty());
  CHECK(fs::exists(root.path() / "drydock-file"));
  CHECK(fs::exists(root.path() / "drydock-link" / "f"));
}

TEST_CASE("directories that people call drydock-something are theirs") {
  const RunRoot root;
  const char* name = GENERATE("drydock-out", "drydock-main", "drydock-cache-0", "drydock-abcdef");
  const fs::path file = root.path() / name / "report.html";
  write_file(file, "precious");
  set_age(file.parent_path(), std::chrono::minutes(10));
  CHECK(sweep_run_directories().empty());
  CHECK(fs::exists(file));
}

TEST_CASE("a directory with the mark is kept on purpose") {
  const RunRoot root;
  const RunDirectory made = make_run_directory(root.path());
  write_file(kept_mark(made.path), "");
  const std::vector<LeftOver> list = list_run_directories();
  REQUIRE(find(list, made.path) != nullptr);
  CHECK(find(list, made.path)->kept);
  ::close(made.lock_fd);
}

TEST_CASE("the size of a tree is that of all files in it, and 0 where there is none") {
  const RunRoot root;
  write_file(root.path() / "a", "12345");
  write_file(root.path() / "b" / "c" / "d", "123");
  CHECK(tree_bytes(root.path()) == 8);
  CHECK(tree_bytes(root.path() / "missing") == 0);
}

TEST_CASE("root lends its servers an account that is not root") {
  const Account account = server_account();
  if (::geteuid() == 0) {
    CHECK(account.uid != 0);
    CHECK(account.uid != static_cast<uid_t>(-1));
  } else {
    CHECK(account.uid == static_cast<uid_t>(-1));
  }
}

}  // namespace
}  // namespace drydock
