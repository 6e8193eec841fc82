// Whether a backfill did what it is for: no row left, and every row as one UPDATE of everything
// would have made it.
#include <fmt/format.h>

#include "bench/assigned_columns.h"
#include "bench/backfill_driver.h"
#include "bench/sql_words.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/digest.h"

namespace drydock {
namespace {

/// Whether no two runs agree on `column`: SET asks the clock or chance for it, or (`stamped`) it is
/// a date that a trigger may set, as many tables have one.
bool tells_time(const std::vector<Assignment>& assignments, const std::string& column,
                bool stamped) {
  for (const Assignment& assignment : assignments) {
    for (const std::string& assigned : assignment.columns) {
      if (plain_name(assigned) == column) return differs_each_time(assignment.value);
    }
  }
  return stamped;
}

}  // namespace

std::string verify_backfill(Session& session, const BackfillTarget& target,
                            const std::string& expected_print) {
  const Rows rows =
      session.query(fmt::format("SELECT count(*) FROM {} WHERE ({})", target.table, target.where));
  if (const std::string left(rows.at(0, 0)); left != "0") {
    return fmt::format("{} {} left undone", plural(std::stoull(left), "row"),
                       left == "1" ? "was" : "were");
  }
  if (backfill_print(session, target) == expected_print) return "";
  return "the rows are not what one UPDATE of everything makes of them: a row was done twice, or"
         " another way";
}

std::string backfill_print(Session& session, const BackfillTarget& target) {
  const Rows shape = session.query(fmt::format(
      "SELECT quote_ident(a.attname), {}, a.attname, b.typcategory = 'D' AND EXISTS (SELECT FROM"
      " pg_trigger t WHERE t.tgrelid = a.attrelid AND NOT t.tgisinternal AND t.tgtype & 16 <> 0),"
      " current_setting('server_version_num') FROM pg_attribute a"
      " JOIN pg_type b ON b.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation"
      " WHERE a.attrelid = {}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
      sql_equal_is_identical("b", "l"), sql_text(target.table)));
  const std::vector<Assignment> assignments = assignments_of(target.set);
  std::vector<DigestColumn> columns;
  for (int i = 0; i < shape.size(); ++i) {
    const std::string name(shape.at(i, 0));
    if (tells_time(assignments, std::string(shape.at(i, 2)), shape.at(i, 3) == "t")) continue;
    columns.push_back({name, shape.at(i, 1) == "t", name + "::text"});
  }
  const int version = shape.size() > 0 ? std::stoi(std::string(shape.at(0, 4))) : 0;
  const Rows digest = session.query(digest_select(target.table, columns, version));
  return fmt::format("{} rows, {}", digest.at(0, 0), digest.at(0, 1));
}

}  // namespace drydock
