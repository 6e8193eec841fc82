#include "harness/observe/catalog_kinds.h"

#include <iterator>

namespace drydock {

std::vector<CatalogKind> catalog_kinds(const ServerTraits& server) {
  std::vector<CatalogKind> kinds;
  for (auto family : {relation_kinds, table_part_kinds, type_kinds, function_kinds, operator_kinds,
                      text_search_kinds, exchange_kinds, database_kinds, cluster_kinds}) {
    std::vector<CatalogKind> more = family(server);
    kinds.insert(kinds.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
  return kinds;
}

}  // namespace drydock
