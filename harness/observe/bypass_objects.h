// Views and functions that stand between a role and the tables of tenants: what each runs as, what
// it reads, whether the role may use it.
//
// What a view reads stands in pg_depend. What a function reads does only for bodies in the
// standard's way (BEGIN ATOMIC); for others it is taken from the names in the text, which may be
// too many but not too few, except where a name is put together at run time. Whether an object
// leads anywhere is found by going there (bypass_trials). Functions in C are left out: nothing says
// what they read, and what they do to the server could not be undone.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Relations and functions have oids of their own each.
struct BypassKey {
  bool function = false;
  std::uint32_t oid = 0;
  auto operator<=>(const BypassKey&) const = default;
};

struct FunctionArgument {
  std::string name;  ///< empty: it has none
  std::string type;
};

struct BypassObject {
  enum class Kind { kView, kMaterializedView, kPartition, kFunction, kProcedure };
  Kind kind = Kind::kView;
  BypassKey key;
  std::string name;  ///< qualified; of functions with the types of their arguments
  std::string sql;   ///< qualified, without arguments
  std::string owner;
  bool as_owner = false;  ///< what it reads it reads as its owner; else as who asks
  bool usable = false;    ///< the role may read or call it
  std::string columns;    ///< those that the role may read: "code, length"
  /// Of a view that PostgreSQL itself writes through: columns that the role may give values to,
  /// and whether it may delete.
  std::vector<std::string> inserts, updates;
  bool deletes = false;
  std::vector<FunctionArgument> arguments;
  bool variadic = false;    ///< the last argument is an array of as many as one likes
  int defaults = 0;         ///< so many of the last arguments may be left out
  bool callable = true;     ///< not by triggers only
  bool search_path = true;  ///< its own, or it needs none
  /// It sets settings, as what takes on a tenant's context does: with another tenant's values it
  /// rightly answers for that tenant.
  bool sets_context = false;
  bool row_security = false;  ///< of a partition
  std::uint32_t table = 0;    ///< of a partition: the table of tenants that it is a part of
  std::vector<BypassKey> uses;

  /// "view public.lot_totals".
  std::string words() const;
  /// The role may change rows through it.
  bool writes() const { return deletes || !inserts.empty() || !updates.empty(); }
};

using BypassObjects = std::map<BypassKey, BypassObject>;

/// All of the user's that can stand on a way, with what they use; tables of tenants and their
/// partitions are named by BypassKey too, partitions only where the role has privileges of its own
/// on them as objects. `role` exists.
BypassObjects read_bypass_objects(Session& session, const std::string& role,
                                  const std::vector<TenantTable>& tables);

/// The shortest way from an object to a table: the objects on it, itself first.
struct BypassWay {
  std::uint32_t table = 0;
  std::vector<BypassKey> steps;
};

/// One way to each table of `tables` that the object reads in the end; the shortest first.
std::vector<BypassWay> ways_from(const BypassObjects& objects, const BypassKey& from,
                                 const std::vector<TenantTable>& tables);

}  // namespace drydock
