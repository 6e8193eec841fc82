#include "harness/testing/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "harness/base/files.h"

namespace drydock::testing {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void become(const std::vector<std::string>& argv,
                         const std::map<std::string, std::string>& environment,
                         const fs::path& working_directory, int output) {
  ::setpgid(0, 0);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  for (const auto& [name, value] : environment) {
    value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
  }
  if (!working_directory.empty() && ::chdir(working_directory.c_str()) != 0) ::_exit(126);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

}  // namespace

Program::Program(const std::vector<std::string>& argv,
                 const std::map<std::string, std::string>& environment,
                 const fs::path& working_directory) {
  std::string name = (fs::temp_directory_path() / "drydock_test_output_XXXXXX").string();
  const int output = ::mkstemp(name.data());
  output_ = name;
  pid_ = ::fork();
  if (pid_ == 0) become(argv, environment, working_directory, output);
  ::close(output);
}

Program::~Program() {
  if (!ended()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  fs::remove(output_);
}

void Program::signal(int number) const { ::kill(pid_, number); }

std::string Program::output() const { return read_file(output_); }

bool Program::ended() {
  if (!reaped_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) reaped_ = true;
  return reaped_;
}

bool Program::wait_for_output(const std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < deadline) {
    const bool over = ended();
    if (output().find(text) != std::string::npos) return true;
    if (over) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

ProgramResult Program::finish() {
  if (!reaped_) ::waitpid(pid_, &status_, 0);
  reaped_ = true;
  return {WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_), output()};
}

ProgramResult run_program(const std::vector<std::string>& argv,
                          const std::map<std::string, std::string>& environment,
                          const fs::path& working_directory) {
  return Program(argv, environment, working_directory).finish();
}

}  // namespace drydock::testing
