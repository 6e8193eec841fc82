#include "harness/observe/lock_waits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Takes a text apart from left to right. Every step says whether it found what it wanted, and
/// takes nothing when it did not.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(std::string_view words) {
    if (!rest_.starts_with(words)) return false;
    rest_.remove_prefix(words.size());
    return true;
  }
  template <typename Number>
  bool number(Number& value) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }
  /// Everything before `end`, which is taken too.
  bool until(std::string_view end, std::string_view& taken) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) return false;
    taken = rest_.substr(0, at);
    rest_.remove_prefix(at + end.size());
    return true;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// "1763736297.123 [4711] LOG:  text", with the tabbed lines behind it that belong to it.
struct Entry {
  double at = 0;
  int process = 0;
  std::string_view severity;
  std::string text;
};

std::optional<Entry> read_entry(std::string_view line) {
  Scanner scanner(line);
  Entry entry;
  if (!scanner.number(entry.at) || !scanner.take(" [") || !scanner.number(entry.process) ||
      !scanner.take("] ") || !scanner.until(":  ", entry.severity)) {
    return {};
  }
  entry.text = scanner.rest();
  return entry;
}

std::vector<Entry> read_entries(std::string_view log) {
  std::vector<Entry> entries;
  std::string_view line;
  for (Scanner lines(log); lines.until("\n", line);) {
    if (line.starts_with('\t')) {
      if (!entries.empty()) entries.back().text.append("\n").append(line.substr(1));
    } else if (std::optional<Entry> entry = read_entry(line)) {
      entries.push_back(std::move(*entry));
    }
  }
  return entries;
}

std::vector<int> process_list(std::string_view list) {
  std::vector<int> processes;
  Scanner scanner(list);
  for (int process = 0; scanner.number(process);) {
    processes.push_back(process);
    scanner.take(", ");
  }
  return processes;
}

void read_target(std::string_view on, LoggedWait& wait) {
  wait.on = on;
  Scanner scanner(on);
  std::string_view place;
  const bool tuple = scanner.take("tuple (") && scanner.until(") of ", place);
  if (scanner.take("relation ") && scanner.number(wait.relation)) {
    wait.target = tuple ? LockTarget::kTuple : LockTarget::kRelation;
  } else if (on.starts_with("transaction ")) {
    wait.target = LockTarget::kTransaction;
  } else if (on.starts_with("advisory lock ") || on == "user lock") {
    wait.target = LockTarget::kAdvisory;
  }
}

class LogReading {
 public:
  LockLog read(std::string_view text) {
    const std::vector<Entry> entries = read_entries(text);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string* detail = nullptr;
      if (i + 1 < entries.size() && entries[i + 1].severity == "DETAIL" &&
          entries[i + 1].process == entries[i].process) {
        detail = &entries[i + 1].text;
      }
      take(entries[i], detail);
    }
    return std::move(log_);
  }

 private:
  void take(const Entry& entry, const std::string* detail) {
    if (entry.severity == "LOG") take_wait(entry, detail);
    if (entry.text == "deadlock detected" && detail != nullptr) take_deadlock(entry, *detail);
  }

  /// "process 1 still waiting for ShareLock on transaction 7 after 10.1 ms", or how that ended.
  void take_wait(const Entry& entry, const std::string* detail) {
    Scanner scanner(entry.text);
    LoggedWait wait;
    std::string_view mode, on;
    if (!scanner.take("process ") || !scanner.number(wait.process)) return;
    const bool told = scanner.take(" still waiting for ");
    const bool deadlocked = !told && scanner.take(" detected deadlock while waiting for ");
    if (!told && !deadlocked && !scanner.take(" acquired ") &&
        !scanner.take(" failed to acquire ")) {
      return;
    }
    wait.ended = !told;
    if (!scanner.until(" on ", mode) || !scanner.until(" after ", on) ||
        !scanner.number(wait.waited_ms)) {
      return;
    }
    const std::optional<LockMode> wanted = lock_mode(mode);
    if (!wanted) return;  // a predicate lock, which nobody waits for
    wait.wanted = *wanted;
    read_target(on, wait);
    wait.began = entry.at - wait.waited_ms / 1000;
    if (!told && !deadlocked) return end(wait);
    if (detail != nullptr) read_queue(*detail, wait);
    log_.waits.push_back(std::move(wait));
  }

  /// "Processes holding the lock: 1, 2. Wait queue: 3, 4."
  static void read_queue(const std::string& detail, LoggedWait& wait) {
    Scanner scanner(detail);
    std::string_view ignored, holders, queue;
    if (!scanner.until("holding the lock: ", ignored) || !scanner.until(". ", holders) ||
        !scanner.take("Wait queue: ") || !scanner.until(".", queue)) {
      return;
    }
    wait.holders = process_list(holders);
    wait.ahead = process_list(queue);
    wait.ahead.erase(std::find(wait.ahead.begin(), wait.ahead.end(), wait.process),
                     wait.ahead.end());
  }

  void end(const LoggedWait& ended) {
    const auto open =
        std::find_if(log_.waits.rbegin(), log_.waits.rend(), [&](const LoggedWait& wait) {
          return !wait.ended && wait.process == ended.process && wait.wanted == ended.wanted &&
                 wait.on == ended.on;
        });
    if (open == log_.waits.rend()) return;  // its beginning was before we looked
    open->waited_ms = ended.waited_ms;
    open->ended = true;
  }

  void take_deadlock(const Entry& entry, const std::string& detail) {
    Deadlock deadlock{entry.process, {}, entry.at, entry.text + "\n" + detail};
    std::string_view line;
    const std::string lines = detail + "\n";
    for (Scanner scanner(lines); scanner.until("\n", line);) {
      int process = 0;
      Scanner words(line);
      if (words.take("Process ") && words.number(process) && words.take(" waits for ")) {
        deadlock.processes.push_back(process);
      }
    }
    log_.deadlocks.push_back(std::move(deadlock));
  }

  LockLog log_;
};

}  // namespace

LockLog parse_lock_log(std::string_view log) { return LogReading().read(log); }

LockLogReader::LockLogReader(const std::filesystem::path& log) : path_(log) {
  std::error_code code;
  start_ = std::filesystem::file_size(path_, code);
  if (code) throw Error(fmt::format("cannot read {}: {}", path_.string(), code.message()));
}

LockLog LockLogReader::read() const {
  std::ifstream file(path_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(start_));
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw Error(fmt::format("cannot read {}: {}", path_.string(), std::strerror(errno)));
  return parse_lock_log(text.str());
}

}  // namespace drydock
