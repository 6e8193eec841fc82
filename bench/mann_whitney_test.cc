#include "bench/mann_whitney.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("two small samples that do not overlap have the exact p-value of the tables") {
  // 2 / C(m+n, m): all of one before all of the other, on either side.
  CHECK(mann_whitney_p({1, 2, 3}, {4, 5, 6}) == Approx(2.0 / 20));
  CHECK(mann_whitney_p({1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}) == Approx(2.0 / 252));
  CHECK(mann_whitney_p({6, 7, 8, 9, 10}, {1, 2, 3, 4, 5}) == Approx(2.0 / 252));
}

TEST_CASE("samples that interleave are no evidence of a difference") {
  CHECK(mann_whitney_p({1, 3, 5, 7}, {2, 4, 6, 8}) > 0.5);
  CHECK(mann_whitney_p({1, 4}, {2, 3}) == Approx(1.0));
}

TEST_CASE("equal values, and samples without values, are no evidence either") {
  CHECK(mann_whitney_p({5, 5, 5}, {5, 5, 5}) == 1);
  CHECK(mann_whitney_p({}, {1, 2}) == 1);
}

TEST_CASE("large samples with ties are judged by the normal approximation") {
  std::vector<double> a, b;
  for (int i = 0; i < 30; ++i) {
    a.push_back(100 + i % 7);
    b.push_back(103 + i % 7);
  }
  CHECK(mann_whitney_p(a, b) < 0.001);
  CHECK(mann_whitney_p(a, a) == Approx(1.0).margin(0.02));
}

}  // namespace
}  // namespace drydock
