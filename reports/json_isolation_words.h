// The values of the enumerations of tenant isolation, in the order that run.json and its readers
// go through them; see json_words.h.
#pragma once

#include <array>

#include "harness/model/isolation_words.h"

namespace drydock::json_words {

inline constexpr std::array kTenantLinks = {TenantLink::kColumn, TenantLink::kParent,
                                            TenantLink::kRoot};
inline constexpr std::array kIsolationCommands = {
    IsolationCommand::kSelect,    IsolationCommand::kCopy,      IsolationCommand::kLockRows,
    IsolationCommand::kReturning, IsolationCommand::kInsert,    IsolationCommand::kUpsert,
    IsolationCommand::kUpdate,    IsolationCommand::kUpdateAll, IsolationCommand::kMove,
    IsolationCommand::kDelete,    IsolationCommand::kDeleteAll, IsolationCommand::kForeignKey,
    IsolationCommand::kUniqueKey, IsolationCommand::kTruncate};
inline constexpr std::array kIsolationSituations = {IsolationSituation::kOwn,
                                                    IsolationSituation::kOther,
                                                    IsolationSituation::kNoContext,
                                                    IsolationSituation::kEmptyContext,
                                                    IsolationSituation::kMalformedContext,
                                                    IsolationSituation::kUnknownTenant,
                                                    IsolationSituation::kOwner,
                                                    IsolationSituation::kOtherRole};
inline constexpr std::array kIsolationVerdicts = {
    IsolationVerdict::kHeld, IsolationVerdict::kLeak, IsolationVerdict::kTold,
    IsolationVerdict::kDenied, IsolationVerdict::kNotTried};
inline constexpr std::array kBypassKinds = {
    BypassKind::kView,       BypassKind::kMaterializedView, BypassKind::kFunction,
    BypassKind::kSearchPath, BypassKind::kPartition,        BypassKind::kRoleAttribute,
    BypassKind::kOwnership,  BypassKind::kPublicGrant,      BypassKind::kDefaultPrivileges,
    BypassKind::kPrivilege,  BypassKind::kPublication};
inline constexpr std::array kMutationKinds = {MutationKind::kDropPolicy,  MutationKind::kDropCheck,
                                              MutationKind::kUsingTrue,   MutationKind::kNoForce,
                                              MutationKind::kDisable,     MutationKind::kBypassRls,
                                              MutationKind::kOtherColumn, MutationKind::kToPublic};

constexpr const auto& values_of(TenantLink) { return kTenantLinks; }
constexpr const auto& values_of(IsolationCommand) { return kIsolationCommands; }
constexpr const auto& values_of(IsolationSituation) { return kIsolationSituations; }
constexpr const auto& values_of(IsolationVerdict) { return kIsolationVerdicts; }
constexpr const auto& values_of(BypassKind) { return kBypassKinds; }
constexpr const auto& values_of(MutationKind) { return kMutationKinds; }

}  // namespace drydock::json_words
