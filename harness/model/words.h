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
    case RowProfile::kHostile:
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

}  // namespace drydock
