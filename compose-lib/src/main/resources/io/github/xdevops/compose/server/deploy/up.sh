# --- deploy: containers -----------------------------------------------------------------------------------------------
# Needs core/docker, deploy/made, deploy/mounts, deploy/definitions, deploy/home. Never ends the program.

# Creates containers, checks them, attaches them to the proxy's network, and then starts them. A no-op costs one call. Sets list.
# Where services are replaced, all but these and what depends on them.
compose_up() {
  local deadline left
  deadline=$(($(seconds) + budget)) left=$budget list=''
  prepare_mounts && make_external_networks && apply_definitions || return 1
  if [ -z "$replaced" ]; then
    compose_file up --no-start --remove-orphans --no-build && start_created start
  elif [ -n "$before" ]; then
    # The replaced ones run, and Compose waits for what they depend on.
    # shellcheck disable=SC2086 # each is a word
    compose_file up --no-start --no-build $before && start_created start $before $replaced
  fi
}

start_created() { # WORDS of docker compose that start what was created; it is looked at before. Reads deadline, sets left
  keep_definitions
  [ -z "$unstarted" ] || recreate_unstarted || return 1
  compose_was_noop || check_made || return 1
  attach_routed || return 1
  give_directories || return 1
  ! compose_was_noop || return 0
  fill_mounts || return 1
  [ "$m_seed" != begun ] || plant_seed || return 1
  left=$((deadline - $(seconds)))
  [ "$left" -gt 0 ] && compose_file "$@"
}

compose_file() { compose_here "$dir/docker-compose.yml" "$@"; } # WORDS of docker compose, for the record's file

compose_here() { # FILE WORDS of docker compose, with the logins of the deploy
  local file="$1"
  shift
  set -- -f "$file" --project-directory "$dir" "$@"
  # shellcheck disable=SC2030,SC2031 # for this one call
  if [ -z "$registry_config" ]; then compose "$@"; else (export DOCKER_CONFIG="$registry_config" && compose "$@"); fi
}

look() { # sets list to each container's ID, state, service, image and networks, and Docker's status text
  list=$(containers "$project" "{{.ID}} {{.State}} $of_service {{.Image}},{{.Networks}} {{.Status}}")
}

# Prints a snapshot of the containers that the last look has found. As long as the same containers run the same images (Docker
# no longer shows an image's name once it means another image) in the same networks, Compose would have nothing to do for the same
# file, unless the file has a pull_policy. False if there is no snapshot.
snapshot() {
  [ -n "$list" ] || return 1
  if printf '%s\n' "$list" | grep -qv '^[^ ]* running ' || grep -q pull_policy "$dir/docker-compose.yml"; then return 1; fi
  # shellcheck disable=SC2020 # each of them ends a line; Docker lists networks in any order
  printf '%s\n' "$sha256" "$list" | cut -d ' ' -f 1-4 | tr ' ,' '\n\n' | sort
}

unchanged() { # do the containers of the last deploy of this file run as before? sets stands, and list
  [ "$old_state:$old_sha256$moved$give" = "live:$sha256" ] && [ -f "$dir/.standing" ] && look && matches_snapshot && stands=yes
}

matches_snapshot() {
  local found
  found=$(snapshot) && [ "$found" = "$(cat "$dir/.standing")" ]
}

compose_was_noop() { # did Compose report nothing but running containers?
  local told
  [ -z "$stands" ] || return 0
  told=$(grep '^ *Container ' "$staging/out") && ! printf '%s\n' "$told" | grep -qv ' Running *$'
}

# On a shared network Compose would add an alias, the service's name, which other projects have, too. Traefik's label selects.
attach_routed() {
  local routed id attached
  [ -n "$m_proxy" ] || return 0
  routed=$(docker ps -a --no-trunc --filter "label=$label=$project" --filter "label=traefik.docker.network=$m_proxy" \
    --format '{{.ID}} {{.Networks}}') || return 1
  while read -r id attached; do
    case ,$attached, in
    ,, | *",$m_proxy,"*) ;;
    *) docker network connect "$m_proxy" "$id" || return 1 ;;
    esac
  done <<END
$routed
END
}

# Compose creates a replacement named ID_NAME with the ID of the replaced container, removes that one, and renames. If it was killed
# in between, both exist, and the next run may fail on the name. Sets unstarted to containers that never ran.
remove_half_made() {
  local all id name replaced
  all=$(half_made)
  printf '%s\n' "$all" | while read -r id name _; do
    replaced=${name%%_*}
    case $name:$replaced in *:*[!0-9a-f]* | *:) continue ;; ????????????_*) ;; *) continue ;; esac
    printf '%s\n' "$all" | grep -q "^$replaced" && timeout -k 5 60 docker rm -f "$id" >&2
  done
  unstarted=$(printf '%s\n' "$all" | grep '^[^ ]* [^ ]* created ')
}

half_made() { containers "$project" "{{.ID}} {{.Names}} {{.State}} $of_service"; }

# Compose does not report a container that was created but never started, and a daemon that died while starting it may never start
# it. Recreated from the old container, it keeps its anonymous volumes.
recreate_unstarted() {
  local services
  services=$(half_made | grep -Fx "$unstarted" | cut -d ' ' -f 4 | sort -u | tr '\n' ' ')
  # shellcheck disable=SC2086 # one word for each service
  [ -z "$services" ] || compose_file up --no-start --no-deps --force-recreate --no-build --quiet-pull $services
}
