// The catalogs' own notations in text form: arrays ({a,"b c"}), "key=value" options and access
// privileges (reader=arw*/owner). Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drydock {

/// The elements of a one-dimensional array as the server prints it. NULL elements are left out.
std::vector<std::string> parse_array(std::string_view text);

/// "key=value" at its first equals sign; the value is empty when there is none.
std::pair<std::string, std::string> split_option(const std::string& option);

/// What one role was granted, in words.
struct Grant {
  std::string grantee;     ///< role name, unquoted; "PUBLIC"
  std::string grantor;     ///< role name, unquoted
  std::string privileges;  ///< "INSERT, SELECT WITH GRANT OPTION", in a fixed order; never empty
  bool operator==(const Grant&) const = default;
};

/// An aclitem[] as the server prints it.
std::vector<Grant> parse_acl(std::string_view text);

/// Where `acl` departs from `standard` (what the server would grant by itself): (role, privileges),
/// with "none" where something standard was revoked. Grants by somebody other than `owner` say so
/// in the role: "reader (granted by admin)". Sorted.
std::vector<std::pair<std::string, std::string>> departures(std::string_view acl,
                                                            std::string_view standard,
                                                            std::string_view owner);

/// A name as SQL wants it: quoted when it is not plain lower case or is a reserved word.
std::string quoted_name(std::string_view name);

}  // namespace drydock
