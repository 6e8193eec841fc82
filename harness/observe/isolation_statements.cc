#include "harness/observe/isolation_statements.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Examples shown of a leak.
constexpr int kExamples = 3;

}  // namespace

IsolationStatements::IsolationStatements(const IsolationSubject& subject,
                                         const IsolationEntries& entries,
                                         const std::string& tenant_a, const std::string& tenant_b)
    : subject_(subject),
      table_(*subject.table),
      entries_(entries),
      a_(tenant_a),
      b_(tenant_b),
      own_(subject.samples.at(tenant_a)),
      other_(subject.samples.at(tenant_b)),
      whose_(tenant_text(*subject.table)) {}

bool IsolationStatements::may(const char* privilege) const {
  const auto& all = table_.facts.privileges;
  return std::find(all.begin(), all.end(), privilege) != all.end();
}

IsolationAttempt IsolationStatements::attempt(IsolationCommand command,
                                              const std::string& sql) const {
  IsolationAttempt made;
  made.command = command;
  made.enter = entries_.tenant;
  made.sql = sql;
  made.own_rows = subject_.own_rows_of(a_);
  made.other_rows = subject_.rows_of(b_);
  made.nobody = subject_.nobody;
  made.example = other_.label;
  return made;
}

std::string IsolationStatements::measure_of(const std::string& others,
                                            const std::string& rows) const {
  return fmt::format(
      "SELECT pg_catalog.count(*) FILTER (WHERE {0} = {1}), pg_catalog.count(*) FILTER (WHERE {2}),"
      " pg_catalog.array_to_string((pg_catalog.array_agg({3}) FILTER (WHERE {2}))[1:{4}], E'\\x1f')"
      " FROM {5}",
      whose_, sql_text(a_), others, label_sql(table_), kExamples, rows);
}

IsolationAttempt IsolationStatements::select(const std::string& lock) const {
  IsolationAttempt made;
  if (subject_.sees_whole_rows) {
    made.sql = fmt::format(
        "SELECT pg_catalog.array_agg(s.o), pg_catalog.array_agg(s.c) FROM"
        " (SELECT t.tableoid AS o, t.ctid AS c FROM {} t{}) s",
        table_.sql, lock);
    made.reads = true;
    return made;
  }
  // Places are seen only by who may see whole rows; then the count has to tell.
  made.sql = fmt::format("SELECT FROM {} t{}", table_.sql, lock);
  return made;
}

/// Rows that went, or came: the difference to how many there were.
std::string IsolationStatements::counted_measure(const std::string& others) const {
  return fmt::format(
      "SELECT {0} - pg_catalog.count(*) FILTER (WHERE {1} = {2}),"
      " {3} - pg_catalog.count(*) FILTER (WHERE {4}), NULL FROM {5} t",
      subject_.rows_of(a_), whose_, sql_text(a_),
      others.empty() ? subject_.rows - subject_.nobody : subject_.rows_of(b_),
      others.empty() ? whose_ + " IS NOT NULL" : others, table_.sql);
}

std::string IsolationStatements::insert(const SampleRow& values, const std::string& tail) const {
  std::vector<std::string> columns, literals;
  bool identity = false;
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    const TenancyColumn& column = table_.columns[i];
    if (!column.writable || !column.may_insert || i >= values.literals.size()) continue;
    columns.push_back(column.name);
    literals.push_back(values.literals[i]);
    identity = identity || column.always_identity;
  }
  return fmt::format("INSERT INTO {} ({}){} VALUES ({}){}", table_.sql, join(columns, ", "),
                     identity ? " OVERRIDING SYSTEM VALUE" : "", join(literals, ", "), tail);
}

SampleRow IsolationStatements::with_columns(const SampleRow& row,
                                            const std::vector<std::string>& columns,
                                            const std::vector<std::string>& literals) const {
  SampleRow made = row;
  for (std::size_t i = 0; i < table_.columns.size() && i < made.literals.size(); ++i) {
    const auto found = std::find(columns.begin(), columns.end(), table_.columns[i].name);
    if (found != columns.end()) made.literals[i] = literals.at(found - columns.begin());
  }
  return made;
}

