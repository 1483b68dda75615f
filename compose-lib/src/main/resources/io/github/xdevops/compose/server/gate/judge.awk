# Judges a compose file by the lines of the policy: awk -v project=NAME -v hosts=HOST,… -f judge.awk LINES FILE
# It prints what is refused, and exits with 1 then.
#
# It reads compose files as this tool writes them and no others: a key a line, two blanks a level, strings in double quotes.
# So no other reader can see anything else in them.

NR == FNR { learn_line($0); next }
{ read_line($0) }
END {
  ended = 1
  if (!broken && (pending || depth == 0)) strange()
  for (s = 1; s <= services; s++)
    for (r = 1; r <= requirements; r++)
      if (!broken && !((r, service[s]) in has)) complain("services." service[s] " lacks " wanted[r])
  print said
  exit said != ""
}

function complain(text) {
  complaints++
  if (complaints <= 10) said = said (said == "" ? "" : "; ") text
  if (complaints == 11) said = said "; and more"
}

function strange() {
  if (!broken) complain("line " FNR " of the compose file is not as this tool writes it")
  broken = 1
  if (!ended) exit
}

# --- the policy: verb, path, perhaps a value, perhaps a reason

function learn_line(text,    at, verb, i, count, either) {
  reason = ""
  if (match(text, /  #/)) { reason = substr(text, RSTART + 4); text = substr(text, 1, RSTART - 1) }
  gsub(/^[ \t]+|[ \t\r]+$/, "", text)
  if (text == "" || text ~ /^#/) return
  at = index(text, " ")
  verb = substr(text, 1, at - 1)
  text = substr(text, at + 1)
  if (verb == "require") {
    wanted[++requirements] = text
    count = split(text, either, / or /)
    for (i = 1; i <= count; i++) learn(verb, either[i])
  } else if (verb == "allow" || verb == "refuse") learn(verb, text)
  else complain("the policy has a line that begins with none of allow, refuse and require")
}

function learn(verb, text,    at, segment) {
  rules++
  kind[rules] = verb; why[rules] = reason; need[rules] = requirements
  if ((at = index(text, " = "))) { operator[rules] = "="; operand[rules] = here(substr(text, at + 3)); text = substr(text, 1, at - 1) }
  else if ((at = index(text, " <= "))) { operator[rules] = "<="; operand[rules] = substr(text, at + 4); text = substr(text, 1, at - 1) }
  if (text == "" || text ~ / /) complain("the policy has a path that is none: " text)
  while (text != "") {
    if (substr(text, 1, 1) == "\"") { text = substr(text, 2); at = index(text "\"", "\""); segment = substr(text, 1, at - 1); text = substr(text, at + 1) }
    else if (substr(text, 1, 2) == "[]") { segment = "[]"; text = substr(text, 3) }
    else { match(text, /^[^.[]*/); segment = substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1) }
    sub(/^\./, "", text)
    part[rules, ++parts[rules]] = here(segment)
  }
  # Most lines are of one key, and are found by it.
  at = part[rules, 1] SUBSEP part[rules, 3]
  if (at ~ /\*/) at = "*"
  found[at] = found[at] " " rules
}

function here(text,    at, out) { # with the name of the project
  while ((at = index(text, "PROJECT"))) { out = out substr(text, 1, at - 1) project; text = substr(text, at + 7) }
  return out text
}

# --- the compose file

function read_line(text,    column) {
  # Some readers take these for the end of a line, or for nothing.
  if (index(text, "\r") || index(text, "\302\205") || index(text, "\342\200\250") || index(text, "\342\200\251") || index(text, "\357\273\277")) strange()
  match(text, /^ */)
  column = RLENGTH
  text = substr(text, column + 1)
  if (text == "-" || substr(text, 1, 2) == "- ") {
    place(column, "list", "[]", "")
    if (text == "-") { begin(column + 2); return }
    text = substr(text, 3)
    if (!is_key(text)) { scalar(text); return }
    column += 2
    begin(column)
  }
  if (!is_key(text)) strange()
  place(column, "map", key, "." key)
  if (after == "") begin(column + 2)
  else scalar(substr(after, 2))
}

function is_key(text) { # sets key, and after to what follows its colon
  if (match(text, /^[a-z][a-z0-9_-]*:/)) {
    key = substr(text, 1, RLENGTH - 1)
    if (key ~ /^(y|n|yes|no|on|off|true|false|null)$/) strange()
  } else if (match(text, /^"([^"\\]|\\.)*":/)) {
    key = substr(text, 2, RLENGTH - 3)
    if (!is_well_escaped(key)) strange()
  } else return 0
  after = substr(text, RLENGTH + 1)
  if (after != "" && substr(after, 1, 1) != " ") strange()
  return 1
}

function is_well_escaped(text) { # nothing that could stand for itself is written otherwise
  if (index(text, "\\") == 0) return 1
  gsub(/\\[\\"nrt]/, "", text)
  gsub(/\\u00([0189][0-9a-f]|7f|a0|ad)/, "", text)
  gsub(/\\u(0[1-9a-f]|[1-9a-f][0-9a-f])[0-9a-f][0-9a-f]/, "", text)
  return index(text, "\\") == 0
}

function begin(at) { # a map or a list is in the next line, or in the rest of this one
  if (pending) strange()
  pending = at
}

function place(at, what, name, shown_name,    id) { # a level is a map or a list, and stays one
  if (pending) {
    if (at != pending) strange()
    depth++
    level[depth] = at; type[depth] = what; counted[depth] = 0; pending = 0
  } else if (depth == 0) {
    if (at != 0 || what != "map") strange()
    depth = 1; level[1] = 0; type[1] = what
  } else {
    while (depth > 1 && level[depth] > at) depth--
    if (level[depth] != at || type[depth] != what) strange()
  }
  if (what == "list") shown_name = "[" counted[depth]++ "]"
  path[depth] = name; shown[depth] = shown_name
  unique[depth] = unique[depth - 1] SUBSEP shown_name
  if (unique[depth] in seen) strange()
  seen[unique[depth]] = 1
}

function scalar(text,    rest) {
  if (pending) strange()
  if (text ~ /^"([^"\\]|\\.)*"$/) {
    text = substr(text, 2, length(text) - 2)
    if (!is_well_escaped(text)) strange()
    rest = text
    gsub(/\$\$/, "", rest)
    if (index(rest, "$")) complain(where() ": a variable of the server would be filled in")
    gsub(/\$\$/, "$", text)
  } else if (text !~ /^(true|false|null|[{][}]|\[\]|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?|-?\.inf|\.nan)$/) strange()
  else if (text == "null" && is_environment()) complain(where() ": a variable of the server would be filled in")
  if (path[depth] == "[]" && is_environment() && !index(text, "=")) complain(where() ": a variable of the server would be filled in")
  decide(text)
}

function is_environment() { return path[1] == "services" && path[3] == "environment" }

function where(    i, text) {
  for (i = 1; i <= depth; i++) text = text shown[i]
  return substr(text, 2)
}

# --- the verdict

function decide(text,    candidates, count, i, rule, best) {
  if (path[1] == "services" && depth > 1 && !(path[2] in known)) { known[path[2]] = 1; service[++services] = path[2] }
  count = split(found[path[1] SUBSEP (depth > 2 ? path[3] : "")] found["*"], candidates, " ")
  for (i = 1; i <= count; i++) {
    rule = candidates[i] + 0
    if (kind[rule] == "require" ? (need[rule], path[2]) in has : rule < best) continue
    if (!fits(rule, text)) continue
    if (kind[rule] == "require") has[need[rule], path[2]] = 1
    else best = rule
  }
  if (!best) complain(where() ": is not among the keys that an environment may have")
  else if (kind[best] == "refuse") complain(where() ": " (why[best] == "" ? "is refused by the policy" : why[best]))
}

function fits(rule, text,    i, count, choice) { # what is in a list is no key, so no star stands for it
  for (i = 1; i <= parts[rule] && part[rule, i] != "**"; i++)
    if (i > depth || (type[i] == "list") != (part[rule, i] == "[]") || !like(part[rule, i], path[i], kind[rule] == "refuse")) return 0
  if (i > parts[rule] && depth != parts[rule]) return 0
  if (operator[rule] == "") return 1
  if (operator[rule] == "<=") return size(text) > 0 && size(text) <= size(operand[rule])
  count = split(operand[rule], choice, "|")
  for (i = 1; i <= count; i++)
    if (choice[i] == "RULE" ? is_rule(text) : choice[i] == "MIDDLEWARES" ? are_own(text) : choice[i] == "FILES" ? is_mounted(text) : suits(choice[i], text, kind[rule])) return 1
  return 0
}

function suits(pattern, text, verb) { # /srv/* is not /srv/../etc
  if (verb != "refuse" && index(pattern, "*") && text ~ /(^|\/)\.\.(\/|$)/) return 0
  return like(pattern, text, verb == "refuse")
}

function like(pattern, text, any_case,    at) {
  if (any_case) { pattern = tolower(pattern); text = tolower(text) }
  if (pattern == "*" || pattern == text) return 1
  at = index(pattern, "*")
  if (!at || substr(text, 1, at - 1) != substr(pattern, 1, at - 1)) return 0
  pattern = substr(pattern, at + 1)
  text = substr(text, at)
  if (pattern == "") return 1
  if (!index(pattern, "*")) return length(text) >= length(pattern) && substr(text, length(text) - length(pattern) + 1) == pattern
  for (; text != ""; text = substr(text, 2)) if (like(pattern, text, 0)) return 1
  return 0
}

function size(text,    unit) { # a number, perhaps of bytes; -1 if it is none
  if (text !~ /^[0-9]+(\.[0-9]+)?([bB]|[kKmMgGtT][iI]?[bB]?)?$/) return -1
  unit = tolower(text)
  gsub(/[0-9.ib]/, "", unit)
  sub(/[a-zA-Z]+$/, "", text)
  return text * (unit == "k" ? 1024 : unit == "m" ? 1048576 : unit == "g" ? 1073741824 : unit == "t" ? 1099511627776 : 1)
}

function are_own(text,    count, i, name) { # names of middlewares of this project, with commas between them
  count = split(text, name, ",")
  for (i = 1; i <= count; i++) if (index(name[i], project "__") != 1 || name[i] !~ /^[a-z0-9_-]+$/) return 0
  return count > 0
}

function is_mounted(text) { # the source of a mounted file as this tool writes it, and after it in the same mount its type
  if (path[depth] == "type") return text == "bind" && unique[depth - 1] in mounted
  if (text !~ /^\.\/files\/[a-z]+-[a-z0-9-]+-[0-9a-f]+\/content$/) return 0
  mounted[unique[depth - 1]] = 1
  return 1
}

function is_rule(text,    host) { # as the template writes it, and for the hosts that are claimed
  if (text !~ /^(Host\(`[a-z0-9.-]+`\)|\(Host\(`[a-z0-9.-]+`\) \|\| Host\(`[a-z0-9.-]+`\)\))( && PathPrefix\(`\/[^`]*`\))?$/) return 0
  while (match(text, /Host\(`[^`]*`/)) {
    host = substr(text, RSTART + 6, RLENGTH - 7)
    text = substr(text, RSTART + RLENGTH)
    if (index("," hosts ",", "," host ",") == 0) return 0
  }
  return 1
}
