#include <string>

#include "harness/model/backfill.h"

namespace drydock {
namespace {

/// 10000 as "10,000".
std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string counted(std::int64_t number, const std::string& what) {
  return grouped(number) + " " + what + (number == 1 ? "" : "s");
}

/// 5 and 2.5, without zeros behind them.
std::string short_number(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string describe(const BackfillVariant& variant) {
  std::string words = word(variant.strategy);
  if (variant.batch_size == 0) return words;
  words +=
      ", " + counted(variant.batch_size, "row") + " a batch, " + counted(variant.workers, "worker");
  if (variant.pause_ms > 0) words += ", pause " + short_number(variant.pause_ms) + " ms";
  return words;
}

}  // namespace drydock
