// Which statement of a script a finding should point at, as far as the evidence can tell.
//
// The server does not say which statement changed a row, so the words of the statements and their
// kinds are looked at. A wrong guess costs a wrong line number, never a wrong judgement.
#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"

namespace drydock {

struct Place {
  std::string file;
  int line = 0;
};

/// Whether `sql` has `name` as a whole word, in any case.
bool mentions(const std::string& sql, const std::string& name);

/// "public.users.email" and "public.f(integer)" to "email" and "f".
std::string bare_name(const std::string& qualified);

/// The first statement that names the object, or null.
const StatementRun* statement_naming(const std::string& qualified,
                                     const std::vector<const Phase*>& phases);

/// What happened to the object that a statement is looked for.
enum class Effect { kRowsLost, kValuesChanged, kMade, kDropped };

/// The statement of `phase` that most likely did it. `names`: what the object is called before and
/// after, qualified or not; `details`: its columns or a constraint's name, the most telling first.
/// A script without any such statement: its first one; a script without statements: line 1 of
/// `file`.
Place place_of(const Phase& phase, Effect effect, const std::vector<std::string>& names,
               const std::vector<std::string>& details, const std::string& file);

/// "000003_drop_code.up.sql:4".
std::string short_place(const Place& place);

}  // namespace drydock
