#include "harness/observe/contents_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"
#include "harness/observe/contents_values.h"

namespace drydock {
namespace {

/// Tables in one message: a transaction holds a lock for each, and the server's table of locks is
/// sized for a few thousand.
constexpr std::size_t kBatch = 40;

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// `reuse`: the image is there, with these columns.
std::string image_statement(const RememberedTable& table, bool reuse) {
  std::vector<std::string> columns;
  for (const WatchedColumn& column : table.shape->columns) {
    columns.push_back(fmt::format("{} AS {}", column.digest.text, image_column(column.number)));
  }
  return fmt::format("{} SELECT {} FROM {}",
                     reuse ? fmt::format("TRUNCATE {0}; INSERT INTO {0}", table.image)
                           : fmt::format("CREATE TEMP TABLE {} AS", table.image),
                     join(columns, ", "), table.shape->source);
}

/// Lets go of the locks of what was read so far, where nobody needs them.
void end_batch(ContentsTransaction& transaction) {
  if (!transaction.inside_another()) transaction.commit();
}

}  // namespace

std::vector<TableDigest> take_digests(ContentsTransaction& transaction,
                                      const std::vector<DigestRequest>& requests,
                                      int server_version) {
  std::vector<TableDigest> digests(requests.size());
  for (std::size_t first = 0; first < requests.size(); first += kBatch) {
    const std::size_t end = std::min(first + kBatch, requests.size());
    std::vector<std::string> parts;
    for (std::size_t i = first; i < end; ++i) {
      parts.push_back(
          fmt::format("SELECT {}, d.* FROM ({}) d", i,
                      digest_select(requests[i].source, requests[i].columns, server_version)));
    }
    const Rows rows = transaction.query(join(parts, " UNION ALL "));
    for (int row = 0; row < rows.size(); ++row) {
      digests[static_cast<std::size_t>(number(rows.at(row, 0)))] = {number(rows.at(row, 1)),
                                                                    std::string(rows.at(row, 2))};
    }
    if (end < requests.size()) end_batch(transaction);
  }
  return digests;
}

ContentsPrints take_prints(ContentsTransaction& transaction,
                           const std::vector<std::shared_ptr<const WatchedTable>>& tables,
                           int server_version) {
  std::vector<DigestRequest> requests;
  for (const auto& table : tables) {
    std::vector<WatchedColumn> columns = table->columns;
    std::sort(columns.begin(), columns.end(),
              [](const WatchedColumn& x, const WatchedColumn& y) { return x.name < y.name; });
    requests.push_back({table->source, {}});
    for (const WatchedColumn& column : columns) requests.back().columns.push_back(column.digest);
  }
  const std::vector<TableDigest> digests = take_digests(transaction, requests, server_version);
  ContentsPrints prints;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    prints[tables[i]->name] = fmt::format("{} {}", digests[i].rows, digests[i].sum);
  }
  return prints;
}

void count_parts(ContentsTransaction& transaction, const std::vector<RememberedTable*>& tables) {
  std::vector<std::string> counts;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    tables[i]->part_rows.clear();
    if (tables[i]->mark.relkind != 'p') continue;
    counts.push_back(fmt::format("SELECT {}, tableoid, count(*) FROM {} GROUP BY tableoid", i,
                                 tables[i]->shape->source));
  }
  if (counts.empty()) return;
  const Rows rows = transaction.query(join(counts, " UNION ALL "));
  for (int row = 0; row < rows.size(); ++row) {
    RememberedTable& table = *tables[static_cast<std::size_t>(number(rows.at(row, 0)))];
    table.part_rows[static_cast<Oid>(number(rows.at(row, 1)))] = number(rows.at(row, 2));
  }
  end_batch(transaction);
}

bool same_columns(const WatchedTable& a, const WatchedTable& b) {
  return a.key == b.key &&
         std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                    [](const WatchedColumn& x, const WatchedColumn& y) {
                      return x.number == y.number && x.type_oid == y.type_oid &&
                             x.type_modifier == y.type_modifier;
                    });
}

std::vector<DigestColumn> digest_columns(const WatchedTable& shape) {
  std::vector<DigestColumn> columns;
  for (const WatchedColumn& column : shape.columns) columns.push_back(column.digest);
  return columns;
}

bool can_have_changed(const RememberedTable& table, const TableMark& now,
                      const WatchedTable& shape) {
  return table.mark.oid != now.oid || table.mark.files != now.files ||
         table.mark.written != now.written || !same_columns(*table.shape, shape);
}

bool may_print_otherwise(const RememberedTable& table, const TableMark& now) {
  return table.mark.types != now.types && table.shape->uses_own_types();
}

void make_images(ContentsTransaction& transaction, const std::vector<RememberedTable*>& tables,
                 std::uint64_t& serial) {
  std::vector<RememberedTable*> wanted;
  std::vector<std::string> statements;
  for (RememberedTable* table : tables) {
    std::vector<int> columns;
    for (const WatchedColumn& column : table->shape->columns) columns.push_back(column.number);
    const bool reuse = !table->image.empty() && table->image_columns == columns;
    table->problem.clear();
    if (table->digest.rows == 0) table->image.clear();
    if (table->digest.rows == 0) continue;
    if (!reuse) table->image = fmt::format("pg_temp.drydock_image_{}", ++serial);
    table->image_columns = std::move(columns);
    wanted.push_back(table);
    statements.push_back(image_statement(*table, reuse));
  }
  for (std::size_t first = 0; first < wanted.size(); first += kBatch) {
    const std::size_t end = std::min(first + kBatch, wanted.size());
    const std::vector<std::string> batch(statements.begin() + static_cast<std::ptrdiff_t>(first),
                                         statements.begin() + static_cast<std::ptrdiff_t>(end));
    transaction.silence_triggers();
    if (!transaction.attempt(join(batch, ";\n"))) {
      // One of them does not fit a page as text: that one has to do without.
      for (std::size_t i = first; i < end; ++i) {
        if (transaction.attempt(statements[i], &wanted[i]->problem)) continue;
        wanted[i]->image.clear();
      }
    }
    end_batch(transaction);
  }
}

void drop_images(ContentsTransaction& transaction, const std::vector<std::string>& images) {
  for (std::size_t first = 0; first < images.size(); first += kBatch) {
    const std::vector<std::string> batch(
        images.begin() + static_cast<std::ptrdiff_t>(first),
        images.begin() + static_cast<std::ptrdiff_t>(std::min(first + kBatch, images.size())));
    transaction.silence_triggers();
    transaction.query("DROP TABLE " + join(batch, ", "));
    end_batch(transaction);
  }
}

}  // namespace drydock
