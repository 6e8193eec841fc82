// Every type that a column may have gets values, plain and distinct.

#include <fmt/format.h>

#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

/// All types of the server's own that a column can have, by its own list.
std::vector<std::string> builtin_types(Session& session) {
  const Rows rows = session.query(
      "SELECT format_type(oid, NULL) FROM pg_type WHERE oid < 16384 AND typtype IN ('b', 'r', 'm')"
      " AND typnamespace = 'pg_catalog'::regnamespace AND typcategory NOT IN ('P', 'Z')"
      " AND typelem = 0 AND typname NOT LIKE 'pg_node_tree' AND typname NOT LIKE 'pg\\_%brin%'"
      " AND typname NOT IN ('pg_ndistinct', 'pg_dependencies', 'pg_mcv_list', 'gtsvector')"
      " ORDER BY 1");
  std::vector<std::string> types;
  for (int i = 0; i < rows.size(); ++i) types.emplace_back(rows.at(i, 0));
  return types;
}

TEST_CASE("a NOT NULL column of every built-in type is filled") {
  GeneratorCase c("");
  const std::vector<std::string> types = builtin_types(c.session);
  CHECK(types.size() > 60);
  for (std::size_t i = 0; i < types.size(); ++i)
    c.session.query(fmt::format("CREATE TABLE t{} (v {} NOT NULL)", i, types[i]));
  const auto filled = c.generator().grow();
  REQUIRE(filled.size() == types.size());
  for (std::size_t i = 0; i < filled.size(); ++i) {
    INFO(types[std::stoul(filled[i].table.substr(8))] << ": " << filled[i].problem
                                                      << filled[i].note);
    CHECK(filled[i].rows == 100);
  }
}

TEST_CASE("unique columns of most types take distinct values") {
  GeneratorCase c("");
  int made = 0;
  for (const std::string& type : builtin_types(c.session)) {
    const Reply reply =
        c.session.send(fmt::format("CREATE TABLE u{} (v {} PRIMARY KEY)", made, type),
                       SteadyClock::now() + std::chrono::seconds(10));
    made += reply.ok ? 1 : 0;  // types without an order have no primary key
  }
  CHECK(made > 30);
  for (const FilledTable& table : c.generator().grow()) {
    INFO(table.table << ": " << table.problem << table.note);
    CHECK(table.rows > 0);
  }
}

TEST_CASE("arrays, enums, domains, composites and ranges of the user are filled") {
  GeneratorCase c(R"(
      CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
      CREATE TYPE place AS (street text, number int, mood mood);
      CREATE DOMAIN positive AS int CHECK (VALUE > 0);
      CREATE DOMAIN small AS positive CHECK (VALUE < 10) NOT NULL;
      CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}[0-9]{3}$');
      CREATE TYPE span AS RANGE (subtype = numeric);
      CREATE TABLE t (id int PRIMARY KEY, a mood NOT NULL, b mood[] NOT NULL, c place NOT NULL,
                      d positive NOT NULL, e small, f code NOT NULL UNIQUE, g span NOT NULL,
                      h text[][] NOT NULL, i int4range NOT NULL, j tstzmultirange NOT NULL,
                      k code[] NOT NULL);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
  CHECK(c.number("SELECT count(DISTINCT a) FROM t") == 3);
}

TEST_CASE("limits of length, precision and width are kept, and lengths are used") {
  GeneratorCase c(
      R"(CREATE TABLE t (a varchar(40) NOT NULL, b char(3) NOT NULL, c numeric(4,2) NOT NULL,
                                     d bit(5) NOT NULL, e smallint NOT NULL, f varchar(1) NOT NULL);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t WHERE length(a) = 40") >= 2);
  CHECK(c.number("SELECT count(*) FROM t WHERE length(a) < 40") >= 90);
}

TEST_CASE("nullable columns hold both NULL and values") {
  GeneratorCase c("CREATE TABLE t (id int PRIMARY KEY, a text, b int, c jsonb)", 10);
  c.fill();
  for (const std::string column : {"a", "b", "c"}) {
    INFO(column);
    CHECK(c.number("SELECT count(*) FROM t WHERE " + column + " IS NULL") >= 1);
    CHECK(c.number("SELECT count(*) FROM t WHERE " + column + " IS NOT NULL") >= 5);
  }
}

TEST_CASE("values read like what the columns are called") {
  GeneratorCase c(R"(CREATE TABLE t (email text NOT NULL, created_at timestamptz NOT NULL,
                     updated_at timestamptz NOT NULL, percentage int NOT NULL, tenant_id uuid NOT NULL);
                     CREATE TABLE s (tenant_id uuid NOT NULL, settings text NOT NULL);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t WHERE email LIKE '%@example.com'") == 100);
  CHECK(c.number("SELECT count(*) FROM t WHERE created_at <= updated_at") == 100);
  CHECK(c.number("SELECT count(*) FROM t WHERE updated_at < '2026-01-01'") == 100);
  CHECK(c.number("SELECT count(*) FROM t WHERE percentage BETWEEN 0 AND 100") == 100);
  CHECK(c.number("SELECT count(DISTINCT tenant_id) FROM t") == 5);
  CHECK(c.number("SELECT count(*) FROM s WHERE tenant_id NOT IN (SELECT tenant_id FROM t)") == 0);
  CHECK(c.number("SELECT count(settings::json) FROM s") == 100);
}

}  // namespace
}  // namespace drydock
