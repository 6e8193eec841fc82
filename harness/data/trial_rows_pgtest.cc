// Rows that try a schema out.

#include <algorithm>

#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

bool every_column(const std::string&) { return true; }

long rows_with(GeneratorCase& c, const std::vector<TrialRows>& trials, const std::string& words) {
  for (const TrialRows& trial : trials)
    if (trial.words.find(words) != std::string::npos) return c.try_rows(trial);
  UNSCOPED_INFO("no trial says " << words);
  return -2;
}

TEST_CASE("adversarial rows are written where the schema allows them") {
  GeneratorCase c(
      R"(CREATE TABLE t (id serial PRIMARY KEY, code varchar(20), n int NOT NULL, at timestamptz,
                                     email text UNIQUE NOT NULL);)");
  c.fill();
  const auto trials = c.generator().adversarial_rows({"public.t", "public.none"}, every_column);
  CHECK(rows_with(c, trials, "1 row with code NULL") == 1);
  CHECK(rows_with(c, trials, "2 rows with the same code") == 2);
  CHECK(rows_with(c, trials, "with code empty") == 1);
  CHECK(rows_with(c, trials, "with code of 20 characters") == 1);
  CHECK(rows_with(c, trials, "with code in letters beyond ASCII") == 1);
  CHECK(rows_with(c, trials, "with n 2147483647") == 1);
  CHECK(rows_with(c, trials, "with at infinity") == 1);
  CHECK(rows_with(c, trials, "with the same email") == -2);
  CHECK(rows_with(c, trials, "with n NULL") == -2);
  CHECK(std::all_of(trials.begin(), trials.end(),
                    [](const TrialRows& trial) { return trial.table == "public.t"; }));
}

TEST_CASE("any of the adversarial rows of a table are written by one statement") {
  GeneratorCase c(
      R"(CREATE TABLE p (id int PRIMARY KEY);
         CREATE TABLE t (id serial PRIMARY KEY, code varchar(20), n int NOT NULL CHECK (n < 9000),
                         p int NOT NULL REFERENCES p);)");
  c.fill();
  const auto trials = c.generator().adversarial_rows({"public.t"}, every_column);
  REQUIRE(trials.size() > 4);
  const auto written = [&](const std::vector<TrialRows>& some) {
    return c.try_rows({"public.t", insert_jointly(some), 0, "jointly"});
  };
  long rows = 0;  // those that the condition refuses are left out
  for (const TrialRows& trial : trials) rows += std::max(0L, c.try_rows(trial));
  CHECK(written(trials) == rows);
  const std::vector<TrialRows> few(trials.begin() + 1, trials.begin() + 3);
  CHECK(written(few) == std::max(0L, c.try_rows(few[0])) + std::max(0L, c.try_rows(few[1])));
  CHECK(insert_jointly({}).empty());
  CHECK(insert_jointly(c.generator().ordinary_rows({"public.t"})).empty());
}

TEST_CASE("rows are alike in several columns where each of them alone may be another one") {
  GeneratorCase c(
      R"(CREATE TABLE p (id int PRIMARY KEY);
         CREATE TABLE pairs (a int NOT NULL REFERENCES p, b text NOT NULL, own int UNIQUE,
                             id serial PRIMARY KEY);)");
  c.fill();
  const auto trials = c.generator().adversarial_rows({"public.pairs"}, every_column);
  CHECK(rows_with(c, trials, "2 rows with the same a, b") == 2);
  const auto one = c.generator().adversarial_rows(
      {"public.pairs"}, [](const std::string& name) { return name == "b"; });
  CHECK(rows_with(c, one, "with the same a, b") == -2);
}

TEST_CASE("a counted column is tried with what it reaches in a long life") {
  GeneratorCase c(R"(CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                                     small serial, least smallserial);)");
  c.fill();
  const auto trials = c.generator().adversarial_rows({"public.t"}, every_column);
  CHECK(rows_with(c, trials, "with id 3000000000, more than an integer takes") == 1);
  CHECK(rows_with(c, trials, "with small 40000, more than a smallint takes") == 1);
  CHECK(rows_with(c, trials, "with id 9223372036854775807") == -2);
  CHECK(rows_with(c, trials, "with least 3") == -2);
}

