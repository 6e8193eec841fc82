#include "harness/load/layout_line_statements.h"

#include <algorithm>
#include <utility>

#include "harness/base/text.h"

namespace drydock {

void LineCollector::add(std::string_view line, int number) {
  if (text_.empty()) first_line_ = number;
  text_.append(line).push_back('\n');
}

bool LineCollector::blank() const { return trim(text_).empty(); }

int LineCollector::line() const {
  const auto blanks =
      static_cast<long>(std::min(text_.find_first_not_of(" \t\r\n\v\f"), text_.size()));
  return first_line_ + static_cast<int>(std::count(text_.begin(), text_.begin() + blanks, '\n'));
}

LineStatement LineCollector::take() {
  LineStatement statement{std::string(trim(text_)), line()};
  text_.clear();
  return statement;
}

bool ends_with_semicolon(std::string_view line) {
  bool result = false;
  for (line = trim(line); !line.empty(); line = trim(line)) {
    const std::size_t end = std::min(line.find_first_of(" \t\r\n\v\f"), line.size());
    const std::string_view word = line.substr(0, end);
    if (word.starts_with("--")) break;
    result = word.ends_with(';');
    line.remove_prefix(end);
  }
  return result;
}

}  // namespace drydock
