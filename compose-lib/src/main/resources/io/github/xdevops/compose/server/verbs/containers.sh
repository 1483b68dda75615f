# --- records and containers, as verbs report them ---------------------------------------------------------------------
# Needs core/docker, core/record, gate/gate. require_record and find_containers end the program if there is none.

say_record() { # DIRECTORY
  local lease removing=false asleep=false backup=null manifest=null file="/var/lib/xdevops/backups/${1##*/}"
  read_lease "$1"
  [ ! -e "$1/removing" ] || removing=true
  [ ! -e "$1/asleep" ] || asleep=true
  [ ! -f "$1/manifest.json" ] || manifest=$(tr -d '\n' <"$1/manifest.json")
  [ ! -f "$file" ] || ! is_backed_up_here || backup=$(head -c 8192 "$file")
  manifest="\"removing\":$removing,\"asleep\":$asleep,\"backup\":$backup,\"manifest\":$manifest"
  reply "record {\"project\":\"$(json "$(basename "$1")")\",\"lease\":\"$lease\",$manifest}"
}

say_containers() { # LABEL[=PROJECT]
  local list line
  list=$(docker ps -a --filter "label=$1" --format "$of_project {{.State}} $of_service {{.Status}}" 2>&1) || {
    reply "warning the Docker daemon does not answer, so states are unknown: $(json "$list")"
    return
  }
  printf '%s\n' "$list" | while IFS= read -r line; do
    [ -z "$line" ] || ! is_within "${line%% *}" || { [ -n "$gate" ] && [ ! -d "$state/${line%% *}" ]; } || reply "container $line"
  done
}

say_sweeper() { # the status of the last sweep, and the kind of timer
  local kind='' within=''
  [ -z "$gate" ] || within=$(all_within)
  [ ! -f "$state/sweep-status.json" ] || reply "sweep $(tr -d '\000-\037\177' <"$state/sweep-status.json" | only_heard none "$within")"
  [ ! -f "$state/.host/sweeper" ] || read -r kind _ <"$state/.host/sweeper"
  case $kind in '' | *[!a-z-]*) ;; *) reply "sweeper $kind" ;; esac
}

require_record() {
  [ -d "$dir" ] && [ ! -L "$dir" ] || finish DATA "not-there $project"
}

find_containers() { # sets found to "ID STATE SERVICE", a line for each container of the service, or of all of them
  local all
  require_docker
  all=$(containers "$project" "{{.ID}} {{.State}} $of_service") || fail_daemon
  found=$all
  [ -z "$service" ] || found=$(printf '%s\n' "$all" | grep " $(printf '%s' "$service" | sed 's/\./\\./g')\$")
  [ -z "$found" ] || return 0
  all=$(printf '%s\n' "$all" | cut -d ' ' -f 3 | sort -u | tr '\n' ' ')
  finish DATA "$project has no container${service:+ of the service $service; it has $all}"
}
