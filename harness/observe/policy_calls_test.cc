// Calls in policies that could be made once, and their rewrite, as text.

#include "harness/observe/policy_calls.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using Names = std::vector<std::string>;

const std::vector<CalledFunction> kFunctions = {{"public", "current_tenant"}, {"auth", "uid"}};

TEST_CASE("a call whose arguments name no column could be made once") {
  CHECK(constant_calls("(tenant_id = current_tenant('a)b'::text))", kFunctions, {"tenant_id"}) ==
        Names{"current_tenant('a)b'::text)"});
  CHECK(constant_calls("(user_id = auth.uid()) OR (owner = auth.uid())", kFunctions, {}) ==
        Names{"auth.uid()"});
}

TEST_CASE("a call that needs the row is left alone, and so is a longer name") {
  CHECK(constant_calls("current_tenant(tenant_id)", kFunctions, {"tenant_id"}).empty());
  CHECK(constant_calls("my_current_tenant()", kFunctions, {}).empty());
}

TEST_CASE("a call is about rows when a column is among its arguments") {
  CHECK(calls_about_rows("current_tenant(upper(code))", kFunctions, {"code"}));
  CHECK(calls_about_rows("public.current_tenant(code)", kFunctions, {"code"}));
  CHECK_FALSE(calls_about_rows("(code = current_tenant('x'::text))", kFunctions, {"code"}));
  CHECK_FALSE(calls_about_rows("upper(code) = 'X'", kFunctions, {"code"}));
}

TEST_CASE("filters call for each row, index conditions do not") {
  CHECK(filters_by("Seq Scan\n  Filter: (tenant_id = public.current_tenant())", kFunctions[0]));
  CHECK_FALSE(
      filters_by("Index Scan\n  Index Cond: (tenant_id = public.current_tenant())", kFunctions[0]));
  CHECK_FALSE(filters_by("Result\n  One-Time Filter: (auth.uid() IS NOT NULL)", kFunctions[1]));
}

TEST_CASE("a call becomes a subquery once, however often the text is rewritten") {
  const std::string once =
      with_subqueries("(a = current_tenant()) OR (b = current_tenant())", {"current_tenant()"});
  CHECK(once == "(a = (SELECT current_tenant())) OR (b = (SELECT current_tenant()))");
  CHECK(with_subqueries(once, {"current_tenant()"}) == once);
}

TEST_CASE("a membership becomes an array") {
  CHECK(with_arrays("(org IN ( SELECT m.org FROM m WHERE (m.x = ')'::text)))") ==
        "(org = ANY (ARRAY( SELECT m.org FROM m WHERE (m.x = ')'::text))))");
  CHECK(with_arrays("(org = 1)") == "(org = 1)");
}

}  // namespace
}  // namespace drydock
