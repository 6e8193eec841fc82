#include "harness/rehearse/data_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/load/psql_script.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {
namespace {

/// The names in a CSV header, as an SQL column list. COPY itself only skips the header.
std::string column_list(std::string_view header, const std::string& path) {
  std::string list;
  std::size_t at = 0;
  while (at <= header.size()) {
    std::string name;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size(); ++at) {
        if (header[at] != '"') {
          name += header[at];
        } else if (at + 1 < header.size() && header[at + 1] == '"') {
          name += header[at++];
        } else {
          break;
        }
      }
      at = header.find(',', at);
    } else {
      const std::size_t end = header.find(',', at);
      name = trim(header.substr(at, end == std::string_view::npos ? end : end - at));
      at = end;
    }
    if (name.empty()) {
      throw InputError(fmt::format("{}:1: the header line names a column without a name", path),
                       "The first line of a .csv file must name the columns that the others fill.");
    }
    std::string quoted = "\"";
    for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
    list += (list.empty() ? "" : ", ") + quoted + "\"";
    if (at == std::string_view::npos) break;
    ++at;
  }
  return list;
}

Script csv_script(const DataFile& file) {
  std::string text = read_file(file.path);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  const auto lines = split_lines(text);
  if (lines.empty()) {
    throw InputError(fmt::format("{} is empty", file.path),
                     "The first line of a .csv file must name the columns that the others fill.");
  }
  const std::string table =
      file.table.empty() ? std::filesystem::path(file.path).stem().string() : file.table;
  const bool plain = std::all_of(table.begin(), table.end(), [](const char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || (c & 0x80) != 0;
  });
  if (file.table.empty() && !plain) {
    throw InputError(fmt::format("{} does not say by its name which table it is for", file.path),
                     "Name the table in data.load: { \"file\": …, \"table\": \"public.lots\" }.");
  }
  Query query;
  query.text = fmt::format("copy {} ({}) from stdin (format csv, header true)", table,
                           column_list(lines.front(), file.path));
  query.copy_data = std::move(text);
  Script script;
  script.path = file.path;
  script.queries.push_back(std::move(query));
  return script;
}

/// undefined_table, undefined_column, invalid_schema_name, undefined_function, undefined_object:
/// the schema is not there yet (PostgreSQL docs, appendix A).
bool not_there_yet(const std::string& sqlstate) {
  return sqlstate == "42P01" || sqlstate == "42703" || sqlstate == "3F000" || sqlstate == "42883" ||
         sqlstate == "42704";
}

}  // namespace

DataFiles::DataFiles(const Scenario& scenario) {
  for (const DataFile& file : scenario.data_files) {
    Pending pending;
    pending.script =
        file.path.ends_with(".csv") ? csv_script(file) : psql_script(file.path, file.path, {});
    pending.script.in_transaction = true;
    pending.after = file.after;
    pending.due = file.after.empty();
    files_.push_back(std::move(pending));
  }
}

bool DataFiles::try_to_load(Pending& file, Session& session) {
  const Phase phase =
      run_scripts(PhaseName::kUp, {file.script}, session, std::chrono::milliseconds(0));
  if (phase.outcome == PhaseOutcome::kOk) return file.loaded = true;
  const Failure failure = phase.error.value_or(Failure{});
  file.waits_for = fmt::format("{}:{}: {}", failure.file, failure.line, failure.message);
  if (!failure.detail.empty()) file.waits_for += " (" + failure.detail + ")";
  if (!failure.context.empty() && failure.context.starts_with("COPY")) {
    file.waits_for += " (" + failure.context.substr(0, failure.context.find('\n')) + ")";
  }
  if (file.after.empty() && not_there_yet(failure.sqlstate)) return false;
  throw InputError("data.load: " + file.waits_for,
                   "Correct the file, or say with \"after\" behind which migration it fits.");
}

std::vector<const Script*> DataFiles::load(Session& session, const std::string& last) {
  std::vector<const Script*> loaded;
  for (Pending& file : files_) {
    if (file.loaded) continue;
    file.due = file.due || file.after == last;
    if (file.due && try_to_load(file, session)) loaded.push_back(&file.script);
  }
  return loaded;
}

bool DataFiles::any_pending() const {
  return std::any_of(files_.begin(), files_.end(),
                     [](const Pending& file) { return !file.loaded; });
}

void DataFiles::require_all_loaded() const {
  for (const Pending& file : files_) {
    if (file.loaded) continue;
    throw InputError(
        file.waits_for.empty()
            ? fmt::format("data.load: {} was never loaded: {} was not applied", file.script.path,
                          file.after)
            : fmt::format("data.load: {} was never loaded: {}", file.script.path, file.waits_for),
        "Its tables and columns must exist before one of the migrations that are "
        "rehearsed; correct the file or its \"after\".");
  }
}

}  // namespace drydock
