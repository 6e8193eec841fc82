#include "harness/observe/weigh_samples.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

constexpr Oid kOrders = 16384, kIndex = 16390;

SeenLock lock_on(Oid relation, LockMode mode) { return {relation, "", mode, true}; }

SampledLock caught(Oid relation, LockMode mode, double held_ms, double waited_ms = 0) {
  return {lock_on(relation, mode), 5, 5 + held_ms, waited_ms};
}

std::vector<SampledLock> weigh(const char* statement, const std::vector<SampledLock>& seen,
                               const std::vector<SeenLock>& proven = {}) {
  return weigh_samples(read_statement_words(statement), seen, proven, 3);
}

TEST_CASE("the last breath of an index that goes CONCURRENTLY is not told, its weaker locks are") {
  const auto told = weigh("REINDEX TABLE CONCURRENTLY orders",
                          {caught(kIndex, LockMode::kAccessExclusive, 0.1),
                           caught(kIndex, LockMode::kShareUpdateExclusive, 4)},
                          {lock_on(kIndex, LockMode::kShareUpdateExclusive)});
  REQUIRE(told.size() == 1);
  CHECK(told[0].lock.mode == LockMode::kShareUpdateExclusive);
  CHECK(told[0].last_ms == 9);
}

TEST_CASE("VACUUM's lock to give back pages is not told, that of VACUUM FULL is") {
  const std::vector<SampledLock> seen = {caught(kOrders, LockMode::kAccessExclusive, 100)};
  CHECK(weigh("VACUUM orders", seen).empty());
  const auto full =
      weigh("VACUUM FULL orders", seen, {lock_on(kOrders, LockMode::kAccessExclusive)});
  REQUIRE(full.size() == 1);
  CHECK(full[0].last_ms == 105);
}

TEST_CASE("a strong lock in a procedure that nothing proves counts only when it was held long") {
  CHECK(weigh("CALL p()", {caught(kOrders, LockMode::kAccessExclusive, 1)}).empty());
  CHECK(weigh("CALL p()", {caught(kOrders, LockMode::kAccessExclusive, 50)}).size() == 1);
  CHECK(weigh("CALL p()", {caught(kOrders, LockMode::kAccessExclusive, 1, 30)}).size() == 1);
  CHECK(weigh("CALL p()", {caught(kOrders, LockMode::kRowExclusive, 0)}).size() == 1);
}

TEST_CASE("a proven lock that no look has caught was held for less than looks are apart") {
  const auto told = weigh("CALL p()", {}, {lock_on(kOrders, LockMode::kAccessExclusive)});
  REQUIRE(told.size() == 1);
  CHECK(told[0].first_ms == 0);
  CHECK(told[0].last_ms == 3);
}

}  // namespace
}  // namespace drydock
