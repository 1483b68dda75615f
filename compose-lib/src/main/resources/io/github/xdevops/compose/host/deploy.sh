# --- deploy ----------------------------------------------------------------------------------------------------------

deploy() { # the client's half: take the bundle, start the worker, show what it does
  admit </dev/null
  staging=$state/.staging/$project.$nonce
  mkdir "$staging" 2>/dev/null || io create "$staging"
  # The lock on descriptor 8 tells whether the client, then the worker is alive, and is freed by the kernel.
  # Room for the last word, if the disk becomes full meanwhile.
  opens "$staging/alive" && exec 8>"$staging/alive" && flock 8 && printf '%8192s' '' 2>/dev/null >"$staging/answer" && opens "$staging/out" || {
    rm -rf "$staging"
    io write "$staging"
  }
  phase upload
  read_logins
  (ulimit -f "$largest_bundle" && exec timeout -k 5 "$longest_upload" cat) >"$staging/bundle" || {
    code=$?
    rm -rf "$staging"
    case $code in 124 | 137 | 143) finish PROTO "the upload did not end within $longest_upload s; nothing was changed, try again" ;; esac
    io write "$staging/bundle"
  }
  [ "$(sha256sum <"$staging/bundle" | cut -d ' ' -f 1)" = "$sha256" ] || {
    rm -rf "$staging"
    finish PROTO "the upload arrived incomplete; nothing was changed, try again"
  }
  keep_logins
  export gate gate_repository gate_projects gate_hosts gate_persistent gate_home gate_exec
  # The worker has its own session and writes to a file: a client that dies harms nothing.
  detach="setsid"
  command -v setsid >/dev/null || detach="nohup"
  "$detach" /bin/sh "$self" work "$@" >>"$staging/out" 2>&1 </dev/null &
  exec 8>&-
  follow
}

follow() { # print what the worker writes, until its result or its death
  exec 7<"$staging/out"
  rest='' polls=0 result=''
  while [ -z "$result" ]; do
    alive=yes
    if [ $((polls % 25)) -eq 24 ]; then
      flock -n "$staging/alive" true && alive=''
    fi
    while IFS= read -r line <&7; do
      line=$rest$line rest=''
      printf '%s\n' "$line"
      case $line in "@$nonce result "*) result=$line && break ;; esac
    done
    [ -z "$result" ] || break
    rest=$rest$line
    if [ -z "$alive" ] && [ -f "$staging/answer" ] && IFS= read -r line <"$staging/answer"; then
      case $line in "@$nonce result "*) printf '%s\n' "$line" && result=$line && break ;; esac
    fi
    [ -n "$alive" ] || finish UNKNOWN "the deploy of $project was killed on the server; deploy again, or let its lease end"
    polls=$((polls + 1))
    if [ $polls -lt 100 ]; then sleep 0.02 2>/dev/null || sleep 1; else sleep 0.2 2>/dev/null || sleep 1; fi
  done
  rm -rf "$staging"
  case $result in *'{"word":"OK"'*) exit 0 ;; *) exit 70 ;; esac
}

attend() { # what became of a deploy whose client lost its connection
  staging=$state/.staging/$project.$nonce
  [ ! -f "$staging/out" ] || follow
  load_manifest "$dir"
  changed=true
  case $m_state:$m_deploy in "live:same$nonce") changed=false m_deploy=$nonce ;; esac
  case $m_state:$m_deploy in
  "live:$nonce")
    read_lease "$dir"
    finish OK "$project is up" "\"expires\":\"$lease\",\"generation\":$m_generation,\"changed\":$changed"
    ;;
  *":failed$nonce") finish UNHEALTHY "the deploy of $project failed; see deploy.log in $dir" ;;
  esac
  finish UNKNOWN "the connection was lost and the server does not know this deploy of $project; deploy it again"
}

