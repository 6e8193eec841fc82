// One property of one object on its way from the value it has to the one it should have; shared by
// the files that write the statement for it.
#pragma once

#include <string>

#include "harness/model/schema.h"
#include "harness/observe/schema_ddl_words.h"

namespace drydock {

struct PropertyChange {
  const SchemaObject& expected;
  const SchemaObject& found;
  const std::string& property;
  std::string should;  ///< empty: not set
  std::string is;

  const ObjectKey& key() const { return found.key; }
  /// "ALTER TABLE public.t ".
  std::string alter() const { return "ALTER " + upper_kind(key()) + " " + key().name + " "; }
  /// "ALTER TABLE public.t ", for what belongs to a table.
  std::string alter_parent() const {
    return "ALTER " + upper_kind(found.parent) + " " + found.parent.name + " ";
  }
  bool concerns(const char* prefix) const { return property.starts_with(prefix); }
  std::string after(const char* prefix) const {
    return property.substr(std::char_traits<char>::length(prefix));
  }
};

/// For a property "privileges: role": GRANT and REVOKE.
std::string privilege_statement(const PropertyChange& change);

}  // namespace drydock
