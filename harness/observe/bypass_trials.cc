#include "harness/observe/bypass_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// A function that takes longer on the few rows of a rehearsal waits for something.
constexpr const char* kPatience = "SET LOCAL statement_timeout = '1s'";

struct Answer {
  std::string error;   ///< empty: it was answered
  std::string digest;  ///< of all rows
  std::int64_t rows = 0;
  std::string others;  ///< the other tenant's rows afterwards, as the administrator sees them

  bool same(const Answer& other) const { return digest == other.digest && rows == other.rows; }
};

class Trials {
 public:
  Trials(Session& session, const BypassParties& parties,
         const std::vector<BypassCandidate>& candidates)
      : session_(session), parties_(parties), candidates_(candidates) {}

  std::vector<BypassTrial> run() {
    trials_.resize(candidates_.size());
    prepare();
    std::vector<std::vector<Answer>> present;
    within("drydock_present", [&] {
      refresh();
      for (std::size_t i = 0; i < candidates_.size(); ++i) present.push_back(ask_all(i));
    });
    find_writes(present);
    within("drydock_absent", [&] {
      take_away(all_tables());
      refresh();
      for (std::size_t i = 0; i < candidates_.size(); ++i) compare(i, present[i]);
    });
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (trials_[i].leaks) find_table(i);
    }
    return std::move(trials_);
  }

 private:
  void prepare() {
    const std::vector<const TenantTable*> tables = all_tables();
    known_ = rows_to_ask_for(session_, tables, parties_.other);
    for (const BypassCandidate& candidate : candidates_) {
      std::vector<KnownRow> rows;
      for (const KnownRow& row : known_) {
        const bool its = std::find(candidate.tables.begin(), candidate.tables.end(), row.table) !=
                         candidate.tables.end();
        if (its) rows.push_back(row);
      }
      const std::string type = candidate.tables.front()->tenant_type;
      calls_.push_back(calls_of(*candidate.object, parties_.other, type, rows));
      // Refusing another tenant's arguments is right; whether it can be called at all is told by
      // arguments that name one's own.
      own_.push_back(candidate.object->key.function
                         ? calls_of(*candidate.object, parties_.own, type, {}).front().digest
                         : "");
    }
  }

  template <typename Work>
  void within(const std::string& savepoint, const Work& work) {
    session_.query("SAVEPOINT " + savepoint);
    work();
    session_.query(fmt::format("ROLLBACK TO SAVEPOINT {0}; RELEASE SAVEPOINT {0}", savepoint));
  }

  std::vector<const TenantTable*> all_tables() const {
    std::vector<const TenantTable*> tables;
    for (const BypassCandidate& candidate : candidates_) {
      for (const TenantTable* table : candidate.tables) {
        if (std::find(tables.begin(), tables.end(), table) == tables.end()) {
          tables.push_back(table);
        }
      }
    }
    return tables;
  }

  std::string others_of(const BypassCandidate& candidate) const {
    std::vector<std::string> parts;
    for (const TenantTable* table : candidate.tables) {
      parts.push_back(fmt::format(
          "(SELECT count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM "
          "{} t WHERE ({})::text = {})",
          table->sql, table->tenant_sql, sql_text(parties_.other)));
    }
    return "SELECT concat_ws(' ', " + join(parts, ", ") + ") AS drydock_others";
  }

  Answer ask(std::size_t candidate, const std::string& digest) {
    std::string message =
        fmt::format("SAVEPOINT drydock_ask; {}; {}; {};", kPatience, parties_.enter, digest);
    if (candidates_[candidate].object->key.function) {
      message += parties_.leave + ";" + others_of(candidates_[candidate]) + ";";
    }
    message += "ROLLBACK TO SAVEPOINT drydock_ask; RELEASE SAVEPOINT drydock_ask";
    Answer answer;
    try {
      for (const Rows& rows : session_.query_all(message)) {
        if (rows.columns() == 0 || rows.size() == 0) continue;
        if (rows.name(0) == "drydock_rows") {
          answer.rows = std::stoll(std::string(rows.at(0, 0)));
          answer.digest = rows.at(0, 1);
        } else if (rows.name(0) == "drydock_others") {
          answer.others = rows.at(0, 0);
        }
      }
    } catch (const Cancelled&) {
      throw;
    } catch (const Error& error) {
      session_.query("ROLLBACK TO SAVEPOINT drydock_ask; RELEASE SAVEPOINT drydock_ask");
      answer.error = error.message().substr(0, error.message().rfind(" in: SAVEPOINT"));
    }
    return answer;
  }

  std::vector<Answer> ask_all(std::size_t candidate) {
    std::vector<Answer> answers;
    BypassTrial& trial = trials_[candidate];
    for (const BypassCall& call : calls_[candidate]) {
      answers.push_back(ask(candidate, call.digest));
      if (answers.back().error.empty()) trial.tried = true;
      if (!answers.back().error.empty()) trial.outcome = answers.back().error;
    }
    if (!trial.tried && !own_[candidate].empty()) {
      trial.tried = ask(candidate, own_[candidate]).error.empty();
    }
    trial.sql = calls_[candidate].front().sql;
    return answers;
  }

  void take_away(const std::vector<const TenantTable*>& tables) {
    std::vector<const TenantTable*> order = tables;  // those whose tenant stands in a parent first
    const auto depth = [](const TenantTable* table) {
      return std::count(table->tenant_sql.begin(), table->tenant_sql.end(), '(');
    };
    std::stable_sort(order.begin(), order.end(), [&](const TenantTable* a, const TenantTable* b) {
      return depth(a) > depth(b);
    });
    std::string message = "SET LOCAL session_replication_role = replica;";
    for (const TenantTable* table : order) {
      message += fmt::format("DELETE FROM {} t WHERE ({})::text = {};", table->sql,
                             table->tenant_sql, sql_text(parties_.other));
    }
    session_.query_all(message + "SET LOCAL session_replication_role = origin");
  }

  /// Those that cannot be made anew stay as they are: their query asks for a context, so that they
  /// hold no more than one tenant's rows.
  void refresh() {
    std::set<const BypassObject*> done;
    for (const BypassCandidate& candidate : candidates_) {
      for (const BypassObject* view : candidate.stored) {
        if (done.insert(view).second) refresh(*view);
      }
    }
  }

  void refresh(const BypassObject& view) {
    session_.query("SAVEPOINT drydock_refresh");
    try {
      session_.query("REFRESH MATERIALIZED VIEW " + view.sql);
    } catch (const Cancelled&) {
      throw;
    } catch (const Error&) {
      session_.query("ROLLBACK TO SAVEPOINT drydock_refresh");
    }
    session_.query("RELEASE SAVEPOINT drydock_refresh");
  }

  void find_writes(const std::vector<std::vector<Answer>>& present) {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (!candidates_[i].object->key.function) continue;
      const Rows rows = session_.query(others_of(candidates_[i]));
      for (std::size_t call = 0; call < present[i].size() && !trials_[i].leaks; ++call) {
        const Answer& answer = present[i][call];
        if (!answer.error.empty() || answer.others == rows.at(0, 0)) continue;
        trials_[i].leaks = true;
        wrote_.insert(i);
        trials_[i].sql = calls_[i][call].sql;
        trials_[i].outcome = fmt::format("it changed rows of tenant {}", parties_.other);
        leak_[i] = call;
      }
    }
  }

  void compare(std::size_t i, const std::vector<Answer>& present) {
    for (std::size_t call = 0; call < present.size() && !trials_[i].leaks; ++call) {
      if (!present[call].error.empty()) continue;
      const Answer absent = ask(i, calls_[i][call].digest);
      if (absent.error.empty() && absent.same(present[call])) continue;
      // Asked again: one whose answer is never the same twice tells nothing but its number of rows.
      const Answer again = ask(i, calls_[i][call].digest);
      if (absent.error.empty() && !again.same(absent) && absent.rows == present[call].rows)
        continue;
      trials_[i].leaks = true;
      trials_[i].sql = calls_[i][call].sql;
      trials_[i].outcome = words_of(present[call], absent);
      leak_[i] = call;
    }
  }

  std::string words_of(const Answer& present, const Answer& absent) const {
    const std::string rows = plural(static_cast<std::size_t>(present.rows), "row");
    if (absent.error.empty() && absent.rows < present.rows) {
      return fmt::format("{}, {} of them of tenant {}, asked as tenant {}", rows,
                         present.rows - absent.rows, parties_.other, parties_.own);
    }
    return fmt::format(
        "{}, asked as tenant {}; the answer is another once the rows of tenant {} "
        "are gone",
        rows, parties_.own, parties_.other);
  }

  /// Which of several tables it was whose rows were seen: the first without which the answer
  /// changes.
  void find_table(std::size_t i) {
    const BypassCandidate& candidate = candidates_[i];
    trials_[i].table = candidate.tables.front();
    if (candidate.tables.size() < 2) return;
    const std::string& digest = calls_[i][leak_[i]].digest;
    for (const TenantTable* table : candidate.tables) {
      bool found = false;
      if (wrote_.contains(i)) {
        found = changes(i, *table, digest);
      } else {
        Answer present, absent;
        within("drydock_table", [&] {
          refresh();
          present = ask(i, digest);
          take_away({table});
          refresh();
          absent = ask(i, digest);
        });
        found = !absent.same(present);
      }
      if (!found) continue;
      trials_[i].table = table;
      return;
    }
  }

  bool changes(std::size_t i, const TenantTable& table, const std::string& digest) {
    BypassCandidate only = candidates_[i];
    only.tables = {&table};
    const std::vector<BypassCandidate> one = {only};
    Trials alone(session_, parties_, one);
    const Rows before = session_.query(alone.others_of(only));
    return alone.ask(0, digest).others != before.at(0, 0);
  }

  Session& session_;
  const BypassParties& parties_;
  const std::vector<BypassCandidate>& candidates_;
  std::vector<BypassTrial> trials_;
  std::vector<KnownRow> known_;
  std::vector<std::vector<BypassCall>> calls_;
  std::vector<std::string> own_;
  std::map<std::size_t, std::size_t> leak_;  ///< by candidate, the call that leaks
  std::set<std::size_t> wrote_;
};

}  // namespace

std::vector<BypassTrial> try_bypasses(Session& session, const BypassParties& parties,
                                      const std::vector<BypassCandidate>& candidates) {
  return Trials(session, parties, candidates).run();
}

}  // namespace drydock
