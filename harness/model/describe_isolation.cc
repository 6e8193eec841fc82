#include "harness/model/describe_isolation.h"

namespace drydock {
namespace {

/// What is tried of another tenant's, after the command's name.
std::string at_another(IsolationCommand command) {
  switch (command) {
    case IsolationCommand::kSelect:
    case IsolationCommand::kCopy:
    case IsolationCommand::kLockRows:
    case IsolationCommand::kUpdate:
    case IsolationCommand::kDelete:
      return describe(command) + " of another tenant's rows";
    case IsolationCommand::kReturning:
      return describe(command) + " with another tenant's rows";
    case IsolationCommand::kInsert:
      return describe(command) + " for another tenant";
    case IsolationCommand::kUpsert:
      return describe(command) + " onto another tenant's row";
    case IsolationCommand::kMove:
      return "UPDATE that gives a row to another tenant";
    case IsolationCommand::kForeignKey:
      return "INSERT that refers to another tenant's row";
    case IsolationCommand::kUniqueKey:
      return "INSERT with a key of another tenant's";
    case IsolationCommand::kUpdateAll:
    case IsolationCommand::kDeleteAll:
    case IsolationCommand::kTruncate:
      return describe(command) + " onto another tenant's rows";
  }
  return "";
}

std::string of_policy(const PolicyMutant& mutant) {
  return "policy " + mutant.policy + " on " + mutant.table;
}

}  // namespace

std::string describe(IsolationCommand command) {
  switch (command) {
    case IsolationCommand::kSelect:
      return "SELECT";
    case IsolationCommand::kCopy:
      return "COPY … TO";
    case IsolationCommand::kLockRows:
      return "SELECT … FOR UPDATE";
    case IsolationCommand::kReturning:
      return "UPDATE … RETURNING";
    case IsolationCommand::kInsert:
      return "INSERT";
    case IsolationCommand::kUpsert:
      return "INSERT … ON CONFLICT DO UPDATE";
    case IsolationCommand::kUpdate:
      return "UPDATE";
    case IsolationCommand::kUpdateAll:
      return "UPDATE without WHERE";
    case IsolationCommand::kMove:
      return "UPDATE of the tenant";
    case IsolationCommand::kDelete:
      return "DELETE";
    case IsolationCommand::kDeleteAll:
      return "DELETE without WHERE";
    case IsolationCommand::kForeignKey:
      return "reference";
    case IsolationCommand::kUniqueKey:
      return "taken key";
    case IsolationCommand::kTruncate:
      return "TRUNCATE";
  }
  return "";
}

std::string describe(IsolationSituation situation) {
  switch (situation) {
    case IsolationSituation::kOwn:
      return "its own rows";
    case IsolationSituation::kOther:
      return "another tenant's rows";
    case IsolationSituation::kNoContext:
      return "without a context";
    case IsolationSituation::kEmptyContext:
      return "with an empty context";
    case IsolationSituation::kMalformedContext:
      return "with a malformed context";
    case IsolationSituation::kUnknownTenant:
      return "as a tenant that does not exist";
    case IsolationSituation::kOwner:
      return "as the table's owner";
    case IsolationSituation::kOtherRole:
      return "as another role with the same privileges";
  }
  return "";
}

std::string describe(const IsolationProbe& probe) {
  if (probe.situation == IsolationSituation::kOther) return at_another(probe.command);
  if (probe.situation == IsolationSituation::kOwn)
    return describe(probe.command) + " of " + describe(probe.situation);
  return describe(probe.command) + " " + describe(probe.situation);
}

std::string describe(BypassKind kind) {
  switch (kind) {
    case BypassKind::kView:
      return "view";
    case BypassKind::kMaterializedView:
      return "materialized view";
    case BypassKind::kFunction:
      return "SECURITY DEFINER function";
    case BypassKind::kSearchPath:
      return "SECURITY DEFINER function without search_path";
    case BypassKind::kPartition:
      return "partition or child reached directly";
    case BypassKind::kRoleAttribute:
      return "SUPERUSER or BYPASSRLS";
    case BypassKind::kOwnership:
      return "ownership";
    case BypassKind::kPublicGrant:
      return "grant to PUBLIC";
    case BypassKind::kDefaultPrivileges:
      return "default privileges";
    case BypassKind::kPrivilege:
      return "privilege that row security does not bind";
    case BypassKind::kPublication:
      return "publication";
  }
  return "";
}

std::string describe(const BypassPath& path) {
  std::string way;
  for (const std::string& step : path.path) way += (way.empty() ? "" : " → ") + step;
  return way;
}

std::string describe(const PolicyMutant& mutant) {
  switch (mutant.kind) {
    case MutationKind::kDropPolicy:
      return of_policy(mutant) + " dropped";
    case MutationKind::kDropCheck:
      return of_policy(mutant) + " with WITH CHECK (true)";
    case MutationKind::kUsingTrue:
      return of_policy(mutant) + " with USING (true)";
    case MutationKind::kNoForce:
      return "row security of " + mutant.table + " not forced";
    case MutationKind::kDisable:
      return "row security of " + mutant.table + " disabled";
    case MutationKind::kBypassRls:
      return "BYPASSRLS granted to the role";
    case MutationKind::kOtherColumn:
      return of_policy(mutant) + " with another column in the tenant's place";
    case MutationKind::kToPublic:
      return of_policy(mutant) + " widened to PUBLIC";
  }
  return "";
}

}  // namespace drydock
