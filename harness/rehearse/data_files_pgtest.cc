// Seed files go in as soon as the schema is ready for them, and are refused with their line.

#include "harness/rehearse/data_files.h"

#include "harness/base/error.h"
#include "harness/testing/catch.h"
#include "harness/testing/scratch_directory.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using testing::FreshDatabase;
using testing::ScratchDirectory;

struct Fixture {
  FreshDatabase database;
  Session session{database.info()};
  ScratchDirectory directory;
  Scenario scenario;

  void add(const std::string& name, const std::string& content, const std::string& table = "",
           const std::string& after = "") {
    directory.write(name, content);
    scenario.data_files.push_back({directory.at(name), table, after});
  }
  std::string value(const std::string& sql) { return std::string(session.query(sql).at(0, 0)); }
};

TEST_CASE("a seed file waits until its table exists") {
  Fixture f;
  f.add("seed.sql", "insert into lots values (1, 'a'); insert into lots values (2, 'b');");
  DataFiles files(f.scenario);
  CHECK(files.load(f.session, "").empty());
  CHECK_THROWS_AS(files.require_all_loaded(), InputError);
  f.session.query("create table lots(id int, code text)");
  CHECK(files.load(f.session, "1_a").size() == 1);
  CHECK(f.value("select count(*) from lots") == "2");
  CHECK(files.load(f.session, "2_b").empty());
  CHECK_NOTHROW(files.require_all_loaded());
}

TEST_CASE("a csv file goes into the columns that its header names, quoted fields and all") {
  Fixture f;
  f.add("public.lots.csv", "code,id\n\"a, \"\"b\"\"\",1\n,2\n");
  f.session.query("create table lots(id int, code text, note text default 'n')");
  DataFiles files(f.scenario);
  CHECK(files.load(f.session, "").size() == 1);
  CHECK(f.value("select string_agg(concat(id, code, note), ';' order by id) from lots") ==
        "1a, \"b\"n;2n");
}

TEST_CASE("a file for after a migration is not tried before it") {
  Fixture f;
  f.add("seed.sql", "insert into lots values (1);", "", "2_b");
  f.session.query("create table lots(id int)");
  DataFiles files(f.scenario);
  CHECK(files.load(f.session, "1_a").empty());
  CHECK(files.load(f.session, "2_b").size() == 1);
}

TEST_CASE("a csv with a column that the table has not is told with the server's words") {
  Fixture f;
  f.add("lots.csv", "id,colour\n1,red\n", "public.lots", "1_a");
  f.session.query("create table lots(id int)");
  DataFiles files(f.scenario);
  try {
    files.load(f.session, "1_a");
    FAIL("it was loaded");
  } catch (const InputError& error) {
    CHECK(error.message().find("lots.csv:1: column \"colour\" of relation \"lots\" does not "
                               "exist") != std::string::npos);
  }
}

TEST_CASE("a value that does not fit names the line of the file") {
  Fixture f;
  f.add("lots.csv", "id\n1\nx\n", "public.lots");
  f.session.query("create table lots(id int)");
  DataFiles files(f.scenario);
  try {
    files.load(f.session, "");
    FAIL("it was loaded");
  } catch (const InputError& error) {
    CHECK(error.message().find("COPY lots, line 3, column id") != std::string::npos);
  }
  CHECK(f.value("select count(*) from lots") == "0");
}

}  // namespace
}  // namespace drydock
