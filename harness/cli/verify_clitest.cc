// The built program as a user meets it: exit codes, words, files, and nothing left behind.

#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "harness/base/files.h"
#include "harness/testing/catch.h"
#include "harness/testing/eventually.h"
#include "harness/testing/program.h"
#include "harness/testing/program_place.h"
#include "harness/testing/scratch_directory.h"
#include "reports/json.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;
using testing::Place;
using testing::Program;
using testing::ProgramResult;
using testing::refused;
using testing::ScratchDirectory;

TEST_CASE("good migrations pass with exit code 0, all reports, and nothing left behind") {
  Place p;
  p.add("1_a", "create table a();", "drop table a;");
  const ProgramResult result = p.run({"verify", "m"});
  INFO(result.output);
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.output, Contains("golang-migrate"));
  for (const char* name : {"junit.xml", "report.html", "run.json", "summary.md"}) {
    CHECK(fs::exists(p.root.path() / "drydock-out" / name));
  }
  CHECK(p.nothing_left());
}

TEST_CASE("the first line of output states the layout") {
  Place p;
  p.add("1_a", "create table a();", "drop table a;");
  const std::string output = p.run({"verify", "m"}).output;
  CHECK_THAT(output.substr(0, output.find('\n')), Contains("golang-migrate"));
}

TEST_CASE("a finding exits with 1 and says what, where and what to do") {
  Place p;
  p.add("1_a", "create table a();\n\ncreate type t as enum ('x');", "drop table a;");
  const ProgramResult result = p.run({"verify", "m"});
  INFO(result.output);
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.output, Contains("schema-restored"));
  CHECK_THAT(result.output, Contains("type public.t"));
  CHECK_THAT(result.output, Contains("DROP TYPE public.t"));
  CHECK_THAT(result.output, Contains("m/1_a.up.sql:3"));
}

TEST_CASE("the option --fail-on warning gates on cosmetic differences, which else pass") {
  Place p;
  p.add("1_a", "create table a(x int, y int);", "drop table a;")
      .add("2_b", "comment on table a is 'new';", "comment on table a is 'old';");
  CHECK(p.run({"verify", "m"}).exit_code == 0);
  CHECK(p.run({"verify", "m", "--fail-on", "warning"}).exit_code == 1);
}

TEST_CASE("known findings do not gate, new ones do, stale ones are named") {
  Place p;
  p.add("1_a", "create table a();", "select 1;");
  CHECK(p.run({"verify", "m", "--write-known", "known.json"}).exit_code == 1);
  const ProgramResult again = p.run({"verify", "m", "--known", "known.json"});
  INFO(again.output);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.output, Contains("known"));
  p.add("2_b", "create table b();", "select 1;");
  CHECK(p.run({"verify", "m", "--known", "known.json"}).exit_code == 1);
  p.add("1_a", "create table a();", "drop table a;").add("2_b", "select 1;", "select 1;");
  const ProgramResult stale = p.run({"verify", "m", "--known", "known.json"});
  CHECK(stale.exit_code == 0);
  CHECK_THAT(stale.output, Contains("stale") || Contains("no longer"));
}

TEST_CASE("report prints a saved run again and judges it under another gate") {
  Place p;
  p.add("1_a", "create table a(x int, y int);", "drop table a;")
      .add("2_b", "comment on table a is 'new';", "comment on table a is 'old';");
  p.run({"verify", "m"});
  CHECK(p.run({"report", "drydock-out/run.json"}).exit_code == 0);
  CHECK(p.run({"report", "drydock-out/run.json", "--fail-on", "warning"}).exit_code == 1);
  CHECK_THAT(p.run({"report", "drydock-out/run.json", "--format", "junit"}).output,
             Contains("<testsuites"));
  CHECK(p.run({"report", "m/1_a.up.sql"}).exit_code == 2);
}

TEST_CASE("a signal in any phase ends the run with exit code 2, its reports, and nothing left") {
  const int number = GENERATE(SIGINT, SIGTERM);
  const int phase = GENERATE(0, 1, 2);
  Place p;
  // Superuser, so that the script can tell through a file that it has come to where it waits.
  const fs::path here = p.servers.path() / "here";
  const std::string slow =
      "copy (select 1) to '" + here.string() + "'; do $$ begin perform pg_sleep(300); end $$;";
  p.add("1_a", "create table a();", "drop table a;");
  // The second up is recognised by what the first left in a sequence that the down keeps.
  if (phase == 0) p.add("2_b", slow, "select 1;");
  if (phase == 1) p.add("2_b", "select 1;", slow);
  if (phase == 2) {
    p.add("2_b",
          "create sequence if not exists s; do $$ begin if nextval('s') > 1 then copy (select 1) "
          "to '" +
              here.string() + "'; perform pg_sleep(300); end if; end $$;",
          "select 1;");
  }
  Program program(p.command({"verify", "m", "--run-as", "superuser"}), p.environment(),
                  p.root.path());
  REQUIRE(testing::eventually([&] { return fs::exists(here); }));
  fs::remove(here);
  program.signal(number);
  const ProgramResult result = program.finish();
  INFO(result.output);
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.output, Contains("cancelled"));
  const RunResult saved = parse_json(read_file(p.root.path() / "drydock-out" / "run.json"));
  REQUIRE(saved.runs.size() == 1);
  REQUIRE(saved.runs[0].migrations.size() == 2);
  CHECK(saved.runs[0].migrations[0].outcome == Outcome::kPassed);
  CHECK(saved.runs[0].migrations[1].outcome == Outcome::kErrored);
  CHECK(p.nothing_left());
}

