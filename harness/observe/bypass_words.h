// What is said of a way around row security: its steps, who reads at its end, why that works, what
// would close it.
#pragma once

#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/observe/bypass_objects.h"

namespace drydock {

BypassKind kind_of(const BypassObject& object);

class BypassWords {
 public:
  /// `objects` must outlive it; `role` goes the ways; `version` is the server's.
  BypassWords(const BypassObjects& objects, std::string role, int version);

  /// The role whose privileges and policies count where the way comes to its table.
  std::string reader_of(const BypassWay& way) const;
  std::vector<std::string> steps_of(const BypassWay& way, const TenantTable& table) const;
  /// `unbound`: why row security does not bind the reader; empty: it does.
  std::string why(const BypassObject& object, const BypassWay& way,
                  const std::string& unbound) const;
  /// What to change is the object that reads the table: the others only pass its rows on.
  std::string remedy(const BypassObject& object, const BypassWay& way,
                     const TenantTable& table) const;

 private:
  std::string view_remedy(const BypassObject& view, const TenantTable& table) const;
  std::string function_remedy(const BypassWay& way) const;

  const BypassObjects& objects_;
  const std::string role_;
  const int version_;
};

}  // namespace drydock
