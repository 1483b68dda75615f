# --- deploy: failures, and the previous version -----------------------------------------------------------------------
# Needs deploy/up, deploy/readiness, deploy/worker. Ends the program, always.

fail_deploy() { # reports the service and the reason; restores the previous version
  local word failure outcome=''
  explain_failure
  failure=$problem
  if [ -f "$dir/docker-compose.previous.yml" ]; then
    restore_previous
  elif [ -n "$unwanted" ] && [ "$m_served$m_pinned" = falsefalse ] && teardown; then
    finish POLICY "$failure; nothing of it is left"
  else
    m_state=failed
    [ "$m_served$m_pinned" != falsefalse ] || keep_for_a_look
  fi
  m_deploy=failed$nonce
  save_manifest "$dir"
  [ "$m_state" != live ] || { rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about" && drop_mounts; }
  keep_log
  finish "$word" "$failure$outcome"
}

explain_failure() { # sets word and problem
  local output pull
  word=UNHEALTHY
  [ -n "$problem$unwanted" ] || find_culprit
  [ -z "$culprit" ] || show_culprit
  if [ -n "$unwanted" ]; then
    word=POLICY problem=$unwanted
  elif [ -z "$problem" ]; then
    output=$(said)
    pull=$(printf '%s\n' "$output" | grep '^ [^ ]* Error ' | tail -n 1)
    problem=$(printf '%s\n' "$output" | grep -i 'error\|denied\|no such\|refuse\|invalid\|not found\|conflict' | tail -n 1)
    problem=${problem:-docker compose up failed or took longer than $budget s}
    [ -z "$pull" ] || { word=DATA && problem="the image of service $(printf '%s' "${pull# }" | sed 's/ Error / could not be pulled: /')"; }
    ! registry_is_down "$pull" || word=UNAVAIL
    case $problem in
    *'no space left'*) word=IOERR ;;
    *'address pool'*) word=UNAVAIL && problem="$problem; take an environment down (compose:list, compose:down),\
 or give Docker more default-address-pools in its daemon.json" ;;
    *'No such image'* | *'already allocated'* | *'is already in use'*) word=DATA ;;
    *'Cannot connect to the Docker daemon'*) word=UNAVAIL ;;
    esac
  fi
}

# Compose itself waits where a service depends on another one's health or end, and says little of the one that failed. Sets
# culprit and problem, if there is one.
find_culprit() {
  local blamed id status service detail ended
  blamed=$(said | grep -i "didn't complete successfully\|dependency failed to start\|container .* exited (\|is unhealthy" | tail -n 1)
  [ -n "$blamed" ] && look || return 0
  while read -r id status service _ detail; do
    case $status:$detail in
    exited:*'Exited (0)'*) continue ;;
    exited:* | dead:*) ended="ended: $detail" ;;
    running:*unhealthy*) ended="is unhealthy" ;;
    *) continue ;;
    esac
    # Of several the one that Compose names, by its service or its container.
    case $blamed in *[\"-]"$service"[\"-]*) ;; *) [ -z "$culprit" ] || continue ;; esac
    culprit="$id $service" problem="$ended, and others wait for it"
  done <<END
$list
END
}

registry_is_down() { # WHAT DOCKER SAYS: not what was asked for is wrong
  printf '%s\n' "$1" | grep -qi -e 'connection refused' -e 'connection reset' -e 'no route to host' -e 'no such host' \
    -e 'network is unreachable' -e 'i/o timeout' -e 'timeout exceeded' -e 'handshake timeout' -e 'server misbehaving' \
    -e 'temporary failure' -e 'unexpected EOF' -e ': EOF' -e 'too many requests' -e 'toomanyrequests' \
    -e 'status: 5[0-9][0-9]' -e 'service unavailable' -e 'bad gateway' -e 'gateway time'
}

show_culprit() { # prints the container's exit and its last lines; sets problem
  local id="${culprit%% *}" service="${culprit#* }" line
  problem="service $service $problem"
  printf '%s\n' "--- $service"
  docker inspect --format "$(state_format)" "$id" 2>&1 | { IFS= read -r line && printf '%s\n' "$line" && tail -n 5; } | redact
  printf '%s\n' "--- last lines of $service"
  docker logs --tail 20 "$id" 2>&1 | redact
  printf '%s\n' '---'
}

restore_previous() { # starts the previous version again; sets m_state and outcome
  local lease
  phase restore
  keep_log # its containers go now, and what they said with them
  note_volumes
  # A copy, because the manifest still describes the new version: after a kill, the next try finds the previous file.
  cp "$dir/docker-compose.previous.yml" "$staging/docker-compose.yml" && replace "$staging/docker-compose.yml" "$dir/docker-compose.yml" ||
    fail_io write "$dir/docker-compose.yml"
  m_state=failed m_proxy=''
  { read -r m_sha256 && read -r m_hosts && read -r m_about && read -r m_proxy; } <"$dir/.previous.about"
  remove_half_made
  if ! compose_up; then
    outcome="; the previous version could not be brought up again"
  elif ! wait_ready; then
    outcome="; the previous version was put back, but is not ready: ${culprit:+service ${culprit#* } }$problem"
  else
    m_state=live outcome="; the previous version is up again"
    read_lease "$dir"
    [ "$lease" = forever ] || drop_volumes
  fi
}

keep_for_a_look() { # keeps a failed first deploy for an hour at most; sets outcome
  local brief=3600
  [ "$lifetime" = forever ] || [ "$lifetime" -gt "$brief" ] || brief=$lifetime
  [ "$lifetime" != forever ] || ensure_sweeper
  write_lease "$dir" $(($(now) + brief))
  outcome="; it is kept for $((brief / 60)) min to be looked at"
}
