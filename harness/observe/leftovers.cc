#include "harness/observe/leftovers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

/// The index of a TOAST table is named by what it belongs to: its own name is made of an oid.
constexpr const char* kInvalidIndexes = R"sql(
select i.indexrelid, case when n.nspname = 'pg_toast'
    then format('index of the TOAST table of %s', owner.name)
    else format('index %I.%I', n.nspname, c.relname) end,
  case when not i.indislive then 'is INVALID, and dropping it was not finished'
    when not i.indisready then 'is INVALID, and not kept up to date'
    else 'is INVALID' end,
  c.relname, owner.relname
from pg_index i join pg_class c on c.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace
  cross join lateral (select t.relname, format('%I.%I', tn.nspname, t.relname) as name
    from pg_class t join pg_namespace tn on tn.oid = t.relnamespace
    where t.oid = i.indrelid and t.relkind <> 't' or t.reltoastrelid = i.indrelid
    limit 1) owner
where not i.indisvalid and c.relkind = 'i' and c.relpersistence <> 't')sql";

/// pg_inherits.inhdetachpending came with PostgreSQL 14.
constexpr const char* kPendingPartitions = R"sql(
union all
select h.inhrelid, format('partition %I.%I of %I.%I', cn.nspname, c.relname, pn.nspname, p.relname),
  'is still being detached', c.relname, p.relname
from pg_inherits h join pg_class c on c.oid = h.inhrelid
  join pg_namespace cn on cn.oid = c.relnamespace
  join pg_class p on p.oid = h.inhparent join pg_namespace pn on pn.oid = p.relnamespace
where h.inhdetachpending)sql";

int version_of(Session& session) {
  int version = 0;
  const Rows rows = session.query("select current_setting('server_version_num')");
  std::from_chars(rows.at(0, 0).data(), rows.at(0, 0).data() + rows.at(0, 0).size(), version);
  return version;
}

/// A quoted name stands in words_of() behind this, so that it is never taken for a key word.
constexpr char kQuoted = '"';

/// Key words and names of a statement as the server reads them.
std::vector<std::string> words_of(const std::string& statement) {
  std::vector<std::string> words;
  for (const Token& token : tokens_of(statement)) {
    std::string word = statement.substr(token.offset, token.length);
    if (word.size() < 2 || word.front() != '"' || word.back() != '"') {
      words.push_back(to_lower(word));
      continue;
    }
    word = word.substr(1, word.size() - 2);
    for (std::size_t at = 0; (at = word.find("\"\"", at)) != std::string::npos; ++at) {
      word.erase(at, 1);
    }
    words.push_back(kQuoted + word);
  }
  return words;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool names(const std::vector<std::string>& words, const std::string& name) {
  return has(words, name) || has(words, kQuoted + name);
}

bool creates_if_not_there(const std::vector<std::string>& words) {
  static const std::vector<std::string> kOption = {"if", "not", "exists"};
  return has(words, "index") && words.front() == "create" &&
         std::search(words.begin(), words.end(), kOption.begin(), kOption.end()) != words.end();
}

/// The statement that left it, as far as its text tells; null: none can have. Of several that name
/// it the last: a script drops before it creates, and ends where it fails.
const StatementRun* culprit_of(const HalfDone& half_done, const Phase& phase) {
  const StatementRun* by_name = nullptr;
  const StatementRun* by_table = nullptr;
  const StatementRun* any = nullptr;
  for (const StatementRun& run : phase.statements) {
    if (!works_concurrently(run.text)) continue;
    const std::vector<std::string> words = words_of(run.text);
    if (names(words, half_done.name)) by_name = &run;
    if (names(words, half_done.table)) by_table = &run;
    if (any == nullptr || !any->failed) any = &run;
  }
  if (by_name != nullptr) return by_name;
  return by_table != nullptr ? by_table : any;
}

/// The statement that took it for done.
const StatementRun* acceptor_of(const HalfDone& half_done, const Phase& phase) {
  for (const StatementRun& run : phase.statements) {
    const std::vector<std::string> words = words_of(run.text);
    if (run.failed || words.empty() || !creates_if_not_there(words)) continue;
    if (names(words, half_done.name) && names(words, half_done.table)) return &run;
  }
  return nullptr;
}

Leftover leftover(const HalfDone& half_done, bool accepted, const StatementRun* run) {
  Leftover result{half_done.object, half_done.what, accepted, {}, {}, 0};
  if (run == nullptr) return result;
  result.statement = run->text;
  result.file = run->file;
  result.line = run->line;
  return result;
}

}  // namespace

std::vector<HalfDone> find_half_done(Session& session) {
  std::string sql = kInvalidIndexes;
  if (version_of(session) >= 140000) sql += kPendingPartitions;
  const Rows rows = session.query(sql + " order by 2");
  std::vector<HalfDone> all;
  for (int row = 0; row < rows.size(); ++row) {
    const std::string_view oid = rows.at(row, 0);
    HalfDone one;
    std::from_chars(oid.data(), oid.data() + oid.size(), one.oid);
    one.object = rows.at(row, 1);
    one.what = rows.at(row, 2);
    one.name = rows.at(row, 3);
    one.table = rows.at(row, 4);
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<Leftover> leftovers_of(const std::vector<HalfDone>& before,
                                   const std::vector<HalfDone>& after, const Phase& phase) {
  std::vector<Leftover> leftovers;
  for (const HalfDone& one : after) {
    const bool old = std::any_of(before.begin(), before.end(),
                                 [&](const HalfDone& other) { return other.oid == one.oid; });
    if (!old) {
      leftovers.push_back(leftover(one, false, culprit_of(one, phase)));
    } else if (const StatementRun* run = acceptor_of(one, phase)) {
      leftovers.push_back(leftover(one, true, run));
    }
  }
  return leftovers;
}

void add_leftovers(const std::vector<Leftover>& more, std::vector<Leftover>& leftovers) {
  for (const Leftover& one : more) {
    const bool known = std::any_of(leftovers.begin(), leftovers.end(), [&](const Leftover& other) {
      return other.object == one.object && other.accepted == one.accepted;
    });
    if (!known) leftovers.push_back(one);
  }
}

bool works_concurrently(const std::string& statement) {
  const std::vector<std::string> words = words_of(statement);
  if (words.empty() || !has(words, "concurrently")) return false;
  const std::string& first = words.front();
  return first == "reindex" || ((first == "create" || first == "drop") && has(words, "index")) ||
         (first == "alter" && has(words, "detach"));
}

}  // namespace drydock
