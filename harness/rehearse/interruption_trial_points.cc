#include "harness/rehearse/interruption_trial_points.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"
#include "harness/observe/leftovers.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

constexpr std::size_t kTextLimit = 400;

std::vector<std::string> first_words(const std::string& statement) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : statement.substr(0, 60)) {
    if (std::isalpha(static_cast<unsigned char>(c))) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(to_lower(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(to_lower(word));
  words.resize(std::max<std::size_t>(words.size(), 3));
  return words;
}

enum class Control { kNone, kOpens, kCommits, kRollsBack, kCommitsAndOpens, kSession };

Control control_of(const std::string& statement) {
  const std::vector<std::string> words = first_words(statement);
  const std::string& first = words[0];
  const bool chain = std::find(words.begin(), words.end(), "chain") != words.end() &&
                     std::find(words.begin(), words.end(), "no") == words.end();
  if (first == "begin" || first == "start") return Control::kOpens;
  if (first == "prepare" && words[1] == "transaction") return Control::kRollsBack;
  if (first == "commit" && words[1] == "prepared") return Control::kNone;
  if (first == "commit" || first == "end") {
    return chain ? Control::kCommitsAndOpens : Control::kCommits;
  }
  if (first == "abort" || (first == "rollback" && words[1] != "to" && words[2] != "to")) {
    return chain ? Control::kOpens : Control::kRollsBack;
  }
  static constexpr std::array<std::string_view, 14> kSessionWords = {
      "set",  "show",      "reset",   "discard",  "listen",     "unlisten",   "notify",
      "load", "savepoint", "release", "rollback", "checkpoint", "deallocate", "prepare"};
  const bool session =
      std::find(kSessionWords.begin(), kSessionWords.end(), first) != kSessionWords.end();
  return session ? Control::kSession : Control::kNone;
}

/// Follows the scripts and notes where something is committed.
class Follower {
 public:
  explicit Follower(const std::vector<Script>& scripts) : scripts_(scripts) {
    for (script_ = 0; script_ < scripts.size(); ++script_) follow(scripts[script_]);
  }

  std::vector<CommitPoint> points() { return std::move(points_); }
  std::vector<ConcurrentStatement> concurrent() { return std::move(concurrent_); }

 private:
  void follow(const Script& script) {
    open_ = script.in_transaction;
    for (query_ = 0; query_ < script.queries.size(); ++query_) follow(script.queries[query_]);
    if (open_ && script.in_transaction && !script.queries.empty()) {
      query_ = script.queries.size() - 1;
      commit(script.queries.back().text.size());
    }
    forget();
    open_ = false;
  }

  void follow(const Query& query) {
    const SplitResult split = split_statements(query.text);
    const bool several = split.statements.size() > 1;
    bool implicit = false;
    for (const Statement& statement : split.statements) {
      const Control control = control_of(statement.text);
      if (several && !open_ && control != Control::kOpens) implicit = open_ = true;
      if (control == Control::kOpens) implicit = false;
      see(query, statement, control);
      implicit = implicit && open_;
    }
    if (implicit) {
      commit(query.text.size());
      open_ = false;
    }
  }

  void see(const Query& query, const Statement& statement, Control control) {
    ++count_;
    const std::size_t end = statement.offset + statement.text.size();
    if (control == Control::kNone) {
      note(query, statement);
      if (works_concurrently(statement.text)) {
        concurrent_.push_back({last_, statement.text});
        concurrent_.back().place.end = statement.offset;
      }
    }
    const bool commits = control == Control::kCommits || control == Control::kCommitsAndOpens;
    if (commits || (control == Control::kNone && !open_)) commit(end);
    if (control == Control::kRollsBack) forget();
    if (control == Control::kOpens || control == Control::kCommitsAndOpens) open_ = true;
    if (control == Control::kCommits || control == Control::kRollsBack) open_ = false;
  }

  void note(const Query& query, const Statement& statement) {
    last_ = {count_,
             shorten(one_line(statement.text), kTextLimit),
             query.file.empty() ? scripts_[script_].path : query.file,
             query.line + statement.line - 1,
             script_,
             query_,
             0};
    pending_ = true;
  }

  void commit(std::size_t end) {
    if (!pending_) return;
    CommitPoint point = last_;
    point.script = script_;
    point.query = query_;
    point.end = end;
    points_.push_back(point);
    forget();
  }

  void forget() { pending_ = false; }

  const std::vector<Script>& scripts_;
  std::size_t script_ = 0, query_ = 0, count_ = 0;
  bool open_ = false;     ///< a transaction is
  bool pending_ = false;  ///< something was done since the last commit
  CommitPoint last_;      ///< the last statement that did something
  std::vector<CommitPoint> points_;
  std::vector<ConcurrentStatement> concurrent_;
};

}  // namespace

std::vector<CommitPoint> commit_points(const std::vector<Script>& scripts) {
  return Follower(scripts).points();
}

std::vector<ConcurrentStatement> concurrent_statements(const std::vector<Script>& scripts) {
  return Follower(scripts).concurrent();
}

std::vector<Script> scripts_until(const std::vector<Script>& scripts, const CommitPoint& point) {
  const auto last = static_cast<std::ptrdiff_t>(point.script);
  std::vector<Script> some(scripts.begin(), scripts.begin() + last + 1);
  std::vector<Query>& queries = some.back().queries;
  queries.resize(point.query + 1);
  queries.back().text.resize(point.end);
  return some;
}

}  // namespace drydock
