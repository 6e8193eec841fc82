// A file as psql would send it.
//
// psql is more than a pipe: it cuts statements with a lexer of its own, fills in variables, follows
// includes, and takes the rows of a COPY … FROM stdin from the file itself. Migrations that are run
// with psql lean on all of that. Here the file becomes the messages psql would send when told to
// stop at the first error (ON_ERROR_STOP): one statement each, no transaction but the file's own.
//
// Commands that only print are passed over. A command that Drydock cannot follow (\copy, \connect,
// \if, a shell command …) makes the script refused, with its line; it is never skipped in silence.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "harness/model/migration.h"

namespace drydock {

struct PsqlOptions {
  std::map<std::string, std::string> variables;  ///< as psql -v name=value sets them
  std::filesystem::path working_directory;       ///< \i starts here; \ir beside its own file
};

/// `shown` is the path for people. Throws Error when the file itself cannot be read.
Script psql_script(const std::filesystem::path& file, const std::string& shown,
                   const PsqlOptions& options);

}  // namespace drydock
