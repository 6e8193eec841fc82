#include "harness/data/check_equalities.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

const std::set<std::string> kColumns = {"total", "price", "qty", "date", "Odd One"};

/// "total: (price * qty)" of each reading.
std::vector<std::string> readings(const std::string& condition) {
  std::vector<std::string> all;
  for (const ComputedColumn& one : computed_columns(condition, kColumns)) {
    all.push_back(one.column + ": " + one.sql);
  }
  return all;
}

using Readings = std::vector<std::string>;

TEST_CASE("a column that is equal to an expression over others is computed from it") {
  CHECK(readings("(total = (price * (qty)::numeric))") ==
        Readings{"total: price * (qty)::numeric"});
  CHECK(readings("((total)::numeric = (price * qty))") == Readings{"total: price * qty"});
  CHECK(readings("(round((price * qty), 2) = total)") ==
        Readings{"total: round((price * qty), 2)"});
  CHECK(readings("(total = price)") == Readings{"total: price", "price: total"});
  CHECK(readings("(\"Odd One\" = lower(total))") == Readings{"Odd One: lower(total)"});
}

TEST_CASE("other conditions compute no column") {
  for (const char* condition :
       {"(total >= (price * qty))", "(total = 5)", "(total <> price)", "(total = lower(total))",
        "((total = price) OR (qty IS NULL))", "((total IS NULL) = (price IS NULL))",
        "((total + qty) = (price * qty))", "(total = unknown)", "(total = ANY (price))", "",
        "((total = price)"}) {
    INFO(condition);
    CHECK(computed_columns(condition, kColumns).empty());
  }
}

TEST_CASE("columns are replaced wherever they stand, and types and calls of their name are not") {
  const auto bracketed = [](const std::string& name) { return "<" + name + ">"; };
  CHECK(with_columns_replaced("(price)::date + \"Odd One\" || 'price'", kColumns, bracketed) ==
        "(<price>)::date + <Odd One> || 'price'");
}

}  // namespace
}  // namespace drydock
