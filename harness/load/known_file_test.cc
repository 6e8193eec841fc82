#include "harness/load/known_file.h"

#include "harness/base/error.h"
#include "harness/testing/catch.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {
namespace {

/// A file that is gone when the test is.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& text) { directory_.write("known.json", text); }
  std::string path() const { return directory_.string() + "/known.json"; }

 private:
  testing::ScratchDirectory directory_;
};

std::string refusal(const std::string& text) {
  const ScratchFile file(text);
  try {
    read_known(file.path());
  } catch (const Error& error) {
    return error.message().substr(file.path().size());
  }
  return "no error";
}

Finding finding(const std::string& check, const std::string& fingerprint,
                std::vector<std::string> objects = {}) {
  Finding result;
  result.check = check;
  result.fingerprint = fingerprint;
  result.objects = std::move(objects);
  result.message = "words about " + check;
  return result;
}

RunResult run_of(std::vector<std::pair<std::string, std::vector<Finding>>> migrations) {
  RunResult result;
  ScenarioRun run;
  for (auto& [id, findings] : migrations) {
    MigrationResult migration;
    migration.evidence.migration = id;
    migration.findings = std::move(findings);
    run.migrations.push_back(migration);
  }
  result.runs.push_back(run);
  return result;
}

TEST_CASE("known findings are written one below the other, in an order of their own") {
  CHECK(write_known(
            run_of({{"0002_b", {finding("up-applies", "f3")}},
                    {"0001_a",
                     {finding("schema-restored", "f2", {"column public.t.c", "table public.t"}),
                      finding("down-exists", "f1")}}})) ==
        R"({
  "schema_version": 1,
  "findings": [
    {
      "fingerprint": "f1",
      "check": "down-exists",
      "migration": "0001_a",
      "objects": [],
      "message": "words about down-exists"
    },
    {
      "fingerprint": "f2",
      "check": "schema-restored",
      "migration": "0001_a",
      "objects": [
        "column public.t.c",
        "table public.t"
      ],
      "message": "words about schema-restored"
    },
    {
      "fingerprint": "f3",
      "check": "up-applies",
      "migration": "0002_b",
      "objects": [],
      "message": "words about up-applies"
    }
  ]
}
)");
}

TEST_CASE("a run without findings writes a file that accepts nothing") {
  const ScratchFile file(write_known(RunResult{}));
  CHECK(read_known(file.path()).empty());
}

TEST_CASE("what was written is read back the same") {
  const ScratchFile file(
      write_known(run_of({{"0001_a", {finding("schema-restored", "f1", {"table public.t"})}}})));
  const std::vector<KnownFinding> known = read_known(file.path());
  REQUIRE(known.size() == 1);
  CHECK(known[0].fingerprint == "f1");
  CHECK(known[0].check == "schema-restored");
  CHECK(known[0].migration == "0001_a");
  CHECK(known[0].objects == std::vector<std::string>{"table public.t"});
  CHECK(known[0].message == "words about schema-restored");
}

TEST_CASE("a finding on two servers is known once") {
  RunResult result = run_of({{"0001_a", {finding("down-exists", "f1")}}});
  result.runs.push_back(result.runs[0]);
  result.runs[1].migrations[0].findings[0].message = "other words, same thing";
  const ScratchFile file(write_known(result));
  CHECK(read_known(file.path()).size() == 1);
}

TEST_CASE("waived findings and infos are not written, what was known before is") {
  Finding waived = finding("a", "f1");
  waived.waived = "because";
  Finding info = finding("b", "f2");
  info.severity = Severity::kInfo;
  Finding warning = finding("c", "f3");
  warning.severity = Severity::kWarning;
  Finding known = finding("d", "f4");
  known.known = true;
  const ScratchFile file(write_known(run_of({{"1", {waived, info, warning, known}}})));
  std::vector<std::string> written;
  for (const KnownFinding& entry : read_known(file.path())) written.push_back(entry.fingerprint);
  CHECK(written == std::vector<std::string>{"f3", "f4"});
}

TEST_CASE("bytes that are no UTF-8 in a message do not stop the writing") {
  Finding odd = finding("up-applies", "f1");
  odd.message = "caf\xe9";
  const ScratchFile file(write_known(run_of({{"1", {odd}}})));
  CHECK(read_known(file.path())[0].message == "caf\xEF\xBF\xBD");
}

TEST_CASE("a file of known findings that is not understood wholly is refused") {
  CHECK_THAT(refusal("[]"), Catch::StartsWith(":1:1: "));
  CHECK_THAT(refusal(R"({"schema_version": 1})"), Catch::Contains("/findings is missing"));
  CHECK_THAT(refusal(R"({"schema_version": 2, "findings": []})"),
             Catch::StartsWith(":1:20: expected schema_version 1, found the number 2"));
  CHECK_THAT(refusal(R"({"schema_version": 1, "findings": {}})"),
             Catch::Contains("expected a list of findings, found an object"));
  CHECK_THAT(refusal(R"({"schema_version": 1, "findings": [{"note": ""}]})"),
             Catch::Contains("unknown key /findings/0/note"));
  CHECK_THAT(refusal(R"({"schema_version": 1, "findings": [{"fingerprint": "f"}]})"),
             Catch::Contains("/findings/0/check is missing"));
  CHECK_THAT(refusal(R"({"schema_version": 1, "findings": [{"fingerprint": "", "check": "",
                        "migration": "", "objects": [], "message": ""}]})"),
             Catch::Contains("a fingerprint cannot be empty"));
  CHECK_THAT(refusal(R"({"schema_version": 1, "findings": [{"fingerprint": "f", "check": "",
                        "migration": "", "objects": [1], "message": ""}]})"),
             Catch::Contains("expected a text, found the number 1"));
  CHECK_THAT(refusal("{"), Catch::Contains("not valid JSON"));
}

TEST_CASE("known findings that are not there are refused with the path") {
  CHECK_THROWS_WITH(read_known("/no/such/known.json"), Catch::Contains("/no/such/known.json"));
}

}  // namespace
}  // namespace drydock
