// Where a schema changed between two moments, so that whoever keeps something about its tables
// knows what to read again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>

namespace drydock {

struct Touched {
  bool everything = false;            ///< anything can have changed
  bool types = false;                 ///< an enum, a domain or a composite type
  std::set<std::uint32_t> relations;  ///< oids of tables and materialized views that were made,
                                      ///< dropped or altered, with columns, keys, constraints,
                                      ///< indexes and partitions

  void add(const Touched& other) {
    everything = everything || other.everything;
    types = types || other.types;
    relations.insert(other.relations.begin(), other.relations.end());
  }
};

/// What was touched since it was last asked. Nothing: that is not known, look yourself; what has
/// not been told yet is told the next time.
using TouchedSource = std::function<std::optional<Touched>()>;

}  // namespace drydock
