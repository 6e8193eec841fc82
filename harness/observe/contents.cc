#include "harness/observe/contents.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/observe/contents_comparison.h"
#include "harness/observe/contents_images.h"
#include "harness/observe/contents_large_objects.h"
#include "harness/observe/contents_put_back.h"
#include "harness/observe/contents_sequences.h"

namespace drydock {
struct ContentsObserver::Impl {
  Impl(Session& the_session, bool paranoid, TouchedSource touched)
      : session(the_session),
        server(traits_of(session)),
        trust{counters_tell(session), paranoid},
        tables(std::move(touched)),
        large_objects(server) {}

  Session& session;
  const ServerTraits server;
  const ContentsTrust trust;
  ContentsTables tables;
  std::map<Oid, RememberedTable> remembered;
  std::vector<SequencePosition> sequences;
  std::vector<std::string> zones;  ///< in which scripts cast times
  LargeObjects large_objects;
  std::uint64_t images_made = 0;
  std::map<Oid, TableMark> compared;  ///< of the last compare()

  bool changed(const RememberedTable& table, const TableMark& now,
               const WatchedTable& shape) const {
    return !trust.counted || can_have_changed(table, now, shape);
  }

  /// Images are made and dropped in several transactions: after a failure none is known for good.
  void remember() {
    try {
      remember_present();
    } catch (const Error&) {
      remembered.clear();
      throw;
    }
  }

  void remember_present() {
    ContentsTransaction transaction(session, server);
    const std::map<Oid, TableMark> marks = tables.look(transaction);
    std::vector<const TableMark*> own;
    for (const auto& [oid, mark] : marks) {
      if (mark.root == 0 && mark.relkind != 'u') own.push_back(&mark);
    }
    const Shapes shapes = tables.shapes(transaction, own);
    std::map<Oid, RememberedTable> next;
    std::vector<RememberedTable*> doubtful;
    for (const TableMark* mark : own) {
      RememberedTable& table = next[mark->oid];
      const auto old = remembered.find(mark->oid);
      const bool renew = old == remembered.end() || may_print_otherwise(old->second, *mark) ||
                         changed(old->second, *mark, *shapes.at(mark->oid));
      if (old != remembered.end()) table = old->second;
      table.mark = *mark;
      table.shape = shapes.at(mark->oid);
      if (!mark->hidden_from.empty()) {
        forget_rows(table);
        continue;
      }
      if (renew || trust.paranoid) doubtful.push_back(&table);
    }
    // Images are made in transactions of their own: what can be read in this one comes first.
    sequences = read_sequences(transaction);
    large_objects.remember(transaction);
    renew_images(transaction, doubtful);
    drop_unused(transaction, next);
    transaction.commit();
    remembered = std::move(next);
  }

  static void forget_rows(RememberedTable& table) {
    table.digest = {};
    table.image.clear();
    table.image_columns.clear();
  }

  /// Of those of which the digest is not what it was.
  void renew_images(ContentsTransaction& transaction,
                    const std::vector<RememberedTable*>& doubtful) {
    count_parts(transaction, doubtful);
    std::vector<DigestRequest> requests;
    for (const RememberedTable* table : doubtful) {
      requests.push_back({table->shape->source, digest_columns(*table->shape)});
    }
    const std::vector<TableDigest> digests = take_digests(transaction, requests, server.version);
    std::vector<RememberedTable*> others;
    for (std::size_t i = 0; i < doubtful.size(); ++i) {
      RememberedTable& table = *doubtful[i];
      const auto old = remembered.find(table.mark.oid);
      if (old != remembered.end() && !may_print_otherwise(old->second, table.mark)) {
        if (digests[i] == table.digest && same_columns(*old->second.shape, *table.shape)) continue;
        if (!changed(old->second, table.mark, *table.shape)) throw_missed(table.shape->name);
      }
      table.digest = digests[i];
      others.push_back(&table);
    }
    make_images(transaction, others, images_made);
  }

