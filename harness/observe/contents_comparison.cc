#include "harness/observe/contents_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Whether a digest over `now` says the same about the same value as one over `before` did.
bool hash_alike(const WatchedColumn& before, const WatchedColumn& now) {
  if (before.digest.identity != now.digest.identity) return false;
  // What is hashed as text hashes alike in all types that print alike.
  return !before.digest.identity || before.type_oid == now.type_oid ||
         (before.family == ValueFamily::kText && now.family == ValueFamily::kText);
}

bool digest_can_tell(const TablePair& tables) {
  return std::all_of(tables.columns.begin(), tables.columns.end(), [](const ColumnPair& pair) {
    return pair.now != nullptr && pair.transform.empty() && hash_alike(*pair.before, *pair.now);
  });
}

/// A materialized view without its rows cannot be read.
bool is_empty_view(const TableMark& mark) { return mark.relkind == 'u'; }

bool add_transforms(const std::map<int, std::string>& expressions, TablePair& tables) {
  for (const auto& [wanted, expression] : expressions) {
    const int number = wanted;
    const auto pair = std::find_if(
        tables.columns.begin(), tables.columns.end(),
        [&](const ColumnPair& p) { return p.now != nullptr && p.now->number == number; });
    if (pair != tables.columns.end()) {
      pair->transform = expression;
    } else {
      tables.columns.push_back({nullptr, tables.now->column(number), expression});
    }
  }
  return !expressions.empty();
}

/// A transform is over a row of before: a table that is new has none.
void refuse_new_tables(const std::map<Oid, std::map<int, std::string>>& asked,
                       const std::map<Oid, Oid>& matched, const Shapes& now) {
  for (const auto& [oid, expressions] : asked) {
    const Oid table = oid;
    if (std::any_of(matched.begin(), matched.end(),
                    [&](const auto& pair) { return pair.second == table; })) {
      continue;
    }
    throw InputError(
        fmt::format("a transform names {}, which was not there before the up: there is no"
                    " row to evaluate it over",
                    now.at(oid)->name),
        "State what the new table must hold as an assertion.");
  }
}

/// The columns of `root` out of `part`; empty when they are not all there as they were.
std::string columns_out_of(const WatchedTable& root, const WatchedTable& part) {
  std::vector<std::string> names;
  for (const WatchedColumn& column : root.columns) {
    const WatchedColumn* found = part.column(column.name);
    if (found == nullptr || found->type_oid != column.type_oid) return "";
    names.push_back(column.digest.name);
  }
  return join(names, ", ");
}

}  // namespace

void throw_missed(const std::string& table) {
  throw Error(
      fmt::format("the contents of {} changed although neither its counters nor its file nor its"
                  " columns did",
                  table),
      "This is a fault of Drydock: run without --paranoid, and report it with the migration.");
}

ContentsDiff ContentsComparison::compare(const std::map<Oid, RememberedTable>& remembered,
                                         ContentsMatch match,
                                         const std::vector<Transform>& transforms,
                                         const std::vector<std::string>& zones) {
  std::map<Oid, std::string> names;
  for (const auto& [oid, table] : remembered) names[oid] = table.shape->name;
  const std::map<Oid, Oid> matched = match_tables(names, marks_, match);
  const Shapes shapes = read_shapes(matched, !transforms.empty());
  auto asked = resolve_transforms(transforms, shapes);
  refuse_new_tables(asked, matched, shapes);
  std::vector<Candidate> candidates;
  for (const auto& [oid, table] : remembered) {
    const auto now = matched.find(oid);
    if (now == matched.end()) {
      note_dropped(table);
      continue;
    }
    Candidate candidate{&table, &marks_.at(now->second), shapes.at(now->second), {}};
    candidate.touched = !trust_.counted || can_have_changed(table, *candidate.mark, *candidate.now);
    if (is_hidden(candidate)) {
      if (candidate.touched || !asked[now->second].empty()) note_hidden(candidate);
      continue;
    }
    const bool look_closer = trust_.paranoid && !may_print_otherwise(table, *candidate.mark);
    if (!candidate.touched && !look_closer && asked[now->second].empty()) continue;
    candidate.now = with_detached(table, candidate.now);
    candidate.pair = {table.shape.get(), candidate.now.get(), table.image,
                      match_columns(*table.shape, *candidate.now, match), zones};
    candidate.transformed = add_transforms(asked[now->second], candidate.pair);
    candidates.push_back(std::move(candidate));
  }
  judge(candidates);
  return std::move(diff_);
}

Shapes ContentsComparison::read_shapes(const std::map<Oid, Oid>& matched, bool all) {
  std::vector<const TableMark*> wanted;
  for (const auto& [before, now] : matched) wanted.push_back(&marks_.at(now));
  for (const auto& [oid, mark] : marks_) {
    if (all && mark.root == 0) wanted.push_back(&mark);
  }
  return tables_.shapes(transaction_, wanted);
}

