#include "harness/model/describe_locks.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

HeldLock lock(LockedKind kind, LockMode mode) {
  HeldLock lock;
  lock.kind = kind;
  lock.mode = mode;
  return lock;
}

TEST_CASE("a lock is felt on what was there before and when it keeps reads or writes out") {
  CHECK(is_felt(lock(LockedKind::kTable, LockMode::kShare)));
  CHECK_FALSE(is_felt(lock(LockedKind::kTable, LockMode::kShareUpdateExclusive)));
  CHECK_FALSE(is_felt(lock(LockedKind::kAdvisory, LockMode::kExclusive)));
  HeldLock own = lock(LockedKind::kTable, LockMode::kAccessExclusive);
  own.own = true;
  CHECK_FALSE(is_felt(own));
}

TEST_CASE("EXCLUSIVE on a materialized view is felt by nobody, because nobody writes to it") {
  CHECK_FALSE(is_felt(lock(LockedKind::kMaterializedView, LockMode::kExclusive)));
  CHECK(is_felt(lock(LockedKind::kMaterializedView, LockMode::kAccessExclusive)));
}

}  // namespace
}  // namespace drydock
