// What became of the tables of a copied database: only of those that can be others than when the
// copy was made.
//
// A copy begins as what it was copied from, files, catalog rows and all, but with its counters of
// written rows at nothing. So the marks of one copy tell for all copies of the same state which
// tables somebody went on with, and only those need be read.
#pragma once

#include <map>

#include "harness/observe/contents_images.h"
#include "harness/observe/contents_tables.h"
#include "harness/postgres/session.h"

namespace drydock {

class CopyPrints {
 public:
  /// `session`: the administrator's, in a copy that nothing was done to yet.
  explicit CopyPrints(Session& session);

  /// `session`: the administrator's, in a copy of the same state. The prints of the tables that can
  /// be others there now, and of those that `also` names. REQUIRES: who wrote to the copy has
  /// flushed its counters (flush_counters_statement).
  ContentsPrints look(Session& session, const ContentsPrints& also = {}) const;

 private:
  std::map<Oid, TableMark> marks_;
};

}  // namespace drydock
