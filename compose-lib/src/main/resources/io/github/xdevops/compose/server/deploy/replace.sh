# --- deploy: replacement without a lost request -----------------------------------------------------------------------
# A service of a persistent environment that may run twice (x-replacement) gets new containers beside the old ones. Its generation is a
# label of them, and in the names and priorities of its routers, so that Traefik prefers the newest that is healthy. Old ones go when
# nobody is connected to them. Whatever was killed, the next deploy keeps the newest generation that is ready, and removes the others.
# Needs core/docker, deploy/up, deploy/readiness, deploy/generations.awk, deploy/replacement.awk, deploy/connections.awk. Ends the
# program only when the disk is full.

readonly of_generation='g{{.Label "io.github.xdevops.compose.generation"}}'
readonly switch_time=3 longest_drain=30 # seconds; Traefik looks for new routers every 2 s

# Writes the generations into the compose file in staging; what did not change keeps its own. Sets orders, earlier, numbers, replaced,
# scales, before and after (what is independent of the replaced services, and what is not), surplus, unready, and unfit.
number_services() {
  local labels='{{.Label "com.docker.compose.config-hash"}} {{.Label "com.docker.compose.image"}}' there=''
  replaced='' before='' after='' surplus='' unready='' unfit='' earlier=''
  orders=$(generations order)
  [ -n "$orders" ] && earlier=$(containers "$project" "{{.ID}} $of_service $of_generation {{.State}} $labels {{.Status}}") || return 0
  case $orders in *' start-first '*) ;; *) return 0 ;; esac
  { read -r _ && read -r numbers; } <<END
$(decide_replacement)
END
  write_generations
  [ -z "$earlier" ] || there=$(wanted_now)
  { read -r m_generation && read -r numbers && read -r replaced && read -r scales && read -r surplus && read -r unready; } <<END
$(decide_replacement "$there")
END
  write_generations
  [ -z "$replaced" ] || before=$(generations before) after=$(generations after)
}

generations() { awk -v mode="$1" -v numbers="$numbers" -v apart="$replaced" "$(generations_awk)" "$staging/docker-compose.yml"; }

write_generations() {
  generations number >"$staging/numbered" && mv "$staging/numbered" "$staging/docker-compose.yml" || fail_io write "$staging"
}

decide_replacement() { # [LINES]: prints what deploy/replacement.awk says
  { printf '%s\n' "$orders" | sed 's/^/order /' && printf '%s\n' "$earlier" | sed 's/^/there /' && printf '%s\n' "${1:-}"; } |
    awk -v generation="$m_generation" "$(replacement_awk)"
}

wanted_now() { # prints what Compose would make of the file in staging
  local service way policy image
  while read -r service way _ policy image _; do
    case $way:$policy in start-first:always | start-first:daily | start-first:weekly | start-first:every_*)
      compose_here "$staging/docker-compose.yml" pull --quiet "$service" >&2
      ;;
    esac
    [ "$image" = - ] || docker image inspect --format "image $image {{.Id}}" "$image" 2>/dev/null
  done <<END
$orders
END
  compose_here "$staging/docker-compose.yml" config --hash '*' 2>/dev/null | sed 's/^/hash /'
}

remove_surplus() { # what a killed or failed deploy has left beside the newest generation
  # shellcheck disable=SC2086 # each is a word
  { [ -z "$unready" ] || docker rm -f $unready >/dev/null; } && retire $surplus
}

# Once all is ready that the new containers need: they are made, and the old ones go when they are ready. Sets list; false as compose_up.
replace_services() {
  local began old deadline left
  [ -n "$replaced" ] || return 0
  phase replace
  deadline=$(($(seconds) + budget)) left=$budget
  # Without --no-deps, because Compose's hash of a service includes what it depends on.
  # shellcheck disable=SC2086 # each is a word
  compose_file up --no-start --no-recreate --no-build $scales $replaced && keep_fit || return 1
  if [ -n "$replaced" ]; then
    # shellcheck disable=SC2086 # likewise
    start_created up -d --no-deps --no-recreate --no-build $scales $replaced && list='' && wait_ready || return 1
    old=$(of_replaced | grep -v " g$m_generation\$" | cut -d ' ' -f 1)
    # shellcheck disable=SC2086 # likewise
    retire $old || return 1
  fi
  began=$(hundredths) deadline=$(($(seconds) + budget)) left=$budget
  compose_file up --no-start --remove-orphans --no-build || return 1
  # shellcheck disable=SC2086 # likewise
  [ -z "$after" ] || start_created up -d --no-deps --no-recreate --no-build $after || return 1
  list='' && wait_ready && last_gap=$(since "$began")
}

of_replaced() { # prints ID SERVICE gGENERATION of the containers of the replaced services
  containers "$project" "{{.ID}} $of_service $of_generation" | awk -v all=" $replaced " 'index(all, " " $2 " ")'
}
