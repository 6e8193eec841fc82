// Which time zone a script sets.
//
// A plain cast between times with and without a zone takes the zone of the session that runs it.
// Who holds the values of before against those of after has to cast alike. What AT TIME ZONE says
// is the script's own opinion on the values and is held against the session's zone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

/// Those of SET [LOCAL | SESSION] TIME ZONE '…' and SET … TimeZone = '…', in their order.
std::vector<std::string> time_zones_set_in(std::string_view sql);

}  // namespace drydock
