#include "harness/observe/isolation_surroundings.h"

namespace drydock {
namespace {

constexpr const char* kParties = R"(
SELECT pg_catalog.md5(pg_catalog.concat_ws(E'\n',
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', n.nspname, o.rolname, n.nspacl), E'\n'
          ORDER BY n.nspname)
     FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles o ON o.oid = n.nspowner
    WHERE n.nspname !~ '^pg_'),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', r.rolname, r.rolsuper, r.rolbypassrls,
            r.rolinherit), E'\n' ORDER BY r.rolname)
     FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_'),
  (SELECT pg_catalog.string_agg(a.rolname || ' ' || b.rolname, E'\n' ORDER BY a.rolname, b.rolname)
     FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles a ON a.oid = m.roleid
     JOIN pg_catalog.pg_roles b ON b.oid = m.member),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', r.rolname,
            d.defaclnamespace::pg_catalog.regnamespace, d.defaclobjtype, d.defaclacl), E'\n'
          ORDER BY r.rolname, d.defaclnamespace::pg_catalog.regnamespace::text, d.defaclobjtype)
     FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole))))";

/// oids below are made by initdb (src/include/access/transam.h, FirstNormalObjectId).
constexpr const char* kWays = R"(
SELECT pg_catalog.md5(pg_catalog.concat_ws(E'\n',
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid), p.prosrc, p.prosecdef,
            p.provolatile, p.proleakproof, o.rolname, p.proacl, p.proconfig), E'\n'
          ORDER BY n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid))
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
    WHERE p.oid >= 16384 AND n.nspname !~ '^pg_'),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', n.nspname, c.relname, o.rolname, c.relacl,
            c.reloptions, pg_catalog.pg_get_viewdef(c.oid)), E'\n' ORDER BY n.nspname, c.relname)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
    WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384 AND n.nspname !~ '^pg_'),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', n.nspname, c.relname, c.relacl,
            c.relrowsecurity, o.rolname), E'\n' ORDER BY n.nspname, c.relname)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
    WHERE c.oid IN (SELECT i.inhrelid FROM pg_catalog.pg_inherits i)
      AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', p.pubname, t.schemaname, t.tablename),
            E'\n' ORDER BY p.pubname, t.schemaname, t.tablename)
     FROM pg_catalog.pg_publication p
     LEFT JOIN pg_catalog.pg_publication_tables t ON t.pubname = p.pubname))))";

}  // namespace

IsolationSurroundings isolation_surroundings(Session& session) {
  return {std::string(session.query(kParties).at(0, 0)),
          std::string(session.query(kWays).at(0, 0))};
}

}  // namespace drydock
