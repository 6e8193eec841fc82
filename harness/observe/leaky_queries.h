// Queries with which a role may be told values of rows that it may not see.
//
// Row security hides rows only from what is evaluated behind it. A function marked LEAKPROOF need
// not wait for the policies; the planner asks it first when it costs less than ten operators
// (order_qual_clauses in the planner's createplan.c; PostgreSQL docs, "Rules and Privileges"). And
// what a policy itself asks is asked of everybody's rows, the cheapest condition first, in whatever
// order they are written. A function that raises an error or a notice on the way, a cast that
// fails, says so to whoever sent the query, mostly with the value.
//
// Functions in C are left out: what they do to the server while they are tried could not be undone.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "harness/observe/policy_calls.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

struct LeakyQuery {
  std::string sql;
  std::string why;  ///< "public.peek(text) is LEAKPROOF and need not wait for the policies"
  /// What is done to another tenant's row before: SET …, with a value that no policy expects and
  /// that shows in messages as kPlanted. Empty: the row stays as it is.
  std::string planted;
};

class LeakyQueries {
 public:
  static constexpr const char* kPlanted = "drydock";

  /// As the administrator; `role` will ask.
  LeakyQueries(Session& session, const std::string& role);

  /// Worth a try on the table, which the role may SELECT from. Empty for most.
  std::vector<LeakyQuery> of(const TenantTable& table) const;

 private:
  struct Leakproof {
    std::string sql, name;
    std::vector<std::string> arguments;
  };
  void add_calls_of(const Leakproof& function, const TenantTable& table,
                    std::vector<LeakyQuery>& queries) const;
  bool policies_look_into_rows(const TenantTable& table) const;

  std::vector<Leakproof> leakproof_;       ///< that the role may call
  std::vector<CalledFunction> functions_;  ///< of the user's
  std::set<std::uint32_t> by_operators_;   ///< tables whose policies use operators of the user's
};

}  // namespace drydock
