// What a statement is about, as far as its words tell: whether it can lock anything at all, whether
// it defines or queries, and why it would write a table anew. The server tells reasons only to
// event triggers, and nothing of Drydock's may stand in the user's database.
#pragma once

#include <string>
#include <string_view>

namespace drydock {

struct StatementWords {
  /// "TRUNCATE": a new file without rows, which is no rewrite.
  bool truncates = false;
  /// CREATE, ALTER, CLUSTER, REINDEX …: what reads a table then reads all of it. Not DO and CALL,
  /// in which anything can stand.
  bool defines = false;
  /// DO, CALL, a query: anything can happen in its functions and triggers.
  bool opaque = true;
  /// The word CONCURRENTLY stands in it.
  bool concurrently = false;
  /// VACUUM, also VACUUM FULL.
  bool vacuums = false;
  /// A command of the session or the transaction, which touches no relation.
  bool locks_nothing = false;
  /// It runs a query, so that another one behind it in its transaction changes nothing.
  bool queries = true;
  /// Of a rewrite, should there be one: "column type", "persistence", "CLUSTER".
  std::string rewrite_reason;
};

StatementWords read_statement_words(std::string_view statement);

}  // namespace drydock
