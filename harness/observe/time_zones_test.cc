#include "harness/observe/time_zones.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using Zones = std::vector<std::string>;

TEST_CASE("a zone is found in every form of SET") {
  CHECK(time_zones_set_in("SET TIME ZONE 'Asia/Tokyo'; set timezone = 'UTC';") ==
        Zones{"Asia/Tokyo", "UTC"});
  CHECK(time_zones_set_in("set local TimeZone to 'Europe/Oslo'") == Zones{"Europe/Oslo"});
  CHECK(time_zones_set_in("SET SESSION TIME\n ZONE 'Europe/Oslo'") == Zones{"Europe/Oslo"});
}

TEST_CASE("what is not set is not found") {
  for (const char* sql :
       {"", "ALTER TABLE t ALTER at TYPE timestamp with time zone USING at AT TIME ZONE 'UTC'",
        "SELECT timezone('UTC', at) FROM t", "SET TIME ZONE LOCAL", "SET TIME ZONE",
        "set time zone 'open", "set zone = 'UTC'", "comment on column zones.time zone is 'x'"}) {
    INFO(sql);
    CHECK(time_zones_set_in(sql).empty());
  }
}

}  // namespace
}  // namespace drydock
