# --- by hand: a command in an environment -----------------------------------------------------------------------------
# Needs verbs/containers. Ends the program with the answer.

execute() { # a command, which comes on stdin, in a container that runs; nothing of it stands in a list of processes
  local found began code
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
