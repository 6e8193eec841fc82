#include "harness/base/subprocess.h"

#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "harness/base/files.h"
#include "harness/testing/catch.h"
#include "harness/testing/environment_variable.h"
#include "harness/testing/eventually.h"
#include "harness/testing/processes.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {
namespace {

using testing::eventually;

CommandResult shell(const std::string& script, const CommandOptions& options = {}) {
  return run_command({"sh", "-c", script}, options);
}

TEST_CASE("both outputs and the exit code of a command come back apart") {
  const CommandResult result = shell("echo out; echo err >&2; exit 3");
  CHECK(result.exit_code == 3);
  CHECK(result.output == "out\n");
  CHECK(result.error == "err\n");
}

TEST_CASE("words reach the program as they are: no shell looks at them") {
  const CommandResult result = run_command({"printf", "%s|", "a b", "$HOME", "", "';*"});
  CHECK(result.output == "a b|$HOME||';*|");
}

TEST_CASE("a program that does not exist gives 127") {
  CHECK(run_command({"drydock-no-such-program"}).exit_code == 127);
}

TEST_CASE("a program that a signal ends gives 128 and the signal's number") {
  CHECK(shell("kill -TERM $$").exit_code == 128 + SIGTERM);
}

TEST_CASE("large output on both streams at once is taken whole") {
  const CommandResult result = shell(
      "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; "
      "echo 0123456789012345678901234567890123456789 >&2; i=$((i+1)); done");
  CHECK(result.output.size() == 3000 * 41);
  CHECK(result.error.size() == 3000 * 41);
}

TEST_CASE("the input given is the command's standard input, and then it ends") {
  CommandOptions options;
  options.input = std::string(60'000, 'x') + "\n";
  CHECK(run_command({"wc", "-c"}, options).output == "60001\n");
  CHECK(run_command({"cat"}).output.empty());
}

TEST_CASE("a command runs in the directory asked for, and fails with 126 where there is none") {
  const testing::ScratchDirectory scratch;
  CommandOptions options;
  options.working_directory = scratch.path().string();
  CHECK(run_command({"pwd", "-P"}, options).output ==
        std::filesystem::canonical(scratch.path()).string() + "\n");
  options.working_directory = "/no/such/directory";
  CHECK(run_command({"pwd"}, options).exit_code == 126);
}

TEST_CASE("a command speaks the C locale whatever the user's is") {
  const testing::EnvironmentVariable mine("LC_ALL", "de_DE.UTF-8");
  CHECK(shell("echo $LC_ALL").output == "C\n");
  CHECK(std::string(::getenv("LC_ALL")) == "de_DE.UTF-8");
}

TEST_CASE("root gives up every group with the account") {
  if (::geteuid() != 0) return;
  const passwd* nobody = ::getpwnam("nobody");
  REQUIRE(nobody != nullptr);
  CommandOptions options;
  options.account = {nobody->pw_uid, nobody->pw_gid};
  const std::string group = std::to_string(nobody->pw_gid);
  CHECK(shell("id -u; id -G", options).output ==
        std::to_string(nobody->pw_uid) + "\n" + group + "\n");
}

TEST_CASE("who is not root cannot take on another account: 126") {
  if (::geteuid() != 0) return;
  const passwd* nobody = ::getpwnam("nobody");
  REQUIRE(nobody != nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    CommandOptions options;
    options.account = {0, 0};
    const bool dropped = drop_to({nobody->pw_uid, nobody->pw_gid});
    ::_exit(dropped && run_command({"true"}, options).exit_code == 126 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a command dies with the process that runs it, even when that is killed outright") {
  const testing::ScratchDirectory scratch;
  const std::string file = (scratch.path() / "id").string();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    shell("echo $$ >" + file + ".new; mv " + file + ".new " + file + "; exec sleep 60");
    ::_exit(0);
  }
  REQUIRE(eventually([&] { return std::filesystem::exists(file); }));
  const pid_t command = std::stoi(read_file(file));
  CHECK(testing::runs(command));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(eventually([&] { return !testing::runs(command); }));
}

}  // namespace
}  // namespace drydock
