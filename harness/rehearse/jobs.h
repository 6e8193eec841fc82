// Splitting a walk into ranges that are rehearsed at the same time, each on a server of its own.
//
// A job applies everything before its range at full speed (up only, not observed) and rehearses its
// range. Later ranges are therefore shorter, so that all jobs end together. Servers are not shared:
// roles and settings of one would be felt by the other.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/model/migration.h"

namespace drydock {

struct JobRange {
  std::size_t first = 0;
  std::size_t end = 0;  ///< one past the last
  bool operator==(const JobRange&) const = default;
};

/// At most `jobs` ranges, none empty, that cover [0, weights.size()) in order. `weights` are the
/// expected costs of applying each migration once, in any unit; rehearsing it costs `rehearsal`
/// times that.
std::vector<JobRange> split_into_jobs(const std::vector<double>& weights, std::size_t jobs,
                                      double rehearsal);

/// What rehearsing costs against applying (see split_into_jobs), where `rows` are put in place.
double rehearsal_cost(bool rows);

/// Expected cost of applying a migration: what its up script weighs.
double weight_of(const Migration& migration);

/// How many jobs pay off: `wanted` when given; else one a core (at most 4), but none for so few
/// migrations that starting its server would take longer than its share.
std::size_t choose_jobs(std::size_t wanted, std::size_t migrations);

}  // namespace drydock
