// The names of the types of a scenario's values, as errors and documentation call them.
#include "harness/base/text.h"
#include "harness/load/key_type.h"

namespace drydock {

using enum KeyType;

std::string element_words(KeyType type) {
  switch (type) {
    case kPaths:
      return "a path";
    case kDataFiles:
      return "a path that ends in .sql or .csv, or an object with such a file";
    case kTexts:
      return "a text that is not empty";
    case kTextMap:
      return "a text";
    case kScalars:
    case kScalarMap:
      return "a text, a number or a boolean";
    case kRows:
      return "a row: a list of at least one text, number, boolean or null";
    case kMayChange:
      return "schema.table.column, schema.table or *.column";
    case kTableNames:
      return "a table as schema.table";
    case kPositives:
      return "a whole number of 1 or more";
    case kCounts:
      return "a whole number of 0 or more";
    case kStrategies:
    case kHolders:
      return "one of " + join(choices(type), ", ");
    case kTenantColumns:
      return "a column, or one of a table as schema.table.column";
    case kTenants:
      return "a text that is not empty, or a number";
    default:
      return "an object";
  }
}

std::string type_words(KeyType type) {
  switch (type) {
    case kText:
      return "a text";
    case kWords:
      return "a text that is not empty";
    case kPath:
      return "a path";
    case kPaths:
      return "a list of paths";
    case kDataPath:
      return "a path that ends in .sql or .csv";
    case kDataFiles:
      return "a list of paths or objects";
    case kTexts:
      return "a list of texts";
    case kTextMap:
      return "an object of texts";
    case kScalar:
      return "a text, a number or a boolean";
    case kScalars:
      return "a list of at least one text, number or boolean";
    case kScalarMap:
      return "an object of texts, numbers or booleans";
    case kRows:
      return "a list of rows";
    case kCount:
      return "a whole number of 0 or more";
    case kPositive:
      return "a whole number of 1 or more";
    case kBoolean:
      return "true or false";
    case kDate:
      return "a date as YYYY-MM-DD";
    case kTableName:
      return "a table as schema.table";
    case kColumnName:
      return "a column as schema.table.column";
    case kTableNames:
      return "a list of tables";
    case kTablePattern:
      return "a table as schema.table, * for any letters";
    case kMayChange:
      return "a list of names";
    case kProfile:
    case kMoment:
    case kSeverity:
    case kLockMode:
      return "one of " + join(choices(type), ", ");
    case kFillfactor:
      return "a whole number from 10 to 100";
    case kPositives:
      return "a list of at least one whole number of 1 or more";
    case kCounts:
      return "a list of at least one whole number of 0 or more";
    case kStrategies:
    case kHolders:
      return "a list of at least one of " + join(choices(type), ", ");
    case kTenantColumns:
      return "a column, schema.table.column, or a list of such";
    case kTenants:
      return "a list of at least two texts or numbers";
    case kObject:
      return "an object";
    case kObjects:
      return "a list of objects";
    case kTableMap:
      return "an object of objects, by table";
    case kNamedObjects:
      return "an object of objects, by name";
  }
  return "";
}

}  // namespace drydock
