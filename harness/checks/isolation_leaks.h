// What the application's role got at although it should not, in words: first what it can do and
// under which circumstances, then a handful of rows, then a statement to try it with.
#pragma once

#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"

namespace drydock {

using Probes = std::vector<const IsolationProbe*>;

/// The tries of the table that came out so. Points into `table`.
Probes probes_with(const TableIsolation& table, IsolationVerdict verdict);

/// "SELECT sees 12 of 40 rows", "INSERT adds a row".
std::string what_it_does(const IsolationProbe& probe);

/// What the server answered, where it was more than a number of rows; else empty.
std::string server_words(const IsolationProbe& probe);

/// Lines, each after a line break: what can be done between two tenants, what without a context and
/// so on, rows that were reached, a statement to try. Of tries that follow from another
/// (COPY from SELECT) only that one is told. Empty: `leaks` is.
std::string leak_lines(const TableIsolation& table, const Probes& leaks, const std::string& role);

/// The same for what a finding is known by: no number, no row.
std::vector<std::string> leak_names(const Probes& leaks);

}  // namespace drydock
