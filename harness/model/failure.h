// Why something stopped, with everything the server said about it.
#pragma once

#include <string>

namespace drydock {

/// Why a statement, or the server, or we, stopped. Line and column are 1-based; 0: not known.
struct Failure {
  std::string sqlstate;  ///< five characters; empty when the failure is not the server's
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;  ///< PL/pgSQL call stack and the like
  std::string file;
  int line = 0;
  int column = 0;
  std::string source_line;  ///< the text of that line, for showing it with a caret
  /// What it is about, where the server says so; not quoted.
  std::string schema, table, table_column, constraint;
  std::string remedy;  ///< ours: what to do; empty when the message says it all
};

}  // namespace drydock
