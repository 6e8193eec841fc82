#include "bench/loop_text.h"

#include <fmt/format.h>

#include "harness/base/sql_text.h"

namespace drydock {

void LoopText::declare_worker() {
  if (variant_.workers > 1) {
    comment(
        fmt::format("Start it in {} sessions, with worker 1 to {}. Should rows be left when all"
                    " have ended,",
                    variant_.workers, variant_.workers));
    comment("start it once more with worker and workers 1.");
  }
  declare("worker CONSTANT integer := 1;");
  declare(fmt::format("workers CONSTANT integer := {};", variant_.workers));
}

void LoopText::update(const std::string& update, const std::string& indent) {
  line(indent + update + ";");
  line(indent + "GET DIAGNOSTICS changed = ROW_COUNT;");
}

std::string LoopText::commit_lines(const std::string& indent) const {
  std::string lines = indent + "COMMIT;\n" + indent + "done := done + changed;\n" + indent +
                      "RAISE NOTICE '% rows done', done;\n";
  if (variant_.pause_ms > 0) {
    lines += fmt::format("{}PERFORM pg_sleep({});\n", indent, variant_.pause_ms / 1000);
  }
  return lines;
}

std::string LoopText::text() const {
  const std::string block = fmt::format(
      "#variable_conflict use_column\n"
      "<<drydock_loop>>\n"
      "DECLARE\n"
      "{}"
      "  changed bigint;\n"
      "  done bigint := 0;\n"
      "BEGIN\n"
      "{}"
      "  LOOP\n"
      "{}"
      "  END LOOP;\n"
      "{}"
      "  SELECT count(*) INTO drydock_loop.changed FROM {} WHERE ({});\n"
      "  RAISE NOTICE '% rows are left', changed;\n"
      "END\n",
      declared_, prepared_, body_, after_, target_.table, target_.where);
  // What the user wrote may have such a mark in it.
  std::string mark = "$backfill$";
  while (block.find(mark) != std::string::npos) mark.insert(mark.size() - 1, "_");
  return "-- Not inside a transaction: it commits after each batch. Stopped anywhere, it can be"
         " started anew.\n" +
         comments_ + "DO " + mark + "\n" + block + mark + ";\n";
}

}  // namespace drydock
