// Which of several callers stand for which tenants.

#include "harness/observe/known_tenants.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

ContextSteps user(const std::string& name) { return {{{"app.user", name}}, "", ""}; }

TEST_CASE("who sees one tenant's rows stands for it") {
  const auto known = known_tenants({user("u"), user("v")}, {{"1"}, {"2"}});
  REQUIRE(known.size() == 2);
  CHECK(known[0].tenant == "1");
  CHECK(known[1].steps.settings[0].value == "v");
}

TEST_CASE("who sees the rows of both does not stand for the second") {
  CHECK(known_tenants({user("u"), user("v")}, {{"1"}, {"1", "2"}}).size() == 1);
}

TEST_CASE("members of several tenants stand for what the others do not see") {
  const auto known = known_tenants({user("u"), user("v")}, {{"1", "2"}, {"2", "3"}});
  REQUIRE(known.size() == 2);
  CHECK(known[0].tenant == "1");
  CHECK(known[1].tenant == "3");
}

TEST_CASE("who sees nothing stands for nobody") {
  CHECK(known_tenants({user("u")}, {{}}).empty());
  CHECK_FALSE(known_context({}, "words").has_settings);
}

}  // namespace
}  // namespace drydock
