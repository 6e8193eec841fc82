#include "harness/observe/bypass_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/barrier_tries.h"
#include "harness/observe/server_words.h"

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
    listen();
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
                         ? calls_of(*candidate.object, parties_.own, type, {}).front()
                         : BypassCall());
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

  /// What is written through views is to be kept away by nothing but the view: triggers and foreign
  /// keys sleep.
  static std::string before(const BypassCall& call) {
    if (!call.writes) return "";
    return "SET LOCAL session_replication_role = replica;" + call.setup + ";";
  }

  Answer ask(std::size_t candidate, const BypassCall& call) {
    std::string message = fmt::format("SAVEPOINT drydock_ask; {} {}; {}; {};", before(call),
                                      kPatience, parties_.enter, call.digest);
    if (candidates_[candidate].object->key.function || call.writes) {
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
      answers.push_back(ask(candidate, call));
      // A view that refuses what is to be written says what it lets pass.
      if (answers.back().error.empty() || call.writes) trial.tried = true;
      if (!answers.back().error.empty()) trial.outcome = answers.back().error;
    }
    if (!trial.tried && candidates_[candidate].object->key.function) {
      trial.tried = ask(candidate, own_[candidate]).error.empty();
    }
    if (!answers.empty()) trial.sql = calls_[candidate].front().sql;
    return answers;
  }

  /// Rows of the other tenant; or, with `all_but`, all others.
  void take_away(const std::vector<const TenantTable*>& tables, bool all_but = false) {
    std::vector<const TenantTable*> order = tables;  // those whose tenant stands in a parent first
    const auto depth = [](const TenantTable* table) {
      return std::count(table->tenant_sql.begin(), table->tenant_sql.end(), '(');
    };
    std::stable_sort(order.begin(), order.end(), [&](const TenantTable* a, const TenantTable* b) {
      return depth(a) > depth(b);
    });
    std::string message = "SET LOCAL session_replication_role = replica;";
    for (const TenantTable* table : order) {
      message +=
          fmt::format("DELETE FROM {} t WHERE ({})::text {} {};", table->sql, table->tenant_sql,
                      all_but ? "IS DISTINCT FROM" : "=", sql_text(parties_.other));
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
      const BypassObject& object = *candidates_[i].object;
      if (!object.key.function && !object.writes()) continue;
      const Rows rows = session_.query(others_of(candidates_[i]));
      for (std::size_t call = 0; call < present[i].size() && !trials_[i].leaks; ++call) {
        if (!wrote(calls_[i][call], present[i][call], rows.at(0, 0))) continue;
        trials_[i].leaks = true;
        wrote_.insert(i);
        trials_[i].sql = calls_[i][call].sql;
        trials_[i].outcome =
            fmt::format("it {} of tenant {}",
                        calls_[i][call].sql.starts_with("INSERT") ? "added a row" : "changed rows",
                        parties_.other);
        leak_[i] = call;
      }
    }
  }

  /// A row for which room was made is there again, whatever its values.
  bool wrote(const BypassCall& call, const Answer& answer, std::string_view others) const {
    if (!answer.error.empty() || answer.others.empty()) return false;
    return !call.setup.empty() || answer.others != others;
  }

  void compare(std::size_t i, const std::vector<Answer>& present) {
    for (std::size_t call = 0; call < present.size() && !trials_[i].leaks; ++call) {
      if (!present[call].error.empty() || calls_[i][call].writes) continue;
      const Answer absent = ask(i, calls_[i][call]);
      if (absent.error.empty() && absent.same(present[call])) continue;
      // Asked again: one whose answer is never the same twice tells nothing but its number of rows.
      const Answer again = ask(i, calls_[i][call]);
      if (absent.error.empty() && !again.same(absent) && absent.rows == present[call].rows)
        continue;
      trials_[i].leaks = true;
      trials_[i].sql = calls_[i][call].sql;
      trials_[i].outcome = words_of(present[call], absent);
      leak_[i] = call;
    }
  }

  /// What views that show no row of the other tenant's say about it.
  void listen() {
    within("drydock_only", [&] {
      take_away(all_tables(), true);
      for (std::size_t i = 0; i < candidates_.size(); ++i) {
        const BypassObject& object = *candidates_[i].object;
        const bool view = object.kind == BypassObject::Kind::kView && !object.columns.empty();
        if (view && trials_[i].tried && !trials_[i].leaks) listen_to(i);
      }
    });
  }

  void listen_to(std::size_t i) {
    const auto shown = shown_past(session_, parties_.enter, *candidates_[i].object);
    if (!shown) return;
    bool of_itself = false;
    within("drydock_none", [&] {
      take_away(candidates_[i].tables);
      of_itself = words_of_server(session_, parties_.enter, shown->asked).error.has_value();
    });
    if (of_itself) return;
    trials_[i].tells = true;
    trials_[i].sql = shown->sql;
    trials_[i].outcome =
        fmt::format("asked as tenant {} with nothing but rows of tenant {} there: {}", parties_.own,
                    parties_.other, shown->answer);
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
    const BypassCall& call = calls_[i][leak_[i]];
    for (const TenantTable* table : candidate.tables) {
      bool found = false;
      if (wrote_.contains(i)) {
        found = changes(i, *table, call);
      } else {
        Answer present, absent;
        within("drydock_table", [&] {
          refresh();
          present = ask(i, call);
          take_away({table});
          refresh();
          absent = ask(i, call);
        });
        found = !absent.same(present);
      }
      if (!found) continue;
      trials_[i].table = table;
      return;
    }
  }

  bool changes(std::size_t i, const TenantTable& table, const BypassCall& call) {
    BypassCandidate only = candidates_[i];
    only.tables = {&table};
    const std::vector<BypassCandidate> one = {only};
    Trials alone(session_, parties_, one);
    const Rows before = session_.query(alone.others_of(only));
    return alone.ask(0, call).others != before.at(0, 0);
  }

  Session& session_;
  const BypassParties& parties_;
  const std::vector<BypassCandidate>& candidates_;
  std::vector<BypassTrial> trials_;
  std::vector<KnownRow> known_;
  std::vector<std::vector<BypassCall>> calls_;
  std::vector<BypassCall> own_;              ///< of functions, for one's own rows
  std::map<std::size_t, std::size_t> leak_;  ///< by candidate, the call that leaks
  std::set<std::size_t> wrote_;
};

}  // namespace

std::vector<BypassTrial> try_bypasses(Session& session, const BypassParties& parties,
                                      const std::vector<BypassCandidate>& candidates) {
  return Trials(session, parties, candidates).run();
}

}  // namespace drydock
