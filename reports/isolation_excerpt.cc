#include "reports/isolation_excerpt.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/describe_isolation.h"
#include "reports/data_totals.h"
#include "reports/excerpt.h"
#include "reports/isolation_totals.h"
#include "reports/printable.h"

namespace drydock {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kLongestLine = 300;  // run.json has the whole
constexpr std::size_t kMostLines = 200;    // a build server shows system-out in one box

std::string shown(const std::string& text) { return shorten(printable_line(text), kLongestLine); }

void append(Lines& lines, const Lines& more, std::string_view indent = "") {
  for (const std::string& line : more) lines.push_back(std::string(indent) + line);
}

std::string verdict_words(IsolationVerdict verdict) {
  switch (verdict) {
    case IsolationVerdict::kHeld:
      return "held";
    case IsolationVerdict::kLeak:
      return "leaked";
    case IsolationVerdict::kTold:
      return "told";
    case IsolationVerdict::kDenied:
      return "denied";
    case IsolationVerdict::kNotTried:
      return "not tried";
  }
  return "";
}

/// "1,000 rows"
std::string rows_phrase(std::int64_t rows) {
  return fmt::format("{} {}", grouped(rows), rows == 1 ? "row" : "rows");
}

std::size_t number_of(const TableIsolation& table, IsolationVerdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(table.probes.begin(), table.probes.end(),
                    [&](const IsolationProbe& probe) { return probe.verdict == verdict; }));
}

std::string binding_phrase(const TableIsolation& table) {
  std::string security = table.forced ? "row security on and forced" : "row security on";
  if (!table.row_security) security = "no row security";
  return fmt::format("{}; {}; {}; {} of {}", shown(table.tenant), security,
                     plural(table.policies.size(), "policy", "policies"), rows_phrase(table.rows),
                     plural(static_cast<std::size_t>(table.tenants), "tenant"));
}

/// "38 held, 2 leak, 1 not tried"
std::string tries_phrase(const TableIsolation& table) {
  Lines parts;
  for (const IsolationVerdict verdict :
       {IsolationVerdict::kHeld, IsolationVerdict::kLeak, IsolationVerdict::kDenied,
        IsolationVerdict::kTold, IsolationVerdict::kNotTried}) {
    const std::size_t number = number_of(table, verdict);
    if (number > 0) parts.push_back(fmt::format("{} {}", number, verdict_words(verdict)));
  }
  return parts.empty() ? "no try" : "tries: " + join(parts, ", ");
}

bool is_plain(const IsolationProbe& probe) {
  return probe.verdict == IsolationVerdict::kHeld || probe.verdict == IsolationVerdict::kNotTried;
}

Lines tables_lines(const std::vector<TableIsolation>& tables) {
  Lines lines;
  for (const TableIsolation& table : tables) {
    if (std::all_of(table.probes.begin(), table.probes.end(), is_plain)) continue;
    lines.push_back(printable_line(table.table) + ":");
    append(lines, table_lines(table), "  ");
  }
  return lines;
}

Lines coverage_lines(const std::vector<TableIsolation>& tables) {
  Lines lines;
  for (const TableIsolation& table : tables) {
    const std::string& exempt = table.exempt;
    lines.push_back(
        fmt::format("{}: {}", printable_line(table.table),
                    exempt.empty() ? binding_phrase(table) : "exempt: " + shown(exempt)));
  }
  return lines;
}

Lines hidden_lines(const RoleFaithfulTrial& trial) {
  Lines lines;
  for (const HiddenRows& hidden : trial.hidden) {
    const std::string at = location(hidden.file, hidden.line);
    lines.push_back(fmt::format("{}{}{}: {} as {}, {} without row security", at,
                                at.empty() ? "" : ": ", shown(hidden.statement),
                                rows_phrase(hidden.rows), printable_line(trial.role),
                                grouped(hidden.rows_unbound)));
    if (!hidden.contents.empty()) lines.push_back("  " + shown(hidden.contents));
  }
  return lines;
}

Lines lines_of(const IsolationEvidence& isolation, const std::string& check) {
  if (check == "rls-isolation") return tables_lines(isolation.tables);
  if (check == "rls-coverage") return coverage_lines(isolation.tables);
  if (check == "rls-bypass") return way_lines(isolation.paths);
  if (check == "rls-proof") return mutant_lines(isolation.mutants);
  if (check == "silent-zero-rows") return hidden_lines(isolation.role_faithful);
  return {};
}

}  // namespace

std::vector<std::string> probe_lines(const IsolationProbe& probe) {
  std::string head = fmt::format("{}: {}", describe(probe), verdict_words(probe.verdict));
  const std::string rows = fmt::format("{} of {}", grouped(probe.rows), rows_phrase(probe.of));
  const bool told = probe.outcome == fmt::format("{} of {} {}", probe.rows, probe.of,
                                                 probe.of == 1 ? "row" : "rows");
  if (told || probe.rows > 0 || probe.of > 0) head += ", " + rows;
  if (!told && !probe.outcome.empty()) head += ": " + shown(probe.outcome);
  Lines lines = {head};
  if (!probe.sql.empty()) lines.push_back("  " + shown(probe.sql));
  for (const std::string& example : probe.examples) lines.push_back("  row: " + shown(example));
  return lines;
}

std::vector<std::string> table_lines(const TableIsolation& table) {
  Lines lines = {binding_phrase(table), tries_phrase(table)};
  for (const IsolationProbe& probe : table.probes)
    if (!is_plain(probe)) append(lines, probe_lines(probe));
  return lines;
}

std::vector<std::string> way_lines(const std::vector<BypassPath>& paths) {
  Lines lines;
  for (const BypassPath& path : paths) {
    if (!is_open_way(path)) continue;
    lines.push_back(shown(describe(path)) + ": " + shown(path.why));
    if (!path.outcome.empty()) lines.push_back("  " + shown(path.outcome));
    if (!path.sql.empty()) lines.push_back("  " + shown(path.sql));
  }
  return lines;
}

std::vector<std::string> mutant_lines(const std::vector<PolicyMutant>& mutants) {
  Lines survivors;
  std::size_t tried = 0;
  for (const PolicyMutant& mutant : mutants) {
    if (!mutant.problem.empty()) continue;
    ++tried;
    if (mutant.noticed) continue;
    survivors.push_back("  nothing noticed: " + shown(describe(mutant)));
    survivors.push_back("    " + shown(mutant.sql));
  }
  if (tried == 0) return {};
  Lines lines = {
      fmt::format("{} of {} noticed", tried - survivors.size() / 2, plural(tried, "mutant"))};
  append(lines, survivors);
  return lines;
}

std::string isolation_text(const Rehearsal& evidence, const std::string& check) {
  const Lines lines = lines_of(evidence.isolation, check);
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < kMostLines; ++i) text += lines[i] + "\n";
  if (lines.size() > kMostLines)
    text += fmt::format("… and {}\n", plural(lines.size() - kMostLines, "more line"));
  return text;
}

}  // namespace drydock
