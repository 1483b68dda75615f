# Reads a line for each record, `PROJECT LEASE MARK`, and its manifest.json below directory. Prints HTML: a list, or, with gone
# and when, what is told of the one environment. LEASE is epoch seconds or `-`. Whatever a branch chose is printed by shown() alone.

BEGIN {
  directory = ENVIRON["directory"]; gone = ENVIRON["gone"]
  entity["&"] = "&amp;"; entity["<"] = "&lt;"; entity[">"] = "&gt;"; entity["\""] = "&quot;"; entity["'"] = "&#39;"
  hex = "[0-9a-fA-F]"
  split("live deploying failed removing expired asleep", states, " ")
  for (i in states) word[states[i]] = states[i]
  word["live"] = "deployed"
}

{
  read_manifest(directory "/" $1 "/manifest.json")
  if (member["state"] == "" || ($2 == "-" && is_private(directory "/" $1 "/docker-compose.yml"))) next
  if (gone != "") tell_gone()
  else add_item($1, $2, $3)
}

END {
  if (gone != "") exit
  if (count == 0) print "<p class=\"card\">No environment is deployed here now.</p>"
  else printf "<ul>\n%s</ul>\n", items
}

function add_item(project, lease, mark,   state, about) {
  state = mark != "-" ? mark : lease != "-" && lease + 0 <= now + 0 ? "expired" : member["state"]
  if (!(state in word)) state = "failed"
  about = what_and_who()
  if (fact["commit"] != "") about = "<code>" shown(cut(fact["commit"], 10)) "</code>" about
  if (fact["repository"] != "") about = about (about == "" ? "" : " &middot; ") "<bdi>" shown(fact["repository"]) "</bdi>"
  items = items "<li><span class=\"name\">" link(fact["branch"] != "" ? fact["branch"] : project) "</span>" \
    "<span class=\"" state "\">" word[state] "</span>" \
    "<span class=\"dim\">" about "</span><span class=\"dim\">" (lease == "-" ? "persistent" : left(lease - now)) "</span></li>\n"
  count++
}

function tell_gone(   pipeline) {
  print "<div class=\"card\">"
  printf "<p>%s %s on %s.</p>\n", fact["branch"] != "" ? "The environment of the branch <b><bdi>" shown(fact["branch"]) "</bdi></b>" : \
    "This environment", gone, ENVIRON["when"]
  if (fact["commit"] != "")
    printf "<p class=\"dim\">Last version: <code>%s</code>%s</p>\n", shown(cut(fact["commit"], 10)), what_and_who()
  if (is_url(fact["pipeline"]))
    pipeline = "run <a rel=\"nofollow noopener noreferrer\" href=\"" shown(fact["pipeline"]) "\">its pipeline</a> again, or "
  printf "<p>To bring it back, %scall <code>mvn compose:deploy</code> in a checkout of the branch.</p>\n</div>\n", pipeline
}

function what_and_who() { return detail("message", " ") detail("author", fact["message"] == "" ? " by " : " &middot; by ") }

function detail(name, before) { return fact[name] == "" ? "" : before "<bdi>" shown(fact[name]) "</bdi>" }

function left(seconds) {
  if (seconds <= 0) return "expired"
  if (seconds >= 172800) return int(seconds / 86400) " days left"
  if (seconds >= 7200) return int(seconds / 3600) " hours left"
  return int(seconds / 60 + 1) " min left"
}

# To a URL of the record's own hosts only, whatever the branch has written among its facts.
function link(text,   i, host) {
  for (i = 1; i <= urls; i++) {
    host = url[i]
    if (!is_url(host)) continue
    sub(/^https?:\/\//, "", host); sub(/[:\/].*/, "", host)
    if (index("," member["hosts"] ",", "," host ",")) return "<a href=\"" shown(url[i]) "\"><bdi>" shown(text) "</bdi></a>"
  }
  return "<bdi>" shown(text) "</bdi>"
}

function is_url(text) { return text ~ /^https?:\/\/[a-z0-9.-]+(:[0-9]+)?(\/[a-zA-Z0-9._~\/-]*)?$/ }

# A persistent environment without a URL, or with a password in front of it.
function is_private(file,   line, found, more) {
  if (member["hosts"] == "") return 1
  while ((more = (getline line <file)) > 0) if (index(line, ".basicauth.")) found = 1
  close(file)
  return found || more < 0
}

# One member a line, as the server's script writes it.
function read_manifest(file,   line, key) {
  split("", member); split("", fact); split("", url); urls = 0
  while ((getline line <file) > 0) {
    if (!match(line, /^"[a-z0-9A-Z]+": /)) continue
    key = substr(line, 2, RLENGTH - 4)
    line = substr(line, RLENGTH + 1)
    if (key == "about") read_facts(line)
    else { gsub(/^"|"?,$/, "", line); member[key] = line }
  }
  close(file)
}

# The client's part: a flat JSON object of texts, but for the list of URLs. What is not so ends the reading.
function read_facts(rest,   key, text, value) {
  text = "\"([^\"\\\\]|\\\\.)*\""
  if (length(rest) > 8192 || substr(rest, 1, 1) != "{") return
  while (match(rest, /^[{,]"[a-z]+":/)) {
    key = substr(rest, 3, RLENGTH - 4)
    rest = substr(rest, RLENGTH + 1)
    if (!match(rest, "^(" text "|\\[(" text ",?)*\\])")) return
    value = substr(rest, 2, RLENGTH - 2)
    rest = substr(rest, RLENGTH + 1)
    if (key == "urls") read_urls(value)
    else fact[key] = value
  }
}

function read_urls(list) {
  while (match(list, /^"[^"\\]*",?/)) {
    url[++urls] = substr(list, 2, index(substr(list, 2), "\"") - 1)
    list = substr(list, RLENGTH + 1)
  }
}

# The inside of a JSON text as HTML: no tag, no end of an attribute, no control character, nothing that turns the direction.
function shown(text,   out, c) {
  text = cut(text, 300)
  gsub(/[\001-\037\177]/, " ", text)
  gsub(/\342\200[\213-\217\250-\256]|\342\201[\240-\257]|\357\273\277|\302[\200-\237]/, "", text)
  while (match(text, /[&<>"'\\]/)) {
    out = out substr(text, 1, RSTART - 1)
    c = substr(text, RSTART, 1)
    text = substr(text, RSTART + 1)
    if (c != "\\") { out = out entity[c]; continue }
    c = substr(text, 1, 1)
    if (c == "u" && substr(text, 2, 4) ~ ("^" hex hex hex hex "$")) { out = out code(tolower(substr(text, 2, 4))); text = substr(text, 6) }
    else { out = out (c ~ /[bfnrt]/ ? " " : c in entity ? entity[c] : c); text = substr(text, 2) }
  }
  return out text
}

function cut(text, most) { # never within a character
  if (length(text) <= most) return text
  text = substr(text, 1, most)
  sub(/[\300-\377][\200-\277]*$/, "", text)
  return text
}

function code(digits) { return digits ~ /^(00[01]|007f|00[89]|200[b-f]|202[8-e]|206|feff|d[89a-f])/ ? "" : "&#x" digits ";" }
