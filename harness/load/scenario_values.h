// Values of a scenario file as the model has them. REQUIRES, everywhere: the node has the type that
// the table of keys gives it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/load/json_document.h"
#include "harness/model/scenario.h"

namespace drydock {

bool is_true(const JsonNode& value);
double number_of(const JsonNode& value);

std::vector<std::string> texts_of(const JsonNode& list);
/// A text alone is short for a list of one.
std::vector<std::string> text_or_texts(const JsonNode& node);
std::map<std::string, std::string> texts_by_key(const JsonNode& object);

/// As PostgreSQL prints them, which is what an assertion's rows are compared with.
ResultRows printed_rows(const JsonNode& list);

RowProfile profile_of(const std::string& text);
AssertionMoment moment_of(const std::string& text);
std::vector<QueueHolder> holders_of(const JsonNode& list);
std::vector<BackfillStrategy> strategies_of(const JsonNode& list);

}  // namespace drydock
