#include "harness/rehearse/written_rows.h"

#include <fmt/format.h>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

std::int64_t number(std::string_view text) { return std::stoll(std::string(text)); }

/// What a table is after the down.
struct TableAfter {
  std::string name;                      ///< empty: gone
  bool same = false;                     ///< not another one of that name
  std::map<int, WrittenColumn> columns;  ///< by attnum

  const WrittenColumn* column(int attnum, const std::string& wanted) const {
    if (same) {
      const auto found = columns.find(attnum);
      if (found != columns.end()) return &found->second;
    }
    for (const auto& [number, column] : columns) {
      if (column.name == wanted) return &column;
    }
    return nullptr;
  }
};

/// "array['public.a','public.b']", of what `text_of` makes of each.
template <typename Items, typename TextOf>
std::string array_of(const Items& items, TextOf text_of) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ",") + sql_text(text_of(item));
  return "array[" + list + "]";
}

/// Of a pg_attribute row: name, type and its category, whether it is of the primary key.
constexpr const char* kColumn =
    "pg_catalog.quote_ident(attname), atttypid, (select typcategory from pg_catalog.pg_type y "
    "where y.oid = "
    "atttypid), exists (select from pg_catalog.pg_index x where x.indrelid = attrelid and "
    "indisprimary and attnum = any (indkey))";

WrittenColumn column_of(const Rows& rows, int row, int first) {
  const std::string_view category = rows.at(row, first + 2);
  return {std::string(rows.at(row, first)), std::string(rows.at(row, first + 1)),
          category.empty() ? 'U' : category.front(), rows.at(row, first + 3) == "t"};
}

std::vector<WrittenTable> shapes_of(Session& session, const std::set<std::string>& tables) {
  session.prepare_once(
      "drydock_written (text[])",
      fmt::format(
          "select t.name, c.oid, c.relkind = 'p', attnum, {} from pg_catalog.unnest($1) with "
          "ordinality t(name, n) join pg_catalog.pg_class c on c.oid = t.name::pg_catalog.regclass "
          "join pg_catalog.pg_attribute a on attrelid = c.oid where attnum > 0 and not "
          "attisdropped order by n, attnum",
          kColumn));
  const Rows rows =
      session.query(fmt::format("execute drydock_written({})",
                                array_of(tables, [](const std::string& table) { return table; })));
  std::vector<WrittenTable> written;
  for (int row = 0; row < rows.size(); ++row) {
    if (written.empty() || written.back().name != rows.at(row, 0)) {
      written.push_back({std::string(rows.at(row, 0)),
                         std::string(rows.at(row, 1)),
                         rows.at(row, 2) == "t",
                         0,
                         {}});
    }
    written.back().columns[static_cast<int>(number(rows.at(row, 3)))] = column_of(rows, row, 4);
  }
  return written;
}

/// What became of the tables: the same ones, else those that have their names now.
std::vector<TableAfter> look_after(Session& session, const std::vector<WrittenTable>& written) {
  session.prepare_once(
      "drydock_written_after (oid[], text[])",
      fmt::format(
          "select n, pg_catalog.format('%I.%I', nspname, relname), c.oid = t.oid, attnum, {} "
          "from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2)) with ordinality "
          "t(oid, name, n) join pg_catalog.pg_class c on c.oid = case when exists "
          "(select from pg_catalog.pg_class same where same.oid = t.oid) then t.oid else "
          "pg_catalog.to_regclass(t.name) end join pg_catalog.pg_namespace s on s.oid = "
          "relnamespace left join pg_catalog.pg_attribute a on attrelid = c.oid and attnum > 0 and "
          "not attisdropped",
          kColumn));
  const Rows rows = session.query(
      fmt::format("execute drydock_written_after({}::oid[], {})",
                  array_of(written, [](const WrittenTable& table) { return table.oid; }),
                  array_of(written, [](const WrittenTable& table) { return table.name; })));
  std::vector<TableAfter> after(written.size());
  for (int row = 0; row < rows.size(); ++row) {
    TableAfter& table = after[static_cast<std::size_t>(number(rows.at(row, 0))) - 1];
    table.name = rows.at(row, 1);
    table.same = rows.at(row, 2) == "t";
    if (rows.is_null(row, 3)) continue;
    table.columns[static_cast<int>(number(rows.at(row, 3)))] = column_of(rows, row, 4);
  }
  return after;
}

bool in_database(const SchemaSnapshot& before, const std::string& table,
                 const WrittenColumn& column) {
  return before.find({"column", table + "." + column.name}) != nullptr;
}

