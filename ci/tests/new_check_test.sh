#!/bin/sh
# What ci/new-check makes is complete, compiles, and is in the list.
set -eu
root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/harness" "$scratch/ci"
cp -r "$root/harness/checks" "$root/harness/model" "$root/harness/base" "$root/harness/testing" \
  "$scratch/harness"
cp "$root/ci/new-check" "$root/ci/check-layers" "$scratch/ci"
cp "$root/.clang-format" "$scratch"
cd "$scratch"

fail() {
  echo "$*"
  exit 1
}

ci/new-check tidy-sea-shell >said || fail "it does not work at all"
for path in harness/checks/tidy_sea_shell.cc harness/checks/tidy_sea_shell_test.cc \
  docs/checks/tidy-sea-shell.md fixtures/checks/tidy-sea-shell/good fixtures/checks/tidy-sea-shell/bad; do
  [ -e "$path" ] || fail "$path was not made"
done
grep -q '^extern const Check kTidySeaShell;$' harness/checks/all_checks.cc || fail "not declared"
grep -q '^      &kTidySeaShell,' harness/checks/all_checks.cc || fail "not listed"
for source in tidy_sea_shell.cc tidy_sea_shell_test.cc all_checks.cc; do
  g++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I. "harness/checks/$source" ||
    fail "$source does not compile"
done
ci/check-layers || fail "it breaks the layers"

ci/new-check tidy-sea-shell >/dev/null 2>said && fail "a check was made twice"
grep -q 'is there already' said || fail "the second time is not explained"
for bad in "" Tidy tidy_sea -tidy tidy- 'a b' 1st; do
  ci/new-check "$bad" >/dev/null 2>&1 && fail "'$bad' was taken for an id"
done
exit 0
