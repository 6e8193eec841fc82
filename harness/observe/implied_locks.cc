#include "harness/observe/implied_locks.h"

#include <utility>

namespace drydock {
namespace {

class Implied {
 public:
  Implied(const StatementWords& words, const RelationMap& map) : words_(words), map_(map) {}

  void gone(Oid oid) {
    const KnownRelation* relation = map_.find(oid);
    if (relation == nullptr || !relation->is_index() || !words_.concurrently) return;
    add(oid, LockMode::kShareUpdateExclusive);
    add(relation->table, LockMode::kShareUpdateExclusive);
  }

  void made(Oid oid) {
    const KnownRelation* relation = map_.find(oid);
    if (relation == nullptr || !relation->is_index() || !words_.concurrently) return;
    add(relation->table, LockMode::kShareUpdateExclusive);
  }

  void changed(Oid oid, const SharedWork& before, const SharedWork& after) {
    const KnownRelation* relation = map_.find(oid);
    if (relation == nullptr) return;
    if (after.file != before.file) new_file(oid, *relation);
    if (after.written > before.written) add(oid, LockMode::kRowExclusive);
    if (after.maintained > before.maintained) add(oid, LockMode::kShareUpdateExclusive);
    if (before.parent != 0 && after.parent == 0) {  // DETACH PARTITION CONCURRENTLY
      add(before.parent, LockMode::kShareUpdateExclusive);
      add(oid, LockMode::kAccessExclusive);
    }
  }

  std::vector<SeenLock> locks;

 private:
  void new_file(Oid oid, const KnownRelation& relation) {
    add(oid, LockMode::kAccessExclusive);
    if (relation.is_index()) add(relation.table, LockMode::kShare);
  }

  void add(Oid oid, LockMode mode) {
    for (const SeenLock& lock : locks) {
      if (lock.relation == oid && lock.mode == mode) return;
    }
    locks.push_back({.relation = oid, .advisory = "", .mode = mode});
  }

  const StatementWords& words_;
  const RelationMap& map_;
};

}  // namespace

std::vector<SeenLock> implied_locks(const StatementWords& words, const RelationMap& map,
                                    const std::map<Oid, SharedWork>& before,
                                    const std::map<Oid, SharedWork>& after) {
  Implied implied(words, map);
  for (const auto& [oid, work] : before) {
    const auto now = after.find(oid);
    if (now == after.end()) {
      implied.gone(oid);
    } else {
      implied.changed(oid, work, now->second);
    }
  }
  for (const auto& [oid, work] : after) {
    if (before.count(oid) == 0) implied.made(oid);
  }
  return std::move(implied.locks);
}

}  // namespace drydock
