#include "harness/observe/schema_snapshot.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "harness/observe/catalog_kinds.h"
#include "harness/observe/counters.h"

namespace drydock {
namespace {

// With pg_catalog alone on the path every other name prints qualified. The rest are the settings
// that change how constants and expressions print, and how fast small queries run.
const char* const kSettings = R"(
SET search_path = pg_catalog;
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET TimeZone = 'UTC';
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET xmlbinary = 'base64';
SET lc_monetary = 'C';
SET quote_all_identifiers = off;
SET standard_conforming_strings = on;
SET default_transaction_isolation = 'read committed';
SET statement_timeout = 0;
SET lock_timeout = 0;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET plan_cache_mode = force_generic_plan)";

using SharedObject = std::shared_ptr<const SchemaObject>;

bool key_less(const SharedObject& a, const SharedObject& b) { return a->key < b->key; }

const CatalogObject* same_row(const std::vector<CatalogObject>& objects, const CatalogObject& as) {
  for (const CatalogObject& object : objects) {
    if (object.oid == as.oid && object.sub == as.sub) return &object;
  }
  return nullptr;
}

bool any_renamed(const std::vector<CatalogObject>& before,
                 const std::vector<CatalogObject>& after) {
  return std::any_of(after.begin(), after.end(), [&](const CatalogObject& object) {
    const CatalogObject* old = same_row(before, object);
    return old != nullptr && old->object->key.name != object.object->key.name;
  });
}

std::set<std::pair<std::uint32_t, int>> columns_of(const std::vector<CatalogObject>& objects) {
  std::set<std::pair<std::uint32_t, int>> columns;
  for (const CatalogObject& object : objects) {
    if (object.sub != 0) columns.insert({object.oid, object.sub});
  }
  return columns;
}

/// Objects that did not change stay the same object, so that snapshots taken before and after share
/// them.
void share_unchanged(const std::vector<CatalogObject>& before, std::vector<CatalogObject>& after) {
  for (CatalogObject& object : after) {
    const CatalogObject* old = same_row(before, object);
    if (old != nullptr && *old->object == *object.object) object.object = old->object;
  }
}

/// What one refresh takes out of the snapshot and puts in; applied in one pass.
struct Edits {
  std::vector<SharedObject> out, in;

  void replace(const std::vector<CatalogObject>& before, const std::vector<CatalogObject>& after) {
    for (const CatalogObject& object : before) out.push_back(object.object);
    for (const CatalogObject& object : after) in.push_back(object.object);
  }

  void apply(SchemaSnapshot& snapshot) {
    std::unordered_set<const SchemaObject*> gone;
    for (const SharedObject& object : out) gone.insert(object.get());
    std::vector<SharedObject>& objects = snapshot.objects;
    std::erase_if(objects, [&](const SharedObject& object) { return gone.contains(object.get()); });
    const auto middle = static_cast<std::ptrdiff_t>(objects.size());
    objects.insert(objects.end(), in.begin(), in.end());
    std::sort(objects.begin() + middle, objects.end(), key_less);
    std::inplace_merge(objects.begin(), objects.begin() + middle, objects.end(), key_less);
  }
};

ServerTraits traits_of(Connection& connection) {
  return {.version = connection.server_version(),
          .superuser = connection.query_value(
                           "SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')") == "t"};
}

}  // namespace

SchemaObserver::SchemaObserver(Connection& connection, bool writers_flush)
    : connection_(connection),
      server_(traits_of(connection)),
      counted_(writers_flush && counters_tell(connection)),
      kinds_(catalog_kinds(server_)) {
  connection_.execute(kSettings);
}

const SchemaSnapshot& SchemaObserver::refresh() {
  last_was_full_ = false;
  if (state_) {
    const CatalogChanges changes = state_->tracker.look(connection_);
    touched_ = changes.touched;
    if (read_changes(*state_, changes)) return state_->snapshot;
  }
  last_was_full_ = true;
  touched_ = {};
  touched_.everything = true;
  state_ = read_everything();
  return state_->snapshot;
}

SchemaSnapshot SchemaObserver::full() { return read_everything()->snapshot; }

std::unique_ptr<SchemaObserver::State> SchemaObserver::read_everything() {
  auto state = std::make_unique<State>(server_, counted_);
  const CatalogChanges all = state->tracker.look(connection_);
  if (!all.annotated.empty()) state->annotations = read_annotations(connection_, nullptr);
  std::vector<ObjectsWanted> wanted;
  for (const CatalogKind& kind : kinds_) {
    if (all.units.contains(kind.id)) wanted.push_back({&kind, nullptr});
  }
  auto found = read_objects(connection_, wanted, state->annotations);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (CatalogObject& object : found[i]) {
      state->snapshot.objects.push_back(object.object);
      state->units[wanted[i].kind->id][object.unit].push_back(std::move(object));
    }
  }
  std::sort(state->snapshot.objects.begin(), state->snapshot.objects.end(), key_less);
  return state;
}

bool SchemaObserver::read_changes(State& state, const CatalogChanges& changes) {
  if (changes.everything) return false;
  if (!changes.annotated.empty()) read_annotations_of(state, changes.annotated);
  std::vector<std::uint32_t> other_columns;
  if (!read_units(state, changes.units, other_columns)) return false;
  if (other_columns.empty()) return true;

  CatalogUnits dependents;
  state.tracker.add_dependents(connection_, other_columns, dependents);
  for (const auto& [kind, units] : changes.units) {
    for (std::uint32_t unit : units) dependents[kind].erase(unit);
  }
  return read_units(state, dependents, other_columns);
}

bool SchemaObserver::read_units(State& state, const CatalogUnits& units,
                                std::vector<std::uint32_t>& relations_with_other_columns) {
  std::vector<std::vector<std::uint32_t>> oids;
  std::vector<ObjectsWanted> wanted;
  oids.reserve(kinds_.size());  // `wanted` points into it
  for (const CatalogKind& kind : kinds_) {
    const auto at = units.find(kind.id);
    if (at == units.end() || at->second.empty()) continue;
    oids.emplace_back(at->second.begin(), at->second.end());
    wanted.push_back({&kind, &oids.back()});
  }
  auto found = read_objects(connection_, wanted, state.annotations);
  Edits edits;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const CatalogKind& kind = *wanted[i].kind;
    Units fresh;
    for (CatalogObject& object : found[i]) fresh[object.unit].push_back(std::move(object));
    for (std::uint32_t unit : oids[i]) {
      std::vector<CatalogObject>& before = state.units[kind.id][unit];
      std::vector<CatalogObject>& after = fresh[unit];
      if (kind.name_is_printed && any_renamed(before, after)) return false;
      if (!before.empty() && !after.empty() && columns_of(before) != columns_of(after)) {
        for (const auto& [oid, sub] : columns_of(after))
          relations_with_other_columns.push_back(oid);
      }
      share_unchanged(before, after);
      edits.replace(before, after);
      before = std::move(after);
      if (before.empty()) state.units[kind.id].erase(unit);
    }
  }
  edits.apply(state.snapshot);
  return true;
}

void SchemaObserver::read_annotations_of(State& state, const std::set<std::uint32_t>& oids) {
  const std::vector<std::uint32_t> changed(oids.begin(), oids.end());
  for (std::uint32_t oid : changed) state.annotations.erase(oid);
  for (auto& [oid, found] : read_annotations(connection_, &changed)) {
    state.annotations[oid] = std::move(found);
  }
}

}  // namespace drydock
