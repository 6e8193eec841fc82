// Generated rows that are in the way of an up yield: it may be right all the same, because
// production need not have such rows.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/sql_words.h"
#include "harness/observe/schema_diff.h"
#include "harness/rehearse/data_rehearsal.h"
#include "harness/rehearse/hostile_trial.h"
#include "harness/rehearse/reason_of_failure.h"

namespace drydock {
namespace {

/// Class 22 (data exception), class 23 (integrity constraint violation), cardinality_violation,
/// program_limit_exceeded, and what RAISE, SELECT INTO STRICT and ASSERT in a script or trigger
/// give (PostgreSQL docs, appendix A).
bool can_be_the_rows(const std::string& sqlstate) {
  return sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate == "21000" ||
         sqlstate == "54000" || sqlstate == "P0001" || sqlstate == "P0002" || sqlstate == "P0003" ||
         sqlstate == "P0004";
}

/// "Key (tenant_id, lower(code))=(1, a) is duplicated." to tenant_id and code.
std::vector<std::string> key_columns(const std::string& detail) {
  const std::size_t open = detail.find("Key (");
  const std::size_t close = detail.find(")=(");
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> columns;
  for (std::string part : split(detail.substr(open + 5, close - open - 5), ',')) {
    if (const std::size_t call = part.rfind('('); call != std::string::npos) {
      part = part.substr(call + 1, part.find(')', call) - call - 1);
    }
    columns.emplace_back(trim(part.substr(0, part.find("::"))));
    std::erase(columns.back(), '"');
  }
  return columns;
}

std::string qualified(Session& session, const Failure& failure) {
  if (failure.table.empty()) return "";
  return std::string(session
                         .query(fmt::format("select format('%I.%I', {}, {})",
                                            sql_text(failure.schema), sql_text(failure.table)))
                         .at(0, 0));
}

}  // namespace

bool DataRehearsal::may_yield(const Phase& up) const {
  return wants_rows() && up.outcome == PhaseOutcome::kFailed && up.error &&
         can_be_the_rows(up.error->sqlstate);
}

bool DataRehearsal::yield(const Migration& migration, const SchemaSnapshot& schema,
                          const std::vector<Step>& history, Rehearsal& rehearsal) {
  if (!may_yield(rehearsal.up)) return false;
  const Failure failure = *rehearsal.up.error;
  if (yields_ == 0) {
    bool applies = false;
    const std::string why = reason_of_failure([&] {
      applies = workbench_.try_without_rows(history, migration).outcome == PhaseOutcome::kOk;
    });
    // Where that cannot be tried, yielding is: an up that applies to empty tables failed on rows.
    if (!applies && why.empty()) return false;
    rehearsal.data.tripped = TrippedUp{failure, ""};
  }
  workbench_.flush_counters();
  if (!compare_schemas(schema, workbench_.observe()).empty() ||
      !workbench_.contents().compare(ContentsMatch::kByIdentity).empty()) {
    std::vector<Step> steps = history;
    steps.insert(steps.end(), yielding_.begin(), yielding_.end());
    workbench_.rebuild(steps);
    database_replaced();
  }
  std::string yielded;
  const bool did = yield_once(failure, tables_named(migration.up, schema), yielded);
  take_journal(yielding_);
  if (!did) return false;
  std::string& told = rehearsal.data.tripped->yielded;
  told += (told.empty() ? "" : "; ") + yielded;
  workbench_.flush_counters();
  workbench_.contents().remember();
  return true;
}

bool DataRehearsal::yield_once(const Failure& failure, const std::vector<std::string>& named,
                               std::string& yielded) {
  const std::string table = qualified(workbench_.rows(), failure);
  const int tries = yields_++;
  if (tries == 0 && !table.empty()) {
    const bool unique = failure.sqlstate == "23505";
    std::vector<std::string> columns;
    if (unique) columns = key_columns(failure.detail);
    if (failure.sqlstate == "23502") columns = {failure.table_column};
    if (!columns.empty() && generator().repair(table, columns, unique)) {
      yielded = fmt::format("{} of {} got other values, {}", join(columns, ", "), table,
                            unique ? "each its own" : "none of them NULL");
      return true;
    }
  }
  if (tries <= 1 && !table.empty()) {
    yields_ = 2;
    yielded = "emptied: " + join(generator().empty(table), ", ");
    return true;
  }
  if (tries <= 2 && !named.empty()) {
    yields_ = 3;
    std::vector<std::string> emptied;
    for (const std::string& name : named) {
      for (const std::string& one : generator().empty(name)) emptied.push_back(one);
    }
    std::sort(emptied.begin(), emptied.end());
    emptied.erase(std::unique(emptied.begin(), emptied.end()), emptied.end());
    yielded = "emptied: " + join(emptied, ", ");
    return true;
  }
  return false;
}

void DataRehearsal::keep_yielding(std::vector<Step>& history) {
  history.insert(history.end(), yielding_.begin(), yielding_.end());
  yielding_.clear();
}

}  // namespace drydock
