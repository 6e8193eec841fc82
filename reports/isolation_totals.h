// What the summaries say of tenant isolation: how much was tried, and what came of it.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

struct IsolationTotals {
  std::size_t tables = 0;                  ///< with rows of tenants
  std::size_t exempt = 0;                  ///< of these: shared on purpose
  std::size_t untried = 0;                 ///< of these: how they behave could not be tried
  std::size_t tries = 0;                   ///< that were made
  std::size_t leaks = 0;                   ///< tries that reached another's rows
  std::size_t denied = 0;                  ///< tries that did not reach one's own
  std::vector<std::string> leaky, closed;  ///< tables with leaks; with rows denied
  std::size_t ways = 0;                    ///< around row security; those that led nowhere left out
  std::size_t mutants = 0, noticed = 0;    ///< that could be tried; of these, seen by some try
  std::size_t hidden = 0;                  ///< statements of the up that did not see all rows
  std::size_t windows = 0;
};

IsolationTotals count(const IsolationEvidence& isolation);

/// Whether a way may lead around: it did when it was tried, or nobody tried it.
bool is_open_way(const BypassPath& path);

/// "5 tables as wms_app, 212 tries, no leak; 40 of 40 mutants noticed"; empty when nothing was
/// judged.
std::string isolation_phrase(const IsolationEvidence& isolation);

/// The migrations after which isolation was judged and there was something to judge, each with its
/// phrase: first those with something wrong, then the ends of histories, then the others.
std::vector<std::pair<const MigrationResult*, std::string>> isolation_phrases(
    const ScenarioRun& run);

}  // namespace drydock
