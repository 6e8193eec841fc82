#include "harness/observe/contents_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <set>

#include "harness/base/text.h"
#include "harness/observe/catalog_query.h"

namespace drydock {
namespace {

template <typename Number>
Number number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The server's own objects have smaller oids.
constexpr Oid kFirstOwnOid = 16384;

/// Catalog rows of a table are written by later and later transactions, so that the sum of their
/// distances from a fixed transaction id grows with every change.
constexpr const char* kVersions = "sum(age('3'::xid) - age(w.xmin))";

constexpr const char* kWritten =
    "pg_catalog.pg_stat_get_tuples_inserted(c.oid)"
    " + pg_catalog.pg_stat_get_tuples_updated(c.oid)"
    " + pg_catalog.pg_stat_get_tuples_deleted(c.oid)";

/// The version of a table's catalog rows. Indexes are looked up table by table: adding them up for
/// all at once would sort them first, because the planner knows no statistics.
std::string versions_of_table() {
  return fmt::format(
      R"(c.xmin || ' ' || coalesce((SELECT {0} FROM pg_attribute w WHERE w.attrelid = c.oid AND w.attnum > 0), 0)
    || ' ' || (SELECT count(*) || ' ' || coalesce({0}, 0) FROM pg_index w WHERE w.indrelid = c.oid))",
      kVersions);
}

std::string versions_of_types() {
  return fmt::format(
      R"((SELECT count(*) || ' ' || coalesce({0}, 0) FROM pg_enum w WHERE w.oid >= 16384) || ' ' ||
  (SELECT count(*) || ' ' || coalesce({0}, 0) FROM pg_type w WHERE w.oid >= 16384
     AND w.typtype IN ('b', 'd', 'e', 'm', 'r') AND w.typcategory <> 'A') || ' ' ||
  (SELECT count(*) || ' ' || coalesce({0}, 0) FROM pg_class w WHERE w.relkind = 'c'
     AND w.oid >= 16384) || ' ' ||
  (SELECT count(*) || ' ' || coalesce({0}, 0) FROM pg_class r JOIN pg_attribute w ON
    w.attrelid = r.oid WHERE r.relkind = 'c' AND r.oid >= 16384))",
      kVersions);
}

/// `in_transaction`: counters are to have what it wrote. `versions`: nobody else tells them.
/// Members of extensions are listed once and not looked up table by table.
std::string look_statement(bool in_transaction, bool versions) {
  std::string written = kWritten;
  if (in_transaction) {
    written +=
        " + pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)"
        " + pg_stat_get_xact_tuples_deleted(c.oid)";
  }
  return fmt::format(
      R"(SELECT c.oid, CASE WHEN c.relispopulated THEN c.relkind ELSE 'u' END, format('%I.%I', n.nspname, c.relname),
  CASE WHEN c.relispartition THEN pg_partition_root(c.oid)::oid ELSE 0 END, c.relfilenode, {},
  {}, {},
  CASE WHEN c.relrowsecurity AND row_security_active(c.oid) THEN quote_ident(current_user) ELSE '' END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't'
  AND c.oid NOT IN (SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'))",
      written, versions ? versions_of_table() : "''", versions ? versions_of_types() : "''");
}

/// Of the tables numbered $1, as keys_statement(). It is mostly one: what is LATERAL with OFFSET 0
/// is looked up row by row, where a join would read the whole catalog. The base type of a domain
/// over a domain is looked no further for: its values count as text.
std::string columns_statement() {
  return fmt::format(
      R"(SELECT a.attrelid, a.attnum, a.attname, quote_ident(a.attname),
  format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod, a.attnotnull,
  {},
  EXISTS (SELECT FROM pg_cast k WHERE k.oid >= 16384 AND k.castmethod = 'f'
    AND k.castsource = b.oid AND k.casttarget = 'text'::regtype),
  CASE WHEN b.typnamespace = 11 THEN b.typname ELSE '' END
FROM pg_attribute a
  CROSS JOIN LATERAL (SELECT t.oid, t.typtype, t.typbasetype FROM pg_type t
                      WHERE t.oid = a.atttypid OFFSET 0) t
  CROSS JOIN LATERAL (SELECT b.oid, b.typname, b.typnamespace, b.typtype FROM pg_type b
                      WHERE b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
                      OFFSET 0) b
  LEFT JOIN LATERAL (SELECT l.collisdeterministic FROM pg_collation l
                     WHERE l.oid = a.attcollation OFFSET 0) l ON true
WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum)",
      sql_equal_is_identical("b", "l"));
}

