// Words that statements about objects and their properties are made of.
#pragma once

#include <initializer_list>
#include <string>

#include "harness/model/schema.h"

namespace drydock {

/// "MATERIALIZED VIEW", as ALTER and DROP want it.
std::string upper_kind(const ObjectKey& key);

/// "fillfactor" of "option fillfactor", "toast.x" of "toast option x"; empty for other properties.
std::string option_key(const std::string& property);

/// An option's value, quoted where it must be.
std::string option_literal(const std::string& value);

/// A qualified name without its schema.
std::string unqualified(const std::string& name);

std::string upper_case(std::string text);

bool is_one_of(const std::string& word, std::initializer_list<const char*> words);

/// A sequence that an identity column brings along.
bool is_of_identity(const SchemaObject& sequence);

}  // namespace drydock
