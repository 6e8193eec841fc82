// drydock prune: remove what Drydock keeps on this machine; says what it freed.

#include <fmt/format.h>

#include <memory>

#include "harness/base/files.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/postgres/keeper.h"
#include "harness/postgres/prepared_directory.h"
#include "harness/postgres/run_directory.h"

namespace drydock {
namespace {

/// Unused for a month: the server version is probably no longer in use.
constexpr double kDefaultAgeDays = 30;

struct PruneOptions {
  double older_than_days = kDefaultAgeDays;
  double larger_than_mb = 0;
  bool kept = false;
};

void freed(const std::filesystem::path& path, std::uintmax_t bytes, const char* what) {
  fmt::print("removed {} {} ({:.1f} MB)\n", what, path.string(), static_cast<double>(bytes) / 1e6);
}

int prune(const PruneOptions& options) {
  std::uintmax_t total = 0;
  if (options.kept) {
    for (const LeftOver& left : stop_kept_servers()) {
      freed(left.path, left.bytes, "kept server");
      total += left.bytes;
    }
  }
  for (const LeftOver& left : sweep_run_directories()) {
    freed(left.path, left.bytes, "left-over server directory");
    total += left.bytes;
  }
  for (const CacheEntry& entry : list_prepared_directories()) {
    if (entry.age_days < options.older_than_days) continue;
    if (static_cast<double>(entry.bytes) < options.larger_than_mb * 1e6) continue;
    remove_tree(entry.path);
    freed(entry.path, entry.bytes, "prepared cluster");
    total += entry.bytes;
  }
  fmt::print("{:.1f} MB freed\n", static_cast<double>(total) / 1e6);
  return kExitPassed;
}

}  // namespace

void add_prune_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PruneOptions>();
  CLI::App* command =
      app.add_subcommand("prune", "Remove cached clusters and left-overs; says what it freed");
  command
      ->add_option("--older-than", options->older_than_days,
                   "Prepared clusters unused for this many days")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--larger-than", options->larger_than_mb, "… and at least this many MB")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--kept", options->kept, "Also stop and remove servers left by --keep");
  command->callback([options, &exit_code] { exit_code = prune(*options); });
}

}  // namespace drydock
