#include "harness/observe/bypass_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

/// $role: who asks. A view of before 15 always reads as its owner. pg_relation_is_updatable gives
/// bits: 4 UPDATE, 8 INSERT, 16 DELETE (PostgreSQL's rewriteHandler.c).
constexpr const char* kViews = R"sql(
select c.oid, c.relkind = 'm', format('%I.%I', n.nspname, c.relname), pg_get_userbyid(c.relowner),
  coalesce((select option_value::boolean from pg_options_to_table(c.reloptions)
     where option_name = 'security_invoker'), false),
  has_schema_privilege($role, n.oid, 'USAGE'),
  (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and has_column_privilege($role, c.oid, a.attnum, 'SELECT')),
  c.relname,
  (select string_agg(quote_ident(attname), chr(31) order by attnum) from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and pg_relation_is_updatable(c.oid, false) & 8 <> 0
       and pg_column_is_updatable(c.oid, a.attnum, false)
       and has_column_privilege($role, c.oid, a.attnum, 'INSERT')),
  (select string_agg(quote_ident(attname), chr(31) order by attnum) from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and pg_relation_is_updatable(c.oid, false) & 4 <> 0
       and pg_column_is_updatable(c.oid, a.attnum, false)
       and has_column_privilege($role, c.oid, a.attnum, 'UPDATE')),
  pg_relation_is_updatable(c.oid, false) & 16 <> 0 and has_table_privilege($role, c.oid, 'DELETE')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm') and c.oid >= 16384 and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass
    and e.objid = c.oid and e.deptype = 'e'))sql";

/// Modes of arguments: in, inout and variadic are given by who calls.
constexpr const char* kFunctions = R"sql(
select p.oid, p.prokind = 'p', format('%I.%I', n.nspname, p.proname),
  format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)),
  pg_get_userbyid(p.proowner), p.prosecdef,
  has_schema_privilege($role, n.oid, 'USAGE') and has_function_privilege($role, p.oid, 'EXECUTE'),
  p.prosrc = '' or coalesce((select bool_or(lower(s) like 'search_path=%') from
    unnest(p.proconfig) s), false),
  p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype),
  p.pronargdefaults, p.prosrc, p.proname,
  (select string_agg(format_type(t, null), chr(31) order by k)
     from unnest(p.proargtypes::oid[]) with ordinality as u(t, k)),
  (select string_agg(coalesce(p.proargnames[k], ''), chr(31) order by k)
     from generate_series(1, coalesce(array_length(p.proargmodes, 1), p.pronargs)) as k
     where p.proargmodes is null or p.proargmodes[k] in ('i', 'b', 'v')),
  p.provariadic <> 0
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  join pg_language l on l.oid = p.prolang
where p.oid >= 16384 and p.prokind in ('f', 'p') and l.lanname not in ('c', 'internal')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass
    and e.objid = p.oid and e.deptype = 'e')
  and exists (select from pg_proc d where d.prosecdef and d.oid >= 16384))sql";

constexpr const char* kUses = R"sql(
select false, r.ev_class, d.refclassid = 'pg_proc'::regclass, d.refobjid
from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
where d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass) and d.refobjid >= 16384
  and d.refobjid <> r.ev_class
union select true, d.objid, d.refclassid = 'pg_proc'::regclass, d.refobjid
from pg_depend d where d.classid = 'pg_proc'::regclass and d.refobjid >= 16384
  and d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass))sql";

/// Partitions and children of $tables with what the role may do with them directly.
constexpr const char* kChildren = R"sql(
with recursive child as (
  select inhparent as root, inhrelid as oid from pg_inherits
    where inhparent = any ($tables::oid[])
  union select child.root, i.inhrelid from child join pg_inherits i on i.inhparent = child.oid)
select child.oid, child.root, format('%I.%I', n.nspname, c.relname), pg_get_userbyid(c.relowner),
  c.relrowsecurity, has_schema_privilege($role, n.oid, 'USAGE'),
  (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and has_column_privilege($role, c.oid, a.attnum, 'SELECT'))
from child join pg_class c on c.oid = child.oid join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p'))sql";

std::uint32_t oid(std::string_view text) { return oids_of(text).at(0); }

