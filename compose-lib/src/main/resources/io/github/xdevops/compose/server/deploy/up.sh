# --- deploy: containers -----------------------------------------------------------------------------------------------
# Needs core/docker, deploy/labels, deploy/mounts. Never ends the program.

# Created, looked at, attached, and only then started; one that runs as it should costs one call. Sets list.
compose_up() {
  local deadline left
  deadline=$(($(seconds) + budget)) left=$budget list=''
  prepare_mounts || return 1
  compose_file up --no-start --remove-orphans --no-build || return 1
  [ -z "$unstarted" ] || recreate_unstarted || return 1
  compose_was_noop || check_images || return 1
  attach_routed || return 1
  ! compose_was_noop || return 0
  fill_mounts || return 1
  left=$((deadline - $(seconds)))
  [ "$left" -gt 0 ] && compose_file start
}

compose_file() { # WORDS of docker compose, for the record's file
  set -- -f "$dir/docker-compose.yml" --project-directory "$dir" "$@"
  # shellcheck disable=SC2030,SC2031 # for this one call
  if [ -z "$registry_config" ]; then compose "$@"; else (export DOCKER_CONFIG="$registry_config" && compose "$@"); fi
}

look() { # sets list to each container's ID, state and service, its image and networks, and how Docker says that to people
  list=$(containers "$project" "{{.ID}} {{.State}} $of_service {{.Image}},{{.Networks}} {{.Status}}")
}

# Prints what the last look saw when a deploy had ended well. As long as the same containers of the same images (a name that
# means another one by now is not shown any more) run in the same networks, Compose would find nothing to do for the same file,
# unless that says to pull. False when there is no such thing.
snapshot() {
  [ -n "$list" ] || return 1
  if printf '%s\n' "$list" | grep -qv '^[^ ]* running ' || grep -q pull_policy "$dir/docker-compose.yml"; then return 1; fi
  # shellcheck disable=SC2020 # each of them ends a line; Docker says networks in any order
  printf '%s\n' "$sha256" "$list" | cut -d ' ' -f 1-4 | tr ' ,' '\n\n' | sort
}

unchanged() { # does what the last deploy of this file left stand as it did? sets stands, and list
  [ "$old_state:$old_sha256" = "live:$sha256" ] && [ -f "$dir/.standing" ] && look && matches_snapshot && stands=yes
}

matches_snapshot() {
  local found
  found=$(snapshot) && [ "$found" = "$(cat "$dir/.standing")" ]
}

compose_was_noop() { # Compose had nothing to say but that containers run
  local told
  [ -z "$stands" ] || return 0
  told=$(grep '^ *Container ' "$staging/out") && ! printf '%s\n' "$told" | grep -qv ' Running *$'
}

# On a shared network Compose would add the service's name, which every neighbour has too. Traefik's own label tells who is meant.
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

# Compose makes a replacement as ID_NAME, with the ID of the one it replaces, removes that one, and renames. When it was killed
# in between, there are both, and the next run may stumble over the name. Sets unstarted to those that never ran.
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

# Compose says nothing of a container that it finds created but never started, and a daemon that died while it started one
# may never start it again. Made anew from the old one, it keeps its anonymous volumes.
recreate_unstarted() {
  local services
  services=$(half_made | grep -Fx "$unstarted" | cut -d ' ' -f 4 | sort -u | tr '\n' ' ')
  # shellcheck disable=SC2086 # one word for each service
  [ -z "$services" ] || compose_file up --no-start --no-deps --force-recreate --no-build --quiet-pull $services
}
