#include "harness/rehearse/contents_prints.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// A print begins with the number of rows.
std::size_t rows_of(const std::string& print) { return std::stoul(print); }

}  // namespace

std::string contents_difference(const std::string& table, const ContentsPrints& expected,
                                const ContentsPrints& found) {
  const auto e = expected.find(table), f = found.find(table);
  if (e == expected.end() || f == found.end()) return "";
  if (e->second == f->second) return "";
  const std::size_t wanted = rows_of(e->second), got = rows_of(f->second);
  if (wanted != got) {
    return fmt::format("{} has {} instead of {}", table, plural(got, "row"), wanted);
  }
  return fmt::format("{} has other values in its {}", table, plural(got, "row"));
}

}  // namespace drydock
