#include "harness/observe/context_candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/policy_context.h"

namespace drydock {
namespace {

/// Functions that call functions that read a setting; deeper ones are not followed.
constexpr int kDeepest = 3;
/// Bounds of looking up: each try costs a few tenths of a millisecond.
constexpr std::size_t kColumns = 8;
constexpr int kValues = 40;
constexpr int kRoles = 60;

struct Definition {
  std::string name;
  std::string text;
};

/// The user's functions in languages whose text can be read, and views.
constexpr const char* kDefinitions = R"(
WITH own AS (
  SELECT n.oid FROM pg_catalog.pg_namespace n
  WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema')
SELECT p.proname, pg_catalog.pg_get_functiondef(p.oid)
FROM pg_catalog.pg_proc p JOIN own ON own.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'p') AND l.lanname NOT IN ('internal', 'c')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e'
                  AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass)
UNION ALL
SELECT c.relname, pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c JOIN own ON own.oid = c.relnamespace WHERE c.relkind IN ('v', 'm')
ORDER BY 1, 2)";

constexpr const char* kColumnsQuery = R"(
SELECT c.oid, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname,
       pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, NULL)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND (t.typcategory IN ('S', 'N') OR t.typname = 'uuid')
ORDER BY 3, a.attnum)";

bool any_has_word(const std::vector<std::string>& texts, const std::string& word) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return holds_word(text, word); });
}

bool sounds_like_people(const std::string& column) {
  for (const char* part : {"user", "uid", "member", "person", "account", "login", "sub", "email",
                           "auth", "owner", "key", "token", "role"}) {
    if (to_lower(column).find(part) != std::string::npos) return true;
  }
  return false;
}

/// A setting that opens everything is not the one that tells the tenant.
bool opens_everything(const std::string& setting) {
  for (const char* part : {"bypass", "admin", "super", "service", "system"}) {
    if (to_lower(setting).find(part) != std::string::npos) return true;
  }
  return false;
}

std::string claim_words(const ClaimPath& path) { return join(path, "."); }

std::string claims_words(const std::vector<ClaimPath>& claims, const std::string& document) {
  std::vector<std::string> names;
  for (const ClaimPath& path : claims) names.push_back(claim_words(path));
  return fmt::format("the {} {} of the setting {}", names.size() == 1 ? "claim" : "claims",
                     join(names, ", "), document);
}

std::vector<std::string> telling_settings(const ContextReads& reads) {
  std::vector<std::string> telling;
  for (const std::string& name : reads.settings) {
    if (!opens_everything(name)) telling.push_back(name);
  }
  if (telling.empty()) telling = reads.settings;
  // Who it is for comes before who asks: see ContextFinder::by_value for why the order matters.
  std::stable_partition(telling.begin(), telling.end(),
                        [](const std::string& name) { return !sounds_like_people(name); });
  return telling;
}

/// Every setting alone, then all of them; `value` is what goes in.
std::vector<ContextTemplate> setting_templates(const ContextReads& reads,
                                               const std::string& value) {
  std::vector<ContextTemplate> all;
  const std::vector<std::string> names = telling_settings(reads);
  for (const std::string& name : names) {
    all.push_back({{{{name, value}}, "", ""}, "the setting " + name});
  }
  if (names.size() < 2) return all;
  ContextTemplate together{{}, "the settings " + join(names, ", ")};
  for (const std::string& name : names) together.steps.settings.push_back({name, value});
  all.push_back(std::move(together));
  return all;
}

/// As text, number, array of texts and array of numbers; with the plain settings set as well.
std::vector<ContextTemplate> claim_templates(const ContextReads& reads, const std::string& value) {
  std::vector<ContextTemplate> all;
  for (const std::string& document : reads.documents) {
    const std::string words = claims_words(reads.claims, document);
    for (const std::string& form :
         {"\"" + value + "\"", value, "[\"" + value + "\"]", "[" + value + "]"}) {
      ContextTemplate made{{{{document, claims_document(reads.claims, form)}}, "", ""}, words};
      all.push_back(made);
      if (reads.settings.empty() || reads.settings == reads.documents) continue;
      for (const std::string& name : telling_settings(reads)) {
        made.steps.settings.push_back({name, value});
      }
      made.words += " and the settings " + join(telling_settings(reads), ", ");
      all.push_back(std::move(made));
    }
  }
  return all;
}

/// One setting tells the tenant, another the user.
void add_mixed_settings(const ContextReads& reads, std::vector<ContextTemplate>& all) {
  const std::vector<std::string> names = telling_settings(reads);
  for (const std::string& tenant : names) {
    if (names.size() < 2) return;
    ContextTemplate made{{}, fmt::format("the settings {}", join(names, ", "))};
    for (const std::string& name : names) {
      made.steps.settings.push_back({name, name == tenant ? "{tenant}" : "{user}"});
    }
    all.push_back(std::move(made));
  }
}

