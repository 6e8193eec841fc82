// A server with production settings, in the state in which a migration will find it.
//
// It is started when first asked for, and then follows the walk in place: what was applied on it
// stays, and only the steps that are missing are made. Making them is not measured, so that they
// may be fast; what is measured is durable.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/scenario.h"
#include "harness/postgres/server.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

class RealisticStage {
 public:
  /// `like`: the walk's own server, of which version this one will be.
  RealisticStage(const Server& like, const Scenario& scenario, std::chrono::milliseconds limit);

  /// Why there cannot be such a server; empty: there can, or nobody asked yet.
  const std::string& unusable() const { return unusable_; }

  /// A bench in the state after `history`. Throws Error when there is no room for a server, or
  /// the steps cannot be made on it; unusable() says so from then on.
  Workbench& after(const std::vector<Step>& history);

  /// What the caller did to the database since: the up of `migration` as a whole.
  void applied(const Migration& migration) { steps_.push_back({&migration}); }
  /// Or something else: it has to be built anew.
  void lost() { known_ = false; }

  /// REQUIRES: after() was called.
  Server& server() { return *server_; }

 private:
  void start();
  void make(const std::vector<Step>& history);

  const Server& like_;
  const Scenario& scenario_;
  std::chrono::milliseconds limit_;
  std::optional<Server> server_;
  std::optional<Workbench> workbench_;  ///< on server_
  std::vector<Step> steps_;             ///< that made its present state
  bool known_ = true;                   ///< it is in the state that steps_ say
  std::string unusable_;
};

}  // namespace drydock
