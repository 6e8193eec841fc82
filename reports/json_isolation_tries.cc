#include "reports/json_isolation_tries.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "harness/base/text.h"

namespace drydock::json_format {
namespace {

constexpr std::string_view kOf = " of ", kColon = ": ";

struct Counted {
  std::int64_t rows = 0, of = 0;
  std::string outcome;
};

/// Takes a number from the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// What an answer that begins with "R of N" says; none: it begins otherwise. "R of N rows" is the
/// outcome itself, "R of N: …" stands before one.
std::optional<Counted> counted(std::string_view answer) {
  std::string_view text = answer;
  const auto rows = take_number(text);
  if (!rows || !take(text, kOf)) return std::nullopt;
  const auto of = take_number(text);
  if (of && (text == " rows" || text == " row")) return Counted{*rows, *of, std::string(answer)};
  if (!of || !take(text, kColon)) return std::nullopt;
  return Counted{*rows, *of, std::string(text)};
}

/// The shortest answer that says the same as the probe.
std::string answer_of(const IsolationProbe& probe) {
  const Counted plain = counted(probe.outcome).value_or(Counted{0, 0, probe.outcome});
  const bool same =
      plain.rows == probe.rows && plain.of == probe.of && plain.outcome == probe.outcome;
  if (same && !probe.outcome.empty()) return probe.outcome;
  return fmt::format("{}{}{}{}{}", probe.rows, kOf, probe.of, kColon, probe.outcome);
}

bool fits(const IsolationProbe& probe) {
  const bool held = probe.verdict == IsolationVerdict::kHeld;
  const bool not_tried = probe.verdict == IsolationVerdict::kNotTried;
  return (held || not_tried) && probe.examples.empty() && probe.rows >= 0 && probe.of >= 0;
}

std::optional<IsolationCommand> command_named(std::string_view name) {
  for (const IsolationCommand command : json_words::kIsolationCommands)
    if (name == word(command)) return command;
  return std::nullopt;
}

void append(std::vector<IsolationProbe>& probes, const TextsBySituation& tries,
            IsolationVerdict verdict) {
  for (const auto& [situation, answers] : tries) {
    for (const auto& [answer, commands] : answers) {
      const Counted told = counted(answer).value_or(Counted{0, 0, answer});
      for (const std::string& name : split(commands, ' ')) {
        const auto command = command_named(name);
        if (!command) continue;
        probes.push_back({*command, situation, verdict, told.rows, told.of, told.outcome, "", {}});
      }
    }
  }
}

/// Goes through tries by situation, with the statement that each command had last.
class Statements {
 public:
  /// Notes the statement where it is another than in the situation before.
  void note(const IsolationProbe& probe, TextsBySituation& statements) {
    if (last_[probe.command] == probe.sql) return;
    last_[probe.command] = probe.sql;
    statements[probe.situation][word(probe.command)] = probe.sql;
  }
  void recall(IsolationProbe& probe, const TextsBySituation& statements) {
    const auto texts = statements.find(probe.situation);
    if (texts != statements.end()) {
      const auto text = texts->second.find(word(probe.command));
      if (text != texts->second.end()) last_[probe.command] = text->second;
    }
    probe.sql = last_[probe.command];
  }

 private:
  std::map<IsolationCommand, std::string> last_;
};

}  // namespace

PackedTries pack_tries(const std::vector<IsolationProbe>& probes) {
  PackedTries packed;
  std::map<std::pair<IsolationSituation, IsolationCommand>, const IsolationProbe*> held_ones;
  std::set<std::pair<IsolationSituation, IsolationCommand>> taken;
  for (const IsolationProbe& probe : probes) {
    const std::pair place(probe.situation, probe.command);
    if (!fits(probe) || !taken.insert(place).second) {
      packed.whole.push_back(probe);
      continue;
    }
    const bool held = probe.verdict == IsolationVerdict::kHeld;
    TextsBySituation& tries = held ? packed.held : packed.not_tried;
    std::string& commands = tries[probe.situation][valid_utf8(answer_of(probe))];
    commands += (commands.empty() ? "" : " ") + std::string(word(probe.command));
    if (held) held_ones[place] = &probe;
  }
  Statements statements;
  for (const auto& [place, probe] : held_ones) statements.note(*probe, packed.statements);
  return packed;
}

std::vector<IsolationProbe> unpack_tries(const PackedTries& packed) {
  std::vector<IsolationProbe> probes;
  append(probes, packed.held, IsolationVerdict::kHeld);
  Statements statements;
  for (IsolationProbe& probe : probes) statements.recall(probe, packed.statements);
  append(probes, packed.not_tried, IsolationVerdict::kNotTried);
  probes.insert(probes.end(), packed.whole.begin(), packed.whole.end());
  return probes;
}

}  // namespace drydock::json_format
