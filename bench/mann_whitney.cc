#include "bench/mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>

namespace drydock {
namespace {

/// Beyond so many values the normal approximation is as good.
constexpr std::size_t kExactUpTo = 20;

struct Ranked {
  double u = 0;     ///< of the first sample
  double ties = 0;  ///< sum of t^3 - t over groups of equal values
};

Ranked rank(const std::vector<double>& a, const std::vector<double>& b) {
  std::map<double, std::pair<std::size_t, std::size_t>> counts;  // of a and of b
  for (const double value : a) ++counts[value].first;
  for (const double value : b) ++counts[value].second;
  Ranked result;
  double below = 0;  // of b
  for (const auto& [value, count] : counts) {
    const double of_a = static_cast<double>(count.first), of_b = static_cast<double>(count.second);
    result.u += of_a * (below + of_b / 2);
    below += of_b;
    const double group = of_a + of_b;
    result.ties += group * group * group - group;
  }
  return result;
}

/// Number of orders of m and n values with that U: the recurrence of Mann and Whitney (1947).
std::vector<double> orders_by_u(std::size_t m, std::size_t n) {
  std::vector<double> counts(m * n + 1, 0);
  counts[0] = 1;
  // The generating function is the Gaussian binomial: the product of (1 - q^(n+i)) / (1 - q^i).
  for (std::size_t i = 1; i <= m; ++i) {
    for (std::size_t u = counts.size(); u-- > n + i;) counts[u] -= counts[u - (n + i)];
    for (std::size_t u = i; u < counts.size(); ++u) counts[u] += counts[u - i];
  }
  return counts;
}

double exact_p(double u, std::size_t m, std::size_t n) {
  const std::vector<double> counts = orders_by_u(m, n);
  const double smaller = std::min(u, static_cast<double>(m * n) - u);
  double total = 0, tail = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    if (static_cast<double>(i) <= smaller) tail += counts[i];
  }
  return std::min(1.0, 2 * tail / total);
}

double normal_p(const Ranked& ranked, double m, double n) {
  const double count = m + n;
  const double variance = m * n / 12 * (count + 1 - ranked.ties / (count * (count - 1)));
  if (variance <= 0) return 1;
  const double distance = std::max(0.0, std::fabs(ranked.u - m * n / 2) - 0.5);
  return std::erfc(distance / std::sqrt(variance) / std::sqrt(2.0));
}

}  // namespace

double mann_whitney_p(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.empty() || b.empty()) return 1;
  const Ranked ranked = rank(a, b);
  if (ranked.ties == 0 && a.size() + b.size() <= kExactUpTo) {
    return exact_p(ranked.u, a.size(), b.size());
  }
  return normal_p(ranked, static_cast<double>(a.size()), static_cast<double>(b.size()));
}

}  // namespace drydock
