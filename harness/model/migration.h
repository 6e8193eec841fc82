// A repository's migrations as their own tool would send them.
//
// A layout (harness/load) translates its tool's rules into three plain facts a script has: which
// pieces of text reach the server as one message each, whether the tool opened a transaction
// around them, and where each piece stands in its file. Everything after that is the same for all.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace drydock {

/// One message to the server in the simple query protocol. When it holds several statements and no
/// transaction is open, the server runs them in one implicit transaction (PostgreSQL docs,
/// "Multiple Statements in a Simple Query"): exactly what tools that send whole files get.
struct Query {
  std::string text;
  int line = 1;  ///< line of the file on which `text` starts
  /// psql only: inline rows of a `COPY … FROM stdin` (without the closing \.).
  std::optional<std::string> copy_data;
  /// psql only: the file that \i or \ir brought this from, as shown to people, and `line` is a line
  /// of that file. Empty: the script's own path.
  std::string file{};
};

/// One file (or the section of a file) in one direction.
struct Script {
  std::string path;             ///< as shown to people: the given directory joined with the file
  bool in_transaction = false;  ///< the tool wraps the whole script in BEGIN … COMMIT
  std::vector<Query> queries;   ///< empty: the file has nothing to send, which succeeds
  /// Why the tool itself would refuse this script (its own parse error, a psql meta-command that
  /// Drydock cannot follow …). The phase fails with these words; `line` says where.
  std::optional<std::string> refusal;
  int refusal_line = 0;
};

struct Migration {
  std::string id;            ///< version and name as the tool shows them: 000012_add_x
  std::string version;       ///< what the tool orders by; empty when it has none
  std::vector<Script> up;    ///< usually one; popx may have several
  std::vector<Script> down;  ///< in the order they are run
  bool has_down = false;     ///< a down exists (it may be empty)
  /// false: the tool knows no down for a migration of this kind, although it does for others
  /// (Flyway's repeatable ones, sqlx's simple ones), so nobody can ask for one.
  bool down_possible = true;
  std::vector<Script> verify;  ///< sqitch: run after each up, must succeed
};

struct IgnoredFile {
  std::string path;
  std::string reason;  ///< "for mysql", "no migration by this layout's naming rules" …
};

struct MigrationSet {
  std::string directory;              ///< as given
  std::string layout;                 ///< id, as --layout takes it: "golang-migrate"
  std::string layout_summary;         ///< one line: what it is and how the tool sends a file
  bool layout_has_downs = true;       ///< the tool knows downs at all
  std::vector<Migration> migrations;  ///< in the tool's own order
  std::vector<IgnoredFile> ignored;
};

}  // namespace drydock
