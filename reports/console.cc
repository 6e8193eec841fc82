#include "reports/console.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/console_isolation.h"
#include "reports/console_locks.h"
#include "reports/console_rows.h"
#include "reports/data_totals.h"
#include "reports/excerpt.h"
#include "reports/ink.h"
#include "reports/printable.h"
#include "reports/totals.h"

namespace drydock {
namespace {

constexpr std::size_t kRows = 25;          // a table that still fits on a screen
constexpr std::size_t kFindings = 10;      // the rest is in the report
constexpr std::size_t kLongestLine = 500;  // some servers' details are whole rows
constexpr int kNameWidth = 48;

class Console {
 public:
  Console(const RunResult& result, const ConsoleStyle& style) : result_(result), style_(style) {}

  void run(const ScenarioRun& run) {
    if (!style_.quiet) {
      heading(run);
      table(run);
      rows(run);
      tell(lock_lines(run));
      tell(isolation_lines(run));
    }
    problems(run);
    if (!run.error.empty()) stopped(run.error, run.error_remedy);
  }

  void stopped(const std::string& message, const std::string& remedy) {
    line(paint(Ink::kMagenta, "stopped: ") + printable(message));
    if (!remedy.empty()) line("  " + paint(Ink::kBold, "fix: ") + printable(remedy));
    line("");
  }

  void stale_known() {
    if (result_.stale_known.empty() || style_.quiet) return;
    line(paint(Ink::kDim, "Known findings that no longer occur, to be taken off the list:"));
    for (const StaleKnown& stale : result_.stale_known) {
      line(paint(Ink::kDim, "  " + printable_line(fmt::format("{} {} {}", stale.fingerprint,
                                                              stale.check, stale.migration))));
    }
    line("");
  }

  void left_out() {
    if (hidden_ == 0) return;
    line(fmt::format("… and {}", plural(hidden_, "more finding")));
    line("");
  }

  void verdict(const std::string& report_path) {
    if (!report_path.empty()) line("report: " + printable_line(report_path));
    const std::string phrase =
        fmt::format("{} ({})", verdict_phrase(result_), human_duration(result_.duration_ms));
    line(paint(ink_of(result_.verdict), fmt::format("{}: ", word(result_.verdict))) + phrase);
  }

  std::string take() { return std::move(out_); }

 private:
  static const char* symbol(Outcome outcome) {
    switch (outcome) {
      case Outcome::kPassed:
        return "✓";
      case Outcome::kFailed:
        return "✗";
      case Outcome::kErrored:
        return "?";
      case Outcome::kSkipped:
        return "–";
    }
    return " ";
  }

  std::string paint(Ink ink, const std::string& text) const {
    return drydock::paint(style_.color, ink, text);
  }

  void line(const std::string& text) { out_ += text + "\n"; }

  void heading(const ScenarioRun& run) {
    line(paint(Ink::kBold, printable_line(run_title(run))) + ", " +
         printable_line(manner_phrase(run)));
    if (const std::string phrase = rows_phrase(run); !phrase.empty())
      line(paint(Ink::kDim, "  " + printable_line(phrase)));
    for (const std::string& note : run.notes) line(paint(Ink::kDim, "  " + printable_line(note)));
    for (const IgnoredFile& file : run.ignored) {
      line(paint(Ink::kDim, "  ignored " + printable_line(file.path + ": " + file.reason)));
    }
    line("");
  }

  static bool worth_a_row(const MigrationResult& migration) {
    return migration.outcome == Outcome::kFailed || migration.outcome == Outcome::kErrored ||
           !migration.findings.empty();
  }

  void row(const MigrationResult& migration, int name_width) {
    const Rehearsal& evidence = migration.evidence;
    const std::string name = fit(printable_line(evidence.migration), name_width);
    const std::string text = fmt::format(
        "{}{:{}}  {:<8} {:>9} {:>9} {:>9}  {}", name, "", name_width - display_width(name),
        word(migration.outcome), phase_cell(evidence.up), phase_cell(evidence.down),
        phase_cell(evidence.up_again), findings_phrase(count(migration)));
    line("  " + paint(ink_of(migration.outcome), symbol(migration.outcome)) + " " +
         std::string(trim_right(text)));
  }

