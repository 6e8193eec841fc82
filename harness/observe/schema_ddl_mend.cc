// mend_statement: one function a kind, each a list of the properties that a plain statement sets.
#include <fmt/format.h>

#include <map>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/catalog_text.h"
#include "harness/observe/schema_ddl.h"
#include "harness/observe/schema_ddl_change.h"

namespace drydock {
namespace {

std::string recreate(const PropertyChange& change) {
  const std::string drop = drop_statement(change.found);
  if (drop.empty() || change.expected.ddl.empty()) return "";
  return drop + "; " + std::string(trim(change.expected.ddl));
}

std::string comment(const PropertyChange& change) {
  const SchemaObject& object = change.found;
  const std::string& kind = object.key.kind;
  if (kind == "database") return "";
  std::string target = object.key.name;
  if (is_one_of(kind, {"constraint", "trigger", "rule", "policy"})) {
    target = own_name(object) + " ON " + (object.parent.kind == "domain" ? "DOMAIN " : "") +
             object.parent.name;
  }
  return fmt::format("COMMENT ON {} {} IS {}",
                     kind == "attribute" ? "COLUMN" : upper_kind(object.key), target,
                     change.should.empty() ? "NULL" : sql_text(change.should));
}

std::string option(const PropertyChange& change) {
  const std::string key = option_key(change.property);
  const std::string what = change.should.empty()
                               ? "RESET (" + key + ")"
                               : "SET (" + key + " = " + option_literal(change.should) + ")";
  if (change.key().kind == "column") {
    return change.alter_parent() + "ALTER COLUMN " + own_name(change.found) + " " + what;
  }
  return change.alter() + what;
}

std::string setting(const PropertyChange& change) {
  if (change.key().kind == "database" || change.concerns("setting in this database ")) return "";
  const std::string key = change.after("setting ");
  if (change.should.empty()) return change.alter() + "RESET " + key;
  // Lists are stored as they were written, so they are given back without quotes.
  const bool list = key == "search_path";
  return change.alter() + "SET " + key + " TO " + (list ? change.should : sql_text(change.should));
}

std::string column(const PropertyChange& change) {
  const std::string alter = change.alter_parent() + "ALTER COLUMN " + own_name(change.found) + " ";
  const std::string& p = change.property;
  const bool unset = change.should.empty();
  if (p == "type") return alter + "TYPE " + change.should;
  if (p == "collation" && !unset) {
    return alter + "TYPE " + value_of(change.expected, "type") + " COLLATE " + change.should;
  }
  if (p == "not null") return alter + (unset ? "DROP NOT NULL" : "SET NOT NULL");
  if (p == "default") return alter + (unset ? "DROP DEFAULT" : "SET DEFAULT " + change.should);
  if (p == "generated" && unset) return alter + "DROP EXPRESSION";
  if (p == "identity") {
    if (unset) return alter + "DROP IDENTITY";
    return alter + (change.is.empty() ? "ADD GENERATED " + change.should + " AS IDENTITY"
                                      : "SET GENERATED " + change.should);
  }
  if (p == "statistics target") return alter + "SET STATISTICS " + (unset ? "-1" : change.should);
  if (p == "compression") return alter + "SET COMPRESSION " + (unset ? "default" : change.should);
  if (p == "storage" && !unset) return alter + "SET STORAGE " + change.should;
  return "";
}

std::string table(const PropertyChange& change) {
  const std::string& p = change.property;
  const bool unset = change.should.empty();
  if (p == "row security") {
    return change.alter() + (unset ? "DISABLE" : "ENABLE") + " ROW LEVEL SECURITY";
  }
  if (p == "row security for the owner") {
    return change.alter() + (unset ? "NO FORCE" : "FORCE") + " ROW LEVEL SECURITY";
  }
  if (p == "persistence") return change.alter() + (unset ? "SET LOGGED" : "SET UNLOGGED");
  if (p == "replica identity" && change.should != "index") {
    return change.alter() + "REPLICA IDENTITY " + (unset ? "DEFAULT" : upper_case(change.should));
  }
  if (p == "tablespace") {
    return change.alter() + "SET TABLESPACE " + (unset ? "pg_default" : change.should);
  }
  return "";
}

std::string view(const PropertyChange& change) {
  if (change.property == "definition" && change.key().kind == "view") {
    return "CREATE OR REPLACE VIEW " + change.key().name + " AS " +
           std::string(trim(change.should));
  }
  if (change.property == "populated") {
    return "REFRESH MATERIALIZED VIEW " + change.key().name +
           (change.should.empty() ? "" : " WITH NO DATA");
  }
  return "";
}

std::string sequence(const PropertyChange& change) {
  static const std::map<std::string, std::string> words = {
      {"type", "AS"},          {"start", "START WITH"}, {"increment", "INCREMENT BY"},
      {"minimum", "MINVALUE"}, {"maximum", "MAXVALUE"}, {"cache", "CACHE"}};
  if (const auto at = words.find(change.property); at != words.end()) {
    return change.alter() + at->second + " " + change.should;
  }
  if (change.property == "cycle") {
    return change.alter() + (change.should.empty() ? "NO CYCLE" : "CYCLE");
  }
  if (change.property == "owned by" && !is_of_identity(change.expected) &&
      !is_of_identity(change.found)) {
    return change.alter() + "OWNED BY " + (change.should.empty() ? "NONE" : change.should);
  }
  return "";
}

/// Whether triggers, event triggers and rules fire.
std::string enabled(const PropertyChange& change) {
  std::string verb = "ENABLE";
  if (change.should == "no") verb = "DISABLE";
  if (change.should == "on replicas") verb = "ENABLE REPLICA";
  if (change.should == "always") verb = "ENABLE ALWAYS";
  if (change.key().kind == "event trigger") return change.alter() + verb;
  return change.alter_parent() + verb + " " + upper_kind(change.key()) + " " +
         own_name(change.found);
}

std::string part_of_table(const PropertyChange& change) {
  const std::string& p = change.property;
  const std::string& kind = change.key().kind;
  if (p == "enabled") return enabled(change);
  if (p == "validated") {
    return change.should.empty()
               ? change.alter_parent() + "VALIDATE CONSTRAINT " + own_name(change.found)
               : recreate(change);
  }
  if (p == "enforced" || p == "inherited" || p == "attached to") return "";
  if (p == "statistics target" && kind == "statistics") {
    return change.alter() + "SET STATISTICS " + (change.should.empty() ? "-1" : change.should);
  }
  if (p == "clustered" && change.found.parent.kind != "constraint") {
    return change.alter_parent() + (change.should.empty()
                                        ? "SET WITHOUT CLUSTER"
                                        : "CLUSTER ON " + unqualified(change.key().name));
  }
  if (p == "valid") return change.should.empty() ? "REINDEX INDEX " + change.key().name : "";
  return p == "definition" || kind == "policy" ? recreate(change) : "";
}

std::string domain(const PropertyChange& change) {
  const bool unset = change.should.empty();
  if (change.property == "default") {
    return change.alter() + (unset ? "DROP DEFAULT" : "SET DEFAULT " + change.should);
  }
  if (change.property == "not null") {
    return change.alter() + (unset ? "DROP NOT NULL" : "SET NOT NULL");
  }
  return "";
}

std::string function(const PropertyChange& change) {
  if (change.property == "security") {
    return change.alter() + "SECURITY " + (change.should.empty() ? "INVOKER" : "DEFINER");
  }
  const bool signature = is_one_of(change.property, {"arguments", "returns", "window function"});
  if (signature || change.key().kind == "aggregate") return recreate(change);
  return std::string(trim(change.expected.ddl));
}

std::string role(const PropertyChange& change) {
  static const std::map<std::string, std::string> words = {
      {"superuser", "SUPERUSER"},     {"login", "LOGIN"},
      {"create roles", "CREATEROLE"}, {"create databases", "CREATEDB"},
      {"replication", "REPLICATION"}, {"bypass row security", "BYPASSRLS"}};
  const bool unset = change.should.empty();
  if (const auto at = words.find(change.property); at != words.end()) {
    return change.alter() + (unset ? "NO" : "") + at->second;
  }
  if (change.property == "inherit") return change.alter() + (unset ? "INHERIT" : "NOINHERIT");
  if (change.property == "connection limit") {
    return change.alter() + "CONNECTION LIMIT " + (unset ? "-1" : change.should);
  }
  if (change.property == "valid until") {
    return change.alter() + "VALID UNTIL " + sql_text(unset ? "infinity" : change.should);
  }
  if (change.property == "password" && unset) return change.alter() + "PASSWORD NULL";
  return "";
}

std::string extension(const PropertyChange& change) {
  if (change.property == "version") {
    return change.alter() + "UPDATE TO " + sql_text(change.should);
  }
  return change.property == "schema" ? change.alter() + "SET SCHEMA " + change.should : "";
}

/// Properties that a single kind (or a few alike) has.
std::string by_kind(const PropertyChange& change) {
  const std::string& kind = change.key().kind;
  if (kind == "column") return column(change);
  if (kind == "table" || kind == "foreign table") return table(change);
  if (kind == "view" || kind == "materialized view") return view(change);
  if (kind == "sequence") return sequence(change);
  if (kind == "domain") return domain(change);
  if (kind == "role") return role(change);
  if (kind == "extension") return extension(change);
  if (is_one_of(kind, {"function", "procedure", "aggregate"})) return function(change);
  if (is_one_of(kind, {"constraint", "index", "trigger", "rule", "policy", "statistics"})) {
    return part_of_table(change);
  }
  if (kind == "event trigger" && change.property == "enabled") return enabled(change);
  if (kind == "attribute" && change.property == "type") {
    return change.alter_parent() + "ALTER ATTRIBUTE " + own_name(change.found) + " TYPE " +
           change.should;
  }
  const bool nothing_hangs_on_it =
      is_one_of(kind, {"publication", "cast", "event trigger", "conversion", "transform"});
  return nothing_hangs_on_it ? recreate(change) : "";
}

}  // namespace

std::string mend_statement(const SchemaObject& expected, const SchemaObject& found,
                           const std::string& property) {
  const PropertyChange change{expected, found, property, value_of(expected, property),
                              value_of(found, property)};
  if (property == "comment") return comment(change);
  if (property == "owner") {
    // A sequence that belongs to a column follows its table.
    if (found.key.kind == "database" || !value_of(found, "owned by").empty()) return "";
    return change.alter() + "OWNER TO " + quoted_name(change.should);
  }
  if (change.concerns("privileges: ")) return privilege_statement(change);
  if (!option_key(property).empty()) return option(change);
  if (change.concerns("setting ")) return setting(change);
  return by_kind(change);
}

}  // namespace drydock
