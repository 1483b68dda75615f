# --- deploy: is it ready? ---------------------------------------------------------------------------------------------
# Needs core/docker, deploy/up. Never ends the program.

# Every service runs and is healthy, or was a one-shot that ended well. Sets problem and culprit (ID SERVICE) if not, changed,
# and list.
wait_ready() {
  local told='' starts='' pause=0.3 again='' deadline pending late unproven waits id status service detail
  changed=true
  ! compose_was_noop || changed=false
  [ "$ready_wait" -gt 0 ] || return 0
  deadline=$(($(seconds) + ready_wait))
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
      exited:*'Exited (0)'*)
        case ,$routed, in *",$service,"*) problem="ended, and it is the one that has an URL" culprit="$id $service" ;; esac
        ;;
      exited:* | dead:*) problem="ended: $detail" culprit="$id $service" ;;
      restarting:*) again="$service: $detail" pending="restarts again and again: $detail" late="$id $service" ;;
      '':*) pending="no container is there" ;;
      *) pending="is $status" late="$id $service" ;;
      esac
    done <<END
$list
END
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

# What was just started and has no health check may still fall over: look twice, two seconds apart. Docker may have started it
# again in between. Sets pending and late when it does not stay up, and starts and pause for the second look.
is_stable() {
  local earlier="$starts" service='{{index .Config.Labels "com.docker.compose.service"}}'
  [ -n "$unproven" ] || return 0
  pause=2
  # shellcheck disable=SC2086 # each is a word
  starts=$(docker inspect --format "{{.RestartCount}} {{.State.StartedAt}} {{.Id}} $service" $unproven 2>/dev/null) ||
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
