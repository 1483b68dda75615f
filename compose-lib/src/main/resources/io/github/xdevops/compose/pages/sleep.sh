# --- pages: environments that sleep ---------------------------------------------------------------------------------------
# Marks in a record: `asleep` while its containers are stopped, `waking` while they are started, and `awake` for a minute after that.
# A mark is there before Docker is called, so the next tick or request completes what was killed. `asleep` holds the host names and
# the services that ran, and becomes the others by renaming it, so that a lock on it stays.
# Needs core, write, sleep.awk. Never ends the program.

readonly metrics=http://127.0.0.1:9180/metrics longest_wake=60

tick() { # each minute: puts idle environments to sleep, and completes what was killed
  local decided
  exec 8>>"$state/.host/.sleep.lock" && flock -n 8 || return 0
  # Most servers have none.
  grep -qs '^"sleep": [1-9]' "$state"/*/manifest.json || return 0
  find "$state" -mindepth 2 -maxdepth 2 -name awake -mmin +1 -exec rm -f {} +
  decided=$(say_facts | awk -v now="$(uptime)" "$(sleep_awk)")
  printf '%s\n' "$decided" | grep '^was ' >"$state/.host/.idle.new"
  mv -f "$state/.host/.idle.new" "$state/.host/.idle"
  # shellcheck disable=SC2016 # for the inner shell
  printf '%s\n' "$decided" | grep -v '^was ' | xargs -r -n 2 -P 4 /bin/sh -c '/bin/sh "$1" "$3" "$2" "$4" tick "" 0' sh "$0" "$state" 8>&-
}

say_facts() { # as sleep.awk reads them; nothing if Docker does not answer
  local running
  running=$(timeout -k 5 20 docker ps --no-trunc --filter "label=io.github.xdevops.compose.managed=true" \
    --format 'runs {{.Label "com.docker.compose.project"}} {{.Label "com.docker.compose.service"}} {{.Labels}}') || return 0
  grep -s '^"\(state\|hosts\|deploy\|sleep\)": ' "$state"/*/manifest.json /dev/null
  printf '%s\n' "$state"/*/asleep "$state"/*/waking "$state"/*/removeat "$state"/*/removing "$running"
  curl -sf -m 5 "$metrics" | grep '^traefik_service_requests_total\|^traefik_config'
  cat "$state/.host/.idle" 2>/dev/null
}

uptime() { # seconds that a change of the clock does not touch
  local up
  IFS='. ' read -r up _ </proc/uptime && echo "$up"
}

fall_asleep() { # PROJECT, unless it is in use or being changed
  local dir="$state/$1" wants minutes services
  lock_project "$1" 0 || return 0
  if [ ! -e "$dir/asleep" ]; then
    wants=$(sed -n 's/^"sleep": \([0-9]*\),$/\1/p' "$dir/manifest.json") minutes=$((${wants:-0} / 60))
    [ "$minutes" -gt 0 ] && grep -q '^"state": "live",$' "$dir/manifest.json" || return 0
    # A command has run there, or runs yet.
    [ ! -e "$dir/.used" ] || { [ -z "$(find "$dir/.used" -mmin "-$minutes")" ] && flock -n "$dir/.used" true; } || return 0
    services=$(docker ps --filter "label=com.docker.compose.project=$1" --format '{{.Label "com.docker.compose.service"}}') || return 0
    { hosts_of "$1" | sed 's/.*/,&,/' && printf '%s\n' "$services"; } >"$dir/.asleep.new" &&
      sync "$dir/.asleep.new" && mv -f "$dir/.asleep.new" "$dir/asleep" || return 0
    rm -f "$dir/awake"
  fi
  compose "$1" stop
}

sleeper_of() { # HOST: prints the project that sleeps, or slept a moment ago
  local host="$1" file='' seen=''
  # Again if a mark was renamed meanwhile.
  while set -- "$state"/*/asleep "$state"/*/waking "$state"/*/awake && [ -z "$file" ] && [ "$seen" != "$*" ]; do
    seen=$*
    file=$(grep -lsF ",$host," "$@" | head -n 1)
  done
  [ -n "$file" ] && [ ! -e "${file%/*}/removing" ] || return 0
  file=${file%/*}
  echo "${file##*/}"
}

wake() { # PROJECT URL SECONDS: false unless it runs by then, and Traefik leads the URL, if not empty, to it
  local dir="$state/$1" until mark=asleep
  until=$(($(uptime) + longest_wake))
  [ -e "$dir/asleep" ] || mark=waking
  [ -e "$dir/asleep" ] || [ -e "$dir/waking" ] || { await_route "$1" "$2" && return 0; } || return 1
  # One is at work; the others wait for it, and find that it is done.
  { command exec 7<"$dir/$mark"; } 2>/dev/null || return 0
  flock -w "$3" 7 || return 1
  if [ -e "$dir/asleep" ] || [ -e "$dir/waking" ]; then
    lock_project "$1" "$(left)" || return 1
    [ ! -e "$dir/asleep" ] || mv -f "$dir/asleep" "$dir/waking"
    # A deploy or a teardown may have come first.
    [ ! -e "$dir/waking" ] || start "$1" || runs "$1" || { mv -f "$dir/waking" "$dir/asleep" && return 1; }
    exec 9>&-
    await_route "$1" "$2" || :
    mv -f "$dir/waking" "$dir/awake" 2>/dev/null && touch "$dir/awake"
    exec 7<&-
    (list) 7>&-
  fi
  await_route "$1" "$2"
}

left() { # prints the seconds until then, at least 0
  local seconds=$((until - $(uptime)))
  echo "$((seconds > 0 ? seconds : 0))"
}

lock_project() { # PROJECT SECONDS: on descriptor 9
  local file="$state/.locks/$1"
  exec 9>>"$file" && flock -w "$2" 9 && [ "$file" -ef /proc/self/fd/9 ] && printf 'sleep %s %s\n' $$ "$(uptime)" >"$file"
}

start() { # PROJECT: what ran; what had ended before, such as a migration, is not run again
  local services
  services=$(grep -v , "$state/$1/waking" | sort -u)
  if [ -z "$services" ]; then
    compose "$1" start
  else
    # shellcheck disable=SC2086 # a word for each service
    compose "$1" up --detach --no-deps --no-recreate --no-build --pull never $services
  fi
}

compose() { # PROJECT WORDS
  local project="$1"
  shift
  (cd "$state/$project" &&
    timeout -k 10 120 docker compose --ansi never -p "$project" -f docker-compose.yml --project-directory "$state/$project" "$@") \
    </dev/null >/dev/null 2>&1
}

runs() { [ -n "$(docker ps -q --filter "label=com.docker.compose.project=$1")" ]; } # PROJECT

await_route() { # PROJECT URL: until it is healthy and answers there; false if it takes too long
  while [ -n "$2" ] || is_starting "$1"; do
    ! is_routed "$2" || is_starting "$1" || return 0
    [ "$(left)" -gt 0 ] || return 1
    sleep 0.1
  done
}

is_starting() { # PROJECT
  docker ps --filter "label=com.docker.compose.project=$1" --format '{{.Status}}' 9>&- | grep -qF 'health: starting'
}

# Does the environment answer? This program answers with 503, and Traefik without a server with another of these codes.
is_routed() { # URL
  case $(curl -skg -o /dev/null -m 3 -w '%{http_code}' -X OPTIONS -H 'X-Pages-Probe: 1' --connect-to ::127.0.0.1: "$1" 9>&-) in
  000 | 429 | 502 | 503 | 504) return 1 ;;
  esac
}
