# --- backup: one snapshot -----------------------------------------------------------------------------------------------
# Needs core, settings, model, dump, repository, swap. Ends the program with the answer.

readonly stage=$run/stage # what a snapshot holds; in this process's own mounts, so that it is the same path for each project and server

backup() {
  local id='' began
  began=$(now)
  lock_project
  recover_project
  open_settings
  [ "$age" = 0 ] || finish_if_enough
  open_model live
  tell_live_copies
  dump_services
  stop_for_copy
  make_stage
  phase copy
  make_snapshot
  start_stopped
  printf '%s %s\n' "$began" "$id" | save "$place/last" 600 && created | save "$place/environment" 600 ||
    finish IOERR "cannot write to $place: is the disk full?"
  drop_old_data
  rm -rf "$work/dumps"
  exec 9>&-
  write_status
  if [ -n "$nightly" ]; then # nothing is removed from a damaged repository
    rm -f "$place/failed"
    check_weekly && forget && write_status
  fi
  finish OK '' "\"id\":\"$id\",\"made\":true"
}

finish_if_enough() { # a young backup, or those of an environment before this one, which new and empty data must not follow
  local id last=0
  [ ! -f "$place/last" ] || last=$(cut -d ' ' -f 1 "$place/last")
  if [ "$(cat "$place/environment" 2>/dev/null)" != "$(created)" ]; then
    list_snapshots >"$work/snapshots"
    id=$(jq -r 'sort_by(.time) | last.short_id // empty' "$work/snapshots")
    [ -z "$id" ] || { note "$repository has snapshots already, so none was made: restore one, or make one by hand" && write_status; }
  elif [ $((began - last)) -lt "$age" ]; then
    id=$(cut -d ' ' -f 2 "$place/last")
  else
    id=''
  fi
  [ -z "$id" ] || finish OK '' "\"id\":\"$id\",\"made\":false"
}

tell_live_copies() {
  local service mode name rest
  while IFS='	' read -r service mode name rest; do
    [ "$mode" != copy ] ||
      note "$name of $service is copied while in use, so a database in it may not be consistent; x-backup dumps or stops it"
  done <"$work/places"
}

stop_for_copy() { # services with x-backup: {stop: true}
  local services
  services=$(awk -F'\t' '$2 == "stop" { print $1 }' "$work/services")
  [ -z "$services" ] || stop_services "$services"
}

make_stage() { # bind mounts that nobody else sees
  local service mode name directory
  mkdir -p "$stage" && mount -t tmpfs -o mode=700 tmpfs "$stage" && mkdir "$stage/about" "$stage/dumps" "$stage/volumes" "$stage/home" &&
    mount --bind "$work/dumps" "$stage/dumps" || finish IOERR 'cannot mount what is to be backed up'
  cp "$state/$project/docker-compose.yml" "$state/$project/manifest.json" "$stage/about/" &&
    jq -c 'map({service: .Config.Labels["com.docker.compose.service"], image: .Config.Image, id: .Image}) | unique' \
      "$work/containers" >"$stage/about/images.json" &&
    cp "$work/services" "$work/places" "$work/marks" "$stage/about/" || finish IOERR 'cannot write what is to be backed up'
  while IFS='	' read -r service mode name; do
    ! has_counts "$name" || [ "$mode" != dump ] ||
      printf '%s\t%s\n' "$service" "$(awk "$(counts_awk)" "$work/dumps/$service.dump")" >>"$stage/about/counts" ||
      finish IOERR 'cannot write what is to be backed up'
  done <"$work/services"
  while IFS='	' read -r service mode name directory; do
    case $mode in copy | stop) ;; *) continue ;; esac
    mkdir -p "$stage/$name" && mount --bind -o ro "$directory" "$stage/$name" || finish IOERR "cannot mount $directory"
  done <"$work/places"
}

make_snapshot() { # sets id
  local tries=0 code
  set -- --tag "deploy-$(sed -n 's/^"generation": \([0-9]*\),$/\1/p' "$stage/about/manifest.json")"
  for id in "$stage"/dumps/* "$stage"/volumes/*; do [ ! -e "$id" ] || set -- "$@" --tag "$(echo "${id#"$stage/"}" | tr / :)"; done
  [ -z "$(ls -A "$stage/home")" ] || set -- "$@" --tag home
  restic unlock >/dev/null 2>&1 # only locks of runs that have ended
  while :; do
    restic --json backup --host "$project" "$@" "$stage" >"$work/summary" 2>"$errors"
    code=$?
    id=$(jq -r 'select(.message_type == "summary").snapshot_id' "$work/summary" 2>/dev/null)
    [ "$code" != 0 ] || break
    # 3: files that could not be read, such as those that went away meanwhile. Such a snapshot is not whole.
    [ "$code" = 3 ] || fail_restic 'make the snapshot'
    [ -z "$id" ] || restic forget "$id" >/dev/null 2>&1
    tries=$((tries + 1))
    [ "$tries" -lt 3 ] ||
      finish IOERR "files went away while they were read, three times; x-backup: {stop: true} stops a service: $(last_words "$errors")"
  done
}

write_status() { # for those who list environments: one line that the login may read
  local last='0 ' checked=0 drilled=0 damage='' failed=''
  [ ! -f "$place/last" ] || last=$(cat "$place/last")
  [ ! -f "$place/checked" ] || checked=$(cut -d ' ' -f 1 "$place/checked")
  [ ! -f "$place/drilled" ] || drilled=$(cat "$place/drilled")
  [ ! -f "$place/damage" ] || damage=$(cat "$place/damage")
  [ ! -f "$place/failed" ] || failed=$(cat "$place/failed")
  mkdir -p "$told" && chmod 755 "$told"
  printf '{"project":"%s","last":%s,"id":"%s","checked":%s,"drilled":%s,"damage":"%s","failed":"%s"}\n' \
    "$project" "${last% *}" "${last#* }" "$checked" "$drilled" "$(json "$damage")" "$(json "$failed")" | save "$told/$project" 644
}
