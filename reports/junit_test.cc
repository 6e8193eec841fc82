#include <unistd.h>

#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "harness/base/files.h"
#include "harness/base/subprocess.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_run.h"
#include "harness/testing/sample_tenants.h"
#include "reports/reporter.h"

namespace drydock {
namespace {

class Report {
 public:
  explicit Report(const RunResult& result) {
    REQUIRE(document_.load_string(render_junit(result).c_str()));
  }
  pugi::xml_document& document() { return document_; }
  pugi::xml_node root() const { return document_.child("testsuites"); }
  pugi::xml_node test_case(const std::string& migration, const std::string& check) const {
    const std::string path =
        "//testcase[contains(@classname,'" + migration + "') and @name='" + check + "']";
    return document_.select_node(path.c_str()).node();
  }

 private:
  pugi::xml_document document_;
};

std::string told(const pugi::xml_node& test_case) {
  return test_case.child("system-out").text().get();
}

TEST_CASE("the report has the published shape, file and line apart") {
  if (run_command({"xmllint", "--version"}).exit_code == 127) {
    WARN("xmllint is not installed (libxml2-utils): the shape was not validated");
    return;
  }
  Report report(testing::sample_run());
  for (const pugi::xpath_node& found : report.document().select_nodes("//testcase")) {
    found.node().remove_attribute("file");
    found.node().remove_attribute("line");
  }
  std::ostringstream text;
  report.document().save(text);
  const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                     ("drydock-junit-" + std::to_string(getpid()) + ".xml");
  write_file(file, text.str());
  const CommandResult result =
      run_command({"xmllint", "--noout", "--schema",
                   DRYDOCK_SOURCE_DIR "/reports/testing/junit.xsd", file.string()});
  std::filesystem::remove(file);
  INFO(result.error);
  CHECK(result.exit_code == 0);
}

TEST_CASE("a test case is there for every migration and check") {
  const RunResult result = testing::sample_run();
  const Report report(result);
  for (const ScenarioRun& run : result.runs) {
    for (const MigrationResult& migration : run.migrations) {
      const std::string id = migration.evidence.migration.substr(0, 6);
      for (const CheckResult& check : migration.checks) {
        CHECK(report.test_case(id, check.check));
      }
    }
  }
}

TEST_CASE("failures, errors and skipped are kept apart and add up") {
  const Report report(testing::sample_run());
  const pugi::xml_node wms = report.root().child("testsuite");
  CHECK(wms.attribute("tests").as_int() == 91);
  CHECK(wms.attribute("failures").as_int() == 9);
  CHECK(wms.attribute("errors").as_int() == 1);
  CHECK(wms.attribute("skipped").as_int() == 17);
  CHECK(wms.select_nodes("testcase/failure").size() == 9);
  CHECK(wms.select_nodes("testcase/error").size() == 1);
  CHECK(wms.select_nodes("testcase/skipped").size() == 17);
  CHECK(report.root().attribute("errors").as_int() == 2);  // and the run that stopped
}

TEST_CASE("a failing test case tells where, why and what to do") {
  const Report report(testing::sample_run());
  const pugi::xml_node node = report.test_case("000002", "down-applies");
  CHECK(std::string(node.attribute("classname").value()) ==
        "wms/postgres 15_20.000002_add_lot_code");
  CHECK(std::string(node.attribute("file").value()) ==
        "db/migrations/000002_add_lot_code.down.sql");
  CHECK(node.attribute("line").as_int() == 3);
  CHECK(std::string(node.attribute("time").value()) == "0.001");
  CHECK(std::string(node.child("failure").attribute("message").value()) ==
        "the down script failed: column \"lot_kode\" of relation \"lots\" does not exist "
        "(SQLSTATE 42703)");
  const std::string text = node.child("failure").text().get();
  CHECK(text.find("fix: Mend the script") != std::string::npos);
  CHECK(text.find("fingerprint: 11d0c0de11d0c0de") != std::string::npos);
  CHECK(told(node).find("lot_kode;\n    |                               ^\n") != std::string::npos);
}

TEST_CASE("a class name has one dot, before the migration, because build servers group by it") {
  const Report report(testing::sample_run());
  for (const pugi::xpath_node& found : report.root().select_nodes("//testcase")) {
    const std::string name = found.node().attribute("classname").value();
    CAPTURE(name);
    CHECK(std::count(name.begin(), name.end(), '.') == 1);
  }
}

TEST_CASE("the schema diff is told in system-out, the worst first") {
  const Report report(testing::sample_run());
  const std::string text = told(report.test_case("000003", "schema-restored"));
  CHECK(text.rfind("- missing policy public.lots.tenant_isolation [security]\n", 0) == 0);
  CHECK(text.find("! changed column public.lots.weight_kg: type [behaviour]\n"
                  "    expected: numeric(12,3)\n    found:    double precision\n") !=
        std::string::npos);
}

TEST_CASE("waived and known findings pass and are told") {
  const Report report(testing::sample_run());
  const pugi::xml_node waived = report.test_case("000004", "down-exists");
  CHECK_FALSE(waived.child("failure"));
  CHECK(told(waived).rfind("waived (restored from the nightly dump", 0) == 0);
  const pugi::xml_node known = report.test_case("000004", "up-reapplies");
  CHECK_FALSE(known.child("failure"));
  CHECK(told(known).rfind("known: warning: ", 0) == 0);
}

TEST_CASE("a warning below the gate passes and is told") {
  const Report report(testing::sample_run());
  const pugi::xml_node warned = report.test_case("000008", "schema-reproduced");
  CHECK_FALSE(warned.child("failure"));
  CHECK(told(warned).rfind("warning: the second up", 0) == 0);
}

TEST_CASE("what could not be told is an error with its reason") {
  const Report report(testing::sample_run());
  const pugi::xml_node node = report.test_case("000006", "up-applies");
  CHECK(std::string(node.child("error").attribute("message").value()) ==
        "db/migrations/000006_backfill_lot_codes.up.sql:4: stopped after 60 s, the limit for one "
        "statement");
  CHECK(std::string(node.attribute("time").value()) == "60.000");
}

TEST_CASE("a run that stopped is an error of its own") {
  const Report report(testing::sample_run());
  const pugi::xml_node node = report.test_case("forms", "finished");
  const std::string text = node.child("error").text().get();
  CHECK(text.find("out of memory\nfix: Read the server's log") != std::string::npos);
}

TEST_CASE("a migration that was not selected is one skipped test case") {
  const Report report(testing::sample_run());
  CHECK(report.test_case("000007", "rehearsal").child("skipped"));
}

TEST_CASE("text that could end the XML is told as it was") {
  const Report report(testing::sample_run());
  const std::string message =
      report.test_case("000005", "up-applies").child("failure").attribute("message").value();
  CHECK(message.find("]]></script><b onclick='x()'>\"q\"&amp;`|` \\x01\\x1b[31m\\x7f") !=
        std::string::npos);
}

TEST_CASE("the rows that were in place are properties of the suite") {
  const Report report(testing::sample_run());
  const auto property = [&](const std::string& name) {
    const std::string path = "testsuite[1]/properties/property[@name='" + name + "']";
    return std::string(report.root().select_node(path.c_str()).node().attribute("value").value());
  };
  CHECK(property("rows.wanted") == "1000");
  CHECK(property("rows.profile") == "typical");
  CHECK(property("rows.seed") == "7");
  CHECK(property("rows.generated") == "2026");
  CHECK(property("rows.tables") == "4");
  CHECK(property("rows.tables.unfilled") == "public.shelves, public.zones");
}

TEST_CASE("tables without rows and what rollbacks lose are told once for the suite") {
  const Report report(testing::sample_run());
  const std::string text = told(report.root().child("testsuite"));
  CHECK(text.rfind("2 of 4 tables could not be filled as asked:\n", 0) == 0);
  CHECK(text.find("public.zones, before 000009_shelves: 26 of 1000 rows: only 26 values") !=
        std::string::npos);
  CHECK(text.find("\n000009_shelves: rolling back loses: what is written to "
                  "public.lots.shelf_id\n") != std::string::npos);
}

TEST_CASE("figures of locks are properties of the suite, by migration") {
  const Report report(testing::sample_run());
  const auto property = [&](const std::string& name) {
    const std::string path =
        "testsuite[1]/properties/property[@name='000011_widen_order_totals: " + name + "']";
    return std::string(report.root().select_node(path.c_str()).node().attribute("value").value());
  };
  CHECK(property("lock.public.orders.AccessExclusiveLock.held_ms") == "78.25");
  CHECK(property("stall.max_ms") == "91.25");
}

TEST_CASE("a check on locks that has findings tells the evidence that it judged") {
  const Report report(testing::sample_run());
  CHECK(told(report.test_case("000011", "lock-budget"))
            .rfind("up: ACCESS EXCLUSIVE on public.orders (12,000 rows) for 78 ms", 0) == 0);
  CHECK(told(report.test_case("000011", "table-rewrite"))
            .find("\nup: 3 passes over public.orders (12,000 rows); ") != std::string::npos);
  CHECK(told(report.test_case("000011", "lock-timeout")).empty());
}

TEST_CASE("a table with rows of tenants is a test case that fails with what was found of it") {
  const Report report(testing::sample_run());
  const pugi::xml_node open = report.test_case("000012", "rls public.pallets");
  CHECK(std::string(open.attribute("classname").value()) == "wms/postgres 15_20.000012_tenants");
  CHECK(std::string(open.child("failure").attribute("message").value()) ==
        "wms_app reads public.pallets without a context: 1,000 of 1,000 rows");
  CHECK(told(open).find("\nSELECT without a context: leaked, 1,000 of 1,000 rows\n") !=
        std::string::npos);
  CHECK(report.test_case("000012", "rls public.lots").child("failure"));  // a view leads around
}

TEST_CASE("a table that is exempt or could not be tried is skipped with the reason") {
  const Report report(testing::sample_run());
  const auto why = [&](const std::string& name) {
    const pugi::xml_node node = report.test_case("000012", name);
    return std::string(node.child("skipped").attribute("message").value());
  };
  CHECK(why("rls public.countries") == "exempt: a list that all tenants share");
  CHECK(why("rls public.tenants").rfind("not tried: it has rows of one tenant only", 0) == 0);
  const std::string text = told(report.test_case("000012", "rls public.tenants"));
  CHECK(text.rfind("warning: public.tenants can be listed by every tenant\n", 0) == 0);
  CHECK(text.find("\nbrought about by: 000001_create_lots\n") != std::string::npos);
}

TEST_CASE("a table that is as it was has no test case again, unless a finding is told of it") {
  RunResult result = testing::sample_run();
  CHECK_FALSE(Report(result).test_case("000012", "rls public.order_lines"));
  result.runs[0].migrations[11].findings[0].objects = {"table public.order_lines"};
  CHECK(Report(result).test_case("000012", "rls public.order_lines").child("failure"));
}

TEST_CASE("a table that holds passes and tells how much was tried") {
  RunResult result = testing::long_run(1);
  result.runs[0].migrations = {testing::with_many_tenant_tables("000001_many", 2)};
  const Report report(result);
  const pugi::xml_node held = report.test_case("000001", "rls application.table_number_1");
  CHECK_FALSE(held.child("failure"));
  CHECK_FALSE(held.child("skipped"));
  CHECK(told(held).find("tries: 64 held, 1 not tried") != std::string::npos);
}

TEST_CASE("a check on rows tells the evidence that it judged") {
  const Report report(testing::sample_run());
  const std::string text = told(report.test_case("000010", "data-preserved"));
  CHECK(text.find("lot_code: 812 values differ (character varying(40) → character varying(8))\n"
                  "    id = 7: 'LOT-2026-0007' → 'LOT-2026'\n") != std::string::npos);
  CHECK(told(report.test_case("000010", "up-applies")).empty());
}

}  // namespace
}  // namespace drydock
