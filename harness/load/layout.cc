#include "harness/load/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/all_layouts.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> layout_ids() {
  std::vector<std::string> ids;
  for (const Layout& layout : all_layouts()) ids.push_back(layout.id);
  return ids;
}

const Layout& layout_named(const std::string& id) {
  for (const Layout& layout : all_layouts()) {
    if (layout.id == id) return layout;
  }
  const std::string near = nearest(id, layout_ids());
  throw Error(fmt::format("unknown layout '{}'", id),
              fmt::format("{}Layouts are auto, {}.",
                          near.empty() ? "" : fmt::format("Did you mean {}? ", near),
                          join(layout_ids(), ", ")));
}

struct Choice {
  const Layout* layout = nullptr;
  Detection detection;
};

/// The surest layout, the first of those in the list; none when nobody wants the directory.
Choice surest_layout(const MigrationDirectory& directory) {
  Choice best;
  for (const Layout& layout : all_layouts()) {
    Detection detection = layout.detect(directory);
    if (detection.certainty > best.detection.certainty) best = {&layout, std::move(detection)};
  }
  return best;
}

/// Whole places of dependencies and build products, where migrations of others may lie.
bool worth_searching(const std::string& folder) {
  for (const char* skipped : {"node_modules", "vendor", "target", "build", "dist"}) {
    if (folder == skipped) return false;
  }
  return true;
}

struct Found {
  std::string directory;
  Choice choice;
};

// Enough for a repository; a home directory given by mistake must not be walked for minutes.
constexpr std::size_t kDirectoriesSearched = 2000;

/// The nearest directory below that has migrations: breadth first, so the least deep; among equally
/// deep ones the surest. One that merely has .sql files counts when there is nothing better.
std::optional<Found> nearest_below(const std::string& shown) {
  std::vector<std::string> level = {shown};
  std::size_t searched = 0;
  std::optional<Found> best;
  while (!level.empty() && searched < kDirectoriesSearched) {
    std::vector<std::string> deeper;
    for (const std::string& parent : level) {
      if (++searched > kDirectoriesSearched) break;
      try {
        const MigrationDirectory directory(parent);
        const Choice choice = parent == shown ? Choice{} : surest_layout(directory);
        if (choice.detection.certainty >
            (best ? best->choice.detection.certainty : Certainty::kNone)) {
          best = Found{parent, choice};
        }
        for (const std::string& folder : directory.folders()) {
          const fs::path path = directory.path() / folder;
          if (worth_searching(folder) && !fs::is_symlink(path)) deeper.push_back(path.string());
        }
      } catch (const Error&) {
        continue;  // not readable: it cannot be what we would suggest
      }
    }
    if (best && best->choice.detection.certainty > Certainty::kPossible) return best;
    level = std::move(deeper);
  }
  return best;
}

std::string first_names(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> shown(names.begin(),
                                 names.begin() + long(std::min(names.size(), kShown)));
  if (names.size() > kShown) shown.emplace_back("…");
  return join(shown, ", ");
}

std::string what_is_there(const MigrationDirectory& directory) {
  if (directory.files().empty() && directory.folders().empty()) return "it is empty";
  std::vector<std::string> parts;
  if (!directory.files().empty()) {
    parts.push_back(fmt::format("{} ({})", plural(directory.files().size(), "file"),
                                first_names(directory.files())));
  }
  if (!directory.folders().empty()) {
    parts.push_back(fmt::format("{} ({})", plural(directory.folders().size(), "folder"),
                                first_names(directory.folders())));
  }
  return "it has " + join(parts, " and ");
}

std::string where_else(const std::string& shown) {
  const auto found = nearest_below(shown);
  if (!found) return "Give the directory that holds the migrations.";
  return fmt::format("Did you mean {}? It looks like {}: {}.", found->directory,
                     found->choice.layout->id, found->choice.detection.reason);
}

Error nothing_found(const MigrationDirectory& directory, const std::string& shown) {
  return Error(fmt::format("no migrations in {}: {}; tried the layouts {}", shown,
                           what_is_there(directory), join(layout_ids(), ", ")),
               where_else(shown));
}

Error nothing_by(const Layout& layout, const MigrationDirectory& directory,
                 const std::string& shown) {
  const Choice other = surest_layout(directory);
  const bool better = other.layout != nullptr && other.layout->id != layout.id;
  return Error(fmt::format("no migrations in {} by the rules of {}: {}", shown, layout.id,
                           what_is_there(directory)),
               better ? fmt::format("It looks like {}: {}. Use --layout {} or auto.",
                                    other.layout->id, other.detection.reason, other.layout->id)
                      : where_else(shown));
}

}  // namespace

MigrationSet load_migrations(const std::string& shown, const std::string& layout_id,
                             const LayoutOptions& options) {
  const bool automatic = layout_id.empty() || layout_id == "auto";
  const Layout* layout = automatic ? nullptr : &layout_named(layout_id);
  const MigrationDirectory directory(shown);
  if (automatic) layout = surest_layout(directory).layout;
  if (layout == nullptr) throw nothing_found(directory, shown);

  MigrationSet set;
  set.directory = shown;
  set.layout = layout->id;
  set.layout_summary = layout->summary;
  set.layout_has_downs = layout->has_downs;
  layout->load(directory, options, set);
  if (set.migrations.empty()) throw nothing_by(*layout, directory, shown);
  return set;
}

}  // namespace drydock
