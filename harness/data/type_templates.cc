#include "harness/data/type_templates.h"

#include <algorithm>
#include <iterator>

namespace drydock {
namespace {

constexpr TypeTemplate kTemplates[] = {
    {"inet", "inet '10.0.0.0' + ({r} % 16777216)", false},
    {"cidr", "network(set_masklen(inet '10.0.0.0' + ({n}) * 256, 24))", true},
    {"macaddr", "lpad(to_hex({n}), 12, '0')::macaddr", true},
    {"macaddr8", "lpad(to_hex({n}), 16, '0')::macaddr8", true},
    {"point", "point(({r} % 2000) / 10.0, ({n}) / 10.0)", true},
    {"line", "line(point(0, {n}), point(1, ({n}) + 1))", true},
    {"lseg", "lseg(point(0, {n}), point(3, {n}))", true},
    {"box", "box(point(({n}) * 10, 0), point(({n}) * 10 + 5, 5))", true},
    {"circle", "circle(point(({n}) * 10, 0), 4)", true},
    {"path", "path('((0,0),(1,' || ({n}) || '),(2,0))')", true},
    {"polygon", "polygon(box(point(({n}) * 10, 0), point(({n}) * 10 + 5, 5)))", true},
    {"tsvector", "to_tsvector('simple', 'amber harbor item' || ({n}))", true},
    {"tsquery", "plainto_tsquery('simple', 'amber item' || ({n}))", true},
    {"xml", "xmlparse(content '<item number=\"' || ({n}) || '\">amber</item>')", true},
    {"oid", "(16000 + ({n}))::text::oid", true},
    {"xid", "({n})::text::xid", true},
    {"xid8", "({n})::text::xid8", true},
    {"cid", "({n})::text::cid", true},
    {"tid", "('(' || ({n}) || ',1)')::tid", true},
    {"regclass", "'pg_catalog.pg_class'::regclass", false},
    {"regtype", "'integer'::regtype", false},
    {"regproc", "'pg_catalog.now'::regproc", false},
    {"regprocedure", "'pg_catalog.now()'::regprocedure", false},
    {"regoper", "'pg_catalog.||/'::regoper", false},
    {"regoperator", "'pg_catalog.+(integer,integer)'::regoperator", false},
    {"regrole", "'pg_monitor'::regrole", false},
    {"regnamespace", "'pg_catalog'::regnamespace", false},
    {"regconfig", "'simple'::regconfig", false},
    {"regdictionary", "'simple'::regdictionary", false},
    {"regcollation", "'\"C\"'::regcollation", false},
    {"pg_lsn", "('0/' || to_hex({n}))::pg_lsn", true},
    {"txid_snapshot", "(({n}) || ':' || ({n}) + 5 || ':')::txid_snapshot", true},
    {"pg_snapshot", "(({n}) || ':' || ({n}) + 5 || ':')::pg_snapshot", true},
    {"int2vector", "'1 2'::int2vector", false},
    {"oidvector", "'1 2'::oidvector", false},
    {"jsonpath", "('$.item' || ({n}))::jsonpath", true},
    {"aclitem", "makeaclitem(10, 10, 'SELECT', false)", false},
    {"refcursor", "('cursor' || ({n}))::refcursor", true},
    {"hstore", "('colour=>green, number=>' || ({n}))::{t}", true},
    {"ltree", "('top.branch.item' || ({n}))::{t}", true},
    {"lquery", "('top.*.item' || ({n}))::{t}", true},
    {"ltxtquery", "('top & item' || ({n}))::{t}", true},
    {"cube", "('(' || ({n}) || ',1)')::{t}", true},
    {"seg", "(({n}) || ' .. ' || ({n}) + 1)::{t}", true},
    {"geometry", "('POINT(' || ({r} % 180) || ' ' || ({n}) % 90 || ')')::{t}", true},
    {"geography", "('POINT(' || ({r} % 180) || ' ' || ({n}) % 90 || ')')::{t}", true},
};

}  // namespace

const TypeTemplate* template_of(std::string_view type) {
  const auto* found = std::find_if(std::begin(kTemplates), std::end(kTemplates),
                                   [&](const TypeTemplate& each) { return each.type == type; });
  return found == std::end(kTemplates) ? nullptr : found;
}

}  // namespace drydock
