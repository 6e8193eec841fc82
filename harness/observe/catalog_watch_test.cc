#include "harness/observe/catalog_watch.h"

#include <numeric>

#include "harness/testing/catch.h"

namespace drydock {

TEST_CASE("changed rows are read with all their targets") {
  const std::vector<CatalogRow> rows = parse_changes(
      "16384 constraint 16384 index 16390,16385.16390 @pg_class 16385,0.5 role 0 database 0,"
      "7 event trigger 0");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].id == "16384");
  CHECK(rows[0].targets == std::vector<CatalogTarget>{{"constraint", 16384}, {"index", 16390}});
  CHECK(rows[1].id == "16385.16390");
  CHECK(rows[1].targets == std::vector<CatalogTarget>{{"@pg_class", 16385}});
  CHECK(rows[2].targets == std::vector<CatalogTarget>{{"role", 0}, {"database", 0}});
  CHECK(rows[3].targets == std::vector<CatalogTarget>{{"event trigger", 0}});
  CHECK(parse_changes("").empty());
}

namespace {

std::string changes_of_all(const ServerTraits& server) {
  const std::vector<CatalogWatch> watches = catalog_watches(server);
  std::vector<std::size_t> all(watches.size());
  std::iota(all.begin(), all.end(), 0);
  return changes_statement(watches, all);
}

}  // namespace

TEST_CASE("catalogs that a server lacks are not asked for") {
  const std::string old = changes_of_all({130000, true});
  CHECK(old.find("pg_parameter_acl") == std::string::npos);
  CHECK(old.find("pg_publication_namespace") == std::string::npos);
  const std::string plain = changes_of_all({150000, false});
  CHECK(plain.find("pg_authid") == std::string::npos);
  CHECK(plain.find("pg_parameter_acl") != std::string::npos);
}

}  // namespace drydock
