# --- the trial: a dump becomes a database -------------------------------------------------------------------------------
# Needs core, model, dump. load_dump ends the program where the dump cannot be loaded.
# In a container of its own, of the service's image and environment, without a port, a label or a neighbour. `__` is in no project's name.

trial_compose() { docker compose --ansi never --progress plain -p "${project}__trial" "$@"; }

load_dump() { # SERVICE KIND DUMP, with lines NAME NEW-DIRECTORY in $work/new
  local container='' load ready=true
  phase "load $1"
  is_whole "$2" "$3" || finish DATA "the dump of $1 in the snapshot is not whole: its last line is missing. Nothing was changed"
  case $2 in
  postgres)
    load=$(postgres_load) ready=$(postgres_ready)
    awk -v user="$(postgres_user "$1")" -v seed="$origin" "$(postgres_awk)" "$3" >"$3.load" && mv -f "$3.load" "$3" ||
      finish IOERR "cannot write $3: is the disk full? Nothing was changed"
    ;;
  mysql)
    load=$(mysql_login && mysql_load) ready=$(mysql_login && mysql_ready)
    [ -z "$origin" ] || { awk "$(mysql_awk)" "$3" >"$3.load" && mv -f "$3.load" "$3"; } ||
      finish IOERR "cannot write $3: is the disk full? Nothing was changed"
    ;;
  mongo) load="seed=$origin; $(mongo_login && mongo_load)" ready=$(mongo_ready) ;;
  *) load=$(own_command "$1" x-backup load) ;;
  esac
  [ -n "$load" ] || finish DATA "x-backup of $1 has a dump and no load"
  start_trial "$1" "$work/new" ''
  in_container "$container" "$load" <"$3" >/dev/null 2>"$errors" ||
    finish DATA "the dump of $1 cannot be loaded: $(last_words "$errors"). Nothing was changed"
  [ -z "$origin" ] || scrub "$1"
  [ -z "$trial" ] || ! has_counts "$2" || compare_counts "$1" "$2"
  trial_compose stop >/dev/null 2>&1
  remove_trial
}

compare_counts() { # SERVICE KIND: of the new database, by another dump, with what the snapshot has noted
  local noted found
  noted=$(sed -n "s/^$1	//p" "$from/about/counts" 2>/dev/null)
  [ -n "$noted" ] || return 0
  phase "compare $1"
  found=$(in_container "$container" "$(dump_command "$1" "$2")" </dev/null 2>"$errors" | awk "$(counts_awk)")
  [ "$found" = "$noted" ] ||
    finish DATA "restored, $1 has ${found% *} tables with ${found#* } rows, but the backup had ${noted% *} with ${noted#* }"
}

start_trial() { # SERVICE PLACES IDLE: of its own program, or of one that waits. Reads ready, sets container
  local tries=0
  m_home=$(sed -n 's/^"home": "\(.*\)",$/\1/p' "$state/$project/manifest.json")
  jq --arg service "$1" --arg project "$project" --arg home "$m_home" --rawfile places "$2" --arg idle "$3" "$(trial_jq)" \
    "$work/model" >"$work/trial" 2>"$errors" || finish DATA "the service $1 cannot be tried: $(last_words "$errors")"
  trial_compose --project-directory "$state/$project" -f - up -d --no-build <"$work/trial" >/dev/null 2>"$errors" ||
    finish UNHEALTHY "$1 does not start with new data: $(last_words "$errors"). Nothing was changed"
  container=$(trial_compose ps -aq)
  until is_ready "$container" && in_container "$container" "$ready" </dev/null >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 240 ] || {
      docker logs --tail 5 "$container" >"$errors" 2>&1
      finish UNHEALTHY "$1 did not get ready with new data within 120 s: $(last_words "$errors"). Nothing was changed"
    }
    sleep 0.5
  done
}

remove_trial() {
  [ -z "$(docker ps -aq --filter "label=$label=${project}__trial" 2>/dev/null)" ] || trial_compose down --volumes >/dev/null 2>&1
}

postgres_user() { # SERVICE
  containers_of "$1" '.[0].Config.Env[] | select(startswith("POSTGRES_USER=")) | .[14:]' | grep . || echo postgres
}

is_ready() { # CONTAINER: runs, and is healthy where it has a health check
  case $(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$1" 2>/dev/null) in
  'running ' | 'running healthy') ;;
  *) false ;;
  esac
}
