// Tenant isolation in words. Findings and reports say the same.
#pragma once

#include <string>

#include "harness/model/isolation_evidence.h"

namespace drydock {

/// "INSERT", "UPDATE without WHERE", "COPY … TO".
std::string describe(IsolationCommand command);

/// Who asks, and for whose rows: "its own rows", "another tenant's rows", "without a context".
std::string describe(IsolationSituation situation);

/// A try, short: "SELECT of another tenant's rows", "INSERT for another tenant", "UPDATE that gives
/// a row to another tenant", "SELECT without a context".
std::string describe(const IsolationProbe& probe);

/// "view", "SECURITY DEFINER function without search_path".
std::string describe(BypassKind kind);

/// The way: "role app → function public.f() → table public.lots".
std::string describe(const BypassPath& path);

/// What was weakened: "policy tenant_isolation on public.lots dropped".
std::string describe(const PolicyMutant& mutant);

}  // namespace drydock