/// So that a copy of the row runs into no key.
std::string IsolationStatements::take_away(const SampleRow& row) const {
  return fmt::format("{}DELETE FROM {} t WHERE {}; {}", kTriggersOff, table_.sql, row.place,
                     kTriggersOn);
}

std::string IsolationStatements::set_written(const SampleRow& from) const {
  return fmt::format("{} = {}", table_.columns[subject_.written].name,
                     from.literals[subject_.written]);
}

std::string IsolationStatements::of_b() const {
  return fmt::format("{} = {}", whose_, sql_text(b_));
}

/// What makes a row the tenant's that `to` belongs to; empty: the role cannot write it.
std::string IsolationStatements::set_tenant(const SampleRow& to) const {
  std::vector<std::string> columns{table_.tenant_column};
  if (const TenancyReference* reference = tenant_reference(table_)) columns = reference->columns;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    const TenancyColumn& column = table_.columns[i];
    if (std::find(columns.begin(), columns.end(), column.name) == columns.end()) continue;
    if (!column.writable || !column.may_update || column.always_identity) return {};
    parts.push_back(fmt::format("{} = {}", column.name, to.literals[i]));
  }
  return table_.facts.link == TenantLink::kRoot ? "" : join(parts, ", ");
}

IsolationStatements::Attempts IsolationStatements::between_tenants(bool thoroughly) const {
  Attempts all;
  add_reads(all);
  add_inserts(all);
  add_changes_of_tenant(all);
  add_updates(all, thoroughly);
  add_deletes(all);
  add_keys(all);
  add_references(all);
  if (may("TRUNCATE")) {
    all.push_back(
        attempt(IsolationCommand::kTruncate, fmt::format("TRUNCATE {} CASCADE", table_.sql)));
  }
  return all;
}

void IsolationStatements::add_reads(Attempts& all) const {
  if (!may("SELECT")) return;
  for (const bool locks : {false, true}) {
    if (locks && !may("UPDATE")) continue;
    // Locks are written: only where the role could see who else's a row is, others' rows are asked
    // for alone.
    const bool own_column = table_.facts.link != TenantLink::kParent && subject_.sees_whole_rows;
    IsolationAttempt read =
        select(!locks ? "" : (own_column ? " WHERE " + of_b() : std::string()) + " FOR UPDATE");
    IsolationAttempt made =
        attempt(locks ? IsolationCommand::kLockRows : IsolationCommand::kSelect, read.sql);
    made.reads = read.reads;
    made.measure = measure_of(of_b(), seen_rows(table_));
    made.shown = fmt::format("SELECT * FROM {} t WHERE {} = {}{}", table_.sql, table_.tenant_sql,
                             sql_text(b_), locks ? " FOR UPDATE" : "");
    made.own_by_measure = !locks;
    made.own_shown = fmt::format("SELECT * FROM {} t WHERE {} = {}", table_.sql, table_.tenant_sql,
                                 sql_text(a_));
    if (!made.reads) {
      made.own_rows = subject_.rows_of(a_);  // what goes beyond is others'
      made.measure = fmt::format("SELECT {}, 0, NULL", made.own_rows);
    }
    all.push_back(std::move(made));
  }
}

void IsolationStatements::add_inserts(Attempts& all) const {
  if (!may("INSERT")) return;
  for (const bool own : {true, false}) {
    const SampleRow& row = own ? own_ : other_;
    IsolationAttempt made = attempt(IsolationCommand::kInsert, insert(row, ""));
    if (own) made.situation = IsolationSituation::kOwn;
    made.own_rows = 1;
    made.other_rows = 1;
    made.setup = take_away(row);
    made.measure = measure_of(of_b(), fmt::format("{} t WHERE {}", table_.sql, row.place));
    all.push_back(std::move(made));
  }
  add_insert_of_own_for_other(all);
}

