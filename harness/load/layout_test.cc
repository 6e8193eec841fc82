#include "harness/load/layout.h"

#include <set>

#include "harness/load/all_layouts.h"
#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("a directory that does not exist is an error with a remedy") {
  TestDirectory directory;
  try {
    load_migrations(directory.at("nowhere"), "auto", {});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK_THAT(error.message(), Contains("nowhere: no such directory"));
    CHECK_FALSE(error.remedy().empty());
  }
}

TEST_CASE("a file given as the directory is an error that names the file's directory") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;");
  try {
    load_migrations(directory.at("1_a.up.sql"), "auto", {});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK_THAT(error.message(), Contains("is a file, not a directory"));
    CHECK_THAT(error.remedy(), Contains(directory.path().string()));
  }
}

TEST_CASE("a directory without migrations tells what it saw and which layouts it tried") {
  TestDirectory directory;
  directory.write("readme.md", "x").write("docs/notes.txt", "x");
  const std::string error = directory.load_error();
  CHECK_THAT(error, Contains("1 file (readme.md) and 1 folder (docs)"));
  CHECK_THAT(error, Contains("golang-migrate") && Contains("plain-sql"));
}

TEST_CASE("an empty directory is called empty") {
  TestDirectory directory;
  CHECK_THAT(directory.load_error(), Contains("it is empty"));
}

TEST_CASE("a directory without migrations names the nearest directory below that has some") {
  TestDirectory directory;
  directory.write("seeds/rows.sql", "select 1;")
      .write("server/db/migrations/1_a.up.sql", "select 1;")
      .write("server/deeper/db/migrations/1_a.up.sql", "select 1;");
  CHECK_THAT(directory.load_error(),
             Contains("Did you mean " + directory.at("server/db/migrations") + "?") &&
                 Contains("golang-migrate"));
}

TEST_CASE("an unknown layout is an error that names the nearest one and all of them") {
  TestDirectory directory;
  directory.write("1_a.sql", "select 1;");
  CHECK_THAT(directory.load_error("gose"), Contains("unknown layout 'gose'") &&
                                               Contains("Did you mean goose?") &&
                                               Contains("flyway"));
}

TEST_CASE("a layout that finds nothing says which layout would") {
  TestDirectory directory;
  directory.write("1_a.sql", "-- migrate:up\n-- migrate:down\n");
  CHECK_THAT(directory.load_error("diesel"),
             Contains("by the rules of diesel") && Contains("Use --layout dbmate or auto"));
}

TEST_CASE("a file that cannot be read is an error that names it") {
  TestDirectory directory;
  std::filesystem::create_symlink("gone", directory.path() / "1_a.up.sql");
  CHECK_THAT(directory.load_error(), Contains("1_a.up.sql"));
}

TEST_CASE("the set says what was asked for: directory as given, layout, its summary") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;");
  const MigrationSet set = load_migrations(directory.path().string() + "/", "auto", {});
  CHECK(set.directory == directory.path().string() + "/");
  CHECK(set.layout == "golang-migrate");
  CHECK_FALSE(set.layout_summary.empty());
  CHECK(set.migrations[0].up[0].path == directory.at("1_a.up.sql"));
}

TEST_CASE("hidden files are no migrations and are not mentioned") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;").write(".2_b.up.sql", "x").write(".gitkeep", "");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"1_a"});
  CHECK(set.ignored.empty());
}

TEST_CASE("no two layouts have the same id, and each has a summary") {
  std::set<std::string> seen;
  for (const Layout& layout : all_layouts()) {
    CHECK(seen.insert(layout.id).second);
    CHECK_FALSE(layout.summary.empty());
  }
}

TEST_CASE("docs/layouts.md has a row for each layout") {
  const std::string page = read_file(DRYDOCK_SOURCE_DIR "/docs/layouts.md");
  for (const Layout& layout : all_layouts()) {
    CHECK_THAT(page, Contains("\n| `" + layout.id + "` | "));
  }
}

TEST_CASE("the layout is detected from what the directory holds") {
  TestDirectory directory;
  const auto detected = [&] { return directory.load().layout; };
  SECTION("a plan is sqitch, whatever else is there") {
    directory.write("sqitch.plan", "%project=p\n\na 2020-01-01T00:00:00Z N <n@x>\n")
        .write("deploy/a.sql", "select 1;")
        .write("1_a.up.sql", "select 1;");
    CHECK(detected() == "sqitch");
  }
  SECTION("a lock file and migration.sql are prisma") {
    directory.write("1_a/migration.sql", "select 1;").write("migration_lock.toml", "");
    CHECK(detected() == "prisma");
  }
  SECTION("up.sql with metadata.yaml is up-down-folders") {
    directory.write("1_a/up.sql", "select 1;").write("1_a/metadata.yaml", "name: a\n");
    CHECK(detected() == "up-down-folders");
  }
  SECTION("up.sql alone is diesel") {
    directory.write("1_a/up.sql", "select 1;");
    CHECK(detected() == "diesel");
  }
  SECTION("a goose comment is goose") {
    directory.write("1_a.sql", "-- +goose Up\nselect 1;\n");
    CHECK(detected() == "goose");
  }
  SECTION("a migrate:up comment is dbmate") {
    directory.write("1_a.sql", "-- migrate:up\n-- migrate:down\n");
    CHECK(detected() == "dbmate");
  }
  SECTION("a +migrate comment is sql-migrate") {
    directory.write("1_a.sql", "-- +migrate Up\nselect 1;\n");
    CHECK(detected() == "sql-migrate");
  }
  SECTION("V1__a.sql is flyway, in a folder too") {
    directory.write("v1/V1__a.sql", "select 1;");
    CHECK(detected() == "flyway");
  }
  SECTION("a morph comment makes pairs morph's") {
    directory.write("1_a.up.sql", "-- morph:nontransactional\nselect 1;\n");
    CHECK(detected() == "morph");
  }
  SECTION("-- no-transaction first makes pairs sqlx's") {
    directory.write("1_a.up.sql", "-- no-transaction\nselect 1;\n");
    CHECK(detected() == "sqlx");
  }
  SECTION("a dialect in the name is popx") {
    directory.write("1_a.postgres.up.sql", "select 1;");
    CHECK(detected() == "popx");
  }
  SECTION("pairs without any other sign are golang-migrate's") {
    directory.write("20240101000000_a.up.sql", "select 1;");
    CHECK(detected() == "golang-migrate");
  }
  SECTION("x.sql beside x_down.sql is a plain pair") {
    directory.write("a.sql", "select 1;").write("a_down.sql", "select 1;");
    CHECK(detected() == "paired-sql");
  }
  SECTION("a marker in a comment is surer than a name") {
    directory.write("1_a.sql", "-- +goose Up\nselect 1;\n").write("a_down.sql", "select 1;");
    CHECK(detected() == "goose");
  }
  SECTION("SQL files that nobody else wants are plain") {
    directory.write("a.sql", "select 1;");
    CHECK(detected() == "plain-sql");
  }
}

TEST_CASE("a marker inside a string or after other text is no marker") {
  TestDirectory directory;
  directory.write("a.sql", "select '\n -- +goose Up';\nselect 1; -- migrate:up\n");
  CHECK(directory.load().layout == "plain-sql");
}

}  // namespace
}  // namespace drydock
