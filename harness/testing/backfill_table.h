// A table to backfill, in a database of its own, for tests.
#pragma once

#include <string>

#include "harness/model/backfill.h"
#include "harness/testing/shared_server.h"

namespace drydock::testing {

/// items: a number that shows how often a row was done, and a flag that says that it was.
inline std::string items_sql(int rows, const std::string& key = "id bigint PRIMARY KEY",
                             const std::string& value = "i") {
  return "CREATE TABLE items (" + key +
         ", n int NOT NULL DEFAULT 0, done boolean NOT NULL DEFAULT false, pad text);"
         "INSERT INTO items SELECT " +
         value + " FROM generate_series(1, " + std::to_string(rows) + ") i; VACUUM ANALYZE items;";
}

inline BackfillRule items_rule() {
  BackfillRule rule;
  rule.name = "items";
  rule.table = "public.items";
  rule.set = "n = n + 1, done = true";
  rule.where = "NOT done";
  rule.file = "wms.json";
  rule.line = 7;
  return rule;
}

/// A database with such a table and one session in it. Statements one by one, because VACUUM shares
/// no message.
class BackfillTable {
 public:
  explicit BackfillTable(const std::string& sql) { run(sql); }

  ConnectionInfo info() const { return database_.info(); }
  Session& session() { return session_; }
  void run(const std::string& sql) {
    Connection connection(info());
    std::size_t from = 0;
    for (std::size_t end; (end = sql.find(';', from)) != std::string::npos; from = end + 1) {
      connection.execute(sql.substr(from, end - from));
    }
    if (from < sql.size()) connection.execute(sql.substr(from));
  }
  std::string value(const std::string& sql) { return Connection(info()).query_value(sql); }

 private:
  FreshDatabase database_;
  Session session_{database_.info()};
};

}  // namespace drydock::testing
