#include "harness/observe/bypass_words.h"

#include <fmt/format.h>

#include <utility>

#include "harness/base/sql_text.h"

namespace drydock {

BypassWords::BypassWords(const BypassObjects& objects, std::string role, int version)
    : objects_(objects), role_(std::move(role)), version_(version) {}

BypassKind kind_of(const BypassObject& object) {
  switch (object.kind) {
    case BypassObject::Kind::kView:
      return BypassKind::kView;
    case BypassObject::Kind::kMaterializedView:
      return BypassKind::kMaterializedView;
    case BypassObject::Kind::kPartition:
      return BypassKind::kPartition;
    case BypassObject::Kind::kFunction:
    case BypassObject::Kind::kProcedure:
      return BypassKind::kFunction;
  }
  return BypassKind::kView;
}

std::string BypassWords::reader_of(const BypassWay& way) const {
  std::string asking = role_, reader = role_;
  for (const BypassKey& key : way.steps) {
    const BypassObject& object = objects_.at(key);
    if (object.key.function && object.as_owner) asking = object.owner;
    reader = object.as_owner && !object.key.function ? object.owner : asking;
  }
  return reader;
}

std::vector<std::string> BypassWords::steps_of(const BypassWay& way,
                                               const TenantTable& table) const {
  std::vector<std::string> steps = {"role " + role_};
  for (const BypassKey& key : way.steps) steps.push_back(objects_.at(key).words());
  steps.push_back("table " + table.facts.table);
  return steps;
}

std::string BypassWords::why(const BypassObject& object, const BypassWay& way,
                             const std::string& unbound) const {
  if (object.kind == BypassObject::Kind::kMaterializedView) {
    return "it holds rows as they were stored, and row security does not bind what is stored";
  }
  if (object.kind == BypassObject::Kind::kPartition) {
    return object.row_security
               ? "asked directly, only its own policies bind it, and they let more through"
               : "asked directly, its parent's policies do not bind it, and it has no row "
                 "security of its own";
  }
  for (const BypassKey& key : way.steps) {
    if (objects_.at(key).kind == BypassObject::Kind::kMaterializedView) {
      return objects_.at(key).name +
             " on the way holds rows as they were stored, and row security does not bind what is "
             "stored";
    }
  }
  if (!unbound.empty()) return "it runs as " + unbound;
  return fmt::format("it runs as {}, whom the policies let see more than {}", reader_of(way),
                     role_);
}

std::string BypassWords::remedy(const BypassObject& object, const BypassWay& way,
                                const TenantTable& table) const {
  const BypassObject& last = objects_.at(way.steps.back());
  switch (object.kind == BypassObject::Kind::kPartition ? object.kind : last.kind) {
    case BypassObject::Kind::kView:
      return view_remedy(last, table);
    case BypassObject::Kind::kMaterializedView:
      return fmt::format(
          "REVOKE SELECT ON {} FROM {}, and offer it through a view that asks for "
          "the tenant",
          last.sql, sql_name(role_));
    case BypassObject::Kind::kPartition:
      return fmt::format("REVOKE ALL ON {} FROM {}: the privileges on {} are enough", last.sql,
                         sql_name(role_), table.facts.table);
    case BypassObject::Kind::kFunction:
    case BypassObject::Kind::kProcedure:
      return function_remedy(way);
  }
  return {};
}

std::string BypassWords::view_remedy(const BypassObject& view, const TenantTable& table) const {
  if (version_ >= 150000) {
    return fmt::format("ALTER VIEW {} SET (security_invoker = true), and grant what it reads",
                       view.sql);
  }
  return fmt::format(
      "give {} an owner whom row security binds: neither a superuser nor with "
      "BYPASSRLS, and {} forced if the owner owns it",
      view.sql, table.facts.table);
}

std::string BypassWords::function_remedy(const BypassWay& way) const {
  for (auto step = way.steps.rbegin(); step != way.steps.rend(); ++step) {
    const BypassObject& object = objects_.at(*step);
    if (!object.key.function || !object.as_owner) continue;
    const bool procedure = object.kind == BypassObject::Kind::kProcedure;
    return fmt::format(
        "ALTER {} {} SECURITY INVOKER, or have it ask for the tenant of the "
        "context itself, or revoke EXECUTE",
        procedure ? "PROCEDURE" : "FUNCTION", object.name);
  }
  return {};
}

}  // namespace drydock