/// One claim tells the tenant, the others the user.
void add_mixed_claims(const ContextReads& reads, std::vector<ContextTemplate>& all) {
  for (const std::string& document : reads.documents) {
    for (const ClaimPath& tenant : reads.claims) {
      if (reads.claims.size() < 2) return;
      std::string text = claims_document(reads.claims, "\"{user}\"");
      const std::string key = fmt::format("\"{}\": \"", tenant.back());
      const std::size_t at = text.find(key + "{user}");
      if (at == std::string::npos) continue;
      text.replace(at + key.size(), std::string("{user}").size(), "{tenant}");
      all.push_back({{{{document, text}}, "", ""}, claims_words(reads.claims, document)});
    }
  }
}

}  // namespace

std::vector<std::string> policy_texts(Session& session, const std::vector<TenantTable>& tables) {
  std::vector<std::string> texts;
  for (const TenantTable& table : tables) {
    for (const PolicyFact& policy : table.facts.policies) {
      for (const std::string& text : {policy.using_expression, policy.check_expression}) {
        if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end()) {
          texts.push_back(text);
        }
      }
    }
  }
  const Rows rows = session.query(kDefinitions);
  std::vector<Definition> rest;
  for (int i = 0; i < rows.size(); ++i) {
    rest.push_back({std::string(rows.at(i, 0)), std::string(rows.at(i, 1))});
  }
  for (int depth = 0; depth < kDeepest; ++depth) {
    const std::vector<std::string> known = texts;
    std::erase_if(rest, [&](const Definition& each) {
      if (!any_has_word(known, each.name)) return false;
      texts.push_back(each.text);
      return true;
    });
  }
  return texts;
}

std::vector<ContextTemplate> tenant_templates(const ContextReads& reads) {
  std::vector<ContextTemplate> all = setting_templates(reads, "{tenant}");
  const std::vector<ContextTemplate> claims = claim_templates(reads, "{tenant}");
  all.insert(all.end(), claims.begin(), claims.end());
  return all;
}

std::vector<ContextTemplate> user_templates(const ContextReads& reads) {
  std::vector<ContextTemplate> all = setting_templates(reads, "{user}");
  const std::vector<ContextTemplate> claims = claim_templates(reads, "{user}");
  all.insert(all.end(), claims.begin(), claims.end());
  add_mixed_settings(reads, all);
  add_mixed_claims(reads, all);
  return all;
}

std::vector<LookupColumn> lookup_columns(Session& session, const std::vector<TenantTable>& tables,
                                         const std::vector<std::string>& texts) {
  struct Found {
    bool people;
    std::string table, column;
    LookupColumn lookup;
  };
  std::vector<Found> found;
  const Rows rows = session.query(kColumnsQuery);
  for (int i = 0; i < rows.size(); ++i) {
    const std::string relation(rows.at(i, 1)), sql(rows.at(i, 2)), name(rows.at(i, 3));
    const bool own = std::any_of(tables.begin(), tables.end(), [&](const TenantTable& each) {
      return each.sql == sql && !each.facts.policies.empty();
    });
    if (!own && !any_has_word(texts, relation)) continue;
    if (!any_has_word(texts, name)) continue;
    found.push_back({sounds_like_people(name),
                     sql,
                     std::string(rows.at(i, 4)),
                     {sql + "." + name, std::string(rows.at(i, 5)), {}}});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.people > b.people; });
  if (found.size() > kColumns) found.resize(kColumns);
  std::vector<LookupColumn> all;
  for (Found& each : found) {
    const Rows values = session.query(
        fmt::format("SELECT DISTINCT {0}::text FROM {1} WHERE {0} IS NOT NULL ORDER BY 1 LIMIT {2}",
                    each.column, each.table, kValues));
    for (int i = 0; i < values.size(); ++i) each.lookup.values.emplace_back(values.at(i, 0));
    if (!each.lookup.values.empty()) all.push_back(std::move(each.lookup));
  }
  return all;
}

std::vector<std::string> possible_roles(Session& session) {
  const Rows rows = session.query(
      fmt::format("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname NOT LIKE 'pg\\_%'"
                  " AND NOT rolsuper AND NOT rolbypassrls ORDER BY 1 LIMIT {}",
                  kRoles));
  std::vector<std::string> roles;
  for (int i = 0; i < rows.size(); ++i) roles.emplace_back(rows.at(i, 0));
  return roles;
}

std::string unknown_value(const std::string& type) {
  if (type == "uuid") return "d0000000-0000-4000-8000-0000000000d0";
  for (const char* number : {"smallint", "integer", "bigint", "numeric"}) {
    if (type.starts_with(number)) return "-32001";
  }
  return "no-such-tenant";
}

}  // namespace drydock
