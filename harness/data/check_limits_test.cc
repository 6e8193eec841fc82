// What is read out of conditions as PostgreSQL prints them.

#include "harness/data/check_limits.h"

#include "harness/data/check_arms.h"
#include "harness/data/sql_expression.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

Limits limits_of(const std::string& condition, const std::string& column) {
  std::map<std::string, Limits> limits;
  read_limits(condition, limits);
  return limits[column];
}

using Texts = std::vector<std::string>;

TEST_CASE("comparisons with constants bound a number") {
  CHECK(limits_of("(qty > 0)", "qty").low == 1);
  CHECK(limits_of("((rate >= (0)::numeric) AND (rate <= 1.5))", "rate").high == 1.5);
  CHECK(limits_of("((age >= 18) AND (age <= 99))", "age").low == 18);
  CHECK(limits_of("(0 < qty)", "qty").low == 1);
  CHECK(limits_of("(temperature >= '-10'::integer)", "temperature").low == -10);
}

TEST_CASE("a list of values is read from ANY, from OR and from =") {
  CHECK(limits_of("(status = ANY (ARRAY['open'::text, 'it''s'::text]))", "status").one_of ==
        Texts{"open", "it's"});
  CHECK(
      limits_of(
          "((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
          "kind")
          .one_of == Texts{"a", "b"});
  CHECK(limits_of("((kind = 'a'::text) OR (kind = 'b'::text))", "kind").one_of == Texts{"a", "b"});
  CHECK(limits_of("active", "active").one_of == Texts{"true"});
}

TEST_CASE("lengths, patterns and letters bound a text") {
  CHECK(limits_of("((length(code) >= 3) AND (char_length(code) <= 8))", "code").shortest == 3);
  CHECK(limits_of("((length(code) >= 3) AND (char_length(code) <= 8))", "code").longest == 8);
  CHECK(limits_of("(code ~ '^[A-Z]+$'::text)", "code").pattern == "^[A-Z]+$");
  CHECK(limits_of("((code)::text ~~ 'AB\\_%'::text)", "code").pattern == "AB_.*");
  CHECK(limits_of("(email = lower(email))", "email").letters == 'l');
  CHECK_FALSE(limits_of("(btrim(name) <> ''::text)", "name").tangled);
}

TEST_CASE("arrays and JSON are bound by their size and type") {
  CHECK(limits_of("(array_length(tags, 1) >= 2)", "tags").fewest == 2);
  CHECK(limits_of("(cardinality(tags) <= 3)", "tags").most == 3);
  CHECK(limits_of("(jsonb_typeof(data) = 'array'::text)", "data").json_type == "array");
  CHECK(limits_of("(data ? 'id'::text)", "data").json_keys == Texts{"id"});
}

TEST_CASE("a condition that holds for NULL bounds the values that are none") {
  CHECK(limits_of("((qty IS NULL) OR (qty > 5))", "qty").low == 6);
  CHECK(limits_of("(name IS NOT NULL)", "name").never_null);
}

TEST_CASE("what is not seen through is tangled, and its constants are kept") {
  const Limits kind = limits_of("((kind = 'x'::text) OR (qty > 3))", "kind");
  CHECK(kind.tangled);
  CHECK(kind.constants == Texts{"x"});
  CHECK(limits_of("(start_at < end_at)", "end_at").tangled);
  CHECK(limits_of("(CASE WHEN (a > 1) THEN (b > 1) ELSE true END)", "b").tangled);
}

TEST_CASE("quoted names and calls are told apart") {
  CHECK(limits_of("(\"Weird Name\" > 3)", "Weird Name").low == 4);
  CHECK(names_in("(lower(\"Na\"\"me\") = code)") == std::set<std::string>{"Na\"me", "code"});
}

TEST_CASE("conditions with cases give what each case asks") {
  const auto arms = arms_of(read_expression(
      "(((kind = 'a'::text) AND (x IS NOT NULL) AND (y IS NULL)) OR ((kind = 'b'::text) AND "
      "(x IS NULL) AND (y IS NOT NULL)))"));
  REQUIRE(arms.size() == 2);
  CHECK(arms[0].at("kind").one_of == Texts{"a"});
  CHECK_FALSE(arms[0].at("x").null);
  CHECK(arms[1].at("x").null);
}

TEST_CASE("exactly one of several is as many cases") {
  const auto arms = arms_of(read_expression("(num_nonnulls(a, b, c) = 1)"));
  REQUIRE(arms.size() == 3);
  CHECK_FALSE(arms[1].at("b").null);
  CHECK(arms[1].at("a").null);
  CHECK(arms_of(read_expression("((a IS NULL) <> (b IS NULL))")).size() == 2);
  CHECK(arms_of(read_expression("(a > b)")).empty());
}

}  // namespace
}  // namespace drydock
