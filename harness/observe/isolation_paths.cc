#include "harness/observe/isolation_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "harness/base/sql_text.h"
#include "harness/observe/bypass_grants.h"
#include "harness/observe/bypass_objects.h"
#include "harness/observe/bypass_parties.h"
#include "harness/observe/bypass_roles.h"
#include "harness/observe/bypass_trials.h"
#include "harness/observe/bypass_words.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

/// Reached directly, a table without row security is open anyway, and is told as such.
bool is_kept(const TenantTable& table) {
  const std::vector<std::string>& privileges = table.facts.privileges;
  const bool readable =
      std::find(privileges.begin(), privileges.end(), "SELECT") != privileges.end();
  return table.facts.row_security || !readable;
}

bool leads_around(const BypassObject& object) {
  if (!object.usable) return false;
  if (object.key.function) return object.as_owner && object.callable;
  return object.as_owner || object.kind != BypassObject::Kind::kView;
}

constexpr const char* kNoBarrier =
    "it shows none of another tenant's rows, but without security_barrier a query's conditions may "
    "be asked before its own, and their errors show values";

constexpr const char* kCheckOption =
    "; where its own condition asks for the tenant, WITH CHECK OPTION holds new rows to it";

/// An object with its ways and how they were gone.
struct Suspect {
  const BypassObject* object = nullptr;
  std::vector<BypassWay> ways;
  BypassTrial trial;
};

class PathFinder {
 public:
  PathFinder(Session& session, const Tenancy& tenancy, const TenantContext& context,
             const std::vector<TenantTable>& tables)
      : session_(session), role_(tenancy.role.name), context_(context) {
    for (const TenantTable& table : tables) {
      if (table.facts.exempt.empty()) ours_.push_back(table);
      if (table.facts.exempt.empty() && is_kept(table)) kept_.push_back(table);
    }
  }

  std::vector<BypassPath> paths() {
    std::vector<BypassPath> paths = role_ways(session_, role_, kept_);
    for (BypassPath& path : grant_ways(session_, role_, ours_)) {
      paths.push_back(std::move(path));
    }
    objects_ = read_bypass_objects(session_, role_, ours_);
    words_.emplace(objects_, role_, server_version(session_));
    find_suspects();
    if (!suspects_.empty()) try_suspects();
    leave_longer_ways_out();
    for (const Suspect& suspect : suspects_) add_path(suspect, paths);
    add_search_paths(paths);
    return paths;
  }

 private:
  void find_suspects() {
    for (const auto& [key, object] : objects_) {
      if (!leads_around(object)) continue;
      Suspect suspect;
      suspect.object = &object;
      suspect.ways = ways_from(objects_, key, kept_);
      if (!suspect.ways.empty()) suspects_.push_back(std::move(suspect));
    }
  }

  const TenantTable& table_of(std::uint32_t oid) const {
    return *std::find_if(kept_.begin(), kept_.end(),
                         [&](const TenantTable& table) { return table.oid == oid; });
  }

  void try_suspects() {
    if (!context_.problem.empty()) return;
    std::vector<const TenantTable*> reached;
    for (const Suspect& suspect : suspects_) {
      for (const BypassWay& way : suspect.ways) {
        const TenantTable* table = &table_of(way.table);
        if (std::find(reached.begin(), reached.end(), table) == reached.end()) {
          reached.push_back(table);
        }
      }
    }
    for (const TenantPair& pair : tenant_pairs(session_, context_, reached)) try_pair(pair);
  }

