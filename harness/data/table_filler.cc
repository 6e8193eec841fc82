#include "harness/data/table_filler.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/data/sql_expression.h"
#include "harness/data/sql_words.h"

namespace drydock {
namespace {

/// Rounds of candidates when conditions let only some through, each with more of them.
constexpr int kRounds = 9;
constexpr std::int64_t kMostCandidates = 2'000'000;
constexpr std::int64_t kMostTriedOneByOne = 20'000;
constexpr int kMostTries = 8;

std::int64_t number_of(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

/// "INSERT 0 5" → 5
std::int64_t rows_of(const std::string& tag) {
  const std::size_t blank = tag.rfind(' ');
  return blank == std::string::npos ? 0 : number_of(std::string_view(tag).substr(blank + 1));
}

}  // namespace

std::string words_of(const ServerError& error) {
  std::string words = error.message;
  if (!error.detail.empty()) words += " (" + shorten(one_line(error.detail), 160) + ")";
  return words;
}

/// What is tried, and what became of it.
struct TableFiller::Attempt {
  PlanInput input;
  std::int64_t before = 0;  ///< rows at the beginning
  std::int64_t missing = 0;
  std::int64_t next = 1;  ///< number of the next candidate
  std::int64_t most = kUnlimited;
  bool skip_collisions = false;
  bool one_by_one = false;
  bool triggers_off = false;
  int tries = 1;
  std::string scarce_key;
  std::optional<ServerError> error;  ///< of the last try
  std::string first_words;           ///< the server's, of the first try
  std::string impossible, culprit;
};

TableFiller::TableFiller(Session& session, const ShapeReader& shapes, const Scenario& scenario,
                         std::vector<std::string>& journal)
    : session_(session), shapes_(shapes), scenario_(scenario), journal_(journal) {}

const TableRule* TableFiller::rule_of(const TableShape& table) const {
  const auto found = scenario_.tables.find(table.display());
  return found == scenario_.tables.end() ? nullptr : &found->second;
}

Reply TableFiller::run(const std::string& sql) {
  Reply reply = session_.send(sql, SteadyClock::now() + kPatience);
  throw_if_cancelled();
  if (!session_.connected()) {
    throw Error("the connection was lost while rows were generated: " +
                (reply.error ? reply.error->message : std::string("no answer")));
  }
  if (reply.ok) journal_.push_back(sql);
  return reply;
}

std::int64_t TableFiller::count(const TableShape& table) {
  return number_of(session_.query("SELECT count(*) FROM " + table.only_sql()).at(0, 0));
}

FilledTable TableFiller::fill(const TableShape& table, std::int64_t wanted,
                              const std::map<std::size_t, Postponed>& postponed, bool& grew) {
  FilledTable filled;
  filled.table = table.display();
  filled.wanted = wanted;
  check_rule(table);
  Attempt attempt;
  const RowsInPlace rows = look_at_rows(table);
  attempt.before = filled.rows = rows.count;
  attempt.missing = wanted - attempt.before;
  if (attempt.missing > 0) {
    if (table.partitioned && table.leaves.empty()) {
      attempt.impossible = "it is partitioned and has no partition that could take a row";
    } else {
      attempt.input = input(table, rows, attempt.missing, 1);
      attempt.input.postponed = postponed;
      insert_rows(table, attempt);
      advance_sequences(table);
      filled.rows = count(table);
    }
  }
  grew = filled.rows > attempt.before;
  tell(table, attempt, filled);
  return filled;
}

void TableFiller::insert_rows(const TableShape& table, Attempt& attempt) {
  int barren = 0;
  int round = 0;
  while (attempt.missing > 0 && attempt.tries <= kMostTries) {
    const RowPlan plan(attempt.input);
    attempt.impossible = plan.impossible();
    attempt.culprit = plan.culprit();
    if (!attempt.impossible.empty()) {
      if (plan.culprit().empty() || !guess_value(table, attempt)) return;
      continue;
    }
    attempt.most = plan.most_rows();
    attempt.scarce_key = plan.scarce_key();
    const std::int64_t wanted = std::min(attempt.missing, attempt.most);
    // Later rounds look at more candidates, since most of the earlier ones were not let through.
    std::int64_t candidates =
        round == 0 ? wanted
                   : std::min(kMostCandidates, std::max<std::int64_t>(200, wanted) << round);
    if (attempt.one_by_one)
      candidates = std::min(kMostTriedOneByOne, std::max<std::int64_t>(500, wanted * 5));
    const std::int64_t last = attempt.next + candidates - 1;
    std::string sql = attempt.one_by_one
                          ? plan.insert_one_by_one(attempt.next, last, wanted)
                          : plan.insert(attempt.next, last, wanted,
                                        attempt.skip_collisions || plan.may_collide());
    if (attempt.triggers_off) sql = "SET LOCAL session_replication_role = replica;\n" + sql;
    const Reply reply = run(sql);
    if (!reply.ok) {
      attempt.error = reply.error;
      if (attempt.first_words.empty()) attempt.first_words = words_of(*reply.error);
      if (!learn(*reply.error, table, attempt)) return;
      ++attempt.tries;
      round = barren = 0;
      continue;
    }
    attempt.next = last + 1;
    const std::int64_t now = attempt.one_by_one ? count(table) : 0;
    const std::int64_t got = attempt.one_by_one
                                 ? now - (attempt.before + attempt.input.wanted - attempt.missing)
                                 : rows_of(reply.command_tag);
    if (got == 0) journal_.pop_back();
    attempt.missing -= got;
    if (attempt.missing <= 0 || attempt.input.wanted - attempt.missing >= attempt.most) return;
    barren = got == 0 ? barren + 1 : 0;
    // A round of candidates that collide is no sign that all do.
    const int patience = plan.may_collide() || attempt.skip_collisions ? 4 : 1;
    if (++round > kRounds || barren > patience || attempt.one_by_one) {
      if (attempt.input.wanted > attempt.missing && !attempt.one_by_one) return;
      if (!try_harder(table, attempt)) return;
      round = barren = 0;
    }
  }
}

/// A type that nobody knows may still take one of the texts that many types take.
bool TableFiller::guess_value(const TableShape& table, Attempt& attempt) {
  const ColumnShape* column = table.column(attempt.culprit);
  if (column == nullptr || attempt.input.fixed.contains(column->name)) return false;
  for (const char* text : {"1", "a", "0", "t", "", "{}", "(1,2)", "[1,2]", "2024-01-01", "1.5",
                           "a.b", "1,2", "<a/>"}) {
    const std::string sql = fmt::format("{}::{}", sql_text(text), column->type_sql);
    if (!session_.send("SELECT " + sql, SteadyClock::now() + kPatience).ok) continue;
    attempt.input.fixed[column->name] = sql;
    return true;
  }
  return false;
}

/// What the server's words say about the next try. False: nothing is left to try.
bool TableFiller::learn(const ServerError& error, const TableShape& table, Attempt& attempt) {
  if (error.sqlstate == "57014") return false;  // it takes too long, and would again
  if (error.sqlstate == "23502" && !error.column.empty() && error.table == table.name &&
      attempt.input.never_null.insert(error.column).second)
    return true;
  if (error.sqlstate == "23505" && !attempt.skip_collisions) return attempt.skip_collisions = true;
  if (error.sqlstate.starts_with("22") || error.sqlstate.starts_with("42")) {
    // A value that its column does not take; by type alone they are plainer.
    if (attempt.input.plain_columns.empty()) {
      for (const ColumnShape& column : table.columns)
        attempt.input.plain_columns.insert(column.name);
      return true;
    }
  }
  return try_harder(table, attempt);
}

bool TableFiller::try_harder(const TableShape& table, Attempt& attempt) {
  ++attempt.tries;
  if (!attempt.input.broad) return attempt.input.broad = true;
  if (!attempt.one_by_one) return attempt.one_by_one = true;
  if (attempt.triggers_off) return false;
  const Rows rows =
      session_.query(fmt::format("SELECT count(*) FROM pg_trigger WHERE tgrelid = {} AND NOT "
                                 "tgisinternal AND tgenabled <> 'D'",
                                 table.oid));
  if (rows.at(0, 0) == "0") return false;
  attempt.triggers_off = true;
  attempt.one_by_one = attempt.input.broad = false;
  return true;
}

/// What the database gives next must not be what is there already.
void TableFiller::advance_sequences(const TableShape& table) {
  for (const ColumnShape& column : table.columns) {
    std::string sequence = column.sequence.empty() ? "" : sql_text(column.sequence);
    if (sequence.empty()) {
      const Expression usual = read_expression(column.default_sql);
      if (usual.is_call("nextval") && !usual.parts.empty())
        sequence = sql_text(usual.parts[0].text);
    }
    if (sequence.empty() || !is_integer(base_type(shapes_.types(), column.type))) continue;
    run(fmt::format(
        "SELECT setval({0}::regclass, m.largest) FROM (SELECT max({1})::bigint AS largest"
        " FROM {2}) m, pg_sequence s WHERE s.seqrelid = {0}::regclass"
        " AND s.seqincrement > 0 AND m.largest BETWEEN s.seqmin AND s.seqmax"
        " AND m.largest > coalesce(pg_sequence_last_value(s.seqrelid), 0)",
        sequence, sql_name(column.name), table.only_sql()));
  }
}

std::string TableFiller::remedy(const TableShape& table, const std::string& column) const {
  return fmt::format(
      "Say in the scenario how its values are made: \"data\": {{\"tables\": {{\"{}\": "
      "{{\"columns\": "
      "{{\"{}\": {{\"value\": \"…\"}}}}}}}}}}; or \"rows\": 0 instead of \"columns\" to leave it "
      "empty.",
      table.display(), column);
}

void TableFiller::tell(const TableShape& table, const Attempt& attempt, FilledTable& filled) const {
  if (filled.rows >= filled.wanted || attempt.missing <= 0) {
    if (attempt.triggers_off) {
      filled.note = "with triggers off, because " + attempt.first_words;
    } else if (attempt.tries > 1) {
      filled.note = fmt::format("after {}: {}",
                                plural(static_cast<std::size_t>(attempt.tries), "try", "tries"),
                                attempt.first_words);
    }
    return;
  }
  const std::string column = !attempt.culprit.empty() ? attempt.culprit
                             : attempt.error && !attempt.error->column.empty()
                                 ? attempt.error->column
                             : table.columns.empty() ? "…"
                                                     : table.columns.back().name;
  if (!attempt.impossible.empty()) {
    filled.problem = attempt.impossible;
    filled.remedy = remedy(table, column);
  } else if (filled.rows > 0 && !attempt.scarce_key.empty()) {
    filled.note = fmt::format("{} must be unique, and no more values fit", attempt.scarce_key);
  } else if (filled.rows > 0) {
    filled.note = "no more rows were found that its conditions accept";
  } else {
    filled.problem =
        attempt.error ? words_of(*attempt.error) : "no row was found that its conditions accept";
    filled.remedy = remedy(table, column);
  }
}

}  // namespace drydock
