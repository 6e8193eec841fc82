#include "harness/checks/check.h"
#include "harness/testing/catch.h"
#include "harness/testing/isolated.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::isolated;
using testing::noticed_mutant;
using testing::only_finding;
using testing::passed;
using Strings = std::vector<std::string>;

Judgement of(std::vector<PolicyMutant> mutants) {
  Rehearsal rehearsal = isolated({testing::kept_apart()});
  rehearsal.isolation.mutants = std::move(mutants);
  return find_check("rls-proof").judge(rehearsal, {});
}

PolicyMutant missed(MutationKind kind = MutationKind::kDropPolicy) {
  PolicyMutant mutant = noticed_mutant();
  mutant.kind = kind;
  mutant.policy = "readable";
  mutant.sql = "DROP POLICY readable ON public.lots";
  mutant.noticed = false;
  mutant.by.clear();
  return mutant;
}

TEST_CASE("policies whose every weakening was noticed pass") {
  CHECK(passed(of({noticed_mutant(), noticed_mutant("public.parcels")})));
}

TEST_CASE("what nobody noticed is one warning a table, with the score") {
  const Finding found =
      only_finding(of({noticed_mutant(), missed(), missed(MutationKind::kUsingTrue),
                       noticed_mutant("public.parcels")}));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "1 of 3 weakenings of the row security of table public.lots were noticed; these could be "
        "made and every try at another tenant's rows came out as before:\n"
        "  policy readable on public.lots dropped (DROP POLICY readable ON public.lots): another "
        "permissive policy allows the same already, or no row depends on this one\n"
        "  policy readable on public.lots with USING (true) (DROP POLICY readable ON public.lots): "
        "another permissive policy allows the same already, or no row depends on this one");
  CHECK_THAT(found.remedy, Catch::StartsWith("Drop policy readable if another one does its work"));
  CHECK(found.line == 3);
  CHECK(found.objects == Strings{"table public.lots"});
  CHECK(found.known_by == Strings{"table public.lots", "policy readable on public.lots dropped",
                                  "policy readable on public.lots with USING (true)"});
}

TEST_CASE("what could not be tried counts neither way") {
  PolicyMutant broken = missed();
  broken.problem = "cannot drop policy readable because other objects depend on it";
  CHECK(passed(of({noticed_mutant(), broken})));
  CHECK(of({broken}).skipped == "no table changed whose row security held, so none was weakened");
}

TEST_CASE("what is about the role and no table is told of the role") {
  PolicyMutant role = missed(MutationKind::kBypassRls);
  role.table = role.policy = "";
  const Finding found = only_finding(of({role}));
  CHECK(found.objects == Strings{"role wms_app"});
  CHECK_THAT(found.message, Catch::StartsWith("0 of 1 weakening of the row security of role "
                                              "wms_app were noticed"));
  CHECK_THAT(found.remedy, Catch::StartsWith("Bring rows along"));
}

TEST_CASE("every kind of weakening has words for what it means that nobody noticed") {
  using enum MutationKind;
  for (const MutationKind kind : {kDropPolicy, kDropCheck, kUsingTrue, kNoForce, kDisable,
                                  kBypassRls, kOtherColumn, kToPublic}) {
    const Finding found = only_finding(of({missed(kind)}));
    CHECK_THAT(found.message, !Catch::EndsWith(": "));
    CHECK_FALSE(found.remedy.empty());
  }
}

TEST_CASE("without anything to weaken the proof is skipped") {
  CHECK(of({}).skipped == "no table changed whose row security held, so none was weakened");
}

}  // namespace
}  // namespace drydock
