// Values of the types that need nothing but a template.
#pragma once

#include <string_view>

namespace drydock {

/// Types whose values are made by one template: {n} is the row's number, {r} a number that looks
/// random below 2^30, {t} what the type is called.
struct TypeTemplate {
  std::string_view type;
  std::string_view sql;
  bool distinct;  ///< by {n}
};

/// By the type's bare name; null: it needs more than a template, or nobody knows it.
const TypeTemplate* template_of(std::string_view type);

}  // namespace drydock
