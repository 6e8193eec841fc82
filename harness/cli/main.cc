// drydock: parse, run the chosen command, turn what stopped us into one paragraph and exit code 2.

#include <fmt/format.h>

#include <cstdio>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 passed; 1 findings at or above the gate; 2 could not tell (bad input, no "
    "server,\n"
    "our own error, cancelled).\n"
    "`drydock COMMAND --help` has each command's options.";

int parse_and_run(int argc, char** argv) {
  CLI::App app{
      "Rehearses PostgreSQL migrations up, down and up again on a disposable server,\n"
      "observes what really happened, and gates the merge."};
  app.name("drydock");
  app.set_version_flag("--version", "drydock " DRYDOCK_VERSION);
  app.require_subcommand(1);
  app.footer(kFooter);
  int exit_code = drydock::kExitCouldNotTell;
  for (const drydock::AddCommand add :
       {drydock::add_verify_command, drydock::add_bench_command, drydock::add_report_command,
        drydock::add_checks_command, drydock::add_init_command, drydock::add_doctor_command,
        drydock::add_prune_command}) {
    add(app, exit_code);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? drydock::kExitPassed : drydock::kExitCouldNotTell;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  drydock::install_cancellation();
  try {
    return parse_and_run(argc, argv);
  } catch (const drydock::Error& error) {
    fmt::print(stderr, "drydock: {}\n", error.message());
    if (!error.remedy().empty()) fmt::print(stderr, "{}\n", error.remedy());
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "drydock: unexpected: {}\nThis is a fault of Drydock; please report it with these "
               "words and the command.\n",
               error.what());
  }
  return drydock::kExitCouldNotTell;
}
