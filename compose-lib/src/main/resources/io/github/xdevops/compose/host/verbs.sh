# --- the other verbs -------------------------------------------------------------------------------------------------

down() {
  require_docker
  lock_or_busy
  if [ ! -d "$dir" ]; then
    count_left_overs || finish UNAVAIL "the Docker daemon does not answer"
    [ -z "$remains" ] || finish DATA "$project was not deployed by this tool, so it is left alone: $remains"
    finish OK "$project is not there" '"existed":false'
  fi
  read_lease "$dir"
  [ "$lease" != forever ] || [ -n "$force" ] || refuse_down
  load_manifest "$dir"
  # Before the teardown, so that a crash after it forgets nothing; but on a full disk only the teardown makes room.
  buried=yes
  bury || buried=''
  teardown || finish BUSY "something of $project is still in use and was kept: $remains"
  [ -n "$buried" ] || bury ||
    reply "warning the disk has no room to remember that $project was taken down: an older pipeline that is late may bring it back"
  finish OK "$project is gone" '"existed":true'
}

refuse_down() {
  load_manifest "$dir"
  why='lives for ever'
  [ "$m_pinned" = false ] || why="is pinned${m_pinned_by:+ by $m_pinned_by}"
  finish POLICY "$project $why, so it is not taken down with its volumes by accident; say compose.force=true"
}

pin() { # kept until it gets a lease again; the name of who wants it comes on stdin
  by=$(head -n 1 | tr -d '\000-\037\177\042\134' | head -c 100)
  lock_or_busy
  [ -d "$dir" ] && [ ! -e "$dir/removing" ] || finish DATA "$project is gone, so it cannot be pinned; deploy it again"
  load_manifest "$dir" && [ -n "$m_state" ] ||
    finish DATA "$project was not deployed by this tool, so it cannot be pinned; deploy it with this tool, or say compose:extend with compose.lifetime=forever"
  # A sweep leaves alone what is pinned, and nothing is without both.
  m_pinned=true m_pinned_by=$by
  save_manifest "$dir"
  write_lease "$dir" forever
  rm -f "$dir/sweep-failures"
  finish OK "$project is pinned" '"expires":"forever"'
}

extend() {
  lock_or_busy
  [ -d "$dir" ] && [ ! -e "$dir/removing" ] || finish DATA "$project is gone, so it cannot be extended; deploy it again"
  refuse_end
  keep_clock
  [ "$lifetime" = forever ] || ensure_sweeper
  expires=$(lease_from "$(now)")
  write_lease "$dir" "$expires"
  if load_manifest "$dir" && [ "$m_pinned" = true ]; then
    m_pinned=false m_pinned_by=''
    save_manifest "$dir"
    printf '%s\n' "$project is no longer pinned"
  fi
  rm -f "$dir/sweep-failures"
  finish OK "$project is extended" "\"expires\":\"$expires\""
}

refuse_end() { # what lives for ever gets an end on purpose only; an end is what a pin waits for
  [ "$lifetime" != forever ] || return 0
  read_lease "$dir"
  [ "$lease" = forever ] || return 0
  [ -z "$gate" ] || [ -n "$gate_persistent" ] || shut 'is for review environments only'
  [ "$m_pinned" = true ] || [ -n "$force" ] ||
    finish POLICY "$project lives for ever, so it gets no end by accident; say compose.lifetime=forever to let it, or compose.force=true"
}

say_record() { # DIRECTORY
  read_lease "$1"
  removing=false
  [ ! -e "$1/removing" ] || removing=true
  manifest=null
  [ ! -f "$1/manifest.json" ] || manifest=$(tr -d '\n' <"$1/manifest.json")
  reply "record {\"project\":\"$(json "$(basename "$1")")\",\"lease\":\"$lease\",\"removing\":$removing,\"manifest\":$manifest}"
}

say_containers() { # LABEL[=PROJECT]
  if list=$(docker ps -a --filter "label=$1" --format "{{.Label \"$label\"}} {{.State}} {{.Label \"com.docker.compose.service\"}} {{.Status}}" 2>&1); then
    printf '%s\n' "$list" | while IFS= read -r line; do
      [ -z "$line" ] || ! is_within "${line%% *}" || { [ -n "$gate" ] && [ ! -d "$state/${line%% *}" ]; } || reply "container $line"
    done
  else
    reply "warning the Docker daemon does not answer, so states are unknown: $(json "$list")"
  fi
}

list() {
  for record in "$state"/*/; do
    record=${record%/}
    [ -d "$record" ] && [ ! -L "$record" ] && is_within "${record##*/}" || continue
    say_record "$record"
  done
  say_containers "$label"
  say_sweeper
  finish OK '' "\"now\":$(now)"
}

say_sweeper() { # what the last sweep said, and what calls it
  [ ! -f "$state/sweep-status.json" ] || reply "sweep $(tr -d '\000-\037\177' <"$state/sweep-status.json" | only_within)"
  kind=''
  [ ! -f "$state/.host/sweeper" ] || read -r kind _ <"$state/.host/sweeper"
  case $kind in '' | *[!a-z-]*) ;; *) reply "sweeper $kind" ;; esac
}

show() { # what the server holds of one project, and whether it would refuse a deploy; takes no lock and changes nothing
  command -v base64 >/dev/null || finish UNAVAIL "base64 is missing on the server; install coreutils"
  exec 4<&0 # the compose file that would be deployed
  refusal=$(refuse_as_deploy)
  [ -z "$refusal" ] || reply "refused ${refusal#* result }"
  if [ ! -d "$dir" ] || [ -L "$dir" ]; then
    finish OK "$project is not there" "\"existed\":false,\"now\":$(now)"
  fi
  say_record "$dir"
  say_containers "$label=$project"
  # A record may be of another tool, with lines of any length and kind.
  [ ! -f "$dir/docker-compose.yml" ] || base64 <"$dir/docker-compose.yml" | sed "s/^/@$nonce file /"
  finish OK '' "\"existed\":true,\"now\":$(now)"
}

refuse_as_deploy() { # a result line, if a deploy of this identity, sequence and hosts would end with one before it starts
  started=$(now)
  if [ ! -d "$dir" ]; then
    check_buried
    check_containers 2>/dev/null
  elif [ ! -e "$dir/removing" ] && [ -n "$identity" ]; then
    check_record
    [ "$m_pinned" = true ] || refuse_end
  fi
  check_proxy
  check_routers
  check_urls
  [ -z "$judged" ] || check_policy /dev/fd/4
}
