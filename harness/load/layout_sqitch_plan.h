// sqitch.plan: which changes there are, in which order, and which of them were reworked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

struct SqitchChange {
  std::string name;
  int line = 0;
  std::vector<std::string> tags;  ///< on this change
  /// Not empty: a later change of the same name replaced this one. The tags from the later change
  /// back to this one, the latest first: where the file of this instance may be found.
  std::vector<std::string> rework_tags;
};

/// The changes in the plan's order. Throws Error ("sqitch.plan:7: …") for what sqitch refuses: a
/// line that is no change, a name twice without a tag between, a requirement that is not met yet.
std::vector<SqitchChange> parse_sqitch_plan(std::string_view text, const std::string& shown);

}  // namespace drydock
