#include "harness/model/lock_mode.h"

#include "harness/testing/catch.h"

using namespace drydock;

namespace {

LockMode mode(int number) { return static_cast<LockMode>(number); }

}  // namespace

TEST_CASE("Lock conflicts are the same seen from both sides") {
  for (int held = 0; held < kLockModes; ++held) {
    for (int wanted = 0; wanted < kLockModes; ++wanted) {
      CHECK(conflict(mode(held), mode(wanted)) == conflict(mode(wanted), mode(held)));
    }
  }
}

TEST_CASE("Lock conflicts are those of the manual's table") {
  // One row a held mode, X where the wanted mode (weakest first) has to wait.
  const char* const table[] = {".......X", "......XX", "....XXXX", "...XXXXX",
                               "..XX.XXX", "..XXXXXX", ".XXXXXXX", "XXXXXXXX"};
  for (int held = 0; held < kLockModes; ++held) {
    for (int wanted = 0; wanted < kLockModes; ++wanted) {
      CAPTURE(manual_word(mode(held)), manual_word(mode(wanted)));
      CHECK(conflict(mode(held), mode(wanted)) == (table[held][wanted] == 'X'));
    }
  }
}

TEST_CASE("A lock mode is known by the words of pg_locks and of LOCK TABLE") {
  for (int each = 0; each < kLockModes; ++each) {
    CHECK(lock_mode(catalog_word(mode(each))) == mode(each));
    CHECK(lock_mode(manual_word(mode(each))) == mode(each));
  }
  CHECK(lock_mode("access exclusive") == LockMode::kAccessExclusive);
  CHECK_FALSE(lock_mode("SuperLock").has_value());
  CHECK_FALSE(lock_mode("").has_value());
}

TEST_CASE("Only ACCESS EXCLUSIVE blocks reads, and SHARE is the weakest that blocks writes") {
  CHECK(blocked_traffic(LockMode::kAccessExclusive) == "reads and writes");
  CHECK(blocked_traffic(LockMode::kExclusive) == "writes");
  CHECK(blocked_traffic(LockMode::kShare) == "writes");
  CHECK(blocked_traffic(LockMode::kShareUpdateExclusive).empty());
}
