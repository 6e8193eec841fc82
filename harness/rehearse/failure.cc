#include "harness/rehearse/failure.h"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/base/characters.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Offset in `sql` of the line of a DO block's body that the context names; npos: none.
/// Line 1 of the body is the one on which its opening quote stands.
std::size_t do_block_offset(const std::string& context, std::string_view sql) {
  static constexpr std::string_view kMark = "inline_code_block line ";
  const std::size_t at = context.rfind(kMark);
  const std::size_t open = sql.find('$');
  if (at == std::string::npos || open == std::string_view::npos) return std::string_view::npos;
  std::size_t offset = open;
  for (int line = std::atoi(context.c_str() + at + kMark.size()); line > 1; --line) {
    offset = sql.find('\n', offset);
    if (offset == std::string_view::npos) return std::string_view::npos;
    ++offset;
  }
  const std::size_t word = sql.find_first_not_of(" \t\r", offset);
  return word == std::string_view::npos ? offset : word;
}

void point_at(std::size_t offset, bool exact, const SentText& sent, Failure& failure) {
  const LineColumn at = line_column(sent.text, offset);
  failure.line = sent.text_line + at.line - 1;
  if (exact) failure.column = at.column;
  const auto lines = split_lines(sent.text);
  if (static_cast<std::size_t>(at.line) <= lines.size()) {
    failure.source_line = lines[static_cast<std::size_t>(at.line) - 1];
  }
}

void explain_interruption(const Reply& reply, Failure& failure) {
  switch (reply.interruption) {
    case Interruption::kTimeout:
      failure.message =
          fmt::format("still running after {}: the time limit of the phase; cancelled",
                      human_duration(reply.duration_ms));
      failure.remedy = "Raise --timeout if this is expected to take so long.";
      break;
    case Interruption::kCancelled:
      failure.message = "cancelled by the user";
      break;
    case Interruption::kConnectionLost:
      if (failure.sqlstate.empty()) {
        failure.message = "the server ended the connection while this statement ran: " +
                          std::string(trim(failure.message.substr(0, failure.message.find('\n'))));
      }
      break;
    case Interruption::kNone:
      break;
  }
}

}  // namespace

Failure make_failure(const Reply& reply, const SentText& sent) {
  Failure failure;
  failure.file = sent.file;
  std::size_t offset = std::string_view::npos;
  if (reply.error) {
    failure.sqlstate = reply.error->sqlstate;
    failure.message = reply.error->message;
    failure.detail = reply.error->detail;
    failure.hint = reply.error->hint;
    failure.context = reply.error->context;
    failure.schema = reply.error->schema;
    failure.table = reply.error->table;
    failure.table_column = reply.error->column;
    failure.constraint = reply.error->constraint;
    if (reply.error->position > 0) offset = byte_of_character(sent.sql, reply.error->position);
    if (offset == std::string_view::npos) offset = do_block_offset(failure.context, sent.sql);
  }
  const bool exact = offset != std::string_view::npos;
  if (exact) {
    point_at(sent.offset + offset, true, sent, failure);
  } else {
    const std::size_t first = sent.text.find_first_not_of(" \t\r\n", sent.offset);
    point_at(first == std::string::npos ? sent.offset : first, false, sent, failure);
  }
  explain_interruption(reply, failure);
  return failure;
}

PhaseOutcome outcome_of(const Reply& reply) {
  if (reply.ok) return PhaseOutcome::kOk;
  const std::string sqlstate = reply.error ? reply.error->sqlstate : "";
  // A statement that terminates its own backend is the migration's doing.
  if (reply.interruption != Interruption::kNone && sqlstate != "57P01") {
    return PhaseOutcome::kErrored;
  }
  // Class 53: insufficient resources (disk full, out of memory); 58: system error outside
  // PostgreSQL; 57P02/57P03: crash shutdown, starting up (PostgreSQL docs, appendix A).
  const bool machine = sqlstate.starts_with("53") || sqlstate.starts_with("58") ||
                       sqlstate == "57P02" || sqlstate == "57P03";
  return machine ? PhaseOutcome::kErrored : PhaseOutcome::kFailed;
}

}  // namespace drydock
