# --- exec: a command in a container -----------------------------------------------------------------------------------
# Needs verbs/containers. Ends the program with the answer.

execute() { # runs the command on stdin in a running container; it does not appear in the process list
  local found began code
  require_record
  # It counts as use, so the environment is woken, and stays awake.
  ! grep -qs '^"sleep": [1-9]' "$dir/manifest.json" || { exec 8>"$dir/.used" && flock -s 8 && tell_pages wake 90; }
  find_containers
  found=$(printf '%s\n' "$found" | grep '^[^ ]* running ' | tail -n 1) # the oldest one
  [ -n "$found" ] || finish DATA "no-container $project $service"
  phase exec
  began=$(seconds)
  # shellcheck disable=SC2016 # the shell in the container expands it
  timeout -k 5 "$budget" docker exec -i "${found%% *}" sh -c 'command=$(cat) && exec </dev/null && eval "$command"' 2>&1
  code=$?
  echo # the output may lack a final line break
  case $code in
  124 | 137 | 143) # exit codes of timeout, and of busybox's
    [ $(($(seconds) - began)) -lt "$budget" ] ||
      finish UNKNOWN "command-too-slow $budget"
    ;;
  esac
  finish OK '' "\"exit\":$code"
}
