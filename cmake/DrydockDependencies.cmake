# Everything comes from the distribution; ci/install-deps has the package names.
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)

# libpg_query ships neither a pkg-config nor a CMake file.
find_path(PG_QUERY_INCLUDE_DIR pg_query.h REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
add_library(PgQuery::PgQuery UNKNOWN IMPORTED)
set_target_properties(PgQuery::PgQuery PROPERTIES
  IMPORTED_LOCATION ${PG_QUERY_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${PG_QUERY_INCLUDE_DIR})

# xxHash is used header-only (XXH_INLINE_ALL): nothing to link.
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
add_library(xxh INTERFACE IMPORTED)
target_include_directories(xxh INTERFACE ${XXHASH_INCLUDE_DIR})
add_library(XXH::XXH ALIAS xxh)
