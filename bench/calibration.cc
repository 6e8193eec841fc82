#include "bench/calibration.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/clock.h"

namespace drydock {
namespace {

/// A few megabytes, about 100 ms.
constexpr int kRows = 20'000;

}  // namespace

Calibration::Calibration(Server& server)
    : database_(server, "", ""), session_(server.administrator(database_.name())) {
  session_.query(
      "CREATE TABLE reference (id bigint PRIMARY KEY, n bigint NOT NULL, words text NOT NULL)");
  session_.query("CREATE INDEX ON reference (n)");
  session_.query(fmt::format(
      "INSERT INTO reference SELECT i, i, repeat('reference ', 6) FROM generate_series(1, {}) i",
      kRows));
  session_.query("VACUUM (FREEZE, ANALYZE) reference");
  measure();
  measured_.clear();  // the first one warms up
}

void Calibration::measure() {
  const auto start = SteadyClock::now();
  session_.query("UPDATE reference SET n = n + 1, words = upper(words)");
  const double seconds = milliseconds_since(start) / 1000;
  session_.query("VACUUM reference");
  if (seconds > 0) measured_.push_back(kRows / seconds);
}

double Calibration::rows_per_second() const {
  return measured_.empty() ? 0 : *std::max_element(measured_.begin(), measured_.end());
}

}  // namespace drydock
