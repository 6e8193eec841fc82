// What became of the rows and values of a database between two moments.
//
// Looking at every row four times a migration would cost more than all migrations together. So
// only tables that can have changed are looked at: those whose counters of written rows moved,
// whose file was replaced, or whose columns are others (pg_stat_all_tables, pg_class,
// pg_attribute). Of those an order-free digest is taken first: the sum over all rows of a hash of
// the whole row, so that values swapped between rows are seen. Only where the digest cannot tell
// (it differs, or columns went or changed their type) are rows compared one by one, on the server,
// with an image of the table: a temporary table of this session that holds every value as text.
// Nothing but counts and a handful of samples reaches the client.
//
// Values are compared as the server prints them; where a column's type changed, a value is the same
// when the plain cast makes the new one of the old one and the way back gives the old one again.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/contents.h"
#include "harness/model/scenario.h"
#include "harness/model/touched.h"
#include "harness/observe/contents_tables.h"
#include "harness/observe/counters.h"
#include "harness/postgres/session.h"

namespace drydock {

/// How a table and its columns of before are found again. By identity: what a rename leaves is the
/// same table (oid) and column (attnum); what is not found so is looked for by name. By name: as
/// after a down, where what was dropped and made again must stand for what was there; what no name
/// leads to is looked for by identity.
enum class ContentsMatch { kByIdentity, kByName };

class ContentsObserver {
 public:
  /// `session` is the administrator's, must outlive the observer, and is not reset while it does:
  /// the images are its temporary tables. It may meanwhile be used for statements in a transaction
  /// that is rolled back; compare() inside it sees what they did.
  /// `paranoid`: look at every table each time, and throw Error when one differs that the counters
  /// said could not have changed.
  /// `touched`, if given, tells which tables need not be looked at in the catalogs again.
  ContentsObserver(Session& session, bool paranoid, TouchedSource touched = {});
  ~ContentsObserver();

  /// The present contents become those that compare() holds later ones against. Sessions that wrote
  /// since the last look must have flushed their counters (flush_counters_statement).
  void remember();

  /// Time zones in which scripts may have cast between times with and without a zone, the likeliest
  /// first. Unless told: UTC.
  void cast_in_zones(std::vector<std::string> zones);

  /// Remembered against present. `transforms`: columns that are to be the given expression of the
  /// remembered row instead of their old value. `prints`, if given, gets those of what can have
  /// changed. Nothing is remembered anew. Throws InputError when a transform's expression does not
  /// run.
  ContentsDiff compare(ContentsMatch match, const std::vector<Transform>& transforms = {},
                       ContentsPrints* prints = nullptr);

  /// The remembered rows again, in the tables of before: after a down that lost some. False: that
  /// cannot be had here (the observer is no superuser, tables or columns are others), and nothing
  /// was changed.
  bool put_back();

  /// After a transaction that wrote and was rolled back: its counters moved though nothing changed.
  /// REQUIRES: nothing else was written since remember().
  void ignore_rolled_back();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drydock
