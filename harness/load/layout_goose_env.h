// goose's "-- +goose ENVSUB ON": variables of the environment in the text of a migration.
//
// The values come from the scenario's placeholders first and from the environment second, so that a
// rehearsal can be told what production's environment will say. Forms: $NAME, ${NAME},
// ${NAME:-default} (unset or empty), ${NAME-default} (unset), ${NAME?message}, $$ for one dollar.
// An unset variable without a default becomes nothing, as in a shell.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace drydock {

struct EnvironmentExpansion {
  std::string text;
  std::string error;  ///< why it cannot be expanded; empty when it was
};

EnvironmentExpansion expand_environment(std::string_view line,
                                        const std::map<std::string, std::string>& values);

}  // namespace drydock
