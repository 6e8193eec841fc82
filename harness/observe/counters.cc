#include "harness/observe/counters.h"

#include <cstdlib>

namespace drydock {
namespace {

template <typename Client>
bool tell(Client& client) {
  const Rows rows =
      client.query("SELECT current_setting('server_version_num'), current_setting('track_counts')");
  const int version = std::atoi(std::string(rows.at(0, 0)).c_str());
  return !flush_counters_statement(version).empty() && rows.at(0, 1) == "on";
}

}  // namespace

std::string flush_counters_statement(int server_version) {
  return server_version >= 150000 ? "SELECT pg_stat_force_next_flush()" : "";
}

bool counters_tell(Session& session) { return tell(session); }
bool counters_tell(Connection& connection) { return tell(connection); }

}  // namespace drydock
