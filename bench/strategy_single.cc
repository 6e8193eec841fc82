// One UPDATE of everything: the limit that batches are measured by. It is the fastest way, and it
// keeps every row that it has done locked until the last one is.
#include "bench/batch_sender.h"
#include "bench/strategies.h"

namespace drydock {
namespace {

class SingleWorker : public BackfillWorker {
 public:
  explicit SingleWorker(const BackfillTarget& target) : target_(target) {}

  std::optional<std::int64_t> next(Session& session) override {
    if (through_) return std::nullopt;
    through_ = true;
    return send_statement(session, update_statement(target_, ""));
  }

 private:
  const BackfillTarget target_;
  bool through_ = false;
};

}  // namespace

BackfillWorkers single_workers(const BackfillTarget& target) {
  BackfillWorkers workers;
  workers.push_back(std::make_unique<SingleWorker>(target));
  return workers;
}

}  // namespace drydock