  void drop_unused(ContentsTransaction& transaction,
                   const std::map<Oid, RememberedTable>& next) const {
    std::vector<std::string> unused;
    for (const auto& [oid, table] : remembered) {
      const auto kept = next.find(oid);
      if (table.image.empty()) continue;
      if (kept == next.end() || kept->second.image != table.image) unused.push_back(table.image);
    }
    drop_images(transaction, unused);
  }

  ContentsDiff compare(ContentsMatch match, const std::vector<Transform>& transforms,
                       ContentsPrints* prints) {
    ContentsTransaction transaction(session, server);
    compared = tables.look(transaction);
    ContentsDiff diff = ContentsComparison(transaction, server, trust, tables, compared)
                            .compare(remembered, match, transforms, zones);
    if (auto change = large_objects.compare(transaction)) diff.tables.push_back(std::move(*change));
    diff.sequences = compare_sequences(transaction, sequences, match == ContentsMatch::kByIdentity);
    std::sort(diff.tables.begin(), diff.tables.end(),
              [](const TableChange& x, const TableChange& y) { return x.table < y.table; });
    if (prints != nullptr) *prints = prints_of_changed(transaction);
    return diff;
  }

  bool put_back() {
    if (!server.superuser) return false;
    const ContentsDiff changed = compare(ContentsMatch::kByName, {}, nullptr);
    ContentsTransaction transaction(session, server);
    const Shapes now = tables.shapes(transaction, own_tables());
    if (!put_rows_back(transaction, remembered, now, changed) ||
        !put_sequences_back(transaction, sequences)) {
      return false;
    }
    transaction.commit();
    if (trust.counted) session.query(flush_counters_statement(server.version));
    return compare(ContentsMatch::kByName, {}, nullptr).empty();
  }

  /// Of the last compare(), those that the session may read.
  std::vector<const TableMark*> own_tables() const {
    std::vector<const TableMark*> own;
    for (const auto& [oid, mark] : compared) {
      if (can_be_read(mark)) own.push_back(&mark);
    }
    return own;
  }

  ContentsPrints prints_of_changed(ContentsTransaction& transaction) {
    const std::vector<const TableMark*> own = own_tables();
    const Shapes shapes = tables.shapes(transaction, own);
    std::vector<std::shared_ptr<const WatchedTable>> wanted;
    for (const TableMark* mark : own) {
      const auto old = remembered.find(mark->oid);
      const auto& shape = shapes.at(mark->oid);
      if (old == remembered.end() || changed(old->second, *mark, *shape)) wanted.push_back(shape);
    }
    return take_prints(transaction, wanted, server.version);
  }

  void ignore_rolled_back() {
    if (!trust.counted) return;
    session.query(flush_counters_statement(server.version));
    const std::map<Oid, std::int64_t> written = written_rows(session);
    for (auto& [oid, table] : remembered) {
      table.mark.written = 0;
      for (const auto& [part, file] : table.mark.files) {
        const auto found = written.find(part);
        if (found != written.end()) table.mark.written += found->second;
      }
    }
  }
};

ContentsObserver::ContentsObserver(Session& session, bool paranoid, TouchedSource touched)
    : impl_(std::make_unique<Impl>(session, paranoid, std::move(touched))) {}
ContentsObserver::~ContentsObserver() = default;

void ContentsObserver::remember() { impl_->remember(); }

ContentsDiff ContentsObserver::compare(ContentsMatch match,
                                       const std::vector<Transform>& transforms,
                                       ContentsPrints* prints) {
  return impl_->compare(match, transforms, prints);
}

bool ContentsObserver::put_back() { return impl_->put_back(); }

void ContentsObserver::cast_in_zones(std::vector<std::string> zones) {
  impl_->zones = std::move(zones);
}

void ContentsObserver::ignore_rolled_back() { impl_->ignore_rolled_back(); }

}  // namespace drydock
