// The machine that something was measured on, for reports.
#pragma once

#include <map>
#include <string>

namespace drydock {

/// "cores", "memory", "kernel".
std::map<std::string, std::string> describe_machine();

}  // namespace drydock
