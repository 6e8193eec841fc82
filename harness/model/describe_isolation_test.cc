#include "harness/model/describe_isolation.h"

#include <set>

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using enum IsolationCommand;

constexpr IsolationCommand kCommands[] = {kSelect,    kCopy,       kLockRows,  kReturning, kInsert,
                                          kUpsert,    kUpdate,     kUpdateAll, kMove,      kDelete,
                                          kDeleteAll, kForeignKey, kUniqueKey, kTruncate};
constexpr IsolationSituation kSituations[] = {IsolationSituation::kOwn,
                                              IsolationSituation::kOther,
                                              IsolationSituation::kNoContext,
                                              IsolationSituation::kEmptyContext,
                                              IsolationSituation::kMalformedContext,
                                              IsolationSituation::kUnknownTenant,
                                              IsolationSituation::kOwner,
                                              IsolationSituation::kOtherRole};

std::string described(IsolationCommand command, IsolationSituation situation) {
  IsolationProbe probe;
  probe.command = command;
  probe.situation = situation;
  return describe(probe);
}

TEST_CASE("every try has words of its own") {
  std::set<std::string> words;
  for (const IsolationCommand command : kCommands) {
    for (const IsolationSituation situation : kSituations)
      CHECK(words.insert(described(command, situation)).second);
  }
  CHECK_FALSE(words.contains(""));
}

TEST_CASE("a try says what is tried and whose rows it is after") {
  CHECK(described(kSelect, IsolationSituation::kOther) == "SELECT of another tenant's rows");
  CHECK(described(kInsert, IsolationSituation::kOther) == "INSERT for another tenant");
  CHECK(described(kMove, IsolationSituation::kOther) ==
        "UPDATE that gives a row to another tenant");
  CHECK(described(kUpdateAll, IsolationSituation::kNoContext) ==
        "UPDATE without WHERE without a context");
  CHECK(described(kDelete, IsolationSituation::kOwn) == "DELETE of its own rows");
}

TEST_CASE("a way is told step by step") {
  BypassPath path;
  path.path = {"role app", "function public.f()", "table public.lots"};
  CHECK(describe(path) == "role app → function public.f() → table public.lots");
  CHECK(describe(BypassKind::kSearchPath) == "SECURITY DEFINER function without search_path");
}

TEST_CASE("a weakening says what was weakened") {
  PolicyMutant mutant;
  mutant.table = "public.lots";
  mutant.policy = "tenant_isolation";
  CHECK(describe(mutant) == "policy tenant_isolation on public.lots dropped");
  std::set<std::string> words;
  using enum MutationKind;
  for (const MutationKind kind : {kDropPolicy, kDropCheck, kUsingTrue, kNoForce, kDisable,
                                  kBypassRls, kOtherColumn, kToPublic}) {
    mutant.kind = kind;
    CHECK(words.insert(describe(mutant)).second);
  }
}

}  // namespace
}  // namespace drydock
