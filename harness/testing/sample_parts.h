// What sample runs are made of: one statement, phase, finding or migration each, of the ordinary
// kind.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock::testing {

/// Ids of the checks that the ordinary migration was judged by.
const std::vector<std::string>& cycle_checks();

CheckText check_text(const std::string& id);

StatementRun statement(const std::string& file, int line, const std::string& kind,
                       const std::string& text, double duration_ms);

Phase ran(PhaseName name, std::vector<StatementRun> statements);
Phase stopped(PhaseName name, PhaseOutcome outcome, Failure failure,
              std::vector<StatementRun> statements);
Phase not_run(PhaseName name, PhaseOutcome outcome, const std::string& note);

Failure failure(const std::string& sqlstate, const std::string& message, const std::string& file,
                int line, int column, const std::string& source);

Finding finding(const std::string& check, Severity severity, const std::string& message,
                const std::string& file, int line, const std::string& fingerprint);

SchemaDifference difference(ChangeKind change, const std::string& kind, const std::string& name,
                            DifferenceClass weight, const std::string& ddl);

/// A migration whose three phases ran and whose checks all passed.
MigrationResult passed(const std::string& id, const std::string& table);

void set_outcome(MigrationResult& result, const std::string& check, Outcome outcome,
                 const std::string& reason = "");

/// Markup and XML ends, quotes, control characters, bytes that are no UTF-8, right-to-left text
/// with a direction override, an emoji.
std::string hostile_text();

}  // namespace drydock::testing
