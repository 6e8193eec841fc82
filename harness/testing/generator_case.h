// A database with a schema and a generator, for tests.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/row_generator.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {

struct GeneratorCase {
  explicit GeneratorCase(const std::string& schema, std::int64_t rows = 100,
                         std::uint64_t seed = 1) {
    scenario.rows = rows;
    scenario.seed = seed;
    if (!schema.empty()) session.query(schema);
  }

  /// Fills, and requires that every table took rows.
  std::vector<FilledTable> fill() {
    std::vector<FilledTable> filled = generator().grow();
    for (const FilledTable& table : filled) {
      INFO(table.table << ": " << table.problem << " / " << table.note);
      CHECK(table.problem.empty());
      CHECK(table.rows > 0);
    }
    return filled;
  }

  RowGenerator& generator() {
    if (!generator_) generator_ = std::make_unique<RowGenerator>(session, scenario);
    return *generator_;
  }

  std::string value(const std::string& sql) { return std::string(session.query(sql).at(0, 0)); }
  long number(const std::string& sql) { return std::strtol(value(sql).c_str(), nullptr, 10); }

  /// All rows of a table as one hash.
  std::string contents(const std::string& table) {
    return value("SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM " + table + " t");
  }

  /// Runs the trial in a transaction that is rolled back: rows written, or -1 when refused.
  long try_rows(const TrialRows& rows) {
    session.query("BEGIN");
    const Reply reply = session.send(rows.sql, SteadyClock::now() + std::chrono::seconds(30));
    session.query("ROLLBACK");
    if (!reply.ok) UNSCOPED_INFO(rows.words << ": " << reply.error->message);
    if (!reply.ok) return -1;
    return std::strtol(reply.command_tag.substr(reply.command_tag.rfind(' ')).c_str(), nullptr, 10);
  }

  testing::FreshDatabase database;
  Scenario scenario;
  Session session{database.info()};

 private:
  std::unique_ptr<RowGenerator> generator_;
};

}  // namespace drydock
