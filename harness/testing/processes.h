// Processes by id, as /proc shows them.
#pragma once

#include <sys/types.h>

#include <string>

#include "harness/base/error.h"
#include "harness/base/files.h"

namespace drydock::testing {

/// Whether process `id` runs; a zombie that nobody has collected yet does not.
inline bool runs(pid_t id) {
  try {
    const std::string status = read_file("/proc/" + std::to_string(id) + "/stat");
    return status.substr(status.rfind(')') + 2, 1) != "Z";
  } catch (const Error&) {
    return false;
  }
}

}  // namespace drydock::testing
