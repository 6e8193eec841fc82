// Types, out of the catalogs, with all that they are made of.

#include <fmt/format.h>

#include "harness/data/catalog_fields.h"
#include "harness/data/shape_reader.h"

namespace drydock {
namespace {

TypeKind kind_of(std::string_view type, bool array) {
  if (array) return TypeKind::kArray;
  switch (type.empty() ? 'b' : type[0]) {
    case 'd':
      return TypeKind::kDomain;
    case 'e':
      return TypeKind::kEnum;
    case 'c':
      return TypeKind::kComposite;
    case 'r':
      return TypeKind::kRange;
    case 'm':
      return TypeKind::kMultirange;
    case 'p':
      return TypeKind::kPseudo;
    default:
      return TypeKind::kBase;
  }
}

}  // namespace

void ShapeReader::take_types(const Rows& rows) {
  std::string fresh;
  for (int i = 0; i < rows.size(); ++i) {
    const Oid oid = oid_of(rows.at(i, 0));
    if (types_.contains(oid)) continue;
    TypeShape& type = types_[oid];
    type.oid = oid;
    type.kind = kind_of(rows.at(i, 1), true_at(rows, i, 2));
    type.name = rows.at(i, 3);
    type.sql = rows.at(i, 4);
    type.category = rows.at(i, 5)[0];
    type.base = oid_of(rows.at(i, 6));
    type.modifier = number_of(rows.at(i, 7));
    type.not_null = true_at(rows, i, 8);
    fresh += (fresh.empty() ? "" : ",") + std::to_string(oid);
  }
  if (!fresh.empty()) read_type_details(fresh);
}

void ShapeReader::read_type_details(const std::string& oids) {
  const Rows rows = session_.query(fmt::format(
      R"(SELECT 'label', enumtypid, enumlabel::text, NULL, NULL, enumsortorder
         FROM pg_enum WHERE enumtypid IN ({0})
         UNION ALL
         SELECT 'check', contypid, pg_get_expr(conbin, 0), NULL, NULL, oid::bigint
         FROM pg_constraint WHERE contypid IN ({0}) AND contype = 'c'
         UNION ALL
         SELECT 'field', t.oid, quote_ident(a.attname), a.atttypid::text, a.atttypmod::text, a.attnum
         FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0
              AND NOT a.attisdropped WHERE t.oid IN ({0}) AND t.typtype = 'c'
         {1}
         ORDER BY 2, 6)",
      oids,
      version_ >= 140000
          ? fmt::format("UNION ALL SELECT 'range', rngmultitypid, NULL, rngtypid::text, "
                        "NULL, 0 FROM pg_range WHERE rngmultitypid IN ({})",
                        oids)
          : ""));
  for (int i = 0; i < rows.size(); ++i) {
    TypeShape& type = types_[oid_of(rows.at(i, 1))];
    if (rows.at(i, 0) == "label") type.labels.push_back(text_at(rows, i, 2));
    if (rows.at(i, 0) == "check") type.checks.push_back(text_at(rows, i, 2));
    if (rows.at(i, 0) == "range") type.base = oid_of(rows.at(i, 3));
    if (rows.at(i, 0) == "field") {
      type.fields.push_back({text_at(rows, i, 2), oid_of(rows.at(i, 3)), number_of(rows.at(i, 4))});
    }
  }
}

}  // namespace drydock
