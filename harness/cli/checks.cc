// drydock checks: the list of checks, or one explained in the same words as in every report.

#include <fmt/format.h>

#include <memory>

#include "harness/checks/check.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

void list_checks() {
  for (const Check* check : all_checks()) {
    fmt::print("{:<20} {:<8} {}\n", check->text.id, word(check->text.severity), check->text.title);
  }
  fmt::print("\n`drydock checks ID` explains one; docs/checks/ID.md has examples.\n");
}

void explain(const CheckText& text) {
  fmt::print(
      "{} ({})\n  {}\n\nGuards against\n  {}\n\nWhy it hurts\n  {}\n\nWhat to do\n  {}\n\n"
      "Examples: docs/checks/{}.md\n",
      text.id, word(text.severity), text.title, text.guards_against, text.why, text.remedy,
      text.id);
}

}  // namespace

void add_checks_command(CLI::App& app, int& exit_code) {
  auto id = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("checks", "List the checks, or explain one");
  command->add_option("id", *id, "The check to explain");
  command->callback([id, &exit_code] {
    id->empty() ? list_checks() : explain(find_check(*id).text);
    exit_code = kExitPassed;
  });
}

}  // namespace drydock
