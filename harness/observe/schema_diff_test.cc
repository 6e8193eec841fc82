#include "harness/observe/schema_diff.h"

#include <algorithm>
#include <memory>

#include "harness/model/describe.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

using enum DifferenceClass;

SchemaObject table() {
  return {{"table", "public.t"}, {{"owner", "me", kSecurity}}, "", kBehaviour, {}};
}

SchemaObject column(const std::string& name, const std::string& position,
                    const std::string& type = "integer") {
  return {{"column", "public.t." + name},
          {{"position", position, kCosmetic}, {"type", type, kBehaviour}},
          "",
          kBehaviour,
          {"table", "public.t"}};
}

SchemaObject part(const std::string& kind, const std::string& name, const std::string& definition,
                  const ObjectKey& parent) {
  return {{kind, name},
          {{"definition", definition, kBehaviour}},
          "CREATE " + kind + " " + name,
          kBehaviour,
          parent};
}

const ObjectKey kTable{"table", "public.t"};

SchemaSnapshot snapshot(std::vector<SchemaObject> objects) {
  SchemaSnapshot made;
  for (SchemaObject& object : objects) {
    made.objects.push_back(std::make_shared<const SchemaObject>(std::move(object)));
  }
  std::sort(made.objects.begin(), made.objects.end(),
            [](const auto& a, const auto& b) { return a->key < b->key; });
  return made;
}

}  // namespace

TEST_CASE("equal schemas have no differences, shared or not") {
  const SchemaSnapshot one = snapshot({table(), column("a", "1")});
  CHECK(compare_schemas(one, one).empty());
  CHECK(compare_schemas(one, snapshot({table(), column("a", "1")})).empty());
}

TEST_CASE("a missing table is one difference, and its statement makes the columns too") {
  const SchemaDiff diff =
      compare_schemas(snapshot({table(), column("b", "2", "text"), column("a", "1"),
                                part("index", "public.i", "CREATE INDEX ON public.t", kTable)}),
                      snapshot({}));
  REQUIRE(diff.size() == 1);
  CHECK(describe(diff[0]) ==
        "table public.t is missing: CREATE TABLE public.t (a integer, b text); "
        "CREATE index public.i");
}

TEST_CASE("an extra column is told with the statement that drops it") {
  const SchemaDiff diff =
      compare_schemas(snapshot({table()}), snapshot({table(), column("a", "1")}));
  REQUIRE(diff.size() == 1);
  CHECK(diff[0].change == ChangeKind::kExtra);
  CHECK(diff[0].ddl == "ALTER TABLE public.t DROP COLUMN a");
}

TEST_CASE("holes that dropped columns leave are no difference") {
  CHECK(compare_schemas(snapshot({table(), column("a", "1"), column("b", "2")}),
                        snapshot({table(), column("a", "1"), column("b", "5")}))
            .empty());
}

TEST_CASE("columns in another order are one cosmetic difference of the table") {
  const SchemaDiff diff =
      compare_schemas(snapshot({table(), column("a", "1"), column("b", "2"), column("c", "3")}),
                      snapshot({table(), column("b", "2"), column("c", "3"), column("a", "4")}));
  REQUIRE(diff.size() == 1);
  CHECK(diff[0].object == kTable);
  CHECK(diff[0].property == "column order");
  CHECK(diff[0].expected == "a, b, c");
  CHECK(diff[0].found == "b, c, a");
  CHECK(diff[0].weight == kCosmetic);
}

TEST_CASE("a column that is new in the middle changes no order") {
  const SchemaDiff diff =
      compare_schemas(snapshot({table(), column("a", "1"), column("c", "2")}),
                      snapshot({table(), column("a", "1"), column("b", "2"), column("c", "3")}));
  REQUIRE(diff.size() == 1);
  CHECK(diff[0].object.name == "public.t.b");
}

TEST_CASE("names that the server made up differ cosmetically, given ones do not") {
  const auto unique = [](const std::string& name) {
    return part("constraint", name + " on public.t", "UNIQUE (a)", kTable);
  };
  SchemaDiff diff = compare_schemas(snapshot({table(), unique("t_a_key")}),
                                    snapshot({table(), unique("t_a_key1")}));
  REQUIRE(diff.size() == 1);
  CHECK(diff[0].property == "name");
  CHECK(diff[0].weight == kCosmetic);
  CHECK(diff[0].ddl == "ALTER TABLE public.t RENAME CONSTRAINT t_a_key1 TO t_a_key");

  diff =
      compare_schemas(snapshot({table(), unique("one_a")}), snapshot({table(), unique("t_a_key")}));
  REQUIRE(diff.size() == 1);
  CHECK(diff[0].weight == kBehaviour);
}

TEST_CASE("a constraint with another definition and another name is no renaming") {
  CHECK(compare_schemas(
            snapshot({table(), part("constraint", "t_key on public.t", "UNIQUE (a)", kTable)}),
            snapshot({table(), part("constraint", "t_key1 on public.t", "UNIQUE (b)", kTable)}))
            .size() == 2);
}

TEST_CASE("a changed constraint is listed without the index behind it") {
  const auto with = [](const std::string& columns) {
    return snapshot(
        {table(), part("constraint", "k on public.t", "UNIQUE " + columns, kTable),
         part("index", "public.k", "CREATE INDEX " + columns, {"constraint", "k on public.t"})});
  };
  const SchemaDiff diff = compare_schemas(with("(a)"), with("(b)"));
  REQUIRE(diff.size() == 1);
  CHECK(diff[0].object.kind == "constraint");
}

TEST_CASE("a property on one side only is a change from or to nothing") {
  SchemaObject commented = table();
  commented.properties.push_back({"comment", "it's", kCosmetic});
  const SchemaDiff lost = compare_schemas(snapshot({commented}), snapshot({table()}));
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].ddl == "COMMENT ON TABLE public.t IS 'it''s'");
  const SchemaDiff gained = compare_schemas(snapshot({table()}), snapshot({commented}));
  REQUIRE(gained.size() == 1);
  CHECK(gained[0].ddl == "COMMENT ON TABLE public.t IS NULL");
  CHECK(gained[0].weight == kCosmetic);
}

}  // namespace drydock
