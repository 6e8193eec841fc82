#include "harness/data/fill_order.h"

#include <algorithm>
#include <optional>

namespace drydock {
namespace {

class Orderer {
 public:
  Orderer(const std::map<Oid, TableShape>& tables, std::set<Oid> left)
      : tables_(tables), left_(std::move(left)) {}

  std::vector<FillStep> order() {
    std::vector<FillStep> steps;
    while (!left_.empty()) steps.push_back(next());
    return steps;
  }

 private:
  const TableShape& table(Oid oid) const { return tables_.at(oid); }

  /// Foreign keys of `oid` to tables that are not filled yet, itself apart.
  std::vector<std::size_t> waiting(Oid oid) const {
    std::vector<std::size_t> keys;
    const auto& all = table(oid).foreign_keys;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].parent != oid && left_.contains(all[i].parent)) keys.push_back(i);
    return keys;
  }

  bool implied(Oid oid, std::size_t key) const { return table(oid).foreign_keys[key].implied; }

  bool may_be_null(Oid oid, std::size_t key) const {
    const auto& columns = table(oid).foreign_keys[key].columns;
    return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
      const ColumnShape* column = table(oid).column(name);
      return column != nullptr && !column->not_null;
    });
  }

  FillStep next() {
    for (const Oid oid : left_)
      if (waiting(oid).empty()) return take(oid, {});
    if (const auto oid = easiest([&](Oid t, std::size_t key) { return implied(t, key); }))
      return take(*oid, postponed(*oid));
    if (const auto oid =
            easiest([&](Oid t, std::size_t key) { return implied(t, key) || may_be_null(t, key); }))
      return take(*oid, postponed(*oid));
    const auto oid = easiest([&](Oid t, std::size_t key) {
      return implied(t, key) || may_be_null(t, key) || table(t).foreign_keys[key].deferrable;
    });
    return oid ? take_circle(*oid) : give_up();
  }

  /// The table with the fewest keys waiting, if all of them satisfy `allows`.
  template <typename Allows>
  std::optional<Oid> easiest(Allows allows) const {
    std::optional<Oid> best;
    std::size_t fewest = 0;
    for (const Oid oid : left_) {
      const std::vector<std::size_t> keys = waiting(oid);
      const bool all =
          std::all_of(keys.begin(), keys.end(), [&](std::size_t key) { return allows(oid, key); });
      if (all && (!best || keys.size() < fewest)) best = oid, fewest = keys.size();
    }
    return best;
  }

  std::map<std::size_t, Postponed> postponed(Oid oid) const {
    std::map<std::size_t, Postponed> keys;
    for (const std::size_t key : waiting(oid))
      keys[key] =
          may_be_null(oid, key) && !implied(oid, key) ? Postponed::kNull : Postponed::kPlaceholder;
    return keys;
  }

  FillStep take(Oid oid, const std::map<std::size_t, Postponed>& keys) {
    left_.erase(oid);
    return {{{oid, keys}}, ""};
  }

  std::set<Oid> reachable(Oid from) const {
    std::set<Oid> seen;
    std::vector<Oid> open = {from};
    while (!open.empty()) {
      const Oid oid = open.back();
      open.pop_back();
      for (const std::size_t key : waiting(oid)) {
        if (implied(oid, key)) continue;
        const Oid parent = table(oid).foreign_keys[key].parent;
        if (seen.insert(parent).second) open.push_back(parent);
      }
    }
    return seen;
  }

  /// All that the table needs before its keys can be set, in one transaction with it.
  FillStep take_circle(Oid oid) {
    FillStep step{{{oid, postponed(oid)}}, ""};
    std::set<Oid> others = reachable(oid);
    others.erase(oid);
    left_.erase(oid);
    for (const FillStep& inner : Orderer(tables_, others).order()) {
      step.parts.insert(step.parts.end(), inner.parts.begin(), inner.parts.end());
      if (!inner.circle.empty()) step.circle = inner.circle;
    }
    for (const Oid other : others) left_.erase(other);
    return step;
  }

  FillStep give_up() {
    // The one that waits for least is named; the others then fail for want of its rows.
    const Oid oid = *std::min_element(left_.begin(), left_.end(), [&](Oid a, Oid b) {
      return waiting(a).size() < waiting(b).size();
    });
    FillStep step = take(oid, {});
    const ForeignKeyShape& key = [&]() -> const ForeignKeyShape& {
      for (const ForeignKeyShape& each : table(oid).foreign_keys)
        if (left_.contains(each.parent) && !each.implied) return each;
      return table(oid).foreign_keys.front();
    }();
    step.circle = "it refers to " + key.parent_sql + " (" + key.name + "), and " + key.parent_sql +
                  " refers back to it; neither foreign key may be NULL or deferred";
    return step;
  }

  const std::map<Oid, TableShape>& tables_;
  std::set<Oid> left_;
};

}  // namespace

std::vector<FillStep> fill_order(const std::map<Oid, TableShape>& tables,
                                 const std::set<Oid>& wanted) {
  return Orderer(tables, wanted).order();
}

}  // namespace drydock
