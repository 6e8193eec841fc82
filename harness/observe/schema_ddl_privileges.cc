#include <fmt/format.h>

#include <vector>

#include "harness/base/text.h"
#include "harness/observe/catalog_text.h"
#include "harness/observe/schema_ddl.h"
#include "harness/observe/schema_ddl_change.h"

namespace drydock {
namespace {

/// "ON TABLE public.t", and the columns in front of it when the privileges are a column's.
struct PrivilegeTarget {
  std::string prefix;   ///< "ALTER DEFAULT PRIVILEGES … " or nothing
  std::string columns;  ///< " (email)" or nothing
  std::string object;   ///< "TABLE public.t"
};

PrivilegeTarget privilege_target(const SchemaObject& object) {
  const std::string& kind = object.key.kind;
  if (kind == "column") {
    return {"", " (" + own_name(object) + ")", "TABLE " + object.parent.name};
  }
  if (kind == "default privileges") {
    const std::size_t on = object.key.name.rfind(" ON ");
    return {"ALTER DEFAULT PRIVILEGES " + object.key.name.substr(0, on) + " ", "",
            object.key.name.substr(on + 4)};
  }
  if (kind == "foreign table" || kind.ends_with("view"))
    return {"", "", "TABLE " + object.key.name};
  if (kind == "aggregate") return {"", "", "FUNCTION " + object.key.name};
  if (kind == "server") return {"", "", "FOREIGN SERVER " + object.key.name};
  return {"", "", upper_kind(object.key) + " " + object.key.name};
}

/// "SELECT, UPDATE" to "SELECT (email), UPDATE (email)".
std::string of_columns(const std::string& privileges, const std::string& columns) {
  std::vector<std::string> parts;
  for (const std::string& privilege : split(privileges, ',')) {
    parts.push_back(std::string(trim(privilege)) + columns);
  }
  return join(parts, ", ");
}

std::vector<std::string> grants(const std::string& privileges, const PrivilegeTarget& target,
                                const std::string& role) {
  const std::string option = " WITH GRANT OPTION";
  std::vector<std::string> statements;
  for (const std::string& part : split(privileges, ';')) {
    std::string words(trim(part));
    const bool with_option = words.ends_with(option);
    if (with_option) words.resize(words.size() - option.size());
    statements.push_back(fmt::format("{}GRANT {} ON {} TO {}{}", target.prefix,
                                     of_columns(words, target.columns), target.object, role,
                                     with_option ? option : ""));
  }
  return statements;
}

}  // namespace

std::string privilege_statement(const PropertyChange& change) {
  const std::string role_name = change.after("privileges: ");
  if (change.key().kind == "database" || role_name.find(" (granted by ") != std::string::npos) {
    return "";
  }
  const std::string role = role_name == "PUBLIC" ? "PUBLIC" : quoted_name(role_name);
  const PrivilegeTarget target = privilege_target(change.found);
  const std::string revoke_all = fmt::format("{}REVOKE ALL{} ON {} FROM {}", target.prefix,
                                             target.columns, target.object, role);
  if (change.should == "none") return revoke_all;
  // What the server grants by itself was taken away.
  if (change.should.empty() && change.is == "none") {
    return fmt::format("{}GRANT ALL{} ON {} TO {}", target.prefix, target.columns, target.object,
                       role);
  }
  if (change.should.empty()) return revoke_all;
  std::vector<std::string> statements = grants(change.should, target, role);
  if (!change.is.empty() && change.is != "none") {
    statements.insert(statements.begin(), revoke_all);
  }
  return join(statements, "; ");
}

}  // namespace drydock
