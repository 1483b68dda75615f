# --- deploy: what belongs to others -----------------------------------------------------------------------------------
# Needs core/docker, core/record, core/teardown. Each check ends the program when it refuses.

check_record() { # refuses to overwrite another environment or a newer deploy; sets m_* and sequence
  load_manifest "$dir" || { m_created=$started && return; }
  # The identity is no secret. The repository, which a gate has checked, tells the owner.
  { [ -z "$m_identity" ] || [ "$m_identity" = "$identity" ]; } && is_of_repository "$m_repository" ||
    finish DATA "project-of-another $project"
  refuse_other_directory
  if [ -n "$renumber" ]; then
    : # pipeline numbers start again
  elif [ "$sequence" -eq 0 ]; then # a manual deploy
    sequence=$m_sequence
  elif [ "$sequence" -lt "$m_sequence" ]; then
    finish BUSY "superseded $m_sequence $sequence"
  fi
}

# Two compose projects of one repository have the same environments, unless told otherwise.
refuse_other_directory() {
  local before here
  before=$(printf '%s\n' "$m_about" | directory_of) here=$(printf '%s\n' "$about" | directory_of)
  [ -n "$before" ] && [ -n "$here" ] && [ "$before" != "$here" ] && [ -z "$force" ] || return 0
  finish DATA "project-of-directory $project $before $here ${here#/}"
}

directory_of() { sed -n 's/.*"directory":"\(\([^"\\]\|\\.\)*\)".*/\1/p' | sed 's/ /%20/g'; }

is_of_repository() { # REPOSITORY, empty if unknown
  [ -z "$1" ] || [ -z "$repository" ] || [ "$1" = "$repository" ]
}

check_containers() { # refuses a name in use by containers of others, or by volumes that a review would remove
  local foreign
  foreign=$(containers "$project" '{{.Names}}') || fail_daemon
  foreign=$(printf '%s' "$foreign" | head -n 3 | tr '\n' ' ')
  [ -z "$foreign" ] || finish DATA "containers-of-another $project $foreign"
  if [ "$lifetime" = forever ] && [ -z "$gated" ]; then return 0; fi
  foreign=$(docker volume ls --filter "label=$label=$project" --format '{{.Name}} {{.Label "io.github.xdevops.compose.managed"}}') ||
    fail_daemon
  foreign=$(printf '%s\n' "$foreign" | sed -n 's/^\([^ ][^ ]*\) *$/\1/p' | head -n 3 | tr '\n' ' ')
  [ -z "$foreign" ] || finish DATA "volumes-of-another $project $foreign"
}

refuse_others() { # the record may be ours and the containers not
  local others
  find_others || fail_daemon
  [ -z "$others" ] || finish DATA "containers-elsewhere $project $others"
}

refuse_taken() {
  local own taken
  find_taken "$staging/docker-compose.yml" || fail_daemon
  [ -z "$taken" ] || finish DATA "$taken"
}

# Compose uses any volume or network that has the name, whoever created it: shop_prod_data for the volume prod_data of shop.
find_taken() { # FILE: sets own to the names that Compose gives, a line KIND NAME each, and taken to the first that is
  # somebody else's, as a message; false when Docker does not answer
  local there=''
  own=$(awk -v project="$project" "$(names_awk)" "$1")
  case $own in *'volume '*) there=$(docker volume ls --format "volume {{.Name}} $of_project") || return 1 ;; esac
  there="$there
$(docker network ls --format "network {{.Name}} $of_project")" || return 1
  taken=$(printf '%s\n' "$there" | own="$own" awk -v project="$project" "$(taken_awk)")
}

check_urls() { # refuses a URL of another project
  local file claimed
  [ -n "$hosts" ] || return 0
  set --
  for file in "$state"/*/manifest.json "$state"/*/.previous.about; do
    [ ! -f "$file" ] || set -- "$@" "$file"
  done
  claimed=$(hosts="$hosts" dir="$dir" awk "$(urls_awk)" "$@")
  [ -z "$claimed" ] || finish DATA "$claimed"
}

check_routers() { # refuses a URL in the labels of other containers, with or without a record
  local ids rules claimed owner name
  [ -n "$hosts" ] && [ "$hosts" != "${m_hosts:-}" ] || return 0
  ids=$(docker ps -q --no-trunc) && [ -n "$ids" ] || return 0
  # Only labels that Traefik, of version 1 to 3, reads as a rule: a text that looks like one claims nothing.
  # shellcheck disable=SC2086 # each is a word; a container that vanished meanwhile is no fault
  rules=$(docker inspect --format "$(labels_format)" $ids 2>/dev/null |
    grep -iE '^"[^"]*" "[^"]*" "traefik\.(http\.routers\.[^"]+\.rule|tcp\.routers\.[^"]+\.rule|([^".]+\.)?frontend\.rule)" ' |
    sed 's/^"\([^"]*\)" "\/\{0,1\}\([^"]*\)" "[^"]*" /\1 \2 /' | grep -v "^$project ") || return 0
  for claimed in $(printf '%s' "$hosts" | tr ',' ' '); do
    # Traefik's Host(`a`) || Host(`b`), HostSNI, and what its versions 1 and 2 had: Host:a,b and Host(`a`,`b`).
    owner=$(printf '%s\n' "$rules" |
      grep -Ei "host[a-z]*[(:]([^)]*[\`\"', ])?$(printf '%s' "$claimed" | sed 's/\./\\./g')([\`\"',;) \\\\]|\$)" | head -n 1)
    [ -n "$owner" ] || continue
    name=${owner#* } owner=${owner%% *}
    name="container ${name%% *}"
    [ -z "$owner" ] || name="project $owner on this server, as the labels of its $name say"
    finish DATA "http://$claimed belongs to the $name"
  done
}

check_proxy() { # refuses a missing network, and networks that are not made for a proxy
  local found
  [ -n "$proxy" ] || return 0
  found=$(docker network inspect --format '{{.Name}} {{index .Labels "com.docker.compose.project"}}' "$proxy" 2>&1) &&
    [ "${found%% *}" = "$proxy" ] || { require_docker && finish UNAVAIL "no-proxy-network $proxy $found"; }
  case $proxy:${found#* } in
  bridge:* | host:* | none:*) finish POLICY "docker-network $proxy" ;;
  *:?*) finish POLICY "project-network $proxy ${found#* }" ;;
  esac
}
