#!/bin/sh
# jobfit opens no connection, starts no program but the listed probe commands, and writes no file that it was not asked
# to write: every offline command, seen by strace, and once more where there is no network at all.
# Usage: tests/offline.sh JOBFIT
set -eu
jobfit=$(readlink -f -- "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME="$work" ASAN_OPTIONS=detect_leaks=0  # the leak checker is itself a tracer, and there can be only one

# What Host may run (src/machine/host_ask.cpp).
probes='nvidia-smi|sysctl|system_profiler'
answers='--job chat --language th --egress never --tolerate confabulation'

commands() {
  cat <<LIST
--version
--help
$answers
$answers --ram 64GB --no-gpu --format html
why qwen3.6-27b $answers --machine laptop-16g
compare qwen3.6-27b gemma-4-12b $answers --machine laptop-16g
plan qwen3.6-27b --context 32K
estimate qwen3.6-27b --machine laptop-16g
machine
machine --json
machine list
models
models show qwen3.6-27b
catalog show
catalog check own.yaml
explain
explain kv-cache
--job chat --no-input
LIST
}
printf 'models:\n  - {id: qwen3.6-27b, note: read again}\n' >own.yaml
before=$(find . | sort)

can_trace() { command -v strace >/dev/null 2>&1 && strace -f -o /dev/null true 2>/dev/null; }
can_isolate() { command -v unshare >/dev/null 2>&1 && unshare -rn true 2>/dev/null; }
can_trace || can_isolate || { echo 'neither strace nor unshare can be used here'; exit 77; }

failures=0
complain() { printf '%s\n' "$@"; failures=$((failures + 1)); }

count=0
advised=0
while read -r line; do
  count=$((count + 1))
  if can_trace; then
    code=0
    # shellcheck disable=SC2086 # words are meant to be split
    strace -f -qq -e trace=network,execve,open,openat,creat -o trace "$jobfit" $line </dev/null >out 2>err || code=$?
    [ "$code" -le 2 ] || complain "jobfit $line: exit $code" "$(cat err)"
    if calls=$(grep -E '(socket|connect|sendto|sendmsg|bind)\(' trace | grep -v 'socketpair('); then
      complain "jobfit $line speaks to the network:" "$calls"
    fi
    if calls=$(grep 'execve(' trace | tail -n +2 | grep -vE "execve\(\"[^\"]*/($probes)\""); then
      complain "jobfit $line starts a program:" "$calls"
    fi
    if calls=$(grep -E '(O_WRONLY|O_RDWR|O_CREAT|creat\()' trace | grep -vE '"/(dev|proc/self)/[^"]*"'); then
      complain "jobfit $line writes a file:" "$calls"
    fi
    rm -f trace out err
  fi
  # Advice under sanitizers takes its time: once is enough where strace has already looked.
  case $line in *--egress*) advised=$((advised + 1)) ;; esac
  if can_isolate && { ! can_trace || [ "$advised" -le 1 ] || [ "${line#*--egress}" = "$line" ]; }; then
    code=0
    # shellcheck disable=SC2086
    unshare -rn "$jobfit" $line </dev/null >out 2>err || code=$?
    [ "$code" -le 2 ] || complain "without a network, jobfit $line: exit $code" "$(cat err)"
    rm -f out err
  fi
done <<LIST
$(commands)
LIST

[ "$(find . | sort)" = "$before" ] || complain "files were left behind:" "$(find . | sort)"
can_trace && how=strace
can_isolate && how="${how:+$how and }an empty network namespace"
[ "$failures" -eq 0 ] || { echo "$failures breaches"; exit 1; }
echo "$count commands under ${how:-nothing}: no connection, no program, no file"
