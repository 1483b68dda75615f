# --- logs -------------------------------------------------------------------------------------------------------------
# Needs verbs/containers. Ends the program with the answer.

readonly longest_follow=86400
writer='' # for the trap

logs() { # the last lines of containers, with the service's name if there are several; with follow, new lines, too
  local found
  require_record
  find_containers
  set -- --no-color --tail "$tail"
  [ "$(printf '%s\n' "$found" | grep -c .)" -gt 1 ] || set -- "$@" --no-log-prefix
  [ -z "$follow" ] || set -- "$@" --follow
  cd "$state/.empty" || fail_io enter "$state/.empty" # without a compose file, Compose would search the parents
  timeout -k 5 "$longest_follow" docker compose --ansi never -p "$project" logs "$@" ${service:+"$service"} </dev/null 2>&1 &
  writer=$!
  # Docker notices a closed connection only when it writes, which may be never.
  trap stop_writer EXIT
  trap 'exit 79' HUP INT PIPE TERM
  while [ -n "$follow" ] && kill -0 "$writer" 2>/dev/null; do
    reply alive 2>/dev/null || exit 79
    sleep 1
  done
  wait "$writer" || finish UNAVAIL "docker compose logs failed, as it says above"
  finish OK
}

stop_writer() { kill "$writer" 2>/dev/null; }
