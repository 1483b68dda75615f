# Reads a compose file as this tool writes it: awk -v mode=MODE [-v numbers="SERVICE=N ..."] [-v apart="SERVICE ..."]
#   order    prints each service that says how it is replaced: SERVICE start-first|stop-first REPLICAS PULL-POLICY IMAGE REASON
#   number   prints the file with these generations
#   before   prints the services that need none of the services apart
#   after    prints the others, without the services apart themselves

BEGIN {
  count = split(numbers, pair, " ")
  for (i = 1; i <= count; i++) { split(pair[i], part, "="); number[part[1]] = part[2] }
  count = split(apart, pair, " ")
  for (i = 1; i <= count; i++) is_apart[pair[i]] = 1
}

function value(text) { sub(/^[^:]*: /, "", text); gsub(/^"|"$/, "", text); return text }

function numbered(text,    done, digits) { # the generation behind each router's name
  while (match(text, /__[0-9]+g[0-9]+/)) {
    digits = substr(text, RSTART + 2, RLENGTH - 2)
    done = done substr(text, 1, RSTART + 1) substr(digits, 1, index(digits, "g")) number[service]
    text = substr(text, RSTART + RLENGTH)
  }
  return done text
}

function with_generation(text,    at, key) { # a label; in values only where names are, because a rule is anybody's text
  at = index(text, "\": \"")
  key = substr(text, 1, at - 1)
  text = substr(text, at)
  if (key ~ /\.compose\.generation$/) return key "\": \"" number[service] "\""
  if (key !~ /^ *"traefik\.http\.(routers|services|middlewares)\.[^.]*__[0-9]+g[0-9]/) return key text
  if (key ~ /\.priority$/) text = substr(text, 1, length(text) - 7) sprintf("%06d", number[service] % 1000000) "\""
  if (key ~ /\.(service|middlewares)$/) text = numbered(text)
  return numbered(key) text
}

/^[^ ]/ { top = $1 }
top == "services:" && /^  [^ ]/ { service = $1; gsub(/[":]/, "", service); names[++services] = service; section = "" }
top == "services:" && /^    [^ ]/ {
  section = $1
  if ($1 == "x-replacement:") { order[service] = value($0); sub(/:.*/, "", order[service]); reason[service] = value(value($0)) }
  if ($1 == "image:") image[service] = value($0)
  if ($1 == "pull_policy:") policy[service] = value($0)
  if ($1 == "scale:") replicas[service] = value($0)
}
top == "services:" && section == "deploy:" && /^      replicas: / { replicas[service] = value($0) }
top == "services:" && section == "depends_on:" && /^      [^ ]/ { other = $1; gsub(/[":]/, "", other); needs[service, other] = 1 }
mode == "number" { print top == "services:" && section == "labels:" && (service in number) && /^      "/ ? with_generation($0) : $0 }

END {
  if (mode == "order") {
    for (i = 1; i <= services; i++) {
      service = names[i]
      if (!(service in order)) continue
      if (reason[service] == order[service]) reason[service] = ""
      print service, order[service], service in replicas ? replicas[service] : 1, policy[service] == "" ? "-" : policy[service], image[service] == "" ? "-" : image[service], reason[service]
    }
  }
  if (mode != "before" && mode != "after") exit
  for (found = 1; found;) { # also those that need one that needs one
    found = 0
    for (i = 1; i <= services; i++) {
      if (names[i] in is_apart || names[i] in is_after) continue
      for (other = 1; other <= services; other++)
        if (needs[names[i], names[other]] && (names[other] in is_apart || names[other] in is_after)) { is_after[names[i]] = found = 1 }
    }
  }
  for (i = 1; i <= services; i++) if (!(names[i] in is_apart) && (mode == "after") == (names[i] in is_after)) print names[i]
}
