// A scenario file becomes a Scenario (docs/scenario-format.md).
//
// A gate must not skip what it did not understand: a misspelt "waivers" or a list where a text
// belongs is an error, never a default. Each error names the JSON pointer, shows the place in the
// file, and for an unknown key the key that was probably meant.
#pragma once

#include <string>

#include "harness/model/scenario.h"

namespace drydock {

/// Reads and checks the file. Paths in it are resolved against its directory. Data files must be
/// there; whether other paths, the layout and the checks it names exist is for those who use them
/// to say. Throws Error.
Scenario load_scenario(const std::string& path);

/// The same from a text, without looking for data files; `path` names it and is what its paths are
/// relative to.
Scenario parse_scenario(const std::string& path, std::string text);

}  // namespace drydock
