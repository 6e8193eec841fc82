#!/bin/sh
# ci/check-layers finds what it is there to find, and only that.
set -eu
root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# expect WORDS FILE INCLUDE: FILE with that include is refused with WORDS ("" means accepted).
expect() {
  rm -rf "$scratch/tree"
  mkdir -p "$scratch/tree/$(dirname "$2")"
  printf '// a comment\n#include %s\n' "$3" >"$scratch/tree/$2"
  status=0
  said=$("$root/ci/check-layers" "$scratch/tree") || status=$?
  if [ -z "$1" ]; then
    [ "$status" = 0 ] && [ -z "$said" ] && return
  else
    case $said in "$2:2: "*"$1"*) [ "$status" = 1 ] && return ;; esac
  fi
  echo "$2 with #include $3: expected '${1:-nothing}', got '$said' (exit $status)"
  failed=1
}

expect "" harness/load/x.cc '"harness/sql/split.h"'
expect "" harness/load/x.cc '"harness/load/y.h"'
expect "" harness/load/x.cc '<nlohmann/json.hpp>'
expect "" harness/base/x.cc '<sys/stat.h>'
expect "" harness/base/x.cc '<vector>'
expect "" harness/checks/x_test.cc '"harness/testing/catch.h"'
expect "" reports/x.cc '"reports_embedded.h"'
expect "" bench/x_bench.cc '"reports/json.h"'
expect "bench may not include reports" bench/x.cc '"reports/json.h"'
expect "harness/model may not include harness/base" harness/model/x.h '"harness/base/error.h"'
expect "harness/checks may not include harness/postgres" harness/checks/x.cc '"harness/postgres/session.h"'
expect "reports may not include harness/rehearse" reports/x.cc '"harness/rehearse/walk.h"'
expect "harness/rehearse may not include reports" harness/rehearse/x.cc '"reports/json.h"'
expect "harness/sql may not include harness/load" harness/sql/x.cc '  "harness/load/layout.h"'
expect "only tests may include harness/testing" harness/load/x.cc '"harness/testing/catch.h"'
expect "may be included in harness/postgres only" harness/observe/x.cc '<pqxx/pqxx>'
expect "may be included in harness/postgres only" harness/observe/x.cc '<libpq-fe.h>'
expect "may be included in harness/sql only" harness/load/x.cc '<pg_query.h>'
expect "may be included in reports only" harness/load/x.cc '<pugixml.hpp>'
expect "may be included in harness/cli only" harness/load/x.cc '<CLI/CLI.hpp>'
expect "may be included in harness/testing only" harness/load/x_test.cc '<catch2/catch.hpp>'
expect "has no folder in ci/check-layers" harness/load/x.cc '<boost/json.hpp>'
expect "only reports may include" harness/cli/x.cc '"reports_embedded.h"'
expect "not written from the root" harness/load/x.cc '"layout.h"'

mkdir -p "$scratch/tree/harness/attic"
echo >"$scratch/tree/harness/attic/x.cc"
"$root/ci/check-layers" "$scratch/tree" >"$scratch/said" && failed=1
grep -q '^harness/attic/x.cc:1: this folder has no floor' "$scratch/said" || failed=1
exit "$failed"
