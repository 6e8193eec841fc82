#include "reports/html_text.h"

#include "reports/printable.h"

namespace drydock {

std::string escape_html(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string script_json(const std::string& json) {
  std::string out;
  for (const char c : json) out += c == '<' ? "\\u003c" : std::string(1, c);
  return out;
}

std::string fill_page(std::string_view page, const std::map<std::string, std::string>& values) {
  std::string out;
  while (true) {
    const std::size_t open = page.find("{{");
    const std::size_t close = page.find("}}", open);
    out += page.substr(0, open);
    if (close == std::string_view::npos) return out;
    out += values.at(std::string(page.substr(open + 2, close - open - 2)));
    page.remove_prefix(close + 2);
  }
}

std::string verdict_title(Outcome verdict) {
  switch (verdict) {
    case Outcome::kPassed:
      return "Passed";
    case Outcome::kFailed:
      return "Failed";
    case Outcome::kErrored:
      return "Could not be judged";
    case Outcome::kSkipped:
      return "Nothing was asked";
  }
  return "";
}

}  // namespace drydock