/// The primary key, else the narrowest unique index that no row can escape.
std::string keys_statement() {
  return R"(SELECT DISTINCT ON (i.indrelid) i.indrelid,
  array_to_string((i.indkey::int2[])[0:i.indnkeyatts - 1], ' ')
FROM pg_index i
WHERE i.indrelid = ANY ($1) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
  AND i.indexprs IS NULL
  AND (i.indisprimary OR NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid
    AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]) AND NOT a.attnotnull))
ORDER BY i.indrelid, NOT i.indisprimary, i.indnkeyatts, i.indexrelid)";
}

ValueFamily family_of(std::string_view type) {
  static const std::map<std::string_view, ValueFamily> families = {
      {"int2", ValueFamily::kExactNumber},   {"int4", ValueFamily::kExactNumber},
      {"int8", ValueFamily::kExactNumber},   {"numeric", ValueFamily::kExactNumber},
      {"text", ValueFamily::kText},          {"varchar", ValueFamily::kText},
      {"name", ValueFamily::kText},          {"bpchar", ValueFamily::kPaddedText},
      {"json", ValueFamily::kJson},          {"jsonb", ValueFamily::kJson},
      {"date", ValueFamily::kMoment},        {"timestamp", ValueFamily::kMoment},
      {"timestamptz", ValueFamily::kMoment}, {"uuid", ValueFamily::kUuid}};
  const auto found = families.find(type);
  return found == families.end() ? ValueFamily::kOther : found->second;
}

/// A cast to text that somebody wrote may do what it likes; format() prints what the type prints.
std::string printed(const std::string& name, bool own_cast) {
  return own_cast ? fmt::format(
                        "(CASE WHEN {0} IS DISTINCT FROM NULL THEN format('%s', {0}) END"
                        " COLLATE \"C\")",
                        name)
                  : fmt::format("({}::text COLLATE \"C\")", name);
}

WatchedColumn column_shape(const Rows& rows, int row) {
  WatchedColumn column;
  column.number = number<int>(rows.at(row, 1));
  column.name = rows.at(row, 2);
  column.type = rows.at(row, 4);
  column.type_oid = number<Oid>(rows.at(row, 5));
  column.type_modifier = number<int>(rows.at(row, 6));
  column.required = rows.at(row, 7) == "t";
  column.digest.name = rows.at(row, 3);
  column.digest.identity = rows.at(row, 8) == "t";
  column.digest.text = printed(column.digest.name, rows.at(row, 9) == "t");
  column.family = family_of(rows.at(row, 10));
  return column;
}

std::shared_ptr<WatchedTable> empty_shape(const TableMark& mark) {
  auto shape = std::make_shared<WatchedTable>();
  shape->oid = mark.oid;
  shape->name = mark.name;
  shape->kind = mark.relkind == 'm' || mark.relkind == 'u' ? ContentsKind::kMaterializedView
                                                           : ContentsKind::kTable;
  shape->source = (mark.relkind == 'r' ? "ONLY " : "") + mark.name;
  return shape;
}

}  // namespace

bool WatchedTable::uses_own_types() const {
  return std::any_of(columns.begin(), columns.end(),
                     [](const WatchedColumn& column) { return column.type_oid >= kFirstOwnOid; });
}

const WatchedColumn* WatchedTable::column(int wanted) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const WatchedColumn& column) {
    return column.number == wanted;
  });
  return found == columns.end() ? nullptr : &*found;
}

const WatchedColumn* WatchedTable::column(const std::string& wanted) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const WatchedColumn& column) {
    return column.name == wanted;
  });
  return found == columns.end() ? nullptr : &*found;
}

ContentsTables::ContentsTables(TouchedSource touched) : touched_(std::move(touched)) {
  static std::atomic<int> made = 0;
  number_ = ++made;
}

/// Forgets what is told to be touched.
ContentsTables::Look ContentsTables::kind_of_look(const ContentsTransaction& transaction) {
  if (transaction.inside_another()) return Look::kInside;
  const std::optional<Touched> touched = touched_ ? touched_() : std::nullopt;
  if (!touched || touched->everything) return Look::kAlone;
  for (const Oid oid : touched->relations) known_.erase(oid);
  if (touched->types) ++types_told_;
  return Look::kTold;
}

