// Tries of those who are no tenant at the moment, or not the application: without a proper context,
// as the owner, as a role that no policy names.
#include <fmt/format.h>

#include "harness/observe/isolation_statements.h"

namespace drydock {

IsolationStatements::Attempts IsolationStatements::without_proper_context() const {
  Attempts all;
  add_everybody(all, IsolationSituation::kEmptyContext, entries_.empty_context);
  add_everybody(all, IsolationSituation::kMalformedContext, entries_.malformed_context);
  add_everybody(all, IsolationSituation::kUnknownTenant, entries_.unknown_tenant);
  return all;
}

IsolationStatements::Attempts IsolationStatements::never_had_context() const {
  Attempts all;
  add_everybody(all, IsolationSituation::kNoContext, entries_.no_context);
  return all;
}

void IsolationStatements::add_everybody(Attempts& all, IsolationSituation situation,
                                        const std::string& enter) const {
  if (enter.empty()) return;
  for (IsolationAttempt& each : of_everybody()) {
    each.situation = situation;
    each.enter = enter;
    if (each.command != IsolationCommand::kInsert) {
      each.other_rows = subject_.rows - subject_.nobody;
    }
    all.push_back(std::move(each));
  }
}

IsolationStatements::Attempts IsolationStatements::of_everybody() const {
  Attempts all;
  const std::string anybody = whose_ + " IS NOT NULL";
  if (may("SELECT")) {
    all.push_back(attempt(IsolationCommand::kSelect, select("").sql));
    all.back().reads = subject_.sees_whole_rows;
    if (all.back().reads) all.back().measure = measure_of(anybody, seen_rows(table_));
    all.back().shown = fmt::format("SELECT * FROM {}", table_.sql);
  }
  if (may("INSERT")) {
    all.push_back(attempt(IsolationCommand::kInsert, insert(other_, "")));
    all.back().setup = take_away(other_);
    all.back().measure =
        measure_of(anybody, fmt::format("{} t WHERE {}", table_.sql, other_.place));
    all.back().other_rows = 1;
  }
  if (may("UPDATE") && subject_.written >= 0) {
    all.push_back(attempt(IsolationCommand::kUpdateAll,
                          fmt::format("UPDATE {} SET {}", table_.sql, set_written(own_))));
    all.back().setup = kTriggersOff;
    all.back().measure = measure_of(anybody, fmt::format("{} t WHERE t.xmin = $3", table_.sql));
  }
  if (may("DELETE")) {
    all.push_back(attempt(IsolationCommand::kDeleteAll, fmt::format("DELETE FROM {}", table_.sql)));
    all.back().setup = kTriggersOff;
    all.back().measure = counted_measure("");
  }
  return all;
}

/// The owner and the other role read whole rows, whatever columns the application may read.
IsolationAttempt IsolationStatements::read_by(IsolationSituation situation,
                                              const std::string& enter,
                                              const std::string& others) const {
  IsolationAttempt made = attempt(
      IsolationCommand::kSelect,
      fmt::format("SELECT pg_catalog.array_agg(t.tableoid), pg_catalog.array_agg(t.ctid) FROM {} t",
                  table_.sql));
  made.situation = situation;
  made.enter = enter;
  made.reads = true;
  made.measure = measure_of(others, seen_rows(table_));
  made.shown = fmt::format("SELECT * FROM {}", table_.sql);
  return made;
}

IsolationStatements::Attempts IsolationStatements::by_others() const {
  Attempts all;
  if (!may("SELECT")) return all;
  if (!entries_.owner.empty()) {
    all.push_back(read_by(IsolationSituation::kOwner, entries_.owner, of_b()));
    all.push_back(
        read_by(IsolationSituation::kOwner, entries_.owner_no_context, whose_ + " IS NOT NULL"));
    all.back().other_rows = subject_.rows - subject_.nobody;
  }
  if (!entries_.other_role.empty()) {
    all.push_back(read_by(IsolationSituation::kOtherRole, entries_.other_role, of_b()));
  }
  return all;
}

std::optional<IsolationAttempt> IsolationStatements::copy() const {
  if (!may("SELECT") || !subject_.sees_whole_rows) return {};
  IsolationAttempt made =
      attempt(IsolationCommand::kCopy, fmt::format("COPY {} TO STDOUT", table_.sql));
  made.own_rows = subject_.rows_of(a_);  // what goes beyond is others'
  return made;
}

}  // namespace drydock
