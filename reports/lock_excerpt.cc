#include "reports/lock_excerpt.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/data_totals.h"
#include "reports/excerpt.h"
#include "reports/lock_totals.h"
#include "reports/printable.h"

namespace drydock {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kLongestStatement = 120;  // enough to know it again; the file has the rest
constexpr std::size_t kMostLines = 200;         // a build server shows system-out in one box

std::string shown(const std::string& statement) {
  return shorten(printable_line(statement), kLongestStatement);
}

std::string place(const std::string& file, int line, const std::string& statement) {
  const std::string at = location(file, line);
  return fmt::format("{}{}{}", at, at.empty() || statement.empty() ? "" : ": ", shown(statement));
}

std::string place(const StatementRun& statement) {
  return place(statement.file, statement.line, statement.text);
}

std::string of_rows(std::int64_t rows) {
  return rows < 0 ? "" : fmt::format(" ({} {})", grouped(rows), rows == 1 ? "row" : "rows");
}

void append(Lines& lines, const Lines& more, std::string_view indent = "") {
  for (const std::string& line : more) lines.push_back(std::string(indent) + line);
}

std::string timeout_phrase(double lock_timeout_ms) {
  if (lock_timeout_ms <= 0) return "no lock_timeout";
  return fmt::format("lock_timeout {}", human_duration(lock_timeout_ms));
}

std::string latencies_phrase(const Latencies& latencies) {
  return fmt::format("p50 {}, p99 {}, longest {} of {}", human_duration(latencies.p50),
                     human_duration(latencies.p99), human_duration(latencies.longest),
                     grouped(latencies.count));
}

Lines probe_lines(const ProbeResult& probe) {
  const std::string name =
      fmt::format("{} {}", printable_line(probe.table), describe(probe.operation));
  if (!probe.problem.empty()) {
    return {fmt::format("{}: not tried: {}", name, printable_line(probe.problem))};
  }
  Lines lines = {fmt::format("{}:", name), "  calm:  " + latencies_phrase(probe.calm),
                 "  under: " + latencies_phrase(probe.under)};
  if (probe.blocked_on.empty()) return lines;
  lines.push_back(fmt::format(
      "  waited {} for {} on {}{}", human_duration(probe.longest_stall_ms),
      manual_word(probe.blocked_by), printable_line(probe.blocked_on),
      probe.statement.empty() ? "" : ", taken by " + place("", probe.line, probe.statement)));
  return lines;
}

Lines attempt_lines(const QueueAttempt& attempt) {
  const std::string waited = human_duration(attempt.waited_ms);
  std::string what = fmt::format("had to be stopped after {}", waited);
  if (attempt.waited_it_out) what = "needed no lock that was in the way";
  if (attempt.gave_up) {
    what = fmt::format("gave up after {}{}", waited,
                       attempt.sqlstate.empty() ? "" : " [" + attempt.sqlstate + "]");
  }
  Lines lines = {fmt::format("behind {} on {}: {}", holder_phrase(attempt.holder),
                             printable_line(attempt.relation), what)};
  if (attempt.waited_it_out) return lines;
  lines.push_back("  waiting: " + place(attempt.file, attempt.line, attempt.statement));
  if (attempt.stalled_ms > 0) {
    lines.push_back(
        fmt::format("  a SELECT behind it waited {}", human_duration(attempt.stalled_ms)));
  }
  lines.push_back(attempt.second_try_ok
                      ? "  the second try applied"
                      : "  the second try failed: " + printable_line(attempt.second_error));
  append(lines, diff_lines(attempt.left_behind, kMostLines), "  left behind: ");
  return lines;
}

Lines interrupted_lines(const InterruptedRun& run) {
  Lines lines = {fmt::format("{} statement {}, {}", run.killed ? "killed behind" : "cancelled in",
                             run.after_statement, place(run.file, run.line, run.statement))};
  if (run.failure) {
    const std::string at = location(run.failure->file, run.failure->line, run.failure->column);
    lines.push_back(fmt::format("  the second run failed: {}{}{}", at, at.empty() ? "" : ": ",
                                printable_line(run.failure->message)));
  }
  append(lines, diff_lines(run.schema, kMostLines), "  ");
  if (!run.contents.empty()) lines.push_back("  rows: " + printable_line(run.contents));
  return lines;
}

std::string pass_phrase(int passes) {
  return plural(static_cast<std::size_t>(passes), "pass", "passes");
}

Lines leftover_lines(const std::vector<Leftover>& leftovers) {
  Lines lines;
  for (const Leftover& left : leftovers) {
    lines.push_back(
        printable_line(fmt::format("{} {}{}: {}", left.object, left.what,
                                   left.accepted ? ", was so before and was taken for done" : "",
                                   place(left.file, left.line, left.statement))));
  }
  return lines;
}

Lines each_phase(const Rehearsal& evidence, Lines (*lines_of)(const Phase&)) {
  Lines lines;
  for (const Phase* phase : {&evidence.up, &evidence.down})
    append(lines, lines_of(*phase), fmt::format("{}: ", word(phase->name)));
  return lines;
}

Lines lines_of(const Rehearsal& evidence, const std::string& check) {
  const LockEvidence& locks = evidence.locks;
  if (check == "lock-budget" || check == "lock-timeout") {
    Lines lines = each_phase(evidence, ledger_lines);
    if (check == "lock-budget") append(lines, forecast_lines(locks.forecasts));
    return lines;
  }
  if (check == "table-rewrite" || check == "table-scan") return each_phase(evidence, pass_lines);
  if (check == "traffic-stall") return traffic_lines(locks.traffic);
  if (check == "lock-queue") return queue_lines(locks.queue);
  if (check == "concurrent-leftover") return leftover_lines(locks.leftovers);
  if (check == "rerunnable") return interruption_lines(locks.interruptions);
  return {};
}

}  // namespace

