// Building Scripts: what reaches the server of a file, and what never gets that far.
#pragma once

#include <string>
#include <string_view>

#include "harness/load/layout_directory.h"
#include "harness/model/migration.h"

namespace drydock {

/// Only white space, comments and semicolons: the server would answer it with nothing done. An
/// unterminated comment is not nothing: the server refuses it.
bool sends_nothing(std::string_view sql);

/// The first refusal stays; a refused script has no queries.
void refuse(Script& script, std::string why, int line);

/// One message more, unless it sends_nothing() or the script is refused. A NUL byte (UTF-16 has
/// many) cannot travel in a message: the script is refused.
void add_query(Script& script, std::string text, int line);

/// What the reading tool does with bytes that are not UTF-8.
enum class Encoding { kAnyBytes, kUtf8Only };

/// Refuses the script when `text` is not UTF-8, in the name of `tool`. True: it is.
bool require_utf8(Script& script, std::string_view text, const std::string& tool);

/// The file as one message.
Script whole_file(const MigrationDirectory& directory, const std::string& file,
                  bool in_transaction);

/// The same for a tool that reads files as UTF-8 text and stops at anything else.
Script whole_utf8_file(const MigrationDirectory& directory, const std::string& file,
                       bool in_transaction, const std::string& tool);

/// A migration with one up script and no down yet.
Migration migration_with(std::string id, std::string version, Script up);

/// The migration has a down now, and this is (a further part of) it.
void add_down(Migration& migration, Script down);

/// Whether some line is a "--" comment whose text starts with `marker` ("+goose"). Only lines that
/// begin with the dashes count.
bool has_comment(std::string_view text, std::string_view marker);

void ignore(MigrationSet& set, const MigrationDirectory& directory, const std::string& relative,
            std::string reason);

/// Folders of the directory, for a layout that reads files only.
void ignore_folders(MigrationSet& set, const MigrationDirectory& directory);

}  // namespace drydock
