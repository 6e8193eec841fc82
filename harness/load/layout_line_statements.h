// Statements as goose and sql-migrate cut them: by lines, not by grammar.
//
// Both tools look at the end of each line only. A semicolon inside a function body therefore ends
// a statement unless the file says otherwise, exactly the mistake a rehearsal has to show.
#pragma once

#include <string>
#include <string_view>

namespace drydock {

struct LineStatement {
  std::string text;  ///< trimmed
  int line = 0;      ///< of its first character
};

/// Lines of the statement being read.
class LineCollector {
 public:
  void add(std::string_view line, int number);
  bool empty() const { return text_.empty(); }
  bool blank() const;  ///< nothing but white space
  int line() const;    ///< of the first character that is not white space
  LineStatement take();

 private:
  std::string text_;
  int first_line_ = 0;
};

/// Whether the last word before any "--" comment of the line ends in a semicolon.
bool ends_with_semicolon(std::string_view line);

}  // namespace drydock
