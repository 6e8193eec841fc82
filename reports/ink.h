// The colours of the terminal.
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>

#include "harness/model/run_result.h"

namespace drydock {

enum class Ink { kPlain, kBold, kDim, kRed, kGreen, kYellow, kMagenta };

/// `text` in a colour; as it is when `color` is off.
inline std::string paint(bool color, Ink ink, const std::string& text) {
  static constexpr std::array kCodes = {"", "1", "2", "31;1", "32;1", "33;1", "35;1"};
  if (!color || ink == Ink::kPlain) return text;
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(ink)], text);
}

constexpr Ink ink_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return Ink::kGreen;
    case Outcome::kFailed:
      return Ink::kRed;
    case Outcome::kErrored:
      return Ink::kMagenta;
    case Outcome::kSkipped:
      return Ink::kDim;
  }
  return Ink::kPlain;
}

constexpr Ink ink_of(Severity severity) {
  return severity == Severity::kError     ? Ink::kRed
         : severity == Severity::kWarning ? Ink::kYellow
                                          : Ink::kPlain;
}

}  // namespace drydock