/// Words of a function's text in lower case, names in quotes without them.
std::set<std::string> words_of(std::string_view body) {
  std::set<std::string> words;
  std::string word;
  for (const char letter : to_lower(body) + " ") {
    const bool part = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                      letter == '_' || letter == '$' || (static_cast<unsigned char>(letter) > 127);
    if (part) {
      word += letter;
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  return words;
}

/// By a name without schema, in lower case: what could be meant.
using Named = std::multimap<std::string, BypassKey>;

class Reader {
 public:
  Reader(Session& session, const std::string& role, const std::vector<TenantTable>& tables) {
    std::vector<std::string> oids;
    for (const TenantTable& table : tables) {
      oids.push_back(std::to_string(table.oid));
      named_.emplace(to_lower(plain_name_parts(table.sql).back()), BypassKey{false, table.oid});
    }
    const std::string message = fmt::format("{};{};{};{}", kViews, kFunctions, kUses, kChildren);
    answers_ = session.query_all(
        with_mark(with_mark(message, "$tables", sql_text("{" + join(oids, ",") + "}")), "$role",
                  sql_text(role)));
  }

  BypassObjects objects() {
    add_views(answers_.at(0));
    add_functions(answers_.at(1));
    add_children(answers_.at(3));
    add_uses(answers_.at(2));
    for (const auto& [key, words] : words_) add_named_uses(key, words);
    return std::move(objects_);
  }

 private:
  void add_views(const Rows& rows) {
    for (int row = 0; row < rows.size(); ++row) {
      BypassObject object;
      object.key = {false, oid(rows.at(row, 0))};
      const bool stored = rows.at(row, 1) == "t";
      object.kind = stored ? BypassObject::Kind::kMaterializedView : BypassObject::Kind::kView;
      object.name = object.sql = rows.at(row, 2);
      object.owner = rows.at(row, 3);
      object.as_owner = rows.at(row, 4) != "t";
      object.columns = rows.at(row, 6);
      if (!rows.is_null(row, 8)) object.inserts = split(rows.at(row, 8), '\x1f');
      if (!rows.is_null(row, 9)) object.updates = split(rows.at(row, 9), '\x1f');
      object.deletes = rows.at(row, 10) == "t";
      object.usable = rows.at(row, 5) == "t" && (!object.columns.empty() || object.writes());
      named_.emplace(to_lower(rows.at(row, 7)), object.key);
      objects_.emplace(object.key, std::move(object));
    }
  }

  void add_functions(const Rows& rows) {
    for (int row = 0; row < rows.size(); ++row) {
      BypassObject object;
      object.key = {true, oid(rows.at(row, 0))};
      const bool procedure = rows.at(row, 1) == "t";
      object.kind = procedure ? BypassObject::Kind::kProcedure : BypassObject::Kind::kFunction;
      object.sql = rows.at(row, 2);
      object.name = rows.at(row, 3);
      object.owner = rows.at(row, 4);
      object.as_owner = rows.at(row, 5) == "t";
      object.usable = rows.at(row, 6) == "t";
      object.search_path = rows.at(row, 7) == "t";
      object.callable = rows.at(row, 8) == "t";
      object.defaults = std::stoi(std::string(rows.at(row, 9)));
      if (!rows.is_null(row, 12)) object.arguments = arguments_of(rows, row);
      object.variadic = rows.at(row, 14) == "t";
      std::set<std::string> words = words_of(rows.at(row, 10));
      object.sets_context = words.contains("set_config");
      words_.emplace(object.key, std::move(words));
      named_.emplace(to_lower(rows.at(row, 11)), object.key);
      objects_.emplace(object.key, std::move(object));
    }
  }

  static std::vector<FunctionArgument> arguments_of(const Rows& rows, int row) {
    std::vector<FunctionArgument> arguments;
    const std::vector<std::string> names = split(rows.at(row, 13), '\x1f');
    for (const std::string& type : split(rows.at(row, 12), '\x1f')) {
      const std::size_t at = arguments.size();
      arguments.push_back({at < names.size() ? names[at] : "", type});
    }
    return arguments;
  }

  void add_children(const Rows& rows) {
    for (int row = 0; row < rows.size(); ++row) {
      BypassObject object;
      object.kind = BypassObject::Kind::kPartition;
      object.key = {false, oid(rows.at(row, 0))};
      object.table = oid(rows.at(row, 1));
      object.name = object.sql = rows.at(row, 2);
      object.owner = rows.at(row, 3);
      object.row_security = rows.at(row, 4) == "t";
      object.columns = rows.at(row, 6);
      object.usable = rows.at(row, 5) == "t" && !object.columns.empty();
      object.uses.push_back({false, object.table});
      named_.emplace(to_lower(plain_name_parts(object.sql).back()), object.key);
      objects_.emplace(object.key, std::move(object));
    }
  }

  void add_uses(const Rows& rows) {
    for (int row = 0; row < rows.size(); ++row) {
      const auto found = objects_.find({rows.at(row, 0) == "t", oid(rows.at(row, 1))});
      if (found == objects_.end()) continue;
      found->second.uses.push_back({rows.at(row, 2) == "t", oid(rows.at(row, 3))});
    }
  }

  void add_named_uses(const BypassKey& key, const std::set<std::string>& words) {
    for (const std::string& word : words) {
      const auto [first, last] = named_.equal_range(word);
      for (auto it = first; it != last; ++it) {
        if (it->second != key) objects_.at(key).uses.push_back(it->second);
      }
    }
  }

  std::vector<Rows> answers_;
  BypassObjects objects_;
  Named named_;
  std::map<BypassKey, std::set<std::string>> words_;
};

}  // namespace

std::string BypassObject::words() const {
  switch (kind) {
    case Kind::kView:
      return "view " + name;
    case Kind::kMaterializedView:
      return "materialized view " + name;
    case Kind::kPartition:
      return "partition " + name;
    case Kind::kFunction:
      return "function " + name;
    case Kind::kProcedure:
      return "procedure " + name;
  }
  return name;
}

BypassObjects read_bypass_objects(Session& session, const std::string& role,
                                  const std::vector<TenantTable>& tables) {
  return Reader(session, role, tables).objects();
}

std::vector<BypassWay> ways_from(const BypassObjects& objects, const BypassKey& from,
                                 const std::vector<TenantTable>& tables) {
  std::vector<BypassWay> ways;
  std::set<BypassKey> seen = {from};
  std::vector<std::vector<BypassKey>> reached = {{from}};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::vector<BypassKey> way = reached[i];
    const auto object = objects.find(way.back());
    if (object == objects.end()) {
      const std::uint32_t table = way.back().oid;
      const bool of_tenants = !way.back().function &&
                              std::any_of(tables.begin(), tables.end(),
                                          [&](const TenantTable& one) { return one.oid == table; });
      if (of_tenants) ways.push_back({table, {way.begin(), way.end() - 1}});
      continue;
    }
    for (const BypassKey& next : object->second.uses) {
      if (!seen.insert(next).second) continue;
      reached.push_back(way);
      reached.back().push_back(next);
    }
  }
  return ways;
}

}  // namespace drydock
