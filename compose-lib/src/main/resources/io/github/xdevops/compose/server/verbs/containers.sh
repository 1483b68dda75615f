# --- what verbs say of records and containers ------------------------------------------------------------------------

say_record() { # DIRECTORY
  read_lease "$1"
  removing=false
  [ ! -e "$1/removing" ] || removing=true
  manifest=null
  [ ! -f "$1/manifest.json" ] || manifest=$(tr -d '\n' <"$1/manifest.json")
  reply "record {\"project\":\"$(json "$(basename "$1")")\",\"lease\":\"$lease\",\"removing\":$removing,\"manifest\":$manifest}"
}

say_containers() { # LABEL[=PROJECT]
  if list=$(docker ps -a --filter "label=$1" --format "{{.Label \"$label\"}} {{.State}} {{.Label \"com.docker.compose.service\"}} {{.Status}}" 2>&1); then
    printf '%s\n' "$list" | while IFS= read -r line; do
      [ -z "$line" ] || ! is_within "${line%% *}" || { [ -n "$gate" ] && [ ! -d "$state/${line%% *}" ]; } || reply "container $line"
    done
  else
    reply "warning the Docker daemon does not answer, so states are unknown: $(json "$list")"
  fi
}

say_sweeper() { # what the last sweep said, and what calls it
  [ ! -f "$state/sweep-status.json" ] || reply "sweep $(tr -d '\000-\037\177' <"$state/sweep-status.json" | only_within)"
  kind=''
  [ ! -f "$state/.host/sweeper" ] || read -r kind _ <"$state/.host/sweeper"
  case $kind in '' | *[!a-z-]*) ;; *) reply "sweeper $kind" ;; esac
}

require_record() {
  [ -d "$dir" ] && [ ! -L "$dir" ] || finish DATA "$project is not there; compose:list tells what is"
}

find_containers() { # sets found to "ID STATE SERVICE", a line for each container of the service, or of all of them
  require_docker
  all=$(containers "$project" '{{.ID}} {{.State}} {{.Label "com.docker.compose.service"}}') || finish UNAVAIL "the Docker daemon does not answer"
  found=$all
  [ -z "$service" ] || found=$(printf '%s\n' "$all" | grep " $(printf '%s' "$service" | sed 's/\./\\./g')\$")
  [ -n "$found" ] ||
    finish DATA "$project has no container${service:+ of the service $service; it has $(printf '%s\n' "$all" | cut -d ' ' -f 3 | sort -u | tr '\n' ' ')}"
}
