#include "harness/base/error.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("context is put in front of the message, outermost first, and the remedy stays") {
  const Error error = Error("no such key", "Take it away.")
                          .with_context("line 3")
                          .with_context("reading scenario wms.json");
  CHECK(error.message() == "reading scenario wms.json: line 3: no such key");
  CHECK(std::string(error.what()) == error.message());
  CHECK(error.remedy() == "Take it away.");
}

TEST_CASE("an error without a remedy has an empty one") {
  CHECK(Error("x").remedy().empty());
  CHECK(Error("x").with_context("y").remedy().empty());
}

TEST_CASE("a cancellation is caught as an error and can be told from one") {
  try {
    throw Cancelled();
  } catch (const Error& error) {
    CHECK(error.message() == "cancelled");
    CHECK(dynamic_cast<const Cancelled*>(&error) != nullptr);
  }
}

}  // namespace
}  // namespace drydock
