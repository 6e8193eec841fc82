// A place of a test's own for disposable servers, so that what they leave behind can be seen.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/testing/environment_variable.h"
#include "harness/testing/scratch_directory.h"

namespace drydock::testing {

class RunRoot {
 public:
  RunRoot() : directory_(place()), variable_("DRYDOCK_RUN_ROOT", directory_.path().string()) {
    // As root the server runs under another account, which must be able to enter.
    std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
  }

  const std::filesystem::path& path() const { return directory_.path(); }
  bool empty() const { return std::filesystem::is_empty(directory_.path()); }

 private:
  static std::filesystem::path place() {
    const std::filesystem::path shared_memory = "/dev/shm";
    return std::filesystem::exists(shared_memory) ? shared_memory : std::filesystem::path{};
  }

  ScratchDirectory directory_;
  EnvironmentVariable variable_;
};

}  // namespace drydock::testing
