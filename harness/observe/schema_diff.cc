#include "harness/observe/schema_diff.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "harness/observe/schema_ddl.h"

namespace drydock {
namespace {

using Objects = std::vector<const SchemaObject*>;
using Pairs = std::vector<std::pair<const SchemaObject*, const SchemaObject*>>;

struct Sorted {
  Objects missing, extra;
  Pairs changed;  ///< (expected, found)
};

Sorted sort_out(const SchemaSnapshot& expected, const SchemaSnapshot& found) {
  Sorted sorted;
  auto e = expected.objects.begin();
  auto f = found.objects.begin();
  while (e != expected.objects.end() || f != found.objects.end()) {
    if (e != expected.objects.end() && f != found.objects.end() && *e == *f) {
      ++e, ++f;  // the very same object
    } else if (f == found.objects.end() || (e != expected.objects.end() && (*e)->key < (*f)->key)) {
      sorted.missing.push_back((e++)->get());
    } else if (e == expected.objects.end() || (*f)->key < (*e)->key) {
      sorted.extra.push_back((f++)->get());
    } else {
      if (**e != **f) sorted.changed.emplace_back(e->get(), f->get());
      ++e, ++f;
    }
  }
  return sorted;
}

/// Without those whose parent is in the list too.
void drop_children(Objects& objects) {
  std::set<ObjectKey> keys;
  for (const SchemaObject* object : objects) keys.insert(object->key);
  std::erase_if(objects, [&](const SchemaObject* object) { return keys.contains(object->parent); });
}

bool is_view(const ObjectKey& key) { return key.kind == "view" || key.kind == "materialized view"; }

/// Objects whose children follow from their definition, where that definition changed.
std::set<ObjectKey> redefined(const Pairs& changed) {
  std::set<ObjectKey> keys;
  for (const auto& [expected, found] : changed) {
    const bool decides = is_view(found->key) || found->key.kind == "constraint";
    if (decides && value_of(*expected, "definition") != value_of(*found, "definition")) {
      keys.insert(found->key);
    }
  }
  return keys;
}

bool follows_from_definition(const std::string& property) {
  return property == "definition" || property == "type" || property == "collation";
}

/// Names that the server makes up: table_column_idx, table_pkey1 …
bool is_generated_name(std::string_view name) {
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.remove_suffix(1);
  for (std::string_view ending :
       {"_pkey", "_key", "_fkey", "_check", "_excl", "_idx", "_stat", "_not_null"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

bool differ_in_name_only(const SchemaObject& a, const SchemaObject& b) {
  const std::string& kind = a.key.kind;
  return (kind == "constraint" || kind == "index" || kind == "statistics") && kind == b.key.kind &&
         a.parent == b.parent && a.properties == b.properties;
}

/// Takes renamed pairs out of both lists.
void find_renamed(Sorted& sorted, SchemaDiff& diff) {
  std::erase_if(sorted.missing, [&](const SchemaObject* expected) {
    const auto found = std::find_if(
        sorted.extra.begin(), sorted.extra.end(),
        [&](const SchemaObject* extra) { return differ_in_name_only(*expected, *extra); });
    if (found == sorted.extra.end()) return false;
    const std::string old_name = own_name(*expected), new_name = own_name(**found);
    const bool made_up = is_generated_name(old_name) && is_generated_name(new_name);
    diff.push_back({ChangeKind::kChanged, expected->key, "name", old_name, new_name,
                    rename_statement(**found, *expected),
                    made_up ? DifferenceClass::kCosmetic : DifferenceClass::kBehaviour});
    sorted.extra.erase(found);
    return true;
  });
}

const Property* find_property(const SchemaObject& object, const std::string& name) {
  for (const Property& property : object.properties) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

void compare_property(const SchemaObject& expected, const SchemaObject& found,
                      const Property& property, SchemaDiff& diff) {
  const std::string old_value = value_of(expected, property.name);
  const std::string new_value = value_of(found, property.name);
  if (old_value == new_value || property.name == "position") return;
  std::string ddl = mend_statement(expected, found, property.name);
  // Several properties mended by one statement: it is enough to say it once.
  if (!diff.empty() && diff.back().object == expected.key && diff.back().ddl == ddl) ddl.clear();
  diff.push_back({ChangeKind::kChanged, expected.key, property.name, old_value, new_value,
                  std::move(ddl), property.weight});
}

/// Sequences whose owner is that of their tables, where a difference is listed already.
bool both_owned_by_columns(const SchemaObject& expected, const SchemaObject& found) {
  return !value_of(expected, "owned by").empty() && !value_of(found, "owned by").empty();
}

void compare_objects(const SchemaObject& expected, const SchemaObject& found,
                     bool parent_is_redefined, SchemaDiff& diff) {
  const auto skipped = [&](const Property& property) {
    return (parent_is_redefined && follows_from_definition(property.name)) ||
           (property.name == "owner" && both_owned_by_columns(expected, found));
  };
  for (const Property& property : expected.properties) {
    if (!skipped(property)) compare_property(expected, found, property, diff);
  }
  for (const Property& property : found.properties) {
    if (!skipped(property) && find_property(expected, property.name) == nullptr) {
      compare_property(expected, found, property, diff);
    }
  }
}

/// Own names of a relation's columns (a type's attributes), in their order.
std::vector<std::string> columns_in_order(const SchemaSnapshot& schema, const ObjectKey& parent,
                                          const std::string& kind) {
  std::map<int, std::string> by_position;
  const auto first = std::lower_bound(
      schema.objects.begin(), schema.objects.end(), ObjectKey{kind, parent.name + "."},
      [](const auto& object, const ObjectKey& key) { return object->key < key; });
  for (auto at = first; at != schema.objects.end() && (*at)->key.kind == kind &&
                        (*at)->key.name.starts_with(parent.name + ".");
       ++at) {
    if ((*at)->parent == parent) {
      by_position[std::stoi(value_of(**at, "position"))] = own_name(**at);
    }
  }
  std::vector<std::string> names;
  for (auto& [position, name] : by_position) names.push_back(std::move(name));
  return names;
}

std::vector<std::string> common(const std::vector<std::string>& names,
                                const std::vector<std::string>& others) {
  std::vector<std::string> kept;
  for (const std::string& name : names) {
    if (std::find(others.begin(), others.end(), name) != others.end()) kept.push_back(name);
  }
  return kept;
}

std::string comma_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

void compare_order(const SchemaSnapshot& expected, const SchemaSnapshot& found,
                   const ObjectKey& parent, const std::string& kind, SchemaDiff& diff) {
  const std::vector<std::string> old_names = columns_in_order(expected, parent, kind);
  const std::vector<std::string> new_names = columns_in_order(found, parent, kind);
  const std::vector<std::string> old_order = common(old_names, new_names);
  const std::vector<std::string> new_order = common(new_names, old_names);
  if (old_order == new_order) return;
  // The order of a composite type's attributes decides what its row values mean.
  const bool felt = kind == "attribute";
  diff.push_back({ChangeKind::kChanged, parent, kind + " order", comma_list(old_order),
                  comma_list(new_order), "",
                  felt ? DifferenceClass::kBehaviour : DifferenceClass::kCosmetic});
}

/// (parent, kind of child) wherever a position moved.
std::set<std::pair<ObjectKey, std::string>> with_moved_columns(const Pairs& changed) {
  std::set<std::pair<ObjectKey, std::string>> moved;
  for (const auto& [expected, found] : changed) {
    if (value_of(*expected, "position") != value_of(*found, "position")) {
      moved.insert({found->parent, found->key.kind});
    }
  }
  return moved;
}

}  // namespace

SchemaDiff compare_schemas(const SchemaSnapshot& expected, const SchemaSnapshot& found) {
  SchemaDiff diff;
  Sorted sorted = sort_out(expected, found);
  const std::set<ObjectKey> with_new_definition = redefined(sorted.changed);
  const auto follows = [&](const SchemaObject* object) {
    return with_new_definition.contains(object->parent);
  };
  drop_children(sorted.missing);
  drop_children(sorted.extra);
  std::erase_if(sorted.missing,
                [&](const auto* o) { return o->key.kind == "column" && follows(o); });
  std::erase_if(sorted.extra, [&](const auto* o) { return o->key.kind == "column" && follows(o); });
  find_renamed(sorted, diff);
  for (const SchemaObject* object : sorted.missing) {
    diff.push_back({ChangeKind::kMissing, object->key, "", "", "",
                    create_statement(expected, *object), object->weight});
  }
  for (const SchemaObject* object : sorted.extra) {
    diff.push_back(
        {ChangeKind::kExtra, object->key, "", "", "", drop_statement(*object), object->weight});
  }
  for (const auto& [old_object, new_object] : sorted.changed) {
    compare_objects(*old_object, *new_object, follows(new_object), diff);
  }
  for (const auto& [parent, kind] : with_moved_columns(sorted.changed)) {
    if (!with_new_definition.contains(parent)) compare_order(expected, found, parent, kind, diff);
  }
  std::stable_sort(diff.begin(), diff.end(),
                   [](const auto& a, const auto& b) { return a.object < b.object; });
  return diff;
}

}  // namespace drydock
