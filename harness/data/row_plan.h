// How the rows of one table are made: one SELECT of candidates, each column an expression of the
// row's number, foreign keys joined to parents by number, and a WHERE that lets through only what
// the table's own conditions accept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/data/check_arms.h"
#include "harness/data/check_equalities.h"
#include "harness/data/joint_insert.h"
#include "harness/data/limits.h"
#include "harness/data/table_shape.h"
#include "harness/data/value_maker.h"
#include "harness/model/scenario.h"

namespace drydock {

/// Parents beyond these are not pointed to: numbering them all would cost more than it shows.
inline constexpr std::int64_t kMostParents = 200'000;

/// What is known of the rows that a foreign key can point to.
struct ParentFacts {
  std::int64_t count = 0;
  bool dense = false;  ///< one integer column whose values are low, low + 1 …
  std::int64_t low = 0;
};

/// What becomes of a foreign key whose parents are not there yet.
enum class Postponed { kNull, kPlaceholder };

struct PlanInput {
  const TableShape* table = nullptr;
  const TypeMap* types = nullptr;
  const TableRule* rule = nullptr;  ///< may be null
  std::uint64_t seed = 1;
  bool adversarial = false;  ///< RowProfile::kAdversarial
  std::int64_t wanted = 0;
  std::int64_t most_parents = kMostParents;     ///< that may be pointed to, unless each only once
  std::vector<ParentFacts> parents;             ///< one for each foreign key
  std::map<std::size_t, Postponed> postponed;   ///< by number of the foreign key
  std::map<std::string, std::int64_t> largest;  ///< of integer columns, where rows are in place
  bool rows_in_place = false;
  // Lessons of earlier tries:
  bool broad = false;                        ///< all sorts of values where conditions are tangled
  std::set<std::string> never_null;          ///< columns that took no NULL after all
  std::set<std::string> plain_columns;       ///< values by type alone, not by name
  std::map<std::string, std::string> fixed;  ///< columns with SQL of the caller's
  std::string condition;                     ///< SQL that rows keep besides the table's own
};

class RowPlan {
 public:
  explicit RowPlan(PlanInput input);

  /// Why no row can be made; empty: they can. `column` gets the culprit, if it is one.
  const std::string& impossible() const { return impossible_; }
  const std::string& culprit() const { return culprit_; }

  /// No more distinct rows than this can be made, and which key allows no more.
  std::int64_t most_rows() const { return most_rows_; }
  const std::string& scarce_key() const { return scarce_key_; }

  /// A unique key could not be kept by construction: rows that collide are to be left out.
  bool may_collide() const { return may_collide_; }

  /// Not every candidate need fit.
  bool chooses() const { return may_collide_ || !conditions_.empty() || !filter().empty(); }

  /// INSERT of the candidates numbered first … last that fit, at most `limit` of them.
  std::string insert(std::int64_t first, std::int64_t last, std::int64_t limit,
                     bool skip_collisions) const;
  /// INSERT of candidates some of whose columns have values of the caller's: by column and number.
  /// Those that the table's conditions or keys refuse are left out.
  JointInsert insert_special(
      const std::map<std::string, std::map<std::int64_t, std::string>>& special) const;
  /// The same candidates tried one by one in a DO block that leaves out what is refused.
  std::string insert_one_by_one(std::int64_t first, std::int64_t last, std::int64_t limit) const;

  /// UPDATE that gives `columns` values in four of five of the `rows` rows in place, where they
  /// have none.
  std::string update(const std::vector<std::string>& columns, std::int64_t rows) const;

  /// UPDATE that gives `columns` values wherever they have none.
  std::string replace_nulls(const std::vector<std::string>& columns, std::int64_t rows) const;

  /// UPDATE that gives another `column` to all but the first of the rows that are alike in `key`.
  std::string replace_twins(const std::string& column, const std::vector<std::string>& key,
                            std::int64_t rows) const;
  /// The column of `key` that is made distinct; empty: none is.
  std::string distinct_column(const std::vector<std::string>& key) const;

  /// SQL of what the scenario, or the caller, fixed for `column`, cast to its type.
  std::string rule_value(const ColumnShape& column) const {
    return rule_sql(column) + "::" + column.type_sql;
  }

 private:
  void read_conditions();
  void read_arms();
  /// False: the condition computes no column, or none that is free.
  bool read_computed(const std::string& condition);
  bool computable(const ComputedColumn& computed) const;
  bool needs(const std::string& column, const std::string& source) const;
  std::string computed_sql(const ComputedColumn& computed) const;
  std::string candidate_type(const ColumnShape& column) const;
  void read_domain(const ColumnShape& column);
  bool names_the_row(const ColumnShape& column) const;
  void drop_implied_key(const std::string& column, std::size_t members);
  bool given_up(std::size_t key) const;
  void assign_uniques();
  void assign_unique(const UniqueShape& unique);
  bool enumerate(const UniqueShape& unique, const std::vector<std::string>& members);
  void assign_exclusions();
  void make_foreign_keys();
  void make_foreign_key(std::size_t number);
  void require_parent(std::size_t number);
  std::size_t next_foreign_key(const std::vector<std::size_t>& left) const;
  void join_parents(std::size_t number, const std::vector<std::size_t>& shared,
                    const std::string& index);
  void point_to_itself(const ForeignKeyShape& key);
  void make_columns();
  void apply_arms();
  void apply_computed();
  std::string column_sql(const ColumnShape& column);
  std::string with_nulls(const ColumnShape& column, const std::string& sql) const;
  std::string with_full_length(const ColumnShape& column, const std::string& sql) const;
  std::string with_extremes(const ColumnShape& column, const std::string& sql) const;
  std::string partition_value(const ColumnShape& column, const std::string& sql) const;
  std::string rule_sql(const ColumnShape& column) const;
  ValueRequest request_for(const ColumnShape& column) const;
  bool nullable(const ColumnShape& column) const;
  bool fixed(const std::string& column) const;
  std::optional<std::size_t> foreign_key_of(const std::string& column) const;
  std::vector<std::string> members_of(const UniqueShape& unique) const;
  std::string pick_parent(std::size_t number) const;
  std::uint64_t salt(std::string_view purpose) const;
  std::string null_test(const ForeignKeyShape& key) const;
  std::string numbered_rows() const;
  std::string candidates(std::int64_t first, std::int64_t last) const;
  /// `numbers`: SQL that gives a row for each.
  std::string candidates(const std::string& numbers) const;
  std::string filter() const;
  std::string column_list(const std::string& prefix) const;

  PlanInput in_;
  ValueMaker maker_;
  std::map<std::string, Limits> limits_;
  std::set<std::string> distinct_;
  std::set<std::string> disjoint_;
  std::vector<std::vector<Arm>> arms_;        ///< of the conditions that have cases
  std::map<std::string, std::size_t> armed_;  ///< columns, and whose cases decide them
  std::vector<ComputedColumn> computed_;
  std::set<std::string> no_nulls_;
  std::map<std::string, std::string> index_of_column_;  ///< 0-based SQL number, by enumeration
  std::map<std::size_t, std::string> index_of_foreign_key_;
  std::map<std::string, std::string> expressions_;  ///< of the columns, in their types
  std::string joins_;
  std::vector<std::string> conditions_;  ///< of the candidates
  std::vector<std::string> domain_checks_;
  std::int64_t most_rows_ = kUnlimited;
  std::string scarce_key_, impossible_, culprit_;
  bool may_collide_ = false;
};

}  // namespace drydock
