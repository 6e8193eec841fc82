#include "harness/checks/isolation_leaks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/checks/isolation_words.h"
#include "harness/checks/lock_words.h"
#include "harness/model/describe_isolation.h"

namespace drydock {
namespace {

using enum IsolationCommand;

/// As many rows as a reader takes in.
constexpr std::size_t kExamples = 3;

/// What `told` makes nobody wonder about: whoever sees rows can copy them.
constexpr std::pair<IsolationCommand, IsolationCommand> kFollows[] = {
    {kCopy, kSelect},         {kLockRows, kSelect},  {kUpdate, kUpdateAll},
    {kReturning, kUpdateAll}, {kReturning, kUpdate}, {kDelete, kDeleteAll}};

bool has(const Probes& probes, IsolationCommand command, IsolationSituation situation) {
  return std::any_of(probes.begin(), probes.end(), [&](const IsolationProbe* probe) {
    return probe->command == command && probe->situation == situation;
  });
}

Probes telling(const Probes& leaks) {
  Probes kept;
  for (const IsolationProbe* probe : leaks) {
    const bool follows =
        std::any_of(std::begin(kFollows), std::end(kFollows), [&](const auto& pair) {
          return probe->command == pair.first && has(leaks, pair.second, probe->situation);
        });
    if (!follows) kept.push_back(probe);
  }
  return kept;
}

std::string rows_reached(const IsolationProbe& probe) {
  if (probe.rows >= probe.of) return (probe.rows > 1 ? "all " : "") + rows_words(probe.rows);
  return fmt::format("{} of {}", grouped_digits(probe.rows), rows_words(probe.of));
}

/// "without a context and with an empty context: SELECT sees all 1,000 rows".
struct Line {
  std::vector<std::string> circumstances;
  std::string deeds;
};

std::string circumstance(const TableIsolation& table, IsolationSituation situation) {
  if (situation != IsolationSituation::kOther) return describe(situation);
  if (table.tenant_a.empty()) return "as one tenant, of another's rows";
  return fmt::format("as one tenant, of another's rows (tried with {} and {})", table.tenant_a,
                     table.tenant_b);
}

std::vector<Line> lines_of(const TableIsolation& table, const Probes& leaks) {
  std::vector<IsolationSituation> situations;
  for (const IsolationProbe* probe : leaks) {
    if (std::find(situations.begin(), situations.end(), probe->situation) == situations.end())
      situations.push_back(probe->situation);
  }
  std::vector<Line> lines;
  for (const IsolationSituation situation : situations) {
    std::vector<std::string> deeds;
    for (const IsolationProbe* probe : leaks) {
      if (probe->situation == situation) deeds.push_back(what_it_does(*probe));
    }
    const std::string words = join(deeds, ", ");
    auto line = std::find_if(lines.begin(), lines.end(),
                             [&](const Line& other) { return other.deeds == words; });
    if (line == lines.end()) line = lines.insert(line, {{}, words});
    line->circumstances.push_back(circumstance(table, situation));
  }
  return lines;
}

std::string examples_line(const Probes& leaks) {
  std::vector<std::string> rows;
  for (const IsolationProbe* probe : leaks) {
    for (const std::string& example : probe->examples) {
      if (std::find(rows.begin(), rows.end(), example) == rows.end()) rows.push_back(example);
    }
  }
  if (rows.size() > kExamples) rows.resize(kExamples);
  return rows.empty() ? "" : "\n  among them: " + join(rows, "; ");
}

std::string try_line(const IsolationProbe& probe, const std::string& role) {
  if (probe.sql.empty()) return "";
  const std::string answer = server_words(probe);
  return fmt::format("\n  to try as {}: {}{}", role, one_line(probe.sql),
                     answer.empty() ? "" : "\n  answer: " + answer);
}

}  // namespace

Probes probes_with(const TableIsolation& table, IsolationVerdict verdict) {
  Probes probes;
  for (const IsolationProbe& probe : table.probes) {
    if (probe.verdict == verdict) probes.push_back(&probe);
  }
  return probes;
}

std::string what_it_does(const IsolationProbe& probe) {
  const std::string command = describe(probe.command);
  switch (probe.command) {
    case kSelect:
      if (probe.verdict == IsolationVerdict::kTold)
        return command + " is told something by a notice or an error";
      return command + " sees " + rows_reached(probe);
    case kCopy:
      return command + " copies " + rows_reached(probe);
    case kLockRows:
      return command + " locks " + rows_reached(probe);
    case kReturning:
      return command + " tells " + rows_reached(probe);
    case kInsert:
      return command + " adds a row";
    case kUpsert:
      return command + " changes a row";
    case kUpdate:
    case kUpdateAll:
      return command + " changes " + rows_reached(probe);
    case kMove:
      return "UPDATE gives a row away";
    case kDelete:
    case kDeleteAll:
      return command + " deletes " + rows_reached(probe);
    case kForeignKey:
      return "INSERT refers to a row";
    case kUniqueKey:
      return "INSERT is told that a key is taken";
    case kTruncate:
      return command + " empties the table";
  }
  return "";
}

std::string server_words(const IsolationProbe& probe) {
  const bool counts = probe.outcome.ends_with("rows") || probe.outcome.ends_with("row");
  return counts ? "" : one_line(probe.outcome);
}

std::string leak_lines(const TableIsolation& table, const Probes& leaks, const std::string& role) {
  if (leaks.empty()) return "";
  const Probes told = telling(leaks);
  std::string text;
  for (const Line& line : lines_of(table, told))
    text += fmt::format("\n  {}: {}", enumerated(line.circumstances), line.deeds);
  return text + examples_line(told) + try_line(*told.front(), role);
}

std::vector<std::string> leak_names(const Probes& leaks) {
  std::set<std::string> names;
  for (const IsolationProbe* probe : leaks) names.insert(describe(*probe));
  return {names.begin(), names.end()};
}

}  // namespace drydock
