#include "harness/base/clock.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

TEST_CASE("a time is written in UTC to the second, whatever the local time zone") {
  CHECK(utc_timestamp(system_clock::time_point{}) == "1970-01-01T00:00:00Z");
  const system_clock::time_point leap_day{seconds{951'782'399}};
  CHECK(utc_timestamp(leap_day) == "2000-02-28T23:59:59Z");
  CHECK(utc_timestamp(leap_day + seconds{1}) == "2000-02-29T00:00:00Z");
  CHECK(utc_timestamp(leap_day + milliseconds{999}) == "2000-02-28T23:59:59Z");
}

TEST_CASE("elapsed milliseconds keep their fraction") {
  const auto start = SteadyClock::now() - std::chrono::microseconds(2500);
  CHECK(milliseconds_since(start) >= 2.5);
}

}  // namespace
}  // namespace drydock
