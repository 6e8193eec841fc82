#include "harness/data/row_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/data/fill_order.h"
#include "harness/data/implied_keys.h"
#include "harness/data/row_links.h"
#include "harness/data/shape_reader.h"
#include "harness/data/sql_words.h"
#include "harness/data/table_filler.h"
#include "harness/data/trial_rows.h"

namespace drydock {

namespace {

/// Ordinary rows that users write into each table that a migration changed.
constexpr std::int64_t kOrdinaryRows = 3;

}  // namespace

struct RowGenerator::Impl {
  Impl(Session& the_session, const Scenario& the_scenario, TouchedSource touched)
      : session(the_session),
        scenario(the_scenario),
        shapes(the_session, std::move(touched)),
        filler(the_session, shapes, the_scenario, journal) {
    session.query("SET statement_timeout = '60s'");
    session.query("SET client_min_messages = error");
    // New tables have no statistics, and without them the planner joins a thousand rows with a
    // thousand one by one.
    session.query("SET enable_nestloop = off");
    session.query("SET jit = off");
    session.query("SET plan_cache_mode = force_generic_plan");
  }

  std::int64_t wanted(const TableShape& table) const {
    const TableRule* rule = filler.rule_of(table);
    return rule != nullptr && rule->rows ? *rule->rows : scenario.rows;
  }

  /// Reads what changed; columns that were ever there are what the scenario's rules may name.
  void refresh() {
    if (!shapes.refresh()) return;
    changed = true;
    linked = with_implied_keys(shapes.tables(), shapes.types());
    for (const auto& [oid, table] : shapes.tables())
      for (const ColumnShape& column : table.columns)
        seen_columns[table.display()].insert(column.name);
  }

  /// Whether the table is another one than at the last grow(), or values of its types are.
  bool differs(const TableShape& table) const {
    const auto before = last_shapes.find(table.oid);
    if (before == last_shapes.end() || !(before->second == table)) return true;
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const ColumnShape& column) {
      const auto was = last_types.find(column.type), is = shapes.types().find(column.type);
      return was != last_types.end() && is != shapes.types().end() && !(was->second == is->second);
    });
  }

  std::vector<FilledTable> fill_new_tables();
  void fill_step(const FillStep& step, std::vector<FilledTable>& filled);
  void link_step(const FillStep& step, std::vector<FilledTable>& filled);
  std::vector<FilledTable> fill_new_columns();
  void forget_emptied();
  void refresh_views(const std::vector<FilledTable>& filled);
  void remember();
  bool empty_tables(const std::string& table, const std::string& truncate,
                    const std::vector<std::string>& back);

  Session& session;
  const Scenario& scenario;
  std::vector<std::string> journal;
  ShapeReader shapes;
  TableFiller filler;
  bool changed = false;                   ///< tables or types, since the last grow()
  bool may_be_emptied = false;            ///< tables, since the last grow()
  std::set<Oid> grew;                     ///< tables that the present grow() wrote rows to
  std::map<Oid, TableShape> linked;       ///< with implied foreign keys
  std::map<Oid, std::set<int>> known;     ///< tables tried, and the columns they had then
  SeenTables seen_columns;                ///< ever
  std::map<Oid, TableShape> last_shapes;  ///< of the last grow()
  TypeMap last_types;
};

RowGenerator::RowGenerator(Session& session, const Scenario& scenario, TouchedSource touched)
    : impl_(std::make_unique<Impl>(session, scenario, std::move(touched))) {}

RowGenerator::~RowGenerator() = default;

std::vector<FilledTable> RowGenerator::grow() {
  impl_->refresh();
  if (std::exchange(impl_->may_be_emptied, false)) impl_->forget_emptied();
  std::vector<FilledTable> filled = impl_->fill_new_tables();
  if (impl_->changed) {
    const std::vector<FilledTable> columns = impl_->fill_new_columns();
    filled.insert(filled.end(), columns.begin(), columns.end());
  }
  if (!filled.empty()) impl_->refresh_views(filled);
  if (impl_->changed || !filled.empty()) impl_->remember();
  return filled;
}

std::vector<FilledTable> RowGenerator::Impl::fill_new_tables() {
  std::set<Oid> fresh;
  for (const auto& [oid, table] : shapes.tables())
    if (!known.contains(oid) && wanted(table) > 0) fresh.insert(oid);
  std::vector<FilledTable> filled;
  if (fresh.empty()) return filled;
  grew.clear();
  const std::vector<FillStep> steps = fill_order(linked, fresh);
  for (const FillStep& step : steps) fill_step(step, filled);
  for (const FillStep& step : steps) link_step(step, filled);
  return filled;
}

