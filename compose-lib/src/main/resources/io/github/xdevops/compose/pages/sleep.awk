# Decides what sleeps and what is woken. Reads lines of the records ("FILE:MEMBER", and names of marks), of running containers ("runs
# PROJECT SERVICE LABELS"), of Traefik's metrics, and what was printed the last time ("was PROJECT SEEN SINCE"); now is in seconds.
# Prints "was" lines for the next time, and "sleep PROJECT" or "wake PROJECT". SEEN is the deploy and its number of requests.

/\/manifest\.json:"[a-z]+": / {
  value = substr($0, index($0, ".json:") + 6)
  name = value; sub(/^"/, "", name); sub(/".*/, "", name)
  sub(/^"[a-z]+": "?/, "", value); sub(/"?,$/, "", value)
  member[project_of($0), name] = value
  if (name == "sleep" && value + 0 > 0) wanted[project_of($0)] = 1
  next
}
/\/(asleep|waking|removeat|removing)$/ { name = $0; sub(/.*\//, "", name); mark[project_of($0), name] = 1; next }
$1 == "runs" {
  runs[$2] = 1
  add($2, $3 "-" $2)
  while (match($0, /traefik\.http\.services\.[^.=,]+\./)) {
    add($2, substr($0, RSTART + 22, RLENGTH - 23))
    $0 = substr($0, RSTART + RLENGTH)
  }
  next
}
/^traefik_/ {
  known = 1
  if (/^traefik_service_requests_total/ && match($0, /service="[^"]*@docker"/)) total[substr($0, RSTART + 9, RLENGTH - 17)] += $NF
  next
}
$1 == "was" { seen[$2] = $3; since[$2] = $4 }

END {
  for (project in wanted) {
    if ((project, "removing") in mark || member[project, "state"] != "live") continue
    stays = !((project, "removeat") in mark)
    if ((project, "waking") in mark || stays && (project, "asleep") in mark) print "wake " project
    else if (stays || member[project, "hosts"] == "") continue
    else if ((project, "asleep") in mark) { if (project in runs) print "sleep " project }
    else if (!(project in runs)) print "sleep " project
    else decide(project)
  }
}

function decide(project,   what, count, i) {
  for (i = 1; i <= services[project]; i++) count += total[service[project, i]]
  what = member[project, "deploy"] ":" (known ? sprintf("%.0f", count) : "?")
  if (!known || seen[project] != what || since[project] > now) since[project] = now
  if (now - since[project] >= member[project, "sleep"]) print "sleep " project # counted anew when it wakes
  else print "was " project " " what " " since[project]
}

function add(project, name) { if (!((project, name) in has)) { has[project, name] = 1; service[project, ++services[project]] = name } }

function project_of(path,   part) { # the name of the directory
  sub(/\/[^\/]*$/, "", path)
  sub(/.*\//, "", path)
  return path
}
