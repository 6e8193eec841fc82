#include "harness/observe/contents_row_statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Examples of one kind: enough to see what happened.
constexpr int kSamples = 5;
/// Characters of a value or a row in a report: long enough to be recognised.
constexpr int kShown = 200;

/// SQL that prints "name = value, name = value" from texts.
std::string row_words(const std::vector<std::pair<std::string, std::string>>& columns) {
  std::string words;
  for (const auto& [name, text] : columns) {
    const std::string lead = (words.empty() ? "" : ", ") + name + " = ";
    words += fmt::format("{}{} || coalesce({}, 'NULL')", words.empty() ? "" : " || ",
                         sql_text(lead), text);
  }
  return words.empty() ? "''" : fmt::format("left({}, {})", words, kShown);
}

/// Shorter texts first, so that numbers stand in their order.
std::string text_order(const std::string& column) {
  return fmt::format("length({0}), {0}", column);
}

/// The name without its schema, by which an expression may call the table.
std::string bare_name(const std::string& qualified) {
  bool quoted = false;
  for (std::size_t i = 0; i < qualified.size(); ++i) {
    if (qualified[i] == '"') quoted = !quoted;
    if (qualified[i] == '.' && !quoted) return qualified.substr(i + 1);
  }
  return qualified;
}

std::string image_columns(const WatchedTable& table) {
  std::string columns = "true AS here";
  for (const WatchedColumn& column : table.columns) columns += ", " + image_column(column.number);
  return columns;
}

/// The remembered rows with columns of their old names and types, beside the image's own: what a
/// transform's expression is written for.
std::string typed_rows(const TablePair& tables) {
  std::string columns = "true AS here";
  for (const WatchedColumn& column : tables.before->columns) {
    const std::string image = image_column(column.number);
    const std::string source = tables.image.empty() ? "NULL::text" : image;
    columns += fmt::format(", {0} AS {1}, {0}::{2} AS {3}", source, image, column.type,
                           column.digest.name);
  }
  return fmt::format("(SELECT {} {}) AS {}", columns,
                     tables.image.empty() ? "WHERE false" : "FROM " + tables.image,
                     bare_name(tables.before->name));
}

/// What the transform asks for, as the column would print it.
std::string expected(const ColumnPair& pair) {
  return fmt::format("((({})::{})::text COLLATE \"C\")", pair.transform, pair.now->type);
}

}  // namespace

RowStatements::RowStatements(const TablePair& tables) : tables_(tables) {
  for (const ColumnPair& pair : tables.columns) {
    if (pair.now == nullptr) {
      forms_.emplace_back();
    } else if (!pair.transform.empty()) {
      forms_.push_back({{fmt::format("e{}", forms_.size()), pair.now->digest.text}});
      has_transforms_ = true;
    } else {
      forms_.push_back(value_forms(*pair.before, *pair.now,
                                   tables.zones.empty() ? "UTC" : tables.zones.front()));
    }
  }
}

void RowStatements::compare_as_printed(std::size_t pair) {
  forms_[pair] = printed_forms(*tables_.columns[pair].before, *tables_.columns[pair].now);
}

bool RowStatements::depends_on_zone(std::size_t pair) const {
  const ColumnPair& columns = tables_.columns[pair];
  return columns.before != nullptr && columns.now != nullptr && columns.transform.empty() &&
         drydock::depends_on_zone(*columns.before, *columns.now);
}

void RowStatements::compare_in_zone(std::size_t pair, const std::string& zone) {
  forms_[pair] = value_forms(*tables_.columns[pair].before, *tables_.columns[pair].now, zone);
}

std::vector<std::size_t> RowStatements::cast_pairs() const {
  std::vector<std::size_t> pairs;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const ColumnPair& pair = tables_.columns[i];
    if (pair.now == nullptr || !pair.transform.empty()) continue;
    if (forms_[i] != printed_forms(*pair.before, *pair.now)) pairs.push_back(i);
  }
  return pairs;
}

