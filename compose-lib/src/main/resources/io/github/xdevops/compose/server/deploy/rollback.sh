# --- deploy: what failed ---------------------------------------------------------------------------------------------

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
