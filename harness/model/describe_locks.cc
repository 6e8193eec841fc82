#include "harness/model/describe_locks.h"

namespace drydock {
namespace {

bool is_relation(LockedKind kind) {
  return kind != LockedKind::kAdvisory && kind != LockedKind::kOther;
}

}  // namespace

bool is_felt(const HeldLock& lock) {
  if (lock.own || !is_relation(lock.kind)) return false;
  if (lock.kind == LockedKind::kMaterializedView)
    return conflict(lock.mode, LockMode::kAccessShare);
  return !blocked_traffic(lock.mode).empty();
}

std::string describe(ProbeOperation operation) {
  switch (operation) {
    case ProbeOperation::kSelect:
      return "SELECT";
    case ProbeOperation::kInsert:
      return "INSERT";
    case ProbeOperation::kUpdate:
      return "UPDATE";
    case ProbeOperation::kDelete:
      return "DELETE";
    case ProbeOperation::kSelectForUpdate:
      return "SELECT … FOR UPDATE";
    case ProbeOperation::kPlan:
      return "planning a query";
  }
  return "";
}

}  // namespace drydock