/// Rows of a partition that was detached are still there, in a table of their own: no row is lost
/// by that.
std::shared_ptr<const WatchedTable> ContentsComparison::with_detached(
    const RememberedTable& before, std::shared_ptr<const WatchedTable> now) {
  std::vector<const TableMark*> detached;
  for (const auto& [part, file] : before.mark.files) {
    const auto mark = marks_.find(part);
    if (part == before.mark.oid || mark == marks_.end()) continue;
    if (mark->second.root == 0 && mark->second.relkind == 'r') detached.push_back(&mark->second);
  }
  if (detached.empty()) return now;
  std::string all = "SELECT * FROM " + now->source;
  for (const auto& [oid, part] : tables_.shapes(transaction_, detached)) {
    const std::string columns = columns_out_of(*now, *part);
    if (!columns.empty()) all += fmt::format(" UNION ALL SELECT {} FROM {}", columns, part->source);
  }
  auto together = std::make_shared<WatchedTable>(*now);
  together->source = fmt::format("({}) together", all);
  return together;
}

DigestRequest ContentsComparison::request(const Candidate& candidate) const {
  if (is_empty_view(*candidate.mark)) return {"(SELECT WHERE false) nothing", {}};
  DigestRequest request{candidate.now->source, {}};
  if (!digest_can_tell(candidate.pair)) return request;
  for (const ColumnPair& pair : candidate.pair.columns) {
    request.columns.push_back(pair.now->digest);
  }
  return request;
}

void ContentsComparison::judge(const std::vector<Candidate>& candidates) {
  std::vector<DigestRequest> requests;
  for (const Candidate& candidate : candidates) requests.push_back(request(candidate));
  const std::vector<TableDigest> digests = take_digests(transaction_, requests, server_.version);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    ++diff_.tables_compared;
    diff_.rows_compared += std::max(candidate.before->digest.rows, digests[i].rows);
    if (candidate.transformed) check_transforms(transaction_, candidate.pair);
    if (digest_can_tell(candidate.pair) && digests[i] == candidate.before->digest) continue;
    if (!candidate.touched && !candidate.transformed) throw_missed(candidate.now->name);
    judge_rows(candidate, digests[i].rows);
  }
}

void ContentsComparison::judge_rows(const Candidate& candidate, std::int64_t rows_after) {
  const RememberedTable& before = *candidate.before;
  const std::int64_t rows_before = before.digest.rows;
  TableChange change;
  if (is_empty_view(*candidate.mark)) {
    change.lost = rows_before;
    change.note = "it is not populated now";
  } else if (rows_before == 0) {
    change.added = rows_after;
  } else if (before.image.empty()) {
    change.lost = std::max<std::int64_t>(rows_before - rows_after, 0);
    change.added = std::max<std::int64_t>(rows_after - rows_before, 0);
    change.note = "contents differ, but rows cannot be compared: " + before.problem;
  } else {
    change = compare_rows(transaction_, candidate.pair);
  }
  const bool told = !before.problem.empty();
  if (change.lost == 0 && change.added == 0 && change.columns.empty() && !told) return;
  change.kind = before.shape->kind;
  change.table = before.shape->name;
  if (candidate.now->name != change.table) change.renamed_to = candidate.now->name;
  change.rows_before = rows_before;
  change.rows_after = rows_after;
  for (const auto& [part, rows] : before.part_rows) {
    if (!marks_.contains(part)) change.lost_with_partitions += rows;
  }
  change.lost_with_partitions = std::min(change.lost_with_partitions, change.lost);
  diff_.tables.push_back(std::move(change));
}

bool ContentsComparison::is_hidden(const Candidate& candidate) {
  return !candidate.mark->hidden_from.empty() || !candidate.before->mark.hidden_from.empty();
}

/// Part of the rows would look like lost ones.
void ContentsComparison::note_hidden(const Candidate& candidate) {
  const TableMark& was = candidate.before->mark;
  TableChange change;
  change.kind = candidate.before->shape->kind;
  change.table = candidate.before->shape->name;
  if (candidate.mark->name != change.table) change.renamed_to = candidate.mark->name;
  change.hidden_from = was.hidden_from.empty() ? candidate.mark->hidden_from : was.hidden_from;
  change.note = fmt::format("row security keeps rows from {}", change.hidden_from);
  diff_.tables.push_back(std::move(change));
}

void ContentsComparison::note_dropped(const RememberedTable& table) {
  if (table.digest.rows == 0) return;
  TableChange change;
  change.kind = table.shape->kind;
  change.table = table.shape->name;
  change.dropped = true;
  change.rows_before = change.lost = table.digest.rows;
  diff_.tables.push_back(std::move(change));
}

}  // namespace drydock
