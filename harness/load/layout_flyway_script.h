// One Flyway file: its placeholders, its statements, and whether they run in a transaction.
//
// Flyway recognises statements that PostgreSQL refuses inside a transaction (CREATE and DROP INDEX
// CONCURRENTLY, VACUUM, CREATE and DROP DATABASE, TABLESPACE or SUBSCRIPTION, ALTER SYSTEM, DISCARD
// ALL, REINDEX of a schema, a database or the system; not REINDEX … CONCURRENTLY). A file made of
// such statements runs without a transaction; a file that mixes both kinds is refused, unless
// executeInTransaction in FILE.sql.conf decides. COPY … FROM stdin takes its rows from the file.
//
// ${name} is replaced everywhere, in comments and strings too. A name without a value is refused,
// as Flyway does; flyway:defaultSchema, flyway:table and flyway:filename have values of their own.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "harness/load/layout_directory.h"
#include "harness/model/migration.h"

namespace drydock {

/// nullopt: the script's configuration says shouldExecute=false.
std::optional<Script> flyway_script(const MigrationDirectory& directory, const std::string& file,
                                    const std::map<std::string, std::string>& placeholders);

}  // namespace drydock
