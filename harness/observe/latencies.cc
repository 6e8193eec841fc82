#include "harness/observe/latencies.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace drydock {
namespace {

/// Bucket 0 ends here; each further one is twice as wide.
constexpr double kFirstBucket = 1.0 / 16;

std::size_t bucket_of(double milliseconds) {
  std::size_t bucket = 0;
  for (double end = kFirstBucket; milliseconds >= end; end *= 2) ++bucket;
  return bucket;
}

/// `sorted` is not empty; `share` is in (0, 1].
double nearest_rank(const std::vector<double>& sorted, double share) {
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted.at(static_cast<std::size_t>(rank) - 1);
}

}  // namespace

Latencies summarise(std::vector<double> milliseconds) {
  Latencies result;
  if (milliseconds.empty()) return result;
  std::sort(milliseconds.begin(), milliseconds.end());
  result.count = static_cast<std::int64_t>(milliseconds.size());
  result.p50 = nearest_rank(milliseconds, 0.50);
  result.p95 = nearest_rank(milliseconds, 0.95);
  result.p99 = nearest_rank(milliseconds, 0.99);
  result.longest = milliseconds.back();
  result.histogram.resize(bucket_of(result.longest) + 1);
  for (const double latency : milliseconds) ++result.histogram[bucket_of(latency)];
  return result;
}

}  // namespace drydock
