// How json_fields.h takes a value: to be read by the writer, to be filled by the reader.
#pragma once

#include <type_traits>

namespace drydock::json_format {

template <class Archive, class T>
using Ref = std::conditional_t<Archive::kWrites, const T, T>&;

}  // namespace drydock::json_format
