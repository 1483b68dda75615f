# --- deploy: what belongs to somebody else ---------------------------------------------------------------------------

check_record() { # refuse what must not be overwritten
  load_manifest "$dir" || { m_created=$started && return; }
  # The identity is no secret: whose it is, the repository tells, which a gate has checked.
  { [ -z "$m_identity" ] || [ "$m_identity" = "$identity" ]; } && is_of_repository "$m_repository" ||
    finish DATA "$project belongs to another repository or environment on this server; choose another name with compose.project"
  if [ -n "$renumber" ]; then
    : # from now on pipelines are counted anew
  elif [ "$sequence" -eq 0 ]; then # by hand, outside of any pipeline
    sequence=$m_sequence
  elif [ "$sequence" -lt "$m_sequence" ]; then
    finish BUSY "superseded: pipeline $m_sequence was deployed already, this is $sequence"
  fi
}

is_of_repository() { # REPOSITORY, or nothing where that is not known
  [ -z "$1" ] || [ -z "$repository" ] || [ "$1" = "$repository" ]
}

check_containers() { # refuse a name that somebody else's containers have, or volumes that would go with a review
  foreign=$(containers "$project" '{{.Names}}') || finish UNAVAIL "the Docker daemon does not answer"
  foreign=$(printf '%s' "$foreign" | head -n 3 | tr '\n' ' ')
  [ -z "$foreign" ] || finish DATA "a Compose project $project that was not deployed by this tool runs on the server ($foreign); choose another name with compose.project"
  if [ "$lifetime" = forever ] && [ -z "$gated" ]; then return 0; fi
  foreign=$(docker volume ls --filter "label=$label=$project" --format '{{.Name}} {{.Label "io.github.xdevops.compose.managed"}}') || finish UNAVAIL "the Docker daemon does not answer"
  foreign=$(printf '%s\n' "$foreign" | sed -n 's/^\([^ ][^ ]*\) *$/\1/p' | head -n 3 | tr '\n' ' ')
  [ -z "$foreign" ] || finish DATA "volumes of a Compose project $project that was not deployed by this tool are on the server ($foreign), and would go with this environment; choose another name with compose.project"
}

refuse_others() { # a record of ours does not make the containers ours
  find_others || finish UNAVAIL "the Docker daemon does not answer"
  [ -z "$others" ] || finish DATA "the containers of $project were deployed from $others and not from here, so they are left alone; choose another name with compose.project, or take them down there"
}

# Compose uses what has the name that it would give, whoever made it: shop_prod_data for the volume prod_data of shop.
refuse_taken() {
  for kind in volume network; do
    wanted=$(own_names "${kind}s")
    [ -n "$wanted" ] || continue
    there=$(docker "$kind" ls --format "{{.Name}} {{.Label \"$label\"}}") || finish UNAVAIL "the Docker daemon does not answer"
    while read -r name owner; do
      [ -n "$name" ] && [ "$owner" != "$project" ] && printf '%s\n' "$wanted" | grep -qFx "$name" || continue
      finish DATA "the $kind $name belongs to ${owner:+the project }${owner:-somebody else} on this server; give the $kind another name in the compose file, or choose another compose.project"
    done <<END
$there
END
  done
}

