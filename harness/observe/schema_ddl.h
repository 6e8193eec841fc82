// The statements that would mend a difference. They are advice for a person, written from what a
// snapshot knows; nothing here is ever run by Drydock.
#pragma once

#include <string>

#include "harness/model/schema.h"

namespace drydock {

/// Value of a property; "" when it is not set.
std::string value_of(const SchemaObject& object, const std::string& property);

/// The last part of the name: a column's without its table, a constraint's, trigger's or policy's
/// without "on table".
std::string own_name(const SchemaObject& object);

/// Makes the object with everything that belongs to it. Several statements are separated by "; ".
std::string create_statement(const SchemaSnapshot& schema, const SchemaObject& object);

/// Removes the object. Empty when it goes only together with another one.
std::string drop_statement(const SchemaObject& object);

/// Gives `found` the name of `expected`: same kind, same parent.
std::string rename_statement(const SchemaObject& found, const SchemaObject& expected);

/// Makes `property` of `found` what it is in `expected`. Empty when no plain statement does.
std::string mend_statement(const SchemaObject& expected, const SchemaObject& found,
                           const std::string& property);

}  // namespace drydock
