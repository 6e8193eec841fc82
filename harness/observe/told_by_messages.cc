#include "harness/observe/told_by_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/observe/server_words.h"

namespace drydock {
namespace {

/// So many of them show what is wrong; more would only be more of it.
constexpr std::size_t kTold = 3;

using Lines = std::vector<std::string>;

/// A query and what was said about the other tenant's row.
struct Heard {
  const LeakyQuery* query = nullptr;
  Lines said;
};

class Listener {
 public:
  Listener(Session& session, const IsolationSubject& subject, const MessageParties& parties)
      : session_(session), subject_(subject), parties_(parties) {}

  /// Those of `queries` that were told about the other tenant's row what is not said about one's
  /// own.
  std::vector<Heard> hear(const std::vector<LeakyQuery>& queries) {
    std::vector<Heard> heard;
    for (const LeakyQuery& query : queries) {
      if (query.planted.empty()) heard.push_back({&query, {}});
    }
    if (!heard.empty()) with_only(parties_.other, "", heard);
    if (drop_silent(heard)) leave_out_own(heard);
    for (const LeakyQuery& query : queries) {
      if (query.planted.empty()) continue;
      std::vector<Heard> planted = {{&query, {}}};
      with_only(parties_.other, query.planted, planted);
      heard.push_back(planted.front());
    }
    drop_silent(heard);
    return heard;
  }

 private:
  /// Whether any are left.
  static bool drop_silent(std::vector<Heard>& heard) {
    std::erase_if(heard, [](const Heard& each) { return each.said.empty(); });
    return !heard.empty();
  }

  void leave_out_own(std::vector<Heard>& heard) {
    std::vector<Heard> own = heard;
    with_only(parties_.own, "", own);
    for (std::size_t i = 0; i < heard.size(); ++i) {
      std::erase_if(heard[i].said, [&](const std::string& line) {
        return std::find(own[i].said.begin(), own[i].said.end(), line) != own[i].said.end();
      });
    }
  }

  /// With one row left, of the tenant's, fills what is said. The row is changed with triggers and
  /// constraints awake: one that no user could have made tells nobody anything.
  void with_only(const std::string& tenant, const std::string& planted, std::vector<Heard>& heard) {
    const std::string& table = subject_.table->sql;
    std::string message = fmt::format(
        "SAVEPOINT drydock_only; SET LOCAL session_replication_role = replica;"
        "DELETE FROM {} WHERE ({}) IS NOT TRUE; SET LOCAL session_replication_role = origin",
        table, subject_.samples.at(tenant).place);
    if (!planted.empty()) {
      message += fmt::format("; UPDATE {} SET {}; SET CONSTRAINTS ALL IMMEDIATE", table, planted);
    }
    for (Heard& each : heard) each.said.clear();
    try {
      session_.query_all(message);
      for (Heard& each : heard) each.said = listen_to(*each.query);
    } catch (const Cancelled&) {
      throw;
    } catch (const Error&) {
      // The schema does not admit such a row.
    }
    session_.query_all("ROLLBACK TO SAVEPOINT drydock_only; RELEASE SAVEPOINT drydock_only");
  }

  /// Of a planted value what counts is that the policy fails on it and shows it.
  Lines listen_to(const LeakyQuery& query) {
    ServerWords words = words_of_server(session_, parties_.enter, query.sql);
    if (query.planted.empty()) return words.lines();
    words.notices.clear();
    Lines said = words.lines();
    std::erase_if(said, [](const std::string& line) {
      return line.find(LeakyQueries::kPlanted) == std::string::npos;
    });
    return said;
  }

  Session& session_;
  const IsolationSubject& subject_;
  const MessageParties& parties_;
};

}  // namespace

std::optional<IsolationProbe> told_by_messages(Session& session, const LeakyQueries& queries,
                                               const IsolationSubject& subject,
                                               const MessageParties& parties) {
  const std::vector<LeakyQuery> asked = queries.of(*subject.table);
  if (asked.empty()) return {};
  IsolationProbe probe;
  Lines told, whys;
  for (const Heard& heard : Listener(session, subject, parties).hear(asked)) {
    const std::string& why = heard.query->why;
    const bool known = std::find(whys.begin(), whys.end(), why) != whys.end();
    if (known || told.size() == kTold) continue;
    if (told.empty()) probe.sql = without_indexes(heard.query->sql);
    whys.push_back(why);
    told.push_back(why + ": " + heard.said.front());
  }
  if (told.empty()) return {};
  probe.command = IsolationCommand::kSelect;
  probe.situation = IsolationSituation::kOther;
  probe.verdict = IsolationVerdict::kTold;
  probe.of = subject.rows_of(parties.other);
  probe.outcome = join(told, "; ");
  probe.examples = {subject.samples.at(parties.other).label};
  return probe;
}

}  // namespace drydock
