# --- teardown: the only one there is ----------------------------------------------------------------------------------
# Needs core/docker, core/record, core/locks, deploy/home, deploy/volumes, images/prune. Ends the program where the record
# cannot be changed, and check_tombstone where a deploy comes too late.

teardown() { # sets remains; false, with the record kept, while anything of the project is left
  local lease=gone grace='-t 2' others='' used=''
  load_manifest "$dir"
  if [ -d "$dir" ]; then
    read_lease "$dir"
    # The mark is a name only, so it can be made on a full disk, and without a free inode by renaming another file.
    { can_write "$dir/removing" || mv "$dir/deploy.log" "$dir/removing" 2>/dev/null; } && flush "$dir" || fail_io write "$dir/removing"
  fi
  [ "$lease" != forever ] || grace=''
  remains='the Docker daemon does not answer'
  find_others || return 1
  if [ -n "$others" ] && [ -d "$dir" ]; then
    reply "warning record-only $project $others"
    forget_record
    return
  fi
  used=$(images_of "$project") || return 1
  release_images "$used"
  # From an empty directory: without a compose file, Compose would search the parent directories for one.
  # shellcheck disable=SC2086 # grace is two words or none
  (cd "$state/.empty" && compose down --volumes --remove-orphans $grace) >&2
  count_left_overs || return 1
  if [ -n "$remains" ]; then
    docker ps -aq --filter "label=$label=$project" | xargs -r timeout -k 5 60 docker rm -f -v >&2
    docker network ls -q --filter "label=$label=$project" | xargs -r timeout -k 5 60 docker network rm >&2
    docker volume ls -q --filter "label=$label=$project" | xargs -r timeout -k 5 60 docker volume rm >&2
    count_left_overs && [ -z "$remains" ] || return 1
  fi
  [ -d "$dir" ] || return 0
  drop_volumes
  hide_at_home
  forget_record
}

# Containers of the project may come from elsewhere, if it was deployed again from another state directory or by another user.
# Sets others to their working directory if that is neither the record nor its home; false when Docker does not answer.
find_others() {
  local origins origin
  origins=$(containers "$project" "$of_directory") || return 1
  others=$(printf '%s\n' "$origins" | sort -u | while IFS= read -r origin; do
    [ -z "$origin" ] || [ "$origin" = "$dir" ] || [ "$origin" -ef "$dir" ] || [ "$origin" = "$m_home" ] || printf '%s\n' "$origin"
  done | head -n 1)
}

forget_record() { # deletes it, with the images in used; sets remains; false if the record may belong to a newer deploy
  local trash
  tell_pages gone
  trash=$state/.trash/$project.$$.$(date +%s)
  mv "$dir" "$trash" && flush "$state" || fail_io move "$dir"
  if ! holds_lock; then
    remains='its lock file was removed meanwhile'
    [ -e "$dir" ] || mv "$trash" "$dir"
    return 1
  fi
  delete_trash "$trash" "$used"
}

# Also what a container's root wrote there: by an image of the project itself, which sees nothing else. What is left is old then, and
# `list` tells of it.
delete_trash() { # DIRECTORY IMAGES
  local trash="$1" images="$2" image one
  rm -rf "$trash" 2>/dev/null && return
  set --
  for one in "$trash"/* "$trash"/.[!.]*; do
    [ ! -e "$one" ] || set -- "$@" "/.compose-trash/${one##*/}"
  done
  for image in $images; do
    docker run --rm --network none --user 0 --cap-drop ALL --cap-add DAC_OVERRIDE --security-opt no-new-privileges --memory 128m \
      --pids-limit 32 --mount "type=bind,\"source=$trash\",target=/.compose-trash" --entrypoint rm "$image" -rf "$@" >/dev/null 2>&1
    ! rm -rf "$trash" 2>/dev/null || return 0
  done
}

count_left_overs() { # sets remains; false when Docker does not answer
  local found
  found=$(left_overs "$project") || return 1
  remains=$(printf '%s' "$found" | tr '\n' ',' | sed 's/,/, /g')
}

# --- tombstones: a late pipeline does not bring back what was taken down on purpose

write_tombstone() { # false when there is no room for it
  [ "$m_sequence" -gt 0 ] || return 0
  { mkdir -p "$state/.gone" && save "$state/.gone/$project" "$(printf '%s\n' "$m_sequence $m_identity" "$m_repository")"; } 2>/dev/null
}

check_tombstone() { # a manual deploy has no sequence and is always accepted
  local gone_sequence='' gone_identity='' gone_repository=''
  [ "$sequence" -gt 0 ] && [ -f "$state/.gone/$project" ] || return 0
  { read -r gone_sequence gone_identity && read -r gone_repository; } <"$state/.gone/$project"
  case $gone_sequence in '' | *[!0-9]*) return 0 ;; esac
  [ "$gone_identity" != "$identity" ] || ! is_of_repository "$gone_repository" || [ "$sequence" -ge "$gone_sequence" ] ||
    finish BUSY "superseded-down $project $gone_sequence $sequence"
}
