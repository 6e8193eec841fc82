// How counters become passes, and a setting's text becomes milliseconds.

#include "harness/observe/table_work.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("a definition statement reads whole tables, a query what its rows tell") {
  CHECK(full_passes({.scans = 5, .rows = 5000}, 1000, true) == 5);
  // A parallel build: the helpers have read the rest.
  CHECK(full_passes({.scans = 1, .rows = 340}, 1000, true) == 1);
  CHECK(full_passes({.scans = 1, .rows = 1000}, 1000, false) == 1);
  CHECK(full_passes({.scans = 1, .rows = 1004}, 1000, false) == 1);
  CHECK(full_passes({.scans = 1, .rows = 3}, 1000, false) == 0);
  // The estimate was too low: no more passes than scans.
  CHECK(full_passes({.scans = 1, .rows = 1000}, 100, false) == 1);
  CHECK(full_passes({.scans = 1, .rows = 0}, 0, false) == 1);
  CHECK(full_passes({.scans = 0, .rows = 0}, 1000, false) == 0);
}

TEST_CASE("settings of time are read in every unit that the server prints") {
  CHECK(setting_in_ms("0") == 0);
  CHECK(setting_in_ms("250ms") == 250);
  CHECK(setting_in_ms("5s") == 5000);
  CHECK(setting_in_ms("3min") == 180'000);
  CHECK(setting_in_ms("2h") == 7'200'000);
  CHECK(setting_in_ms("1d") == 86'400'000);
}

}  // namespace
}  // namespace drydock
