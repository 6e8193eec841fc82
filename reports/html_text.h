// What every page of Drydock is made of.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/model/run_result.h"

namespace drydock {

/// Text as it can stand in an element or in an attribute's quotes.
std::string escape_html(const std::string& text);

/// JSON that can stand in a script element: without "<" nothing in it can end the element.
std::string script_json(const std::string& json);

/// Replaces each {{name}} once; what is put in is not looked at again.
std::string fill_page(std::string_view page, const std::map<std::string, std::string>& values);

/// "Could not be judged".
std::string verdict_title(Outcome verdict);

}  // namespace drydock