std::vector<std::string> RowStatements::cast_trials(std::size_t pair) const {
  std::vector<std::string> before, now;
  for (const ValueForm& form : forms_[pair]) {
    before.push_back(fmt::format("count({})", form.before));
    now.push_back(fmt::format("count({})", form.now));
  }
  return {fmt::format("SELECT {} FROM {}", join(before, ", "), tables_.image),
          fmt::format("SELECT {} FROM {}", join(now, ", "), tables_.now->source)};
}

std::string RowStatements::transform_trial(std::size_t pair) const {
  return fmt::format("SELECT count({}) FROM {}", expected(tables_.columns[pair]),
                     typed_rows(tables_));
}

/// The image, with what the transforms ask for as e<number of the pair>.
std::string RowStatements::before_source() const {
  if (!has_transforms_) return tables_.image;
  std::string columns = image_columns(*tables_.before);
  for (std::size_t i = 0; i < tables_.columns.size(); ++i) {
    const ColumnPair& pair = tables_.columns[i];
    if (!pair.transform.empty()) columns += fmt::format(", {} AS e{}", expected(pair), i);
  }
  return fmt::format("(SELECT {} FROM {}) image", columns, typed_rows(tables_));
}

/// FROM (before) b JOIN (now) n ON key; `here` tells which side a row has.
std::string RowStatements::joined(const std::string& kind, const std::vector<std::size_t>& key,
                                  const std::string& more_of_now) const {
  std::string before = "SELECT " + image_columns(*tables_.before);
  std::string now = "SELECT true AS here" + more_of_now;
  std::vector<std::string> on;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    for (std::size_t j = 0; j < forms_[i].size(); ++j) {
      before += fmt::format(", {} AS b{}_{}", forms_[i][j].before, i, j);
      now += fmt::format(", {} AS n{}_{}", forms_[i][j].now, i, j);
      if (std::count(key.begin(), key.end(), i) > 0) {
        on.push_back(fmt::format("b.b{0}_{1} = n.n{0}_{1}", i, j));
      }
    }
  }
  return fmt::format("FROM ({} FROM {}) b {} JOIN ({} FROM {}) n ON {}", before, before_source(),
                     kind, now, tables_.now->source, join(on, " AND "));
}

std::string RowStatements::differs(std::size_t pair) const {
  std::vector<std::string> parts;
  for (std::size_t j = 0; j < forms_[pair].size(); ++j) {
    parts.push_back(fmt::format("b.b{0}_{1} IS DISTINCT FROM n.n{0}_{1}", pair, j));
  }
  return "(" + join(parts, " OR ") + ")";
}

std::string RowStatements::key_words(const std::vector<std::size_t>& key) const {
  std::vector<std::pair<std::string, std::string>> columns;
  for (const std::size_t i : key) {
    const WatchedColumn& column = *tables_.columns[i].before;
    columns.emplace_back(column.digest.name, "b." + image_column(column.number));
  }
  return row_words(columns);
}

std::string RowStatements::count_by_key(const std::vector<std::size_t>& key) const {
  std::string counts = fmt::format(
      "count(*) FILTER (WHERE n.here IS NULL), count(*) FILTER (WHERE b.here IS NULL),"
      " count(*) FILTER (WHERE b.here AND n.here), (SELECT count(*) FROM {}),"
      " (SELECT count(*) FROM {})",
      tables_.image, tables_.now->source);
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const ColumnPair& pair = tables_.columns[i];
    if (forms_[i].empty()) {
      counts += fmt::format(", count(b.{}), 0", image_column(pair.before->number));
      continue;
    }
    const std::string changed = fmt::format("b.here AND n.here AND {}", differs(i));
    counts += fmt::format(", count(*) FILTER (WHERE {})", changed);
    counts += pair.before == nullptr || !pair.transform.empty()
                  ? ", 0"
                  : fmt::format(", count(*) FILTER (WHERE {} AND b.{} IS NULL)", changed,
                                image_column(pair.before->number));
  }
  return fmt::format("SELECT {} {}", counts, joined("FULL", key));
}