work() { # the worker: holds the lock; everything that changes the server happens here
  staging=$state/.staging/$project.$nonce
  phase lock
  lock_or_busy
  keep_clock
  # A server on which everything stays for ever has no timer.
  forget_secrets
  forget_leftovers
  if [ -e "$dir/removing" ]; then
    phase "finish-teardown"
    teardown || finish BUSY "an earlier teardown of $project could not be finished: $remains"
  fi
  phase check
  started=$(now)
  unpack
  [ -z "$renumber" ] || rm -f "$state/.gone/$project"
  first=yes
  if [ -d "$dir" ]; then
    first=''
    check_record
  else
    load_manifest "$dir"
    m_created=$started m_served=false
    check_buried
    require_docker
    check_containers
  fi
  [ -z "$judged" ] || check_policy "$staging/docker-compose.yml"
  check_proxy
  check_routers
  if [ "$m_pinned" = true ] && [ "$lifetime" != forever ]; then
    lifetime=forever
    printf '%s\n' "$project is pinned, so it is kept until compose:extend gives it a lease"
  fi
  [ -n "$first" ] || refuse_end
  old_state=$m_state old_sha256=$m_sha256 old_hosts=$m_hosts old_proxy=$m_proxy old_about=$m_about
  if [ "$old_sha256" != "$sha256" ] || [ "$m_state" != live ]; then
    [ -n "$first" ] || { require_docker && refuse_others; }
    # Refused files leave no trace.
    refused=$(compose -f "$staging/docker-compose.yml" --project-directory "$dir" config -q 2>&1) ||
      finish DATA "Docker Compose refuses the file: ${refused#*"validating $staging/docker-compose.yml: "}"
    [ -z "${lines:-}" ] || refuse_taken
  fi
  log_in
  m_state=deploying m_identity=$identity m_sequence=$sequence m_generation=$((m_generation + 1)) m_sha256=$sha256 m_hosts=$hosts m_deploy=$nonce m_home=$home m_proxy=$proxy m_repository=${repository:-$m_repository}
  m_about=$about
  [ "$lifetime" = forever ] || ensure_sweeper
  claim_and_record
  [ -n "$first" ] || { [ "$old_sha256" = "$sha256" ] && [ "$old_state" = live ]; } || { release_images "$(images_of "$project")"; note_volumes; }
  phase up
  [ -n "$first" ] || [ "$old_state" = live ] || remove_half_made
  if { still_stands || compose_up; } && { phase ready && wait_ready; }; then
    m_state=live m_served=true
    [ "$changed" = true ] || m_deploy=same$nonce
    holds_lock || finish BUSY "the lock file of $project was removed while it was deployed, so another may have deployed it, too; deploy again"
    expires=$(lease_from "$(now)")
    # What is not needed any more makes room, should the disk be full by now.
    rm -f "$staging/bundle"
    write_lease "$dir" "$expires"
    save_manifest "$dir"
    show_at_home
    rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about" "$dir/sweep-failures"
    [ "$expires" = forever ] || drop_volumes
    [ -n "$stands" ] || { standing; } 2>/dev/null >"$dir/.standing" || rm -f "$dir/.standing"
    keep_log
    finish OK "$project is up" "\"expires\":\"$expires\",\"generation\":$m_generation,\"changed\":$changed"
  fi
  fail_deploy
}

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

wait_ready() { # every service runs and is healthy, or was a one-shot that ended well; sets problem and culprit, and list
  changed=true told='' starts='' pause=0.3 again=''
  ! runs_already || changed=false
  [ "$ready_wait" -gt 0 ] || return 0
  ready_until=$(($(seconds) + ready_wait))
  while :; do
    problem='' culprit='' pending='' late='' unproven=''
    [ -n "$list" ] || look || { problem="the Docker daemon does not answer" && return 1; }
    while read -r id status service _ detail; do
      case $status:$detail in
      running:*unhealthy*) problem="is unhealthy" culprit="$id $service" ;;
      running:*starting*) pending="is not healthy yet" late="$id $service" ;;
      running:*'(healthy)'*) ;;
      running:*second*) unproven="$unproven $id" ;; # what is up for a minute has shown that it stays
      running:*) ;;
      exited:*'Exited (0)'*) case ,$routed, in *",$service,"*) problem="ended, and it is the one that has an URL" culprit="$id $service" ;; esac ;;
      exited:* | dead:*) problem="ended: $detail" culprit="$id $service" ;;
      restarting:*) again="$service: $detail" pending="restarts again and again: $detail" late="$id $service" ;;
      '':*) pending="no container is there" ;;
      *) pending="is $status" late="$id $service" ;;
      esac
    done <<END
$list
END
    [ -z "$problem" ] || return 1
    if [ -z "$pending" ] && stays_up; then return 0; fi
    if [ -n "$pending" ]; then
      waits="${late:+${late#* } }${pending%%:*}"
      [ "$waits" = "$told" ] || { told=$waits && reply "waiting $told"; }
      [ "$(seconds)" -lt "$ready_until" ] || { problem="$pending after $ready_wait s" culprit=$late && return 1; }
    fi
    list=''
    sleep "$pause" 2>/dev/null || sleep 1
  done
}

