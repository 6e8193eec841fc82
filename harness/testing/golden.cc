#include "harness/testing/golden.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include "harness/base/files.h"
#include "harness/base/text.h"

namespace drydock::testing {
namespace {

std::string line_at(const std::vector<std::string_view>& lines, std::size_t index) {
  return index < lines.size() ? shorten(lines[index], 300) : "(no more lines)";
}

}  // namespace

std::string compare_with_golden(const std::string& path, const std::string& text) {
  const char* approve = std::getenv("DRYDOCK_APPROVE");
  if (approve != nullptr && std::string_view(approve) == "1") {
    write_file(path, text);
    return {};
  }
  const std::string approved = std::filesystem::exists(path) ? read_file(path) : std::string();
  if (approved == text) return {};
  const std::vector<std::string_view> expected = split_lines(approved), found = split_lines(text);
  std::size_t index = 0;
  while (index < expected.size() && index < found.size() && expected[index] == found[index])
    ++index;
  return fmt::format("{}:{} differs\n  approved: {}\n  now:      {}\nrun ci/approve to accept",
                     path, index + 1, line_at(expected, index), line_at(found, index));
}

}  // namespace drydock::testing
