#include "harness/observe/context_setters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/text.h"
#include "harness/observe/policy_context.h"

namespace drydock {
namespace {

/// Functions and procedures that set something, with few arguments and no set of rows as result.
constexpr const char* kSetters = R"(
SELECT pg_catalog.format('%I.%I', n.nspname, p.proname), p.proname, p.pronargs, p.prokind, p.prosrc
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p') AND p.pronargs BETWEEN 1 AND 3 AND NOT p.proretset
  AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND (p.prosrc ILIKE '%set_config%' OR p.prosrc ILIKE '%set local%')
ORDER BY 1, 3)";

bool sets_any(const std::string& body, const std::vector<std::string>& settings) {
  return std::any_of(settings.begin(), settings.end(),
                     [&](const std::string& name) { return holds_word(body, name); });
}

}  // namespace

std::vector<ContextTemplate> setter_templates(Session& session, const ContextReads& reads) {
  std::vector<ContextTemplate> all;
  const Rows rows = session.query(kSetters);
  for (int i = 0; i < rows.size(); ++i) {
    const std::string body(rows.at(i, 4));
    if (!sets_any(body, reads.settings) && !sets_any(body, reads.documents)) continue;
    const std::vector<std::string> arguments(std::atoi(std::string(rows.at(i, 2)).c_str()),
                                             "'{tenant}'");
    ContextTemplate made;
    made.steps.sql = fmt::format("{} {}({})", rows.at(i, 3) == "p" ? "CALL" : "SELECT",
                                 rows.at(i, 0), join(arguments, ", "));
    made.words = fmt::format("the function {}", rows.at(i, 1));
    all.push_back(std::move(made));
  }
  return all;
}

}  // namespace drydock
