# --- deploy: failures, and the previous version -----------------------------------------------------------------------
# Needs deploy/up, deploy/readiness, deploy/worker. Ends the program, always.

fail_deploy() { # reports the service and the reason; restores the previous version
  local word failure outcome=''
  explain_failure
  failure=$problem
  remove_failed
  drop_unlabelled
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
  enter_history "$number" "$about" "$word" "$failure$outcome"
  keep_log
  finish "$word" "$failure$outcome"
}

explain_failure() { # sets word and problem
  word=${failed_as:-UNHEALTHY} # a seed has a word of its own
  [ -n "$problem$unwanted" ] || find_culprit
  [ -z "$culprit" ] || show_culprit
  if [ -n "$unwanted" ]; then
    word=POLICY problem=$unwanted
  elif [ -z "$problem" ]; then
    problem=$(said | awk -v budget="$budget" "$(reason_awk)")
    word=${problem%% *} problem=${problem#* }
  fi
}

# Compose itself waits where a service depends on another one's health or end, and says little of the one that failed. Sets
# culprit and problem, if there is one.
find_culprit() {
  local blamed
  blamed=$(said | grep -i "didn't complete successfully\|dependency failed to start\|container .* exited (\|is unhealthy" | tail -n 1)
  [ -n "$blamed" ] && look || return 0
  problem=$(printf '%s\n' "$list" | blamed="$blamed" awk "$(culprit_awk)")
  culprit=${problem%%|*} problem=${problem#*|}
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
  keep_log # its containers are removed now, with their logs
  note_volumes
  # A copy, because the manifest still describes the new version: after a kill, the next try finds the previous file.
  cp "$dir/docker-compose.previous.yml" "$staging/docker-compose.yml" || fail_io write "$staging/docker-compose.yml"
  number_services
  replace "$staging/docker-compose.yml" "$dir/docker-compose.yml" ||
    fail_io write "$dir/docker-compose.yml"
  m_state=failed m_proxy=''
  { read -r m_sha256 && read -r m_hosts && read -r m_about && read -r m_proxy; } <"$dir/.previous.about"
  remove_surplus
  remove_half_made
  if ! compose_up; then
    outcome="; the previous version could not be brought up again"
  elif ! { wait_ready && replace_services; }; then
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
  outcome="; it is kept for $((brief / 60)) min for inspection"
}
