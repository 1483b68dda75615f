# --- deploy: networks and volumes that are defined otherwise than they were made -----------------------------------------
# Compose 2.26 leaves an existing network as it is, and no version changes a volume. So the record keeps how each was
# defined when it was made: .definitions has a line "network|volume KEY TEXT" each.
# Needs core/docker, core/files, deploy/up, deploy/definitions.awk. Never ends the program.

definitions() { # FILE: of the networks and volumes that Compose makes
  awk "$(definitions_awk)" "$1"
}

definition_of() { awk -v what="$1" -v key="$2" '$1 == what && $2 == key'; } # network|volume KEY <LINES

apply_definitions() { # makes changed networks anew, with the containers in them; false when it could not
  local wanted made what key text old services='' service id container
  wanted=$(definitions "$dir/docker-compose.yml")
  made=$(cat "$dir/.definitions" 2>/dev/null)
  [ -n "$made" ] || return 0
  while read -r what key text; do
    old=$(printf '%s\n' "$made" | definition_of "$what" "$key")
    [ -n "$old" ] && [ "$old" != "$what $key $text" ] || continue
    id=$(docker "$what" ls -q --filter "label=$label=$project" --filter "label=com.docker.compose.$what=$key") || return 1
    if [ -z "$id" ]; then
      save "$dir/.definitions" "$(grep -vFx "$old" "$dir/.definitions")" || :
    elif [ "$what" = volume ]; then
      reply "warning the volume $key was made with another definition, and is kept as it is with its data;\
 take $project down to have it made anew"
    else
      printf '%s\n' "the network $key is defined otherwise than before, so it is made anew"
      for container in $(docker ps -aq --filter "label=$label=$project" --filter "network=$id"); do
        service=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}}' "$container")
        case " $services " in *" $service "*) ;; *) services="$services $service" ;; esac
        docker network disconnect -f "$id" "$container" || return 1
      done
      docker network rm "$id" >/dev/null || return 1
    fi
  done <<END
$wanted
END
  # Made from the old ones, they keep their volumes without a name.
  # shellcheck disable=SC2086 # each is a word
  [ -z "$services" ] || compose_file up --no-start --no-deps --force-recreate --no-build --quiet-pull $services
}

keep_definitions() { # of what is there now; a network is as it is wanted, a volume as it was made
  local wanted made what key text
  wanted=$(definitions "$dir/docker-compose.yml")
  made=$(while read -r what key text; do
    [ "$what" = network ] && [ -n "$(printf '%s\n' "$wanted" | definition_of network "$key")" ] || printf '%s\n' "$what $key $text"
  done 2>/dev/null <"$dir/.definitions")
  made=$(printf '%s\n' "$wanted" | while read -r what key text; do
    [ -n "$(printf '%s\n' "$made" | definition_of "$what" "$key")" ] || printf '%s\n' "$what $key $text"
  done && printf '%s\n' "$made")
  [ -z "$made" ] || [ "$made" = "$(cat "$dir/.definitions" 2>/dev/null)" ] ||
    save "$dir/.definitions" "$(printf '%s\n' "$made" | grep .)" || :
}
