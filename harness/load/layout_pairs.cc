#include "harness/load/layout_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/error.h"

namespace drydock {
namespace {

std::string_view without_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

bool NumberLess::operator()(std::string_view a, std::string_view b) const {
  a = without_zeros(a);
  b = without_zeros(b);
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::string_view leading_digits(std::string_view name) {
  const auto end =
      std::find_if(name.begin(), name.end(), [](char c) { return c < '0' || c > '9'; });
  return name.substr(0, static_cast<std::size_t>(end - name.begin()));
}

bool at_most(std::string_view digits, std::string_view limit) {
  return !NumberLess{}(limit, digits);
}

std::optional<PairName> parse_pair_name(std::string_view name) {
  const std::string_view digits = leading_digits(name);
  if (digits.empty() || !name.substr(digits.size()).starts_with('_')) return std::nullopt;
  const std::string_view rest = name.substr(digits.size() + 1);
  const auto position = [](std::size_t at) {
    return at == std::string_view::npos ? -1L : long(at);
  };
  const long up = position(rest.rfind(".up."));
  const long down = position(rest.rfind(".down."));
  if (up < 0 && down < 0) return std::nullopt;
  const auto split = static_cast<std::size_t>(std::max(up, down));
  const std::size_t infix = up > down ? 4 : 6;
  return PairName{std::string(digits), std::string(rest.substr(0, split)),
                  up > down ? Direction::kUp : Direction::kDown,
                  std::string(rest.substr(split + infix))};
}

void Pairs::add(Direction direction, const std::string& version, const std::string& id,
                const std::string& file) {
  Pair& pair = pairs_[version];
  std::string& place = direction == Direction::kUp ? pair.up : pair.down;
  if (!place.empty()) {
    throw Error(fmt::format("two {} scripts have version {}: {} and {}",
                            direction == Direction::kUp ? "up" : "down", version, place, file),
                "Give one of them a version of its own; the tool can only run one.");
  }
  place = file;
  if (direction == Direction::kDown) return;
  pair.version = version;
  pair.id = id;
}

std::vector<Pair> Pairs::take(const MigrationDirectory& directory) {
  std::vector<Pair> result;
  for (auto& [version, pair] : pairs_) {
    if (pair.up.empty()) {
      throw Error(
          fmt::format("{} has no up script of version {}", directory.shown(pair.down), version),
          "Add the up script, or remove this down: nothing ever needs it.");
    }
    result.push_back(std::move(pair));
  }
  pairs_.clear();
  return result;
}

}  // namespace drydock
