#include "harness/model/backfill.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("a way to backfill is told by strategy, batch, workers and pause") {
  CHECK(describe({BackfillStrategy::kSingle, 0, 0, 1}) == "single");
  CHECK(describe({BackfillStrategy::kKeyset, 1'000, 0, 1}) ==
        "keyset, 1,000 rows a batch, 1 worker");
  CHECK(describe({BackfillStrategy::kCtid, 1'000'000, 2.5, 2}) ==
        "ctid, 1,000,000 rows a batch, 2 workers, pause 2.5 ms");
  CHECK(describe({BackfillStrategy::kSkipLocked, 1, 10, 1}) ==
        "skip-locked, 1 row a batch, 1 worker, pause 10 ms");
}

}  // namespace
}  // namespace drydock
