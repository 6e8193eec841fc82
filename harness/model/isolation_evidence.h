// What was seen of tenant isolation after one migration: who may reach which table, what the
// application's role could do to another tenant's rows when it tried, which ways lead around row
// security, and whether all this would have noticed a weakened policy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace drydock {

/// How a row tells whose it is: by a column of its own, by the row it refers to, or by being the
/// tenant's own row in the table of tenants.
enum class TenantLink { kColumn, kParent, kRoot };

/// What the application's role tries. update_all and delete_all name no column (no WHERE), so that
/// only the policies of UPDATE and DELETE bind them (PostgreSQL docs, CREATE POLICY, "Policies
/// Applied by Command Type").
enum class IsolationCommand {
  kSelect,
  kCopy,       ///< COPY … TO
  kLockRows,   ///< SELECT … FOR UPDATE
  kReturning,  ///< what UPDATE … RETURNING tells
  kInsert,
  kUpsert,  ///< INSERT … ON CONFLICT DO UPDATE
  kUpdate,
  kUpdateAll,
  kMove,  ///< UPDATE that gives a row to another tenant
  kDelete,
  kDeleteAll,
  kForeignKey,  ///< a row of one's own that refers to another tenant's
  kUniqueKey,   ///< a row of one's own with a key of another tenant's: the error tells that it is
                ///< taken
  kTruncate
};

/// Who asks, and for whose rows. own: its own, which must be there. other: another tenant's. The
/// others ask for everybody's: without a context, with an empty, a malformed one, with that of a
/// tenant that does not exist; the table's owner (where row security is forced) and a role with the
/// same privileges (where policies name roles), both in the context of one tenant, for another's.
enum class IsolationSituation {
  kOwn,
  kOther,
  kNoContext,
  kEmptyContext,
  kMalformedContext,
  kUnknownTenant,
  kOwner,
  kOtherRole
};

/// held: as it must be. leak: rows of others were seen or touched. told: nothing was touched, but
/// that a row of another's exists was told (information). denied: one's own rows were not to be
/// had. not_tried: no privilege, or there is no such thing on this table; `outcome` says which.
enum class IsolationVerdict { kHeld, kLeak, kTold, kDenied, kNotTried };

struct IsolationProbe {
  IsolationCommand command = IsolationCommand::kSelect;
  IsolationSituation situation = IsolationSituation::kOther;
  IsolationVerdict verdict = IsolationVerdict::kNotTried;
  std::int64_t rows = 0;  ///< of another's, seen or touched; of own: of one's own
  std::int64_t of = 0;    ///< so many there are
  /// What the server answered: "0 rows", "new row violates row-level security policy for table
  /// "lots" (42501)".
  std::string outcome;
  std::string sql;                    ///< the statement, as a person could try it
  std::vector<std::string> examples;  ///< a handful: "id = 17, tenant_id = 2f…"
};

/// A policy of a table, as pg_policies prints it.
struct PolicyFact {
  std::string name;
  std::string command;  ///< "ALL", "SELECT", "INSERT", "UPDATE", "DELETE"
  bool permissive = true;
  std::vector<std::string> roles;  ///< "public" for PUBLIC
  bool applies = false;            ///< to the application's role
  std::string using_expression;    ///< empty: none
  std::string check_expression;    ///< empty: none; then USING stands for it
};

/// One table with rows of tenants, and how the application's role fared with it.
struct TableIsolation {
  std::string table;  ///< "public.lots"
  TenantLink link = TenantLink::kColumn;
  std::string tenant;  ///< in words: "tenant_id", "order_id → public.orders.tenant_id", "id"
  std::string owner;
  bool row_security = false;
  bool forced = false;
  bool role_is_owner = false;  ///< the role owns it, or is a member of its owner
  std::vector<std::string>
      privileges;                   ///< of the role: "SELECT", "INSERT" …, on all or some columns
  bool privileges_assumed = false;  ///< the schema grants nobody anything: an application has all
  std::vector<PolicyFact> policies;
  std::int64_t rows = 0;           ///< in it
  std::int64_t tenants = 0;        ///< with rows in it
  std::string tenant_a, tenant_b;  ///< who was tried against whom; empty: nobody
  std::vector<IsolationProbe> probes;
  std::string problem;     ///< why behaviour could not be tried; empty: it was
  std::string exempt;      ///< the reason, from the scenario; nothing was tried
  std::string changed_by;  ///< the migration that last changed what binds it
  /// The migration after which the very same was seen: what is to be said of it stands there.
  /// Empty: it is new.
  std::string seen_after;
};

