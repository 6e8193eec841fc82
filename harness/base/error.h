// What stops Drydock itself. A bad migration is never an Error: it is a Finding.
//
// One class, no taxonomy: the reader needs to know what happened, where, and what to do, so an
// Error carries a message, a chain of context ("reading scenario wms.json: …") and a remedy.
// Caught in two places only: the walk (the migration becomes *errored*, the run goes on) and
// main (one paragraph on stderr, exit 2).
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace drydock {

class Error : public std::exception {
 public:
  explicit Error(std::string message, std::string remedy = {})
      : message_(std::move(message)), remedy_(std::move(remedy)) {}

  /// The same error with one more outer context: "context: message".
  Error with_context(const std::string& context) const {
    return Error(context + ": " + message_, remedy_);
  }

  const char* what() const noexcept override { return message_.c_str(); }
  const std::string& message() const { return message_; }
  /// What the reader can do about it; empty when there is nothing to say.
  const std::string& remedy() const { return remedy_; }

 private:
  std::string message_;
  std::string remedy_;
};

/// The user asked us to stop (Ctrl-C, SIGTERM): unwinds to the walk, which keeps what it has seen.
/// What the user wrote (a scenario, a seed file) is wrong in a way that shows only while it is
/// used: nothing that follows could be judged by it.
class InputError : public Error {
 public:
  using Error::Error;
};

class Cancelled : public Error {
 public:
  Cancelled() : Error("cancelled") {}
};

}  // namespace drydock
