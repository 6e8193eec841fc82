// What was seen while one migration was rehearsed: up, down, up again. Plain values; checks judge
// them, reports print them, run.json carries them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/data_evidence.h"
#include "harness/model/failure.h"
#include "harness/model/isolation_evidence.h"
#include "harness/model/lock_evidence.h"
#include "harness/model/schema.h"

namespace drydock {

struct StatementRun {
  std::string file;
  int line = 0;
  std::string text;  ///< on one line, shortened
  std::string
      kind;  ///< the server's command tag words: "CREATE TABLE", "UPDATE" …; "" when unknown
  double duration_ms = 0;
  std::optional<std::int64_t> rows;  ///< rows affected, when the command tag tells
  std::vector<std::string> notices;  ///< "NOTICE: …", "WARNING: …"
  bool failed = false;
  double started_ms = 0;  ///< since the phase began
  Footprint footprint;
};

enum class PhaseName { kUp, kDown, kUpAgain };

/// failed: the migration's fault. errored: we could not tell (server died, time-out of ours,
/// cancelled). missing: no such script. skipped: not asked, or nothing to run it on.
enum class PhaseOutcome { kOk, kFailed, kErrored, kMissing, kSkipped };

struct Phase {
  PhaseName name = PhaseName::kUp;
  PhaseOutcome outcome = PhaseOutcome::kSkipped;
  double duration_ms = 0;  ///< from the first statement sent to the last answered
  std::optional<Failure> error;
  std::vector<StatementRun> statements;
  std::vector<std::string>
      notes;  ///< how it was sent when that is worth knowing; why it was skipped
  /// It failed in its only transaction, so that nothing of it is there. Sequences aside, which no
  /// rollback takes back.
  bool undone = false;
};

/// The evidence of one migration.
struct Rehearsal {
  std::string migration;  ///< Migration::id
  std::vector<std::string> up_files, down_files;
  bool layout_has_downs = true;  ///< the tool knows a way down from this migration
  bool has_down = false;
  bool down_is_empty = false;  ///< a down script exists but sends nothing
  bool judged = true;  ///< false: only applied, to get to the selected ones (--only, --since)
  Phase up{PhaseName::kUp, PhaseOutcome::kSkipped, 0, {}, {}, {}};
  Phase down{PhaseName::kDown, PhaseOutcome::kSkipped, 0, {}, {}, {}};
  Phase up_again{PhaseName::kUpAgain, PhaseOutcome::kSkipped, 0, {}, {}, {}};
  /// before the up against after the down; empty and meaningless unless down is ok.
  SchemaDiff restored;
  /// after the first up against after the second; meaningful only when up_again is ok.
  SchemaDiff reproduced;
  /// What a failed script left behind although it failed (scripts outside a transaction): the state
  /// before that phase against the state after it.
  SchemaDiff left_by_failure;
  DataEvidence data;
  LockEvidence locks;
  IsolationEvidence isolation;
  double duration_ms = 0;  ///< the whole rehearsal: scripts, observing and comparing
  bool recovered = false;  ///< the database had to be brought back to go on from
  /// What is wrong with the scenario, so that nothing more was seen; empty: nothing.
  std::string wrong_scenario;
  /// An earlier migration whose up failed, so that this one ran on a schema without it.
  std::string after_failed_migration;
};

}  // namespace drydock