std::string RowStatements::lost_by_key(const std::vector<std::size_t>& key) const {
  std::vector<std::string> order;
  for (const std::size_t i : key) {
    order.push_back(text_order("b." + image_column(tables_.columns[i].before->number)));
  }
  return fmt::format("SELECT {} {} WHERE n.here IS NULL ORDER BY {} LIMIT {}", key_words(key),
                     joined("LEFT", key), join(order, ", "), kSamples);
}

/// One pass: the changed rows are kept with their key and shortened values, and the first few of
/// each column picked from them.
std::string RowStatements::changed_by_key(const std::vector<std::size_t>& key,
                                          const std::vector<std::size_t>& changed) const {
  std::string kept = key_words(key) + " AS row", present;
  std::vector<std::string> order, any, picks;
  for (std::size_t k = 0; k < key.size(); ++k) {
    const ColumnPair& pair = tables_.columns[key[k]];
    // What it is now need not have an order.
    const bool same_type = pair.before->type_oid == pair.now->type_oid;
    const ValueForm name{image_column(pair.before->number), pair.now->digest.name};
    present += fmt::format(", {} AS k{}", same_type ? name.now : "NULL", k);
    kept += same_type ? fmt::format(", n.k{}", k) : fmt::format(", b.{} AS k{}", name.before, k);
    const std::string column = fmt::format("k{}", k);
    order.push_back(same_type ? column : text_order(column));
  }
  for (std::size_t c = 0; c < changed.size(); ++c) {
    const ColumnPair& pair = tables_.columns[changed[c]];
    const std::string before = pair.transform.empty() ? image_column(pair.before->number)
                                                      : fmt::format("b{}_0", changed[c]);
    present += fmt::format(", {} AS a{}", pair.now->digest.text, c);
    any.push_back(differs(changed[c]));
    kept += fmt::format(", {0} AS d{1}, left(b.{2}, {3}) AS x{1}, left(n.a{1}, {3}) AS y{1}",
                        any.back(), c, before, kShown);
    picks.push_back(
        fmt::format("(SELECT {0} AS pick, row, x{0}, y{0} FROM changed WHERE d{0} ORDER BY {1}"
                    " LIMIT {2})",
                    c, join(order, ", "), kSamples));
  }
  return fmt::format("WITH changed AS MATERIALIZED (SELECT {} {} WHERE {}) {}", kept,
                     joined("INNER", key, present), join(any, " OR "), join(picks, " UNION ALL "));
}

/// Rows of before and now by all forms, with how often each is there.
std::string RowStatements::grouped() const {
  std::string before = "SELECT 0 AS side", now = "SELECT 1", by;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    for (std::size_t j = 0; j < forms_[i].size(); ++j) {
      before += fmt::format(", {} AS f{}_{}", forms_[i][j].before, i, j);
      now += ", " + forms_[i][j].now;
      by += fmt::format("{}f{}_{}", by.empty() ? "" : ", ", i, j);
    }
  }
  return fmt::format(
      "(SELECT {}{}count(*) FILTER (WHERE side = 0) AS old, count(*) FILTER (WHERE side = 1) AS new"
      " FROM ({} FROM {} UNION ALL {} FROM {}) u{}{}) g",
      by, by.empty() ? "" : ", ", before, before_source(), now, tables_.now->source,
      by.empty() ? "" : " GROUP BY ", by);
}

std::string RowStatements::count_whole() const {
  return "SELECT coalesce(sum(greatest(old - new, 0)), 0),"
         " coalesce(sum(greatest(new - old, 0)), 0) FROM " +
         grouped();
}

std::string RowStatements::lost_whole() const {
  std::vector<std::pair<std::string, std::string>> columns;
  std::vector<std::string> order = {"old - new DESC"};
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    if (forms_[i].empty() || tables_.columns[i].before == nullptr) continue;
    const std::string form = fmt::format("f{}_0", i);
    columns.emplace_back(tables_.columns[i].before->digest.name, form);
    order.push_back(text_order(form));
  }
  return fmt::format("SELECT {} FROM {} WHERE old > new ORDER BY {} LIMIT {}", row_words(columns),
                     grouped(), join(order, ", "), kSamples);
}

}  // namespace drydock
