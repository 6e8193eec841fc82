#include "harness/cli/policy.h"

#include "harness/base/clock.h"

namespace drydock {

void add_policy_options(CLI::App& command, PolicyOptions& options) {
  command.add_option("--fail-on", options.fail_on, "Gate: findings of this severity or above fail")
      ->check(CLI::IsMember({"error", "warning"}))
      ->capture_default_str();
  command.add_option("--known", options.known_file,
                     "Findings accepted as the starting point: shown, but they do not gate");
  command.add_option("--write-known", options.write_known,
                     "Write this run's findings as such a file");
}

Policy make_policy(const PolicyOptions& options) {
  Policy policy;
  policy.gate = options.fail_on == "warning" ? Severity::kWarning : Severity::kError;
  policy.today = utc_timestamp(std::chrono::system_clock::now()).substr(0, 10);
  if (!options.known_file.empty()) {
    for (const KnownFinding& known : read_known(options.known_file)) {
      policy.known.insert(known.fingerprint);
    }
  }
  return policy;
}

void find_stale_known(const PolicyOptions& options, RunResult& result) {
  if (options.known_file.empty() || result.verdict == Outcome::kErrored) return;
  std::set<std::string> matched, not_judged;
  for (const ScenarioRun& run : result.runs) {
    for (const MigrationResult& migration : run.migrations) {
      if (!migration.evidence.judged) not_judged.insert(migration.evidence.migration);
      for (const Finding& finding : migration.findings) matched.insert(finding.fingerprint);
    }
  }
  for (const KnownFinding& known : read_known(options.known_file)) {
    if (matched.contains(known.fingerprint) || not_judged.contains(known.migration)) continue;
    result.stale_known.push_back({known.fingerprint, known.check, known.migration});
  }
}

}  // namespace drydock
