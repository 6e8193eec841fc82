#include "harness/base/characters.h"

namespace drydock {

std::size_t byte_of_character(std::string_view text, int position) {
  std::size_t at = 0;
  for (int seen = 1; seen < position && at < text.size(); ++at) {
    const bool last_byte =
        at + 1 >= text.size() || (static_cast<unsigned char>(text[at + 1]) & 0xC0) != 0x80;
    if (last_byte) ++seen;
  }
  return at;
}

}  // namespace drydock
