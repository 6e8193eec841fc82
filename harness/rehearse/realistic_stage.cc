#include "harness/rehearse/realistic_stage.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"

namespace drydock {
namespace {

bool same(const Step& one, const Step& other) {
  return one.up == other.up && one.rows == other.rows && one.file == other.file;
}

bool begins_with(const std::vector<Step>& history, const std::vector<Step>& steps) {
  return steps.size() <= history.size() &&
         std::equal(steps.begin(), steps.end(), history.begin(), same);
}

}  // namespace

RealisticStage::RealisticStage(const Server& like, const Scenario& scenario,
                               std::chrono::milliseconds limit)
    : like_(like), scenario_(scenario), limit_(limit) {
  if (!like.disposable()) {
    unusable_ =
        "this server is not Drydock's own: for traffic it starts one with production settings, "
        "and it does not know which of yours that would be like";
  }
}

void RealisticStage::start() {
  server_.emplace(Server::start_realistic(like_.binaries(), scenario_.settings));
  workbench_.emplace(*server_, WorkbenchOptions{scenario_.run_as, scenario_.extensions,
                                                scenario_.prepare, limit_, false});
}

/// Steps are not measured: they need not wait for the disk each time they commit.
void RealisticStage::make(const std::vector<Step>& history) {
  const auto set = [&](const std::string& what) {
    Session(server_->administrator(workbench_->database()))
        .query("ALTER DATABASE " + sql_name(workbench_->database()) + what);
  };
  if (!known_ || !begins_with(history, steps_)) {
    workbench_->rebuild(history);
  } else if (steps_.size() < history.size()) {
    set(" SET synchronous_commit = off");
    workbench_->advance(history, steps_.size());
    set(" RESET synchronous_commit");
  }
  steps_ = history;
  known_ = true;
}

Workbench& RealisticStage::after(const std::vector<Step>& history) {
  if (!unusable_.empty()) throw Error(unusable_);
  try {
    if (!server_) start();
    make(history);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    unusable_ = error.message();
    workbench_.reset();
    server_.reset();
    throw;
  }
  return *workbench_;
}

}  // namespace drydock
