#include "harness/load/layout_sqitch_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

class Parser {
 public:
  explicit Parser(const std::string& shown) : shown_(shown) {}

  std::vector<SqitchChange> parse(std::string_view text) {
    for (const std::string_view raw : split_lines(text)) {
      ++line_;
      // A note follows " #"; a name cannot hold the sign.
      const std::string_view line = trim(raw.substr(0, raw.find('#')));
      if (line.empty() || line.starts_with('%')) continue;
      if (line.starts_with('@')) {
        take_tag(line);
      } else {
        take_change(line);
      }
    }
    return std::move(changes_);
  }

 private:
  Error error(const std::string& what, const std::string& remedy) const {
    return Error(fmt::format("{}:{}: {}", shown_, line_, what), remedy);
  }

  void take_tag(std::string_view line) {
    const std::string tag(line.substr(1, line.find_first_of(" \t") - 1));
    if (changes_.empty()) throw error("a tag before any change", "Put it after a change.");
    if (!tags_.insert(tag).second) throw error("the tag @" + tag + " stands twice", "Remove one.");
    changes_.back().tags.push_back(tag);
    since_tag_.clear();
  }

  void take_change(std::string_view line) {
    if (line.starts_with('-')) {
      throw error("a line that starts with '-' is no change", "Plan changes, not their removal.");
    }
    if (line.starts_with('+')) line = trim(line.substr(1));
    const std::string name(line.substr(0, line.find_first_of(" \t")));
    check_complete(line);
    check_requirements(name, line);
    if (!since_tag_.insert(name).second) {
      throw error(fmt::format("the change {} stands twice without a tag between", name),
                  "Tag the plan before reworking a change.");
    }
    if (const auto earlier = latest_.find(name); earlier != latest_.end()) rework(earlier->second);
    latest_[name] = changes_.size();
    changes_.push_back({name, line_, {}, {}});
  }

  /// Name, date and planner are required by sqitch; without them the line is something else.
  void check_complete(std::string_view line) const {
    if (line.find('<') != std::string_view::npos && line.find('Z') != std::string_view::npos)
      return;
    throw error(fmt::format("not a change: {}", shorten(line, 60)),
                "A change is NAME [requirements] DATE PLANNER <EMAIL>.");
  }

  /// [a b@tag !c other:d]: a and b must stand above; conflicts and other projects are not ours.
  void check_requirements(const std::string& name, std::string_view line) const {
    const std::size_t open = line.find('[');
    const std::size_t close = line.find(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
    for (const std::string& word : split(one_line(line.substr(open + 1, close - open - 1)), ' ')) {
      const bool not_ours = word.empty() || word.front() == '!' || word.find(':') != word.npos;
      if (not_ours || known(word)) continue;
      throw error(fmt::format("{} requires {}, which does not stand above it", name, word),
                  "Move the required change up, or take the requirement out.");
    }
  }

  bool known(const std::string& requirement) const {
    const std::size_t at = requirement.find('@');
    const std::string tag = at == requirement.npos ? "" : requirement.substr(at + 1);
    const std::string name = requirement.substr(0, at);
    const bool named = name.empty() || latest_.contains(name);
    const bool tagged = tag.empty() || tag.starts_with("HEAD") || tag.starts_with("ROOT") ||
                        tags_.contains(tag.substr(0, tag.find_first_of("^~")));
    const bool is_id = name.size() == 40 && name.find_first_not_of("0123456789abcdef") == name.npos;
    return is_id || (named && tagged);
  }

  void rework(std::size_t earlier) {
    std::vector<std::string>& tags = changes_[earlier].rework_tags;
    for (std::size_t i = changes_.size(); i-- > earlier;) {
      tags.insert(tags.end(), changes_[i].tags.begin(), changes_[i].tags.end());
    }
  }

  const std::string& shown_;
  int line_ = 0;
  std::vector<SqitchChange> changes_;
  std::map<std::string, std::size_t> latest_;  ///< name to its newest instance
  std::set<std::string> tags_;
  std::set<std::string> since_tag_;  ///< changes since the latest tag
};

}  // namespace

std::vector<SqitchChange> parse_sqitch_plan(std::string_view text, const std::string& shown) {
  return Parser(shown).parse(text);
}

}  // namespace drydock
