# --- making room ------------------------------------------------------------------------------------------------------
# Needs core/teardown, gate/gate. Only evict, a process of its own, ends the program.

readonly most_evictions=3 # at most so many per deploy

find_same_repository() { # sets same to the manifests of this repository
  same=''
  [ -z "$repository" ] || same=$(grep -ls "^\"repository\": \"$repository\"" "$state"/*/manifest.json)
}

is_same_repository() { # is $record among same?
  case $same in *"$record/manifest.json"*) ;; *) return 1 ;; esac
}

sweep_others() { # or waits for the sweep that is running
  local within='' answer line
  flock -w 60 "$state/.locks/.sweep" true
  [ -z "$gate" ] || within=$(all_within)
  answer=$(timeout -k 5 120 /bin/sh "$self" sweep "state=$state" nonce=room 2>/dev/null)
  printf '%s\n' "$answer" | only_heard room "$within" | sed -n 's/^@room \(swept .*\)/\1/p; s/^@room warning //p' |
    while IFS= read -r line; do reply "note $line"; done
}

# Removes the environment of the same repository that expires first. False if there is none, or removing all allowed ones would
# not be enough. Adds to evicted, tried and tries.
evict_one() {
  local victim='' victim_ends='' candidates=0 leases='' same file record lease answer when
  find_same_repository
  for file in "$state"/*/removeat; do
    record=${file%/*}
    [ "$record" != "$dir" ] && [ ! -L "$record" ] && is_same_repository && is_within "${record##*/}" && may_go "$record" || continue
    case " $tried " in *" ${record##*/} "*) continue ;; esac
    candidates=$((candidates + 1)) leases="$leases$lease ${record##*/}
"
    if [ -z "$victim" ] || [ "$lease" -lt "$victim_ends" ]; then victim=${record##*/} victim_ends=$lease; fi
  done
  [ -n "$victim" ] && [ "$excess" -le "$candidates" ] && [ "$excess" -le $((most_evictions - tries)) ] || return 1
  # shellcheck disable=SC2046 # a word for each project
  would_help $(printf '%s' "$leases" | sort -n | head -n $((most_evictions - tries)) | cut -d ' ' -f 2) || return 1
  tried="$tried $victim" tries=$((tries + 1))
  answer=$(timeout -k 10 100 /bin/sh "$self" evict "state=$state" "project=$victim" "repository=$repository" \
    "ends=$victim_ends" budget=60 nonce=room 2>/dev/null)
  when=$(date -u -d "@$victim_ends" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo "$victim_ends")
  case $answer in
  *'"word":"OK"'*)
    evicted="$evicted${evicted:+,}$victim"
    reply "note evicted $victim, which would have expired at $when"
    ;;
  *) reply "note $victim was not evicted: $(printf '%s\n' "$answer" | message_of room)" ;;
  esac
}

# Would there be enough without these PROJECTS? What their images take is not counted, because others may use them, and nobody
# tells how many inodes are theirs.
would_help() {
  local memory="$lacking_memory" disk="$lacking_disk" missing="$lacking_networks" going of
  [ "$lacking_inodes" -eq 0 ] || return 1
  for going; do
    of=label=$label=$going
    [ "$missing" -le 0 ] || missing=$((missing - $(docker network ls -q --filter "$of" | grep -c .)))
    [ "$memory" -le 0 ] || memory=$((memory - $(memory_of "$of" | awk "$(mebibytes_awk)")))
    [ "$disk" -le 0 ] || disk=$((disk - $(disk_of "$of" | awk "$(mebibytes_awk)")))
  done
  [ "$missing" -le 0 ] && [ "$memory" -le 0 ] && [ "$disk" -le 0 ]
}

memory_of() { # FILTER: prints what the containers use
  local ids
  ids=$(docker ps -q --filter "$1")
  # shellcheck disable=SC2086 # each is a word
  [ -z "$ids" ] || docker stats --no-stream --format '{{.MemUsage}}' $ids
}

disk_of() { # FILTER: prints what the layers of the containers and the volumes take
  local own
  docker ps -as --filter "$1" --format '{{.Size}}'
  own=$(docker volume ls -q --filter "$1")
  [ -z "$own" ] || docker system df -v --format '{{range .Volumes}}{{.Name}} {{.Size}}{{println}}{{end}}' | grep -F "$own" | cut -d ' ' -f 2
}

may_go() { # DIRECTORY: is it neither persistent nor being removed, nor asleep and so not counted? sets lease
  [ ! -e "$1/removing" ] && { [ "${short_word:-}" != POLICY ] || [ ! -e "$1/asleep" ]; } || return 1
  read_lease "$1"
  case $lease in forever | invalid) return 1 ;; esac
}

evict() { # a process of its own: checks again under the lock, then removes
  local lease remains
  take_lock "$project" 2 || finish BUSY "$project is busy"
  load_manifest "$dir" && [ "$m_repository" = "$repository" ] && may_go "$dir" && [ "$lease" = "$ends" ] ||
    finish BUSY "$project has changed since it was chosen"
  teardown || finish BUSY "something of $project is still in use: $remains"
  finish OK "$project is gone"
}
