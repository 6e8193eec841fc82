#include "harness/rehearse/window_observer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/observe/tenancy.h"

namespace drydock {
namespace {

/// DO and CALL: anything can stand in what they run.
constexpr std::array<std::string_view, 9> kWords = {"policy",       "row level", "grant",
                                                    "revoke",       "owner to",  "bypassrls",
                                                    "create table", "do ",       "call "};

/// Whether a statement with this text can open or close a table.
bool can_open(std::string_view sql) {
  const std::string text = to_lower(sql);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

template <typename Predicate>
bool any_text(const std::vector<Script>& scripts, Predicate predicate) {
  for (const Script& script : scripts) {
    for (const Query& query : script.queries) {
      if (predicate(query.text)) return true;
    }
  }
  return false;
}

}  // namespace

WindowObserver::WindowObserver(Session session, const IsolationRules& rules, bool in_down,
                               std::set<std::string> before)
    : session_(std::move(session)), rules_(rules), in_down_(in_down), before_(std::move(before)) {}

bool WindowObserver::worth_it(const std::vector<Script>& scripts) {
  return any_text(scripts, can_open);
}

bool WindowObserver::brings_row_security(const std::vector<Script>& scripts) {
  return any_text(scripts, [](std::string_view sql) {
    return to_lower(sql).find("row level") != std::string::npos;
  });
}

void WindowObserver::after(Session&, bool, StatementRun& run) {
  if (!can_open(run.text)) return;
  last_ = run;
  touched_ = true;
}

void WindowObserver::transaction_ended(Phase&) {
  if (!touched_) return;
  touched_ = false;
  look();
}

void WindowObserver::look() {
  std::vector<std::string> open;
  try {
    open = open_tables(session_, rules_);
  } catch (const Error&) {
    return;  // what nobody could ask about is judged behind the script; Cancelled comes again there
  }
  for (IsolationWindow& window : seen_) {
    const bool still = std::find(open.begin(), open.end(), window.table) != open.end();
    if (window.closed_by.empty() && !still) window.closed_by = last_.text;
  }
  for (const std::string& table : open) {
    const bool known = before_.contains(table) ||
                       std::any_of(seen_.begin(), seen_.end(), [&](const IsolationWindow& window) {
                         return window.table == table && window.closed_by.empty();
                       });
    if (!known) seen_.push_back({in_down_, table, last_.text, last_.file, last_.line, ""});
  }
}

std::vector<IsolationWindow> WindowObserver::windows() const {
  std::vector<IsolationWindow> windows;
  for (const IsolationWindow& window : seen_) {
    if (in_down_ || !window.closed_by.empty()) windows.push_back(window);
  }
  return windows;
}

}  // namespace drydock
