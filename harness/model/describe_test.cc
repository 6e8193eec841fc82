#include "harness/model/describe.h"

#include "harness/testing/catch.h"

namespace drydock {

TEST_CASE("a difference is one line that ends with what mends it") {
  CHECK(describe(
            {ChangeKind::kMissing, {"index", "public.i"}, "", "", "", "CREATE INDEX i\n  ON t"}) ==
        "index public.i is missing: CREATE INDEX i ON t");
  CHECK(describe({ChangeKind::kExtra, {"table", "public.t"}, "", "", "", "DROP TABLE public.t"}) ==
        "table public.t is left over: DROP TABLE public.t");
  CHECK(describe({ChangeKind::kChanged, {"column", "public.t.c"}, "default", "1", "", ""}) ==
        "column public.t.c: default should be 1, is nothing");
}

TEST_CASE("long values are cut between characters") {
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "ä";
  const std::string line = describe({ChangeKind::kChanged, {"a", "b"}, "c", umlauts, "x", ""});
  CHECK(line.size() < 220);
  CHECK(line.find("ä…, is x") != std::string::npos);
}

}  // namespace drydock
