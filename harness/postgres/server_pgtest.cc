#include "harness/postgres/server.h"

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "harness/base/clock.h"
#include "harness/postgres/session.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/run_root.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using testing::error_of;
using testing::has;
using testing::shared_server;

std::string value(const Server& server, const std::string& database, const std::string& sql) {
  return Connection(server.administrator(database)).query_value(sql);
}

std::set<std::string> databases(const Server& server) {
  Connection connection(server.administrator("template1"));
  const Rows rows = connection.query("select datname from pg_database");
  std::set<std::string> names;
  for (int row = 0; row < rows.size(); ++row) names.emplace(rows.at(row, 0));
  return names;
}

TEST_CASE("two servers started one after the other are two, and both disposable") {
  const Server one = Server::start(select_server(""), {});
  const Server two = Server::start(select_server(""), {});
  CHECK(one.disposable());
  CHECK(one.alive());
  CHECK(two.alive());
  CHECK(value(one, "template1", "show data_directory") !=
        value(two, "template1", "show data_directory"));
  CHECK(value(one, "template1", "show listen_addresses").empty());
}

TEST_CASE("servers started together are several, and one that is told to stop is gone with it") {
  std::vector<std::filesystem::path> directories;
  {
    std::vector<Server> servers =
        Server::start_several(select_server(""), {{"work_mem", "7MB"}}, 2);
    REQUIRE(servers.size() == 2);
    for (const Server& server : servers) {
      CHECK(value(server, "template1", "show work_mem") == "7MB");
      CHECK(value(server, "template1", "show synchronous_commit") == "off");
      directories.emplace_back(value(server, "template1", "show data_directory"));
    }
    CHECK(directories[0] != directories[1]);
    servers.front().begin_stop();
    CHECK(servers.back().alive());
  }
  for (const auto& directory : directories) CHECK_FALSE(std::filesystem::exists(directory));
}

TEST_CASE("a server says who it is") {
  const Server& server = shared_server();
  const std::string number = value(server, "template1", "show server_version_num");
  CHECK(std::to_string(server.version_number()) == number);
  CHECK(server.version() == select_server("").version);
  CHECK(server.administrator_name() == "postgres");
  CHECK(server.administrator_is_superuser());
  CHECK((has(server.place(), "(tmpfs)") || has(server.place(), "(disk)")));
}

TEST_CASE("settings given override those of the fast profile, which hold otherwise") {
  const Server server = Server::start(select_server(""), {{"fsync", "on"}, {"work_mem", "7MB"}});
  CHECK(value(server, "template1", "show fsync") == "on");
  CHECK(value(server, "template1", "show work_mem") == "7MB");
  CHECK(value(server, "template1", "show synchronous_commit") == "off");
  CHECK(server.settings().at("work_mem") == "7MB");
  CHECK(server.settings().at("autovacuum") == "off");
}

TEST_CASE("a scratch database is there in its scope and gone when what was put off is dropped") {
  Server& server = shared_server();
  std::string name;
  {
    const ScratchDatabase database(server, "", "");
    name = database.name();
    CHECK(databases(server).contains(name));
    CHECK(value(server, name, "select current_database()") == name);
  }
  server.drop_put_off();
  CHECK_FALSE(databases(server).contains(name));
}

TEST_CASE("dropping is put off only until there is too much to drop") {
  Server server = Server::start(select_server(""), {});
  std::string first;
  for (int i = 0; i < 3; ++i) {
    const ScratchDatabase database(server, "", "");
    if (first.empty()) first = database.name();
    Connection(server.administrator(database.name()))
        .execute("create table t as select repeat('x', 1000) from generate_series(1, 60000)");
  }
  CHECK_FALSE(databases(server).contains(first));
}

TEST_CASE("a scratch database is dropped although sessions are in it") {
  Server& server = shared_server();
  auto database = std::make_unique<ScratchDatabase>(server, "", "");
  const std::string name = database->name();
  const Session session(server.administrator(name));
  database.reset();
  server.drop_put_off();
  CHECK_FALSE(databases(server).contains(name));
}

TEST_CASE("a database is dropped even when the connection that would do it was ended meanwhile") {
  Server& server = shared_server();
  auto database = std::make_unique<ScratchDatabase>(server, "", "");
  const std::string name = database->name();
  Connection(server.administrator(name))
      .execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'template1'");
  database.reset();
  server.drop_put_off();
  CHECK_FALSE(databases(server).contains(name));
}

TEST_CASE("a scratch database that is kept stays") {
  Server& server = shared_server();
  std::string name;
  {
    ScratchDatabase database(server, "", "");
    database.keep();
    name = database.name();
  }
  CHECK(databases(server).contains(name));
  server.drop_database(name);
  CHECK_FALSE(databases(server).contains(name));
}

TEST_CASE("a database made from a template has what the template has, and the owner named") {
  Server& server = shared_server();
  server.maintenance().execute("drop role if exists \"odd owner\"");
  server.maintenance().execute("create role \"odd owner\" login");
  {
    const ScratchDatabase base(server, "", "");
    Connection(server.administrator(base.name())).execute("create table t as select 7 as n");
    const ScratchDatabase copy(server, base.name(), "odd owner");
    CHECK(value(server, copy.name(), "select n from t") == "7");
    CHECK(value(server, copy.name(),
                "select datdba::regrole from pg_database where datname = current_database()") ==
          "\"odd owner\"");
    Connection owner(server.as_role(copy.name(), "odd owner"));
    CHECK(owner.query_value("select session_user") == "odd owner");
  }
  server.drop_put_off();
  server.maintenance().execute("drop role \"odd owner\"");
}

