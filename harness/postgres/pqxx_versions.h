// Preparing a statement and running it is where libpqxx's versions differ: 6 prepares late, 7.6
// has a class for parameters, 7.10 one for the statement's name, and each deprecates what came
// before. Everything else that is used of the library has stayed the same from 6.4 on.
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <vector>

#define DRYDOCK_PQXX_VERSION (PQXX_VERSION_MAJOR * 100 + PQXX_VERSION_MINOR)

namespace drydock {

/// Prepares `sql` under `name` before it returns: a mistake in it is thrown here.
inline void prepare_statement(pqxx::connection& connection, const std::string& name,
                              const std::string& sql) {
  connection.prepare(name, sql);
#if DRYDOCK_PQXX_VERSION < 700
  connection.prepare_now(name);  // 6 would wait for the first exec_prepared
#endif
}

/// Runs what is prepared under `name`, with text parameters ($1…).
inline pqxx::result run_prepared(pqxx::transaction_base& work, const std::string& name,
                                 const std::vector<std::string>& parameters) {
#if DRYDOCK_PQXX_VERSION < 706
  return work.exec_prepared(name, pqxx::prepare::make_dynamic_params(parameters));
#else
  pqxx::params values;
  for (const std::string& parameter : parameters) values.append(parameter);
#if DRYDOCK_PQXX_VERSION < 710
  return work.exec_prepared(name, values);
#else
  return work.exec(pqxx::prepped{name}, values);
#endif
#endif
}

}  // namespace drydock
