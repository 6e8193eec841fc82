#include "harness/observe/unproven_constraints.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// A finding shows this many of the rows that break a constraint.
constexpr int kExamples = 5;

/// Foreign keys and NOT VALID checks of user tables, each with a query for the rows that break it.
/// A row breaks MATCH SIMPLE when all its columns have values and no such row is referred to.
constexpr const char* kConstraints = R"sql(
select format('%I.%I', n.nspname, t.relname), c.conname, pg_get_constraintdef(c.oid),
  c.contype = 'f', c.convalidated,
  case when c.contype = 'f' then format(
    'select concat_ws('', '', %s) from %s x where %s and not exists (select from %s y where %s)',
    (select string_agg(format('%L || x.%I', a.attname || ' = ', a.attname), ', ' order by k.n)
       from unnest(c.conkey) with ordinality k(attnum, n)
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum),
    c.conrelid::regclass,
    (select string_agg(format('x.%I is not null', a.attname), ' and ' order by k.n)
       from unnest(c.conkey) with ordinality k(attnum, n)
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum),
    c.confrelid::regclass,
    (select string_agg(format('y.%I = x.%I', fa.attname, a.attname), ' and ' order by k.n)
       from unnest(c.conkey, c.confkey) with ordinality k(attnum, fattnum, n)
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
       join pg_attribute fa on fa.attrelid = c.confrelid and fa.attnum = k.fattnum))
  else format('select left(x::text, 200) from %s x where not (%s)', c.conrelid::regclass,
    pg_get_expr(c.conbin, c.conrelid)) end,
  row_security_active(c.conrelid) or (c.confrelid <> 0 and row_security_active(c.confrelid))
from pg_constraint c join pg_class t on t.oid = c.conrelid
  join pg_namespace n on n.oid = t.relnamespace
where c.contype in ('f', 'c') and (c.contype = 'f' or not c.convalidated)
  and c.conparentid = 0 and c.oid >= 16384 and n.nspname !~ '^pg_'
order by 1, 2)sql";

}  // namespace

ConstraintObserver::Constraints ConstraintObserver::read() {
  Constraints constraints;
  session_.prepare_once("drydock_constraints", kConstraints);
  const Rows rows = session_.query("EXECUTE drydock_constraints");
  for (int row = 0; row < rows.size(); ++row) {
    Known known;
    known.definition = rows.at(row, 2);
    known.foreign_key = rows.at(row, 3) == "t";
    known.validated = rows.at(row, 4) == "t";
    known.broken_rows = rows.at(row, 5);
    known.hidden = rows.at(row, 6) == "t";
    constraints.emplace(std::pair(std::string(rows.at(row, 0)), std::string(rows.at(row, 1))),
                        std::move(known));
  }
  return constraints;
}

void ConstraintObserver::count(const Known& known, UnprovenConstraint& constraint) {
  if (known.hidden) {
    constraint.problem = "row security keeps rows from the role that counts";
    return;
  }
  try {
    const Rows number =
        session_.query(fmt::format("select count(*) from ({}) broken", known.broken_rows));
    constraint.broken = std::stoll(std::string(number.at(0, 0)));
    if (constraint.broken == 0) return;
    const Rows examples = session_.query(fmt::format(
        "select distinct * from ({}) broken order by 1 limit {}", known.broken_rows, kExamples));
    for (int row = 0; row < examples.size(); ++row) {
      constraint.examples.emplace_back(examples.at(row, 0));
    }
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    constraint.problem = error.message();  // the script took a table or column of it away
  }
}

void ConstraintObserver::remember(bool same) {
  before_ = same ? seen_ : read();
  seen_ = before_;
  for (auto& [key, known] : before_) {
    if (known.validated) continue;
    UnprovenConstraint counted;
    count(known, counted);
    known.broken = counted.broken;
  }
}

std::vector<UnprovenConstraint> ConstraintObserver::unproven(bool unenforced) {
  std::vector<UnprovenConstraint> found;
  seen_ = read();
  for (auto& [key, known] : seen_) {
    const auto old = before_.find(key);
    if (old != before_.end()) known.broken = old->second.broken;
    if (known.validated && !unenforced) continue;
    UnprovenConstraint constraint;
    constraint.table = key.first;
    constraint.constraint = key.second;
    constraint.definition = known.definition;
    constraint.unchecked = known.validated;
    constraint.was_there = old != before_.end() && !old->second.validated && !known.validated;
    constraint.broken_before = known.broken;
    count(known, constraint);
    known.broken = constraint.broken;
    if (!constraint.unchecked || constraint.broken > 0) found.push_back(std::move(constraint));
  }
  for (const auto& [key, known] : before_) {
    if (!known.foreign_key || seen_.contains(key)) continue;
    UnprovenConstraint constraint;
    constraint.table = key.first;
    constraint.constraint = key.second;
    constraint.definition = known.definition;
    constraint.dropped = true;
    constraint.broken_before = known.broken;
    count(known, constraint);
    if (constraint.problem.empty()) found.push_back(std::move(constraint));
  }
  return found;
}

bool keeps_keys_unenforced(std::string_view sql) {
  const std::string text = to_lower(one_line(sql));
  return text.find("session_replication_role") != std::string::npos ||
         text.find("disable trigger") != std::string::npos;
}

}  // namespace drydock
