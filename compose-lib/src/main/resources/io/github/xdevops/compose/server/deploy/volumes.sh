# --- anonymous volumes that a deploy leaves behind --------------------------------------------------------------------
# Compose keeps the volumes of services that it removes. Anonymous volumes have no label, so the record lists them before a
# deploy, and they are removed after it; those of persistent environments only with the environment.
# Needs core/docker, core/files. Never ends the program.

note_volumes() { # of the current containers
  local ids noted volume
  ids=$(docker ps -aq --filter "label=$label=$project") && [ -n "$ids" ] || return 0
  noted=$(cat "$dir/.volumes" 2>/dev/null)
  # shellcheck disable=SC2086 # each is a word
  for volume in $(docker inspect --format '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}' $ids 2>/dev/null); do
    # A volume that a compose file names belongs to its author.
    ! is_hash "$volume" || grep -qF "$volume" "$state"/*/docker-compose*.yml 2>/dev/null || noted="$noted $volume"
  done
  # shellcheck disable=SC2086 # each is a word
  [ -z "$noted" ] || save "$dir/.volumes" "$(printf '%s\n' $noted | sort -u)" || :
}

drop_volumes() { # Docker keeps volumes in use; without an answer from Docker they are left to the next deploy
  [ -f "$dir/.volumes" ] && docker volume ls -q >/dev/null 2>&1 || return 0
  xargs -r timeout -k 5 60 docker volume rm <"$dir/.volumes" >/dev/null 2>&1 9>&-
  rm -f "$dir/.volumes"
}
