// Positions as PostgreSQL counts them: its errors name the 1-based character, texts are bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace drydock {

/// Byte offset of the 1-based character `position` in UTF-8 text; its size when that is beyond it.
std::size_t byte_of_character(std::string_view text, int position);

}  // namespace drydock
