#include "harness/observe/table_work.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace drydock {
namespace {

constexpr const char* kLook =
    "SELECT r.o, pg_catalog.pg_stat_get_xact_numscans(r.o),"
    " pg_catalog.pg_stat_get_xact_tuples_returned(r.o), pg_catalog.pg_relation_filenode(r.o),"
    " pg_catalog.current_setting('lock_timeout')"
    " FROM pg_catalog.unnest('{{{}}}'::pg_catalog.oid[]) AS r(o)";

std::int64_t number(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

}  // namespace

SessionWork look_at_work(Session& session, const std::vector<Oid>& relations) {
  const Rows rows = session.query(fmt::format(kLook, fmt::join(relations, ",")));
  SessionWork work;
  for (int i = 0; i < rows.size(); ++i) {
    work.relations[static_cast<Oid>(number(rows.at(i, 0)))] = {
        {number(rows.at(i, 1)), number(rows.at(i, 2))}, static_cast<Oid>(number(rows.at(i, 3)))};
    work.lock_timeout_ms = setting_in_ms(std::string(rows.at(i, 4)));
  }
  return work;
}

double lock_timeout_ms(Session& session) {
  return setting_in_ms(std::string(session.query("SHOW lock_timeout").at(0, 0)));
}

double setting_in_ms(const std::string& text) {
  char* unit = nullptr;
  const double value = std::strtod(text.c_str(), &unit);
  static const std::map<std::string, double> kUnits = {
      {"", 1}, {"ms", 1}, {"s", 1e3}, {"min", 60e3}, {"h", 3600e3}, {"d", 86400e3}};
  const auto found = kUnits.find(unit);
  return found == kUnits.end() ? value : value * found->second;
}

bool hand_in_counters(Session& session, int server_version) {
  if (server_version < 150000) return false;
  session.query("SELECT pg_catalog.pg_stat_force_next_flush()");
  return true;
}

int full_passes(const ScanCounters& counted, std::int64_t live_rows, bool definition_statement) {
  if (definition_statement || live_rows <= 0) return static_cast<int>(counted.scans);
  const double share = static_cast<double>(counted.rows) / static_cast<double>(live_rows);
  return static_cast<int>(std::min(std::round(share), static_cast<double>(counted.scans)));
}

}  // namespace drydock
