// Running a built program in a test: to its end, or until a signal is sent to it.
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace drydock::testing {

struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal when killed
  std::string output;  ///< stdout and stderr, as they came
};

class Program {
 public:
  /// Starts it with the environment changed by `environment` (an empty value removes a variable).
  Program(const std::vector<std::string>& argv,
          const std::map<std::string, std::string>& environment = {},
          const std::filesystem::path& working_directory = {});
  ~Program();  ///< kills it if it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// What it printed so far.
  std::string output() const;
  /// Waits until its output has `text`; false after 30 s or when it ended without.
  bool wait_for_output(const std::string& text);
  ProgramResult finish();

 private:
  bool ended();
  pid_t pid_ = -1;
  int status_ = 0;
  bool reaped_ = false;
  std::filesystem::path output_;
};

/// Runs it to its end.
ProgramResult run_program(const std::vector<std::string>& argv,
                          const std::map<std::string, std::string>& environment = {},
                          const std::filesystem::path& working_directory = {});

}  // namespace drydock::testing