/// A row that is one's own but for its tenant: policies that only look at other columns let it in.
void IsolationStatements::add_insert_of_own_for_other(Attempts& all) const {
  if (table_.facts.link != TenantLink::kColumn) return;
  const auto column =
      std::find_if(table_.columns.begin(), table_.columns.end(),
                   [&](const TenancyColumn& each) { return each.name == table_.tenant_column; });
  if (column == table_.columns.end() || !column->writable || !column->may_insert) return;
  const auto at = static_cast<std::size_t>(column - table_.columns.begin());
  const SampleRow row = with_columns(own_, {column->name}, {other_.literals[at]});
  IsolationAttempt made = attempt(IsolationCommand::kInsert, insert(row, ""));
  made.other_rows = 1;
  made.setup = take_away(own_);
  made.variant = "one's own row";
  made.example = own_.label;
  made.measure = b_rows_more();
  all.push_back(std::move(made));
}

/// How many rows more than before are b's.
std::string IsolationStatements::b_rows_more() const {
  return fmt::format("SELECT 0, pg_catalog.count(*) FILTER (WHERE {} = {}) - {}, NULL FROM {} t",
                     whose_, sql_text(b_), subject_.rows_of(b_), table_.sql);
}

void IsolationStatements::add_changes_of_tenant(Attempts& all) const {
  if (!may("UPDATE")) return;
  if (const std::string theirs = set_tenant(other_); !theirs.empty()) {
    IsolationAttempt move =
        attempt(IsolationCommand::kMove, fmt::format("UPDATE {} SET {}", table_.sql, theirs));
    move.measure = b_rows_more();
    move.example = own_.label;
    all.push_back(std::move(move));
  }
  if (const std::string mine = set_tenant(own_); !mine.empty()) {
    IsolationAttempt theft =
        attempt(IsolationCommand::kUpdateAll, fmt::format("UPDATE {} SET {}", table_.sql, mine));
    theft.setup = kTriggersOff;
    theft.variant = IsolationAttempt::kTheft;
    theft.measure = counted_measure(of_b());
    all.push_back(std::move(theft));
  }
}

void IsolationStatements::add_updates(Attempts& all, bool thoroughly) const {
  if (!may("UPDATE") || subject_.written < 0) return;
  const std::string update = fmt::format("UPDATE {} SET {}", table_.sql, set_written(own_));
  IsolationAttempt whole = attempt(IsolationCommand::kUpdateAll, update);
  whole.setup = kTriggersOff;
  whole.measure = measure_of(of_b(), fmt::format("{} t WHERE t.xmin = $3", table_.sql));
  whole.own_by_measure = true;
  if (thoroughly || set_tenant(own_).empty()) all.push_back(whole);
  if (!may("SELECT")) return;
  IsolationAttempt mine =
      attempt(IsolationCommand::kUpdate, fmt::format("{} WHERE {}", update, own_.place));
  mine.setup = kTriggersOff;
  mine.situation = IsolationSituation::kOwn;
  mine.own_rows = 1;
  all.push_back(std::move(mine));
  IsolationAttempt one =
      attempt(IsolationCommand::kUpdate, fmt::format("{} WHERE {}", update, other_.place));
  one.setup = kTriggersOff;
  one.other_rows = 1;
  all.push_back(one);
  one.command = IsolationCommand::kReturning;
  one.sql += " RETURNING *";
  if (subject_.sees_whole_rows) all.push_back(one);
}

void IsolationStatements::add_deletes(Attempts& all) const {
  if (!may("DELETE")) return;
  const std::string sql = fmt::format("DELETE FROM {}", table_.sql);
  IsolationAttempt whole = attempt(IsolationCommand::kDeleteAll, sql);
  whole.setup = kTriggersOff;
  whole.measure = counted_measure(of_b());
  whole.own_by_measure = true;
  all.push_back(whole);
  if (!may("SELECT")) return;
  IsolationAttempt one =
      attempt(IsolationCommand::kDelete, fmt::format("{} WHERE {}", sql, other_.place));
  one.setup = kTriggersOff;
  one.other_rows = 1;
  all.push_back(one);
}

}  // namespace drydock
