// Where PostgreSQL's server programs are on this machine.
#pragma once

#include <string>
#include <vector>

namespace drydock {

struct ServerBinaries {
  std::string directory;  ///< absolute; holds postgres and initdb
  std::string version;    ///< "15.20"
  int major = 0;
};

/// Every installation found through PATH, pg_config and /usr/lib/postgresql/*/bin, newest first,
/// each once.
std::vector<ServerBinaries> find_servers();

/// The server that `wanted` names: "" the newest (pg_config is asked only when PATH and
/// /usr/lib/postgresql have none), "15" a major version, "15.20" a version, or a
/// directory. Throws Error that lists what was found and how to get a server.
ServerBinaries select_server(const std::string& wanted);

}  // namespace drydock
