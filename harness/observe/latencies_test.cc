#include "harness/observe/latencies.h"

#include <numeric>

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("percentiles are latencies that were measured, in whatever order they came") {
  std::vector<double> latencies(200);
  std::iota(latencies.rbegin(), latencies.rend(), 1.0);
  const Latencies result = summarise(latencies);
  CHECK(result.count == 200);
  CHECK(result.p50 == 100);
  CHECK(result.p95 == 190);
  CHECK(result.p99 == 198);
  CHECK(result.longest == 200);
}

TEST_CASE("of one latency all percentiles are that one, and of none they are zero") {
  CHECK(summarise({3.5}).p50 == 3.5);
  CHECK(summarise({3.5}).p99 == 3.5);
  CHECK(summarise({}).count == 0);
  CHECK(summarise({}).longest == 0);
  CHECK(summarise({}).histogram.empty());
}

TEST_CASE("a latency on the border of two buckets is in the later one, and the last is not empty") {
  const Latencies result = summarise({0.01, 0.0625, 0.1, 0.125, 1.0});
  CHECK(result.histogram == std::vector<std::int64_t>{1, 2, 1, 0, 0, 1});
}

}  // namespace
}  // namespace drydock
