# Compares new containers, as made.format describes them, with the compose file before them. Prints the ID of the first one that is
# not as the file says, and why, and exits with 1; or else, as a compose file for the judge, how Docker limits each service, and what
# its image adds. In the environment: own (lines KIND NAME), the directory of mounted files (files), proxy, and judged if the policy
# judges.
BEGIN { count = split(ENVIRON["own"], line, "\n"); for (i = 1; i <= count; i++) allowed[line[i]] = 1 }

# --- the compose file
NR == FNR && /^[^ ]/ { top = word($1); next }
NR == FNR && /^  [^ ]/ { second = word($1); next }
NR == FNR && /^    [^ ]/ {
  third = word($1)
  if (top == "services" && third == "network_mode") allowed["network " value($0)] = 1
  if (third == "name") allowed[substr(top, 1, length(top) - 1) " " value($0)] = 1
  if (third == "external") allowed[substr(top, 1, length(top) - 1) " " second] = 1
}
NR == FNR && top == "services" && third == "volumes" && /source: / { sources[value($0)] = 1 }
NR == FNR && top == "services" && third == "labels" && /^      [^ ]/ { key = text(substr($0, 7)); wanted[second, key] = value(substr($0, 6 + taken)); if (is_route(key)) routes[second]++ }
NR == FNR { next }

# --- the containers
$1 == "container" {
  complete()
  id = $2; fresh = $3 == "created"; service = $4; image = $5
  routed = 0
  first = !(service in scale)
  scale[service]++
}
!fresh && $1 ~ /^(mount|network)$/ { next }
$1 == "mount" && ENVIRON["judged"] != "" {
  name = text(substr($0, 8 + length($2)))
  source = text(substr($0, 9 + length($2) + taken))
  if ($2 == "volume" && !(("volume " name) in allowed) && (length(name) != 64 || name ~ /[^0-9a-f]/)) refuse("mounts the volume " name)
  if ($2 == "bind" && !(source in sources) && (index(source, ENVIRON["files"] "/") != 1 || index(source, "/../"))) refuse("mounts " source)
}
$1 == "network" && ENVIRON["judged"] != "" && $2 != ENVIRON["proxy"] && !($0 in allowed) { refuse("is in the network " $2) }
$1 == "label" {
  key = text(substr($0, 7))
  given = text(substr($0, 8 + taken))
  # What is being replaced goes; a service that has a generation gets it from its compose file, not from its image.
  if (key == "io.github.xdevops.compose.generation" && ((service, key) in wanted) && given != wanted[service, key]) scale[service]--
  if (!is_route(key)) { if (first && !((service, key) in wanted) && key !~ /^(com\.docker|io\.github\.xdevops)\./) add("labels", "      " quoted(key) ": " quoted(given)) }
  else if (!fresh) next
  else if (!((service, key) in wanted))
    leave("label-of-image " image " " key)
  else if (given != wanted[service, key] && wanted[service, key] !~ /\\u/) refuse("has another value of the label " key)
  else routed++
}
$1 == "host" && first {
  cpus = number("NanoCpus") / 1000000000
  if (!cpus && number("CpuQuota") != "") cpus = number("CpuQuota") / (number("CpuPeriod") == "" ? 100000 : number("CpuPeriod"))
  if (number("Memory") != "") limits[service] = "    mem_limit: " number("Memory") "\n"
  if (cpus) limits[service] = limits[service] sprintf("    cpus: %.9f\n", cpus)
  if (number("PidsLimit") != "") limits[service] = limits[service] "    pids_limit: " number("PidsLimit") "\n"
}
$1 == "health" && first && /"Test":\[/ && !/"Test":\["NONE"/ {
  add("healthcheck", number("Interval") == "" ? "      test: \"x\"" : sprintf("      interval: \"%dms\"", number("Interval") / 1000000))
  if (number("StartInterval") != "") add("healthcheck", sprintf("      start_interval: \"%dms\"", number("StartInterval") / 1000000))
}
END {
  if (refused) exit 1
  complete()
  if (refused) exit 1
  print "services:"
  for (service in scale) printf "  \"%s\":\n    scale: %d\n%s%s%s", service, scale[service], limits[service], added[service, "labels"], added[service, "healthcheck"]
}

function complete() { if (fresh && routed < routes[service]) refuse("lacks a label for Traefik that its compose file has") }

function refuse(why) { leave("the container of service " service " " why ", which its compose file does not contain") }

function leave(why) { if (!refused) print id, why; refused = 1; exit 1 }

function add(part, line) { added[service, part] = (added[service, part] == "" ? "    " part ":\n" : added[service, part]) line "\n" }

function is_route(key) { return tolower(substr(key, 1, 8)) == "traefik." }

function word(key) { gsub(/[":]/, "", key); return key }

function value(line) { # behind the first colon, of the compose file
  line = text(substr(line, index(line, ": ") + 2))
  gsub(/\$\$/, "$", line)
  return line
}

function text(rest) { # the string at the beginning, without its quotes; sets taken to its length with them
  taken = match(rest, /^"([^"\\]|\\.)*"/) ? RLENGTH : index(rest ":", ":") - 1
  rest = RLENGTH > 0 ? substr(rest, 2, taken - 2) : substr(rest, 1, taken)
  gsub(/\\u003c/, "<", rest); gsub(/\\u003e/, ">", rest); gsub(/\\u0026/, "\\&", rest)
  return rest
}

function quoted(plain) { # for the judge
  gsub(/\\\\/, "?", plain); gsub(/\\(u....|[bfnrt])/, "?", plain); gsub(/[^ -~]/, "?", plain); gsub(/\$/, "$$", plain)
  return "\"" plain "\""
}

function number(key) { # of the JSON in this line, whose strings have their quotes escaped; nothing if it is none, or 0
  return match($0, "\"" key "\":[1-9][0-9]*") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) : ""
}
