// What the checks on locks share: which locks an application can come to feel, which of them stand
// over a statement, and the words for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/describe_locks.h"
#include "harness/model/evidence.h"
#include "harness/model/scenario.h"

namespace drydock {

/// Below this many rows in production, reading or writing a table anew is over before anybody
/// notices: 10 000 rows are a few milliseconds.
inline constexpr std::int64_t kSmallTable = 10'000;

/// Why nothing can be said about the locks of a migration; none when its statements were watched.
std::optional<std::string> why_no_locks(const Rehearsal& rehearsal);

/// The up and the down, as far as they ran through: what the ledger's checks look at.
std::vector<const Phase*> phases_that_ran(const Rehearsal& rehearsal);

/// "the up script".
std::string_view script_words(const Phase& phase);

/// The table that is out of reach meanwhile: an index's, else the relation itself.
const std::string& locked_table(const HeldLock& lock);

/// A lock and the statement that took it; points into a Phase.
struct LockAt {
  const HeldLock* lock = nullptr;
  const StatementRun* taken_by = nullptr;
};

/// The strongest lock that is felt, on `table` or an index of it, and that was held while `run`, a
/// statement of `phase`, ran; of several the one taken first. None: the table was free.
std::optional<LockAt> lock_over(const Phase& phase, const StatementRun& run,
                                const std::string& table);

/// Whether the phase made the relation itself, as far as its locks tell.
bool made_by(const Phase& phase, const std::string& relation);

/// Whether the scenario says that production has next to nothing in the table.
bool is_small(const Scenario& scenario, const std::string& table);

/// "every SELECT, INSERT, UPDATE and DELETE"; empty where only other schema changes wait.
std::string_view who_waits(LockMode held);
std::string_view who_waits(const HeldLock& lock);

/// "12,000".
std::string grouped_digits(std::int64_t count);

/// "12,000 rows", "1 row"; empty when the number is not known.
std::string rows_words(std::int64_t rows);

/// "public.orders (12,000 rows)".
std::string relation_words(const std::string& relation, std::int64_t rows);

/// "ACCESS EXCLUSIVE on public.orders (12,000 rows)", "… on index public.orders_pkey of …".
std::string lock_words(const HeldLock& lock);

/// "\n  ALTER TABLE orders …": a statement on a line of its own, shortened.
std::string statement_line(std::string_view text);

/// "orders.up.sql:4, 9 and 12": further places, for the end of a sentence.
std::string places_words(const std::vector<const StatementRun*>& statements);

}  // namespace drydock
