// What the up script would do to rows that the schema allows and nobody thought of.
#pragma once

#include "harness/data/row_generator.h"
#include "harness/model/data_evidence.h"
#include "harness/model/migration.h"
#include "harness/model/schema.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

/// Before the up of `migration` was run: writes adversarial rows into the tables of `before` that
/// it names, runs it over them, and rolls everything back. When it fails, the kind of row that is
/// enough to make it fail is looked for.
AdversarialTrial try_adversarial_rows(const Migration& migration, const SchemaSnapshot& before,
                                      RowGenerator& generator, Workbench& workbench,
                                      std::chrono::milliseconds limit);

/// The tables of `schema` whose name stands in one of the scripts, qualified names.
std::vector<std::string> tables_named(const std::vector<Script>& scripts,
                                      const SchemaSnapshot& schema);
/// Of `tables`, qualified names.
std::vector<std::string> tables_named(const std::vector<Script>& scripts,
                                      const std::vector<std::string>& tables);

}  // namespace drydock