void RowGenerator::Impl::fill_step(const FillStep& step, std::vector<FilledTable>& filled) {
  if (step.parts.size() == 1) {
    const TableShape& table = linked.at(step.parts[0].table);
    bool got_rows = false;
    filled.push_back(filler.fill(table, wanted(table), step.parts[0].postponed, got_rows));
    if (got_rows) grew.insert(table.oid);
    if (!filled.back().problem.empty() && !step.circle.empty()) filled.back().problem = step.circle;
    return;
  }
  std::vector<std::pair<const TableShape*, std::map<std::size_t, Postponed>>> parts;
  std::vector<std::int64_t> counts;
  for (const FillStep::Part& part : step.parts) {
    parts.emplace_back(&linked.at(part.table), part.postponed);
    counts.push_back(wanted(*parts.back().first));
  }
  const auto together = filler.fill_together(parts, counts);
  for (const auto& part : parts) grew.insert(part.first->oid);
  filled.insert(filled.end(), together.begin(), together.end());
}

/// Foreign keys that had to wait, and those of a table to itself.
void RowGenerator::Impl::link_step(const FillStep& step, std::vector<FilledTable>& filled) {
  for (const FillStep::Part& part : step.parts) {
    const TableShape& table = linked.at(part.table);
    const auto told = std::find_if(filled.begin(), filled.end(), [&](const FilledTable& each) {
      return each.table == table.display();
    });
    if (told == filled.end() || told->rows == 0 || !grew.contains(table.oid)) continue;
    for (std::size_t key = 0; key < table.foreign_keys.size(); ++key) {
      if (table.foreign_keys[key].implied) continue;
      const bool itself = table.foreign_keys[key].parent == table.oid;
      const bool waits = part.postponed.contains(key) && step.parts.size() == 1;
      if (!itself && !waits) continue;
      const std::string note = filler.link(table, key, false);
      if (!note.empty()) told->note += (told->note.empty() ? "" : "; ") + note;
    }
  }
}

std::vector<FilledTable> RowGenerator::Impl::fill_new_columns() {
  std::vector<FilledTable> filled;
  for (const auto& [oid, table] : linked) {
    const auto before = known.find(oid);
    if (before == known.end()) continue;
    std::vector<std::string> columns;
    for (const ColumnShape& column : table.columns)
      if (!before->second.contains(column.number) && !column.generated && !column.not_null)
        columns.push_back(column.name);
    if (columns.empty() || wanted(table) == 0) continue;
    FilledTable result = filler.fill_columns(table, columns);
    if (result.rows > 0) filled.push_back(std::move(result));
  }
  return filled;
}

void RowGenerator::Impl::refresh_views(const std::vector<FilledTable>& filled) {
  std::set<std::string> names;
  for (const FilledTable& table : filled) names.insert(table.table);
  std::vector<Oid> written;
  for (const auto& [oid, table] : shapes.tables())
    if (names.contains(table.display())) written.push_back(oid);
  for (const std::string& view : shapes.populated_views_over(written))
    filler.run("REFRESH MATERIALIZED VIEW " + view);
}

void RowGenerator::Impl::remember() {
  std::erase_if(known, [&](const auto& entry) { return !shapes.tables().contains(entry.first); });
  for (const auto& [oid, table] : shapes.tables()) {
    if (wanted(table) == 0 && !known.contains(oid)) continue;
    for (const ColumnShape& column : table.columns) known[oid].insert(column.number);
  }
  last_shapes = shapes.tables();
  last_types = shapes.types();
  changed = false;
}

void RowGenerator::look_for_emptied() { impl_->may_be_emptied = true; }

void RowGenerator::Impl::forget_emptied() {
  std::vector<std::string> questions;
  for (const auto& [oid, table] : shapes.tables()) {
    if (!known.contains(oid) || wanted(table) == 0) continue;
    questions.push_back(
        fmt::format("SELECT {} WHERE NOT EXISTS (SELECT FROM {})", oid, table.only_sql()));
  }
  if (questions.empty()) return;
  const Rows empty = session.query(join(questions, " UNION ALL "));
  for (int i = 0; i < empty.size(); ++i) {
    known.erase(static_cast<Oid>(std::stoul(std::string(empty.at(i, 0)))));
  }
}

std::vector<std::string> RowGenerator::take_journal() {
  std::vector<std::string> taken;
  taken.swap(impl_->journal);
  return taken;
}

std::vector<std::string> RowGenerator::tables() {
  impl_->refresh();
  std::vector<std::string> names;
  for (const auto& [oid, table] : impl_->shapes.tables()) names.push_back(table.display());
  return names;
}

OwnRows RowGenerator::own_rows(Session& untouched, const std::vector<std::string>& some) {
  impl_->refresh();
  return OwnRows(untouched, impl_->shapes.tables(), some);
}

