#!/bin/sh
# jobfit at a real terminal: asks on it, answers on it, and says what was missing where there is none.
# Usage: tests/terminal.sh JOBFIT
set -eu
jobfit=$(readlink -f -- "$1")
command -v script >/dev/null 2>&1 || { echo 'script(1) is not here'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" TERM=xterm NO_COLOR=1 LANG=C.UTF-8
fail() { printf '%s\n' "$@"; exit 1; }

# Answers typed at a pseudo-terminal, then the advice and the command that asks the same again.
code=0
printf 'chat\nth\nnever\nconfabulation\n\n\n' |
  script -qec "$jobfit --machine laptop-16g --color never" /dev/null >"$work/typed" 2>&1 || code=$?
[ "$code" -le 1 ] || fail "the interview ended with $code" "$(cat "$work/typed")"
grep -q -- '--job chat --language th --egress never --tolerate confabulation' "$work/typed" ||
  fail 'the interview does not end with the command that asks the same again' "$(cat "$work/typed")"

# q leaves, end of input leaves; neither advises.
for keys in 'q\n' '\004'; do
  code=0
  # shellcheck disable=SC2059 # the keys are a format
  printf "$keys" | script -qec "$jobfit --machine laptop-16g" /dev/null >"$work/left" 2>&1 || code=$?
  [ "$code" -ne 0 ] && [ "$code" -lt 126 ] || [ "$code" -eq 130 ] || fail "leaving ended with $code" "$(cat "$work/left")"
done

# No terminal: nothing is asked.
code=0
"$jobfit" --job chat --machine laptop-16g </dev/null >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 2 ] || fail "without a terminal and an answer the exit code is $code"
grep -q -- '--language' "$work/err" || fail 'the missing flag is not named' "$(cat "$work/err")"
[ ! -s "$work/out" ] || fail 'something was printed to stdout'

# A reader that has left ends jobfit, and quietly.
"$jobfit" models 2>"$work/err" | head -n 1 >/dev/null
[ ! -s "$work/err" ] || fail 'a closed pipe is complained about' "$(cat "$work/err")"
echo 'asks at a terminal, and only there'
