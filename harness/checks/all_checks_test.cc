// A check is complete when people can read about it and see it pass and fail.
#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/checks/bench_check_texts.h"
#include "harness/checks/check.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using testing::has;

const fs::path kRoot = DRYDOCK_SOURCE_DIR;

bool holds_sql(const fs::path& directory) {
  for (const fs::directory_entry& entry : list_directory(directory)) {
    if (entry.path().extension() == ".sql") return true;
  }
  return false;
}

std::set<std::string> ids() {
  std::set<std::string> found;
  for (const Check* check : all_checks()) found.insert(check->text.id);
  return found;
}

TEST_CASE("every check has words for everything, and an id of its own in kebab case") {
  CHECK(ids().size() == all_checks().size());
  for (const Check* check : all_checks()) {
    const CheckText& text = check->text;
    CAPTURE(text.id);
    CHECK(text.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
    for (const std::string& words : {text.title, text.guards_against, text.why, text.remedy}) {
      CHECK(words.ends_with("."));
      CHECK(trim(words) == words);
    }
    CHECK(check->judge != nullptr);
  }
}

TEST_CASE("every check has a file of its name beside this test") {
  for (const std::string& id : ids()) {
    std::string name = join(split(id, '-'), "_") + ".cc";
    CHECK(fs::exists(kRoot / "harness/checks" / name));
  }
}

TEST_CASE("every check has a page that says its words verbatim") {
  for (const Check* check : all_checks()) {
    CAPTURE(check->text.id);
    const std::string page = read_file(kRoot / "docs/checks" / (check->text.id + ".md"));
    CHECK(page.starts_with("# " + check->text.id + "\n"));
    for (const std::string& words :
         {check->text.title, check->text.guards_against, check->text.why, check->text.remedy}) {
      CAPTURE(words);
      CHECK(has(page, words));
    }
  }
}

TEST_CASE("every check has a directory of migrations that passes and one that fails") {
  for (const std::string& id : ids()) {
    CAPTURE(id);
    CHECK(holds_sql(kRoot / "fixtures/checks" / id / "good"));
    CHECK(holds_sql(kRoot / "fixtures/checks" / id / "bad"));
  }
}

/// Every line of SQL on a page, in order, of the blocks marked ```sql.
std::string sql_of(const std::string& page) {
  std::string sql;
  bool inside = false;
  for (const std::string_view line : split_lines(page)) {
    if (line.starts_with("```")) {
      inside = line == "```sql";
    } else if (inside) {
      sql += std::string(line) + "\n";
    }
  }
  return sql;
}

TEST_CASE("the SQL on a check's page is that of its fixtures") {
  for (const std::string& id : ids()) {
    const std::string shown = sql_of(read_file(kRoot / "docs/checks" / (id + ".md")));
    std::string fixtures;
    for (const char* kind : {"bad", "good"}) {
      for (const auto& entry : list_directory(kRoot / "fixtures/checks" / id / kind)) {
        fixtures += read_file(entry.path());
      }
    }
    CAPTURE(id);
    CHECK_FALSE(shown.empty());
    for (const std::string_view line : split_lines(shown)) {
      if (line.empty()) continue;
      CAPTURE(line);
      CHECK(has(fixtures, std::string(line)));
    }
  }
}

bool is_of_bench(const std::string& id) {
  return std::any_of(bench_check_texts().begin(), bench_check_texts().end(),
                     [&](const CheckText& text) { return text.id == id; });
}

TEST_CASE("the checks of the benchmark have pages with their words") {
  for (const CheckText& text : bench_check_texts()) {
    const std::string page = read_file(kRoot / "docs/checks" / (text.id + ".md"));
    CHECK(page.starts_with("# " + text.id + "\n"));
    for (const std::string& words : {text.title, text.guards_against, text.why, text.remedy}) {
      CAPTURE(words);
      CHECK(has(page, words));
    }
  }
}

TEST_CASE("no page and no fixture is left of a check that is gone") {
  for (const auto& entry : list_directory(kRoot / "docs/checks")) {
    CAPTURE(entry.path());
    CHECK((ids().contains(entry.path().stem().string()) ||
           is_of_bench(entry.path().stem().string())));
  }
  for (const auto& entry : list_directory(kRoot / "fixtures/checks")) {
    CAPTURE(entry.path());
    CHECK(ids().contains(entry.path().filename().string()));
  }
}

TEST_CASE("a check is found by its id; a slip is told from a stranger") {
  CHECK(find_check("down-exists").text.id == "down-exists");
  const Error slip = error_of([] { find_check("down-exist"); });
  CHECK(slip.message() == "there is no check 'down-exist'");
  CHECK(slip.remedy() == "Did you mean down-exists?");
  CHECK(error_of([] { find_check("entirely-else"); }).remedy() == "drydock checks lists them.");
}

}  // namespace
}  // namespace drydock
