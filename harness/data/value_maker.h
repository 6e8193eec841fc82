// The value of a column as an SQL expression of the row's number, for every type a column may have.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "harness/data/limits.h"
#include "harness/data/table_shape.h"

namespace drydock {

inline constexpr std::int64_t kUnlimited = std::int64_t{1} << 40;

/// One value wanted.
struct ValueRequest {
  Oid type = 0;
  int modifier = -1;
  std::string name;            ///< of the column
  std::uint64_t salt = 0;      ///< differs from column to column
  std::uint64_t row_salt = 0;  ///< the same for all columns of a table: times of one row agree
  std::uint64_t seed = 1;
  std::string number = "n";  ///< SQL bigint, from 1
  bool distinct = false;     ///< another value for each number up to capacity()
  bool disjoint = false;     ///< of ranges and shapes: none overlaps another's
  /// Integers that are distinct are this and the number; not given: they begin at 1, or at their
  /// lowest limit.
  std::optional<std::int64_t> base = {};
  std::string usual;      ///< a constant that is the column's default, as text
  bool any_kind = false;  ///< texts of all sorts, since nobody knows which the table takes
  Limits limits;
};

class ValueMaker {
 public:
  explicit ValueMaker(const TypeMap& types) : types_(types) {}

  /// Empty: nobody knows how to make a value of this type.
  std::optional<std::string> make(const ValueRequest& request) const;

  /// So many distinct values can be made; kUnlimited stands for enough.
  std::int64_t capacity(const ValueRequest& request) const;

  /// The type a value is made in: domains peeled off, with the modifier that counts. `modifier`
  /// goes in as the column's and comes out as the base type's.
  const TypeShape& underlying(Oid type, int& modifier) const;

  /// The characters a text type takes; 0: no limit.
  static int text_limit(const TypeShape& type, int modifier);

 private:
  ValueRequest with_domain_limits(ValueRequest request) const;
  std::optional<std::string> make_base(const TypeShape& type, int modifier,
                                       const ValueRequest& request) const;
  std::optional<std::string> make_array(const TypeShape& type, const ValueRequest& request) const;
  std::optional<std::string> make_composite(const TypeShape& type,
                                            const ValueRequest& request) const;
  std::optional<std::string> make_range(const TypeShape& type, const ValueRequest& request) const;

  const TypeMap& types_;
};

/// What the columns of all tables that name a tenant alike share, so that the tenants are the same.
std::uint64_t tenant_salt(const ValueRequest& request);

/// Whether values of this type are texts (with all that CHECKs may say of texts).
bool is_text(const TypeShape& type);
bool is_integer(const TypeShape& type);
bool is_decimal(const TypeShape& type);

}  // namespace drydock
