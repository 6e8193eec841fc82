// Drydock's own queries (catalogs, administration), over libpqxx. The user's statements go through
// Session, which keeps every field of an error; here a failure is ours and is thrown.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock {

/// Rows of a result in text format; owns the result. Views live as long as it does.
class Rows {
 public:
  /// A result of whichever client library the rows came by.
  struct Impl {
    virtual ~Impl() = default;
    virtual int size() const = 0;
    virtual int columns() const = 0;
    virtual bool is_null(int row, int column) const = 0;
    virtual std::string_view at(int row, int column) const = 0;
    virtual std::string_view name(int column) const = 0;
  };
  explicit Rows(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  int size() const { return impl_->size(); }
  int columns() const { return impl_->columns(); }
  bool is_null(int row, int column) const { return impl_->is_null(row, column); }
  /// The value as text; "" for NULL.
  std::string_view at(int row, int column) const { return impl_->at(row, column); }
  std::string_view name(int column) const { return impl_->name(column); }

 private:
  std::shared_ptr<const Impl> impl_;
};

/// Where a database is: a libpq connection string ("host=… dbname=… user=…").
struct ConnectionInfo {
  std::string conninfo;
};

/// A statement prepared on first use under `name`, and its text parameters ($1…). `sql` is not
/// looked at once the name is prepared.
struct PreparedQuery {
  std::string name;
  std::string sql;
  std::vector<std::string> parameters;
};

/// One connection. Not thread-safe. Each query is its own transaction (autocommit).
/// Errors: throws Error with SQLSTATE, the server's message and the query's beginning.
class Connection {
 public:
  explicit Connection(const ConnectionInfo& info);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  Rows query(const std::string& sql);
  /// Several statements without rows; simple query protocol.
  void execute(const std::string& sql);
  /// Prepares once per connection under `name` (server-side), then runs with text parameters ($1…).
  Rows query_prepared(const std::string& name, const std::string& sql,
                      const std::vector<std::string>& parameters);
  /// Several such queries in one round trip; their rows in the same order. A round trip costs more
  /// than many a small query: two process switches.
  std::vector<Rows> query_prepared_all(const std::vector<PreparedQuery>& queries);
  /// Whether `name` is prepared, so that its text need not be made again.
  bool has_prepared(const std::string& name) const;
  /// First column of the first row. Throws Error when there is none.
  std::string query_value(const std::string& sql);

  /// 'text' and "name" as SQL literals.
  std::string quote(std::string_view text) const;
  std::string quote_name(std::string_view name) const;
  int server_version() const;  ///< 150020

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drydock
