// The words of the contract for the model's enumerations: one spelling in JSON, JUnit, the page and
// the console.
#pragma once

#include "harness/model/run_result.h"

namespace drydock {

constexpr const char* word(Outcome value) {
  switch (value) {
    case Outcome::kPassed:
      return "passed";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kErrored:
      return "errored";
    case Outcome::kSkipped:
      return "skipped";
  }
  return "";
}
constexpr const char* word(PhaseOutcome value) {
  switch (value) {
    case PhaseOutcome::kOk:
      return "ok";
    case PhaseOutcome::kFailed:
      return "failed";
    case PhaseOutcome::kErrored:
      return "errored";
    case PhaseOutcome::kMissing:
      return "missing";
    case PhaseOutcome::kSkipped:
      return "skipped";
  }
  return "";
}
constexpr const char* word(PhaseName value) {
  switch (value) {
    case PhaseName::kUp:
      return "up";
    case PhaseName::kDown:
      return "down";
    case PhaseName::kUpAgain:
      return "up_again";
  }
  return "";
}
constexpr const char* word(Severity value) {
  switch (value) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "";
}
constexpr const char* word(DifferenceClass value) {
  switch (value) {
    case DifferenceClass::kCosmetic:
      return "cosmetic";
    case DifferenceClass::kBehaviour:
      return "behaviour";
    case DifferenceClass::kSecurity:
      return "security";
  }
  return "";
}
constexpr const char* word(RowProfile value) {
  switch (value) {
    case RowProfile::kTypical:
      return "typical";
    case RowProfile::kAdversarial:
      return "adversarial";
  }
  return "";
}
constexpr const char* word(AssertionMoment value) {
  switch (value) {
    case AssertionMoment::kBefore:
      return "before";
    case AssertionMoment::kAfterUp:
      return "after_up";
    case AssertionMoment::kAfterDown:
      return "after_down";
    case AssertionMoment::kAfterUpAgain:
      return "after_up_again";
    case AssertionMoment::kEnd:
      return "end";
  }
  return "";
}
constexpr const char* word(ContentsKind value) {
  switch (value) {
    case ContentsKind::kTable:
      return "table";
    case ContentsKind::kMaterializedView:
      return "materialized view";
    case ContentsKind::kLargeObjects:
      return "large objects";
  }
  return "";
}
constexpr const char* word(ChangeKind value) {
  switch (value) {
    case ChangeKind::kMissing:
      return "missing";
    case ChangeKind::kExtra:
      return "extra";
    case ChangeKind::kChanged:
      return "changed";
  }
  return "";
}
constexpr const char* word(LockedKind value) {
  switch (value) {
    case LockedKind::kTable:
      return "table";
    case LockedKind::kIndex:
      return "index";
    case LockedKind::kSequence:
      return "sequence";
    case LockedKind::kView:
      return "view";
    case LockedKind::kMaterializedView:
      return "materialized view";
    case LockedKind::kAdvisory:
      return "advisory lock";
    case LockedKind::kOther:
      return "other";
  }
  return "";
}
constexpr const char* word(ProbeOperation value) {
  switch (value) {
    case ProbeOperation::kSelect:
      return "select";
    case ProbeOperation::kInsert:
      return "insert";
    case ProbeOperation::kUpdate:
      return "update";
    case ProbeOperation::kDelete:
      return "delete";
    case ProbeOperation::kSelectForUpdate:
      return "select_for_update";
    case ProbeOperation::kPlan:
      return "plan";
  }
  return "";
}
constexpr const char* word(QueueHolder value) {
  switch (value) {
    case QueueHolder::kReport:
      return "report";
    case QueueHolder::kIdleInTransaction:
      return "idle_in_transaction";
    case QueueHolder::kDump:
      return "dump";
    case QueueHolder::kOldSnapshot:
      return "old_snapshot";
  }
  return "";
}

}  // namespace drydock
