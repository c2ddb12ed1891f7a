#!/bin/sh
# Profiles a second through --machine -: those of a fleet, where machines are alike but for their names and what is
# free on them, and others of which no two are. Usage: bench/stream.sh JOBFIT [COUNT]
set -eu
jobfit=$(readlink -f -- "${1:?usage: bench/stream.sh JOBFIT [COUNT]}")
count=${2:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for preset in $("$jobfit" machine list --json | sed -n 's/^ *"id": "\(.*\)",$/\1/p'); do
  "$jobfit" machine --machine "$preset" --json | tr -d '\n'
  echo
done >"$work/kinds"

# profiles COUNT BYTES: the kinds in turn, each with a name of its own and BYTES less RAM for a model than the one before.
profiles() {
  awk -v count="$1" -v less="$2" '
    { kinds[NR] = $0 }
    END {
      for (i = 0; i < count; ++i) {
        line = kinds[i % NR + 1]
        sub(/"name": "[^"]*"/, "\"name\": \"pc-" i "\"", line)
        sub(/"available_bytes": null/, "\"available_bytes\": " i * 4096 + 1, line)
        match(line, /"usable_bytes": [0-9]+/)
        usable = substr(line, RSTART + 16, RLENGTH - 16)
        line = substr(line, 1, RSTART + 15) sprintf("%.0f", usable - i * less) substr(line, RSTART + RLENGTH)
        print line
      }
    }' "$work/kinds"
}

measure() {
  name=$1 lines=$2
  start=$(date +%s.%N)
  # A quarter of a megabyte each: what a pipe or a disk makes of them is not jobfit's.
  "$jobfit" --job chat --language en --egress never --tolerate none --machine - --json <"$lines" >/dev/null || true
  end=$(date +%s.%N)
  awk -v name="$name" -v start="$start" -v end="$end" 'END {
    printf "%-16s %6d profiles, %7.0f a second\n", name, NR, NR / (end - start)
  }' "$lines"
}

profiles "$count" 0 >"$work/fleet"
profiles $((count / 50)) 1048576 >"$work/unlike"
echo "$(wc -l <"$work/kinds") kinds of machines"
measure 'a fleet' "$work/fleet"
measure 'no two alike' "$work/unlike"
