// A summary in GitHub's Markdown, for a job summary or a pull request comment: verdict, table,
// what fails, details folded. Hosts refuse longer texts (a comment: 65,536 characters), so the
// summary stops at a limit and says what it left out.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/data_totals.h"
#include "reports/excerpt.h"
#include "reports/isolation_totals.h"
#include "reports/lock_totals.h"
#include "reports/markdown_text.h"
#include "reports/printable.h"
#include "reports/reporter.h"
#include "reports/totals.h"

namespace drydock {
namespace {

using markdown::block;
using markdown::cell_code;
using markdown::code;
using markdown::fix;
using markdown::message_of;
using markdown::plain;
using markdown::stopped;
using markdown::symbol;

constexpr std::size_t kLimit = 60'000;
constexpr std::size_t kNoteRoom = 1'000;  // for what is said about the cut
constexpr std::size_t kTableLimit = 20'000;
constexpr std::size_t kItemLimit = 300;  // of one line in a list

std::string row(const MigrationResult& migration) {
  const Rehearsal& evidence = migration.evidence;
  return fmt::format("| {} {} | {} | {} | {} | {} | {} |\n", symbol(migration.outcome),
                     word(migration.outcome), cell_code(evidence.migration),
                     phase_cell(evidence.up), phase_cell(evidence.down),
                     phase_cell(evidence.up_again), findings_phrase(count(migration)));
}

/// Rows of what did not simply pass; a long run's other rows say nothing.
std::string table(const ScenarioRun& run) {
  std::string out =
      "| outcome | migration | up | down | up again | findings |\n"
      "|---|---|--:|--:|--:|---|\n";
  constexpr std::size_t kAllRows = 30;
  std::size_t passed = 0, cut = 0;
  for (const MigrationResult& migration : run.migrations) {
    const bool plain_pass = migration.outcome == Outcome::kPassed && migration.findings.empty();
    if (plain_pass && run.migrations.size() > kAllRows) {
      ++passed;
    } else if (out.size() < kTableLimit) {
      out += row(migration);
    } else {
      ++cut;
    }
  }
  if (passed > 0) out += fmt::format("\n… and {} passed without findings.\n", passed);
  if (cut > 0) out += fmt::format("\n… and {} not listed here.\n", plural(cut, "migration"));
  return out + "\n";
}

std::string heading(const ScenarioRun& run) {
  std::string out = fmt::format("### {}\n\n", plain(run_title(run)));
  if (!run.why.empty()) out += plain(run.why) + "\n\n";
  out += fmt::format("{}, layout {}, {}\n\n", plural(run.migrations.size(), "migration"),
                     code(run.layout), plain(manner_phrase(run)));
  return out + stopped(run.error, run.error_remedy);
}

/// A folded list that stops early, so that a long history stays below a host's limit.
std::string folded(const std::string& summary, const std::vector<std::string>& items) {
  constexpr std::size_t kListLimit = 6'000;
  if (items.empty()) return "";
  std::string out = fmt::format("<details><summary>{}</summary>\n\n", summary);
  std::size_t shown = 0;
  for (; shown < items.size() && out.size() < kListLimit; ++shown)
    out += "- " + items[shown] + "\n";
  if (shown < items.size()) out += fmt::format("- … and {} more\n", items.size() - shown);
  return out + "\n</details>\n\n";
}

std::string short_plain(const std::string& text) { return plain(shorten(text, kItemLimit)); }

/// How much was rehearsed with rows in place, and what each rollback costs.
std::string rows_section(const ScenarioRun& run) {
  const std::string phrase = rows_phrase(run);
  if (phrase.empty()) return "";
  const RowsSummary summary = summarize_rows(run);
  std::vector<std::string> unfilled, losses;
  for (const UnfilledTable& table : summary.unfilled) {
    std::string item =
        fmt::format("{} ({} of {} rows, before {}): {}", code(table.table), table.rows,
                    table.wanted, code(table.migration), short_plain(table.problem));
    if (!table.remedy.empty()) item += "<br>**Fix:** " + code(shorten(table.remedy, kItemLimit));
    unfilled.push_back(std::move(item));
  }
  for (const MigrationResult& migration : run.migrations) {
    const std::string loss = loss_statement(migration.evidence.data, OwnTables::kTold);
    if (loss.empty()) continue;
    losses.push_back(fmt::format("{}: {}", code(migration.evidence.migration), short_plain(loss)));
  }
  return plain(phrase) + "\n\n" + folded("⚠️ " + unfilled_phrase(summary), unfilled) +
         folded("What rolling back loses", losses);
}

/// Of each migration that is not all well, the lock that traffic would feel most.
std::string locks_section(const ScenarioRun& run) {
  std::vector<std::string> items;
  for (const auto& [migration, taken] : locks_worth_telling(run)) {
    items.push_back(fmt::format("{}: {}", code(migration->evidence.migration),
                                short_plain(taken_phrase(taken))));
  }
  return folded("The strongest lock of each migration with findings", items);
}

/// Of each migration after which tenant isolation was judged, what was tried and what came of it.
std::string isolation_section(const ScenarioRun& run) {
  std::vector<std::string> items;
  for (const auto& [migration, phrase] : isolation_phrases(run))
    items.push_back(
        fmt::format("{}: {}", code(migration->evidence.migration), short_plain(phrase)));
  return folded("Tenant isolation", items);
}

struct Entry {
  const MigrationResult* migration;
  const Finding* finding;  ///< null: the migration errored
};

std::string errored_section(const MigrationResult& migration) {
  const Rehearsal& evidence = migration.evidence;
  std::string out = fmt::format("#### ❓ {} could not be judged\n\n", code(evidence.migration));
  for (const std::string& reason : errored_reasons(migration)) out += plain(reason) + "\n\n";
  for (const Phase* phase : {&evidence.up, &evidence.down, &evidence.up_again}) {
    if (phase->outcome == PhaseOutcome::kErrored && phase->error) out += fix(phase->error->remedy);
  }
  return out;
}

std::string excerpt_of(const Subject& subject) {
  if (subject.phase == nullptr || !subject.phase->error) return "";
  const std::vector<std::string> lines = source_lines(*subject.phase->error, 100);
  return lines.empty() ? "" : block(join(lines, "\n")) + "\n";
}

std::string section(const Entry& entry) {
  if (entry.finding == nullptr) return errored_section(*entry.migration);
  const Finding& finding = *entry.finding;
  const Rehearsal& evidence = entry.migration->evidence;
  std::string out = fmt::format("#### {} {} · {}\n\n", symbol(finding.severity),
                                plain(finding.check), code(evidence.migration));
  const std::string at = location(finding.file, finding.line);
  if (!at.empty()) out += code(at) + "\n\n";
  if (!finding.migration.empty()) out += "Brought about by " + code(finding.migration) + "\n\n";
  return out + message_of(finding) + excerpt_of(subject_of(evidence, finding.check)) +
         fix(finding.remedy);
}

/// What gates, then what could not be told, then the warnings; infos stay in the page.
std::vector<Entry> entries_of(const RunResult& result) {
  std::vector<Entry> gating, errored, others;
  for (const ScenarioRun& run : result.runs) {
    for (const MigrationResult& migration : run.migrations) {
      if (migration.outcome == Outcome::kErrored) errored.push_back({&migration, nullptr});
      for (const Finding& finding : migration.findings) {
        if (holds_back(finding, result.gate)) {
          gating.push_back({&migration, &finding});
        } else if (is_open(finding) && finding.severity != Severity::kInfo) {
          others.push_back({&migration, &finding});
        }
      }
    }
  }
  gating.insert(gating.end(), errored.begin(), errored.end());
  gating.insert(gating.end(), others.begin(), others.end());
  return gating;
}

std::string footer(const RunResult& result) {
  std::string out = fmt::format("<sub>Drydock {}, seed {}, started {}</sub>\n",
                                plain(result.version), result.seed, plain(result.started_at));
  if (!result.command.empty()) {
    out += fmt::format("\nRun it again: {}\n", code(shorten(result.command, kNoteRoom / 2)));
  }
  return out;
}

}  // namespace

std::string render_markdown(const RunResult& result) {
  std::string out =
      fmt::format("## {} Drydock: {}\n\n{} ({})\n\n", symbol(result.verdict), word(result.verdict),
                  verdict_phrase(result), human_duration(result.duration_ms));
  out += stopped(result.error, result.error_remedy);
  const std::string end = footer(result);
  const std::size_t limit = kLimit - kNoteRoom - end.size();
  std::size_t runs_cut = 0, findings_cut = 0;
  for (const ScenarioRun& run : result.runs) {
    const std::string part = heading(run) + (run.migrations.empty() ? "" : table(run)) +
                             rows_section(run) + locks_section(run) + isolation_section(run);
    out.size() + part.size() <= limit ? void(out += part) : void(++runs_cut);
  }
  for (const Entry& entry : entries_of(result)) {
    const std::string part = section(entry);
    out.size() + part.size() <= limit ? void(out += part) : void(++findings_cut);
  }
  if (runs_cut + findings_cut > 0) {
    out += fmt::format(
        "> This summary is cut to fit: {} and {} are not shown. "
        "The whole is in report.html and run.json.\n\n",
        plural(runs_cut, "run"), plural(findings_cut, "finding"));
  }
  return out + end;
}

}  // namespace drydock
