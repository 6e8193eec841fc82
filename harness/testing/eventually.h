// For what happens soon but not at once (another process must notice): asked again and again, with
// a limit that only a broken program reaches.
#pragma once

#include <chrono>
#include <thread>

namespace drydock::testing {

template <typename Condition>
bool eventually(Condition condition, std::chrono::seconds limit = std::chrono::seconds(10)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace drydock::testing
