// The transaction in which contents are looked at: values print alike whatever the user's scripts
// have set, nobody's row security applies, and what was set is undone afterwards.
//
// In an idle session it is a transaction of its own; inside the user's open one, a savepoint that
// is rolled back. Order: (query | query_all | silence_triggers | attempt)* commit?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/observe/catalog_query.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Of the session's server and role.
ServerTraits traits_of(Session& session);

class ContentsTransaction {
 public:
  ContentsTransaction(Session& session, const ServerTraits& server);
  /// Undoes what was not committed.
  ~ContentsTransaction();
  ContentsTransaction(const ContentsTransaction&) = delete;
  ContentsTransaction& operator=(const ContentsTransaction&) = delete;

  /// As Session::query; the first one opens the transaction in the same round trip.
  Rows query(const std::string& sql);

  /// As Session::query_all.
  std::vector<Rows> query_all(const std::string& sql);

  /// From here on to the end of the transaction, the user's event triggers do not see what is made.
  /// The server plans all prepared statements anew for it, so it is not for mere looking.
  void silence_triggers();

  /// A query that the server may refuse: nothing then, and `why` tells the server's words.
  std::optional<Rows> attempt(const std::string& sql, std::string* why = nullptr);

  /// As attempt(), with names looked up where the session's own statements look them up.
  std::optional<Rows> attempt_as_user(const std::string& sql, std::string* why);

  /// Whether the user's transaction is open around this one.
  bool inside_another() const { return inside_another_; }

  /// Keeps what was made; the next query opens a transaction anew. REQUIRES: !inside_another().
  void commit();

 private:
  std::string opening() const;

  Session& session_;
  const ServerTraits server_;
  const bool inside_another_;
  bool open_ = false, silent_ = false;
};

}  // namespace drydock
