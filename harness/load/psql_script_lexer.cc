#include "harness/load/psql_script_lexer.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "harness/base/text.h"

namespace drydock {
namespace {

constexpr std::size_t kWordsKept = 10;

bool space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool starts_word(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) { return starts_word(c) || digit(c) || c == '$'; }
bool in_variable(char c) { return starts_word(c) || digit(c); }

std::size_t length_of(std::string_view text, bool (*belongs)(char)) {
  const auto end = std::find_if_not(text.begin(), text.end(), belongs);
  return static_cast<std::size_t>(end - text.begin());
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string as_identifier(const std::string& value) {
  std::string quoted = "\"";
  for (const char c : value) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string as_literal(const std::string& value) {
  const bool escapes = value.find('\\') != std::string::npos;
  std::string quoted = escapes ? " E'" : "'";
  for (const char c : value) quoted.append(c == '\'' || c == '\\' ? 2 : 1, c);
  return quoted + '\'';
}

/// What stands before BEGIN … END when that may be the body of a function.
bool creates_routine(const std::vector<std::string>& words) {
  if (words.size() < 2 || words[0] != "CREATE") return false;
  const bool replaces = words.size() > 3 && words[1] == "OR" && words[2] == "REPLACE";
  const std::string& what = words[replaces ? 3 : 1];
  return what == "FUNCTION" || what == "PROCEDURE";
}

}  // namespace

PsqlLexer::PsqlLexer(std::string text, Syntax syntax,
                     const std::map<std::string, std::string>& variables)
    : text_(std::move(text)), syntax_(syntax), variables_(variables) {
  statement_.kind = Kind::kStatement;
}

PsqlLexer::Piece PsqlLexer::next() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (take_comment() || take_dollar_quoted() || take_variable()) continue;
    if (space(c)) {
      advance(1, !statement_.text.empty());
    } else if (c == ';' && parentheses_ == 0 && blocks_ == 0) {
      advance(1, false);
      if (!statement_.text.empty()) return finish_statement();
    } else if (c == '\\' && syntax_ == Syntax::kPsql) {
      if (!rest().starts_with("\\;")) return take_command();
      advance(1, false);
      advance(1, true);  // \; is a semicolon that does not end the message
    } else if (c == '\'' || c == '"') {
      take_quoted(c, false);
    } else if (starts_word(c)) {
      take_word();
    } else {
      if (c == '(') ++parentheses_;
      if (c == ')' && parentheses_ > 0) --parentheses_;
      advance(1, true);
    }
  }
  return statement_.text.empty() ? Piece{Kind::kEnd, "", line_, false, {}} : finish_statement();
}

PsqlLexer::Piece PsqlLexer::take_statement() {
  return statement_.text.empty() ? Piece{Kind::kEnd, "", line_, false, {}} : finish_statement();
}

void PsqlLexer::advance(std::size_t count, bool into_statement) {
  const std::string_view passed = rest().substr(0, count);
  if (into_statement) {
    if (statement_.text.empty()) statement_.line = line_;
    statement_.text.append(passed);
  }
  line_ += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
  at_ += passed.size();
}

void PsqlLexer::take_word() {
  const std::size_t length = length_of(rest(), in_word);
  const std::string upper = upper_case(rest().substr(0, length));
  advance(length, true);
  if (parentheses_ == 0) {
    count_blocks(upper);
    if (statement_.words.size() < kWordsKept) statement_.words.push_back(upper);
    if (last_word_ == "FROM" && upper == "STDIN" && statement_.words.front() == "COPY") {
      statement_.copies_from_stdin = true;
    }
    last_word_ = upper;
  }
  if (upper == "E" && rest().starts_with('\'')) take_quoted('\'', true);
}

/// END closes what BEGIN opened, and CASE ends with END, too.
void PsqlLexer::count_blocks(const std::string& upper) {
  if (!creates_routine(statement_.words)) return;
  if (upper == "BEGIN" || (upper == "CASE" && blocks_ > 0)) ++blocks_;
  if (upper == "END" && blocks_ > 0) --blocks_;
}

void PsqlLexer::take_quoted(char quote, bool backslash_escapes) {
  std::size_t end = at_ + 1;
  while (end < text_.size() && text_[end] != quote) {
    end += backslash_escapes && text_[end] == '\\' ? 2 : 1;
  }
  // A doubled quote starts the next piece at once, which amounts to the same.
  advance(std::min(end + 1, text_.size()) - at_, true);
  last_word_.clear();
}

bool PsqlLexer::take_dollar_quoted() {
  if (!rest().starts_with('$')) return false;
  const std::string_view after = rest().substr(1);
  const std::size_t tag =
      !after.empty() && digit(after.front()) ? 0 : length_of(after, in_variable);
  if (!after.substr(tag).starts_with('$')) return false;
  const std::string_view delimiter = rest().substr(0, tag + 2);
  const std::size_t close = rest().find(delimiter, delimiter.size());
  advance(close == std::string_view::npos ? rest().size() : close + delimiter.size(), true);
  return true;
}

bool PsqlLexer::take_comment() {
  std::size_t length = 0;
  if (rest().starts_with("--")) {
    length = std::min(rest().find('\n'), rest().size());
  } else if (rest().starts_with("/*")) {
    int depth = 0;
    do {
      const std::string_view two = rest().substr(length, 2);
      depth += two == "/*" ? 1 : two == "*/" ? -1 : 0;
      length += two == "/*" || two == "*/" ? 2 : 1;
    } while (depth > 0 && length < rest().size());
  } else {
    return false;
  }
  advance(length, !statement_.text.empty());
  return true;
}

/// :name, :'name', :"name" and :{?name}; a name nobody set stays as it is written, as in psql.
bool PsqlLexer::take_variable() {
  if (syntax_ != Syntax::kPsql || !rest().starts_with(':')) return false;
  if (rest().starts_with("::") || rest().starts_with(":=")) {
    advance(2, true);
    return true;
  }
  if (at_ < no_variables_before_) return false;
  const std::string_view after = rest().substr(1);
  const bool test = after.starts_with("{?");
  const bool quoted = after.starts_with('\'') || after.starts_with('"');
  const std::size_t prefix = test ? 2 : quoted ? 1 : 0;
  const std::size_t length = length_of(after.substr(prefix), in_variable);
  const std::string name(after.substr(prefix, length));
  const std::size_t close = prefix + length;
  const char closing = test ? '}' : quoted ? after.front() : '\0';
  if (name.empty() || (closing != '\0' && !after.substr(close).starts_with(closing))) return false;
  const auto value = variables_.find(name);
  const std::size_t whole = 1 + close + (closing != '\0' ? 1 : 0);
  if (test) {
    splice(whole, value != variables_.end() ? "TRUE" : "FALSE");
  } else if (value == variables_.end()) {
    return false;
  } else {
    splice(whole, !quoted          ? value->second
                  : closing == '"' ? as_identifier(value->second)
                                   : as_literal(value->second));
  }
  return true;
}

/// The value takes the place of the variable and is read as if it had been written there. Its own
/// line breaks are taken off the count, because the file does not have them.
void PsqlLexer::splice(std::size_t length, const std::string& value) {
  text_.replace(at_, length, value);
  no_variables_before_ = at_ + value.size();
  line_ -= static_cast<int>(std::count(value.begin(), value.end(), '\n'));
}

PsqlLexer::Piece PsqlLexer::finish_statement() {
  Piece finished = std::exchange(statement_, Piece{Kind::kStatement, "", line_, false, {}});
  finished.text = trim(finished.text);
  parentheses_ = 0;
  blocks_ = 0;
  last_word_.clear();
  return finished;
}

PsqlLexer::Piece PsqlLexer::take_command() {
  Piece command{Kind::kCommand, "", line_, false, {}};
  const std::string_view name = rest().substr(1);
  const auto end =
      std::find_if(name.begin(), name.end(), [](char c) { return space(c) || c == '\\'; });
  command.text = rest().substr(0, 1 + static_cast<std::size_t>(end - name.begin()));
  if (command.text == "\\") command.text = rest().substr(0, 2);  // a lone \\ separates
  advance(command.text.size(), false);
  return command;
}

PsqlLexer::Arguments PsqlLexer::take_arguments() {
  Arguments arguments;
  while (at_ < text_.size() && text_[at_] != '\n') {
    if (rest().starts_with("\\\\")) {
      advance(2, false);
      break;
    }
    if (text_[at_] == '\\') break;
    if (space(text_[at_])) {
      advance(1, false);
    } else {
      arguments.words.push_back(take_argument(arguments));
    }
  }
  return arguments;
}

std::string PsqlLexer::take_argument(Arguments& arguments) {
  std::string word;
  while (at_ < text_.size() && !space(text_[at_]) && text_[at_] != '\\') {
    const char c = text_[at_];
    if (c == '\'' || c == '"') {
      word += quoted_argument(c);
    } else if (c == ':' && !rest().starts_with("::") && !rest().starts_with(":=") &&
               take_variable()) {
      const std::size_t length = no_variables_before_ > at_ ? no_variables_before_ - at_ : 0;
      word += rest().substr(0, length);
      advance(length, false);
    } else {
      arguments.has_shell = arguments.has_shell || c == '`';
      word += c;
      advance(1, false);
    }
  }
  return word;
}

std::string PsqlLexer::quoted_argument(char quote) {
  std::string word;
  advance(1, false);
  while (at_ < text_.size() && text_[at_] != '\n') {
    const bool doubled = text_[at_] == quote && rest().substr(1).starts_with(quote);
    const bool escaped = quote == '\'' && text_[at_] == '\\' && rest().size() > 1;
    if (text_[at_] == quote && !doubled) {
      advance(1, false);
      return word;
    }
    if (doubled || escaped) advance(1, false);
    word += escaped && text_[at_] == 'n' ? '\n' : escaped && text_[at_] == 't' ? '\t' : text_[at_];
    advance(1, false);
  }
  return word;
}

bool PsqlLexer::more_on_line() const {
  const std::string_view line = trim(rest().substr(0, rest().find('\n')));
  return !line.empty() && !line.starts_with("--");
}

std::string PsqlLexer::take_copy_data() {
  advance(std::min(rest().find('\n'), rest().size()), false);
  if (at_ < text_.size()) advance(1, false);
  const std::size_t start = at_;
  while (at_ < text_.size()) {
    const std::string_view line = rest().substr(0, rest().find('\n'));
    const std::size_t line_start = at_;
    const bool ends = line == "\\." || line == "\\.\r";
    advance(std::min(line.size() + 1, rest().size()), false);
    if (ends) return text_.substr(start, line_start - start);
  }
  return text_.substr(start);
}

}  // namespace drydock
