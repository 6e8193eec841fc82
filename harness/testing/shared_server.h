// A real disposable server for tests: one a test program, a new database a test case.
#pragma once

#include <memory>

#include "harness/postgres/server.h"

namespace drydock::testing {

/// The program's server, started on first use, gone with the program.
Server& shared_server();

/// An empty database, dropped at the end of scope. Connections to it must be closed by then.
class FreshDatabase {
 public:
  FreshDatabase() : database_(shared_server(), "", "") {}
  const std::string& name() const { return database_.name(); }
  ConnectionInfo info() const { return shared_server().administrator(database_.name()); }

 private:
  ScratchDatabase database_;
};

inline FreshDatabase fresh_database() { return FreshDatabase(); }

}  // namespace drydock::testing
