// What the migration itself sends, as it stands: what every other way is compared with.
#include <deque>

#include "bench/batch_sender.h"
#include "bench/strategies.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// Statement by statement, because a DO block that commits may not share a message with others.
class AsWrittenWorker : public BackfillWorker {
 public:
  explicit AsWrittenWorker(const BackfillTarget& target) {
    for (const Statement& statement : split_statements(target.statement).statements) {
      statements_.push_back(statement.text);
    }
  }

  std::optional<std::int64_t> next(Session& session) override {
    if (statements_.empty()) return std::nullopt;
    std::int64_t rows = 0;
    for (; !statements_.empty(); statements_.pop_front()) {
      rows += send_statement(session, statements_.front());
    }
    return rows;
  }

 private:
  std::deque<std::string> statements_;
};

}  // namespace

BackfillWorkers as_written_workers(const BackfillTarget& target) {
  BackfillWorkers workers;
  workers.push_back(std::make_unique<AsWrittenWorker>(target));
  return workers;
}

}  // namespace drydock
