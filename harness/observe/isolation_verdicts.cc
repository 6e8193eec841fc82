#include "harness/observe/isolation_verdicts.h"

#include <fmt/format.h>

#include <algorithm>

namespace drydock {
namespace {

constexpr const char* kNoPrivilege = "42501";

bool missing_privilege(const AttemptResult& result) {
  return result.sqlstate == kNoPrivilege && !refused_by_policy(result);
}

/// NOT NULL, foreign, unique and exclusion constraints; a CHECK may be about the tenant.
bool refused_by_key(const AttemptResult& result) {
  return result.sqlstate.starts_with("23") && result.sqlstate != "23514";
}

std::string answer(const AttemptResult& result) {
  return fmt::format("{} ({})", result.message, result.sqlstate);
}

std::string rows_words(std::int64_t rows, std::int64_t of) {
  return fmt::format("{} of {} {}", rows, of, of == 1 ? "row" : "rows");
}

std::string situation_words(IsolationSituation situation) {
  switch (situation) {
    case IsolationSituation::kOwn:
      return "of one's own rows";
    case IsolationSituation::kOther:
      return "of another tenant's rows";
    case IsolationSituation::kNoContext:
      return "without context";
    case IsolationSituation::kEmptyContext:
      return "with an empty context";
    case IsolationSituation::kMalformedContext:
      return "with a malformed context";
    case IsolationSituation::kUnknownTenant:
      return "for an unknown tenant";
    case IsolationSituation::kOwner:
      return "as the table's owner";
    case IsolationSituation::kOtherRole:
      return "as another role";
  }
  return {};
}

std::string command_words(IsolationCommand command) {
  switch (command) {
    case IsolationCommand::kSelect:
      return "select";
    case IsolationCommand::kCopy:
      return "copy";
    case IsolationCommand::kLockRows:
      return "select for update";
    case IsolationCommand::kReturning:
      return "update returning";
    case IsolationCommand::kInsert:
      return "insert";
    case IsolationCommand::kUpsert:
      return "upsert";
    case IsolationCommand::kUpdate:
      return "update";
    case IsolationCommand::kUpdateAll:
      return "update without where";
    case IsolationCommand::kMove:
      return "move to another tenant";
    case IsolationCommand::kDelete:
      return "delete";
    case IsolationCommand::kDeleteAll:
      return "delete without where";
    case IsolationCommand::kForeignKey:
      return "reference to another tenant's row";
    case IsolationCommand::kUniqueKey:
      return "insert of another tenant's key";
    case IsolationCommand::kTruncate:
      return "truncate";
  }
  return {};
}

/// Rows of others that were seen or touched; nobody's rows are everybody's.
std::int64_t others_of(const IsolationAttempt& attempt, const AttemptResult& result) {
  const bool counted = attempt.command == IsolationCommand::kSelect ||
                       attempt.command == IsolationCommand::kLockRows ||
                       attempt.command == IsolationCommand::kCopy;
  if (!counted || attempt.reads) return result.others;
  const bool has_own = attempt.situation == IsolationSituation::kOther;
  const std::int64_t theirs = result.done - attempt.nobody - (has_own ? attempt.own_rows : 0);
  return std::max<std::int64_t>(0, theirs);
}

IsolationProbe probe_of(const IsolationAttempt& attempt, const AttemptResult& result) {
  IsolationProbe probe;
  probe.command = attempt.command;
  probe.situation = attempt.situation;
  probe.sql = attempt.shown.empty() ? attempt.sql : attempt.shown;
  probe.of = attempt.other_rows;
  probe.verdict = IsolationVerdict::kHeld;
  if (!result.sqlstate.empty()) probe.outcome = answer(result);
  return probe;
}

void set_leak(IsolationProbe& probe, const IsolationAttempt& attempt, const AttemptResult& result,
              std::int64_t rows) {
  probe.verdict = IsolationVerdict::kLeak;
  probe.rows = rows;
  probe.examples = result.examples;
  if (probe.examples.empty() && !attempt.example.empty()) probe.examples = {attempt.example};
}

/// A row was to be written that must not be: another tenant's, or one's own given away.
void judge_written(IsolationProbe& probe, const IsolationAttempt& attempt,
                   const AttemptResult& result) {
  if (refused_by_key(result)) {
    set_leak(probe, attempt, result, 1);
    probe.outcome = "the policy let it pass, only a key refused it: " + answer(result);
  } else if (result.sqlstate.empty() && result.others > 0) {
    set_leak(probe, attempt, result, result.others);
  }
}

/// A row of one's own was to be written that refers to, or overwrites, another's.
void judge_entangled(IsolationProbe& probe, const IsolationAttempt& attempt,
                     const AttemptResult& result) {
  const bool unique = result.sqlstate == "23505";
  if (attempt.command == IsolationCommand::kUniqueKey) {
    if (unique) probe.verdict = IsolationVerdict::kTold;
  } else if (result.sqlstate.empty() && result.done > 0) {
    set_leak(probe, attempt, result, result.done);
  }
}

/// Everything else succeeds by its count. What another error leaves undecided is not called held.
void judge_touched(IsolationProbe& probe, const IsolationAttempt& attempt,
                   const AttemptResult& result) {
  const bool one_row = attempt.command == IsolationCommand::kUpdate ||
                       attempt.command == IsolationCommand::kReturning ||
                       attempt.command == IsolationCommand::kDelete;
  const std::int64_t rows = one_row ? result.done : others_of(attempt, result);
  if (result.sqlstate.empty()) {
    if (rows > 0) set_leak(probe, attempt, result, rows);
  } else if (refused_by_key(result) && attempt.variant == IsolationAttempt::kTheft) {
    if (attempt.nobody > 0) return;  // nobody's row may have run into the key
    set_leak(probe, attempt, result, 1);
    probe.outcome = "the policy let it pass, only a key refused it: " + answer(result);
  } else if (refused_by_key(result) || result.sqlstate == "23514") {
    probe.verdict = IsolationVerdict::kNotTried;
  }
}

void judge_others(IsolationProbe& probe, const IsolationAttempt& attempt,
                  const AttemptResult& result) {
  switch (attempt.command) {
    case IsolationCommand::kInsert:
    case IsolationCommand::kMove:
      judge_written(probe, attempt, result);
      break;
    case IsolationCommand::kForeignKey:
    case IsolationCommand::kUpsert:
    case IsolationCommand::kUniqueKey:
      judge_entangled(probe, attempt, result);
      break;
    case IsolationCommand::kTruncate:
      if (result.sqlstate.empty()) set_leak(probe, attempt, result, attempt.other_rows);
      break;
    default:
      judge_touched(probe, attempt, result);
      break;
  }
  if (missing_privilege(result) && result.stage == "try") {
    probe.verdict = IsolationVerdict::kNotTried;
  }
  // What another role sees of the tenant that it asks for is no leak, but it tells that a policy is
  // for more than the roles that it named.
  if (attempt.situation == IsolationSituation::kOtherRole &&
      probe.verdict == IsolationVerdict::kHeld && probe.outcome.empty()) {
    probe.rows = result.mine;
    probe.outcome =
        fmt::format("0 of {} rows; {} of the tenant that it asks for", probe.of, result.mine);
  }
  if (probe.outcome.empty()) probe.outcome = rows_words(probe.rows, probe.of);
}

std::int64_t own_rows_of(const IsolationAttempt& attempt, const AttemptResult& result) {
  if (!result.sqlstate.empty()) return 0;
  if (attempt.own_by_measure && (attempt.reads || attempt.command != IsolationCommand::kSelect)) {
    return result.mine;
  }
  const std::int64_t shared = attempt.own_by_measure ? attempt.nobody : 0;
  return std::clamp<std::int64_t>(result.done - shared, 0, attempt.own_rows);
}

IsolationProbe judge_own(const IsolationAttempt& attempt, const AttemptResult& result) {
  IsolationProbe probe = probe_of(attempt, result);
  probe.situation = IsolationSituation::kOwn;
  probe.of = attempt.own_rows;
  probe.rows = own_rows_of(attempt, result);
  if (probe.rows < probe.of) probe.verdict = IsolationVerdict::kDenied;
  if (probe.outcome.empty()) probe.outcome = rows_words(probe.rows, probe.of);
  // Something else than row security stands in the way of the very row that is there.
  const bool undecided = !result.sqlstate.empty() && result.stage == "try" &&
                         !refused_by_policy(result) && attempt.command != IsolationCommand::kSelect;
  if (undecided) probe.verdict = IsolationVerdict::kNotTried;
  if (!attempt.own_shown.empty()) probe.sql = attempt.own_shown;
  return probe;
}

int badness(IsolationVerdict verdict) {
  switch (verdict) {
    case IsolationVerdict::kLeak:
      return 4;
    case IsolationVerdict::kDenied:
      return 3;
    case IsolationVerdict::kTold:
      return 2;
    case IsolationVerdict::kHeld:
      return 1;
    case IsolationVerdict::kNotTried:
      return 0;
  }
  return 0;
}

}  // namespace

bool refused_by_policy(const AttemptResult& result) {
  return result.sqlstate == kNoPrivilege &&
         result.message.find("row-level security") != std::string::npos;
}

std::vector<IsolationProbe> judge_attempt(const IsolationAttempt& attempt,
                                          const AttemptResult& result) {
  if (attempt.situation == IsolationSituation::kOwn) return {judge_own(attempt, result)};
  std::vector<IsolationProbe> probes{probe_of(attempt, result)};
  judge_others(probes.front(), attempt, result);
  // A statement about all rows that fails may have failed on another's.
  const bool tells_of_own = result.sqlstate.empty() || attempt.command == IsolationCommand::kSelect;
  if (attempt.own_by_measure && tells_of_own) probes.push_back(judge_own(attempt, result));
  return probes;
}

void merge_probes(std::vector<IsolationProbe>& all, const std::vector<IsolationProbe>& more) {
  for (const IsolationProbe& each : more) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const IsolationProbe& known) {
      return known.command == each.command && known.situation == each.situation;
    });
    if (same == all.end()) {
      all.push_back(each);
    } else if (badness(each.verdict) > badness(same->verdict)) {
      *same = each;
    }
  }
}

std::string probe_words(IsolationCommand command, IsolationSituation situation) {
  const bool says_whose = command == IsolationCommand::kMove ||
                          command == IsolationCommand::kForeignKey ||
                          command == IsolationCommand::kUniqueKey;
  if (says_whose && situation == IsolationSituation::kOther) return command_words(command);
  return command_words(command) + " " + situation_words(situation);
}

}  // namespace drydock
