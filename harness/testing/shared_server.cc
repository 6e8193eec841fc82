#include "harness/testing/shared_server.h"

#include "harness/postgres/server_binaries.h"

namespace drydock::testing {

Server& shared_server() {
  static Server server = Server::start(select_server(""), {});
  return server;
}

}  // namespace drydock::testing
