// drydock checks: the list of checks, or one explained in the same words as in every report.

#include <fmt/format.h>

#include <memory>

#include "harness/checks/bench_check_texts.h"
#include "harness/checks/check.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

void list(const CheckText& text) {
  fmt::print("{:<20} {:<8} {}\n", text.id, word(text.severity), text.title);
}

void list_checks() {
  for (const Check* check : all_checks()) list(check->text);
  for (const CheckText& text : bench_check_texts()) list(text);
  fmt::print("\n`drydock checks ID` explains one; docs/checks/ID.md has examples.\n");
}

void explain(const CheckText& text) {
  fmt::print(
      "{} ({})\n  {}\n\nGuards against\n  {}\n\nWhy it hurts\n  {}\n\nWhat to do\n  {}\n\n"
      "Examples: docs/checks/{}.md\n",
      text.id, word(text.severity), text.title, text.guards_against, text.why, text.remedy,
      text.id);
}

const CheckText& find_text(const std::string& id) {
  for (const CheckText& text : bench_check_texts()) {
    if (text.id == id) return text;
  }
  return find_check(id).text;
}

}  // namespace

void add_checks_command(CLI::App& app, int& exit_code) {
  auto id = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("checks", "List the checks, or explain one");
  command->add_option("id", *id, "The check to explain");
  command->callback([id, &exit_code] {
    id->empty() ? list_checks() : explain(find_text(*id));
    exit_code = kExitPassed;
  });
}

}  // namespace drydock
