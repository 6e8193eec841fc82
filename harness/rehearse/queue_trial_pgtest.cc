#include "harness/rehearse/queue_trial.h"

#include <algorithm>

#include "harness/testing/catch.h"
#include "harness/testing/staging_bench.h"

namespace drydock {
namespace {

constexpr const char* kOrders =
    "create table orders(id int primary key, code text); create table notes(id int); "
    "insert into orders select n, 'c' || n from generate_series(1, 50) n";

struct Tried {
  QueueTrial trial;
  std::vector<Leftover> leftovers;

  const QueueAttempt& of(QueueHolder holder) const {
    const auto found =
        std::find_if(trial.attempts.begin(), trial.attempts.end(),
                     [&](const QueueAttempt& attempt) { return attempt.holder == holder; });
    REQUIRE(found != trial.attempts.end());
    return *found;
  }
  bool has(QueueHolder holder) const {
    return std::any_of(trial.attempts.begin(), trial.attempts.end(),
                       [&](const QueueAttempt& attempt) { return attempt.holder == holder; });
  }
};

Tried try_behind(const std::vector<std::string>& up, bool in_transaction = false,
                 const std::string& before = kOrders) {
  testing::StagingBench bench(before, up, in_transaction);
  const Phase walked = bench.walked();
  INFO((walked.error ? walked.error->message : ""));
  REQUIRE(walked.outcome == PhaseOutcome::kOk);
  LockRules rules;
  rules.queue_patience_ms = 600;
  Tried tried;
  tried.trial = try_lock_queue(bench.ground(), walked, rules, tried.leftovers);
  INFO(tried.trial.skipped);
  return tried;
}

TEST_CASE("an up with a lock_timeout gives up behind each holder and comes through later") {
  const Tried tried = try_behind(
      {"set local lock_timeout = '80ms'", "alter table orders add column note text"}, true);
  CHECK(tried.trial.ran);
  CHECK(tried.trial.attempts.size() == 3);
  for (const QueueAttempt& attempt : tried.trial.attempts) {
    INFO(static_cast<int>(attempt.holder));
    CHECK(attempt.gave_up);
    CHECK(attempt.sqlstate == "55P03");
    CHECK_FALSE(attempt.waited_it_out);
    CHECK(attempt.relation == "public.orders");
    CHECK(attempt.left_behind.empty());
    CHECK(attempt.second_try_ok);
    CHECK(attempt.statement == "alter table orders add column note text");
    CHECK(attempt.line == 11);
    CHECK(attempt.file == "2_up.sql");
  }
}

TEST_CASE("an up without lock_timeout waits, and reads wait behind it, until it is stopped") {
  const Tried tried = try_behind({"alter table orders add column note text"});
  const QueueAttempt& attempt = tried.of(QueueHolder::kReport);
  CHECK_FALSE(attempt.gave_up);
  CHECK(attempt.sqlstate.empty());
  CHECK(attempt.waited_ms >= 600);
  CHECK(attempt.stalled_ms > 20);  // nearly as long as the up; a read that is let through takes one
  CHECK(attempt.second_try_ok);
}

TEST_CASE("an up is in nobody's way who holds no more than it can bear") {
  const Tried tried = try_behind({"create index on orders(code)"});
  CHECK_FALSE(tried.has(QueueHolder::kReport));
  CHECK_FALSE(tried.has(QueueHolder::kDump));
  const QueueAttempt& attempt = tried.of(QueueHolder::kIdleInTransaction);
  CHECK_FALSE(attempt.gave_up);
  CHECK(attempt.second_try_ok);
  const Tried none = try_behind({"create table others(id int)"});
  CHECK_FALSE(none.trial.ran);
  CHECK_FALSE(none.trial.skipped.empty());
}

TEST_CASE("rebuilding indexes waits for a report, which holds them too") {
  const Tried tried = try_behind({"set lock_timeout = '80ms'; reindex table orders"});
  CHECK(tried.of(QueueHolder::kReport).gave_up);
  CHECK(tried.of(QueueHolder::kReport).relation == "public.orders");
}

TEST_CASE("what an up of several transactions did before it gave up is told") {
  const Tried tried =
      try_behind({"set lock_timeout = '80ms'", "alter table orders add column note text",
                  "alter table notes add column text text"});
  CHECK(tried.trial.attempts.size() == 5);  // two tables each, and the dump
  const auto second =
      std::find_if(tried.trial.attempts.begin(), tried.trial.attempts.end(),
                   [](const QueueAttempt& attempt) { return attempt.relation == "public.notes"; });
  REQUIRE(second != tried.trial.attempts.end());
  CHECK(second->gave_up);
  REQUIRE(second->left_behind.size() == 1);
  CHECK(second->left_behind[0].object.name == "public.orders.note");
  CHECK_FALSE(second->second_try_ok);
  CHECK(second->second_error.find("already exists") != std::string::npos);
}

TEST_CASE("an old snapshot elsewhere stops CREATE INDEX CONCURRENTLY, and IF NOT EXISTS hides it") {
  const Tried tried = try_behind({"set lock_timeout = '80ms'",
                                  "create index concurrently if not exists code on orders(code)"});
  const QueueAttempt& attempt = tried.of(QueueHolder::kOldSnapshot);
  CHECK(attempt.gave_up);
  CHECK(attempt.relation != "public.orders");
  CHECK(attempt.left_behind.size() == 1);
  CHECK_FALSE(attempt.second_try_ok);
  CHECK(attempt.second_error.find("INVALID") != std::string::npos);
  CHECK(tried.has(QueueHolder::kReport));
  REQUIRE(tried.leftovers.size() == 2);
  CHECK_FALSE(tried.leftovers[0].accepted);
  CHECK(tried.leftovers[1].accepted);
}

TEST_CASE("dropping the broken index first makes the second try good") {
  const Tried tried = try_behind({"set lock_timeout = '80ms'", "drop index if exists code",
                                  "create index concurrently code on orders(code)"});
  CHECK(tried.of(QueueHolder::kOldSnapshot).gave_up);
  CHECK(tried.of(QueueHolder::kOldSnapshot).second_try_ok);
  CHECK(tried.leftovers.empty());
}

TEST_CASE("detaching a partition concurrently waits for who reads it") {
  const Tried tried = try_behind(
      {"set lock_timeout = '80ms'", "alter table parts detach partition part concurrently"}, false,
      "create table parts(id int) partition by range (id); "
      "create table part partition of parts for values from (0) to (9)");
  CHECK(tried.of(QueueHolder::kDump).gave_up);
  CHECK_FALSE(tried.leftovers.empty());
}

TEST_CASE("clients are in the way of tables with triggers, computed columns and partitions too") {
  const Tried tried = try_behind(
      {"set lock_timeout = '80ms'",
       "alter table odd add column z int; alter table parts add column z int"},
      false,
      "create table odd(id int generated always as identity, twice int generated always as (1) "
      "stored); insert into odd default values; create function no() returns trigger language "
      "plpgsql as 'begin raise ''no''; end'; create trigger no before update on odd for each row "
      "execute function no(); create table parts(id int) partition by range (id); "
      "create table part partition of parts for values from (0) to (9); insert into parts values "
      "(1)");
  CHECK(tried.of(QueueHolder::kIdleInTransaction).gave_up);
}

TEST_CASE("a view and a materialized view can be held by a report") {
  const Tried tried =
      try_behind({"set lock_timeout = '80ms'",
                  "create or replace view v as select id, code, 1 as one from orders",
                  "drop materialized "
                  "view m"},
                 false,
                 std::string(kOrders) +
                     "; create view v as select id, code from orders; create materialized "
                     "view m as select id from orders");
  std::vector<std::string> relations;
  for (const QueueAttempt& attempt : tried.trial.attempts) {
    if (attempt.holder == QueueHolder::kReport && attempt.gave_up) {
      relations.push_back(attempt.relation);
    }
  }
  std::sort(relations.begin(), relations.end());
  CHECK(relations == std::vector<std::string>{"public.m", "public.v"});
}

}  // namespace
}  // namespace drydock
