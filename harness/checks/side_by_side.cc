#include "harness/checks/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace drydock {
namespace {

constexpr std::size_t kRowsShown = 12;
constexpr std::size_t kValueShown = 40;

using Lines = std::vector<std::string>;

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void pad(std::string& text, std::size_t to) {
  const std::size_t is = width(text);
  if (is < to) text.append(to - is, ' ');
}

std::string cell(const std::optional<std::string>& value) {
  return value ? shorten(one_line(*value), kValueShown) : "NULL";
}

/// Header and rows as cells, at most as many rows as a screen can take.
std::vector<Lines> cells_of(const Lines& columns, const ResultRows& rows) {
  std::vector<Lines> cells;
  if (!columns.empty()) cells.push_back(columns);
  for (std::size_t i = 0; i < std::min(kRowsShown, rows.size()); ++i) {
    Lines line;
    for (const auto& value : rows[i]) line.push_back(cell(value));
    cells.push_back(std::move(line));
  }
  return cells;
}

Lines aligned(const std::vector<Lines>& cells) {
  std::vector<std::size_t> widths;
  for (const Lines& line : cells) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  }
  Lines lines;
  for (const Lines& line : cells) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i];
      if (i + 1 < line.size()) pad(text, width(text) - width(line[i]) + widths[i] + 2);
    }
    lines.push_back(std::move(text));
  }
  return lines;
}

Lines block(const Lines& columns, const TitledRows& table) {
  Lines lines = {table.title};
  for (std::string& line : aligned(cells_of(columns, table.rows))) lines.push_back(std::move(line));
  const std::size_t shown = std::min(kRowsShown, table.rows.size());
  if (table.total > shown) lines.push_back(fmt::format("… and {} more", table.total - shown));
  return lines;
}

}  // namespace

std::string side_by_side(const std::vector<std::string>& columns, const TitledRows& left,
                         const TitledRows& right) {
  Lines a = block(columns, left), b = block(columns, right);
  a.resize(std::max(a.size(), b.size()));
  b.resize(a.size());
  std::size_t widest = 0;
  for (const std::string& line : a) widest = std::max(widest, width(line));
  std::string text;
  for (std::size_t i = 0; i < a.size(); ++i) {
    pad(a[i], widest);
    text += "\n  " + a[i] + (b[i].empty() ? " |" : " | " + b[i]);
  }
  return text;
}

}  // namespace drydock
