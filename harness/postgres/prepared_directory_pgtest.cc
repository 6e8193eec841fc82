#include "harness/postgres/prepared_directory.h"

#include <sys/stat.h>

#include "harness/base/files.h"
#include "harness/postgres/server.h"
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
using testing::ScratchDirectory;

fs::path data_directory(const Server& server) {
  Connection connection(server.administrator("template1"));
  return connection.query_value("show data_directory");
}

TEST_CASE("the first server fills the cache, the next ones are copies of it") {
  const ScratchDirectory cache;
  const EnvironmentVariable place("XDG_CACHE_HOME", cache.path().string());
  const ServerBinaries binaries = select_server("");
  const fs::path cached = prepared_directory_path(binaries);
  CHECK(cached.parent_path() == cache.path() / "drydock" / "clusters");
  CHECK(list_prepared_directories().empty());
  {
    const Server first = Server::start(binaries, {});
    CHECK(first.alive());
  }
  REQUIRE(list_prepared_directories().size() == 1);
  CHECK(list_prepared_directories()[0].path == cached);
  CHECK(list_prepared_directories()[0].bytes > 1'000'000);
  write_file(cached / "tracer", "of the cache");
  const Server second = Server::start(binaries, {});
  CHECK(read_file(data_directory(second) / "tracer") == "of the cache");
  CHECK(list_prepared_directories().size() == 1);
}

TEST_CASE("a prepared cluster's age is counted from its last use") {
  const ScratchDirectory cache;
  const EnvironmentVariable place("XDG_CACHE_HOME", cache.path().string());
  const ServerBinaries binaries = select_server("");
  { const Server first = Server::start(binaries, {}); }
  CHECK(list_prepared_directories().at(0).age_days < 0.1);
  fs::last_write_time(prepared_directory_path(binaries) / "drydock-used",
                      fs::file_time_type::clock::now() - std::chrono::hours(240));
  CHECK(list_prepared_directories().at(0).age_days == Approx(10).margin(0.1));
  { const Server second = Server::start(binaries, {}); }
  CHECK(list_prepared_directories().at(0).age_days < 0.1);
}

TEST_CASE("a cache that cannot be written costs time and nothing else") {
  const EnvironmentVariable place("XDG_CACHE_HOME", "/proc/no-such-place");
  const Server server = Server::start(select_server(""), {});
  CHECK(server.alive());
  CHECK(list_prepared_directories().empty());
}

TEST_CASE("each installation has a prepared cluster of its own") {
  const ServerBinaries one{"/opt/a/bin", "15.20", 15}, elsewhere{"/opt/b/bin", "15.20", 15},
      newer{"/opt/a/bin", "15.21", 15};
  CHECK(prepared_directory_path(one) == prepared_directory_path(one));
  CHECK(prepared_directory_path(one) != prepared_directory_path(elsewhere));
  CHECK(prepared_directory_path(one) != prepared_directory_path(newer));
}

TEST_CASE("a copied tree has the same files, for nobody else to read") {
  const ScratchDirectory scratch;
  write_file(scratch.path() / "from" / "a", std::string(3'000'000, 'x'));
  write_file(scratch.path() / "from" / "b" / "empty", "");
  fs::create_directories(scratch.path() / "from" / "c" / "d");
  copy_tree(scratch.path() / "from", scratch.path() / "to", {});
  CHECK(read_file(scratch.path() / "to" / "a") == read_file(scratch.path() / "from" / "a"));
  CHECK(read_file(scratch.path() / "to" / "b" / "empty").empty());
  CHECK(fs::is_directory(scratch.path() / "to" / "c" / "d"));
  struct stat directory {
  }, file{};
  REQUIRE(::stat((scratch.path() / "to").c_str(), &directory) == 0);
  REQUIRE(::stat((scratch.path() / "to" / "a").c_str(), &file) == 0);
  CHECK((directory.st_mode & 07777) == 0700);
  CHECK((file.st_mode & 07777) == 0600);
}

TEST_CASE("a tree is not copied over what is there") {
  const ScratchDirectory scratch;
  fs::create_directories(scratch.path() / "from");
  fs::create_directories(scratch.path() / "to");
  const std::string to = (scratch.path() / "to").string();
  CHECK(error_of([&] { copy_tree(scratch.path() / "from", to, {}); }).message() ==
        "cannot copy the prepared data directory to " + to + ": File exists");
}

}  // namespace
}  // namespace drydock