  void try_pair(const TenantPair& pair) {
    std::vector<Suspect*> tried;
    std::vector<BypassCandidate> candidates;
    for (Suspect& suspect : suspects_) {
      BypassCandidate candidate = candidate_of(suspect, pair);
      if (candidate.tables.empty() || suspect.trial.leaks) continue;
      candidates.push_back(std::move(candidate));
      tried.push_back(&suspect);
    }
    if (candidates.empty()) return;
    BypassParties parties{pair.own, pair.other, {}, leave_statements(session_)};
    parties.enter = enter_statements(session_, role_, context_.steps_for(pair.own));
    const std::vector<BypassTrial> trials = try_bypasses(session_, parties, candidates);
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const BypassTrial& known = tried[i]->trial;
      if (trials[i].leaks || !known.tried || (trials[i].tells && !known.tells)) {
        tried[i]->trial = trials[i];
      }
    }
  }

  BypassCandidate candidate_of(const Suspect& suspect, const TenantPair& pair) const {
    BypassCandidate candidate;
    candidate.object = suspect.object;
    for (const BypassWay& way : suspect.ways) {
      const TenantTable* table = &table_of(way.table);
      if (std::find(pair.tables.begin(), pair.tables.end(), table) == pair.tables.end()) continue;
      candidate.tables.push_back(table);
      for (auto step = way.steps.rbegin(); step != way.steps.rend(); ++step) {
        const BypassObject& object = objects_.at(*step);
        if (object.kind != BypassObject::Kind::kMaterializedView) continue;
        const auto known = std::find(candidate.stored.begin(), candidate.stored.end(), &object);
        if (known == candidate.stored.end()) candidate.stored.push_back(&object);
      }
    }
    return candidate;
  }

  /// A view over a view that leaks by itself has nothing of its own to mend.
  void leave_longer_ways_out() {
    std::set<BypassKey> leaking;
    for (const Suspect& suspect : suspects_) {
      if (suspect.trial.leaks) leaking.insert(suspect.object->key);
    }
    std::erase_if(suspects_, [&](const Suspect& suspect) {
      if (!suspect.trial.leaks) return false;
      const std::vector<BypassKey>& steps = way_told(suspect).steps;
      return std::any_of(steps.begin() + 1, steps.end(),
                         [&](const BypassKey& step) { return leaking.contains(step); });
    });
  }

  const BypassWay& way_told(const Suspect& suspect) const {
    for (const BypassWay& way : suspect.ways) {
      if (suspect.trial.table != nullptr && suspect.trial.table->oid == way.table) return way;
    }
    return suspect.ways.front();
  }

  void add_path(const Suspect& suspect, std::vector<BypassPath>& paths) {
    const BypassWay& way = way_told(suspect);
    const TenantTable& table = table_of(way.table);
    BypassPath path;
    path.kind = kind_of(*suspect.object);
    // What an error shows one value of stays a way that may lead, with the words that say so.
    const bool tells = suspect.trial.tells;
    path.tried = suspect.trial.tried && !tells;
    path.leaks = suspect.trial.leaks;
    if (path.tried && !path.leaks && !lies_open(*suspect.object)) return;
    const std::string unbound = why_not_bound(session_, words_->reader_of(way), table);
    if (!path.leaks && suspect.object->kind != BypassObject::Kind::kMaterializedView &&
        unbound.empty() && !lies_open(*suspect.object)) {
      return;
    }
    path.path = words_->steps_of(way, table);
    path.table = table.facts.table;
    path.why = tells ? kNoBarrier : words_->why(*suspect.object, way, unbound);
    path.outcome = suspect.trial.outcome;
    path.sql = suspect.trial.sql;
    path.remedy = tells ? "ALTER VIEW " + suspect.object->sql + " SET (security_barrier = true)"
                        : words_->remedy(*suspect.object, way, table);
    if (path.leaks && path.sql.starts_with("INSERT INTO")) path.remedy += kCheckOption;
    paths.push_back(std::move(path));
  }

  /// A partition with privileges of its own and without row security of its own: whether it held
  /// another tenant's rows today says nothing about tomorrow.
  static bool lies_open(const BypassObject& object) {
    return object.kind == BypassObject::Kind::kPartition && !object.row_security;
  }

  /// A table that whoever runs as `user` gets at, whatever the function itself reads: an owner may
  /// switch row security off. 0: there is none.
  std::uint32_t table_in_reach(const std::string& user) {
    const auto [known, first] = in_reach_.try_emplace(user, 0);
    for (auto table = kept_.begin(); first && known->second == 0 && table != kept_.end(); ++table) {
      if (!table->facts.row_security) continue;
      const bool owned = table->facts.owner == user;
      if (owned || !why_not_bound(session_, user, *table).empty()) known->second = table->oid;
    }
    return known->second;
  }

  /// Whoever may make objects (temporary ones as well) puts them before those that the function
  /// means, and they run as its owner (PostgreSQL docs, "Writing SECURITY DEFINER Functions
  /// Safely").
  void add_search_paths(std::vector<BypassPath>& paths) {
    for (const auto& [key, object] : objects_) {
      if (!key.function || !leads_around(object) || object.search_path) continue;
      const std::vector<BypassWay> ways = ways_from(objects_, key, kept_);
      const BypassWay way =
          ways.empty() ? BypassWay{table_in_reach(object.owner), {key}} : ways.front();
      if (way.table == 0) continue;
      const TenantTable& table = table_of(way.table);
      BypassPath path;
      path.kind = BypassKind::kSearchPath;
      path.path = words_->steps_of(way, table);
      path.table = table.facts.table;
      path.why = fmt::format(
          "it is SECURITY DEFINER without a search_path of its own: names in it "
          "mean what the caller's search_path says, and run as {}",
          object.owner);
      const bool procedure = object.kind == BypassObject::Kind::kProcedure;
      path.remedy = fmt::format("ALTER {} {} SET search_path = pg_catalog, public, pg_temp",
                                procedure ? "PROCEDURE" : "FUNCTION", object.name);
      paths.push_back(std::move(path));
    }
  }

  Session& session_;
  const std::string role_;
  const TenantContext& context_;
  std::vector<TenantTable> ours_;  ///< not exempt
  std::vector<TenantTable> kept_;  ///< of them those that the role cannot simply read
  BypassObjects objects_;
  std::optional<BypassWords> words_;  ///< about objects_
  std::vector<Suspect> suspects_;
  std::map<std::string, std::uint32_t> in_reach_;  ///< by user a table
};

}  // namespace

std::vector<BypassPath> find_bypass_paths(Session& session, const Tenancy& tenancy,
                                          const TenantContext& context,
                                          const std::vector<TenantTable>& tables) {
  if (tenancy.role.name.empty() || tables.empty()) return {};
  return PathFinder(session, tenancy, context, tables).paths();
}

}  // namespace drydock
