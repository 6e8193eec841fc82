#include "harness/observe/weigh_samples.h"

#include <algorithm>

namespace drydock {
namespace {

/// Looks follow each other within a millisecond or two; on a busy machine ten may pass between.
constexpr double kSurelyCaughtMs = 20;

bool is_same(const SeenLock& one, const SeenLock& other) {
  return one.relation == other.relation && one.advisory == other.advisory && one.mode == other.mode;
}

/// CONCURRENTLY takes ACCESS EXCLUSIVE on an index when no query uses it any longer. VACUUM takes
/// it on its table to give back empty pages, but does not wait for it, and lets go as soon as
/// somebody else waits.
bool counts_unproven(const StatementWords& words, const SampledLock& sample) {
  if (words.concurrently || words.vacuums) return sample.lock.mode != LockMode::kAccessExclusive;
  if (!words.opaque || sample.lock.mode < LockMode::kShare) return true;
  return sample.waited_ms > 0 || sample.last_ms - sample.first_ms >= kSurelyCaughtMs;
}

}  // namespace

std::vector<SampledLock> weigh_samples(const StatementWords& words,
                                       const std::vector<SampledLock>& seen,
                                       const std::vector<SeenLock>& proven, double unseen_ms) {
  std::vector<SampledLock> told;
  for (const SampledLock& sample : seen) {
    const bool is_proven = std::any_of(proven.begin(), proven.end(), [&](const SeenLock& lock) {
      return is_same(lock, sample.lock);
    });
    if (is_proven || counts_unproven(words, sample)) told.push_back(sample);
  }
  for (const SeenLock& lock : proven) {
    const bool caught = std::any_of(seen.begin(), seen.end(), [&](const SampledLock& sample) {
      return is_same(lock, sample.lock);
    });
    if (!caught) told.push_back({lock, 0, unseen_ms, 0});
  }
  return told;
}

}  // namespace drydock
