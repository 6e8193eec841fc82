// Foreign keys that nobody declared but the names tell: orders.customer_id and customers.id.
//
// Histories often add the constraint later. Rows that point nowhere would then stop a migration
// that every real database takes.
#pragma once

#include <map>

#include "harness/data/table_shape.h"

namespace drydock {

/// The tables with such keys added, marked `implied`.
std::map<Oid, TableShape> with_implied_keys(const std::map<Oid, TableShape>& tables,
                                            const TypeMap& types);

}  // namespace drydock
