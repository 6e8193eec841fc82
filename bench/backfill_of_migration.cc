#include "bench/backfill_of_migration.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bench/assigned_columns.h"
#include "bench/loop_body.h"
#include "harness/base/text.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// Shown of a statement that was not understood.
constexpr std::size_t kShownSql = 80;

/// "a IS DISTINCT FROM (x) OR …" of what SET assigns; empty: it cannot be said so.
std::string changes_something(const std::string& set) {
  std::vector<std::string> changes;
  for (const Assignment& assignment : assignments_of(set)) {
    const bool fit = assignment.columns.size() == 1 && !assignment.part &&
                     to_lower(assignment.value) != "default";
    if (!fit) return "";
    if (differs_each_time(assignment.value)) continue;
    changes.push_back(
        fmt::format("{} IS DISTINCT FROM ({})", assignment.columns[0], assignment.value));
  }
  return join(changes, " OR ");
}

bool mentions_any(const std::string& where, const std::vector<std::string>& columns) {
  const SqlWords words(where);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::find(columns.begin(), columns.end(), plain_name(words.at(i))) != columns.end()) {
      return true;
    }
  }
  return false;
}

/// A condition that SET can make false, or empty.
std::string condition_of(const UpdateParts& parts) {
  if (mentions_any(parts.where, assigned_columns(parts.set))) return parts.where;
  const std::string changes = changes_something(parts.set);
  if (parts.where.empty() || changes.empty()) return parts.where.empty() ? changes : parts.where;
  return fmt::format("{} AND ({})", parts.where, changes);
}

struct Procedure {
  std::string statement, body, arguments;
};

class MigrationReader {
 public:
  MigrationBackfills read(const Migration& migration) {
    for (const Script& script : migration.up) {
      for (const Query& query : script.queries) {
        for (const Statement& statement : split_statements(query.text).statements) {
          file_ = query.file.empty() ? script.path : query.file;
          line_ = query.line + statement.line - 1;
          look_at(statement.text);
          before_.push_back(statement.text);
        }
      }
    }
    return std::move(result_);
  }

 private:
  void look_at(const std::string& statement) {
    const SqlWords words(statement);
    if (words.is(0, "update") ||
        (words.is(0, "with") && words.find({"update"}, 0, words.size()) != SqlWords::kNone)) {
      add(take_update_apart(words, 0, words.size(), {}), statement);
    } else if (words.is(0, "do")) {
      look_at_body(body_in(words), "", statement);
    } else if (words.is(0, "create")) {
      remember_procedure(words, statement);
    } else if (words.is(0, "call")) {
      call(words, statement);
    }
  }

  static std::string body_in(const SqlWords& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (const std::string_view body = dollar_text(words.at(i)); !body.empty()) {
        return std::string(body);
      }
    }
    return "";
  }

  void look_at_body(const std::string& body, const std::string& arguments,
                    const std::string& statement) {
    const LoopBody loop = read_loop_body(body, arguments);
    if (loop.updates) add(loop.parts, statement);
  }

  /// Its name without schema, as CALL mostly writes it.
  static std::string procedure_name(const SqlWords& words, std::size_t bracket) {
    return bracket == SqlWords::kNone || bracket == 0 ? "" : plain_name(words.at(bracket - 1));
  }

  void remember_procedure(const SqlWords& words, const std::string& statement) {
    const std::size_t bracket = words.find({"("}, 0, words.size());
    const std::size_t kind = words.find({"procedure"}, 0, words.size());
    if (kind == SqlWords::kNone || kind > 3 || bracket == SqlWords::kNone) return;
    procedures_[procedure_name(words, bracket)] = {statement, body_in(words),
                                                   words.text(bracket + 1, words.closing(bracket))};
  }

  void call(const SqlWords& words, const std::string& statement) {
    const auto known = procedures_.find(procedure_name(words, words.find({"("}, 0, words.size())));
    if (known == procedures_.end()) return;
    const Procedure& procedure = known->second;
    look_at_body(procedure.body, procedure.arguments, procedure.statement + ";\n" + statement);
  }

  void add(const UpdateParts& parts, const std::string& statement) {
    if (!parts.problem.empty()) return pass_over(parts.problem, statement);
    std::string where = condition_of(parts);
    if (where.empty()) {
      return pass_over("nothing says which rows are still to be done, neither WHERE nor SET",
                       statement);
    }
    result_.found.push_back({parts.table, parts.set, std::move(where), statement, before_,
                             parts.batch_size, file_, line_});
  }

  void pass_over(const std::string& reason, const std::string& statement) {
    result_.passed_over.push_back(fmt::format("{}:{}: this backfill is not understood: {}: {}",
                                              file_, line_, reason,
                                              shorten(one_line(statement), kShownSql)));
  }

  MigrationBackfills result_;
  std::map<std::string, Procedure> procedures_;
  std::vector<std::string> before_;
  std::string file_;
  int line_ = 0;
};

}  // namespace

MigrationBackfills backfills_of(const Migration& migration) {
  return MigrationReader().read(migration);
}

}  // namespace drydock
