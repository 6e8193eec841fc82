// The lexical rules of PostgreSQL as far as they say where a token ends (documentation, "Lexical
// Structure"; standard_conforming_strings on, as it is by default since 9.1).
//
// Needed because libpg_query's own scanner leaves out pieces without a key word (a misspelt first
// word) and does not know where U&'' ends: for text that goes to a server nothing may get lost.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace drydock {

struct Token {
  std::size_t offset = 0;
  std::size_t length = 0;
  /// False: a quote that never ends, which reaches to the end of the text.
  bool complete = true;
};

/// Every token of `text` in order, without white space and comments. A quoted text or name (with
/// its prefix), a word or a dollar-quoted text is one token, every other character is one of its
/// own. A comment that never ends is the last token, not complete.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace drydock
