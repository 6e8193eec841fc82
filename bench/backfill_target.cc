#include "bench/backfill_target.h"

#include <fmt/format.h>

#include "bench/assigned_columns.h"
#include "bench/sql_words.h"
#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// The scenario's place, for errors.
std::string place_of(const BackfillRule& rule) {
  const std::string backfill = fmt::format("the backfill {}", rule.name);
  return rule.file.empty() ? backfill : fmt::format("{}:{}: {}", rule.file, rule.line, backfill);
}

/// `sql`, of which a part comes from the rule; what the server refuses is the rule's mistake.
Rows ask(Session& session, const BackfillRule& rule, const std::string& sql,
         const std::string& what, const std::string& remedy) {
  try {
    return session.query(sql);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    throw InputError(
        fmt::format("{}: the server refuses {}: {}", place_of(rule), what, error.message()),
        remedy);
  }
}

struct Relation {
  std::string oid;
  bool parent = false;
};

Relation find_table(Session& session, const BackfillRule& rule, BackfillTarget& target) {
  const std::string remedy = "Write it as SQL does, with its schema: \"table\": \"public.lots\".";
  const Rows rows =
      ask(session, rule,
          fmt::format(
              "SELECT c.oid, c.relkind, quote_ident(n.nspname) || '.' || quote_ident(c.relname),"
              " c.relkind = 'p' OR EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid)"
              " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
              " WHERE c.oid = to_regclass({})",
              sql_text(rule.table)),
          "the name of its table", remedy);
  if (rows.size() == 0) {
    throw InputError(
        fmt::format("{}: there is no table {} where it runs", place_of(rule), rule.table),
        remedy + " It runs behind the last migration, or behind the one that `after` names.");
  }
  if (rows.at(0, 1) != "r" && rows.at(0, 1) != "p") {
    throw InputError(fmt::format("{}: {} is no table", place_of(rule), rule.table),
                     "Name the table that holds the rows.");
  }
  target.table = rows.at(0, 2);
  return {std::string(rows.at(0, 0)), rows.at(0, 3) == "t"};
}

/// EXPLAIN plans and does nothing: names, types and rights are looked at.
void try_words(Session& session, const BackfillRule& rule, const BackfillTarget& target) {
  ask(session, rule, fmt::format("EXPLAIN SELECT FROM {} WHERE ({})", target.table, target.where),
      fmt::format("its condition, where {}", target.where),
      "`where` is what stands behind WHERE in an UPDATE of " + target.table + ".");
  ask(session, rule, "EXPLAIN " + update_statement(target, ""),
      fmt::format("its expression, set {}", target.set),
      "`set` is what stands behind SET in an UPDATE of " + target.table + ".");
}

/// Of an index in whose order `ORDER BY key` walks: the primary key's, else the smallest unique one
/// over columns that are never NULL.
void read_key(Session& session, const std::string& oid, BackfillTarget& target) {
  const Rows rows = session.query(fmt::format(
      "SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)"
      " FROM (SELECT i.indrelid, i.indkey, i.indnkeyatts FROM pg_index i"
      "   JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam"
      "   WHERE i.indrelid = {} AND i.indisunique AND i.indisvalid AND m.amname = 'btree'"
      "   AND i.indpred IS NULL AND i.indexprs IS NULL AND 0 = ALL (i.indoption::int2[])"
      "   AND NOT EXISTS (SELECT FROM pg_attribute n WHERE n.attrelid = i.indrelid"
      "     AND n.attnum = ANY (i.indkey[0:i.indnkeyatts - 1]) AND NOT n.attnotnull)"
      "   ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) k"
      " CROSS JOIN unnest(k.indkey::int2[]) WITH ORDINALITY o (number, place)"
      " JOIN pg_attribute a ON a.attrelid = k.indrelid AND a.attnum = o.number"
      " WHERE o.place <= k.indnkeyatts ORDER BY o.place",
      oid));
  for (int i = 0; i < rows.size(); ++i) {
    target.key.emplace_back(rows.at(i, 0));
    target.key_types.emplace_back(rows.at(i, 1));
  }
}

}  // namespace

std::string update_statement(const BackfillTarget& target, const std::string& rows) {
  return rows.empty()
             ? fmt::format("UPDATE {} SET {} WHERE {}", target.table, target.set, target.where)
             : fmt::format("UPDATE {} SET {} WHERE {} AND ({})", target.table, target.set, rows,
                           target.where);
}

BackfillTarget read_target(Session& session, const BackfillRule& rule) {
  BackfillTarget target;
  const Relation relation = find_table(session, rule, target);
  target.set = SqlWords(rule.set).text();
  target.where = SqlWords(rule.where).text();
  if (target.set.empty() || target.where.empty()) {
    throw InputError(
        fmt::format("{}: `{}` is empty", place_of(rule), target.set.empty() ? "set" : "where"),
        "Say what is to be done, and of which rows: \"set\": \"lot_code = upper(lot_number)\","
        " \"where\": \"lot_code IS NULL\".");
  }
  try_words(session, rule, target);
  target.assigned = assigned_columns(target.set);
  read_key(session, relation.oid, target);
  // A page number means nothing in a table that is made of others.
  target.ctid_ranges =
      !relation.parent &&
      std::stoi(std::string(session.query("SHOW server_version_num").at(0, 0))) >= 140000;
  return target;
}

}  // namespace drydock
