// The database in which a backfill is measured: migrated, filled, every row undone, settled; and
// copies of it, one for each measurement.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/backfill_target.h"
#include "harness/model/backfill.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/observe/traffic_probes.h"
#include "harness/postgres/server.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

class BackfillStage {
 public:
  /// `server` has production settings. Applies the migrations that `rule` asks for and fills the
  /// table. Throws InputError for what the rule says and cannot be (see read_target; no row that is
  /// to be done), Error, Cancelled.
  BackfillStage(Server& server, const Scenario& scenario, const MigrationSet& set,
                const BackfillRule& rule);

  const BackfillTarget& target() const { return target_; }
  const BackfillRule& rule() const { return rule_; }
  /// Rows that are to be done.
  std::int64_t rows() const { return rows_; }
  /// What the table holds when all are (see backfill_print).
  const std::string& done_print() const { return done_print_; }
  /// What an application does meanwhile; none: the table takes none, and notes() say why.
  const std::vector<ProbeStatement>& traffic() const { return traffic_; }
  const std::vector<std::string>& notes() const { return notes_; }

  /// A copy, its pages read and nothing of it to be written any more.
  std::unique_ptr<ScratchDatabase> copy();
  ConnectionInfo administrator(const ScratchDatabase& database) const;

 private:
  std::vector<Step> history() const;
  void prepare();
  std::string take_from_migration();
  void fill();
  void undo(Session& session);
  void plan_traffic();
  void run_once();

  Server& server_;
  Scenario scenario_;  ///< with rows as the rule wants them
  const MigrationSet& set_;
  BackfillRule rule_;
  Workbench workbench_;
  BackfillTarget target_;
  std::int64_t rows_ = 0;
  std::string done_print_;
  std::vector<ProbeStatement> traffic_;
  std::vector<std::string> notes_;
};

}  // namespace drydock
