# --- dumps --------------------------------------------------------------------------------------------------------------
# Needs core, model. Ends the program where a dump is not whole.
# A command of the compose file runs in the service's own container and nowhere else.

dump_command() { # SERVICE KIND: prints it
  case $2 in
  postgres) postgres_dump ;;
  mysql) mysql_login && mysql_dump ;;
  mongo) mongo_login && mongo_dump ;;
  *) own_command "$1" x-backup dump ;;
  esac
}

is_whole() { # KIND FILE: has a dump its closing mark?
  case $1 in
  postgres) tail -c 1000 "$2" | grep -qxF -e '-- PostgreSQL database cluster dump complete' ;;
  mysql) tail -c 1000 "$2" | grep -q '^-- Dump completed' ;;
  esac
}

has_counts() { case $1 in postgres | mysql) ;; *) false ;; esac }

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
  local container file="$work/dumps/$service.dump"
  container=$(containers_of "$service" 'map(select(.State.Running))[0].Id // empty')
  [ -n "$container" ] || finish UNAVAIL "$service of $project does not run, so it cannot be dumped"
  phase "dump $service"
  in_container "$container" "$(dump_command "$service" "$kind")" </dev/null >"$file" 2>"$errors" ||
    finish "$(if grep -qi 'no space left' "$errors"; then echo IOERR; else echo UNHEALTHY; fi)" \
      "the dump of $service failed, so nothing was backed up: $(last_words "$errors")"
  is_whole "$kind" "$file" || finish UNHEALTHY "the dump of $service is not whole, so nothing was backed up: its last line is missing"
  [ -s "$file" ] || finish UNHEALTHY "the dump of $service is empty, so nothing was backed up"
  sync "$file" || finish IOERR "the dump of $service cannot be written: is the disk full?"
}
