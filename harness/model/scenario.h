// What the user expects, from a scenario file (docs/scenario-format.md) and the command line.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace drydock {

struct IrreversibleMigration {
  std::string migration;  ///< Migration::id
  std::string reason;
};

/// A finding accepted with a reason until a date (ISO, inclusive; empty: no end).
struct Waiver {
  std::string check;
  std::string migration;  ///< id, or "*"
  std::string reason;
  std::string until;
};

struct Scenario {
  std::string name;        ///< shown in reports; the file's stem when not given
  std::string why;         ///< one sentence, shown in reports
  std::string file;        ///< where it was read from; empty for a bare directory
  std::string migrations;  ///< directory, resolved against the scenario file
  std::string layout = "auto";
  std::map<std::string, std::string> placeholders;  ///< Flyway ${name} and sqitch/psql variables
  std::vector<std::string> postgres_versions;       ///< empty: the newest found
  std::map<std::string, std::string> settings;      ///< server settings for the disposable server
  std::vector<std::string> prepare;     ///< SQL files run as superuser before the first migration
  std::vector<std::string> extensions;  ///< CREATE EXTENSION as superuser beforehand
  std::string run_as;                   ///< role; "superuser"; empty: a plain owner role made by us
  std::int64_t rows = 0;                ///< generated rows per table
  std::vector<IrreversibleMigration> irreversible;
  std::vector<Waiver> waivers;
};

}  // namespace drydock
