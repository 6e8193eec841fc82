// Evidence as plain text, for the formats that have no layout of their own: where a statement
// failed with a caret below the place, and what differs between two schemas. All of it is
// printable.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

/// "file:line:column"; parts that are not known are left out.
std::string location(const std::string& file, int line, int column = 0);

/// A message in one line: its first, and when that only introduces a list ("…:"), the first item.
std::string headline(const std::string& message);

/// The evidence that a check judged, as far as it is worth showing beside its findings.
struct Subject {
  const Phase* phase = nullptr;             ///< what had to run
  const SchemaDiff* differences = nullptr;  ///< what had to be empty
};
Subject subject_of(const Rehearsal& evidence, const std::string& check);

/// The source line and a caret below its column, at most `width` columns: none when not known.
///   "  3 | alter table users drop column emial;"
///   "    |                               ^"
std::vector<std::string> source_lines(const Failure& failure, int width);

/// What the server said beyond the message: detail, hint, context.
std::vector<std::string> server_lines(const Failure& failure);

/// One difference: a line that starts with - (missing), + (extra) or ! (changed), then indented
/// lines with the two values or the statement that mends it.
std::vector<std::string> difference_lines(const SchemaDifference& difference);

/// The worst first; at most `limit` differences, then a line that tells how many were left out.
std::vector<std::string> diff_lines(const SchemaDiff& differences, std::size_t limit);

/// "12 ms", or the outcome when the phase did not run through.
std::string phase_cell(const Phase& phase);

/// Why a migration could not be judged, one line a reason: its errored checks, else its errored
/// phases.
std::vector<std::string> errored_reasons(const MigrationResult& migration);

/// Everything that the subject of a check adds to its findings, as text ending with a newline.
std::string subject_text(const Subject& subject, int width, std::size_t limit);

}  // namespace drydock
