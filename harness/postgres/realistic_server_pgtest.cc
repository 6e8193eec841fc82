// A server for times: what it is set to, and what its log tells.

#include "harness/base/files.h"
#include "harness/postgres/server.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

std::string value(const Server& server, const std::string& sql) {
  return Connection(server.administrator("template1")).query_value(sql);
}

TEST_CASE("a realistic server is durable and tells each wait for a lock") {
  const Server server = Server::start_realistic(select_server(""), {});
  CHECK(server.disposable());
  CHECK(value(server, "show fsync") == "on");
  CHECK(value(server, "show synchronous_commit") == "on");
  CHECK(value(server, "show full_page_writes") == "on");
  CHECK(value(server, "show log_lock_waits") == "on");
  CHECK(value(server, "show deadlock_timeout") == "10ms");
}

TEST_CASE("settings of the user's override those of the realistic profile, but not its log's") {
  const Server server = Server::start_realistic(
      select_server(""), {{"shared_buffers", "128MB"}, {"deadlock_timeout", "1s"}});
  CHECK(value(server, "show shared_buffers") == "128MB");
  CHECK(value(server, "show deadlock_timeout") == "10ms");
  CHECK(server.settings().at("shared_buffers") == "128MB");
}

TEST_CASE("the log file of a disposable server is the one it writes to") {
  const Server& server = testing::shared_server();
  CHECK_THROWS(value(server, "do $$ begin raise exception 'said in the log'; end $$"));
  CHECK(read_file(server.log_file()).find("said in the log") != std::string::npos);
}

}  // namespace
}  // namespace drydock