own_names() { # volumes|networks: the names that Compose makes for those of the checked compose file
  awk -v kind="$1" -v project="$project" '
    /^[^ ]/ { top = $1; gsub(/[":]/, "", top); inside = top == kind }
    inside && /^  [^ ]/ { key = $1; gsub(/[":]/, "", key); own[key] = 1 }
    inside && /^    "?(name|external)"?:/ { delete own[key] } # where the owner allows that
    END { if (kind == "networks") own["default"] = 1; for (key in own) print project "_" key }' "$staging/docker-compose.yml"
}

check_urls() { # refuse an URL of another project
  for claimed in $(printf '%s' "$hosts" | tr ',' ' '); do
    for other in "$state"/*/manifest.json; do
      [ "$other" != "$dir/manifest.json" ] && [ -f "$other" ] || continue
      grep -q "^\"hosts\": \"\(.*,\)\{0,1\}$(printf '%s' "$claimed" | sed 's/\./\\./g')[,\"]" "$other" &&
        finish DATA "http://$claimed belongs to the project $(basename "$(dirname "$other")") on this server"
    done
    for other in "$state"/*/.previous.about; do # it may come back
      [ "$other" != "$dir/.previous.about" ] && [ -f "$other" ] || continue
      case ",$(sed -n 2p "$other")," in
      *",$claimed,"*) finish DATA "http://$claimed belongs to the project $(basename "$(dirname "$other")") on this server until its deploy has ended" ;;
      esac
    done
  done
}

check_routers() { # refuse an URL that a container has by its labels, of which no record may tell
  [ -n "$hosts" ] && [ "$hosts" != "${m_hosts:-}" ] || return 0
  rules=$(docker ps --no-trunc --format "{{.Label \"$label\"}} {{.Names}} {{.Labels}}" | grep -i 'traefik\..*rule=' | grep -v "^$project ") || return 0
  for claimed in $(printf '%s' "$hosts" | tr ',' ' '); do
    # Traefik's Host(`a`) || Host(`b`), HostSNI, and what its versions 1 and 2 had: Host:a,b and Host(`a`,`b`).
    owner=$(printf '%s\n' "$rules" | grep -Ei "host[a-z]*[(:]([^)]*[\`\"', ])?$(printf '%s' "$claimed" | sed 's/\./\\./g')([\`\"',;) ]|\$)" | head -n 1)
    [ -n "$owner" ] || continue
    name=${owner#* } owner=${owner%% *}
    finish DATA "http://$claimed belongs to the ${owner:+project $owner on this server, as the labels of its }container ${name%% *}${owner:+ say}"
  done
}

check_proxy() { # refuse what is not there, and what would lead into somebody's own network
  [ -n "$proxy" ] || return 0
  found=$(docker network inspect --format '{{.Name}} {{index .Labels "com.docker.compose.project"}}' "$proxy" 2>&1) && [ "${found%% *}" = "$proxy" ] || {
    require_docker
    finish UNAVAIL "the server has no network $proxy, as compose.proxyNetwork says: make it with \"docker network create $proxy\" and attach Traefik to it ($found)"
  }
  case $proxy:${found#* } in
  bridge:* | host:* | none:*) finish POLICY "$proxy is Docker's own network; give Traefik one with \"docker network create web\" and say compose.proxyNetwork=web" ;;
  *:?*) finish POLICY "the network $proxy belongs to the Compose project ${found#* }, so nobody else is attached to it; make one for Traefik with \"docker network create web\" and say compose.proxyNetwork=web" ;;
  esac
}

claim_and_record() { # under one lock for all projects, because an URL belongs to one of them only
  opens "$state/.locks/.hosts" || io open "$state/.locks/.hosts"
  exec 6>>"$state/.locks/.hosts" && flock -w "$lock_wait" 6 || finish BUSY "another deploy holds the list of URLs; try again"
  check_urls
  check_home
  [ -z "$first" ] || check_counts
  [ -z "$home" ] || prepare_home
  before=$(lease_from $((started + budget + ready_wait)))
  if [ -n "$first" ]; then
    # One rename makes the whole record, so there is never one without a lease.
    mkdir "$staging/record" && flush "$staging/docker-compose.yml" && mv "$staging/docker-compose.yml" "$staging/record/" || io write "$staging/record"
    save_manifest "$staging/record"
    write_lease "$staging/record" "$before"
    mv "$staging/record" "$dir" && flush "$state" || io write "$dir"
  else
    read_lease "$dir"
    if [ "$before" = forever ] || [ "$lease" = forever ]; then
      : # a lease that never ends is shortened only after the deploy
    elif [ "$lease" = invalid ] || [ "$before" -gt "$lease" ]; then
      write_lease "$dir" "$before"
      rm -f "$dir/sweep-failures" # it is no longer what should be gone
    fi
    # The file that served last is kept until the new one serves. What is kept while another is live is an older one's.
    [ "$old_state" != live ] || rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about"
    if [ "$m_served" = true ] && [ "$old_sha256" != "$sha256" ] && [ ! -f "$dir/docker-compose.previous.yml" ] && [ -f "$dir/docker-compose.yml" ]; then
      previous=$(printf '%s\n%s\n%s\n%s' "$old_sha256" "$old_hosts" "$old_about" "$old_proxy")
      save "$dir/.previous.about" "$previous" && copy "$dir/docker-compose.yml" "$dir/docker-compose.previous.yml" || io write "$dir/docker-compose.previous.yml"
    fi
    save_manifest "$dir"
    replace "$staging/docker-compose.yml" "$dir/docker-compose.yml" || io write "$dir/docker-compose.yml"
  fi
  exec 6>&-
}
