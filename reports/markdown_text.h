// GitHub's Markdown, made of text that may hold anything.
#pragma once

#include <string>

#include "harness/model/run_result.h"

namespace drydock::markdown {

/// Text as text: nothing in it is markup, a mention or a reference. On one line.
std::string plain(const std::string& text);
/// The same of several lines.
std::string plain_lines(const std::string& text);

std::string code(const std::string& text);
/// Inside a table a pipe ends the cell even in code.
std::string cell_code(const std::string& text);
/// A block of lines as they are; REQUIRES: printable.
std::string block(const std::string& text, const std::string& language = "text");

const char* symbol(Outcome outcome);
const char* symbol(Severity severity);

/// "**Fix:** …" as a paragraph; empty without a remedy.
std::string fix(const std::string& remedy);
/// What stopped a run, as paragraphs; empty without an error.
std::string stopped(const std::string& error, const std::string& remedy);

/// The first line as text; what follows it is a list, and is folded as it is.
std::string message_of(const Finding& finding);

}  // namespace drydock::markdown
