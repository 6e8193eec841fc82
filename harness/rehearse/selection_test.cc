#include "harness/rehearse/selection.h"

#include "harness/base/error.h"
#include "harness/base/subprocess.h"
#include "harness/testing/catch.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {
namespace {

using testing::ScratchDirectory;

MigrationSet set_of(const std::vector<std::string>& ids, const std::string& directory = "m") {
  MigrationSet set;
  set.directory = directory;
  for (const std::string& id : ids) {
    Migration migration;
    migration.id = id;
    migration.version = id.substr(0, id.find('_'));
    migration.up = {{directory + "/" + id + ".up.sql", false, {}, {}, 0}};
    set.migrations.push_back(migration);
  }
  return set;
}

std::vector<bool> flags(const std::vector<int>& values) {
  std::vector<bool> result;
  for (const int value : values) result.push_back(value != 0);
  return result;
}

TEST_CASE("without a selection every migration is judged") {
  CHECK(select_migrations(set_of({"1_a", "2_b"}), {}) == flags({1, 1}));
}

TEST_CASE("the option --only takes ids and versions") {
  Selection selection;
  selection.only = {"2_b", "3"};
  CHECK(select_migrations(set_of({"1_a", "2_b", "3_c"}), selection) == flags({0, 1, 1}));
}

TEST_CASE("the option --from and --to are inclusive") {
  Selection selection;
  selection.from = "2";
  selection.to = "3_c";
  CHECK(select_migrations(set_of({"1_a", "2_b", "3_c", "4_d"}), selection) == flags({0, 1, 1, 0}));
}

TEST_CASE("an unknown id is an error that names the nearest") {
  Selection selection;
  selection.only = {"0002_add_emial"};
  try {
    select_migrations(set_of({"0001_users", "0002_add_email"}), selection);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.message() == "there is no migration 0002_add_emial in m");
    CHECK(error.remedy() == "Did you mean 0002_add_email?");
  }
}

struct Repository {
  ScratchDirectory directory;
  void git(std::vector<std::string> words) {
    words.insert(words.begin(), {"git", "-C", directory.string(), "-c", "user.name=t", "-c",
                                 "user.email=t@example.com", "-c", "init.defaultBranch=main"});
    const CommandResult result = run_command(words);
    INFO(result.error);
    REQUIRE(result.exit_code == 0);
  }
};

TEST_CASE("the option --since selects what the branch adds or changes, committed or not") {
  Repository repository;
  repository.directory.write("m/1_a.up.sql", "select 1");
  repository.directory.write("m/2_b.up.sql", "select 1");
  repository.git({"init", "-q"});
  repository.git({"add", "."});
  repository.git({"commit", "-qm", "start"});
  repository.git({"checkout", "-qb", "branch"});
  repository.directory.write("m/2_b.up.sql", "select 2");
  repository.git({"commit", "-qam", "change"});
  repository.directory.write("m/3_c.up.sql", "select 3");
  Selection selection;
  selection.since = "main";
  const std::string directory = (repository.directory.path() / "m").string();
  CHECK(select_migrations(set_of({"1_a", "2_b", "3_c"}, directory), selection) == flags({0, 1, 1}));
}

TEST_CASE(
    "the option --since outside a git repository or with an unknown revision is an error with a "
    "remedy") {
  ScratchDirectory plain;
  Selection selection;
  selection.since = "main";
  CHECK_THROWS_AS(select_migrations(set_of({"1_a"}, plain.string()), selection), Error);
  Repository repository;
  repository.git({"init", "-q"});
  try {
    select_migrations(set_of({"1_a"}, repository.directory.string()), selection);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK_THAT(error.remedy(), Catch::Contains("shallow"));
  }
}

}  // namespace
}  // namespace drydock
