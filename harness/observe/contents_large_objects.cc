#include "harness/observe/contents_large_objects.h"

#include <fmt/format.h>

#include <charconv>

#include "harness/observe/digest.h"

namespace drydock {
namespace {

constexpr const char* kImage = "pg_temp.drydock_large_objects";
constexpr int kSamples = 5;

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

/// One row a large object: id, size, digest of its pages.
std::string LargeObjects::present() const {
  const std::string digest =
      digest_select("pg_largeobject l WHERE l.loid = m.oid",
                    {{.name = "l.pageno", .identity = true, .text = "l.pageno::text"},
                     {.name = "l.data", .identity = true, .text = "l.data::text"}},
                    server_.version);
  return fmt::format(
      "SELECT m.oid AS id, d.count AS pages, d.sum AS digest,"
      " (SELECT coalesce(sum(length(l.data)), 0) FROM pg_largeobject l WHERE l.loid = m.oid) AS"
      " size FROM pg_largeobject_metadata m, LATERAL ({}) d",
      digest);
}

void LargeObjects::remember(ContentsTransaction& transaction) {
  if (!server_.superuser) return;
  const Rows rows = transaction.query("SELECT EXISTS (SELECT FROM pg_largeobject_metadata)");
  if (any_ || rows.at(0, 0) == "t") transaction.silence_triggers();
  if (any_) transaction.query(fmt::format("DROP TABLE IF EXISTS {}", kImage));
  any_ = rows.at(0, 0) == "t";
  if (any_) transaction.query(fmt::format("CREATE TEMP TABLE {} AS {}", kImage, present()));
}

std::optional<TableChange> LargeObjects::compare(ContentsTransaction& transaction) const {
  if (!any_) return std::nullopt;
  const std::string joined =
      fmt::format("FROM {} b FULL JOIN ({}) n USING (id)", kImage, present());
  const std::string changed =
      "(b.pages, b.digest, b.size) IS DISTINCT FROM (n.pages, n.digest,"
      " n.size) AND b.size IS NOT NULL AND n.size IS NOT NULL";
  const Rows counts = transaction.query(
      fmt::format("SELECT count(b.size), count(n.size), count(*) FILTER (WHERE n.size IS NULL),"
                  " count(*) FILTER (WHERE b.size IS NULL), count(*) FILTER (WHERE {}) {}",
                  changed, joined));
  TableChange change;
  change.kind = ContentsKind::kLargeObjects;
  change.table = "large objects";
  change.key = {"oid"};
  change.rows_before = number(counts.at(0, 0));
  change.rows_after = number(counts.at(0, 1));
  change.lost = number(counts.at(0, 2));
  change.added = number(counts.at(0, 3));
  const std::int64_t altered = number(counts.at(0, 4));
  if (change.lost + change.added + altered == 0) return std::nullopt;
  const Rows lost = transaction.query(fmt::format(
      "SELECT 'oid = ' || id {} WHERE n.size IS NULL ORDER BY id LIMIT {}", joined, kSamples));
  for (int row = 0; row < lost.size(); ++row) change.lost_samples.emplace_back(lost.at(row, 0));
  if (altered == 0) return change;
  ColumnChange data;
  data.column = "data";
  data.rows = altered;
  const Rows rows = transaction.query(fmt::format(
      "SELECT 'oid = ' || id, format('%s bytes, digest %s', b.size, b.digest),"
      " format('%s bytes, digest %s', n.size, n.digest) {} WHERE {} ORDER BY id LIMIT {}",
      joined, changed, kSamples));
  for (int row = 0; row < rows.size(); ++row) {
    data.samples.push_back(
        {std::string(rows.at(row, 0)), std::string(rows.at(row, 1)), std::string(rows.at(row, 2))});
  }
  change.columns.push_back(std::move(data));
  return change;
}

}  // namespace drydock
