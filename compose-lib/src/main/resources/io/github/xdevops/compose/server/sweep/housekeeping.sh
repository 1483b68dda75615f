# --- once an hour: what is left over ----------------------------------------------------------------------------------
# Needs core/docker, core/record, images/prune. Only adopt, a process of its own, ends the program.

housekeeping() {
  local timer_script=''
  [ -z "$jumped" ] || return 0 # file ages are wrong now
  # A time in the future was written by a wrong clock.
  [ -n "$force" ] || [ ! -s "$state/.housekeeping" ] ||
    [ -n "$(find "$state/.housekeeping" \( -mmin +60 -o -mmin -0 \))" ] || return 0
  printf '%s\n' "$clock" >"$state/.housekeeping"
  forget_leftovers
  find "$state/.gone" -type f -mtime +30 -exec rm -f {} + 2>/dev/null
  [ ! -f "$state/.host/sweeper" ] || read -r _ timer_script <"$state/.host/sweeper"
  find "$state/.host" -type f -name 'stacks-*' ! -name "${self##*/}" ! -name "${timer_script:-none}" -mtime +30 -exec rm -f {} + 2>/dev/null
  forget_locks
  (require_docker) >/dev/null || return 0
  adopt_orphans
  prune_images
}

forget_leftovers() { # of uploads and of what was removed
  local old
  [ -z "$jumped" ] || return 0 # file ages are wrong now
  find "$state/.staging" "$state/.trash" -mindepth 1 -maxdepth 1 -mmin +120 2>/dev/null | while IFS= read -r old; do
    [ ! -f "$old/alive" ] || flock -n "$old/alive" true && rm -rf "$old" 2>/dev/null
  done
}

# Removes the uploads of killed clients and workers; the worker's output stays for `attend`.
forget_secrets() {
  local old
  for old in "$state"/.staging/*/alive; do
    [ "$old" != "$staging/alive" ] && [ -f "$old" ] || continue
    flock -n "$old" find "${old%/alive}" -mindepth 1 -maxdepth 1 ! -name alive ! -name out ! -name answer -exec rm -rf {} + &&
      touch -r "$old" "${old%/alive}" 2>/dev/null # keep its age
  done
}

forget_locks() { # a process that waits for a lock checks afterwards that its file is still in place
  local file
  find "$state/.locks" -type f ! -name '.*' -mmin +1440 | while IFS= read -r file; do
    [ -e "$state/${file##*/}" ] || flock -n "$file" rm -f "$file"
  done
}

# Containers of ours whose record was deleted get a new record with a lease of a day, so that they are listed and swept.
adopt_orphans() {
  local name where
  docker ps -a --filter "label=$label" --format "$of_project $of_directory" | sort -u |
    while read -r name where; do
      [ "$where" = "$state/$name" ] && [ ! -e "$where" ] && is_project "$name" || continue
      /bin/sh "$self" adopt "state=$state" "project=$name" "nonce=$nonce" 5>&- | grep "^@$nonce warning "
    done
}

adopt() {
  local record="$state/.staging/.adopted.$$"
  take_lock "$project" 0 && [ ! -e "$dir" ] || finish OK ''
  # It may have been removed in the meantime.
  [ -n "$(containers "$project" '{{.ID}}')" ] || finish OK ''
  mkdir "$record" || fail_io create "$record"
  write_lease "$record" $(($(now) + day))
  mv "$record" "$dir" && flush "$state" || fail_io write "$dir"
  reply "warning $project had no record; it has a new one, which expires in a day"
  finish OK ''
}
