#include "harness/checks/judge.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace drydock {
namespace {

const Waiver* waiver_for(const Finding& finding, const std::string& migration,
                         const Scenario& scenario, const std::string& today) {
  for (const Waiver& waiver : scenario.waivers) {
    const bool applies =
        waiver.check == finding.check && (waiver.migration == "*" || waiver.migration == migration);
    if (applies && (waiver.until.empty() || today <= waiver.until)) return &waiver;
  }
  return nullptr;
}

void complete(Finding& finding, const std::string& told_with, const Scenario& scenario,
              const Policy& policy) {
  const std::string& migration = finding.migration.empty() ? told_with : finding.migration;
  std::sort(finding.objects.begin(), finding.objects.end());
  std::vector<std::string> known_by = finding.known_by.empty() ? finding.objects : finding.known_by;
  std::sort(known_by.begin(), known_by.end());
  finding.fingerprint = fingerprint(finding.check, migration, known_by);
  finding.known = policy.known.contains(finding.fingerprint);
  if (const Waiver* waiver = waiver_for(finding, migration, scenario, policy.today)) {
    finding.waived = waiver->reason;
  }
}

/// A migration that was only applied. If not even that worked, the ones that were selected ran on
/// another schema than they will meet: nobody can tell.
MigrationResult not_judged(Rehearsal evidence) {
  MigrationResult result;
  result.outcome = Outcome::kSkipped;
  for (const Check* check : all_checks()) {
    result.checks.push_back({check->text.id, Outcome::kSkipped, "not selected; only applied"});
  }
  if (evidence.up.outcome != PhaseOutcome::kOk) {
    result.outcome = Outcome::kErrored;
    result.checks.front().outcome = Outcome::kErrored;
    result.checks.front().reason =
        "did not apply on the way to the selected migrations, which ran without it" +
        (evidence.up.error ? ": " + evidence.up.error->message : std::string());
  }
  result.evidence = std::move(evidence);
  return result;
}

/// Nothing that was seen can be held against the migration, and nothing speaks for it.
MigrationResult stopped_by_scenario(Rehearsal evidence) {
  MigrationResult result;
  result.outcome = Outcome::kErrored;
  for (const Check* check : all_checks()) {
    result.checks.push_back({check->text.id, Outcome::kSkipped, "the scenario is wrong"});
  }
  result.checks.front().outcome = Outcome::kErrored;
  result.checks.front().reason = "a mistake in the scenario stopped the run here";
  result.evidence = std::move(evidence);
  return result;
}

Outcome worse(Outcome a, Outcome b) {
  for (const Outcome outcome : {Outcome::kErrored, Outcome::kFailed, Outcome::kPassed}) {
    if (a == outcome || b == outcome) return outcome;
  }
  return Outcome::kSkipped;
}

}  // namespace

std::string fingerprint(const std::string& check, const std::string& migration,
                        const std::vector<std::string>& objects) {
  std::string key = check + '\n' + migration;
  for (const std::string& object : objects) key += '\n' + object;
  const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

MigrationResult judge(Rehearsal evidence, const Scenario& scenario, const Policy& policy) {
  if (!evidence.wrong_scenario.empty()) {
    return stopped_by_scenario(std::move(evidence));
  }
  if (!evidence.judged) return not_judged(std::move(evidence));
  MigrationResult result;
  result.outcome = Outcome::kSkipped;
  for (const Check* check : all_checks()) {
    CheckResult verdict{check->text.id, Outcome::kPassed, {}};
    Judgement judgement = check->judge(evidence, scenario);
    if (judgement.skipped || judgement.errored) {
      verdict.outcome = judgement.errored ? Outcome::kErrored : Outcome::kSkipped;
      verdict.reason = judgement.errored ? *judgement.errored : *judgement.skipped;
    }
    for (Finding& finding : judgement.findings) {
      complete(finding, evidence.migration, scenario, policy);
      if (holds_back(finding, policy.gate)) verdict.outcome = Outcome::kFailed;
      result.findings.push_back(std::move(finding));
    }
    result.outcome = worse(result.outcome, verdict.outcome);
    result.checks.push_back(std::move(verdict));
  }
  result.evidence = std::move(evidence);
  return result;
}

Outcome overall(const RunResult& result) {
  if (!result.error.empty()) return Outcome::kErrored;
  Outcome outcome = Outcome::kSkipped;
  for (const ScenarioRun& run : result.runs) {
    if (!run.error.empty()) return Outcome::kErrored;
    for (const MigrationResult& migration : run.migrations) {
      outcome = worse(outcome, migration.outcome);
    }
  }
  // Nothing asked (for example --since without a changed migration) is nothing wrong.
  return outcome == Outcome::kSkipped ? Outcome::kPassed : outcome;
}

}  // namespace drydock