TEST_CASE("new rows have digits on the side of the point where there is room for more") {
  GeneratorCase c(R"(CREATE TABLE t (wide numeric(10,2), fine numeric(10,2), sides numeric(4,2),
                                     less numeric(10,2), open numeric(10,2));)");
  c.fill();
  c.session.query(
      R"(ALTER TABLE t ALTER wide TYPE numeric(12,2), ALTER fine TYPE numeric(12,4),
      ALTER sides TYPE numeric(10,4), ALTER less TYPE numeric(8,1), ALTER open TYPE numeric)");
  const auto trials = c.generator().new_rows();
  CHECK(rows_with(c, trials, "with wide of more than 8 digits before the point") == 2);
  CHECK(rows_with(c, trials, "with wide of more than 2 digits behind") == -2);
  CHECK(rows_with(c, trials, "with fine of more than 2 digits behind the point") == 2);
  CHECK(rows_with(c, trials, "with fine of more than 8 digits before") == -2);
  CHECK(rows_with(c, trials, "with sides of more than 2 digits before the point") == 2);
  CHECK(rows_with(c, trials, "with sides of more than 2 digits behind the point") == 2);
  CHECK(rows_with(c, trials, "with less of more") == -2);
  CHECK(rows_with(c, trials, "with open of more than 8 digits before the point") == 2);
}

TEST_CASE("new rows use what only the new schema allows") {
  GeneratorCase c(R"(CREATE TYPE mood AS ENUM ('ok');
      CREATE TABLE p (id int PRIMARY KEY);
      CREATE TABLE t (id serial PRIMARY KEY, code varchar(5) NOT NULL UNIQUE, mood mood NOT NULL, n int NOT NULL,
                      p_id int NOT NULL CONSTRAINT points REFERENCES p, qty int NOT NULL CONSTRAINT positive CHECK (qty > 0));)");
  c.fill();
  CHECK(c.generator().new_rows().empty());
  c.session.query("ALTER TYPE mood ADD VALUE 'fine'");
  c.session.query(
      R"(ALTER TABLE t ALTER code TYPE text, ALTER n TYPE bigint, ALTER n DROP NOT NULL, ADD extra text,
      DROP CONSTRAINT points, DROP CONSTRAINT positive, DROP CONSTRAINT t_code_key;
      CREATE TABLE fresh (id serial PRIMARY KEY, t_id int NOT NULL REFERENCES t);)");
  const auto trials = c.generator().new_rows();
  CHECK(rows_with(c, trials, "with mood 'fine'") == 2);
  CHECK(rows_with(c, trials, "with code longer than 5 characters") == 2);
  CHECK(rows_with(c, trials, "with n above 2147483647") == 2);
  CHECK(rows_with(c, trials, "with n NULL") == 2);
  CHECK(rows_with(c, trials, "with a value in the new extra") == 2);
  CHECK(rows_with(c, trials, "that the dropped positive refused") == 2);
  CHECK(rows_with(c, trials, "with the same code") == 2);
  CHECK(rows_with(c, trials, "with p_id that no row of public.p has") == 2);
  const auto fresh = std::find_if(trials.begin(), trials.end(), [](const TrialRows& trial) {
    return trial.table == "public.fresh";
  });
  REQUIRE(fresh != trials.end());
  CHECK(c.try_rows(*fresh) == 3);
}

TEST_CASE("several trials can be written in one transaction") {
  GeneratorCase c("CREATE TABLE t (id bigserial PRIMARY KEY, code text UNIQUE NOT NULL, v int)");
  c.fill();
  c.session.query("BEGIN");
  for (const TrialRows& trial : c.generator().adversarial_rows({"public.t"}, every_column))
    c.session.query(trial.sql);
  c.session.query("ROLLBACK");
  CHECK(c.number("SELECT count(*) FROM t") == 100);
}

}  // namespace
}  // namespace drydock