TEST_CASE("a database that cannot be made is an error, one that is not there is dropped in peace") {
  Server& server = shared_server();
  CHECK(has(error_of([&] { server.create_database("x", "no_such_template", ""); }).message(),
            "no_such_template"));
  server.drop_database("no_such_database");
  CHECK(server.alive());
}

TEST_CASE("on a server of ours every role logs in itself, so none is taken on") {
  CHECK(shared_server().role_statement("app").empty());
}

TEST_CASE("no two databases of a server get the same name") {
  Server& server = shared_server();
  std::set<std::string> names;
  for (int i = 0; i < 100; ++i) names.insert(server.new_database_name());
  CHECK(names.size() == 100);
}

TEST_CASE("the command shown looks into the database") {
  const testing::FreshDatabase database;
  const std::string command = shared_server().psql_command(database.name());
  CHECK(command.starts_with("psql -h /"));
  CHECK(has(command, " -U postgres " + database.name()));
}

TEST_CASE("after one of its processes was killed a server takes new connections again") {
  Server server = Server::start(select_server(""), {});
  for (int i = 0; i < 5; ++i) {
    Session session(server.administrator("template1"));
    ::kill(session.backend_pid(), SIGKILL);
    const Reply reply =
        session.send("select pg_sleep(60)", SteadyClock::now() + std::chrono::minutes(1));
    CHECK(reply.interruption == Interruption::kConnectionLost);
    CHECK(server.alive());
    server.wait_until_accepting();
    const ScratchDatabase database(server, "", "");
    CHECK(value(server, database.name(), "select 1") == "1");
  }
}

/// A server of somebody else: one of ours seen through a URL. It has the template0 that every
/// ordinary server has, and a database and a role of its owner's.
class ForeignServer {
 public:
  ForeignServer() : server_(Server::start(select_server(""), {})) {
    server_.maintenance().execute("create database template0 template template1 is_template true");
    server_.maintenance().execute("create database customers");
    server_.maintenance().execute("create role creator login createdb");
    directory_ = value(server_, "template1", "show unix_socket_directories");
  }
  std::string url(const std::string& user) const {
    return "postgresql:///template1?host=" + directory_ + "&user=" + user;
  }
  const Server& server() const { return server_; }

 private:
  Server server_;
  std::string directory_;
};

TEST_CASE("an existing server is used under its own rules, and databases of others stay") {
  const ForeignServer foreign;
  const std::set<std::string> before = databases(foreign.server());
  {
    Server attached = Server::attach(foreign.url("postgres"));
    CHECK_FALSE(attached.disposable());
    CHECK(attached.alive());
    CHECK(attached.version() == foreign.server().version());
    CHECK(attached.version_number() == foreign.server().version_number());
    CHECK(attached.administrator_name() == "postgres");
    CHECK(attached.administrator_is_superuser());
    CHECK(attached.settings().empty());
    CHECK(attached.place() == "existing server");
    const ScratchDatabase one(attached, "", ""), two(attached, one.name(), "");
    CHECK(one.name() != two.name());
    CHECK(one.name().starts_with("drydock_" + std::to_string(::getpid()) + "_"));
    CHECK(value(attached, two.name(), "select current_database()") == two.name());
    std::set<std::string> now = databases(foreign.server());
    CHECK(now.erase(one.name()) + now.erase(two.name()) == 2);
    CHECK(now == before);
  }
  CHECK(databases(foreign.server()) == before);
  CHECK(foreign.server().alive());
}

TEST_CASE("on an existing server a role is taken on by a statement, its own user's is not") {
  const ForeignServer foreign;
  const Server attached = Server::attach(foreign.url("creator"));
  CHECK_FALSE(attached.administrator_is_superuser());
  CHECK(attached.administrator_name() == "creator");
  CHECK(attached.role_statement("creator").empty());
  CHECK(attached.role_statement("").empty());
  CHECK(attached.role_statement("odd \"app\"") == "set role \"odd \"\"app\"\"\"");
  CHECK(attached.as_role("customers", "app").conninfo ==
        foreign.url("creator") + "&dbname=customers");
}

TEST_CASE("a user who may only create databases can lend the server") {
  const ForeignServer foreign;
  Server attached = Server::attach(foreign.url("creator"));
  std::string name;
  {
    const ScratchDatabase database(attached, "", "");
    name = database.name();
    CHECK(value(attached, name,
                "select pg_get_userbyid(datdba) from pg_database where datname = "
                "current_database()") == "creator");
  }
  CHECK_FALSE(databases(foreign.server()).contains(name));
}

TEST_CASE("a crash of an existing server is waited for, too") {
  const ForeignServer foreign;
  Server attached = Server::attach(foreign.url("postgres"));
  for (int i = 0; i < 5; ++i) {
    Session session(attached.administrator(""));
    ::kill(session.backend_pid(), SIGKILL);
    session.send("select 1", SteadyClock::now() + std::chrono::minutes(1));
    attached.wait_until_accepting();
    CHECK(value(attached, "", "select 1") == "1");
  }
}

TEST_CASE("a URL that leads nowhere is told, with what a URL looks like") {
  const Error error =
      error_of([] { Server::attach("postgresql:///x?host=/no/such/directory&user=u"); });
  CHECK(has(error.message(), "the server given by --postgres: cannot connect: "));
  CHECK(has(error.message(), "/no/such/directory"));
  CHECK(has(error.remedy(), "postgresql://user:password@host:port/database"));
}

TEST_CASE("an existing server that went away is not alive") {
  auto foreign = std::make_unique<ForeignServer>();
  const Server attached = Server::attach(foreign->url("postgres"));
  CHECK(attached.alive());
  foreign.reset();
  CHECK_FALSE(attached.alive());
}

}  // namespace
}  // namespace drydock
