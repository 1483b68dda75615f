# --- deploy: is it ready? ---------------------------------------------------------------------------------------------
# Needs core/docker, deploy/up. Never ends the program.

# Waits until every service is running and healthy, or has exited with 0. Sets problem and culprit (ID SERVICE) on failure,
# changed, and list.
wait_ready() {
  local told='' starts='' pause=0.3 again='' deadline pending late unproven waits text
  changed=true
  ! compose_was_noop || changed=false
  [ "$ready_wait" -gt 0 ] || return 0
  deadline=$(($(seconds) + ready_wait))
  while :; do
    [ -n "$list" ] || look || { problem="the Docker daemon does not answer" culprit='' && return 1; }
    { IFS= read -r problem && read -r culprit && IFS= read -r pending && read -r late && read -r unproven && IFS= read -r text; } <<END
$(printf '%s\n' "$list" | awk -v routed="$routed" "$(ready_awk)")
END
    again=${text:-$again}
    [ -z "$problem" ] || return 1
    if [ -z "$pending" ] && is_stable; then return 0; fi
    if [ -n "$pending" ]; then
      waits="${late:+${late#* } }${pending%%:*}"
      [ "$waits" = "$told" ] || { told=$waits && reply "waiting $told"; }
      [ "$(seconds)" -lt "$deadline" ] || { problem="$pending after $ready_wait s" culprit=$late && return 1; }
    fi
    list=''
    sleep "$pause" 2>/dev/null || sleep 1
  done
}

# A container without a health check that was just started may still fail: look twice, two seconds apart, and compare its
# starts. Sets pending and late if it does not stay up, and starts and pause for the second look.
is_stable() {
  local earlier="$starts" service='{{index .Config.Labels "com.docker.compose.service"}}'
  [ -n "$unproven" ] || return 0
  pause=2
  # shellcheck disable=SC2086 # each is a word
  starts=$(docker inspect --format "{{.RestartCount}} {{.State.StartedAt}} {{.Id}} $service" $unproven 2>/dev/null) ||
    { starts='' pending="a container cannot be inspected" && return 1; }
  if [ -z "$earlier" ]; then # of containers that were there before, only those that Docker has restarted may fail
    [ "$changed" = false ] && ! printf '%s\n' "$starts" | grep -qv '^0 '
  else
    late=$(printf '%s\n' "$starts" | grep -vxF -e "$earlier" | tail -n 1 | cut -d ' ' -f 3-)
    [ -n "$late" ] || return 0
    pending="restarts again and again"
    # With the exit code that Docker showed before it restarted the container.
    case $again in "${late#* }: "*) pending="$pending: ${again#*: }" ;; esac
    return 1
  fi
}
