// The statements with which another tenant's rows are tried, for one table.
//
// What a try counts is chosen so that the administrator alone decides: rows that the role saw by
// their place, rows that it wrote by their transaction, rows that went by how many are left.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/observe/isolation_attempts.h"
#include "harness/observe/isolation_subject.h"

namespace drydock {

/// Who tries: what the situations begin with. Empty: there is no such situation.
struct IsolationEntries {
  std::string tenant;  ///< the application's role in A's context
  std::string no_context, empty_context, malformed_context, unknown_tenant;
  std::string owner, owner_no_context;
  std::string other_role;
};

class IsolationStatements {
 public:
  /// REQUIRES: samples of both tenants are in `subject`. Both must outlive it.
  IsolationStatements(const IsolationSubject& subject, const IsolationEntries& entries,
                      const std::string& tenant_a, const std::string& tenant_b);

  /// A's rows for A, and B's for A: every command that the role has the privilege for. Those that
  /// notice a weakened policy most often come first. `thoroughly` false: without what another try
  /// shows as well, for the second of two tenants.
  std::vector<IsolationAttempt> between_tenants(bool thoroughly = true) const;
  /// Everybody's rows for somebody without a proper context.
  std::vector<IsolationAttempt> without_proper_context() const;
  std::vector<IsolationAttempt> never_had_context() const;
  /// The owner's and the other role's.
  std::vector<IsolationAttempt> by_others() const;
  /// COPY … TO cannot be run by a function: `enter` and `sql` are to be sent as they are.
  std::optional<IsolationAttempt> copy() const;

 private:
  using Attempts = std::vector<IsolationAttempt>;
  static constexpr const char* kTriggersOff = "SET LOCAL session_replication_role = replica; ";
  static constexpr const char* kTriggersOn = "SET LOCAL session_replication_role = origin";
  bool may(const char* privilege) const;
  IsolationAttempt attempt(IsolationCommand command, const std::string& sql) const;
  IsolationAttempt select(const std::string& lock) const;
  std::string of_b() const;  ///< the row is B's
  /// Counts among `rows` (FROM what, with alias t) those of A and those that `others` holds for.
  std::string measure_of(const std::string& others, const std::string& rows) const;
  std::string counted_measure(const std::string& others) const;
  std::string insert(const SampleRow& values, const std::string& tail) const;
  SampleRow with_columns(const SampleRow& row, const std::vector<std::string>& columns,
                         const std::vector<std::string>& literals) const;
  std::vector<std::string> literals_of(const SampleRow& row,
                                       const std::vector<std::string>& columns) const;
  std::string take_away(const SampleRow& row) const;
  std::string set_written(const SampleRow& from) const;
  std::string set_tenant(const SampleRow& to) const;

  void add_reads(Attempts& all) const;
  void add_inserts(Attempts& all) const;
  void add_insert_of_own_for_other(Attempts& all) const;
  std::string b_rows_more() const;
  void add_updates(Attempts& all, bool thoroughly) const;
  void add_changes_of_tenant(Attempts& all) const;
  void add_deletes(Attempts& all) const;
  void add_keys(Attempts& all) const;
  void add_references(Attempts& all) const;
  void add_key(Attempts& all, const TenancyKey& key) const;
  void add_reference(Attempts& all, const TenancyReference& reference,
                     const std::vector<std::string>& parent) const;
  void add_everybody(Attempts& all, IsolationSituation situation, const std::string& enter) const;
  Attempts of_everybody() const;
  IsolationAttempt read_by(IsolationSituation situation, const std::string& enter,
                           const std::string& others) const;

  const IsolationSubject& subject_;
  const TenantTable& table_;
  const IsolationEntries& entries_;
  const std::string a_, b_;
  const SampleRow& own_;
  const SampleRow& other_;
  const std::string whose_;  ///< tenant of a row as text, in SQL
};

}  // namespace drydock
