// What a schema allows that the one before did not, as rows to be written.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/row_links.h"
#include "harness/data/sql_expression.h"
#include "harness/data/sql_words.h"
#include "harness/data/trial_rows.h"
#include "harness/data/value_maker.h"

namespace drydock {
namespace {

constexpr std::int64_t kFew = 2;

std::string in_place(const TableShape& table, const std::string& column) {
  return fmt::format("SELECT {0} FROM {1} WHERE {0} IS NOT NULL ORDER BY {2} LIMIT 1",
                     sql_name(column), table.only_sql(), row_order(table, ""));
}

const ColumnShape* column_numbered(const TableShape& table, int number) {
  for (const ColumnShape& column : table.columns)
    if (column.number == number) return &column;
  return nullptr;
}

class Comparer {
 public:
  Comparer(const TableShape& before, const TypeMap& types_before, const TableShape& now,
           const TypeMap& types_now)
      : before_(before), types_before_(types_before), now_(now), types_now_(types_now) {}

  std::vector<TrialIdea> compare() {
    for (const ColumnShape& column : now_.columns) {
      if (column.generated || !types_now_.contains(column.type)) continue;
      const ColumnShape* old = column_numbered(before_, column.number);
      old == nullptr ? added(column) : changed(*old, column);
    }
    for (const CheckShape& check : before_.checks)
      if (!holds_still(check)) dropped(check);
    for (const UniqueShape& unique : before_.uniques)
      if (!holds_still(unique)) dropped(unique);
    for (const ForeignKeyShape& key : before_.foreign_keys)
      if (!holds_still(key)) dropped(key);
    return std::move(ideas_);
  }

 private:
  void idea(std::map<std::string, std::string> fixed, const std::string& words,
            const std::string& condition = "") {
    ideas_.push_back({std::move(fixed), kFew, words, condition});
  }

  void added(const ColumnShape& column) {
    idea({}, fmt::format("with a value in the new {}", column.name),
         sql_name(column.name) + " IS NOT NULL");
    if (!column.not_null)
      idea({{column.name, "NULL"}}, fmt::format("with the new {} NULL", column.name));
  }

  void changed(const ColumnShape& old, const ColumnShape& column) {
    if (old.not_null && !column.not_null)
      idea({{column.name, "NULL"}}, fmt::format("with {} NULL", column.name));
    if (!types_before_.contains(old.type)) return;
    labels(old, column);
    wider(old, column);
  }

  void labels(const ColumnShape& old, const ColumnShape& column) {
    const TypeShape& was = base_type(types_before_, old.type);
    const TypeShape& is = base_type(types_now_, column.type);
    if (is.kind != TypeKind::kEnum || was.kind != TypeKind::kEnum) return;
    for (const std::string& label : is.labels) {
      if (std::find(was.labels.begin(), was.labels.end(), label) != was.labels.end()) continue;
      idea({{column.name, fmt::format("{}::{}", sql_text(label), is.sql)}},
           fmt::format("with {} '{}'", column.name, label));
    }
  }

  /// Longer texts and bigger numbers than the old type took.
  void wider(const ColumnShape& old, const ColumnShape& column) {
    int was_modifier = old.modifier, is_modifier = column.modifier;
    const TypeShape& was = ValueMaker(types_before_).underlying(old.type, was_modifier);
    const TypeShape& is = ValueMaker(types_now_).underlying(column.type, is_modifier);
    if (is_text(was) && is_text(is)) {
      const int limit = ValueMaker::text_limit(was, was_modifier);
      const int now = ValueMaker::text_limit(is, is_modifier);
      if (limit > 0 && (now == 0 || now > limit)) {
        const int size = now == 0 ? limit + 10 : std::min(now, limit + 10);
        idea({{column.name, fmt::format("rpad('longer-' || n, {}, 'y')", size)}},
             fmt::format("with {} longer than {} characters", column.name, limit));
      }
    }
    const std::string most = was.name == "int2" ? "32767" : was.name == "int4" ? "2147483647" : "";
    const bool bigger =
        is.name == "int8" || is.name == "numeric" || (is.name == "int4" && was.name == "int2");
    if (!most.empty() && bigger && is.name != was.name)
      idea({{column.name, fmt::format("{}::bigint + n", most)}},
           fmt::format("with {} above {}", column.name, most));
    if (was.name == "numeric" && is.name == "numeric")
      more_digits(column, digits_of(was_modifier), digits_of(is_modifier));
  }