  static std::string_view trim_right(std::string_view text) {
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  int name_width(const ScenarioRun& run) const {
    int width = 9;
    for (const MigrationResult& migration : run.migrations) {
      width = std::max(width, display_width(printable_line(migration.evidence.migration)));
    }
    return std::clamp(style_.width - 60, 9, std::min(width, kNameWidth));
  }

  void table(const ScenarioRun& run) {
    if (run.migrations.empty()) return;
    const int width = name_width(run);
    line(paint(Ink::kDim, fmt::format("    {:{}}  {:<8} {:>9} {:>9} {:>9}  {}", "migration", width,
                                      "outcome", "up", "down", "up again", "findings")));
    const bool all = run.migrations.size() <= kRows;
    std::size_t quiet_passed = 0, shown = 0, left = 0;
    for (const MigrationResult& migration : run.migrations) {
      if (!all && !worth_a_row(migration)) {
        ++quiet_passed;
      } else if (shown < kRows) {
        row(migration, width);
        ++shown;
      } else {
        ++left;
      }
    }
    if (left > 0) line(fmt::format("    … and {} with findings", left));
    if (quiet_passed > 0) line(fmt::format("    … and {} without findings", quiet_passed));
    line("");
  }

  void rows(const ScenarioRun& run) {
    const std::vector<std::string> unfilled = unfilled_lines(run), losses = loss_lines(run);
    for (const std::string& text : unfilled)
      line(&text == &unfilled.front() ? paint(Ink::kYellow, text) : text);
    if (!unfilled.empty()) line("");
    for (const std::string& text : losses) line(text);
    if (!losses.empty()) line("");
  }

  void tell(const std::vector<std::string>& lines) {
    for (const std::string& text : lines) line(text);
    if (!lines.empty()) line("");
  }

  /// What holds the merge back first, then what could not be told, then the warnings: the limit
  /// must not be used up by what matters less.
  void problems(const ScenarioRun& run) {
    for (const MigrationResult& migration : run.migrations) {
      for (const Finding& finding : migration.findings) {
        if (holds_back(finding, result_.gate)) show(migration, finding);
      }
    }
    for (const MigrationResult& migration : run.migrations) {
      if (migration.outcome == Outcome::kErrored) show_errored(migration);
    }
    if (style_.quiet) return;
    for (const MigrationResult& migration : run.migrations) {
      for (const Finding& finding : migration.findings) {
        const bool told = !is_open(finding) || holds_back(finding, result_.gate);
        if (!told && finding.severity != Severity::kInfo) show(migration, finding);
      }
    }
  }

  bool within_limit() {
    if (shown_ < kFindings) return ++shown_ > 0;
    ++hidden_;
    return false;
  }

  void show(const MigrationResult& migration, const Finding& finding) {
    if (!within_limit()) return;
    const std::string& cause = finding.migration;
    line(fmt::format("{} {}  {}{}", paint(ink_of(finding.severity), word(finding.severity)),
                     paint(Ink::kBold, printable_line(finding.check)),
                     printable_line(migration.evidence.migration),
                     cause.empty() ? "" : ", brought about by " + printable_line(cause)));
    const std::string at = location(finding.file, finding.line);
    indented((at.empty() ? "" : at + ": ") + finding.message);
    const Subject subject = subject_of(migration.evidence, finding.check);
    if (subject.phase != nullptr && subject.phase->error) {
      for (const std::string& text : source_lines(*subject.phase->error, style_.width - 2)) {
        line("  " + text);
      }
    }
    remedy(finding.remedy);
    line("");
  }

  void show_errored(const MigrationResult& migration) {
    if (!within_limit()) return;
    line(fmt::format("{} {}", paint(Ink::kMagenta, "could not judge"),
                     printable_line(migration.evidence.migration)));
    for (const std::string& reason : errored_reasons(migration)) indented(reason);
    const Rehearsal& evidence = migration.evidence;
    for (const Phase* phase : {&evidence.up, &evidence.down, &evidence.up_again}) {
      if (phase->outcome == PhaseOutcome::kErrored && phase->error) remedy(phase->error->remedy);
    }
    line("");
  }

  void remedy(const std::string& text) {
    if (text.empty()) return;
    const std::string shown = printable(text);
    bool first = true;
    for (const std::string_view part : split_lines(shown)) {
      line((first ? "  " + paint(Ink::kBold, "fix: ") : "       ") + std::string(part));
      first = false;
    }
  }

  void indented(const std::string& text) {
    const std::string shown = printable(text);
    for (const std::string_view part : split_lines(shown)) line("  " + shorten(part, kLongestLine));
  }

  const RunResult& result_;
  const ConsoleStyle& style_;
  std::string out_;
  std::size_t shown_ = 0, hidden_ = 0;
};

}  // namespace

std::string layout_line(const ScenarioRun& run, std::size_t migrations) {
  // Most summaries begin with the tool's name, which the line has already.
  std::string_view words = run.layout_summary;
  if (words.starts_with(run.layout + ": ")) words.remove_prefix(run.layout.size() + 2);
  const std::string summary = words.empty() ? "" : fmt::format(" ({})", words);
  return printable_line(fmt::format("{}: {} in {}, layout {}{}", run.scenario,
                                    plural(migrations, "migration"), run.directory, run.layout,
                                    summary));
}

std::string render_console(const RunResult& result, const ConsoleStyle& style,
                           const std::string& report_path) {
  Console console(result, style);
  for (const ScenarioRun& run : result.runs) console.run(run);
  if (!result.error.empty()) console.stopped(result.error, result.error_remedy);
  console.left_out();
  console.stale_known();
  console.verdict(report_path);
  return console.take();
}

}  // namespace drydock
