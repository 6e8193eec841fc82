// What a column's name says about its values, so that generated rows read like an application's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

enum class Meaning {
  kNone,
  kEmail,
  kFirstName,
  kLastName,
  kFullName,
  kUserName,
  kPhone,
  kUrl,
  kDomainName,
  kStreet,
  kCity,
  kPostcode,
  kCountryCode,
  kCountry,
  kState,
  kCompany,
  kCurrency,
  kMoney,
  kStatus,
  kKind,
  kTitle,
  kProse,
  kSlug,
  kCode,
  kIpAddress,
  kUserAgent,
  kColor,
  kLatitude,
  kLongitude,
  kTimezone,
  kLocale,
  kSecret,
  kHash,
  kVersion,
  kFileName,
  kPath,
  kMimeType,
  kJsonText,
  kRole,
  kGender,
  kQuantity,
  kPercentage,
  kRatio,
  kYear,
  kMonth,
  kDay,
  kHour,
  kMinute,
  kAge,
  kRank,
  kPort,
  kSize,
  kDuration,
  kIdentifier,
  kTenant,
  kFlag,
  kTime,
};

/// "createdAt", "created_at", "CREATED-AT": created, at.
std::vector<std::string> words_of_name(std::string_view name);

Meaning meaning_of(std::string_view column);

/// Columns that tell times of one row, in the order in which they happen: 0 for created_at, larger
/// for updated_at, expires_at.
int time_rank(std::string_view column);

/// The time is one that has not come for most rows: deleted_at, revoked_at.
bool is_rare_event(std::string_view column);

/// tenant_id, organizationId, account: the part that the columns of all tables share.
std::string tenant_stem(std::string_view column);

}  // namespace drydock
