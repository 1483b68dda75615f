# Judges a compose file by the lines of the policy: awk -v project=NAME -v hosts=HOST,... -v proxy=NETWORK -f judge.awk LINES FILE
# It prints what is refused, and exits with 1 then.
#
# It reads compose files as this tool writes them and no others: a key a line, two blanks a level, strings in double quotes.
# So no other reader can see anything else in them. Each line costs as much as it is long, whatever is in it.

BEGIN { describe_words(); split("y n yes no on off true false null", piece, " "); for (key in piece) no_key[piece[key]] = 1 }
NR == FNR { learn_line($0); next }
{ read_line($0) }
END {
  if (check) exit
  ended = 1
  if (!broken && (pending || depth == 0)) strange()
  if (!broken && complaints <= 10) judge_services()
  if (!broken && complaints <= 10) judge_totals()
  print said
  exit said != ""
}

function complain(text) {
  complaints++
  if (complaints <= 10) said = said (said == "" ? "" : "; ") text
  if (complaints == 11) { said = said "; and more"; if (!ended) exit }
}

function misread(text) { # with check=yes, prints the number of the line and the line, and judges nothing
  if (check) print FNR " " $0
  else complain(text)
}

function strange() {
  if (!broken) complain("line " FNR " of the compose file is not as this tool writes it")
  broken = 1
  if (!ended) exit
}

# --- the policy: verb, path, perhaps a value, perhaps a reason

function describe_words() { # the values that each word allows
  means["IMAGE"] = "a name (with a tag, if all of it are hexadecimal digits) or a full sha256:... ID"
  means["PORT"] = "a port from 1 to 65535"
  means["PRIORITY"] = "the length of the rule and 000000"
  means["RULE"] = "Host(`...`) of a host of this environment, perhaps with && PathPrefix(`/...`)"
  means["ROUTER"] = "PROJECT__0, PROJECT__1, ..., perhaps with g0 and __http"
  means["MIDDLEWARES"] = "PROJECT__0__..., with commas between them"
  means["USERS"] = "name:hash, with a bcrypt hash of cost 10 to 12"
  means["TEXT"] = "a line of at most 1000 printable characters"
  means["NAME"] = "a name of at most 64 letters, digits, - and _"
  means["FILES"] = "a file of the project that this tool mounts"
  means["HOST_PATTERN"] = "(?i)^https?://HOST(:[0-9]+)?(/.*)?$ for a host of this environment, with [.] for each dot"
  means["HOST_URL"] = "http://HOST${2} or https://HOST${2}, perhaps with a port, for a host of this environment"
  means["PATHS"] = "paths that begin with /, with commas between them"
}

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
  else if (verb == "total" && text ~ /^[a-z_]+ <= [^ ]+$/) { split(text, either, " "); total[either[1]] = either[3] }
  else misread("the policy has a line that begins with none of allow, refuse, require and total")
}

function learn(verb, text,    at, segment) {
  rules++
  kind[rules] = verb; why[rules] = reason; need[rules] = requirements; least[rules] = most[rules] = ""
  if ((at = index(text, " = "))) { operator[rules] = "="; operand[rules] = here(substr(text, at + 3)); text = substr(text, 1, at - 1) }
  else {
    if ((at = index(text, " <= "))) { operator[rules] = "<="; most[rules] = substr(text, at + 4); text = substr(text, 1, at - 1) }
    if ((at = index(text, " >= "))) { operator[rules] = "<="; least[rules] = substr(text, at + 4); text = substr(text, 1, at - 1) }
  }
  if (text == "" || text ~ / /) misread("the policy has a path that is none: " text)
  while (text != "") {
    if (substr(text, 1, 1) == "\"") { text = substr(text, 2); at = index(text "\"", "\""); segment = substr(text, 1, at - 1); text = substr(text, at + 1) }
    else if (substr(text, 1, 2) == "[]") { segment = "[]"; text = substr(text, 3) }
    else { match(text, /^[^.[]*/); segment = substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1) }
    sub(/^\./, "", text)
    segment = here(segment)
    part[rules, ++parts[rules]] = verb == "refuse" ? tolower(segment) : segment
    starred[rules, parts[rules]] = index(segment, "*")
  }
  listed[1, tolower(part[rules, 1])] = listed[3, tolower(part[rules, 3])] = 1
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
  if (column > 120) strange()
  text = substr(text, column + 1)
  if (text == "-" || substr(text, 1, 2) == "- ") {
    place(column, "list", "[]")
    if (text == "-") { begin(column + 2); return }
    text = substr(text, 3)
    if (!is_key(text)) { scalar(text); return }
    column += 2
    begin(column)
  }
  if (!is_key(text)) strange()
  place(column, "map", key)
  if (after == "") begin(column + 2)
  else scalar(substr(after, 2))
}

