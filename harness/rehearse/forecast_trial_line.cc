#include "harness/rehearse/forecast_trial_line.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace drydock {
namespace {

/// Student's t: two-sided 95 %, by degrees of freedom from 1 on.
constexpr std::array<double, 30> kQuantiles = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
constexpr double kNormalQuantile = 1.960;

double quantile(std::size_t degrees_of_freedom) {
  if (degrees_of_freedom > kQuantiles.size()) return kNormalQuantile;
  return kQuantiles.at(std::max<std::size_t>(degrees_of_freedom, 1) - 1);
}

}  // namespace

Prediction predict(const std::vector<LockForecast::Point>& measured, double rows) {
  const auto n = static_cast<double>(measured.size());
  double mean_rows = 0, mean_ms = 0;
  for (const auto& point : measured) {
    mean_rows += static_cast<double>(point.rows) / n;
    mean_ms += point.held_ms / n;
  }
  double spread = 0, together = 0;
  for (const auto& point : measured) {
    const double x = static_cast<double>(point.rows) - mean_rows;
    spread += x * x;
    together += x * (point.held_ms - mean_ms);
  }
  const double slope = std::max(0.0, together / spread);
  double squares = 0;
  for (const auto& point : measured) {
    const double fitted = mean_ms + slope * (static_cast<double>(point.rows) - mean_rows);
    squares += (point.held_ms - fitted) * (point.held_ms - fitted);
  }
  const double deviation = std::sqrt(squares / (n - 2));
  const double away = rows - mean_rows;
  return {mean_ms + slope * away,
          quantile(measured.size() - 2) * deviation * std::sqrt(1 + 1 / n + away * away / spread)};
}

}  // namespace drydock
