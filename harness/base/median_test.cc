#include "harness/base/median.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("the median is the middle value, or the mean of the two in the middle") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({}) == 0);
}

}  // namespace
}  // namespace drydock