function is_key(text,    start) { # sets key, and after to what follows its colon
  start = substr(text, 1, 1026) # no key is longer
  if (!index(start, ":")) return 0
  if (substr(start, 1, 1) != "\"") {
    if (!match(start, /^[a-z][a-z0-9_-]*:/)) return 0
    key = substr(text, 1, RLENGTH - 1)
    if (key in no_key) strange()
  } else {
    if (!match(start, /^"([^"\\]|\\.)*":/)) return 0
    key = substr(text, 2, RLENGTH - 3)
    if (!is_well_escaped(key)) strange()
  }
  after = substr(text, RLENGTH + 1)
  if (after != "" && substr(after, 1, 1) != " ") strange()
  return 1
}

function is_well_escaped(text,    count, i, escape) { # no quote, and nothing escaped that could stand for itself
  if (index(text, "\\") == 0) return index(text, "\"") == 0
  count = split(text, piece, "\\")
  if (index(piece[1], "\"")) return 0
  for (i = 2; i <= count; i++) {
    if (piece[i] == "") { # a backslash that is escaped
      if (++i > count || index(piece[i], "\"")) return 0
      continue
    }
    escape = substr(piece[i], 1, 5)
    if (escape ~ /^u/ ? escape !~ /^u(00([0189][0-9a-f]|7f|a0|ad)|(0[1-9a-f]|[1-9a-f][0-9a-f])[0-9a-f][0-9a-f])$/ : escape !~ /^["nrt]/) return 0
    if (index(substr(piece[i], 2), "\"")) return 0
  }
  return 1
}

function has_variable(text,    count, i) { # a dollar sign that is not doubled
  count = split(text, piece, "$")
  for (i = 2; i <= count; i += 2) if (piece[i] != "" || i == count) return 1
  return 0
}

function begin(at) { # a map or a list is in the next line, or in the rest of this one
  if (pending) strange()
  pending = at
}

function place(at, what, name) { # a level is a map or a list, and stays one
  if (pending) {
    if (at != pending) strange()
    depth++
    level[depth] = at; type[depth] = what; counted[depth] = 0; node[depth] = ++nodes; pending = 0
  } else if (depth == 0) {
    if (at != 0 || what != "map") strange()
    depth = 1; level[1] = 0; type[1] = what; node[1] = ++nodes
  } else {
    while (depth > 1 && level[depth] > at) depth--
    if (level[depth] != at || type[depth] != what) strange()
  }
  path[depth] = name
  counted[depth]++
  if (what == "map") {
    if ((node[depth], name) in seen) strange()
    seen[node[depth], name] = 1
  }
}

function scalar(text,    length_) {
  if (pending) strange()
  length_ = length(text)
  if (length_ > 1 && substr(text, 1, 1) == "\"" && substr(text, length_) == "\"") {
    text = substr(text, 2, length_ - 2)
    if (!is_well_escaped(text)) strange()
    if (index(text, "$")) {
      if (has_variable(text)) complain(where() ": a variable of the server would be filled in")
      if (length_ < 4096) gsub(/\$\$/, "$", text)
    }
  } else if (length_ > 400 || text !~ /^(true|false|null|[{][}]|\[\]|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?|-?\.inf|\.nan)$/) strange()
  else if (text == "null" && is_environment()) complain(where() ": a variable of the server would be filled in")
  if (path[depth] == "[]" && is_environment() && !index(text, "=")) complain(where() ": a variable of the server would be filled in")
  decide(text)
}

function is_environment() { return path[1] == "services" && path[3] == "environment" }

function where(    i, text) {
  if (complaints > 10) return ""
  for (i = 1; i <= depth; i++) text = text (type[i] == "list" ? "[" counted[i] - 1 "]" : "." substr(path[i], 1, 200))
  return substr(text, 2)
}

# --- the verdict

function decide(text,    at, count, i, rule, best, near) {
  if (path[1] == "services" && depth > 1) note_service(text)
  else if (depth > 1) note_resource(path[1], path[2], text)
  own_label = depth == 4 && path[3] == "labels" ? with_words(path[4]) : ""
  # Paths of the same kind have the same candidates.
  at = ((1, tolower(path[1])) in listed ? path[1] : "") SUBSEP (depth > 2 && (3, tolower(path[3])) in listed ? path[3] : "") SUBSEP depth SUBSEP (depth > 3 ? tolower(substr(path[4], 1, 1)) : "")
  if (!(at in candidates)) choose_candidates(at)
  count = candidates[at]
  for (i = 1; i <= count; i++) {
    rule = candidate[at, i]
    if (kind[rule] == "require" ? (need[rule], path[2]) in has : rule < best) continue
    if (!fits(rule)) continue
    if (!suits(rule, text)) { if (kind[rule] == "allow" && rule > near) near = rule }
    else if (kind[rule] == "require") has[need[rule], path[2]] = 1
    else best = rule
  }
  if (best && kind[best] == "allow") return
  if (best && why[best] != "") complain(where() ": " why[best] (near > best ? " (" wish(near, text) ")" : ""))
  else if (near > best) complain(where() ": " wish(near, text))
  else if (best) complain(where() ": is refused by the policy")
  else complain(where() ": is not among the keys that an environment may have")
}

function choose_candidates(at,    rule, last) { # those that may fit, as far as that is seen without the names between
  candidates[at] = 0
  for (rule = 1; rule <= rules; rule++) {
    last = part[rule, parts[rule]] == "**"
    if (last ? parts[rule] > depth + 1 : parts[rule] != depth) continue
    if (!may_be(rule, 1, path[1]) || !may_be(rule, 3, path[3])) continue
    if (depth > 3 && parts[rule] > 3 && part[rule, 4] !~ /^[*]/ && tolower(substr(part[rule, 4], 1, 1)) != tolower(substr(path[4], 1, 1))) continue
    candidate[at, ++candidates[at]] = rule
  }
}

function may_be(rule, i, name) { # names that no rule has share their candidates
  if (i > parts[rule] || i > depth || starred[rule, i] || part[rule, i] == "[]") return 1
  return part[rule, i] == name || kind[rule] == "refuse" && part[rule, i] == tolower(name)
}

function fits(rule,    i, one) { # what is in a list is no key, so no star stands for it
  for (i = 1; i <= parts[rule]; i++) {
    one = part[rule, i]
    if (one == "**") return 1
    if (i > depth || (type[i] == "list") != (one == "[]")) return 0
    if (one == "*" || one == path[i]) continue
    if (kind[rule] == "refuse") { if (!like(one, tolower(path[i]))) return 0 }
    else if (i == 4 && own_label != "" && one == own_label) continue
    else if (!starred[rule, i] || !like(one, path[i])) return 0
  }
  return depth == parts[rule]
}

function suits(rule, text,    i, count, choice, any_case) {
  if (operator[rule] == "") return 1
  if (operator[rule] == "<=") return is_between(rule, text)
  any_case = kind[rule] == "refuse"
  if (any_case) text = tolower(text)
  count = split(operand[rule], choice, "|")
  for (i = 1; i <= count; i++) {
    if (choice[i] in means) { if (is_meant(choice[i], text)) return 1 }
    else if (like(any_case ? tolower(choice[i]) : choice[i], text))
      # /srv/* is not /srv/../etc
      if (any_case || !index(choice[i], "*") || !index("/" text "/", "/../")) return 1
  }
  return 0
}

function like(pattern, text,    piece, count, i, at) { # a star is anything; each piece between stars is looked for once
  if (pattern == "*" || pattern == text) return 1
  if (!index(pattern, "*")) return 0
  count = split(pattern, piece, "*")
  if (substr(text, 1, length(piece[1])) != piece[1]) return 0
  text = substr(text, length(piece[1]) + 1)
  for (i = 2; i < count; i++) {
    at = index(text, piece[i])
    if (!at && piece[i] != "") return 0
    if (at) text = substr(text, at + length(piece[i]))
  }
  return length(text) >= length(piece[count]) && substr(text, length(text) - length(piece[count]) + 1) == piece[count]
}

function wish(rule, text,    i, count, choice, out) { # what the value would have to be
  if (operator[rule] == "<=") {
    if (amount(text, rule) == "") return readable(text) " is not a number" (most[rule] == "" ? "" : "; at most " most[rule] " is allowed")
    if (most[rule] != "" && amount(text, rule) > amount(most[rule], rule)) return readable(text) ", and at most " most[rule] " is allowed"
    return readable(text) (least[rule] == "" ? " is no limit for Docker; at least 1" : ", and at least " least[rule]) " is allowed" (most[rule] == "" ? "" : ", and at most " most[rule])
  }
  count = split(operand[rule], choice, "|")
  for (i = 1; i <= count; i++) out = out (i == 1 ? "" : " or ") (choice[i] in means ? here(means[choice[i]]) : choice[i])
  return "must be " out
}

function readable(text) { # a number of bytes as people write it
  if (text !~ /^[0-9]+$/ || length(text) > 15 || text < 1048576 || text % 1048576) return substr(text, 1, 40)
  return text % 1073741824 ? text / 1048576 "m" : text / 1073741824 "g"
}

# --- numbers, in the unit that Docker takes

function is_between(rule, text,    value) {
  value = amount(text, rule)
  if (value == "") return 0
  # Docker cuts a broken number off, and takes 0 for no limit.
  return value >= (least[rule] == "" ? 1 : amount(least[rule], rule)) && (most[rule] == "" || value <= amount(most[rule], rule))
}

function amount(text, rule) { return (least[rule] most[rule]) ~ /[0-9]s$|ms$/ ? seconds(text) : size(text) }

function size(text,    unit, count) { # a number, perhaps of bytes; nothing if it is none
  if (text ~ /^[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]+$/ && length(text) <= 40) return text + 0
  if (length(text) > 40 || text !~ /^-?[0-9]+(\.[0-9]+)?([bB]|[kKmMgGtT][iI]?[bB]?)?$/) return ""
  unit = tolower(text)
  gsub(/[-0-9.ib]/, "", unit)
  count = text
  sub(/[a-zA-Z]+$/, "", count)
  return count * (unit == "k" ? 1024 : unit == "m" ? 1048576 : unit == "g" ? 1073741824 : unit == "t" ? 1099511627776 : 1)
}

function seconds(text,    sum, count, unit) { # 1m30s; nothing if it is none
  if (text == "" || length(text) > 100) return ""
  for (; text != ""; text = substr(text, length(count unit) + 1)) {
    if (!match(text, /^[0-9]+(\.[0-9]+)?/)) return ""
    count = substr(text, 1, RLENGTH)
    if (!match(substr(text, RLENGTH + 1), /^(ns|us|\302\265s|ms|s|m|h|d|w)/)) return ""
    unit = substr(text, length(count) + 1, RLENGTH)
    sum += count * (unit == "s" ? 1 : unit == "ms" ? 0.001 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : unit == "w" ? 604800 : unit == "ns" ? 0.000000001 : 0.000001)
  }
  return sum + 0
}

# --- values with a meaning

function is_meant(word, text) {
  if (length(text) > 4000) return 0
  if (word == "IMAGE") return is_image(text)
  if (word == "PORT") return text ~ /^[1-9][0-9]*$/ && length(text) <= 5 && text + 0 <= 65535
  if (word == "PRIORITY") return text ~ /^[1-9][0-9]*000000$/ && length(text) <= 10
  if (word == "RULE") return is_rule(text)
  if (word == "ROUTER") return is_router(text)
  if (word == "MIDDLEWARES") return are_middlewares(text)
  if (word == "USERS") return are_users(text)
  if (word == "TEXT") return length(text) <= 1000 && text !~ /[\001-\037\177]|\\[nrtu]/
  if (word == "NAME") return length(text) <= 64 && text ~ /^[A-Za-z0-9_-]+$/
  if (word == "FILES") return is_mounted(text)
  if (word == "HOST_PATTERN") return is_host_pattern(text)
  if (word == "HOST_URL") return is_host_url(text)
  if (word == "PATHS") return slashless(text) ~ /^![A-Za-z0-9._~!-]*(,![A-Za-z0-9._~!-]*)*$/
  return 0
}

function slashless(text) { # awks differ in how a slash stands in brackets, so it is a ! here, which the text may not have
  if (index(text, "!")) return ""
  gsub("/", "!", text)
  return text
}

function is_image(text) { # Docker takes four hexadecimal digits for the ID that begins so
  if (text ~ /^sha256:/) return length(text) == 71 && substr(text, 8) !~ /[^0-9a-f]/
  return slashless(text) ~ /^[A-Za-z0-9][A-Za-z0-9._!:@-]*$/ && text ~ /[^0-9A-Fa-f]/
}

function is_router(text) { # the names that Traefik makes by itself have no _ in them, and no project has two
  sub(/__http$/, "", text) # the one that redirects to HTTPS
  sub(/g0$/, "", text) # the generation that the server counts
  return index(text, project "__") == 1 && length(text) <= length(project) + 6 && substr(text, length(project) + 3) ~ /^(0|[1-9][0-9]*)$/
}

function is_middleware(text,    at) {
  text = index(text, project "__") == 1 ? substr(text, length(project) + 3) : ""
  at = index(text, "__")
  return at && length(text) <= 100 && is_router(project "__" substr(text, 1, at - 1)) && substr(text, at + 2) ~ /^[a-z0-9-]+$/
}

function are_middlewares(text,    count, i, name) {
  count = split(text, name, ",")
  for (i = 1; i <= count; i++) if (!is_middleware(name[i])) return 0
  return count > 0
}

function are_users(text,    count, i, user, at, hash) { # the hash sets what each request costs, before a password is checked
  count = split(text, user, ",")
  for (i = 1; i <= count; i++) {
    at = index(user[i], ":")
    hash = substr(user[i], at + 1)
    if (at < 2 || index(user[i], "\\") || user[i] ~ /[\001-\037\177]/) return 0
    if (length(hash) != 60 || slashless(hash) !~ /^[$]2[aby][$]1[0-2][$][.!A-Za-z0-9]*$/) return 0
  }
  return count > 0
}

function is_mounted(text) { # the source of a mounted file as this tool writes it, and after it in the same mount its type
  if (path[depth] == "type") return text == "bind" && node[depth] in mounted
  if (text !~ /^\.\/files\/[a-z]+-[a-z0-9-]+-[0-9a-f]+\/content$/) return 0
  mounted[node[depth]] = 1
  return 1
}

function is_rule(text,    host) { # as the template writes it, and for the hosts that are claimed
  if (slashless(text) !~ /^(Host\(`[a-z0-9.-]+`\)|\(Host\(`[a-z0-9.-]+`\) \|\| Host\(`[a-z0-9.-]+`\)\))( && PathPrefix\(`![A-Za-z0-9._~!-]*`\))?$/) return 0
  while (match(text, /Host\(`[^`]*`/)) {
    host = substr(text, RSTART + 6, RLENGTH - 7)
    text = substr(text, RSTART + RLENGTH)
    if (!is_own_host(host)) return 0
  }
  return 1
}

function is_own_host(host) { return host ~ /^[a-z0-9.-]+$/ && index("," hosts ",", "," host ",") }

function is_host_pattern(text,    start, end) { # as the template traefik.ftl writes it
  start = "(?i)^https?://"
  end = "(:[0-9]+)?(/.*)?$"
  if (index(text, start) != 1 || substr(text, length(text) - length(end) + 1) != end) return 0
  text = substr(text, length(start) + 1, length(text) - length(start) - length(end))
  if (index(text, "!")) return 0
  gsub(/\[\.\]/, "!", text)
  if (index(text, ".")) return 0 # would stand for any character
  gsub(/!/, ".", text)
  return is_own_host(text)
}

function is_host_url(text) {
  if (!sub(/^https?:\/\//, "", text) || !sub(/[$][{]2[}]$/, "", text)) return 0
  sub(/:[1-9][0-9]*$/, "", text)
  return is_own_host(text)
}

function with_words(label,    count, name) { # traefik.http.routers.ROUTER.rule for a label of ours, else nothing
  if (substr(label, 1, 13) != "traefik.http." || length(label) > 400) return ""
  count = split(label, name, ".")
  if (count < 5) return ""
  if (name[3] == "middlewares") {
    if (!is_middleware(name[4])) return ""
    if (count == 7 && name[5] == "headers" && name[6] == "customresponseheaders" && name[7] ~ /^[A-Za-z0-9-]+$/)
      return "traefik.http.middlewares.MIDDLEWARE.headers.customresponseheaders.HEADER"
    return "traefik.http.middlewares.MIDDLEWARE" substr(label, length(name[4]) + 26)
  }
  if (!is_router(name[4])) return ""
  return "traefik.http." name[3] ".ROUTER" substr(label, length(name[3] name[4]) + 15)
}

# --- what is judged of a service, and of the stack, as a whole

function note_service(text,    name) {
  name = path[2]
  if (!(name in known)) { known[name] = 1; service[++services] = name }
  if (depth == 2) return
  if (path[3] == "labels") { if (depth == 4 && tolower(substr(path[4], 1, 8)) == "traefik.") note_label(name, tolower(path[4]), text) }
  else if (path[3] == "networks") { if (depth > 3 && path[4] != "[]") { member[name, path[4]] = 1; in_networks[name] = 1 } }
  else if (path[3] == "network_mode") in_networks[name] = 1
  else if (path[3] == "scale" || path[3] == "deploy" && path[4] == "replicas") at_most("replicas", name, size(text))
  else if (path[3] == "mem_limit" || is_limit("memory")) at_most("memory", name, size(text))
  else if (path[3] == "memswap_limit") at_most("memory", name, size(text) / 2) # by default half of it is swap
  else if (path[3] == "cpus" || is_limit("cpus")) at_most("cpus", name, size(text))
  else if (path[3] == "pids_limit" || is_limit("pids")) at_most("pids", name, size(text))
  else if (path[3] == "volumes") { if (depth == 5) unnamed[name] += path[5] == "target" ? 1 : path[5] == "source" || text == "tmpfs" ? -1 : 0 }
  else if (path[3] == "healthcheck") {
    if (path[4] == "test") at_most("health_checks", name, 1 / 30)
    else if (path[4] ~ /interval$/ && seconds(text) > 0) at_most("health_checks", name, 1 / seconds(text))
  }
}

function is_limit(what) { return path[3] == "deploy" && path[4] == "resources" && path[5] == "limits" && path[6] == what }

function at_most(what, name, value) { if (value != "" && (!((what, name) in asked) || value > asked[what, name])) asked[what, name] = value }

function note_resource(kind_, name, text) {
  if (!((kind_, name) in resource)) { resource[kind_, name] = 1; resources[kind_]++ }
  if (kind_ == "networks" && path[3] == "name") foreign[text] = 1
}

function note_label(name, label, text,    count, of) {
  count = split(label, of, ".")
  labelled[name] = 1
  if (label == "traefik.enable") enabled[name] = text
  else if (label == "traefik.docker.network") reached[name] = text
  else if (of[2] != "http") routed_otherwise[name] = 1
  else if (of[3] == "routers" || of[3] == "services") {
    if (!((name, of[3], of[4]) in labels_of)) named[name, of[3], ++names[name, of[3]]] = of[4]
    labels_of[name, of[3], of[4]] = 1
    labels_of[name, of[3], of[4], substr(label, length(of[3] of[4]) + 16)] = text
  }
}

function judge_services(    s, r) {
  for (s = 1; s <= services; s++) {
    for (r = 1; r <= requirements; r++)
      if (complaints <= 10 && !((r, service[s]) in has)) complain("services." service[s] " lacks " wanted[r])
    if (service[s] in labelled) judge_routes(service[s])
  }
}

# Where a router, its rule or its service is missing, Traefik makes one with a name that may be a neighbour's.
function judge_routes(name,    at, i, router, target) {
  at = "services." name
  if (enabled[name] == "false") return
  if (enabled[name] != "true") complain(at " has labels for Traefik and lacks the label traefik.enable")
  if (!(name in reached)) complain(at " lacks the label traefik.docker.network")
  else if (!is_reachable(name, reached[name])) complain(at ".labels.traefik.docker.network: must be a network of the service" (proxy == "" ? "" : ", or " proxy))
  if (!names[name, "routers"] && !(name in routed_otherwise)) complain(at " has the label traefik.enable and lacks a router")
  if (!names[name, "services"] && !(name in routed_otherwise)) complain(at " has the label traefik.enable and lacks the port of a service")
  for (i = 1; i <= names[name, "services"]; i++)
    if (!((name, "services", named[name, "services", i], "loadbalancer.server.port") in labels_of)) complain(at " lacks the label traefik.http.services." named[name, "services", i] ".loadbalancer.server.port")
  for (i = 1; i <= names[name, "routers"]; i++) {
    router = named[name, "routers", i]
    if (!((name, "routers", router, "rule") in labels_of)) complain(at " lacks the label traefik.http.routers." router ".rule")
    if (!((name, "routers", router, "entrypoints") in labels_of)) complain(at " lacks the label traefik.http.routers." router ".entrypoints")
    target = labels_of[name, "routers", router, "service"]
    if (!((name, "services", tolower(target)) in labels_of)) complain(at " lacks the label traefik.http.routers." router ".service with a service of its own")
  }
}

function is_reachable(name, network,    own) {
  if (network == proxy && proxy != "" || network in foreign) return 1
  own = index(network, project "_") == 1 ? substr(network, length(project) + 2) : ""
  return (name, own) in member || own == "default" && !(name in in_networks)
}

function judge_totals(    s, name, what, sum, count) {
  for (s = 1; s <= services; s++) {
    name = service[s]
    count = ("replicas", name) in asked ? asked["replicas", name] : 1
    sum["containers"] += count
    for (what in total) if ((what, name) in asked && what != "replicas") sum[what] += count * asked[what, name]
    if (unnamed[name] > 0) sum["volumes"] += count * unnamed[name]
    if (!(name in in_networks)) sum["default"] = 1
  }
  sum["volumes"] += resources["volumes"]
  sum["networks"] = resources["networks"] + (sum["default"] && !(("networks", "default") in resource))
  judge_total(sum, "memory", "of memory"); judge_total(sum, "cpus", "processors"); judge_total(sum, "pids", "processes")
  judge_total(sum, "containers", "containers"); judge_total(sum, "networks", "networks"); judge_total(sum, "volumes", "volumes")
  judge_total(sum, "health_checks", "health checks per second")
}

function judge_total(sum, what, called,    shown) {
  if (!(what in total) || size(total[what]) == 0 || sum[what] <= size(total[what]) * 1.000001) return
  shown = what == "memory" ? readable(sprintf("%.0f", sum[what])) : sprintf("%.4g", sum[what])
  complain("the stack asks for " shown " " called ", all containers together, and at most " total[what] " is allowed")
}
