// Remembered tables against present ones: which can have changed, by digest, and only where the
// digest cannot tell, row by row.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/scenario.h"
#include "harness/observe/contents_images.h"
#include "harness/observe/contents_match.h"
#include "harness/observe/contents_rows.h"

namespace drydock {

/// How far counters are believed.
struct ContentsTrust {
  bool counted = true;    ///< the server counts, and tells in time; else every table is looked at
  bool paranoid = false;  ///< look at every table, and throw when one changed that did not count
};

/// A table changed that could not have.
[[noreturn]] void throw_missed(const std::string& table);

class ContentsComparison {
 public:
  ContentsComparison(ContentsTransaction& transaction, const ServerTraits& server,
                     ContentsTrust trust, ContentsTables& tables,
                     const std::map<Oid, TableMark>& marks)
      : transaction_(transaction), server_(server), trust_(trust), tables_(tables), marks_(marks) {}

  /// The tables of the diff, and what was looked at. `zones`: see TablePair.
  ContentsDiff compare(const std::map<Oid, RememberedTable>& remembered, ContentsMatch match,
                       const std::vector<Transform>& transforms,
                       const std::vector<std::string>& zones);

 private:
  struct Candidate {
    const RememberedTable* before = nullptr;
    const TableMark* mark = nullptr;
    std::shared_ptr<const WatchedTable> now;
    TablePair pair;
    bool transformed = false;
    bool touched = true;
  };

  Shapes read_shapes(const std::map<Oid, Oid>& matched, bool all);
  std::shared_ptr<const WatchedTable> with_detached(const RememberedTable& before,
                                                    std::shared_ptr<const WatchedTable> now);
  DigestRequest request(const Candidate& candidate) const;
  void judge(const std::vector<Candidate>& candidates);
  void judge_rows(const Candidate& candidate, std::int64_t rows_after);
  void note_dropped(const RememberedTable& table);
  static bool is_hidden(const Candidate& candidate);
  void note_hidden(const Candidate& candidate);

  ContentsTransaction& transaction_;
  const ServerTraits server_;
  const ContentsTrust trust_;
  ContentsTables& tables_;
  const std::map<Oid, TableMark>& marks_;  ///< as the tables are now
  ContentsDiff diff_;
};

}  // namespace drydock
