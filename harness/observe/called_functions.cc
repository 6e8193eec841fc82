#include "harness/observe/called_functions.h"

#include <map>
#include <string>

#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

/// Names, not oids: a database that was made anew is to look the same. oids below 16384 are made by
/// initdb (src/include/access/transam.h, FirstNormalObjectId).
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

}  // namespace

void fill_called_functions(Session& session, std::vector<TenantTable>& tables) {
  const Rows rows = session.query(kCalls);
  std::map<std::uint32_t, std::string> prints;
  for (int row = 0; row < rows.size(); ++row) {
    prints[oids_of(rows.at(row, 0)).front()] = rows.at(row, 1);
  }
  for (TenantTable& table : tables) {
    const auto known = prints.find(table.oid);
    if (known != prints.end()) table.looked_into += " calls " + known->second;
  }
}

}  // namespace drydock
