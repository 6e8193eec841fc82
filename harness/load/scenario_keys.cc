#include "harness/load/scenario_keys.h"

#include <map>
#include <vector>

namespace drydock {
namespace {

using enum KeyType;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

std::vector<std::string> texts_of(const JsonNode& list) {
  std::vector<std::string> texts;
  for (const JsonNode& item : list.children) texts.push_back(item.text);
  return texts;
}

std::map<std::string, std::string> texts_by_key(const JsonNode& object) {
  std::map<std::string, std::string> texts;
  for (const JsonNode& member : object.children) texts[member.key] = member.text;
  return texts;
}

// A list's object has no value of its own: its first call makes room, its members fill it.
constexpr ScenarioKey kKeys[] = {
    {"/$schema", kText, kOptional,
     "The JSON Schema of this file, for editors. Not read by Drydock.", nullptr},
    {"/name", kWords, kOptional,
     "What the reports call this scenario. The file's name without its ending when not given.",
     [](Scenario& s, const JsonNode& value) { s.name = value.text; }},
    {"/why", kText, kOptional, "One sentence on what this scenario is for, shown in the reports.",
     [](Scenario& s, const JsonNode& value) { s.why = value.text; }},

    {"/migrations", kObject, kRequired, "Which migrations are rehearsed.", nullptr},
    {"/migrations/path", kPath, kRequired, "The directory that holds them, relative to this file.",
     [](Scenario& s, const JsonNode& value) { s.migrations = value.text; }},
    {"/migrations/layout", kWords, kOptional,
     "How the files are laid out, as --layout takes it; \"auto\" (the default) looks for itself.",
     [](Scenario& s, const JsonNode& value) { s.layout = value.text; }},
    {"/migrations/placeholders", kTextMap, kOptional,
     "Values of the tool's own placeholders or variables, by name.",
     [](Scenario& s, const JsonNode& value) { s.placeholders = texts_by_key(value); }},

    {"/postgres", kObject, kOptional, "The disposable server.", nullptr},
    {"/postgres/versions", kTexts, kOptional,
     "Server versions to rehearse on, each in a run of its own: \"15\". The newest found when not "
     "given.",
     [](Scenario& s, const JsonNode& value) { s.postgres_versions = texts_of(value); }},
    {"/postgres/settings", kScalarMap, kOptional, "Server settings by name, as in postgresql.conf.",
     [](Scenario& s, const JsonNode& value) { s.settings = texts_by_key(value); }},
    {"/postgres/prepare", kPaths, kOptional,
     "SQL files that a superuser runs before the first migration, relative to this file.",
     [](Scenario& s, const JsonNode& value) { s.prepare = texts_of(value); }},
    {"/postgres/extensions", kTexts, kOptional,
     "Extensions that a superuser creates before the first migration.",
     [](Scenario& s, const JsonNode& value) { s.extensions = texts_of(value); }},

    {"/run_as", kWords, kOptional,
     "The role that runs the migrations, or \"superuser\". A plain role that owns the database "
     "when "
     "not given.",
     [](Scenario& s, const JsonNode& value) { s.run_as = value.text; }},

    {"/data", kObject, kOptional, "Rows that are in place while migrations run.", nullptr},
    {"/data/rows", kCount, kOptional, "Rows to generate in each table. 0 when not given.",
     [](Scenario& s, const JsonNode& value) { s.rows = *value.integer; }},

    {"/cycle", kObject, kOptional, "What up, down, up again is expected to do.", nullptr},
    {"/cycle/irreversible", kObjects, kOptional, "Migrations that have no way back, on purpose.",
     [](Scenario& s, const JsonNode&) { s.irreversible.emplace_back(); }},
    {"/cycle/irreversible/*/migration", kWords, kRequired, "Id of the migration.",
     [](Scenario& s, const JsonNode& value) { s.irreversible.back().migration = value.text; }},
    {"/cycle/irreversible/*/reason", kWords, kRequired, "Why it has none; shown in the reports.",
     [](Scenario& s, const JsonNode& value) { s.irreversible.back().reason = value.text; }},

    {"/waivers", kObjects, kOptional, "Findings that are accepted, each with a reason.",
     [](Scenario& s, const JsonNode&) { s.waivers.emplace_back(); }},
    {"/waivers/*/check", kWords, kRequired, "Id of the check.",
     [](Scenario& s, const JsonNode& value) { s.waivers.back().check = value.text; }},
    {"/waivers/*/migration", kWords, kRequired, "Id of the migration, or \"*\" for all.",
     [](Scenario& s, const JsonNode& value) { s.waivers.back().migration = value.text; }},
    {"/waivers/*/reason", kWords, kRequired, "Why it is accepted; shown in the reports.",
     [](Scenario& s, const JsonNode& value) { s.waivers.back().reason = value.text; }},
    {"/waivers/*/until", kDate, kOptional, "Last day of the waiver. Without an end when not given.",
     [](Scenario& s, const JsonNode& value) { s.waivers.back().until = value.text; }},
};

}  // namespace

std::span<const ScenarioKey> scenario_keys() { return kKeys; }

std::vector<const ScenarioKey*> keys_below(std::string_view parent) {
  std::vector<const ScenarioKey*> keys;
  for (const ScenarioKey& key : scenario_keys())
    if (key.path.substr(0, key.path.rfind('/')) == parent) keys.push_back(&key);
  return keys;
}

std::string last_step(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace drydock
