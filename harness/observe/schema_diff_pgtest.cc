// Every property of every kind, on a real server: a change is seen under the right name and class,
// and the statement offered mends it.
#include "harness/observe/schema_diff.h"

#include <fmt/format.h>

#include "harness/testing/catch.h"
#include "harness/testing/schema_diff_cases.h"

namespace drydock {
namespace {

using namespace schema_diff_cases;

const SchemaDifference* find(const SchemaDiff& diff, const std::string& object,
                             const std::string& property) {
  for (const SchemaDifference& difference : diff) {
    if (describe(difference.object) == object && difference.property == property) {
      return &difference;
    }
  }
  return nullptr;
}

}  // namespace

TEST_CASE("each change is seen under its name and class, and the statement offered mends it") {
  Fixture at;
  const std::string administrator = testing::shared_server().administrator_name();
  for (const Case& example : kCases) {
    INFO(example.change);
    const SchemaSnapshot before = at.observer.refresh();
    at.writer.execute(example.change);
    const SchemaSnapshot after = at.observer.refresh();
    const SchemaDiff diff = compare_schemas(before, after);
    INFO(in_words(diff));
    const SchemaDifference* seen = find(
        diff, fmt::vformat(example.object, fmt::make_format_args(administrator)), example.property);
    CHECK(seen != nullptr);
    if (seen == nullptr) continue;
    CHECK(seen->weight == example.weight);
    if (example.mends == Mends::kNo) {
      at.start_again();
      continue;
    }
    CHECK(mending_error(at.writer, diff) == "");
    CHECK(in_words(compare_schemas(before, at.observer.refresh())) == "");
    if (example.mends == Mends::kBothWays) {
      CHECK(mending_error(at.writer, compare_schemas(after, before)) == "");
      CHECK(in_words(compare_schemas(after, at.observer.refresh())) == "");
    }
    at.start_again();
  }
}

}  // namespace drydock
