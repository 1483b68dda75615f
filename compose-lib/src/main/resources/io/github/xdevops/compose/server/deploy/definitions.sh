# --- deploy: networks and volumes that are defined otherwise than they were made -----------------------------------------
# Compose 2.26 leaves an existing network as it is, and no version changes a volume. So the record keeps how each was
# defined when it was made: .definitions has a line "network|volume KEY TEXT" each.
# Needs core/docker, core/files, deploy/up, deploy/definitions.awk. Never ends the program.

definitions() { # FILE: of the networks and volumes that Compose makes
  awk "$(definitions_awk)" "$1"
}

compare_definitions() { # CHANGED: prints what differs, or if empty what is there after a deploy
  { definitions "$dir/docker-compose.yml" && echo && cat "$dir/.definitions" 2>/dev/null; } | awk -v changed="$1" "$(kept_awk)"
}

make_external_networks() { # that are missing, for the owner's own stacks; nothing removes them
  local network
  [ "$lifetime" = forever ] && [ -z "$gated" ] || return 0
  # shellcheck disable=SC2013 # each is a word
  for network in $(awk -v external=yes "$(definitions_awk)" "$dir/docker-compose.yml"); do
    docker network inspect "$network" >/dev/null 2>&1 || {
      docker network create "$network" >/dev/null && printf '%s\n' "created the network $network, which is external and was missing"
    } || return 1
  done
}

apply_definitions() { # recreates changed networks, with the containers in them; false when it could not
  local what key services='' service id container
  [ -s "$dir/.definitions" ] || return 0
  while read -r what key; do
    [ -n "$key" ] || continue
    id=$(docker "$what" ls -q --filter "label=$label=$project" --filter "label=com.docker.compose.$what=$key") || return 1
    if [ -z "$id" ]; then
      save "$dir/.definitions" "$(grep -v "^$what $key " "$dir/.definitions")" || :
    elif [ "$what" = volume ]; then
      reply "warning volume-kept $project $key"
    else
      printf '%s\n' "the network $key has another definition than before, so it is recreated"
      for container in $(docker ps -aq --filter "label=$label=$project" --filter "network=$id"); do
        service=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}}' "$container")
        case " $services " in *" $service "*) ;; *) services="$services $service" ;; esac
        docker network disconnect -f "$id" "$container" || return 1
      done
      docker network rm "$id" >/dev/null || return 1
    fi
  done <<END
$(compare_definitions yes)
END
  # Made from the old ones, they keep their volumes without a name.
  # shellcheck disable=SC2086 # each is a word
  [ -z "$services" ] || compose_file up --no-start --no-deps --force-recreate --no-build --quiet-pull $services
}

keep_definitions() {
  local made
  made=$(compare_definitions '')
  [ -z "$made" ] || [ "$made" = "$(cat "$dir/.definitions" 2>/dev/null)" ] || save "$dir/.definitions" "$made" || :
}
