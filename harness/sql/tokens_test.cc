#include "harness/sql/tokens.h"

#include <string>

#include "harness/testing/catch.h"

namespace drydock {
namespace {

/// The tokens between bars; one that never ends is followed by "…".
std::string tokens(std::string_view text) {
  std::string found;
  for (const Token& token : tokens_of(text)) {
    if (!found.empty()) found += '|';
    found += text.substr(token.offset, token.length);
    if (!token.complete) found += "…";
  }
  return found;
}

TEST_CASE("white space and comments are no tokens") {
  CHECK(tokens(" \t\r\n\f-- a\n/* b /* c */ d */").empty());
  CHECK(tokens("a--b\nc--d\re/*f*/g") == "a|c|e|g");
  CHECK(tokens("a/b*c-d") == "a|/|b|*|c|-|d");
}

TEST_CASE("words hold letters of any language, digits and dollars") {
  CHECK(tokens("gr\xC3\xBC\xC3\x9F_1$x 1a") == "gr\xC3\xBC\xC3\x9F_1$x|1|a");
  CHECK(tokens("a$b$ ; c$b$") == "a$b$|;|c$b$");  // no dollar quote opens inside a word
}

TEST_CASE("a quoted text ends at its own quote, doubled ones passed") {
  CHECK(tokens("'a;''b' c") == "'a;''b'|c");
  CHECK(tokens("'\\'; x") == "'\\'|;|x");
  CHECK(tokens("E'\\';''\\'x' y") == "E'\\';''\\'x'|y");
  CHECK(tokens("e'\\\\' y") == "e'\\\\'|y");
  CHECK(tokens("me'\\' y") == "me|'\\'|y");  // a word that ends in e is no prefix
  CHECK(tokens("U&'\\0061' u&\"d;\" n") == "U&'\\0061'|u&\"d;\"|n");
  CHECK(tokens("\"a;\"\"b\"") == "\"a;\"|\"b\"");
}

TEST_CASE("a text that goes on behind a line end is one text") {
  CHECK(tokens("'a'\n  'b;'") == "'a'\n  'b;'");
  CHECK(tokens("E'a'\r\n'\\';' z") == "E'a'\r\n'\\';'|z");
  CHECK(tokens("E'a' -- c\n'\\';' z") == "E'a' -- c\n'\\';'|z");
  CHECK(tokens("'a' 'b'") == "'a'|'b'");
  CHECK(tokens("'a'\n") == "'a'");
  CHECK(tokens("'a' --") == "'a'");
}

TEST_CASE("a dollar quote ends at its own tag; other dollars open none") {
  CHECK(tokens("$$a;$b$;$$ x") == "$$a;$b$;$$|x");
  CHECK(tokens("$a$ $$ $b$ $a $a$;") == "$a$ $$ $b$ $a $a$|;");
  CHECK(tokens("$1;$2") == "$|1|;|$|2");
  CHECK(tokens("$a ; $") == "$|a|;|$");
}

TEST_CASE("a quote or comment that never ends reaches to the end and is marked") {
  CHECK(tokens("x 'a;") == "x|'a;…");
  CHECK(tokens("x E'a\\'") == "x|E'a\\'…");
  CHECK(tokens("x E'a\\") == "x|E'a\\…");
  CHECK(tokens("x \"a;") == "x|\"a;…");
  CHECK(tokens("x $a$ ; $b$") == "x|$a$ ; $b$…");
  CHECK(tokens("x /* /* */ ;") == "x|/* /* */ ;…");
  CHECK(tokens("/*/") == "/*/…");
}

}  // namespace
}  // namespace drydock
