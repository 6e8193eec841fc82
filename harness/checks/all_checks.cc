#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/checks/check.h"

namespace drydock {

// One line a check, in the order of reports; each is defined in the file of its name.
extern const Check kUpApplies;
extern const Check kDownExists;
extern const Check kDownApplies;
extern const Check kUpReapplies;
extern const Check kSchemaRestored;
extern const Check kSchemaReproduced;
extern const Check kDataPreserved;
extern const Check kDataRestored;
extern const Check kDownWithNewRows;
extern const Check kDataDependent;
extern const Check kConstraintsValid;
extern const Check kAssertion;
extern const Check kLockBudget;
extern const Check kTrafficStall;
extern const Check kLockTimeout;
extern const Check kLockQueue;
extern const Check kConcurrentLeftover;
extern const Check kTableRewrite;
extern const Check kTableScan;
extern const Check kDurationBudget;
extern const Check kRerunnable;
extern const Check kRlsCoverage;
extern const Check kRlsIsolation;
extern const Check kRlsBypass;
extern const Check kRlsProof;
extern const Check kSilentZeroRows;
extern const Check kPlan;

const std::vector<const Check*>& all_checks() {
  static const std::vector<const Check*> checks = {
      &kUpApplies,           //
      &kDownExists,          //
      &kDownApplies,         //
      &kUpReapplies,         //
      &kSchemaRestored,      //
      &kSchemaReproduced,    //
      &kDataPreserved,       //
      &kDataRestored,        //
      &kDownWithNewRows,     //
      &kDataDependent,       //
      &kConstraintsValid,    //
      &kAssertion,           //
      &kLockBudget,          //
      &kTrafficStall,        //
      &kLockTimeout,         //
      &kLockQueue,           //
      &kConcurrentLeftover,  //
      &kTableRewrite,        //
      &kTableScan,           //
      &kDurationBudget,      //
      &kRerunnable,          //
      &kRlsCoverage,         //
      &kRlsIsolation,        //
      &kRlsBypass,           //
      &kRlsProof,            //
      &kSilentZeroRows,      //
      &kPlan,
  };
  return checks;
}

const Check& find_check(const std::string& id) {
  std::vector<std::string> ids;
  for (const Check* check : all_checks()) {
    if (check->text.id == id) return *check;
    ids.push_back(check->text.id);
  }
  const std::string near = nearest(id, ids);
  throw Error("there is no check '" + id + "'",
              near.empty() ? "drydock checks lists them." : "Did you mean " + near + "?");
}

}  // namespace drydock
