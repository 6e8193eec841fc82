#include "harness/load/known_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>

#include "harness/base/text.h"
#include "harness/load/json_document.h"

namespace drydock {
namespace {

using Kind = JsonNode::Kind;

constexpr std::int64_t kSchemaVersion = 1;

const char* const kStartAgain = "Write the file again with drydock verify --write-known FILE.";

/// Checks `object` against its keys, all of them required, and returns their values in that order.
std::vector<const JsonNode*> values_of(const JsonDocument& document, const JsonNode& object,
                                       const std::string& pointer,
                                       const std::vector<std::string>& keys) {
  if (object.kind != Kind::kObject) {
    throw document.error_at(
        object.offset, fmt::format("{}: expected an object, found {}", pointer, object.described()),
        kStartAgain);
  }
  for (const JsonNode& member : object.children) {
    if (std::find(keys.begin(), keys.end(), member.key) == keys.end())
      throw document.error_at(member.key_offset, "unknown key " + json_pointer(pointer, member.key),
                              fmt::format("Keys here: {}.", join(keys, ", ")));
  }
  std::vector<const JsonNode*> values;
  for (const std::string& key : keys) {
    values.push_back(object.member(key));
    if (values.back() == nullptr)
      throw document.error_at(object.offset, json_pointer(pointer, key) + " is missing",
                              kStartAgain);
  }
  return values;
}

void expect(const JsonDocument& document, const JsonNode& node, Kind kind, const char* words) {
  if (node.kind == kind) return;
  throw document.error_at(
      node.offset, fmt::format("expected {}, found {}", words, node.described()), kStartAgain);
}

KnownFinding read_entry(const JsonDocument& document, const JsonNode& node,
                        const std::string& pointer) {
  const auto values = values_of(document, node, pointer,
                                {"fingerprint", "check", "migration", "objects", "message"});
  for (const std::size_t text : {0U, 1U, 2U, 4U})
    expect(document, *values[text], Kind::kText, "a text");
  expect(document, *values[3], Kind::kList, "a list of texts");
  if (values[0]->text.empty())
    throw document.error_at(values[0]->offset, "a fingerprint cannot be empty", kStartAgain);
  KnownFinding known{values[0]->text, values[1]->text, values[2]->text, {}, values[4]->text};
  for (const JsonNode& object : values[3]->children) {
    expect(document, object, Kind::kText, "a text");
    known.objects.push_back(object.text);
  }
  return known;
}

/// Those that can fail a gate; an info never does, and a waiver already has its reason elsewhere.
bool is_worth_knowing(const Finding& finding) {
  return finding.severity != Severity::kInfo && !finding.waived.has_value();
}

std::vector<KnownFinding> collect(const RunResult& result) {
  std::vector<KnownFinding> all;
  for (const ScenarioRun& run : result.runs)
    for (const MigrationResult& migration : run.migrations)
      for (const Finding& finding : migration.findings)
        if (is_worth_knowing(finding))
          all.push_back({finding.fingerprint, finding.check, migration.evidence.migration,
                         finding.objects, finding.message});
  return all;
}

void sort_and_unify(std::vector<KnownFinding>* all) {
  std::sort(all->begin(), all->end(), [](const KnownFinding& a, const KnownFinding& b) {
    return std::tie(a.migration, a.check, a.objects, a.fingerprint, a.message) <
           std::tie(b.migration, b.check, b.objects, b.fingerprint, b.message);
  });
  // The same finding on a second server version has the same fingerprint.
  const auto same = [](const KnownFinding& a, const KnownFinding& b) {
    return a.fingerprint == b.fingerprint;
  };
  all->erase(std::unique(all->begin(), all->end(), same), all->end());
}

}  // namespace

std::vector<KnownFinding> read_known(const std::string& path) {
  const JsonDocument document = JsonDocument::read(path);
  const auto values = values_of(document, document.root(), "", {"schema_version", "findings"});
  if (values[0]->integer != kSchemaVersion) {
    throw document.error_at(
        values[0]->offset,
        fmt::format("expected schema_version {}, found {}", kSchemaVersion, values[0]->described()),
        kStartAgain);
  }
  expect(document, *values[1], Kind::kList, "a list of findings");
  std::vector<KnownFinding> known;
  for (std::size_t i = 0; i < values[1]->children.size(); ++i)
    known.push_back(read_entry(document, values[1]->children[i], fmt::format("/findings/{}", i)));
  return known;
}

std::string write_known(const RunResult& result) {
  std::vector<KnownFinding> all = collect(result);
  sort_and_unify(&all);
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const KnownFinding& known : all) {
    findings.push_back({{"fingerprint", known.fingerprint},
                        {"check", known.check},
                        {"migration", known.migration},
                        {"objects", known.objects},
                        {"message", known.message}});
  }
  const nlohmann::ordered_json file = {{"schema_version", kSchemaVersion},
                                       {"findings", std::move(findings)}};
  return file.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace drydock
