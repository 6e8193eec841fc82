#include "harness/observe/policy_reach.h"

#include <map>
#include <string>

#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

/// Names, not oids: a database that was made anew is to look the same. oids below 16384 are made by
/// initdb (src/include/access/transam.h, FirstNormalObjectId).
constexpr const char* kReach = R"sql(
with recursive policy as materialized (
  select p.polrelid, d.refclassid, d.refobjid from pg_policy p
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
  where d.refobjid >= 16384
), called as (
  select distinct f.oid, lower(f.prosrc) as body from policy p
    join pg_proc f on p.refclassid = 'pg_proc'::regclass and f.oid = p.refobjid
), reads(function, seen) as materialized (
  select called.oid, c.oid from called
    join pg_class c on c.relkind in ('r', 'p', 'v', 'm') and c.oid >= 16384
    where position(lower(c.relname) in called.body) > 0
  union select called.oid, d.refobjid from called
    join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = called.oid
    where d.refclassid = 'pg_class'::regclass
), edge(source, seen) as materialized (
  select polrelid, refobjid from policy where refclassid = 'pg_class'::regclass
  union select p.polrelid, reads.seen from policy p join reads on reads.function = p.refobjid
    where p.refclassid = 'pg_proc'::regclass
  union select r.ev_class, d.refobjid from pg_rewrite r
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
    where d.refclassid = 'pg_class'::regclass and d.refobjid >= 16384
), reach(root, seen) as (
  select source, seen from edge where source in (select polrelid from policy) and seen <> source
  union select reach.root, edge.seen from reach join edge on edge.source = reach.seen
    where edge.seen <> reach.root
)
select reach.root, md5(string_agg(concat_ws('|', n.nspname, c.relname, c.relrowsecurity,
    c.relforcerowsecurity, pg_get_userbyid(c.relowner), c.relacl,
    (select string_agg(concat_ws('|', p.polname, p.polcmd, p.polpermissive,
         array(select pg_get_userbyid(r) from unnest(p.polroles) r where r <> 0 order by 1),
         pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), ';'
         order by p.polname)
       from pg_policy p where p.polrelid = c.oid)), E'\n' order by n.nspname, c.relname))
from reach join pg_class c on c.oid = reach.seen join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm')
group by reach.root)sql";

/// What a function calls is taken from the names in its text as well.
constexpr const char* kCalls = R"sql(
with recursive part(relation, classid, objid) as (
  select polrelid, 'pg_policy'::regclass, oid from pg_policy
  union all select tgrelid, 'pg_trigger'::regclass, oid from pg_trigger where not tgisinternal
  union all select adrelid, 'pg_attrdef'::regclass, oid from pg_attrdef
  union all select conrelid, 'pg_constraint'::regclass, oid from pg_constraint where conrelid <> 0
), called(relation, function) as (
  select part.relation, d.refobjid from part
    join pg_depend d on d.classid = part.classid and d.objid = part.objid
   where d.refclassid = 'pg_proc'::regclass and d.refobjid >= 16384
  union select called.relation, inner_one.oid from called
    join pg_proc outer_one on outer_one.oid = called.function
    join pg_proc inner_one on inner_one.oid >= 16384 and inner_one.oid <> outer_one.oid
     and position(lower(inner_one.proname) in lower(outer_one.prosrc)) > 0
)
select called.relation, md5(string_agg(concat_ws('|', n.nspname, p.proname,
    pg_get_function_identity_arguments(p.oid), p.prosrc, p.prosecdef, p.provolatile, p.proleakproof,
    pg_get_userbyid(p.proowner), p.proacl, p.proconfig), E'\n'
    order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)))
from called join pg_proc p on p.oid = called.function join pg_namespace n on n.oid = p.pronamespace
group by called.relation)sql";

void add_prints(Session& session, const char* query, std::vector<TenantTable>& tables) {
  const Rows rows = session.query(query);
  std::map<std::uint32_t, std::string> prints;
  for (int row = 0; row < rows.size(); ++row) {
    prints[oids_of(rows.at(row, 0)).front()] = rows.at(row, 1);
  }
  for (TenantTable& table : tables) {
    const auto known = prints.find(table.oid);
    if (known != prints.end()) table.looked_into += known->second + " ";
  }
}

}  // namespace

void fill_reach(Session& session, std::vector<TenantTable>& tables) {
  add_prints(session, kReach, tables);
  add_prints(session, kCalls, tables);
}

}  // namespace drydock