/// `survivors`: rows in it that were not there before the new ones.
NewRowsLoss loss_of(const WrittenTable& written, const TableAfter& after, std::int64_t survivors,
                    const SchemaSnapshot& before) {
  NewRowsLoss loss;
  loss.table = written.name;
  loss.written = written.rows;
  loss.table_dropped = after.name.empty();
  const std::string name = after.name.empty() ? written.name : after.name;
  loss.made_by_up = before.find({"table", name}) == nullptr;
  loss.lost = loss.table_dropped ? written.rows : written.rows - survivors;
  if (loss.table_dropped) return loss;
  for (const auto& [attnum, column] : written.columns) {
    if (column.values == 0 || after.column(attnum, column.name) != nullptr) continue;
    loss.columns.push_back({column.name, column.values, !in_database(before, name, column), false});
  }
  return loss;
}

std::int64_t added_in(const ContentsDiff& diff, const std::string& table) {
  const TableChange* change = find_table(diff, table);
  return change != nullptr ? change->added : 0;
}

std::string setting_of(std::size_t table) { return fmt::format("drydock.written_{}", table); }

/// The primary key of the row `t` as one text; empty: there is none, or it is not complete.
/// `name_of` gives a column's name; empty: it is gone.
template <typename NameOf>
std::string key_text(const WrittenTable& table, NameOf name_of) {
  std::vector<std::string> parts;
  for (const auto& [attnum, column] : table.columns) {
    if (!column.key) continue;
    const std::string name = name_of(attnum, column);
    if (name.empty()) return "";
    parts.push_back("drydock_t." + name + "::text");
  }
  if (parts.size() < 2) return parts.empty() ? "" : parts.front();
  return "pg_catalog.jsonb_build_array(" + join(parts, ", ") + ")::text";
}

std::string key_before(const WrittenTable& table) {
  return key_text(table, [](int, const WrittenColumn& column) { return column.name; });
}

/// Whether values of the two print alike when they are the same: of one type, or both words, or
/// both numbers.
bool comparable(const WrittenColumn& before, const WrittenColumn& after) {
  const auto words = [](const WrittenColumn& column) {
    return column.category == 'S' || column.category == 'E';
  };
  return before.type == after.type || (words(before) && words(after)) ||
         (before.category == 'N' && after.category == 'N');
}

std::string json_key(const WrittenColumn& column) {
  const std::vector<std::string> parts = plain_name_parts(column.name);
  return sql_text(parts.empty() ? column.name : parts.front());
}

/// Rows (table, attnum, values that are others now); empty: there is nothing to compare.
std::string overwritten_question(std::size_t number, const WrittenTable& table,
                                 const TableAfter& after) {
  const std::string key = key_text(table, [&](int attnum, const WrittenColumn& column) {
    const WrittenColumn* now = after.column(attnum, column.name);
    return now != nullptr ? now->name : std::string();
  });
  std::vector<std::string> pairs;
  for (const auto& [attnum, column] : table.columns) {
    const WrittenColumn* now = after.column(attnum, column.name);
    if (now == nullptr || column.values == 0 || !comparable(column, *now)) continue;
    pairs.push_back(fmt::format("({}, {}, {})", attnum, json_key(column), json_key(*now)));
  }
  if (after.name.empty() || key.empty() || pairs.empty()) return "";
  return fmt::format(
      "select {0}, c.attnum, pg_catalog.count(*) from pg_catalog.jsonb_each(nullif("
      "pg_catalog.current_setting({1}, true), '')::pg_catalog.jsonb) w(k, v) join (select {2} as "
      "k, "
      "pg_catalog.to_jsonb(drydock_t) as v from {3}{4} drydock_t) n on n.k = w.k cross join "
      "(values "
      "{5}) c(attnum, old, now) where w.v->>c.old is not null and case when "
      "pg_catalog.jsonb_typeof(w.v->c.old) = 'number' and pg_catalog.jsonb_typeof(n.v->c.now) = "
      "'number' then (n.v->>c.now)::numeric <> (w.v->>c.old)::numeric else n.v->>c.now is distinct "
      "from w.v->>c.old end group by c.attnum",
      number, sql_text(setting_of(number)), key, table.partitioned ? "" : "only ", after.name,
      join(pairs, ", "));
}

/// Dropping and renaming change no value, and most downs do nothing else.
bool may_change_values(const std::vector<Script>& scripts) {
  for (const Script& script : scripts) {
    for (const Query& query : script.queries) {
      const std::string text = to_lower(query.text);
      for (const char* word :
           {"update", "merge", "insert", "type", "select", "call", "do", "execute"}) {
        if (text.find(word) != std::string::npos) return true;
      }
    }
  }
  return false;
}

