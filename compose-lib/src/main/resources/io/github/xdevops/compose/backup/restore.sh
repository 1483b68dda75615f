# --- restore: new data beside the old, then one moment of change --------------------------------------------------------
# Needs core, settings, model, trial, swap, repository. Ends the program with the answer.

restore() {
  local id="" scratch='' from='' began gap
  lock_project
  recover_project
  open_settings
  open_model live
  [ -z "$service" ] || cut -f 1 "$work/services" | grep -qxF -e "$service" ||
    finish DATA "$project has no service $service; it has $(cut -f 1 "$work/services" | xargs)"
  [ -z "$(old_data)" ] || [ -n "$force" ] || [ -n "$trial" ] || finish DATA "old-data-kept $project"
  find_snapshot
  fetch
  fill
  if [ -n "$trial" ]; then
    [ -n "$service" ] || now | save "$place/drilled" 600 && write_status
    finish OK '' "\"id\":\"$id\",\"gap\":0"
  fi
  [ -s "$place/filling" ] || finish DATA "the snapshot $id has no data${service:+ of $service}"
  began=$(hundredths)
  change
  gap=$(($(hundredths) - began))
  rm -rf "$scratch" "$place/scratch"
  created | save "$place/environment" 600 && write_status
  [ -z "$force" ] || drop_old_data
  finish OK '' "\"id\":\"$id\",\"gap\":$gap"
}

hundredths() { awk '{ print int($1 * 100) }' /proc/uptime; }

find_snapshot() { # sets id
  list_snapshots >"$work/snapshots"
  id=$(jq -r --arg id "$snapshot" 'sort_by(.time) | map(select($id == "latest" or (.id | startswith($id)))) | last.short_id // empty' \
    "$work/snapshots")
  [ -n "$id" ] || finish DATA "no-snapshot $snapshot $repository"
}

fetch() { # sets scratch and from
  local root
  root=$(docker info --format '{{.DockerRootDir}}') && [ -d "$root" ] || finish UNAVAIL 'the Docker daemon does not answer'
  scratch=$root/xdevops-restore/$project from=$scratch$stage
  rm -rf "$scratch"
  printf '%s\n' "$scratch" | save "$place/scratch" 600 && mkdir -p "$scratch" || finish IOERR "cannot write to $root: is the disk full?"
  phase fetch
  restic restore "$id" --target "$scratch" --verify >/dev/null 2>"$errors" || fail_restic "fetch the snapshot $id, so nothing was changed,"
  [ -d "$from/about" ] || finish DATA "the snapshot $id was not made by this tool"
}

fill() { # DIRECTORY.xdevops-new for each place that the snapshot has; $place/filling has the directories
  local one mode kind name directory wanted=''
  : >"$place/filling"
  : >"$work/new"
  while IFS='	' read -r one mode name directory; do
    [ -z "$service" ] || [ "$service" = "$one" ] || continue
    case $mode in
    dump) wanted=$from/dumps/$one.dump ;;
    *) wanted=$from/$name ;;
    esac
    [ -e "$wanted" ] || { note "$name is not in the snapshot, and stays as it is" && continue; }
    printf '%s\n' "$directory" >>"$place/filling"
    rm -rf "$directory.xdevops-new"
    if [ "$mode" = dump ]; then
      mkdir "$directory.xdevops-new" && chown --reference="$directory" "$directory.xdevops-new" &&
        chmod --reference="$directory" "$directory.xdevops-new" && printf '%s\t%s\n' "$name" "$directory.xdevops-new" >>"$work/new"
    else
      mv -T "$wanted" "$directory.xdevops-new"
    fi || finish IOERR "cannot fill $directory.xdevops-new: is the disk full? Nothing was changed"
  done <"$work/places"
  while IFS='	' read -r one mode kind; do
    [ "$mode" = dump ] && [ -f "$from/dumps/$one.dump" ] || continue
    [ -z "$service" ] || [ "$service" = "$one" ] || continue
    awk -F'\t' -v service="$one" '$1 == service { found = 1 } END { exit !found }' "$work/places" ||
      finish DATA "$one has no volume or directory of its home that its dump could go to"
    load_dump "$one" "$kind" "$from/dumps/$one.dump"
  done <"$work/services"
  sync
}

change() { # with the services of the environment stopped
  drop_old_data
  cp "$place/filling" "$place/kept"
  phase change
  stop_services "$(cut -f 1 "$work/services")"
  save "$place/swap" 600 <"$place/filling" || {
    start_stopped
    finish IOERR "cannot write to $place: is the disk full? Nothing was changed"
  }
  # What was stopped stays noted until it is ready: a run that is killed before starts it with the old data.
  if swap_in && start_noted && wait_ready; then
    rm -f "$place/swap" "$place/filling" "$place/stopped"
    sync "$place"
    return
  fi
  note "with the restored data: $(last_words "$errors")"
  # shellcheck disable=SC2046 # names of services
  compose stop $(cat "$place/stopped" 2>/dev/null) >/dev/null 2>&1
  swap_back
  start_stopped
  finish UNHEALTHY "not ready with the restored data, so the data from before is back: $(cat "$work/unready" 2>/dev/null)"
}

wait_ready() { # false, with $work/unready, if one is unhealthy or not ready after 180 s
  local tries=0 container all
  while [ "$tries" -lt 360 ]; do
    all=yes
    : >"$work/unready"
    for container in $(jq -r '.[] | select(.State.Running) | .Id' "$work/containers"); do
      is_ready "$container" || {
        all=''
        docker inspect --format '{{.Name}} is {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$container" \
          >"$work/unready" 2>&1
        ! grep -q unhealthy "$work/unready" || return 1
      }
    done
    # One without a health check gets a moment to fail.
    [ -z "$all" ] || [ "$tries" -lt 4 ] || return 0
    tries=$((tries + 1))
    sleep 0.5
  done
  return 1
}
