# --- exec: a command in a container -----------------------------------------------------------------------------------
# Needs verbs/containers. Ends the program with the answer.

execute() { # runs the command on stdin in a running container; it does not appear in the process list
  local found began code
  require_record
  find_containers
  found=$(printf '%s\n' "$found" | grep '^[^ ]* running ' | tail -n 1) # the oldest one
  [ -n "$found" ] || finish DATA "no container of the service $service of $project runs; look with compose:status and compose:logs"
  phase exec
  began=$(seconds)
  # shellcheck disable=SC2016 # the shell in the container expands it
  timeout -k 5 "$budget" docker exec -i "${found%% *}" sh -c 'command=$(cat) && exec </dev/null && eval "$command"' 2>&1
  code=$?
  echo # the output may lack a final line break
  case $code in
  124 | 137 | 143) # exit codes of timeout, and of busybox's
    [ $(($(seconds) - began)) -lt "$budget" ] ||
      finish UNKNOWN "the command did not end within $budget s, and what it started may still run in the container; say compose.timeout"
    ;;
  esac
  finish OK '' "\"exit\":$code"
}
