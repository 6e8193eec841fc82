#include "reports/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "harness/base/text.h"
#include "reports/printable.h"

namespace drydock::markdown {
namespace {

constexpr std::size_t kTextLimit = 4'000;  // of one message or one excerpt

/// A run of backticks longer than any in `text`, at least `least`.
std::string fence(const std::string& text, std::size_t least) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  return std::string(std::max(least, longest + 1), '`');
}

}  // namespace

std::string plain(const std::string& text) {
  std::string out;
  for (const char c : printable_line(shorten(valid_utf8(text), kTextLimit))) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@' || c == '#') {
      out += std::string(1, c) + "<!-- -->";  // splits what the host would take for a reference
    } else {
      if (std::string_view("\\`*_{}[]()|~>!").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string plain_lines(const std::string& text) {
  std::string out;
  const std::string shown = shorten(text, kTextLimit);
  for (const std::string_view line : split_lines(shown)) {
    if (!out.empty()) out += "<br>\n";
    out += plain(std::string(line));
  }
  return out;
}

std::string code(const std::string& text) {
  std::string shown = printable_line(text);
  const std::string ticks = fence(shown, 1);
  const bool padded = !shown.empty() && (shown.front() == '`' || shown.back() == '`');
  return padded ? fmt::format("{} {} {}", ticks, shown, ticks) : ticks + shown + ticks;
}

std::string cell_code(const std::string& text) {
  std::string out;
  for (const char c : code(text)) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

std::string block(const std::string& text, const std::string& language) {
  const std::string shown = shorten(text, kTextLimit);
  const std::string ticks = fence(shown, 3);
  return fmt::format("{}{}\n{}{}{}\n", ticks, language, shown,
                     !shown.empty() && shown.back() == '\n' ? "" : "\n", ticks);
}

const char* symbol(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return "✅";
    case Outcome::kFailed:
      return "❌";
    case Outcome::kErrored:
      return "❓";
    case Outcome::kSkipped:
      return "➖";
  }
  return "";
}

const char* symbol(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "❌";
    case Severity::kWarning:
      return "⚠️";
    case Severity::kInfo:
      return "ℹ️";
  }
  return "";
}

std::string fix(const std::string& remedy) {
  return remedy.empty() ? "" : fmt::format("**Fix:** {}\n\n", plain_lines(remedy));
}

std::string stopped(const std::string& error, const std::string& remedy) {
  if (error.empty()) return "";
  return fmt::format("❓ **Stopped:** {}\n\n", plain_lines(error)) + fix(remedy);
}

std::string message_of(const Finding& finding) {
  const std::size_t end = finding.message.find('\n');
  std::string out = plain(finding.message.substr(0, end)) + "\n\n";
  if (end == std::string::npos) return out;
  return out + fmt::format("<details><summary>Details</summary>\n\n{}\n</details>\n\n",
                           block(printable(finding.message.substr(end + 1))));
}

}  // namespace drydock::markdown
