#include "reports/junit_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/excerpt.h"
#include "reports/printable.h"

namespace drydock::junit {

std::string seconds(double milliseconds) { return fmt::format("{:.3f}", milliseconds / 1000); }

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = printable(value).c_str();
}

void set_file(pugi::xml_node node, const std::string& file) {
  if (!file.empty()) set(node, "file", file);
}

std::string undotted(std::string text) {
  std::replace(text.begin(), text.end(), '.', '_');
  return text;
}

std::string finding_text(const Finding& finding) {
  std::string text = fmt::format("{}: {}", word(finding.severity), finding.message);
  if (finding.waived) text = fmt::format("waived ({}): {}", *finding.waived, text);
  if (finding.known) text = "known: " + text;
  const std::string at = location(finding.file, finding.line);
  if (!at.empty()) text += "\nat:  " + at;
  if (!finding.migration.empty()) text += "\nbrought about by: " + finding.migration;
  if (!finding.objects.empty()) text += "\nobjects: " + join(finding.objects, ", ");
  if (!finding.remedy.empty()) text += "\nfix: " + finding.remedy;
  if (!finding.fingerprint.empty()) text += "\nfingerprint: " + finding.fingerprint;
  return printable(text) + "\n";
}

void text_of(pugi::xml_node node, const std::string& text) {
  node.text().set(printable(text).c_str());
}

void conclude(pugi::xml_node node, Counts& counts, Outcome outcome, const std::string& message) {
  if (outcome == Outcome::kPassed) return;
  const bool failed = outcome == Outcome::kFailed, skipped = outcome == Outcome::kSkipped;
  ++(failed ? counts.failures : skipped ? counts.skipped : counts.errors);
  pugi::xml_node verdict = node.append_child(failed ? "failure" : skipped ? "skipped" : "error");
  set(verdict, "message", headline(message));
  if (!skipped) set(verdict, "type", word(outcome));
}

void set_counts(pugi::xml_node node, const Counts& counts, double milliseconds, bool with_skipped) {
  node.append_attribute("tests") = counts.tests;
  node.append_attribute("failures") = counts.failures;
  node.append_attribute("errors") = counts.errors;
  if (with_skipped) node.append_attribute("skipped") = counts.skipped;
  node.append_attribute("time") = seconds(milliseconds).c_str();
}

void add_property(pugi::xml_node properties, const std::string& name, const std::string& value) {
  if (value.empty()) return;
  pugi::xml_node property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

}  // namespace drydock::junit