  /// What numeric(p, s) takes on either side of the point.
  struct Digits {
    int before = 0, behind = 0;
  };

  /// Without a modifier: as many as anybody writes.
  static Digits digits_of(int modifier) {
    if (modifier < 4) return {1000, 1000};
    const int precision = ((modifier - 4) >> 16) & 0xFFFF;
    const int scale = ((((modifier - 4) & 0x7FF) ^ 1024) - 1024);
    return {precision - scale, scale};
  }

  void more_digits(const ColumnShape& column, Digits was, Digits is) {
    if (is.before > was.before)
      idea({{column.name, fmt::format("10::numeric ^ {0} + n % 10::numeric ^ {0}", was.before)}},
           fmt::format("with {} of more than {} digits before the point", column.name, was.before));
    if (is.behind > was.behind)
      idea({{column.name, fmt::format("n % 10::numeric ^ {} + 10::numeric ^ ({})",
                                      std::min(is.before, 9), -was.behind - 1)}},
           fmt::format("with {} of more than {} digits behind the point", column.name, was.behind));
  }

  bool holds_still(const CheckShape& check) const {
    return std::any_of(now_.checks.begin(), now_.checks.end(),
                       [&](const CheckShape& each) { return each.expression == check.expression; });
  }
  bool holds_still(const UniqueShape& unique) const {
    return std::any_of(now_.uniques.begin(), now_.uniques.end(), [&](const UniqueShape& each) {
      return each.columns == unique.columns && each.expressions == unique.expressions &&
             each.predicate == unique.predicate;
    });
  }
  bool holds_still(const ForeignKeyShape& key) const {
    return std::any_of(now_.foreign_keys.begin(), now_.foreign_keys.end(), [&](const auto& each) {
      return !each.implied && each.columns == key.columns && each.parent == key.parent;
    });
  }

  /// Rows for which the condition that is gone would be false.
  void dropped(const CheckShape& check) {
    std::map<std::string, std::string> fixed;
    for (const std::string& name : names_in(check.expression)) {
      const ColumnShape* column = now_.column(name);
      if (column == nullptr || column->generated) continue;
      const std::string odd = odd_values(*column);
      if (!odd.empty()) fixed[name] = odd;
    }
    if (!fixed.empty())
      idea(fixed, fmt::format("that the dropped {} refused", check.name),
           fmt::format("({}) IS FALSE", check.expression));
  }

  std::string odd_values(const ColumnShape& column) const {
    const TypeShape& type = base_type(types_now_, column.type);
    if (is_text(type))
      return fmt::format("((ARRAY['', 'x', 'drydock', '-', repeat('long', 60)])[1 + n % 5])::{}",
                         column.type_sql);
    if (is_integer(type) || type.name == "numeric" || type.name == "float8")
      return "(ARRAY[-1, 0, 30000, -7, 101])[1 + n % 5]";
    return {};
  }

  void dropped(const UniqueShape& unique) {
    std::map<std::string, std::string> fixed;
    for (const std::string& name : unique.columns)
      if (now_.column(name) != nullptr) fixed[name] = in_place(now_, name);
    if (fixed.size() == unique.columns.size() && !fixed.empty())
      idea(fixed, fmt::format("with the same {}", join(unique.columns, ", ")));
  }

  void dropped(const ForeignKeyShape& key) {
    const ColumnShape* column = now_.column(key.columns.back());
    if (column == nullptr || key.implied) return;
    const TypeShape& type = base_type(types_now_, column->type);
    std::string nowhere;
    if (is_integer(type)) nowhere = "30000 - n % 500";
    if (is_text(type)) nowhere = fmt::format("('nowhere-' || n)::{}", column->type_sql);
    if (type.name == "uuid") nowhere = "md5('nowhere-' || n)::uuid";
    if (!nowhere.empty())
      idea({{column->name, nowhere}},
           fmt::format("with {} that no row of {} has", column->name, key.parent_sql));
  }

  const TableShape& before_;
  const TypeMap& types_before_;
  const TableShape& now_;
  const TypeMap& types_now_;
  std::vector<TrialIdea> ideas_;
};

}  // namespace

std::vector<TrialIdea> new_ideas(const TableShape& before, const TypeMap& types_before,
                                 const TableShape& now, const TypeMap& types_now) {
  return Comparer(before, types_before, now, types_now).compare();
}

}  // namespace drydock
