#!/bin/sh
# Holds every #include of src/ and include/ to the table in src/README.md: which stage may see which,
# and which outside library is known to which stage. Usage: tests/layers.sh [ROOT]
set -eu
cd -- "${1:-$(dirname -- "$(readlink -f -- "$0")")/..}"

find include src \( -name '*.hpp' -o -name '*.cpp' -o -name '*.in' \) | LC_ALL=C sort |
  xargs grep -n '^[[:space:]]*#[[:space:]]*include' /dev/null |
  awk -v table=src/README.md '
function trim(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }
function breach(why) { printf "%s: %s\n", place, why; breaches++ }

# | stage | public headers | may include | outside libraries |
function read_table(   line, cell, i, n, list, words) {
  while ((getline line < table) > 0) {
    if (line ~ /^\| stage /) { inside = 1; continue }
    if (line !~ /^\|/) inside = 0
    if (!inside || line ~ /^\|-/) continue
    split(line, cell, "|")
    stage = trim(cell[2]); stages[stage] = 1; count++
    n = split(cell[3], list, ","); for (i = 1; i <= n; i++) owner[trim(list[i])] = stage
    n = split(cell[4], list, ","); for (i = 1; i <= n; i++) allowed[stage, trim(list[i])] = 1
    n = split(cell[5], list, ",")
    for (i = 1; i <= n; i++) {
      split(trim(list[i]), words, " ")
      library[stage, words[1]] = words[2] == "in" ? words[3] : "*"
    }
  }
  if (count < 10) { print table ": the table of stages is not found"; exit 2 }
}

# What an included outside header belongs to; "" for the standard library and the system.
function library_of(header) {
  if (header ~ /^(yaml-cpp|Eigen|nlohmann|CLI|fmt)\//) return substr(header, 1, index(header, "/") - 1)
  return ""
}

BEGIN { read_table() }
{
  split($0, part, ":"); file = part[1]; place = part[1] ":" part[2]
  header = $0; sub(/^[^<"]*[<"]/, "", header); sub(/[>"].*/, "", header)
  quoted = $0 ~ /#[ \t]*include[ \t]*"/

  name = file; sub(/.*\//, "", name)
  if (file ~ /^include\/jobfit\//) { self = owner[substr(name, 1, length(name) - 4)] }
  else if (file ~ /^src\/[^\/]*$/) { self = "cli" }
  else { self = file; sub(/^src\//, "", self); sub(/\/.*/, "", self) }
  if (!(self in stages)) { breach("belongs to no stage of " table); next }

  if (quoted) {
    if (header ~ /^jobfit\//) {
      target = header; sub(/^jobfit\//, "", target); sub(/\.hpp$/, "", target); target = owner[target]
    } else { target = header; sub(/\/.*/, "", target) }
    if (!(target in stages)) breach("\"" header "\" belongs to no stage of " table)
    else if (target != self && !((self, target) in allowed)) breach(self " may not include " target ": \"" header "\"")
    next
  }
  lib = library_of(header)
  if (lib != "") {
    where = library[self, lib]
    if (where == "") breach(self " may not use <" header ">")
    else {
      pattern = where; gsub(/\*/, ".*", pattern)
      if (name !~ ("^" pattern "$")) breach("<" header "> is known to src/" self "/" where " alone")
    }
  }
  if (header == "iostream" && file != "src/main.cpp") breach("only src/main.cpp knows the standard streams")
}
END {
  if (breaches) { printf "%d breaches of the table in %s\n", breaches, table; exit 1 }
  if (NR < 100) { print "only " NR " includes were found"; exit 2 }
  printf "%d includes keep to the table in %s\n", NR, table
}'
