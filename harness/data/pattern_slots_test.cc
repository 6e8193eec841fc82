#include "harness/data/pattern_slots.h"

#include <regex>

#include "harness/testing/catch.h"

namespace drydock {
namespace {

/// The first text of the slots.
std::string first_text(const Slots& slots) {
  std::string text;
  for (const std::string& slot : slots) text += slot.substr(0, 1);
  return text;
}

TEST_CASE("texts made for a pattern match it, whatever the choice") {
  const std::string pattern =
      GENERATE(as<std::string>(), "^[A-Z]{3}-[0-9]{4}$", "^(foo|ba[rz])+$", "^\\+?[1-9]\\d{6,14}$",
               "^#[0-9a-fA-F]{6}$", "^[a-z0-9]+(-[a-z0-9]+)*$", "^v\\d+\\.\\d+(\\.\\d+)?$",
               "^[^@ ]+@[^@ ]+\\.[a-z]{2,}$", "^(?:yes|no)$", "^a.c$");
  for (int choice = 0; choice < 6; ++choice) {
    const auto slots = slots_of_pattern(pattern, choice);
    REQUIRE(slots);
    INFO(pattern << " with choice " << choice << ": " << first_text(*slots));
    CHECK(std::regex_match(first_text(*slots), std::regex(pattern)));
  }
}

TEST_CASE("patterns beyond us are said to be") {
  CHECK_FALSE(slots_of_pattern("^(?=.*[0-9]).+$"));
  CHECK_FALSE(slots_of_pattern("^(a)\\1$"));
  CHECK_FALSE(slots_of_pattern("^(unclosed$"));
}

TEST_CASE("the number of texts is the product of what each place allows") {
  CHECK(texts_of_slots(*slots_of_pattern("^[0-9]{3}$")) == 1000);
  CHECK(texts_of_slots(*slots_of_pattern("^fixed$")) == 1);
}

}  // namespace
}  // namespace drydock
