// The values of each enumeration, so that run.json's words are read by trying them: words.h spells
// each once.
#pragma once

#include <array>
#include <string>

#include "harness/model/words.h"
#include "reports/json_isolation_words.h"

namespace drydock::json_words {

inline constexpr std::array kOutcomes = {Outcome::kPassed, Outcome::kFailed, Outcome::kErrored,
                                         Outcome::kSkipped};
inline constexpr std::array kPhaseOutcomes = {PhaseOutcome::kOk, PhaseOutcome::kFailed,
                                              PhaseOutcome::kErrored, PhaseOutcome::kMissing,
                                              PhaseOutcome::kSkipped};
inline constexpr std::array kPhaseNames = {PhaseName::kUp, PhaseName::kDown, PhaseName::kUpAgain};
inline constexpr std::array kSeverities = {Severity::kInfo, Severity::kWarning, Severity::kError};
inline constexpr std::array kClasses = {DifferenceClass::kCosmetic, DifferenceClass::kBehaviour,
                                        DifferenceClass::kSecurity};
inline constexpr std::array kChanges = {ChangeKind::kMissing, ChangeKind::kExtra,
                                        ChangeKind::kChanged};
inline constexpr std::array kContentsKinds = {ContentsKind::kTable, ContentsKind::kMaterializedView,
                                              ContentsKind::kLargeObjects};
inline constexpr std::array kMoments = {AssertionMoment::kBefore, AssertionMoment::kAfterUp,
                                        AssertionMoment::kAfterDown, AssertionMoment::kAfterUpAgain,
                                        AssertionMoment::kEnd};
inline constexpr std::array kLockModeValues = {
    LockMode::kAccessShare,  LockMode::kRowShare,
    LockMode::kRowExclusive, LockMode::kShareUpdateExclusive,
    LockMode::kShare,        LockMode::kShareRowExclusive,
    LockMode::kExclusive,    LockMode::kAccessExclusive};
inline constexpr std::array kLockedKinds = {LockedKind::kTable,
                                            LockedKind::kIndex,
                                            LockedKind::kSequence,
                                            LockedKind::kView,
                                            LockedKind::kMaterializedView,
                                            LockedKind::kAdvisory,
                                            LockedKind::kOther};
inline constexpr std::array kOperations = {
    ProbeOperation::kSelect, ProbeOperation::kInsert,          ProbeOperation::kUpdate,
    ProbeOperation::kDelete, ProbeOperation::kSelectForUpdate, ProbeOperation::kPlan};
inline constexpr std::array kHolders = {QueueHolder::kReport, QueueHolder::kIdleInTransaction,
                                        QueueHolder::kDump, QueueHolder::kOldSnapshot};

constexpr const auto& values_of(Outcome) { return kOutcomes; }
constexpr const auto& values_of(PhaseOutcome) { return kPhaseOutcomes; }
constexpr const auto& values_of(PhaseName) { return kPhaseNames; }
constexpr const auto& values_of(Severity) { return kSeverities; }
constexpr const auto& values_of(DifferenceClass) { return kClasses; }
constexpr const auto& values_of(ChangeKind) { return kChanges; }
constexpr const auto& values_of(ContentsKind) { return kContentsKinds; }
constexpr const auto& values_of(AssertionMoment) { return kMoments; }
constexpr const auto& values_of(LockMode) { return kLockModeValues; }
constexpr const auto& values_of(LockedKind) { return kLockedKinds; }
constexpr const auto& values_of(ProbeOperation) { return kOperations; }
constexpr const auto& values_of(QueueHolder) { return kHolders; }

template <class Enum>
std::string word_of(Enum value) {
  return word(value);
}
/// As the catalogs say it, which is what programs look for.
inline std::string word_of(LockMode mode) { return std::string(catalog_word(mode)); }

}  // namespace drydock::json_words
