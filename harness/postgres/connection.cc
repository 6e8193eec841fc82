#include "harness/postgres/connection.h"

#include <fmt/format.h>

#include <pqxx/pqxx>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"

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

}  // namespace

struct Rows::Impl {
  pqxx::result result;
};

Rows::Rows(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

int Rows::size() const { return static_cast<int>(impl_->result.size()); }

int Rows::columns() const { return static_cast<int>(impl_->result.columns()); }

bool Rows::is_null(int row, int column) const {
  return impl_
      ->result[static_cast<pqxx::result::size_type>(row)][static_cast<pqxx::row::size_type>(column)]
      .is_null();
}

std::string_view Rows::at(int row, int column) const {
  const pqxx::field field = impl_->result[static_cast<pqxx::result::size_type>(row)]
                                         [static_cast<pqxx::row::size_type>(column)];
  return {field.c_str(), field.size()};
}

struct Connection::Impl {
  explicit Impl(const std::string& conninfo) : connection(conninfo) {}
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
    return Rows(std::make_shared<Rows::Impl>(Rows::Impl{work.exec(sql)}));
  });
}

void Connection::execute(const std::string& sql) { query(sql); }

Rows Connection::query_prepared(const std::string& name, const std::string& sql,
                                const std::vector<std::string>& parameters) {
  return translated(sql, [&] {
    if (!impl_->prepared.contains(name)) {
      impl_->connection.prepare(name, sql);
      impl_->prepared.insert(name);
    }
    pqxx::nontransaction work(impl_->connection);
#if PQXX_VERSION_MAJOR >= 7
    pqxx::params values;
    for (const std::string& parameter : parameters) values.append(parameter);
#else
    const auto values = pqxx::prepare::make_dynamic_params(parameters);
#endif
    return Rows(std::make_shared<Rows::Impl>(Rows::Impl{work.exec_prepared(name, values)}));
  });
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
