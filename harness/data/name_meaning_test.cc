#include "harness/data/name_meaning.h"

#include "harness/testing/catch.h"

namespace drydock {

TEST_CASE("names fall into words at underscores and capitals") {
  CHECK(words_of_name("createdAt") == std::vector<std::string>{"created", "at"});
  CHECK(words_of_name("HTTP_status") == std::vector<std::string>{"http", "status"});
  CHECK(words_of_name("plain") == std::vector<std::string>{"plain"});
}

TEST_CASE("a column's name says what its values are") {
  CHECK(meaning_of("email") == Meaning::kEmail);
  CHECK(meaning_of("contact_email") == Meaning::kEmail);
  CHECK(meaning_of("firstName") == Meaning::kFirstName);
  CHECK(meaning_of("unit_price") == Meaning::kMoney);
  CHECK(meaning_of("created_at") == Meaning::kTime);
  CHECK(meaning_of("updateat") == Meaning::kTime);
  CHECK(meaning_of("user_id") == Meaning::kIdentifier);
  CHECK(meaning_of("tenant_id") == Meaning::kTenant);
  CHECK(meaning_of("format") == Meaning::kNone);
}

TEST_CASE("the times of a row come in the order of their names") {
  CHECK(time_rank("created_at") < time_rank("updated_at"));
  CHECK(time_rank("starts_at") < time_rank("ends_at"));
  CHECK(is_rare_event("deleted_at"));
  CHECK_FALSE(is_rare_event("updated_at"));
}

TEST_CASE("columns of all tables that mean the same tenant share a stem") {
  CHECK(tenant_stem("tenant_id") == tenant_stem("tenantId"));
  CHECK(tenant_stem("organization_id") == "organization");
}

}  // namespace drydock
