// A backfill's loop as SQL for people: one DO block that commits after each batch, tells how far it
// is, and can be stopped and started anew at any time.
//
// Variables are written as drydock_loop.name in queries, and a bare name there is a column's, so
// that no column's name can be in the way.
#pragma once

#include <string>

#include "bench/backfill_target.h"

namespace drydock {

class LoopText {
 public:
  LoopText(const BackfillTarget& target, const BackfillVariant& variant)
      : target_(target), variant_(variant) {}

  /// Each adds a line: before everything; to DECLARE; before the loop; in the loop; behind it.
  void comment(const std::string& text) { comments_ += "-- " + text + "\n"; }
  void declare(const std::string& text) { declared_ += "  " + text + "\n"; }
  void prepare(const std::string& text) { prepared_ += "  " + text + "\n"; }
  void line(const std::string& text) { body_ += "    " + text + "\n"; }
  void after(const std::string& text) { after_ += "  " + text + "\n"; }

  /// For workers with ranges of their own: which of them a session is.
  void declare_worker();
  /// In the loop: `update`, and how many rows it changed, in `changed`.
  void update(const std::string& update, const std::string& indent = "");
  /// COMMIT, progress, the pause: in the loop, and in one of one's own behind it.
  void commit() { body_ += commit_lines("    "); }
  void after_commit(const std::string& indent) { after_ += commit_lines("  " + indent); }

  std::string text() const;

 private:
  std::string commit_lines(const std::string& indent) const;

  const BackfillTarget target_;
  const BackfillVariant variant_;
  std::string comments_, declared_, prepared_, body_, after_;
};

}  // namespace drydock
