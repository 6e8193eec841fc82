// What every JUnit report of Drydock is made of.
#pragma once

#include <pugixml.hpp>
#include <string>

#include "harness/model/run_result.h"

namespace drydock::junit {

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  void operator+=(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }
};

/// As the schema wants them.
std::string seconds(double milliseconds);

void set(pugi::xml_node node, const char* name, const std::string& value);
/// Nothing without a file.
void set_file(pugi::xml_node node, const std::string& file);
void text_of(pugi::xml_node node, const std::string& text);

/// Jenkins groups by what stands before the last dot of a class name, so no name may have one of
/// its own.
std::string undotted(std::string text);

/// Everything that a finding says, as lines.
std::string finding_text(const Finding& finding);

/// Adds and counts the element of an outcome; a passed case has none.
void conclude(pugi::xml_node node, Counts& counts, Outcome outcome, const std::string& message);

void set_counts(pugi::xml_node node, const Counts& counts, double milliseconds, bool with_skipped);

/// Nothing without a value.
void add_property(pugi::xml_node properties, const std::string& name, const std::string& value);

}  // namespace drydock::junit
