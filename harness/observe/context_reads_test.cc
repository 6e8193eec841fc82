// Where the context comes from, read from the text of policies and functions.

#include "harness/observe/context_reads.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("a setting that a policy reads is named once, PostgreSQL's own are not") {
  const ContextReads reads =
      context_reads({"(tenant_id = (current_setting('app.tenant'::text))::uuid)",
                     "tenant_id = current_setting('app.tenant', true)::uuid",
                     "created_at < now() OR current_setting('TimeZone'::text) = 'UTC'"});
  CHECK(reads.settings == Names{"app.tenant"});
  CHECK(reads.documents.empty());
  CHECK_FALSE(reads.role);
}

TEST_CASE("claims of a document are read with their path") {
  const ContextReads reads = context_reads(
      {"((((current_setting('request.jwt.claims'::text, true))::jsonb -> 'app_metadata'::text) ->>"
       " 'tenant_id'::text))::uuid = tenant_id",
       "SELECT nullif(current_setting('request.jwt.claims', true), '')::json->>'sub'"});
  CHECK(reads.settings.empty());
  CHECK(reads.documents == Names{"request.jwt.claims"});
  CHECK(reads.claims == std::vector<ClaimPath>{{"app_metadata", "tenant_id"}, {"sub"}});
}

TEST_CASE("claims read elsewhere than the document belong to it") {
  const ContextReads reads = context_reads({"((auth.jwt() ->> 'org'::text))::integer = org_id",
                                            "SELECT current_setting('request.jwt.claims')::jsonb"});
  CHECK(reads.documents == Names{"request.jwt.claims"});
  CHECK(reads.claims == std::vector<ClaimPath>{{"org"}});
}

TEST_CASE("a setting that is a document only by way of a variable may be one") {
  const ContextReads reads = context_reads(
      {"BEGIN raw := current_setting('app.claims', true); RETURN raw::json #>> '{a,b}'; END"});
  CHECK(reads.documents == Names{"app.claims"});
  CHECK(reads.claims == std::vector<ClaimPath>{{"a", "b"}});
}

TEST_CASE("the current role is noticed") {
  CHECK(context_reads({"(tenant = (CURRENT_USER)::text)"}).role);
  CHECK(context_reads({"pg_has_role(owner, 'MEMBER')"}).role);
}

TEST_CASE("a document holds the value at every path") {
  CHECK(claims_document({{"app_metadata", "tenant_id"}, {"sub"}, {"role"}}, "\"x\"") ==
        R"({"app_metadata": {"tenant_id": "x"}, "role": "authenticated", "sub": "x"})");
}

}  // namespace
}  // namespace drydock
