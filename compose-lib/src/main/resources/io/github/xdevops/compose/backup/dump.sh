# --- dumps --------------------------------------------------------------------------------------------------------------
# Needs core, model. Ends the program where a dump is not whole.
# A command of the compose file runs in the service's own container and nowhere else.

readonly postgres_mark='^-- PostgreSQL database cluster dump complete$' mysql_mark='^-- Dump completed'

own_command() { # SERVICE x-backup|x-seed KEY [MODEL]: prints a command of the compose file
  jq -r --arg service "$1" --arg of "$2" --arg key "$3" '.services[$service][$of][$key]? // empty | gsub("\\$\\$"; "$")' "${4:-$work/marks}"
}

in_container() { # CONTAINER COMMAND: the command is in no list of processes
  # shellcheck disable=SC2016 # the shell in the container expands it
  XDEVOPS_COMMAND=$2 docker exec -i -e XDEVOPS_COMMAND "$1" sh -c 'command=$XDEVOPS_COMMAND; unset XDEVOPS_COMMAND; eval "$command"'
}

dump_services() { # into $work/dumps: each counts only as a whole
  local service mode kind
  rm -rf "$work/dumps"
  mkdir "$work/dumps" || finish IOERR "cannot write to $work: is the disk full?"
  while IFS='	' read -r service mode kind; do
    [ "$mode" != dump ] || dump_service
  done <"$work/services"
}

dump_service() {
  local container command mark='' file="$work/dumps/$service.dump"
  container=$(containers_of "$service" 'map(select(.State.Running))[0].Id // empty')
  [ -n "$container" ] || finish UNAVAIL "$service of $project does not run, so it cannot be dumped"
  phase "dump $service"
  case $kind in
  postgres) command=$(postgres_dump) mark=$postgres_mark ;;
  mysql) command=$(mysql_login && mysql_dump) mark=$mysql_mark ;;
  mongo) command=$(mongo_login && mongo_dump) ;;
  *) command=$(own_command "$service" x-backup dump) ;;
  esac
  in_container "$container" "$command" </dev/null >"$file" 2>"$errors" ||
    finish "$(if grep -qi 'no space left' "$errors"; then echo IOERR; else echo UNHEALTHY; fi)" \
      "the dump of $service failed, so nothing was backed up: $(last_words "$errors")"
  [ -z "$mark" ] || tail -c 1000 "$file" | grep -q -e "$mark" ||
    finish UNHEALTHY "the dump of $service is not whole, so nothing was backed up: its last line is missing"
  [ -s "$file" ] || finish UNHEALTHY "the dump of $service is empty, so nothing was backed up"
  sync "$file" || finish IOERR "the dump of $service cannot be written: is the disk full?"
}