std::vector<EmptiedTable> RowGenerator::empty(const std::string& table, const OwnRows& own) {
  Impl& impl = *impl_;
  impl.refresh();
  const std::map<Oid, TableShape>& tables = impl.shapes.tables();
  std::set<Oid> oids;
  for (const auto& [oid, shape] : tables)
    if (shape.display() == table) oids.insert(oid);
  oids = emptied_together(impl.session, tables, own, oids);
  if (oids.empty()) return {};
  std::vector<std::string> all, back;
  for (const Oid oid : oids) {
    all.push_back(tables.at(oid).only_sql());
    const std::string insert = own.insert(tables.at(oid));
    if (!insert.empty()) back.push_back(insert);
    impl.known.erase(oid);
  }
  const bool put_back = impl.empty_tables(table, "TRUNCATE " + join(all, ", "), back);
  std::vector<EmptiedTable> emptied;
  for (const Oid oid : oids) {
    const std::string& name = tables.at(oid).display();
    const std::int64_t kept = own.count(name);
    emptied.push_back({name, put_back ? kept : 0, own.knows(name) && (put_back || kept == 0)});
  }
  return emptied;
}

/// False: the rows that were to stay could not be put back.
bool RowGenerator::Impl::empty_tables(const std::string& table, const std::string& truncate,
                                      const std::vector<std::string>& back) {
  // They are what triggers made of them already.
  for (const char* quietly : {"SET LOCAL session_replication_role = replica;\n", ""}) {
    if (back.empty()) break;
    if (filler.run(quietly + truncate + ";\n" + join(back, ";\n")).ok) return true;
  }
  const Reply reply = filler.run(truncate);
  if (!reply.ok) throw Error("cannot empty " + table + ": " + reply.error->message);
  return back.empty();
}

bool RowGenerator::repair(const std::string& table, const std::vector<std::string>& columns,
                          bool unique) {
  impl_->refresh();
  for (const auto& [oid, shape] : impl_->linked)
    if (shape.display() == table) return impl_->filler.repair(shape, columns, unique);
  return false;
}

std::vector<TrialRows> RowGenerator::adversarial_rows(
    const std::vector<std::string>& tables,
    const std::function<bool(const std::string&)>& matters) {
  std::vector<TrialRows> all;
  for (const auto& [oid, table] : impl_->linked) {
    if (std::find(tables.begin(), tables.end(), table.display()) == tables.end()) continue;
    std::vector<TrialIdea> ideas;
    std::vector<const ColumnShape*> columns;
    for (const ColumnShape& column : table.columns) {
      if (!matters(column.name)) continue;
      columns.push_back(&column);
      const auto some = adversarial_ideas(table, column, impl_->shapes.types());
      ideas.insert(ideas.end(), some.begin(), some.end());
    }
    if (auto alike = rows_alike(table, columns, impl_->shapes.types())) {
      ideas.push_back(std::move(*alike));
    }
    const std::vector<TrialRows> rows = joint_trial_rows(impl_->filler, table, ideas);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

std::vector<TrialRows> RowGenerator::new_rows(const std::vector<std::string>& also) {
  Impl& impl = *impl_;
  impl.refresh();
  std::set<Oid> touched;
  for (const auto& [oid, table] : impl.shapes.tables()) {
    const bool asked = std::find(also.begin(), also.end(), table.display()) != also.end();
    if (impl.differs(table) || (asked && impl.wanted(table) > 0)) touched.insert(oid);
  }
  std::vector<TrialRows> all;
  // Parents first: rows of new tables may point to rows of other new ones.
  for (const FillStep& step : fill_order(impl.linked, touched)) {
    for (const FillStep::Part& part : step.parts) {
      const TableShape& table = impl.linked.at(part.table);
      std::vector<TrialIdea> ideas = {{{}, kOrdinaryRows, "", ""}};
      if (const auto before = impl.last_shapes.find(part.table); before != impl.last_shapes.end()) {
        const auto more = new_ideas(before->second, impl.last_types, table, impl.shapes.types());
        ideas.insert(ideas.end(), more.begin(), more.end());
      }
      const std::vector<TrialRows> rows = trial_rows(impl.filler, table, ideas);
      all.insert(all.end(), rows.begin(), rows.end());
    }
  }
  return all;
}

std::vector<TrialRows> RowGenerator::ordinary_rows(const std::vector<std::string>& tables) {
  impl_->refresh();
  std::vector<TrialRows> all;
  for (const auto& [oid, table] : impl_->linked) {
    if (std::find(tables.begin(), tables.end(), table.display()) == tables.end()) continue;
    const std::vector<TrialRows> rows = trial_rows(impl_->filler, table, {{{}, 1, "", ""}});
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

const SeenTables& RowGenerator::seen() const { return impl_->seen_columns; }

}  // namespace drydock
