// Several observers of one script, asked in turn.
#pragma once

#include <vector>

#include "harness/rehearse/script_runner.h"

namespace drydock {

class ObserverList : public StatementObserver {
 public:
  /// Null ones are left out. They must outlive the list.
  explicit ObserverList(const std::vector<StatementObserver*>& observers) {
    for (StatementObserver* each : observers) {
      if (each != nullptr) observers_.push_back(each);
    }
  }

  void phase_begins(Session& session) override {
    for (StatementObserver* each : observers_) each->phase_begins(session);
  }
  void before(Session& session, const std::string& sql, bool in_block) override {
    for (StatementObserver* each : observers_) each->before(session, sql, in_block);
  }
  void after(Session& session, bool in_block, StatementRun& run) override {
    for (StatementObserver* each : observers_) each->after(session, in_block, run);
  }
  void transaction_ended(Phase& phase) override {
    for (StatementObserver* each : observers_) each->transaction_ended(phase);
  }
  void phase_ended(Session& session, Phase& phase) override {
    for (StatementObserver* each : observers_) each->phase_ended(session, phase);
  }

 private:
  std::vector<StatementObserver*> observers_;
};

}  // namespace drydock
