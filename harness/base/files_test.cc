#include "harness/base/files.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/testing/catch.h"
#include "harness/testing/environment_variable.h"
#include "harness/testing/error_of.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
using testing::EnvironmentVariable;
using testing::error_of;
using testing::ScratchDirectory;

/// A disk that can be filled without harm: only root may have one.
class SmallDisk {
 public:
  explicit SmallDisk(fs::path at) : at_(std::move(at)) {
    mounted_ = ::mount("none", at_.c_str(), "tmpfs", 0, "size=64k") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount(at_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  fs::path at_;
  bool mounted_ = false;
};

std::vector<std::string> names(const fs::path& directory) {
  std::vector<std::string> found;
  for (const auto& entry : list_directory(directory)) {
    found.push_back(entry.path().filename().string());
  }
  return found;
}

TEST_CASE("what is written is read back byte for byte") {
  const ScratchDirectory scratch;
  std::string content("\0\r\n\xFF end without a newline", 26);
  while (content.size() < 300'000) content += content;
  write_file(scratch.path() / "f", content);
  CHECK(read_file(scratch.path() / "f") == content);
  write_file(scratch.path() / "f", "");
  CHECK(read_file(scratch.path() / "f").empty());
}

TEST_CASE("a file that cannot be read is named with the reason") {
  const ScratchDirectory scratch;
  const std::string missing = (scratch.path() / "missing.sql").string();
  CHECK(error_of([&] { read_file(missing); }).message() ==
        "cannot read " + missing + ": No such file or directory");
  CHECK(error_of([&] { read_file(scratch.path()); }).message() ==
        "cannot read " + scratch.path().string() + ": Is a directory");
}

TEST_CASE("writing makes the directories on the way and leaves nothing but the file") {
  const ScratchDirectory scratch;
  write_file(scratch.path() / "a" / "b" / "f.txt", "x");
  CHECK(names(scratch.path() / "a" / "b") == std::vector<std::string>{"f.txt"});
  write_file(scratch.path() / "a" / "b" / "f.txt", "new");
  CHECK(names(scratch.path() / "a" / "b") == std::vector<std::string>{"f.txt"});
  CHECK(read_file(scratch.path() / "a" / "b" / "f.txt") == "new");
}

TEST_CASE("a reader that has the old file open keeps the old content") {
  const ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f";
  write_file(path, "old");
  struct stat before {
  }, after{};
  REQUIRE(::stat(path.c_str(), &before) == 0);
  const fs::path second_name = scratch.path() / "held";
  fs::create_hard_link(path, second_name);  // what an open descriptor sees
  write_file(path, "new");
  REQUIRE(::stat(path.c_str(), &after) == 0);
  CHECK(before.st_ino != after.st_ino);
  CHECK(read_file(second_name) == "old");
  CHECK(read_file(path) == "new");
}

TEST_CASE("a file that cannot be put in its place is named, and its draft is removed") {
  const ScratchDirectory scratch;
  fs::create_directories(scratch.path() / "taken" / "full");
  const std::string taken = (scratch.path() / "taken").string();
  CHECK(error_of([&] { write_file(taken, "x"); }).message() ==
        "cannot write " + taken + ": Is a directory");
  CHECK(names(scratch.path()) == std::vector<std::string>{"taken"});
  write_file(scratch.path() / "file", "");
  CHECK(error_of([&] { write_file(scratch.path() / "file" / "below", "x"); })
            .message()
            .find(": Not a directory") != std::string::npos);
}

TEST_CASE("on a full disk the old file survives, the draft goes, and the remedy says what to do") {
  const ScratchDirectory scratch;
  const SmallDisk disk(scratch.path());
  if (!disk.mounted()) {
    WARN("not root, or not allowed to mount a small tmpfs: not tested");
    return;
  }
  const fs::path path = scratch.path() / "run.json";
  write_file(path, "old");
  const Error error = error_of([&] { write_file(path, std::string(256 * 1024, 'x')); });
  CHECK(error.message() == "cannot write " + path.string() + ": No space left on device");
  CHECK(error.remedy() == "Free some room on that disk, or choose another place with --out.");
  CHECK(read_file(path) == "old");
  CHECK(names(scratch.path()) == std::vector<std::string>{"run.json"});
}

TEST_CASE("a directory is listed in the order of bytes, hidden files too") {
  const ScratchDirectory scratch;
  for (const char* name : {"b", "a10", "a2", "B", ".hidden", "\xC3\xA4"}) {
    write_file(scratch.path() / name, "");
  }
  CHECK(names(scratch.path()) ==
        std::vector<std::string>{".hidden", "B", "a10", "a2", "b", "\xC3\xA4"});
}

TEST_CASE("a directory that cannot be listed is named with the reason") {
  const ScratchDirectory scratch;
  const fs::path missing = scratch.path() / "missing";
  CHECK(error_of([&] { list_directory(missing); }).message() ==
        "cannot list " + missing.string() + ": No such file or directory");
  write_file(scratch.path() / "file", "");
  CHECK(error_of([&] { list_directory(scratch.path() / "file"); })
            .message()
            .find("Not a directory") != std::string::npos);
}

TEST_CASE("removing a tree takes everything below it and follows no link out of it") {
  const ScratchDirectory scratch;
  write_file(scratch.path() / "outside", "stays");
  write_file(scratch.path() / "tree" / "deep" / "f", "");
  fs::create_symlink(scratch.path() / "outside", scratch.path() / "tree" / "link");
  remove_tree(scratch.path() / "tree");
  remove_tree(scratch.path() / "never there");
  CHECK(names(scratch.path()) == std::vector<std::string>{"outside"});
}

TEST_CASE("free room is known where there is a file system and 0 where there is none") {
  CHECK(free_bytes("/") > 0);
  CHECK(free_bytes("/no/such/place") == 0);
}

TEST_CASE("a tmpfs is told from other file systems") {
  CHECK_FALSE(on_tmpfs("/proc"));
  CHECK_FALSE(on_tmpfs("/no/such/place"));
  if (fs::exists("/dev/shm")) CHECK(on_tmpfs("/dev/shm"));
}

TEST_CASE("the cache is where the user says, else in the home, else in a place of the user's own") {
  const EnvironmentVariable home("HOME", "/home/somebody");
  {
    const EnvironmentVariable chosen("XDG_CACHE_HOME", "/chosen");
    CHECK(cache_directory() == "/chosen/drydock");
  }
  const EnvironmentVariable empty("XDG_CACHE_HOME", "");
  CHECK(cache_directory() == "/home/somebody/.cache/drydock");
  const EnvironmentVariable homeless("HOME", std::nullopt);
  CHECK(cache_directory() == "/tmp/drydock-cache-" + std::to_string(::getuid()));
}

TEST_CASE("a cache that is named relative to nowhere is not used") {
  const EnvironmentVariable home("HOME", "/home/somebody");
  const EnvironmentVariable relative("XDG_CACHE_HOME", "cache");
  CHECK(cache_directory() == "/home/somebody/.cache/drydock");
}

}  // namespace
}  // namespace drydock
