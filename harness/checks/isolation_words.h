// What the checks on tenant isolation share: what can be judged, what binds the application's role,
// where a finding points, and the words for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/checks/check.h"

namespace drydock {

/// Why nothing can be said about isolation; none when it was judged. A mishap is told in full by
/// the first of the checks, rls-coverage; the others refer to it.
std::optional<Judgement> why_no_isolation(const Rehearsal& rehearsal, const CheckText& check);

/// Whether row security binds the application's role on the table at all.
bool is_bound(const TableIsolation& table);

/// Whether the privileges of the application's role are known from the schema.
bool is_granted(const TableIsolation& table, const std::string& privilege);

/// Whether some policy that applies to the role can let rows of that command pass. `command`:
/// "SELECT", "INSERT", "UPDATE", "DELETE".
bool has_policy_for(const TableIsolation& table, const std::string& command);

/// Permissive policies that apply to the role and let everything pass: they say true, and no
/// restrictive one stands beside them. Points into `table`.
std::vector<const PolicyFact*> policies_that_say_true(const TableIsolation& table);

/// Whether the reason why row security does not bind the role on the table is told by rls-bypass:
/// the role itself is a superuser or has BYPASSRLS, or belongs to the table's owner.
bool is_told_as_bypass(const TableIsolation& table, const IsolationEvidence& isolation);

/// What a finding is about, and what brought it about.
struct AccessSubject {
  std::vector<std::string> names;      ///< that statements may call it by, qualified or not
  std::string changed_by;              ///< the migration that last changed it; empty: this one
  std::vector<std::string> or_else{};  ///< further names, where no statement has any of these
};

/// A finding with the check's severity and remedy that points at the statement of the up that names
/// the subject last, of those that decide who may see what where there is one; else at the up
/// file's first line. Where no statement names it and it is judged at the end, the migration that
/// changed it last brought it about.
Finding isolation_finding(const CheckText& check, const Rehearsal& rehearsal,
                          const AccessSubject& subject);

/// A policy's or role's name as SQL calls it: in quotes where it needs some.
std::string name_in_sql(const std::string& name);

/// "a, b and c".
std::string enumerated(const std::vector<std::string>& words);

}  // namespace drydock
