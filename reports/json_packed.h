// The ledger of locks in as few bytes as the page can do with. A migration on many tables has
// thousands of locks, each of which names its relation again; in the page a lock is a row of
// numbers, and what relations are like stands once for the whole run:
//
//   "relations": [{"relation": "public.orders", "rows": 1000}, …]      at the top
//   "locks": [[0, 7, 1.25, 40.5], …]                                   of a statement
//
// The numbers are: the relation, the mode (0: ACCESS SHARE … 7: ACCESS EXCLUSIVE), acquired_ms,
// held_ms, waited_ms, 1 when sampled; zeros at the end are left out. locks.js unpacks them.
#pragma once

#include <nlohmann/json.hpp>

namespace drydock {

/// Packs every ledger of a run.json that was built but not yet printed.
void pack_ledgers(nlohmann::ordered_json& run);

}  // namespace drydock
