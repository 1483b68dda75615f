# --- what is stopped or moved for a while -------------------------------------------------------------------------------
# Needs core. lock_project ends the program when it waits in vain.
# Both are noted on the disk before they happen, so that `recover` can undo them whatever was killed.

lock_project() { # the lock of the server's script: no deploy while this runs
  local lock="$state/.locks/$project" tries=0
  while :; do
    # shellcheck disable=SC2016 # the login's shell expands it
    as_login sh -c ': >>"$1"' sh "$lock" 2>/dev/null || finish DATA "$project is not there; deploy it first"
    exec 9>>"$lock"
    flock -w 300 9 || finish BUSY "$project is locked by another operation; waited 300 s, try again"
    [ "$lock" -ef /proc/self/fd/9 ] && break
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || finish BUSY "the lock of $project is removed again and again"
  done
  printf 'backup %s %s\n' $$ "$(cut -d . -f 1 /proc/uptime)" >"$lock" || :
}

stop_services() { # NAMES, a line each: those of them that run
  local running
  running=$(jq -r '.[] | select(.State.Running) | .Config.Labels["com.docker.compose.service"]' "$work/containers" | sort -u)
  running=$(printf '%s\n' "$1" | grep -xF -e "$running")
  [ -n "$running" ] || return 0
  printf '%s\n' "$running" | save "$place/stopped" 600 || finish IOERR "cannot write to $place: is the disk full?"
  has_stopped=yes
  # shellcheck disable=SC2086 # names of services
  compose stop $running >/dev/null 2>"$errors" || {
    start_stopped
    finish UNAVAIL "services of $project cannot be stopped: $(last_words "$errors")"
  }
}

start_stopped() { start_noted && rm -f "$place/stopped"; } # false if Docker could not

start_noted() {
  [ -f "$place/stopped" ] || return 0
  # shellcheck disable=SC2046 # names of services
  compose start $(cat "$place/stopped") >/dev/null 2>"$errors"
}

# A directory is replaced by its neighbour DIRECTORY.xdevops-new and kept as DIRECTORY.xdevops-old: within a volume these go with it,
# and its name stays, which the next deploy needs.

swap_in() { # after `swap` was written
  local directory
  while IFS= read -r directory; do
    mv -T "$directory" "$directory.xdevops-old" && mv -T "$directory.xdevops-new" "$directory" || return 1
  done <"$place/swap"
  sync
}

swap_back() { # from whatever state; what was new is removed
  local directory
  [ -f "$place/swap" ] || return 0
  while IFS= read -r directory; do
    if [ -d "$directory.xdevops-old" ]; then
      [ ! -d "$directory" ] || { rm -rf "$directory.xdevops-new" && mv -T "$directory" "$directory.xdevops-new"; }
      mv -T "$directory.xdevops-old" "$directory"
    fi
    rm -rf "$directory.xdevops-new"
  done <"$place/swap"
  sync
  rm -f "$place/swap"
}

recover_project() { # under the lock
  # Docker may be stopping them yet, or have started one whose directory is the one that was moved away.
  stop_noted
  [ ! -f "$place/swap" ] || { swap_back; stop_noted; }
  start_stopped
  remove_trial
  [ ! -f "$place/scratch" ] || { remove_new_data; rm -rf "$(cat "$place/scratch")" && rm -f "$place/scratch"; }
}

stop_noted() { # Docker answers when they have stopped, also those that it is starting or stopping already
  local service all
  [ -f "$place/stopped" ] || return 0
  all=$(while IFS= read -r service; do
    docker ps -aq --filter "label=$label=$project" --filter "label=com.docker.compose.service=$service"
  done <"$place/stopped")
  # shellcheck disable=SC2086 # IDs
  [ -z "$all" ] || docker stop $all >/dev/null 2>&1
}

remove_new_data() { # what a restore that did not come to its end has filled
  local directory
  [ ! -f "$place/filling" ] || while IFS= read -r directory; do rm -rf "$directory.xdevops-new"; done <"$place/filling"
  rm -f "$place/filling"
}

old_data() { # prints the directories that a restore has kept
  local directory
  [ ! -f "$place/kept" ] || while IFS= read -r directory; do
    [ ! -d "$directory.xdevops-old" ] || printf '%s\n' "$directory.xdevops-old"
  done <"$place/kept"
}
drop_old_data() { old_data | while IFS= read -r directory; do rm -rf "$directory"; done && rm -f "$place/kept"; }

recover() { # [PROJECT.NONCE]: after a run that was killed; without an argument, after a boot
  local only="${1:-}" at
  for at in "$own"/*/; do
    at=${at%/}
    use_project "${at##*/}"
    [ -z "$only" ] || [ "$project" = "${only%.*}" ] || continue
    # Another run of the same project may be at work: its lock says so.
    if [ -f "$place/seed" ]; then # a deploy holds the lock of the project
      lock_place
      recover_project
      rm -f "$place/seed"
      exec 9<&-
    elif [ -f "$place/swap" ] || [ -f "$place/stopped" ] || [ -f "$place/scratch" ]; then
      lock_project
      recover_project
      exec 9>&-
    fi
  done
  [ -z "$only" ] || { use_project "${only%.*}" && (forget_place); answer_for_dead "$only"; }
}

recover_files() { # before Docker starts after a power cut
  local at
  for at in "$own"/*/; do
    place=${at%/}
    swap_back
  done
}

answer_for_dead() { # PROJECT.NONCE
  answer=$run/answers/$1 nonce=${1##*.}
  [ -f "$answer" ] || return 0
  tail -n 1 "$answer" | grep -q "^@$nonce result " ||
    finish UNKNOWN 'the run was killed; what it had stopped was started again, and no data was replaced'
}
