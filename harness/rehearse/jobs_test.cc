#include "harness/rehearse/jobs.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("one job takes everything") {
  CHECK(split_into_jobs({1, 1, 1}, 1, 8) == std::vector<JobRange>{{0, 3}});
}

TEST_CASE("ranges cover everything in order, and later ones are shorter") {
  const auto ranges = split_into_jobs(std::vector<double>(100, 1.0), 3, 8);
  REQUIRE(ranges.size() == 3);
  CHECK(ranges[0].first == 0);
  CHECK(ranges[1].first == ranges[0].end);
  CHECK(ranges[2].first == ranges[1].end);
  CHECK(ranges[2].end == 100);
  CHECK(ranges[0].end - ranges[0].first > ranges[2].end - ranges[2].first);
}

TEST_CASE("the dearer it is to get to a range, the more the first job takes") {
  const std::vector<double> weights(100, 1.0);
  const auto cheap = split_into_jobs(weights, 2, rehearsal_cost(false));
  const auto dear = split_into_jobs(weights, 2, rehearsal_cost(true));
  CHECK(dear[0].end > cheap[0].end);
}

TEST_CASE("no range is empty, however many jobs are asked for") {
  for (const JobRange& range : split_into_jobs({5, 1}, 8, 8)) CHECK(range.first < range.end);
  CHECK(split_into_jobs({}, 4, 8).empty());
}

TEST_CASE("a heavy migration does not drag light ones into its job") {
  const auto ranges = split_into_jobs({1, 1, 1, 100}, 2, 8);
  CHECK(ranges == std::vector<JobRange>{{0, 3}, {3, 4}});
}

TEST_CASE("few migrations are one job unless more are asked for") {
  CHECK(choose_jobs(0, 5) == 1);
  CHECK(choose_jobs(3, 5) == 3);
  CHECK(choose_jobs(9, 5) == 5);
}

}  // namespace
}  // namespace drydock