/// The settings that decide how values print.
constexpr const char* kPrintSettings =
    "pg_catalog.unnest(array['timezone', 'intervalstyle', 'extra_float_digits', "
    "'bytea_output']) s";

std::string note_print() {
  return fmt::format(
      "select pg_catalog.set_config('drydock.written_' || s, pg_catalog.current_setting(s), false) "
      "from {}",
      kPrintSettings);
}

/// Values print as they did at note_print().
std::string same_print() {
  return fmt::format(
      "select pg_catalog.set_config(s, coalesce(nullif(pg_catalog.current_setting("
      "'drydock.written_' || s, true), ''), pg_catalog.current_setting(s)), true) from {}",
      kPrintSettings);
}

void add_overwritten(Session& session, const std::vector<WrittenTable>& written,
                     const std::vector<TableAfter>& after, const SchemaSnapshot& before,
                     std::vector<NewRowsLoss>& losses) {
  std::vector<std::string> questions;
  for (std::size_t i = 0; i < written.size(); ++i) {
    std::string question = overwritten_question(i, written[i], after[i]);
    if (!question.empty()) questions.push_back(std::move(question));
  }
  if (questions.empty()) return;
  const std::vector<Rows> answers =
      session.query_all(same_print() + "; " + join(questions, " union all "));
  const Rows& rows = answers.back();
  for (int row = 0; row < rows.size(); ++row) {
    const auto table = static_cast<std::size_t>(number(rows.at(row, 0)));
    const WrittenColumn& column =
        written[table].columns.at(static_cast<int>(number(rows.at(row, 1))));
    const std::string& name = after[table].name;
    losses[table].columns.push_back(
        {column.name, number(rows.at(row, 2)), !in_database(before, name, column), true});
  }
}

}  // namespace

std::vector<WrittenTable> look_at_written(Session& session, const std::set<std::string>& tables,
                                          const std::string& xid) {
  std::vector<WrittenTable> written = shapes_of(session, tables);
  std::string counts;
  for (std::size_t i = 0; i < written.size(); ++i) {
    std::string columns;
    for (const auto& [attnum, column] : written[i].columns) {
      columns += ", pg_catalog.count(" + column.name + ")";
    }
    const std::string key = key_before(written[i]);
    counts += fmt::format(
        "{}select {}, array[pg_catalog.count(*){}]::text{} from {}{} drydock_t where "
        "xmin::text::bigint >= "
        "{}",
        i > 0 ? " union all " : "", i, columns,
        key.empty()
            ? ", ''"
            : fmt::format(", pg_catalog.set_config({}, coalesce(pg_catalog.jsonb_object_agg("
                          "{}, pg_catalog.to_jsonb(drydock_t))::text, ''), false)",
                          sql_text(setting_of(i)), key),
        written[i].partitioned ? "" : "only ",  // as contents are looked at
        written[i].name, xid);
  }
  if (counts.empty()) return written;
  const std::vector<Rows> answers = session.query_all(note_print() + "; " + counts);
  const Rows& rows = answers.back();
  for (int row = 0; row < rows.size(); ++row) {
    WrittenTable& table = written[static_cast<std::size_t>(number(rows.at(row, 0)))];
    const std::string_view list = rows.at(row, 1);
    const std::vector<std::string> values = split(list.substr(1, list.size() - 2), ',');
    table.rows = number(values.front());
    std::size_t at = 1;
    for (auto& [attnum, column] : table.columns) column.values = number(values[at++]);
  }
  return written;
}

const TableChange* find_table(const ContentsDiff& diff, const std::string& table) {
  for (const TableChange& change : diff.tables) {
    if (change.table == table || change.renamed_to == table) return &change;
  }
  return nullptr;
}

std::vector<NewRowsLoss> losses_of(Session& session, const std::vector<WrittenTable>& written,
                                   const std::vector<Script>& scripts, const ContentsDiff& diff,
                                   const ContentsDiff& anyway, const SchemaSnapshot& before) {
  const std::vector<TableAfter> after = look_after(session, written);
  std::vector<NewRowsLoss> losses;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::string& name = after[i].name.empty() ? written[i].name : after[i].name;
    losses.push_back(
        loss_of(written[i], after[i], added_in(diff, name) - added_in(anyway, name), before));
  }
  if (may_change_values(scripts)) add_overwritten(session, written, after, before, losses);
  return losses;
}

}  // namespace drydock
