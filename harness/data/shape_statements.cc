// What is read of tables and types out of the catalogs: statements over the tables numbered $1.
//
// Mostly it is one table that changed, and the planner has no statistics and reads whole catalogs
// to join them: a subquery in the SELECT, or LATERAL with OFFSET 0, is looked up row by row.

#include "harness/data/shape_statements.h"

#include <fmt/format.h>

namespace drydock {

std::string tables_statement() {
  return fmt::format(
      R"(SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                c.relkind = 'p'
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = ANY ($1) AND {})",
      kTakesRows);
}

std::string columns_statement() {
  return R"(SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
                format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '',
                a.attidentity <> '', pg_get_expr(d.adbin, d.adrelid), s.sequence
         FROM pg_attribute a
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         LEFT JOIN (
             SELECT DISTINCT ON (o.refobjid, o.refobjsubid) o.refobjid, o.refobjsubid, c.sequence
             FROM pg_depend o CROSS JOIN LATERAL (
               SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS sequence
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.oid = o.objid AND c.relkind = 'S' OFFSET 0) c
             WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
               AND o.refobjid = ANY ($1) AND o.deptype IN ('a', 'i')
             ORDER BY o.refobjid, o.refobjsubid, c.oid DESC) s
           ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
         WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2)";
}

std::string checks_statement() {
  return R"(SELECT conrelid, conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = ANY ($1) AND contype = 'c' ORDER BY conrelid, oid)";
}

std::string foreign_keys_statement() {
  return R"(SELECT k.conrelid, k.oid, k.conname, k.confrelid,
                quote_ident(n.nspname) || '.' || quote_ident(p.relname), p.relkind = 'p',
                a.attname, b.attname, k.condeferrable, k.confmatchtype = 'f',
                format_type(b.atttypid, b.atttypmod), b.attnotnull
         FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
         JOIN pg_namespace n ON n.oid = p.relnamespace
         CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY u(child, parent, place)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.child
         JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.parent
         WHERE k.conrelid = ANY ($1) AND k.contype = 'f' AND k.conparentid = 0
         ORDER BY k.conrelid, k.oid, u.place)";
}

std::string uniques_statement(int server_version) {
  return fmt::format(
      R"(SELECT i.indrelid, i.indexrelid,
                (SELECT c.relname FROM pg_class c WHERE c.oid = i.indexrelid),
                i.indisprimary, NOT i.indimmediate, {},
                pg_get_expr(i.indpred, i.indrelid),
                (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = i.indrelid
                 AND a.attnum = i.indkey[g.place - 1] AND a.attnum > 0),
                CASE WHEN i.indkey[g.place - 1] <= 0
                     THEN pg_get_indexdef(i.indexrelid, g.place, false) END
         FROM pg_index i
         CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) g(place)
         WHERE i.indrelid = ANY ($1) AND i.indisunique AND i.indislive
         ORDER BY i.indrelid, NOT i.indisprimary, i.indnkeyatts, i.indexrelid, g.place)",
      server_version >= 150000 ? "i.indnullsnotdistinct" : "false");
}

std::string exclusions_statement() {
  return R"(SELECT k.conrelid, k.oid, k.conname, pg_get_indexdef(k.conindid, g.place, false),
                (SELECT oprname FROM pg_operator o WHERE o.oid = k.conexclop[g.place]),
                pg_get_expr(i.indpred, i.indrelid)
         FROM pg_constraint k JOIN pg_index i ON i.indexrelid = k.conindid
         CROSS JOIN LATERAL generate_series(1, array_length(k.conexclop, 1)) g(place)
         WHERE k.conrelid = ANY ($1) AND k.contype = 'x' ORDER BY 1, 2, g.place)";
}

std::string partitions_statement() {
  return R"(WITH RECURSIVE way(root, leaf, parent, step) AS (
           SELECT pg_partition_root(t.relid), t.relid, t.parentrelid, t.relid
           FROM pg_class c CROSS JOIN LATERAL pg_partition_tree(c.oid) t
           WHERE c.oid = ANY ($1) AND c.relkind = 'p' AND t.isleaf AND t.parentrelid IS NOT NULL
           UNION ALL
           SELECT w.root, w.leaf, i.inhparent::regclass, w.parent
           FROM way w JOIN pg_inherits i ON i.inhrelid = w.parent)
         SELECT w.root::oid, w.leaf::oid, p.partstrat,
                (SELECT string_agg(coalesce(a.attname, ''), E'\n' ORDER BY k.place)
                 FROM unnest(p.partattrs::int2[]) WITH ORDINALITY k(number, place)
                 LEFT JOIN pg_attribute a ON a.attrelid = w.parent AND a.attnum = k.number
                      AND k.number > 0),
                pg_get_expr(c.relpartbound, c.oid), pg_get_partition_constraintdef(w.leaf)
         FROM way w JOIN pg_class c ON c.oid = w.step
         JOIN pg_partitioned_table p ON p.partrelid = w.parent
         JOIN pg_class l ON l.oid = w.leaf AND l.relkind = 'r'
         ORDER BY 1, 2, (SELECT count(*) FROM pg_partition_ancestors(w.step)))";
}

std::string views_statement() {
  return R"(WITH RECURSIVE written(oid) AS (
           SELECT unnest($1)
           UNION
           SELECT CASE i.inhrelid WHEN w.oid THEN i.inhparent ELSE i.inhrelid END
           FROM written w JOIN pg_inherits i ON w.oid IN (i.inhrelid, i.inhparent)),
         showing(oid) AS (
           (SELECT oid FROM written
            UNION ALL
            SELECT r.ev_class FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
            WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_proc'::regclass
              AND d.refobjid >= 16384)
           UNION
           SELECT r.ev_class FROM showing s
           JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid
             AND d.classid = 'pg_rewrite'::regclass
           JOIN pg_rewrite r ON r.oid = d.objid)
         SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'm' AND c.relispopulated AND c.oid >= 16384
           AND c.oid IN (SELECT oid FROM showing)
         ORDER BY c.oid)";
}

std::string types_statement(int server_version) {
  return fmt::format(
      R"(WITH RECURSIVE used(oid) AS (
           SELECT DISTINCT atttypid FROM pg_attribute
           WHERE attrelid = ANY ($1) AND attnum > 0 AND NOT attisdropped
           UNION
           SELECT needed.oid FROM used CROSS JOIN LATERAL (
             SELECT * FROM pg_type WHERE pg_type.oid = used.oid OFFSET 0) t
           CROSS JOIN LATERAL (
             SELECT t.typbasetype WHERE t.typbasetype <> 0
             UNION ALL SELECT t.typelem WHERE t.typelem <> 0 AND t.typcategory = 'A'
             UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
             {}
             UNION ALL SELECT a.atttypid FROM pg_attribute a
               WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0
                 AND NOT a.attisdropped) needed(oid))
         SELECT t.oid, t.typtype, t.typcategory = 'A' AND t.typelem <> 0, t.typname,
                format_type(t.oid, NULL), t.typcategory,
                CASE WHEN t.typtype = 'd' THEN t.typbasetype
                     WHEN t.typcategory = 'A' THEN t.typelem
                     ELSE coalesce((SELECT rngsubtype FROM pg_range WHERE rngtypid = t.oid), 0) END,
                t.typtypmod, t.typnotnull, t.typrelid
         FROM used CROSS JOIN LATERAL (
           SELECT * FROM pg_type WHERE pg_type.oid = used.oid OFFSET 0) t)",
      server_version >= 140000
          ? "UNION ALL SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = t.oid"
          : "");
}

}  // namespace drydock
