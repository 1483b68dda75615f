# --- deploy: mounted files --------------------------------------------------------------------------------------------
# A mounted file, config or secret is files/NAME/content in the record; a mounted directory is the volume NAME of the project.
# NAME ends with a hash of the content, so changed content is another mount. Docker fills them as root, with their owners, after
# Compose has created the containers and before the first one starts. The file files/NAME/filled marks that this is done.
# Needs core/docker, core/files, images/prune. Ends the program when the disk fails.

mounted_names() { # FILE: prints the names of all mounts of a compose file, one per line
  sed -n -e 's|^ *\(- \)\{0,1\}source: "\(dir-[a-z0-9-]*-[0-9a-f]\{16\}\)"$|\2|p' \
    -e 's|^ *\(- \)\{0,1\}source: "\./files/\([a-z]*-[a-z0-9-]*-[0-9a-f]\{16\}\)/content"$|\2|p' "$1" | sort -u
}

split_upload() { # into the bundle and the archives that follow it; false if it arrived incomplete
  local size
  [ "$(sha256sum <"$staging/bundle" | cut -d ' ' -f 1)" = "$upload" ] && mv "$staging/bundle" "$staging/upload" || return 1
  size=$(($(stat -c %s "$staging/upload") - files - trees))
  [ "$size" -gt 0 ] || return 1
  head -c "$size" "$staging/upload" >"$staging/bundle" &&
    tail -c "+$((size + 1))" "$staging/upload" | head -c "$files" >"$staging/files.tar.gz" &&
    tail -c "+$((size + files + 1))" "$staging/upload" >"$staging/trees.tar.gz" || fail_io write "$staging"
  rm -f "$staging/upload"
}

prepare_mounts() { # Docker creates no container whose files are missing; sets mounts, false when Docker does not answer
  local present='' mount place
  mounts=$(mounted_names "$dir/docker-compose.yml")
  case $mounts in *dir-*) present=$(docker volume ls -q --filter "label=$label=$project") || return 1 ;; esac
  for mount in $mounts; do
    place=$dir/files/$mount
    mkdir -p "$place" || fail_io create "$place"
    case $mount in
    dir-*) # the volume may have been removed
      printf '%s\n' "$present" | grep -qFx "${project}_$mount" || rm -f "$place/filled"
      continue
      ;;
    esac
    if [ ! -f "$place/content" ] || [ -L "$place/content" ]; then
      rm -rf "$place/content" "$place/filled"
      : >"$place/content" || fail_io write "$place/content"
    fi
  done
  [ ! -e "$dir/files/.filling" ] || forget_filler
}

forget_filler() { # of a killed deploy
  docker ps -aq --filter "label=io.github.xdevops.compose.fills=$project" | xargs -r timeout -k 5 60 docker rm -fv >/dev/null
  rm -f "$dir/files/.filling"
}

make_filler() { # OPTION…: a container of an image of the project that is never started; sets filler, false if Docker refuses
  local image
  image=$(images_of "$project" | head -n 1) && [ -n "$image" ] || return 1
  mkdir -p "$dir/files" && : >"$dir/files/.filling" || fail_io write "$dir/files"
  filler=$(docker create --network none --label "$label=$project" --label "io.github.xdevops.compose.fills=$project" \
    --entrypoint fill "$@" "$image" fill)
}

drop_filler() { docker rm -fv "$filler" >/dev/null && rm -f "$dir/files/.filling"; }

fill_mounts() { # false on failure; sets problem, unless Docker has printed the reason
  local empty_files='' empty_trees='' mount
  for mount in $mounts; do
    [ ! -e "$dir/files/$mount/filled" ] || continue
    case $mount in
    dir-*) # a service that is replaced later has none yet
      [ -n "$replaced" ] && ! docker volume inspect "${project}_$mount" >/dev/null 2>&1 || empty_trees="$empty_trees $mount"
      ;;
    *) empty_files="$empty_files $mount" ;;
    esac
  done
  # shellcheck disable=SC2086 # each is a word
  fill "$staging/files.tar.gz" $empty_files && fill "$staging/trees.tar.gz" $empty_trees
}

fill() { # ARCHIVE NAME…: false when it could not; sets problem, or Docker has said why
  local archive="$1" names listed mount filler copied=0 place
  shift
  [ $# -gt 0 ] || return 0
  names=$*
  # Links in a directory cannot lead out of it, because no file of the record is mounted beside it.
  listed=$(tar -tzf "$archive" 2>/dev/null)
  for mount; do
    problem="the content of the mount $mount is missing on the server, and was not sent"
    printf '%s\n' "$listed" | grep -q "^\.compose-files/$mount/" || return 1
    problem="the archive of mounted files has an unexpected entry"
    case $mount in dir-*) ;; *) ! printf '%s\n' "$listed" | grep -qv '^\.compose-files/[a-z0-9-]*/content$' || return 1 ;; esac
    problem=''
  done
  set --
  for mount in $names; do
    case $mount in
    dir-*) set -- "$@" --mount "type=volume,source=${project}_$mount,target=/.compose-files/$mount,volume-nocopy=true" ;;
    *) set -- "$@" --mount "type=bind,\"source=$dir/files/$mount\",target=/.compose-files/$mount" ;;
    esac
  done
  make_filler "$@" || return 1
  (patience=600 && docker cp - "$filler:/" <"$archive" >/dev/null) || copied=$?
  drop_filler
  [ $copied = 0 ] || return 1
  for mount in $names; do
    place=$dir/files/$mount
    case $mount in
    dir-*) ;;
    *) [ -f "$place/content" ] && [ ! -L "$place/content" ] || { problem="the content of the mount $mount is not a file" && return 1; } ;;
    esac
    : >"$place/filled" || fail_io write "$place/filled"
  done
}

drop_mounts() { # removes mounts that neither the compose file nor the previous one uses
  local place mount
  for place in "$dir"/files/*/; do
    place=${place%/} mount=${place%/}
    mount=${mount##*/}
    [ -d "$place" ] && ! grep -qF "$mount" "$dir"/docker-compose*.yml || continue
    case $mount in
    dir-*)
      docker volume rm "${project}_$mount" >/dev/null 2>&1 ||
        { docker volume inspect "${project}_$mount" >/dev/null 2>&1 && continue; }
      ;;
    esac
    rm -rf "$place"
  done
}
