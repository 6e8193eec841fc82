// A schema as plain values: what exists, under which identity, with which properties.
//
// Objects are keyed by identity (kind and qualified name or signature), never by oid: up, down and
// up again changes every oid.
#pragma once

#include <algorithm>
#include <compare>
#include <memory>
#include <string>
#include <vector>

namespace drydock {

/// How much a difference matters. Security: who may see or do what. Behaviour: what statements do.
/// Cosmetic: what a person sees in a dump but no statement feels (column order, comments, names
/// the server generated, storage hints).
enum class DifferenceClass { kCosmetic, kBehaviour, kSecurity };

/// kind is PostgreSQL's own word in lower case: "table", "column", "index", "constraint", "policy",
/// "role" …; name is qualified and quoted as SQL would want it ("public.users",
/// "public.users.email", "public.f(integer, text)").
struct ObjectKey {
  std::string kind;
  std::string name;
  auto operator<=>(const ObjectKey&) const = default;
};

struct Property {
  std::string name;   ///< "type", "default", "not null", "row security", "owner", "position" …
  std::string value;  ///< printable; empty when the property is absent
  DifferenceClass weight = DifferenceClass::kBehaviour;  ///< class of a difference in it
  bool operator==(const Property&) const = default;
};

struct SchemaObject {
  ObjectKey key;
  std::vector<Property> properties;  ///< those that are set, in a fixed order per kind
  /// A statement that would create it (or set it). Empty where compare_schemas composes one from
  /// the properties (tables, columns, views, sequences) and where another object's brings it along.
  std::string ddl;
  DifferenceClass weight = DifferenceClass::kBehaviour;  ///< class when missing or extra
  /// The object that this one belongs to (a column's table): it is not listed apart when that one
  /// is missing or extra as a whole. Empty kind: none.
  ObjectKey parent;
  bool operator==(const SchemaObject&) const = default;
};

/// A whole schema. Objects are shared and never changed, so that a copy costs a pointer an object
/// and two snapshots of one observer compare mostly by pointer.
struct SchemaSnapshot {
  std::vector<std::shared_ptr<const SchemaObject>> objects;  ///< sorted by key, keys unique

  /// The object, or null.
  const SchemaObject* find(const ObjectKey& key) const {
    auto at =
        std::lower_bound(objects.begin(), objects.end(), key,
                         [](const auto& object, const ObjectKey& k) { return object->key < k; });
    return at != objects.end() && (*at)->key == key ? at->get() : nullptr;
  }

  bool operator==(const SchemaSnapshot& other) const {
    return std::equal(objects.begin(), objects.end(), other.objects.begin(), other.objects.end(),
                      [](const auto& a, const auto& b) { return a == b || *a == *b; });
  }
};

enum class ChangeKind { kMissing, kExtra, kChanged };

/// One difference between an expected and a found schema.
struct SchemaDifference {
  ChangeKind change = ChangeKind::kChanged;
  ObjectKey object;
  std::string property;  ///< for kChanged: which one
  std::string expected;  ///< for kChanged: values; for kMissing: its DDL is in `ddl`
  std::string found;
  std::string ddl;  ///< what mends it, to add to the script; empty when no plain statement does
  DifferenceClass weight = DifferenceClass::kBehaviour;
};

using SchemaDiff = std::vector<SchemaDifference>;

}  // namespace drydock
