// Where psql sees statements, commands and variables in a text.
//
// psql does not parse SQL. It tracks quotes, dollar quotes, comments, parentheses and the
// BEGIN … END of a new-style function body, and cuts at semicolons outside all of them. Cutting by
// PostgreSQL's grammar instead would differ exactly where it matters: text that the grammar of one
// version does not know, data after COPY, backslash commands in the middle of a statement.
// Flyway's parser draws the same lines without commands and variables: see Syntax::kSql.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace drydock {

enum class Syntax { kPsql, kSql };

class PsqlLexer {
 public:
  enum class Kind { kStatement, kCommand, kEnd };

  struct Piece {
    Kind kind = Kind::kEnd;
    std::string text;  ///< a statement without its semicolon, or a command's name: "\echo"
    int line = 1;      ///< of its first character
    bool copies_from_stdin = false;
    /// A statement's words outside quotes and parentheses, upper case, the first ten.
    std::vector<std::string> words;
  };

  /// The variables are looked up while reading, so a \set counts from the next statement on.
  PsqlLexer(std::string text, Syntax syntax, const std::map<std::string, std::string>& variables);

  /// The next statement or command. A command does not end the statement around it; the end of the
  /// text does.
  Piece next();

  /// After a command: the statement read so far, as \g takes it, or nothing.
  Piece take_statement();

  struct Arguments {
    std::vector<std::string> words;
    bool has_shell = false;  ///< something stood in backticks
  };
  /// After a command: its arguments, up to the end of the line or the next backslash.
  Arguments take_arguments();

  /// After a statement: whether anything but a comment follows on its line.
  bool more_on_line() const;
  /// After a statement that copies from stdin: the lines up to \. (or the end), byte for byte.
  std::string take_copy_data();

 private:
  void advance(std::size_t count, bool into_statement);
  void take_word();
  void take_quoted(char quote, bool backslash_escapes);
  bool take_dollar_quoted();
  bool take_comment();
  bool take_variable();
  void splice(std::size_t length, const std::string& value);
  Piece finish_statement();
  Piece take_command();
  void count_blocks(const std::string& upper);
  std::string take_argument(Arguments& arguments);
  std::string quoted_argument(char quote);
  std::string_view rest() const { return std::string_view(text_).substr(at_); }

  std::string text_;
  const Syntax syntax_;
  const std::map<std::string, std::string>& variables_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::size_t no_variables_before_ = 0;  ///< a variable's value is not searched for variables

  Piece statement_;
  int parentheses_ = 0;
  int blocks_ = 0;
  std::string last_word_;
};

}  // namespace drydock
