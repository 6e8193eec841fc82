// Which table and which columns of now are those of before, and what the scenario's transforms ask
// of them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/model/scenario.h"
#include "harness/observe/contents.h"
#include "harness/observe/contents_rows.h"
#include "harness/observe/contents_tables.h"

namespace drydock {

using Shapes = std::map<Oid, std::shared_ptr<const WatchedTable>>;

/// For each table of before (oid, name): the oid of what it is now; those without are gone.
std::map<Oid, Oid> match_tables(const std::map<Oid, std::string>& before,
                                const std::map<Oid, TableMark>& now, ContentsMatch match);

/// Each column of `before` with what it is now, in the order of `before`.
std::vector<ColumnPair> match_columns(const WatchedTable& before, const WatchedTable& now,
                                      ContentsMatch match);

/// The transforms by table of now and column number. Throws Error when a table or column does not
/// exist, naming what is near.
std::map<Oid, std::map<int, std::string>> resolve_transforms(
    const std::vector<Transform>& transforms, const Shapes& now);

}  // namespace drydock
