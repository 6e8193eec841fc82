// What is wrong with the input is told in words, with the remedy and exit code 2.

#include <filesystem>

#include "harness/testing/catch.h"
#include "harness/testing/program_place.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
using testing::Place;
using testing::ProgramResult;
using testing::refused;

TEST_CASE("bad input is refused with exit code 2, its cause and a remedy") {
  Place p;
  p.add("1_a", "create table a();", "drop table a;");
  SECTION("no such directory") { refused(p.run({"verify", "nowhere"}), "nowhere", ""); }
  SECTION("nothing named") {
    refused(p.run({"verify"}), "no migrations were named", "drydock init");
  }
  SECTION("no migrations in it") {
    p.root.write("empty/readme.txt", "");
    refused(p.run({"verify", "empty"}), "empty", "");
  }
  SECTION("duplicate versions") {
    p.add("1_b", "select 1;", "select 1;");
    const ProgramResult result = p.run({"verify", "m"});
    refused(result, "1_a", "1_b");
  }
  SECTION("a down without an up") {
    p.root.write("m/2_b.down.sql", "select 1;");
    refused(p.run({"verify", "m"}), "2_b.down.sql", "");
  }
  SECTION("an unreadable file") {
    fs::create_symlink("gone", p.root.path() / "m" / "2_b.up.sql");
    refused(p.run({"verify", "m"}), "2_b.up.sql", "");
  }
  SECTION("no such server") {
    refused(p.run({"verify", "m", "--postgres", "/nowhere/bin"}), "/nowhere/bin", "--postgres");
    refused(p.run({"verify", "m", "--postgres", "9.1"}), "9.1", "apt-get install postgresql");
    refused(p.run({"verify", "m", "--postgres", "postgresql://localhost:1/x"}), "cannot connect",
            "URL");
  }
  SECTION("a rule for a column that no migration makes") {
    p.add("2_b", "create table lots(lot_code text);", "drop table lots;");
    p.root.write("s.json", R"json({"migrations":{"path":"m"},
      "data":{"tables":{"public.lots":{"columns":{"lot_cod":{"value":"x"}}}}}})json");
    refused(p.run({"verify", "s.json"}), "s.json:2", "Did you mean lot_code?");
  }
  SECTION("a csv file with a column that its table has not") {
    p.add("2_b", "create table lots(lot_code text);", "drop table lots;")
        .add("3_c", "select 1;", "select 1;");
    p.root.write("public.lots.csv", "lot_code,colour\na,red\n");
    p.root.write("s.json",
                 R"json({"migrations":{"path":"m"},"data":{"load":["public.lots.csv"]}})json");
    refused(p.run({"verify", "s.json"}), "public.lots.csv:1: column \"colour\"", "data.load");
  }
  SECTION("an assertion that does not run") {
    p.root.write("s.json", R"json({"migrations":{"path":"m"},"assertions":[
      {"name":"none","at":"after_up","sql":"select nothing","expect":[[0]]}]})json");
    refused(p.run({"verify", "s.json"}), "s.json:2: the assertion \"none\" does not run", "");
  }
  SECTION("an assertion that writes") {
    p.root.write("s.json", R"json({"migrations":{"path":"m"},"assertions":[
      {"name":"none","at":"after_up","sql":"create table b()","expect":[[0]]}]
})json");
    refused(p.run({"verify", "s.json"}), "s.json:2: the assertion \"none\" writes", "");
  }
  SECTION("an assertion that expects another shape") {
    p.root.write("s.json", R"json({"migrations":{"path":"m"},"assertions":[
      {"name":"none","at":"after_up","sql":"select 1, 2","expect":[[0]]}]})json");
    refused(p.run({"verify", "s.json"}), "its query gives 2 columns", "");
  }
  SECTION("a transform that does not run") {
    p.add("2_b", "create table lots(lot_code text);", "drop table lots;")
        .add("3_c", "update lots set lot_code = '';", "select 1;");
    p.root.write("s.json", R"json({"migrations":{"path":"m"},"preserve":{"transforms":[
      {"migration":"3_c","column":"public.lots.lot_code","equals":"lower(lot_number)"
}]
}
})json");
    refused(p.run({"verify", "s.json"}), "lower(lot_number)", "");
  }
  SECTION("an unknown migration") {
    refused(p.run({"verify", "m", "--only", "1_b"}), "1_b", "Did you mean 1_a?");
  }
  SECTION("an output folder that cannot be written") {
    refused(p.run({"verify", "m", "--out", "/proc/drydock"}), "/proc/drydock", "--out");
  }
  SECTION("an unknown option") { CHECK(p.run({"verify", "m", "--nonsense"}).exit_code == 2); }
  SECTION("an unknown check") {
    refused(p.run({"checks", "up-aplies"}), "up-aplies", "Did you mean up-applies?");
  }
  SECTION("a server setting that PostgreSQL refuses") {
    p.root.write("s.json",
                 R"({"migrations":{"path":"m"},"postgres":{"settings":{"work_mem":"much"}}})");
    refused(p.run({"verify", "s.json"}), "work_mem", "postgres.settings");
  }
  SECTION("a prepare file that is not there") {
    refused(p.run({"verify", "m", "--prepare", "gone.sql"}), "gone.sql", "");
  }
  CHECK(p.nothing_left());
}

}  // namespace
}  // namespace drydock
