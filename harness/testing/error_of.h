// The Error that something throws, for tests of its words.
#pragma once

#include "harness/base/error.h"

namespace drydock::testing {

template <typename Work>
Error error_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return Error("nothing was thrown");
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace drydock::testing
