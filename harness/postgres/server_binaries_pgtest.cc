#include "harness/postgres/server_binaries.h"

#include <unistd.h>

#include <filesystem>

#include "harness/testing/catch.h"
#include "harness/testing/environment_variable.h"
#include "harness/testing/error_of.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
using testing::EnvironmentVariable;
using testing::error_of;
using testing::has;

/// Where a server of this machine is linked under another name.
void link_server(const fs::path& directory) {
  fs::create_directories(directory);
  for (const char* program : {"postgres", "initdb"}) {
    fs::create_symlink(fs::path(select_server("").directory) / program, directory / program);
  }
}

TEST_CASE("the servers found are real, each once, newest first") {
  const std::vector<ServerBinaries> found = find_servers();
  REQUIRE_FALSE(found.empty());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(fs::path(found[i].directory).is_absolute());
    CHECK(fs::exists(fs::path(found[i].directory) / "postgres"));
    CHECK(found[i].version.starts_with(std::to_string(found[i].major)));
    if (i > 0) CHECK(found[i - 1].major >= found[i].major);
    for (std::size_t j = 0; j < i; ++j) CHECK(found[i].directory != found[j].directory);
  }
}

TEST_CASE("a server in PATH that is the same as another is not listed twice") {
  const std::size_t count = find_servers().size();
  const testing::ScratchDirectory scratch;
  link_server(scratch.path() / "bin");
  const EnvironmentVariable path(
      "PATH", (scratch.path() / "bin").string() + ":" + std::string(::getenv("PATH")));
  CHECK(find_servers().size() == count);
}

TEST_CASE("a server is chosen by nothing, by major version, by version, or by directory") {
  const ServerBinaries newest = select_server("");
  CHECK(select_server(std::to_string(newest.major)).directory == newest.directory);
  CHECK(select_server(newest.version).directory == newest.directory);
  CHECK(select_server(newest.directory).version == newest.version);
}

TEST_CASE("a directory given relative to here is known by its absolute name") {
  const testing::ScratchDirectory scratch;
  link_server(scratch.path() / "bin");
  const fs::path relative = fs::relative(scratch.path() / "bin");
  CHECK(fs::path(select_server(relative.string()).directory).is_absolute());
}

TEST_CASE("a version that is not here is refused with those that are, and how to get it") {
  const ServerBinaries newest = select_server("");
  for (const char* wanted : {"8", "99.1", "latest"}) {
    const Error error = error_of([&] { select_server(wanted); });
    CHECK(has(error.message(), "no PostgreSQL " + std::string(wanted) + " was found; found: "));
    CHECK(has(error.message(), newest.version + " in " + newest.directory));
    CHECK(has(error.remedy(), "--postgres"));
  }
}

TEST_CASE("a directory without a server is refused by name") {
  const testing::ScratchDirectory scratch;
  const Error error = error_of([&] { select_server(scratch.path().string()); });
  CHECK(error.message() == scratch.path().string() + " has no working postgres and initdb");
  CHECK(has(error.remedy(), "--postgres"));
}

TEST_CASE("a program that only has the server's name is no server") {
  const testing::ScratchDirectory scratch;
  for (const char* program : {"postgres", "initdb"}) {
    fs::create_symlink("/bin/true", scratch.path() / program);
  }
  CHECK(has(error_of([&] { select_server(scratch.path().string()); }).message(),
            "has no working postgres and initdb"));
}

}  // namespace
}  // namespace drydock