std::vector<std::string> ledger_lines(const Phase& phase) {
  Lines lines;
  for (const StatementRun& statement : phase.statements) {
    for (const HeldLock& lock : statement.footprint.locks) {
      if (!is_felt(lock)) continue;
      lines.push_back(
          printable_line(fmt::format("{}; {}; {}", lock_phrase(lock), place(statement),
                                     timeout_phrase(statement.footprint.lock_timeout_ms))));
    }
  }
  return lines;
}

std::vector<std::string> pass_lines(const Phase& phase) {
  Lines lines;
  for (const StatementRun& statement : phase.statements) {
    for (const Rewrite& rewrite : statement.footprint.rewrites) {
      lines.push_back(printable_line(fmt::format(
          "rewrites {} {}{}{}; {}", word(rewrite.kind), rewrite.relation, of_rows(rewrite.rows),
          rewrite.reason.empty() ? "" : ": " + rewrite.reason, place(statement))));
    }
    for (const TablePass& pass : statement.footprint.passes) {
      lines.push_back(
          printable_line(fmt::format("{} over {}{}; {}", pass_phrase(pass.passes), pass.table,
                                     of_rows(pass.rows), place(statement))));
    }
  }
  return lines;
}

std::vector<std::string> traffic_lines(const TrafficTrial& trial) {
  if (!trial.ran) return trial.skipped.empty() ? Lines() : Lines{"no traffic: " + trial.skipped};
  Lines lines;
  for (const ProbeResult& probe : trial.probes) append(lines, probe_lines(probe));
  if (trial.failure)
    lines.push_back("the migration failed under traffic: " +
                    printable_line(trial.failure->message));
  for (const std::string_view line : split_lines(trial.deadlock))
    lines.push_back("deadlock: " + printable_line(std::string(line)));
  return lines;
}

std::vector<std::string> queue_lines(const QueueTrial& trial) {
  Lines lines;
  for (const QueueAttempt& attempt : trial.attempts) append(lines, attempt_lines(attempt));
  return lines;
}

std::vector<std::string> interruption_lines(const InterruptionTrial& trial) {
  Lines lines;
  std::size_t survived = 0;
  for (const InterruptedRun& run : trial.interruptions) {
    const bool harmless = !run.failure && run.schema.empty() && run.contents.empty();
    harmless ? void(++survived) : append(lines, interrupted_lines(run));
  }
  if (survived > 0) {
    lines.push_back(fmt::format("{} without harm", plural(survived, "interruption")));
  }
  return lines;
}

std::vector<std::string> forecast_lines(const std::vector<LockForecast>& forecasts) {
  Lines lines;
  for (const LockForecast& forecast : forecasts) {
    std::string work = ", " + pass_phrase(forecast.passes);
    if (forecast.passes == 0) work.clear();
    if (forecast.rewrite) work += ", a rewrite";
    lines.push_back(printable_line(
        fmt::format("forecast: {} on {} for about {} ± {} at {} rows{}; {}",
                    manual_word(forecast.mode), forecast.table, human_duration(forecast.held_ms),
                    human_duration(forecast.error_ms), grouped(forecast.production_rows), work,
                    place(forecast.file, forecast.line, forecast.statement))));
    for (const LockForecast::Point& point : forecast.measured) {
      lines.push_back(fmt::format("  measured: {} at {} rows", human_duration(point.held_ms),
                                  grouped(point.rows)));
    }
  }
  return lines;
}

std::string lock_text(const Rehearsal& evidence, const std::string& check) {
  const Lines lines = lines_of(evidence, check);
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < kMostLines; ++i) text += lines[i] + "\n";
  if (lines.size() > kMostLines) {
    text += fmt::format("… and {}\n", plural(lines.size() - kMostLines, "more line"));
  }
  return text;
}

}  // namespace drydock
