# --- volumes without a name that a deploy leaves behind ----------------------------------------------------------------
# Compose keeps the volumes of the services that it removes. Those without a name have no label either, so they are noted in
# the record before, and go when the deploy has ended; those of what lives for ever only with the whole environment.
# Needs core/docker, core/files. Never ends the program.

note_volumes() { # of the containers that are there now
  local ids noted volume
  ids=$(docker ps -aq --filter "label=$label=$project") && [ -n "$ids" ] || return 0
  noted=$(cat "$dir/.volumes" 2>/dev/null)
  # shellcheck disable=SC2086 # each is a word
  for volume in $(docker inspect --format '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}' $ids 2>/dev/null); do
    # One that a compose file names is somebody's own.
    ! is_hash "$volume" || grep -qF "$volume" "$state"/*/docker-compose*.yml 2>/dev/null || noted="$noted $volume"
  done
  # shellcheck disable=SC2086 # each is a word
  [ -z "$noted" ] || save "$dir/.volumes" "$(printf '%s\n' $noted | sort -u)" || :
}

drop_volumes() { # Docker keeps what a container uses; who gets no answer leaves them to the next
  [ -f "$dir/.volumes" ] && docker volume ls -q >/dev/null 2>&1 || return 0
  xargs -r timeout -k 5 60 docker volume rm <"$dir/.volumes" >/dev/null 2>&1 9>&-
  rm -f "$dir/.volumes"
}
