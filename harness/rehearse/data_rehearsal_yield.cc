// Generated rows that are in the way of an up yield: it may be right all the same, because
// production need not have such rows.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/sql_words.h"
#include "harness/observe/schema_diff.h"
#include "harness/rehearse/adversarial_trial.h"
#include "harness/rehearse/data_rehearsal.h"
#include "harness/rehearse/reason_of_failure.h"

namespace drydock {
namespace {

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

/// A leaf says nothing: rows are generated for the whole, and which leaf is met first is chance.
constexpr const char* kRootOfPartition =
    "select n.nspname, r.relname from pg_class c join pg_namespace cn on cn.oid = c.relnamespace "
    "join pg_class r on r.oid = pg_partition_root(c.oid) "
    "join pg_namespace n on n.oid = r.relnamespace "
    "where c.relispartition and cn.nspname = {} and c.relname = {}";

/// The failure with the partitioned table in place of its partition.
Failure about_root(Session& session, Failure failure) {
  if (failure.table.empty()) return failure;
  const Rows root = session.query(
      fmt::format(kRootOfPartition, sql_text(failure.schema), sql_text(failure.table)));
  if (root.size() == 0) return failure;
  failure.schema = root.at(0, 0);
  failure.table = root.at(0, 1);
  return failure;
}

std::string qualified(Session& session, const Failure& failure) {
  if (failure.table.empty()) return "";
  return std::string(session
                         .query(fmt::format("select format('%I.%I', {}, {})",
                                            sql_text(failure.schema), sql_text(failure.table)))
                         .at(0, 0));
}

}  // namespace

/// Class 22 (data exception), class 23 (integrity constraint violation), cardinality_violation,
/// program_limit_exceeded, and what RAISE, SELECT INTO STRICT and ASSERT in a script or trigger
/// give (PostgreSQL docs, appendix A).
bool can_be_the_rows(const std::string& sqlstate) {
  return sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate == "21000" ||
         sqlstate == "54000" || sqlstate == "P0001" || sqlstate == "P0002" || sqlstate == "P0003" ||
         sqlstate == "P0004";
}

bool DataRehearsal::may_yield(const Phase& up) const {
  return wants_rows() && up.outcome == PhaseOutcome::kFailed && up.error &&
         can_be_the_rows(up.error->sqlstate);
}

bool DataRehearsal::left_something(const Phase& up, const SchemaSnapshot* before) {
  if (!watching_ || before == nullptr) return !up.undone;
  workbench_.flush_counters_of_scripts();
  return !compare_schemas(*before, workbench_.observe()).empty() ||
         !workbench_.contents().compare(ContentsMatch::kByIdentity).empty();
}

bool DataRehearsal::yield(const Migration& migration, const SchemaSnapshot* before,
                          const std::vector<Step>& history, Rehearsal& rehearsal) {
  if (!may_yield(rehearsal.up)) return false;
  const Failure failure = about_root(workbench_.rows(), *rehearsal.up.error);
  if (yields_ == 0) {
    own_rows_ = {};
    bool applies = false;
    const std::string why = reason_of_failure([&] {
      know_own_rows(failure, migration, history);
      applies = workbench_.try_without_rows(history, migration).outcome == PhaseOutcome::kOk;
    });
    // Where that cannot be tried, yielding is: an up that applies to empty tables failed on rows.
    if (!applies && why.empty()) return false;
    rehearsal.data.tripped = TrippedUp{failure, "", {}};
  }
  if (left_something(rehearsal.up, before)) {
    std::vector<Step> steps = history;
    steps.insert(steps.end(), yielding_.begin(), yielding_.end());
    workbench_.rebuild(steps);
    database_replaced();
  }
  std::string yielded;
  const bool did = yield_once(failure, migration, *rehearsal.data.tripped, yielded);
  take_journal(yielding_);
  if (!did) return false;
  std::string& told = rehearsal.data.tripped->yielded;
  told += (told.empty() ? "" : "; ") + yielded;
  if (watching_) {
    workbench_.flush_counters_of(workbench_.rows());
    workbench_.contents().remember();
  }
  return true;
}

/// In the state before the up.
bool DataRehearsal::yield_once(const Failure& failure, const Migration& migration,
                               TrippedUp& tripped, std::string& yielded) {
  const std::string table = qualified(workbench_.rows(), failure);
  const int tries = yields_++;
  if (tries == 0 && !table.empty()) {
    const bool unique = failure.sqlstate == "23505";
    std::vector<std::string> columns;
    if (unique) columns = key_columns(failure.detail);
    if (failure.sqlstate == "23502") columns = {failure.table_column};
    // Of two rows alike, the one that gives way must not be one that nobody generated.
    const bool own = unique && own_rows_.count(table) > 0;
    if (!columns.empty() && !own && generator().repair(table, columns, unique)) {
      yielded = fmt::format("{} of {} got other values, {}", join(columns, ", "), table,
                            unique ? "each its own" : "none of them NULL");
      return true;
    }
  }
  if (tries <= 1 && !table.empty()) {
    yields_ = 2;
    yielded = empty_tables({table}, tripped);
    return true;
  }
  const std::vector<std::string> named =
      tries > 2 ? std::vector<std::string>{} : tables_named(migration.up, generator().tables());
  if (!named.empty()) {
    yields_ = 3;
    yielded = empty_tables(named, tripped);
    return true;
  }
  return false;
}

/// What nobody generated in the tables that may be emptied, before the up.
void DataRehearsal::know_own_rows(const Failure& failure, const Migration& migration,
                                  const std::vector<Step>& history) {
  std::vector<std::string> tables = tables_named(migration.up, generator().tables());
  tables.push_back(qualified(workbench_.rows(), failure));
  Session untouched = workbench_.without_rows(history);
  own_rows_ = generator().own_rows(untouched, tables);
}

/// What was done, in words.
std::string DataRehearsal::empty_tables(const std::vector<std::string>& names, TrippedUp& tripped) {
  std::map<std::string, std::string> emptied;
  for (const std::string& name : names) {
    for (const EmptiedTable& table : generator().empty(name, own_rows_)) {
      std::string words = table.table;
      if (table.kept > 0) {
        words += fmt::format(" (but for {} that nobody generated)",
                             plural(static_cast<std::size_t>(table.kept), "row"));
      } else if (!table.told_apart) {
        words += " (its generated rows could not be told from others)";
      }
      emptied[table.table] = words;
    }
  }
  std::vector<std::string> list;
  for (const auto& [table, words] : emptied) {
    list.push_back(words);
    auto& all = tripped.emptied;
    if (std::find(all.begin(), all.end(), table) == all.end()) all.push_back(table);
  }
  return "emptied: " + join(list, ", ");
}

void DataRehearsal::keep_yielding(std::vector<Step>& history) {
  history.insert(history.end(), yielding_.begin(), yielding_.end());
  yielding_.clear();
}

}  // namespace drydock
