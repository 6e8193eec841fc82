// What cannot be had is no fault of the migration, nor of the run: the reason goes into the
// evidence.
#pragma once

#include <string>

#include "harness/base/error.h"

namespace drydock {

/// Runs `attempt`. Empty: it ran through; else the words of the Error that it threw. Cancelled goes
/// on.
template <typename Try>
std::string reason_of_failure(Try attempt) {
  try {
    attempt();
    return "";
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace drydock
