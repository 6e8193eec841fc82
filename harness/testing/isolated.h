// Evidence of tenant isolation made by hand, for tests of what is judged from it: the ordinary
// table is kept apart, and a test changes the one thing it is about.
#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"

namespace drydock::testing {

/// Tried against each other everywhere.
inline const std::string kTenantA = "2f6c1f0e-6b5d-4a53-9d0b-0d4b7c6f8a10";
inline const std::string kTenantB = "7cb9f3a2-91f5-4a0e-8a55-5b7f2a7f3c21";

IsolationProbe probe(IsolationCommand command, IsolationSituation situation,
                     IsolationVerdict verdict, std::int64_t rows = 0, std::int64_t of = 0);

/// A policy for wms_app that compares tenant_id with the setting app.current_tenant_id, for reading
/// and for writing.
PolicyFact tenant_policy(const std::string& command = "ALL");

/// Row security enabled and forced, SELECT, INSERT, UPDATE and DELETE granted, one policy for all
/// commands; 1000 rows of 25 tenants; every try held.
TableIsolation kept_apart(const std::string& table = "public.lots");

/// Granted and tried as well, but without row security: every try leaked.
TableIsolation lying_open(const std::string& table = "public.lots");

/// In place of the try of that command in that situation; it is added where there is none.
void replace(TableIsolation& table, IsolationProbe probe);

/// The way of wms_app through view public.lot_totals to public.lots, which was tried and leaks.
BypassPath leaking_view();

/// Policy tenant_isolation on the table, dropped, and noticed.
PolicyMutant noticed_mutant(const std::string& table = "public.lots");

/// An index on tenant_id that serves the plain condition and the policy's.
PolicyPlan served_plan(const std::string& table = "public.lots");

/// An UPDATE on line 4 of the up that found none of 1000 rows.
HiddenRows hidden_update();

/// Judged behind 0002_add_lots, which names public.lots on line 3, as wms_app.
Rehearsal isolated(std::vector<TableIsolation> tables);

}  // namespace drydock::testing