# What was just started and has no health check may still fall over: look twice, two seconds apart. Docker may have started it
# again in between.
stays_up() { # sets pending when it does not
  [ -n "$unproven" ] || return 0
  earlier=$starts pause=2
  # shellcheck disable=SC2086 # each is a word
  starts=$(docker inspect --format "{{.RestartCount}} {{.State.StartedAt}} {{.Id}} {{index .Config.Labels \"com.docker.compose.service\"}}" $unproven 2>/dev/null) ||
    { starts='' pending="a container cannot be looked at" && return 1; }
  if [ -z "$earlier" ]; then # of what was there already, only what Docker had to start again may be about to fall over
    [ "$changed" = false ] && ! printf '%s\n' "$starts" | grep -qv '^0 '
  else
    late=$(printf '%s\n' "$starts" | grep -vxF -e "$earlier" | tail -n 1 | cut -d ' ' -f 3-)
    [ -n "$late" ] || return 0
    pending="restarts again and again"
    case $again in "${late#* }: "*) pending="$pending: ${again#*: }" ;; esac # as it was when Docker did not just start it
    return 1
  fi
}

# shellcheck disable=SC2016 # Docker's words
state_format='{{.State.Status}}, exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}{{if .State.Error}}: {{.State.Error}}{{end}}{{with .State.Health}}{{range .Log}}
health check, exit code {{.ExitCode}}: {{.Output}}{{end}}{{end}}'

fail_deploy() { # say which service and why; put back what served before
  problem=${problem:-} culprit=${culprit:-} m_deploy=failed$nonce
  if [ -n "$culprit" ]; then
    problem="service ${culprit#* } $problem"
    printf '%s\n' "--- ${culprit#* }"
    docker inspect --format "$state_format" "${culprit%% *}" 2>&1 | { IFS= read -r line && printf '%s\n' "$line" && tail -n 5; } | redact
    printf '%s\n' "--- last lines of ${culprit#* }"
    docker logs --tail 20 "${culprit%% *}" 2>&1 | redact
    printf '%s\n' '---'
  fi
  word=UNHEALTHY
  if [ -n "$unwanted" ]; then
    word=POLICY problem=$unwanted
  elif [ -z "$problem" ]; then
    output=$(said)
    pull=$(printf '%s\n' "$output" | grep '^ [^ ]* Error ' | tail -n 1)
    problem=$(printf '%s\n' "$output" | grep -i 'error\|denied\|no such\|refuse\|invalid\|not found\|conflict' | tail -n 1)
    problem=${problem:-docker compose up failed or took longer than $budget s}
    [ -z "$pull" ] || { word=DATA && problem="the image of service $(printf '%s' "${pull# }" | sed 's/ Error / could not be pulled: /')"; }
    case $problem in
    *'no space left'*) word=IOERR ;;
    *'address pool'*) word=UNAVAIL && problem="$problem; take an environment down (compose:list, compose:down), or give Docker more default-address-pools in its daemon.json" ;;
    *'No such image'* | *'already allocated'* | *'is already in use'*) word=DATA ;;
    *'Cannot connect to the Docker daemon'*) word=UNAVAIL ;;
    esac
  fi
  failure=$problem
  if [ -f "$dir/docker-compose.previous.yml" ]; then
    phase restore
    note_volumes
    # A copy, because the manifest still tells of the new version: who is killed here and tried again finds the previous one.
    cp "$dir/docker-compose.previous.yml" "$staging/docker-compose.yml" && replace "$staging/docker-compose.yml" "$dir/docker-compose.yml" || io write "$dir/docker-compose.yml"
    m_state=live
    m_proxy=''
    { read -r m_sha256 && read -r m_hosts && read -r m_about && read -r m_proxy; } <"$dir/.previous.about"
    outcome="; the previous version is up again"
    remove_half_made
    if ! compose_up; then
      m_state=failed outcome="; the previous version could not be brought up again"
    elif ! wait_ready; then
      m_state=failed outcome="; the previous version was put back, but is not ready: ${culprit:+service ${culprit#* } }$problem"
    else
      read_lease "$dir"
      [ "$lease" = forever ] || drop_volumes
    fi
  else
    m_state=failed
    outcome=''
    if [ "$m_served" = false ] && [ "$m_pinned" = false ]; then
      brief=$failed_lease
      [ "$lifetime" = forever ] || [ "$lifetime" -gt "$brief" ] || brief=$lifetime
      [ "$lifetime" != forever ] || ensure_sweeper
      write_lease "$dir" $(($(now) + brief))
      outcome="; it is kept for $((brief / 60)) min to be looked at"
    fi
  fi
  save_manifest "$dir"
  [ "$m_state" != live ] || rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about"
  keep_log
  finish "$word" "$failure$outcome"
}

keep_log() {
  { if [ -n "$secrets" ] && grep -qF -f "$secrets" "$staging/out"; then said | redact; else said; fi | tail -c 65536; } 2>/dev/null >"$dir/.log.new" &&
    mv -f "$dir/.log.new" "$dir/deploy.log" || rm -f "$dir/.log.new"
}

said() { grep -v -e "^@$nonce " -e '^ [0-9a-f]\{12\} ' "$staging/out"; } # without how far the layers of images are
