#include "harness/data/unused_rules.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

const SeenTables kSeen = {{"public.customers", {"id", "email"}},
                          {"public.orders", {"id", "updated_at"}},
                          {"public.\"Odd.Name\"", {"A b"}}};

std::vector<std::string> unused(const Scenario& scenario, const std::string& word = "") {
  return unused_rules(scenario, kSeen, [&](const std::string& name) { return name == word; });
}

std::vector<std::string> unused_entries(const std::vector<std::string>& entries,
                                        const std::string& word = "") {
  Scenario scenario;
  scenario.file = "shop.json";
  scenario.may_change = entries;
  return unused(scenario, word);
}

TEST_CASE("rules for tables and columns that never were are named, with what is nearest") {
  Scenario scenario;
  TableRule rule;
  rule.file = "shop.json", rule.line = 3;
  rule.columns["emai"].value = "x";
  scenario.tables["public.customers"] = rule;
  scenario.tables["public.oders"].rows = 3;
  const auto words = unused(scenario);
  REQUIRE(words.size() == 2);
  CHECK_THAT(words[0], Catch::Contains("shop.json:3") && Catch::Contains("emai,") &&
                           Catch::Contains("Did you mean email?"));
  CHECK_THAT(words[1], Catch::Contains("Did you mean public.orders?"));
}

TEST_CASE("what may change and was there is used, however it is written") {
  CHECK(unused_entries({"public.orders", "public.orders.updated_at", "*.updated_at",
                        "public.\"Odd.Name\"", "public.\"Odd.Name\".\"A b\"", "*.\"A b\"",
                        "\"public\".orders"})
            .empty());
}

TEST_CASE("what may change and never was there is named, with what is nearest") {
  const auto words =
      unused_entries({"public.oders", "public.orders.updatd_at", "*.updatd_at", "audit.log"});
  REQUIRE(words.size() == 4);
  CHECK(words[0] ==
        "shop.json: preserve.may_change names public.oders, and there never was such a table. Did "
        "you mean public.orders?");
  CHECK_THAT(words[1], Catch::Contains("such a column. Did you mean public.orders.updated_at?"));
  CHECK_THAT(words[2], Catch::Contains("such a column. Did you mean *.updated_at?"));
  CHECK_THAT(words[3], Catch::EndsWith("such a table"));
}

TEST_CASE("a name that only the migrations know may be one of a sequence or a view") {
  CHECK(unused_entries({"public.lot_numbers"}, "lot_numbers").empty());
  CHECK(unused_entries({"public.totals.sum"}, "totals").empty());
  CHECK(unused_entries({"public.orders.sum"}, "orders").size() == 1);
}

}  // namespace
}  // namespace drydock
