// From rows of a CatalogQuery to SchemaObjects.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/observe/catalog_query.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// A comment or a security label, which live in catalogs of their own and become a property of the
/// object they are on.
struct Annotation {
  std::string catalog;  ///< of the object
  int sub = 0;          ///< column number, or 0
  Property property;
};
/// By the oid of the object.
using Annotations = std::unordered_map<std::uint32_t, std::vector<Annotation>>;

/// An object with what identifies it in the catalogs while it lives.
struct CatalogObject {
  std::uint32_t unit = 0;
  std::uint32_t oid = 0;
  int sub = 0;
  std::shared_ptr<const SchemaObject> object;
};

/// All annotations, or those of the given objects.
Annotations read_annotations(Connection& connection, const std::vector<std::uint32_t>* oids);

/// What to read of one kind: all its units, or the given ones.
struct ObjectsWanted {
  const CatalogKind* kind = nullptr;
  const std::vector<std::uint32_t>* units = nullptr;  ///< null: all
};

/// The objects wanted, an answer for each want, all in one round trip.
std::vector<std::vector<CatalogObject>> read_objects(Connection& connection,
                                                     const std::vector<ObjectsWanted>& wanted,
                                                     const Annotations& annotations);

/// "{16384,16390}".
std::string oid_array(const std::vector<std::uint32_t>& oids);

}  // namespace drydock
