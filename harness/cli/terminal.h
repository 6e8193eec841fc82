// What the terminal can do, and a progress display on it.
#pragma once

#include <memory>

#include "harness/rehearse/progress.h"
#include "reports/console.h"

namespace drydock {

/// Style for standard output: colours only on a terminal, never with NO_COLOR or --no-color.
ConsoleStyle console_style(bool no_color, bool quiet);

/// A bar on stderr when it is a terminal, a line per troubled migration otherwise, nothing when
/// quiet. It prints the layout line on stdout as soon as the layout is known.
std::unique_ptr<ProgressListener> make_progress(bool quiet);

}  // namespace drydock
