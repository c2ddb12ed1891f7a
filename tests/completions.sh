#!/bin/bash
# The bash completion, asked as the shell asks it. Usage: tests/completions.sh JOBFIT
# shellcheck disable=SC2317 # called by what is sourced
set -eu
jobfit() { "$program" "$@"; }
program=$(readlink -f -- "$1")
# shellcheck source=/dev/null
. "$(dirname -- "$(readlink -f -- "$0")")/../data/completions/jobfit.bash"
compopt() { :; }  # only a running completion has options

failures=0
expect() {  # WANTED WORD...: completing the last word offers WANTED
  local wanted=$1
  shift
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _jobfit
  case " ${COMPREPLY[*]} " in
    *" $wanted "*) ;;
    *) printf 'completing "%s" offers no %s: %s\n' "$*" "$wanted" "${COMPREPLY[*]:0:8}"; failures=$((failures + 1)) ;;
  esac
}
expect --language jobfit --lan
expect estimate jobfit es
expect show jobfit models ''
expect chat jobfit --job c
expect never jobfit --job chat --egress n
expect confabulation,weak-maths jobfit --tolerate confabulation,weak
expect th jobfit --language t
expect laptop-16g jobfit --machine lap
expect qwen3.6-27b jobfit why qwen3.6
expect qwen3.6-27b jobfit models show qwen3.6
expect kv-cache jobfit explain kv
expect Q4_K_M jobfit estimate qwen3.6-27b --quantization Q4
[ "$failures" -eq 0 ] && echo 'bash completes commands, flags, answers, models, machines and terms'
exit "$failures"
