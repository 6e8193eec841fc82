#include "harness/load/json_document.h"

#include <limits>

#include "harness/testing/catch.h"

namespace drydock {
namespace {

std::string refusal(const std::string& text) {
  try {
    JsonDocument::parse("f.json", text);
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

/// What stands in the text where the node says it starts.
std::string at(const std::string& text, const JsonNode& node, std::size_t length) {
  return text.substr(node.offset, length);
}

TEST_CASE("every value knows the byte it starts on, whatever stands around it") {
  const std::string text =
      "// head \"not a text\"\n"
      "{ \"a\" : -12.5e+3/*x*/, \"b\\\\\\\"q\": \"t\\\"x\\\\\", /* , */ \"c\":[true,null,false , "
      "7],\n"
      "\"d\":{} }";
  const JsonDocument document = JsonDocument::parse("f.json", text);
  const JsonNode& root = document.root();
  REQUIRE(root.children.size() == 4);
  CHECK(at(text, root, 1) == "{");
  CHECK(at(text, root.children[0], 8) == "-12.5e+3");
  CHECK(root.children[0].text == "-12.5e+3");
  CHECK(root.children[1].key == "b\\\"q");
  CHECK(text.substr(root.children[1].key_offset, 8) == "\"b\\\\\\\"q\"");
  CHECK(at(text, root.children[1], 8) == "\"t\\\"x\\\\\"");
  CHECK(root.children[1].text == "t\"x\\");
  const JsonNode& list = root.children[2];
  REQUIRE(list.children.size() == 4);
  CHECK(at(text, list, 5) == "[true");
  CHECK(at(text, list.children[0], 4) == "true");
  CHECK(at(text, list.children[1], 4) == "null");
  CHECK(at(text, list.children[2], 5) == "false");
  CHECK(at(text, list.children[3], 2) == "7]");
  CHECK(at(text, root.children[3], 2) == "{}");
}

TEST_CASE("a number at the very end of the text is read whole") {
  const JsonDocument document = JsonDocument::parse("f.json", "42");
  CHECK(document.root().offset == 0);
  CHECK(document.root().integer == 42);
}

TEST_CASE("a whole number is told apart from one that is not or does not fit") {
  const auto integer = [](const std::string& text) {
    return JsonDocument::parse("f.json", text).root().integer;
  };
  CHECK(integer("-3") == -3);
  CHECK(integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK_FALSE(integer("9223372036854775808").has_value());
  CHECK_FALSE(integer("1.0").has_value());
  CHECK_FALSE(integer("1e3").has_value());
}

TEST_CASE("an error shows its line with a caret under the place") {
  CHECK(refusal("{\n\t\"é\": nul\n}") ==
        "f.json:2:7: not valid JSON: syntax error while parsing value - invalid literal\n"
        "    \t\"é\": nul\n"
        "    \t     ^");
}

TEST_CASE("an unexpected token is pointed at where it begins") {
  CHECK_THAT(refusal("{ \"a\" \"b\": 1 }"), Catch::Contains("f.json:1:7: ") &&
                                                Catch::Contains("expected ':'") &&
                                                Catch::Contains("\n          ^"));
}

TEST_CASE("a comma with nothing after it is called that") {
  CHECK(refusal("{\n  \"a\": 1,\n}") ==
        "f.json:3:1: not valid JSON: the comma before this bracket has nothing after it\n"
        "    }\n"
        "    ^");
}

TEST_CASE("a text that ends too early is pointed at on its last line with something on it") {
  CHECK_THAT(refusal("{\n  \"a\": 1\n\n\n"), Catch::Contains("f.json:2:9: "));
  CHECK_THAT(refusal(""), Catch::Contains("f.json:1:1: "));
  CHECK_THAT(refusal("// nothing\n"), Catch::Contains("f.json:1:11: "));
}

TEST_CASE("something after the end is an error") {
  CHECK_THAT(refusal("{} {}"), Catch::Contains("f.json:1:4: "));
}

TEST_CASE("a key given twice in one object is an error that names both places") {
  CHECK(refusal("{\"a\": [{}, {\"x/y\": 1,\n\"x/y\": 2}]}") ==
        "f.json:2:1: /a/1/x~1y is given twice; the first is on line 1\n"
        "    \"x/y\": 2}]}\n"
        "    ^");
  CHECK(refusal("{\"a\": {\"x\": 1}, \"b\": {\"x\": 1}}") == "no error");
}

TEST_CASE("what would break later is refused at once") {
  CHECK_THAT(refusal("{\"a\": \"x\\u0000y\"}"), Catch::Contains("f.json:1:7: \\u0000"));
  CHECK_THAT(refusal(std::string(100000, '[')), Catch::Contains("nested deeper than 64 levels"));
  CHECK_THAT(refusal("{\"a\": \"\xff\"}"), Catch::Contains("ill-formed UTF-8 byte"));
  CHECK_THAT(refusal("[1e999]"), Catch::Contains("number overflow"));
}

TEST_CASE("a byte order mark in front is not an error") {
  CHECK(refusal("\xEF\xBB\xBF{}") == "no error");
}

TEST_CASE("a value is described in words a person uses") {
  const JsonDocument document =
      JsonDocument::parse("f.json", "[null, true, 1.50, \"x\", \"\", [], {}]");
  std::vector<std::string> words;
  for (const JsonNode& node : document.root().children) words.push_back(node.described());
  CHECK(words == std::vector<std::string>{"null", "true", "the number 1.50", "text",
                                          "an empty text", "a list", "an object"});
}

TEST_CASE("no prefix of a scenario makes the reader do anything but accept or refuse") {
  const std::string text =
      "{ // c\n \"n\\\"\": [1, -2.5e1, true, null, \"\\u00e9\\\\\"], /* d */ \"o\": {\"p\": {}} }";
  for (std::size_t length = 0; length < text.size(); ++length)
    CHECK_THAT(refusal(text.substr(0, length)), Catch::StartsWith("f.json:"));
  CHECK(refusal(text) == "no error");
}

}  // namespace
}  // namespace drydock
