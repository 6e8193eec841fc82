// Every kind of object that a snapshot holds. One function a family, each in its own file.
#pragma once

#include <vector>

#include "harness/observe/catalog_query.h"

namespace drydock {

std::vector<CatalogKind> catalog_kinds(const ServerTraits& server);

std::vector<CatalogKind> relation_kinds(const ServerTraits& server);     // catalog_relations.cc
std::vector<CatalogKind> table_part_kinds(const ServerTraits& server);   // catalog_table_parts.cc
std::vector<CatalogKind> type_kinds(const ServerTraits& server);         // catalog_types.cc
std::vector<CatalogKind> function_kinds(const ServerTraits& server);     // catalog_functions.cc
std::vector<CatalogKind> operator_kinds(const ServerTraits& server);     // catalog_operators.cc
std::vector<CatalogKind> text_search_kinds(const ServerTraits& server);  // catalog_text_search.cc
std::vector<CatalogKind> exchange_kinds(const ServerTraits& server);     // catalog_exchange.cc
std::vector<CatalogKind> database_kinds(const ServerTraits& server);     // catalog_database.cc
std::vector<CatalogKind> cluster_kinds(const ServerTraits& server);      // catalog_cluster.cc

}  // namespace drydock
