// What trials under traffic, behind a queue and with interruptions could have seen.
#pragma once

#include <string>
#include <vector>

#include "harness/model/lock_evidence.h"

namespace drydock::testing {

TrafficTrial sample_traffic(const std::string& file);
QueueTrial sample_queue(const std::string& file);
InterruptionTrial sample_interruptions(const std::string& file);
std::vector<LockForecast> sample_forecasts(const std::string& file);

}  // namespace drydock::testing