TEST_CASE("kill -9 leaves no directory and no server") {
  Place p;
  p.add("1_a", "select pg_sleep(300);", "");
  Program program(p.command({"verify", "m"}), p.environment(), p.root.path());
  REQUIRE(program.wait_for_output("golang-migrate"));
  ::usleep(300'000);
  program.signal(SIGKILL);
  program.finish();
  for (int i = 0; i < 1000 && !p.nothing_left(); ++i) ::usleep(10'000);
  CHECK(p.nothing_left());
}

TEST_CASE("a server whose disk is full is no verdict, and says so") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can mount a small file system");
    return;
  }
  Place p;
  if (::mount("tmpfs", p.servers.path().c_str(), "tmpfs", 0, "size=230m,mode=777") != 0) {
    WARN("skipped: this machine does not allow mounting");
    return;
  }
  p.add("1_a",
        "create table a as select repeat(md5(i::text), 30) from generate_series(1, 1000000) i;",
        "drop table a;");
  const ProgramResult result = p.run({"verify", "m"});
  INFO(result.output);
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.output, Contains("53100") || Contains("No space left"));
  CHECK(p.nothing_left());
  ::umount(p.servers.path().c_str());
}

TEST_CASE("a place without room is refused before anything is started") {
  Place p;
  p.add("1_a", "select 1;", "");
  const ProgramResult result = p.run({"verify", "m"}, {{"DRYDOCK_RUN_ROOT", "/proc"}});
  INFO(result.output);
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.output, Contains("DRYDOCK_RUN_ROOT"));
}

TEST_CASE("the option --keep leaves a server to look into, and prune --kept removes it") {
  Place p;
  p.add("1_a", "create table kept_table();", "drop table kept_table;");
  const ProgramResult result = p.run({"verify", "m", "--keep"});
  INFO(result.output);
  CHECK(result.exit_code == 0);
  const std::size_t at = result.output.find("psql -h ");
  REQUIRE(at != std::string::npos);
  const std::string command = result.output.substr(at, result.output.find('\n', at) - at);
  CHECK_THAT(testing::run_program({"sh", "-c", command + " -c '\\dt'"}).output,
             Contains("kept_table"));
  CHECK_FALSE(p.nothing_left());
  CHECK(p.run({"prune", "--kept"}).exit_code == 0);
  CHECK(p.nothing_left());
}

TEST_CASE("init writes a scenario that verify takes, and does not overwrite one") {
  Place p;
  p.add("1_a", "create table a();", "drop table a;");
  CHECK(p.run({"init", "m"}).exit_code == 0);
  CHECK(p.run({"verify"}).exit_code == 0);
  refused(p.run({"init", "m"}), "there already", "--out");
}

TEST_CASE("every command explains itself") {
  Place p;
  for (const char* name : {"verify", "report", "checks", "init", "doctor", "prune"}) {
    const ProgramResult result = p.run({name, "--help"});
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.output, Contains("Usage"));
  }
  CHECK_THAT(p.run({"--version"}).output, Contains(DRYDOCK_VERSION));
  CHECK(p.run({"doctor"}).exit_code == 0);
  CHECK_THAT(p.run({"checks", "schema-restored"}).output, Contains("Why it hurts"));
}

TEST_CASE("an existing server is used by URL, and only databases of our own are made and dropped") {
  Place p;
  p.add("1_a", "create table a();", "drop table a;").add("2_b", "create table b();", "select 1;");
  REQUIRE(p.run({"verify", "m", "--keep"}).exit_code == 1);
  const fs::path directory = fs::directory_iterator(p.servers.path())->path();
  const std::string url = "postgresql:///template1?user=postgres&host=" + directory.string();
  const auto databases = [&] {
    return testing::run_program(
               {"psql", "-XAtc", "select datname from pg_database order by 1", url})
        .output;
  };
  const std::string before = databases();
  const ProgramResult result = p.run({"verify", "m", "--postgres", url});
  INFO(result.output);
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.output, Contains("not Drydock's own"));
  CHECK(databases() == before);
  p.run({"prune", "--kept"});
}

}  // namespace
}  // namespace drydock
