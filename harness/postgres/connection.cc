#include "harness/postgres/connection.h"

#include <fmt/format.h>

#include <pqxx/pqxx>
#include <set>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/postgres/pqxx_versions.h"

namespace drydock {
namespace {

/// The one translation of libpqxx's exceptions.
template <typename Work>
auto translated(std::string_view sql, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const pqxx::sql_error& error) {
    // libpqxx 6 keeps no SQLSTATE where it has an exception class of its own.
    const std::string code =
        error.sqlstate().empty() ? "" : fmt::format(" (SQLSTATE {})", error.sqlstate());
    throw Error(fmt::format("{}{} in: {}", trim(error.what()), code, shorten(one_line(sql), 200)));
  } catch (const std::exception& error) {
    throw Error(fmt::format("{} in: {}", trim(error.what()), shorten(one_line(sql), 200)));
  }
}

class PqxxRows : public Rows::Impl {
 public:
  explicit PqxxRows(pqxx::result result) : result_(std::move(result)) {}
  int size() const override { return static_cast<int>(result_.size()); }
  int columns() const override { return static_cast<int>(result_.columns()); }
  bool is_null(int row, int column) const override { return field(row, column).is_null(); }
  std::string_view at(int row, int column) const override {
    const Field value = field(row, column);
    return {value.c_str(), value.size()};
  }
  std::string_view name(int column) const override {
    return result_.column_name(static_cast<pqxx::row::size_type>(column));
  }

 private:
  using Field = decltype(std::declval<const pqxx::result&>()[0][0]);  // 8: field_ref

  Field field(int row, int column) const {
    return result_[static_cast<pqxx::result::size_type>(row)]
                  [static_cast<pqxx::row::size_type>(column)];
  }

  pqxx::result result_;
};

Rows rows_of(pqxx::result result) { return Rows(std::make_shared<PqxxRows>(std::move(result))); }

}  // namespace

struct Connection::Impl {
  explicit Impl(const std::string& conninfo) : connection(conninfo) {}

  void prepare(const std::string& name, const std::string& sql) {
    if (prepared.contains(name)) return;
    prepare_statement(connection, name, sql);
    prepared.insert(name);
  }

  /// The statement's execution as SQL text.
  std::string execute_text(const PreparedQuery& query) {
    std::string text = "execute " + connection.quote_name(query.name);
    for (std::size_t i = 0; i < query.parameters.size(); ++i) {
      text += (i == 0 ? "(" : ", ") + connection.quote(query.parameters[i]);
    }
    return query.parameters.empty() ? text : text + ")";
  }

  pqxx::connection connection;
  std::set<std::string> prepared;
};

Connection::Connection(const ConnectionInfo& info) {
  try {
    impl_ = std::make_unique<Impl>(info.conninfo);
  } catch (const std::exception& error) {
    throw Error(fmt::format("cannot connect: {}", trim(error.what())));
  }
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Rows Connection::query(const std::string& sql) {
  return translated(sql, [&] {
    pqxx::nontransaction work(impl_->connection);
    return rows_of(work.exec(sql));
  });
}

void Connection::execute(const std::string& sql) { query(sql); }

Rows Connection::query_prepared(const std::string& name, const std::string& sql,
                                const std::vector<std::string>& parameters) {
  return translated(sql, [&] {
    impl_->prepare(name, sql);
    pqxx::nontransaction work(impl_->connection);
    return rows_of(run_prepared(work, name, parameters));
  });
}

std::vector<Rows> Connection::query_prepared_all(const std::vector<PreparedQuery>& queries) {
  std::vector<Rows> answers;
  std::string all;
  for (const PreparedQuery& query : queries) all += query.name + "; ";
  return translated(all, [&] {
    for (const PreparedQuery& query : queries) impl_->prepare(query.name, query.sql);
    pqxx::nontransaction work(impl_->connection);
    pqxx::pipeline pipeline(work);
    pipeline.retain(static_cast<int>(queries.size()) + 1);  // nothing is sent before the end
    std::vector<pqxx::pipeline::query_id> ids;
    for (const PreparedQuery& query : queries) {
      ids.push_back(pipeline.insert(impl_->execute_text(query)));
    }
    pipeline.complete();
    for (const auto id : ids) {
      answers.push_back(rows_of(pipeline.retrieve(id)));
    }
    return answers;
  });
}

bool Connection::has_prepared(const std::string& name) const {
  return impl_->prepared.contains(name);
}

std::string Connection::query_value(const std::string& sql) {
  const Rows rows = query(sql);
  if (rows.size() == 0) {
    throw Error(fmt::format("no row from: {}", shorten(one_line(sql), 200)));
  }
  return std::string(rows.at(0, 0));
}

std::string Connection::quote(std::string_view text) const {
  return impl_->connection.quote(std::string(text));
}

std::string Connection::quote_name(std::string_view name) const {
  return impl_->connection.quote_name(std::string(name));
}

int Connection::server_version() const { return impl_->connection.server_version(); }

}  // namespace drydock
