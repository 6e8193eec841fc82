#include "harness/rehearse/forecast_trial_line.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("times on a line are read off it, and leave no doubt") {
  const Prediction there = predict({{1000, 12}, {2000, 22}, {4000, 42}}, 1'000'000);
  CHECK(there.value_ms == Approx(10'002));
  CHECK(there.error_ms == Approx(0).margin(1e-6));
}

// The expected numbers were worked out apart, by the textbook's formula for a single new value.
TEST_CASE("times beside the line make the interval as wide as the distance asks for") {
  const Prediction there =
      predict({{5000, 11}, {10'000, 19.5}, {20'000, 41}, {5000, 10}, {20'000, 39}}, 1'000'000);
  CHECK(there.value_ms == Approx(1974.326).epsilon(1e-5));
  CHECK(there.error_ms == Approx(208.823).epsilon(1e-5));
}

TEST_CASE("more rows never take less time") {
  const Prediction there = predict({{1000, 10}, {2000, 9}, {4000, 8}}, 1'000'000);
  CHECK(there.value_ms == Approx(9));
  CHECK(there.error_ms > 1000);
}

}  // namespace
}  // namespace drydock
