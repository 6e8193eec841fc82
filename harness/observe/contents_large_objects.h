// Large objects: contents that belong to no table. They are remembered one by one by size and
// digest, never copied. Only a superuser can read them all; others remember none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/model/contents.h"
#include "harness/observe/contents_transaction.h"

namespace drydock {

class LargeObjects {
 public:
  explicit LargeObjects(const ServerTraits& server) : server_(server) {}

  void remember(ContentsTransaction& transaction);

  /// Nothing when they are what they were. REQUIRES: remember() was called.
  std::optional<TableChange> compare(ContentsTransaction& transaction) const;

  /// Whether there was one to be looked at.
  bool any() const { return any_; }

 private:
  std::string present() const;

  const ServerTraits server_;
  bool any_ = false;
};

}  // namespace drydock
