// drydock init: look at a directory of migrations and write a commented scenario for it.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/load/init_scenario.h"
#include "harness/load/layout.h"

namespace drydock {
namespace {

struct InitOptions {
  std::string directory;
  std::string layout = "auto";
  std::string out = "drydock.json";
};

int init(const InitOptions& options) {
  if (std::filesystem::exists(options.out)) {
    throw Error(fmt::format("{} is there already", options.out),
                "Remove it first, or name another file with --out.");
  }
  const MigrationSet set = load_migrations(options.directory, options.layout, {});
  write_file(options.out, starting_scenario(set, options.out));
  fmt::print("{}: {} migrations, layout {}\nwrote {}; run it with: drydock verify {}\n",
             options.directory, set.migrations.size(), set.layout, options.out, options.out);
  return kExitPassed;
}

}  // namespace

void add_init_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command =
      app.add_subcommand("init", "Look at a directory of migrations, write a scenario for it");
  command->add_option("path", options->directory, "Directory of migrations")->required();
  command->add_option("--layout", options->layout, "Layout, when it is not found out rightly")
      ->capture_default_str();
  command->add_option("--out", options->out, "Scenario file to write")->capture_default_str();
  command->callback([options, &exit_code] { exit_code = init(*options); });
}

}  // namespace drydock
