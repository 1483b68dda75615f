# --- deploy: what is replaced, and what goes --------------------------------------------------------------------------
# Needs core/docker, core/clock, deploy/replace, deploy/connections.awk. Never ends the program.

# Of a container that was made, Docker tells whether it has a health check, and a volume of its image. Sets replaced, after and unfit.
keep_fit() {
  local id service looks volume rest why fresh
  fresh=$(of_replaced | grep " g$m_generation\$")
  while read -r id service _; do
    looks=$(docker inspect --format '{{with .Config.Healthcheck}}{{with .Test}}{{index . 0}}{{end}}{{end}}{{range .Mounts}}
{{if and .RW (eq .Type "volume")}}{{.Name}} {{.Destination}}{{end}}{{end}}' "$id") || return 1
    why=''
    while read -r volume rest; do
      ! is_hash "$volume" || why="its image has the volume $rest"
    done <<END
$looks
END
    case $(printf '%s\n' "$orders" | grep "^$service ") in *' as deploy.update_config.order says') why='' ;; esac
    case $looks in CMD*) ;; *) why="it has no health check: add one to the service or its image" ;; esac
    [ -n "$why" ] || continue
    docker rm -v "$id" >/dev/null || return 1
    replaced=$(printf '%s\n' " $replaced " | sed "s/ $service / /") after="$after $service" unfit="$unfit$service $why
"
  done <<END
$fresh
END
}

retire() { # IDS: no request is lost with them, because by now others get the new ones
  local pids pid files stands quiet=0 deadline
  [ $# -gt 0 ] || return 0
  pids=$(docker inspect --format '{{if .State.Running}}{{.State.Pid}}{{end}}' "$@") || return 1
  sleep "$switch_time"
  deadline=$(($(seconds) + longest_drain))
  for pid in $pids; do [ -r "/proc/$pid/net/tcp" ] || quiet=-1000; done # it cannot be seen, so all the time is waited
  while [ "$quiet" -lt 3 ] && [ "$(seconds)" -lt "$deadline" ]; do
    files=''
    for pid in $pids; do [ ! -r "/proc/$pid/net/tcp" ] || files="$files /proc/$pid/net/tcp*"; done
    # shellcheck disable=SC2086 # each is a word
    stands=$(awk "$(connections_awk)" $files 2>/dev/null </dev/null)
    if [ "${stands:-1}" = 0 ]; then quiet=$((quiet + 1)); elif [ "$quiet" -gt 0 ]; then quiet=0; fi
    sleep 0.2 2>/dev/null || sleep 1
  done
  (patience=660 && docker stop "$@" >/dev/null) && docker rm "$@" >/dev/null
}

remove_failed() { # the new containers of replaced services, if they did not get ready; the old ones serve
  local failed
  [ -n "$replaced" ] || return 0
  failed=$(containers "$project" "{{.ID}} $of_service $of_generation {{.State}} {{.Status}}" | grep " g$m_generation " |
    grep -v ' running .*(healthy)' | awk -v all=" $replaced " 'index(all, " " $2 " ") { print $1 }')
  # shellcheck disable=SC2086 # each is a word
  [ -z "$failed" ] || docker rm -f $failed >/dev/null
}

tell_replacements() { # how each service that ran was replaced, and how long nothing of it did at most
  local service way rest why pause
  [ -n "$list" ] || look
  while read -r service way _ _ _ rest; do
    was_replaced "$service" || continue
    why=$rest pause=$gap
    case " $replaced " in *" $service "*) printf '%s\n' "$service: start-first${rest:+ ($rest)}, no gap" && continue ;; esac
    case " $after " in *" $service "*) pause=$last_gap ;; esac
    [ "$way" = stop-first ] || why=$(printf '%s' "$unfit" | sed -n "s/^$service //p")
    printf '%s\n' "$service: stop-first (${why:-nothing of it was ready}), $pause s"
  done <<END
$orders
END
}

was_replaced() { # SERVICE: did it run before, in other containers?
  local id service _ state rest ran=''
  while read -r id service _ state rest; do
    [ "$service:$state" = "$1:running" ] || continue
    case $list in *"$id"*) return 1 ;; esac
    ran=yes
  done <<END
$earlier
END
  [ -n "$ran" ]
}

hundredths() { # prints the uptime in hundredths of a second
  local up=0.00
  [ ! -r /proc/uptime ] || IFS=' ' read -r up _ </proc/uptime
  echo "${up%.*}${up#*.}"
}

since() { # HUNDREDTHS: prints the seconds since then
  local past
  past=$(($(hundredths) - $1))
  printf '%s.%s' $((past / 100)) $((past % 100 / 10))
}
