#include "harness/observe/barrier_tries.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/text.h"
#include "harness/observe/server_words.h"

namespace drydock {
namespace {

/// One column that is shown says enough.
constexpr std::size_t kColumns = 5;

/// invalid_text_representation: the only error that the casts below can raise.
constexpr const char* kCastFailed = "22P02";

std::vector<std::string> columns_of(const BypassObject& view) {
  std::vector<std::string> columns;
  for (const std::string& column : split(view.columns, ',')) {
    columns.emplace_back(trim(column));
    if (columns.size() == kColumns) break;
  }
  return columns;
}

}  // namespace

std::optional<PastBarrier> shown_past(Session& session, const std::string& enter,
                                      const BypassObject& view) {
  // The first is the cheapest there is, the second fails for numbers, too.
  for (const char* cast : {"({}::text)::integer", "('=' || {}::text)::integer"}) {
    for (const std::string& column : columns_of(view)) {
      const std::string sql = fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", view.sql,
                                          fmt::format(fmt::runtime(cast), column));
      const ServerWords words = words_of_server(session, enter, sql);
      if (!words.error || words.error->sqlstate != kCastFailed) continue;
      return PastBarrier{without_indexes(sql), words.lines().back(), sql};
    }
  }
  return {};
}

}  // namespace drydock
