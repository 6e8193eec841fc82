#include "bench/assigned_columns.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("every form of assignment names its columns") {
  using Columns = std::vector<std::string>;
  CHECK(assigned_columns("lot_code = upper(lot_number)") == Columns{"lot_code"});
  CHECK(assigned_columns("a = f(x, y), \"B\" = 2 = 3, A = 4") == Columns{"a", "B"});
  CHECK(assigned_columns("(a, b) = (SELECT x, y FROM u WHERE u.id = 1), c = DEFAULT") ==
        Columns{"a", "b", "c"});
  CHECK(assigned_columns("tags[1] = 'x', place.city = 'y'") == Columns{"tags", "place"});
  CHECK(assigned_columns("").empty());
}

TEST_CASE("an assignment's value is everything behind its equals sign") {
  const std::vector<Assignment> assignments = assignments_of("a = b >= c, d[2] = (1 + 2) * 3");
  REQUIRE(assignments.size() == 2);
  CHECK(assignments[0].value == "b >= c");
  CHECK_FALSE(assignments[0].part);
  CHECK(assignments[1].value == "(1 + 2) * 3");
  CHECK(assignments[1].part);
}

}  // namespace
}  // namespace drydock
