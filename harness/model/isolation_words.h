// The words of the contract for what was seen of tenant isolation, as words.h has them for the
// rest.
#pragma once

#include "harness/model/isolation_evidence.h"

namespace drydock {

constexpr const char* word(TenantLink value) {
  switch (value) {
    case TenantLink::kColumn:
      return "column";
    case TenantLink::kParent:
      return "parent";
    case TenantLink::kRoot:
      return "root";
  }
  return "";
}
constexpr const char* word(IsolationCommand value) {
  switch (value) {
    case IsolationCommand::kSelect:
      return "select";
    case IsolationCommand::kCopy:
      return "copy";
    case IsolationCommand::kLockRows:
      return "lock_rows";
    case IsolationCommand::kReturning:
      return "returning";
    case IsolationCommand::kInsert:
      return "insert";
    case IsolationCommand::kUpsert:
      return "upsert";
    case IsolationCommand::kUpdate:
      return "update";
    case IsolationCommand::kUpdateAll:
      return "update_all";
    case IsolationCommand::kMove:
      return "move";
    case IsolationCommand::kDelete:
      return "delete";
    case IsolationCommand::kDeleteAll:
      return "delete_all";
    case IsolationCommand::kForeignKey:
      return "foreign_key";
    case IsolationCommand::kUniqueKey:
      return "unique_key";
    case IsolationCommand::kTruncate:
      return "truncate";
  }
  return "";
}
constexpr const char* word(IsolationSituation value) {
  switch (value) {
    case IsolationSituation::kOwn:
      return "own";
    case IsolationSituation::kOther:
      return "other";
    case IsolationSituation::kNoContext:
      return "no_context";
    case IsolationSituation::kEmptyContext:
      return "empty_context";
    case IsolationSituation::kMalformedContext:
      return "malformed_context";
    case IsolationSituation::kUnknownTenant:
      return "unknown_tenant";
    case IsolationSituation::kOwner:
      return "owner";
    case IsolationSituation::kOtherRole:
      return "other_role";
  }
  return "";
}
constexpr const char* word(IsolationVerdict value) {
  switch (value) {
    case IsolationVerdict::kHeld:
      return "held";
    case IsolationVerdict::kLeak:
      return "leak";
    case IsolationVerdict::kTold:
      return "told";
    case IsolationVerdict::kDenied:
      return "denied";
    case IsolationVerdict::kNotTried:
      return "not_tried";
  }
  return "";
}
constexpr const char* word(BypassKind value) {
  switch (value) {
    case BypassKind::kView:
      return "view";
    case BypassKind::kMaterializedView:
      return "materialized_view";
    case BypassKind::kFunction:
      return "function";
    case BypassKind::kSearchPath:
      return "search_path";
    case BypassKind::kPartition:
      return "partition";
    case BypassKind::kRoleAttribute:
      return "role_attribute";
    case BypassKind::kOwnership:
      return "ownership";
    case BypassKind::kPublicGrant:
      return "public_grant";
    case BypassKind::kDefaultPrivileges:
      return "default_privileges";
    case BypassKind::kPrivilege:
      return "privilege";
    case BypassKind::kPublication:
      return "publication";
  }
  return "";
}
constexpr const char* word(MutationKind value) {
  switch (value) {
    case MutationKind::kDropPolicy:
      return "drop_policy";
    case MutationKind::kDropCheck:
      return "drop_check";
    case MutationKind::kUsingTrue:
      return "using_true";
    case MutationKind::kNoForce:
      return "no_force";
    case MutationKind::kDisable:
      return "disable";
    case MutationKind::kBypassRls:
      return "bypass_rls";
    case MutationKind::kOtherColumn:
      return "other_column";
    case MutationKind::kToPublic:
      return "to_public";
  }
  return "";
}

}  // namespace drydock
