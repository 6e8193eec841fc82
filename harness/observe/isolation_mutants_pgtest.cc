// Each way of weakening a good schema is noticed; one that another policy makes up for is not.

#include "harness/observe/isolation_mutants.h"

#include <map>

#include "harness/testing/isolation_case.h"

namespace drydock {
namespace {

using testing::IsolationCase;
using testing::kOpenLots;
using testing::kProtect;

std::vector<PolicyMutant> mutants_of(IsolationCase& c) {
  c.probe();
  return try_mutants(c.session, *c.prober, c.tenancy, {&c.table("public.lots")});
}

const PolicyMutant* find_mutant(const std::vector<PolicyMutant>& mutants, MutationKind kind,
                                const std::string& policy = {}) {
  for (const PolicyMutant& each : mutants) {
    if (each.kind == kind && (policy.empty() || each.policy == policy)) return &each;
  }
  return nullptr;
}

const std::string kMine = "(tenant_id = current_setting('app.tenant')::int)";

TEST_CASE("every mutant of a table with one policy is noticed") {
  IsolationCase c(kOpenLots + kProtect + "CREATE POLICY own ON lots TO lots_app USING " + kMine +
                  " WITH CHECK " + kMine);
  const std::vector<PolicyMutant> mutants = mutants_of(c);
  const std::map<MutationKind, std::string> noticed_by = {
      {MutationKind::kDropPolicy, "select of one's own rows"},
      {MutationKind::kDropCheck, "insert of another tenant's rows"},
      {MutationKind::kUsingTrue, "select of another tenant's rows"},
      {MutationKind::kNoForce, "select as the table's owner"},
      {MutationKind::kDisable, "select of another tenant's rows"},
      {MutationKind::kBypassRls, "select of another tenant's rows"},
      {MutationKind::kOtherColumn, "select of another tenant's rows"},
      {MutationKind::kToPublic, "select as another role"}};
  CHECK(mutants.size() == noticed_by.size());
  for (const auto& [kind, by] : noticed_by) {
    const PolicyMutant* mutant = find_mutant(mutants, kind);
    INFO(by);
    REQUIRE(mutant != nullptr);
    INFO(mutant->sql);
    CHECK(mutant->problem.empty());
    CHECK(mutant->noticed);
    CHECK(mutant->by == by);
    CHECK(mutant->table == "public.lots");
    CHECK(mutant->duration_ms > 0);
  }
}

TEST_CASE("every mutant of a table with a policy for each command is noticed") {
  IsolationCase c(kOpenLots + kProtect + "CREATE POLICY s ON lots FOR SELECT USING " + kMine +
                  "; CREATE POLICY i ON lots FOR INSERT WITH CHECK " + kMine +
                  "; CREATE POLICY u ON lots FOR UPDATE USING " + kMine + " WITH CHECK " + kMine +
                  "; CREATE POLICY d ON lots FOR DELETE USING " + kMine);
  const std::vector<PolicyMutant> mutants = mutants_of(c);
  // Four dropped, two checks, three USING, four columns, NO FORCE, DISABLE, BYPASSRLS.
  CHECK(mutants.size() == 16);
  for (const PolicyMutant& each : mutants) {
    INFO(each.sql);
    CHECK(each.noticed);
  }
  CHECK(find_mutant(mutants, MutationKind::kUsingTrue, "u")->by ==
        "update without where of another tenant's rows");
  CHECK(find_mutant(mutants, MutationKind::kUsingTrue, "d")->by ==
        "delete without where of another tenant's rows");
  CHECK(find_mutant(mutants, MutationKind::kDropCheck, "u")->by == "move to another tenant");
}

TEST_CASE("a policy that a second one repeats can be dropped unnoticed") {
  IsolationCase c(kOpenLots + kProtect + "CREATE POLICY one ON lots USING " + kMine +
                  "; CREATE POLICY two ON lots USING " + kMine);
  const std::vector<PolicyMutant> mutants = mutants_of(c);
  const PolicyMutant* dropped = find_mutant(mutants, MutationKind::kDropPolicy, "two");
  REQUIRE(dropped != nullptr);
  CHECK_FALSE(dropped->noticed);
  CHECK(dropped->by.empty());
  CHECK(dropped->problem.empty());
  CHECK(find_mutant(mutants, MutationKind::kUsingTrue, "two")->noticed);
}

TEST_CASE("what restrictive policies keep away hides a permissive one that was opened") {
  IsolationCase c(kOpenLots + kProtect + "CREATE POLICY wide ON lots USING " + kMine +
                  "; CREATE POLICY narrow ON lots AS RESTRICTIVE USING " + kMine);
  const std::vector<PolicyMutant> mutants = mutants_of(c);
  CHECK_FALSE(find_mutant(mutants, MutationKind::kUsingTrue, "wide")->noticed);
  CHECK(find_mutant(mutants, MutationKind::kDropPolicy, "wide")->noticed);
}

TEST_CASE("mutants that could change nothing are not made") {
  IsolationCase c(kOpenLots + "ALTER TABLE lots ENABLE ROW LEVEL SECURITY;" +
                  "REVOKE INSERT, UPDATE, DELETE ON lots FROM lots_app;"
                  "CREATE POLICY own ON lots USING " +
                  kMine + "; CREATE POLICY others ON lots TO lots_owner USING (true)");
  const std::vector<PolicyMutant> mutants = mutants_of(c);
  CHECK(find_mutant(mutants, MutationKind::kNoForce) == nullptr);
  CHECK(find_mutant(mutants, MutationKind::kDropCheck) == nullptr);
  CHECK(find_mutant(mutants, MutationKind::kToPublic) == nullptr);
  CHECK(find_mutant(mutants, MutationKind::kDropPolicy, "others") == nullptr);
}

TEST_CASE("policies are what they were when the mutants are gone") {
  IsolationCase c(kOpenLots + kProtect + "CREATE POLICY own ON lots USING " + kMine);
  const auto now = [&] {
    const Rows rows = c.session.query(
        "SELECT string_agg(p::text, ',') || (SELECT relrowsecurity::text || relforcerowsecurity"
        " FROM pg_class WHERE relname = 'lots') FROM pg_policies p");
    return std::string(rows.at(0, 0));
  };
  const std::string before = now();
  mutants_of(c);
  CHECK(now() == before);
}

}  // namespace
}  // namespace drydock