enum class BypassKind {
  kView,
  kMaterializedView,
  kFunction,       ///< SECURITY DEFINER
  kSearchPath,     ///< SECURITY DEFINER without search_path of its own
  kPartition,      ///< a partition or child reached directly
  kRoleAttribute,  ///< the role, or one that it is a member of, is SUPERUSER or BYPASSRLS
  kOwnership,      ///< the role is a member of the owner of a table that is not FORCEd
  kPublicGrant,
  kDefaultPrivileges,  ///< tables made later are open before they are protected
  kPrivilege,          ///< TRUNCATE, TRIGGER, REFERENCES: row security does not bind them
  kPublication
};

/// A way to rows that row security should keep.
struct BypassPath {
  BypassKind kind = BypassKind::kView;
  std::vector<std::string> path;  ///< "role app", "view public.lot_totals", "table public.lots"
  std::string table;              ///< at its end: "public.lots"
  std::string why;                ///< "it runs as wms_owner, whom row security does not bind"
  bool tried = false;             ///< it was gone; else it stands in the catalogs only
  bool leaks = false;             ///< and led to another tenant's rows
  std::string outcome;            ///< what was seen on it: "12 rows, 7 of them of another tenant"
  std::string sql;                ///< with which it was gone
  std::string remedy;
  std::string changed_by;
  std::string seen_after;
};

enum class MutationKind {
  kDropPolicy,
  kDropCheck,
  kUsingTrue,
  kNoForce,
  kDisable,
  kBypassRls,
  kOtherColumn,
  kToPublic
};

/// One thing weakened, and whether any probe noticed.
struct PolicyMutant {
  MutationKind kind = MutationKind::kDropPolicy;
  std::string table;
  std::string policy;  ///< empty: it is about the table or the role
  std::string sql;     ///< that weakened it
  bool noticed = false;
  std::string by;       ///< the first probe that noticed: "select without context"
  std::string problem;  ///< why it could not be tried; empty: it was
  double duration_ms = 0;
};

/// What a tenant's query costs with the policy and without it.
struct PolicyPlan {
  std::string table;
  std::string index;                  ///< on the tenant column; empty: none
  bool index_serves_without = false;  ///< the planner can use it for the plain condition
  bool index_serves_with = false;     ///< and for the policy's
  /// Calls that the policy makes for each row: "current_tenant()".
  std::vector<std::string> per_row;
  std::string plan_with, plan_without;  ///< as EXPLAIN prints them
  std::string policy;
  std::string rewrite;  ///< ALTER POLICY … that mends it; empty: nothing to mend
  std::string changed_by;
  std::string seen_after;
};

/// A statement of the up that row security hid rows from.
struct HiddenRows {
  std::string statement;
  std::string file;
  int line = 0;
  std::int64_t rows = 0;          ///< as the role that migrates
  std::int64_t rows_unbound = 0;  ///< as the same role with BYPASSRLS
  std::string contents;           ///< what differs afterwards, where no count tells; else empty
};

/// The up run a second time, in a copy, by the same role but with BYPASSRLS.
struct RoleFaithfulTrial {
  bool ran = false;
  std::string skipped;
  std::string role;
  std::vector<HiddenRows> hidden;
};

/// Between two commits of one script, a table with rows of tenants lay open.
struct IsolationWindow {
  bool in_down = false;
  std::string table;
  std::string statement;  ///< behind which it did
  std::string file;
  int line = 0;
  std::string closed_by;  ///< the statement that ended it; empty: none did
};

struct IsolationEvidence {
  bool judged = false;
  std::string skipped;     ///< why not
  std::string failed;      ///< why it could not be judged although it was to be
  bool at_end = false;     ///< behind the last migration: everything was looked at
  std::string role;        ///< as which the application was played
  std::string role_words;  ///< where it comes from: "named by the policies", "made for the test …"
  std::string context_words;  ///< "the setting app.current_tenant_id, found in the policies"
  /// Why no context could be found, or why the one that is there cannot be right; empty: it works.
  std::string context_problem;
  std::vector<std::string> notes;  ///< "schema per tenant …"
  std::vector<TableIsolation> tables;
  std::vector<BypassPath> paths;
  std::vector<PolicyMutant> mutants;
  std::vector<PolicyPlan> plans;
  RoleFaithfulTrial role_faithful;
  std::vector<IsolationWindow> windows;
};

}  // namespace drydock
