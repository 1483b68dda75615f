# --- by hand: how an environment is, what it says, a command in it; takes no lock and changes nothing ----------------

readonly longest_follow=86400

require_record() {
  [ -d "$dir" ] && [ ! -L "$dir" ] || finish DATA "$project is not there; compose:list tells what is"
}

inspect() { # the record, and each container as Docker knows it
  require_record
  say_record "$dir"
  say_containers "$label=$project"
  say_sweeper
  # What goes away meanwhile is missing in the answer.
  docker ps -aq --no-trunc --filter "label=$label=$project" | xargs -r timeout -k 5 60 docker inspect --format "$as_json" 2>/dev/null |
    sed "s/^/@$nonce service /"
  finish OK '' "\"now\":$(now)"
}

as_json='{"service":{{json (index .Config.Labels "com.docker.compose.service")}},"container":{{json .Name}},"state":{{json .State.Status}},"health":{{with .State.Health}}{{json .Status}}{{else}}null{{end}},"exit":{{.State.ExitCode}},"restarts":{{.RestartCount}},"image":{{json .Config.Image}},"id":{{json .Image}},"started":{{json .State.StartedAt}},"ended":{{json .State.FinishedAt}}}'

find_containers() { # sets found to "ID STATE SERVICE", a line for each container of the service, or of all of them
  require_docker
  all=$(containers "$project" '{{.ID}} {{.State}} {{.Label "com.docker.compose.service"}}') || finish UNAVAIL "the Docker daemon does not answer"
  found=$all
  [ -z "$service" ] || found=$(printf '%s\n' "$all" | grep " $(printf '%s' "$service" | sed 's/\./\\./g')\$")
  [ -n "$found" ] ||
    finish DATA "$project has no container${service:+ of the service $service; it has $(printf '%s\n' "$all" | cut -d ' ' -f 3 | sort -u | tr '\n' ' ')}"
}

logs() { # what containers wrote last, each line with its service when there are several; with follow, also what they write from now on
  require_record
  find_containers
  set -- --no-color --tail "$tail"
  [ "$(printf '%s\n' "$found" | grep -c .)" -gt 1 ] || set -- "$@" --no-log-prefix
  [ -z "$follow" ] || set -- "$@" --follow
  cd "$state/.empty" || io enter "$state/.empty" # without a file Compose would climb to the parents and take theirs
  timeout -k 5 "$longest_follow" docker compose --ansi never -p "$project" logs "$@" ${service:+"$service"} </dev/null 2>&1 &
  writer=$!
  # Docker notices that nobody reads when it has something to write, which may be never.
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

execute() { # a command, which comes on stdin, in a container that runs; nothing of it stands in a list of processes
  require_record
  find_containers
  found=$(printf '%s\n' "$found" | grep '^[^ ]* running ' | tail -n 1) # the first that was made
  [ -n "$found" ] || finish DATA "no container of the service $service of $project runs; look with compose:status and compose:logs"
  phase exec
  began=$(seconds)
  # shellcheck disable=SC2016 # the shell in the container expands it
  timeout -k 5 "$budget" docker exec -i "${found%% *}" sh -c 'command=$(cat) && exec </dev/null && eval "$command"' 2>&1
  code=$?
  echo # the command may have left its last line open
  case $code in
  124 | 137 | 143) # as timeout says it, and that of busybox
    [ $(($(seconds) - began)) -lt "$budget" ] ||
      finish UNKNOWN "the command did not end within $budget s, and what it started may still run in the container; say compose.timeout"
    ;;
  esac
  finish OK '' "\"exit\":$code"
}
