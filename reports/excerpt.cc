#include "reports/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/printable.h"

namespace drydock {
namespace {

/// Byte offset of the 1-based character `column` in valid UTF-8.
std::size_t offset_of_column(std::string_view text, int column) {
  std::size_t at = 0;
  for (int character = 1; character < column && at < text.size(); ++character) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

std::string without_tabs(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\t' ? "  " : std::string(1, c);
  return out;
}

/// A long line is cut on the left so that what stands before the caret fits into `room`.
std::string end_of(std::string text, int room) {
  if (display_width(text) <= room) return text;
  while (display_width(text) > room - 1) {
    std::size_t next = 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    text.erase(0, next);
  }
  return "…" + text;
}

void append_labelled(std::vector<std::string>& lines, const std::string& label,
                     const std::string& text) {
  if (text.empty()) return;
  const std::string shown = printable(text);
  bool first = true;
  for (const std::string_view line : split_lines(shown)) {
    lines.push_back(fmt::format("{:<9} {}", first ? label + ":" : "", line));
    first = false;
  }
}

void append_indented(std::vector<std::string>& lines, const std::string& label,
                     const std::string& text) {
  const std::string shown = printable(text);
  const std::vector<std::string_view> parts = split_lines(shown);
  if (parts.size() <= 1) {
    lines.push_back(fmt::format("    {} {}", label, parts.empty() ? "(none)" : parts.front()));
    return;
  }
  lines.push_back("    " + label);
  for (const std::string_view part : parts) lines.push_back(fmt::format("      {}", part));
}

}  // namespace

std::string location(const std::string& file, int line, int column) {
  std::string at = printable_line(file);
  if (line > 0) at += fmt::format("{}{}", at.empty() ? "line " : ":", line);
  if (line > 0 && column > 0 && !file.empty()) at += fmt::format(":{}", column);
  return at;
}

std::string headline(const std::string& message) {
  const std::vector<std::string_view> lines = split_lines(message);
  if (lines.empty()) return {};
  std::string line = one_line(lines[0]);
  if (lines.size() == 1 || line.empty() || line.back() != ':') return line;
  line += " " + one_line(lines[1]);
  if (lines.size() > 2) line += fmt::format(" … and {} more", lines.size() - 2);
  return line;
}

Subject subject_of(const Rehearsal& evidence, const std::string& check) {
  const auto run = [&](const Phase& phase) {
    const bool failed = phase.outcome == PhaseOutcome::kFailed;
    return Subject{&phase, failed ? &evidence.left_by_failure : nullptr};
  };
  if (check == "up-applies") return run(evidence.up);
  if (check == "down-applies") return run(evidence.down);
  if (check == "up-reapplies") return run(evidence.up_again);
  if (check == "schema-restored") return {nullptr, &evidence.restored};
  if (check == "schema-reproduced") return {nullptr, &evidence.reproduced};
  return {};
}

std::vector<std::string> source_lines(const Failure& failure, int width) {
  if (failure.source_line.empty()) return {};
  const std::string number = failure.line > 0 ? fmt::format("{}", failure.line) : "";
  const int room = std::max(20, width - static_cast<int>(number.size()) - 5);
  const std::string source = valid_utf8(failure.source_line);
  const std::size_t at = offset_of_column(source, failure.column);
  const std::string before =
      end_of(without_tabs(printable(std::string_view(source).substr(0, at))), room * 2 / 3);
  const std::string after = without_tabs(printable(std::string_view(source).substr(at)));
  std::vector<std::string> lines = {fmt::format("  {} | {}", number, fit(before + after, room))};
  if (failure.column > 0) {
    lines.push_back(fmt::format("  {:{}} | {:{}}^", "", number.size(), "", display_width(before)));
  }
  return lines;
}

std::vector<std::string> server_lines(const Failure& failure) {
  std::vector<std::string> lines;
  append_labelled(lines, "detail", failure.detail);
  append_labelled(lines, "hint", failure.hint);
  append_labelled(lines, "context", failure.context);
  return lines;
}

std::vector<std::string> difference_lines(const SchemaDifference& difference) {
  const char sign = difference.change == ChangeKind::kMissing ? '-'
                    : difference.change == ChangeKind::kExtra ? '+'
                                                              : '!';
  std::string head =
      fmt::format("{} {} {} {}", sign, word(difference.change),
                  printable_line(difference.object.kind), printable_line(difference.object.name));
  if (!difference.property.empty()) head += ": " + printable_line(difference.property);
  std::vector<std::string> lines = {fmt::format("{} [{}]", head, word(difference.weight))};
  if (difference.change == ChangeKind::kChanged) {
    append_indented(lines, "expected:", difference.expected);
    append_indented(lines, "found:   ", difference.found);
  }
  if (!difference.ddl.empty()) append_indented(lines, "to mend: ", difference.ddl);
  return lines;
}

std::vector<std::string> diff_lines(const SchemaDiff& differences, std::size_t limit) {
  std::vector<const SchemaDifference*> ordered;
  for (const SchemaDifference& difference : differences) ordered.push_back(&difference);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto* a, const auto* b) { return a->weight > b->weight; });
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < ordered.size() && i < limit; ++i) {
    for (std::string& line : difference_lines(*ordered[i])) lines.push_back(std::move(line));
  }
  if (ordered.size() > limit) {
    lines.push_back(fmt::format("… and {}", plural(ordered.size() - limit, "more difference")));
  }
  return lines;
}

std::string phase_cell(const Phase& phase) {
  return phase.outcome == PhaseOutcome::kOk ? human_duration(phase.duration_ms)
                                            : word(phase.outcome);
}

std::vector<std::string> errored_reasons(const MigrationResult& migration) {
  std::vector<std::string> reasons;
  for (const CheckResult& check : migration.checks) {
    if (check.outcome != Outcome::kErrored) continue;
    reasons.push_back(printable_line(fmt::format("{}: {}", check.check, check.reason)));
  }
  if (!reasons.empty()) return reasons;
  const Rehearsal& evidence = migration.evidence;
  for (const Phase* phase : {&evidence.up, &evidence.down, &evidence.up_again}) {
    if (phase->outcome != PhaseOutcome::kErrored) continue;
    const std::string why = phase->error ? phase->error->message : "no more is known";
    reasons.push_back(printable_line(fmt::format("{}: {}", word(phase->name), why)));
  }
  if (reasons.empty()) reasons.push_back("no more is known");
  return reasons;
}

std::string subject_text(const Subject& subject, int width, std::size_t limit) {
  std::vector<std::string> lines;
  if (subject.phase != nullptr && subject.phase->error) {
    const Failure& failure = *subject.phase->error;
    const std::string at = location(failure.file, failure.line, failure.column);
    const std::string state = failure.sqlstate.empty() ? "" : " [" + failure.sqlstate + "]";
    lines.push_back(
        printable(fmt::format("{}{}{}{}", at, at.empty() ? "" : ": ", failure.message, state)));
    for (std::string& line : source_lines(failure, width)) lines.push_back(std::move(line));
    for (std::string& line : server_lines(failure)) lines.push_back(std::move(line));
  }
  if (subject.differences != nullptr) {
    for (std::string& line : diff_lines(*subject.differences, limit)) {
      lines.push_back(std::move(line));
    }
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace drydock