std::map<Oid, TableMark> ContentsTables::look(ContentsTransaction& transaction) {
  const Look kind = kind_of_look(transaction);
  const char* const way = kind == Look::kInside  ? "inside"
                          : kind == Look::kAlone ? "alone"
                                                 : "told";
  const std::string name = fmt::format("drydock_look_{}_{}", way, number_);
  if (!prepared_.contains(kind)) {
    transaction.query(fmt::format("PREPARE {} AS {}", name,
                                  look_statement(kind == Look::kInside, kind != Look::kTold)));
    prepared_.insert(kind);
  }
  // Counters are remembered by the server until the transaction ends, unless they are dropped.
  const Rows rows = transaction.query("SELECT pg_stat_clear_snapshot(); EXECUTE " + name);
  std::map<Oid, TableMark> marks;
  for (int row = 0; row < rows.size(); ++row) {
    TableMark mark;
    mark.oid = number<Oid>(rows.at(row, 0));
    mark.relkind = rows.at(row, 1).front();
    mark.name = rows.at(row, 2);
    mark.root = number<Oid>(rows.at(row, 3));
    mark.files = {{mark.oid, number<Oid>(rows.at(row, 4))}};
    mark.written = number<std::int64_t>(rows.at(row, 5));
    mark.versions = rows.at(row, 6);
    mark.types =
        kind == Look::kTold ? fmt::format("told {}", types_told_) : std::string(rows.at(row, 7));
    mark.hidden_from = rows.at(row, 8);
    marks.emplace(mark.oid, std::move(mark));
  }
  std::set<Oid> foreign;
  for (const auto& [oid, mark] : marks) {
    if (mark.relkind == 'f') foreign.insert(mark.root != 0 ? mark.root : oid);
    const auto root = marks.find(mark.root);
    if (root == marks.end()) continue;
    root->second.files.push_back(mark.files.front());
    root->second.written += mark.written;
  }
  // Rows that live elsewhere are not the migration's to keep.
  for (const Oid oid : foreign) marks.erase(oid);
  return marks;
}

bool can_be_read(const TableMark& mark) {
  return mark.root == 0 && mark.relkind != 'u' && mark.hidden_from.empty();
}

std::map<Oid, std::int64_t> written_rows(Session& session) {
  const Rows rows = session.query(
      fmt::format("SELECT c.oid, {} FROM pg_catalog.pg_class c WHERE c.oid >= {} AND c.relkind IN "
                  "('r', 'p', 'm')",
                  kWritten, kFirstOwnOid));
  std::map<Oid, std::int64_t> written;
  for (int row = 0; row < rows.size(); ++row) {
    written[number<Oid>(rows.at(row, 0))] = number<std::int64_t>(rows.at(row, 1));
  }
  return written;
}

void ContentsTables::read_shapes(ContentsTransaction& transaction, const std::string& oids,
                                 std::map<Oid, std::shared_ptr<WatchedTable>>& read) {
  if (!readings_prepared_) {
    transaction.query(
        fmt::format("PREPARE drydock_columns_{0} (oid[]) AS {1}; PREPARE drydock_keys_{0} (oid[]) "
                    "AS {2}",
                    number_, columns_statement(), keys_statement()));
    readings_prepared_ = true;
  }
  const std::vector<Rows> answers = transaction.query_all(
      fmt::format("EXECUTE drydock_columns_{0}('{{{1}}}'); EXECUTE drydock_keys_{0}('{{{1}}}')",
                  number_, oids));
  const Rows& columns = answers.at(0);
  for (int row = 0; row < columns.size(); ++row) {
    read[number<Oid>(columns.at(row, 0))]->columns.push_back(column_shape(columns, row));
  }
  const Rows& keys = answers.at(1);
  for (int row = 0; row < keys.size(); ++row) {
    for (const std::string& part : split(keys.at(row, 1), ' ')) {
      read[number<Oid>(keys.at(row, 0))]->key.push_back(number<int>(part));
    }
  }
}

bool ContentsTables::is_good(const Known& known, const TableMark& mark) {
  if (known.shape->name != mark.name) return false;
  if (!mark.versions.empty() && known.versions != mark.versions) return false;
  return known.types == mark.types || !known.shape->uses_own_types();
}

std::map<Oid, std::shared_ptr<const WatchedTable>> ContentsTables::shapes(
    ContentsTransaction& transaction, const std::vector<const TableMark*>& marks) {
  KnownTables& tables = transaction.inside_another() ? known_inside_ : known_;
  std::map<Oid, std::shared_ptr<WatchedTable>> read;
  std::vector<std::string> oids;
  for (const TableMark* mark : marks) {
    const auto known = tables.find(mark->oid);
    if (known != tables.end() && is_good(known->second, *mark)) continue;
    read[mark->oid] = empty_shape(*mark);
    oids.push_back(std::to_string(mark->oid));
  }
  if (!oids.empty()) read_shapes(transaction, join(oids, ","), read);
  std::map<Oid, std::shared_ptr<const WatchedTable>> shapes;
  for (const TableMark* mark : marks) {
    if (const auto found = read.find(mark->oid); found != read.end()) {
      tables[mark->oid] = {mark->versions, mark->types, found->second};
    }
    shapes[mark->oid] = tables[mark->oid].shape;
  }
  return shapes;
}

}  // namespace drydock
