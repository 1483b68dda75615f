# --- deploy: mounted files --------------------------------------------------------------------------------------------
# A file, config or secret that a service mounts is files/NAME/content in the record, a directory is the volume NAME of the
# project. NAME ends with a hash of the content, so another content is another mount. Docker fills them, as root and with
# the owners that they have in the project, after Compose has made the containers and before one of them is started.
# files/NAME/filled says that this is done.
# Needs core/docker, core/files, images/prune. Ends the program when the disk fails.

mounted_names() { # FILE: of all that a compose file mounts, one a line
  sed -n -e 's|^ *\(- \)\{0,1\}source: "\(dir-[a-z0-9-]*-[0-9a-f]\{16\}\)"$|\2|p' \
    -e 's|^ *\(- \)\{0,1\}source: "\./files/\([a-z]*-[a-z0-9-]*-[0-9a-f]\{16\}\)/content"$|\2|p' "$1" | sort -u
}

split_upload() { # into the bundle and the archives that follow it; false when it is not what was sent
  local size
  [ "$(sha256sum <"$staging/bundle" | cut -d ' ' -f 1)" = "$upload" ] && mv "$staging/bundle" "$staging/upload" || return 1
  size=$(($(wc -c <"$staging/upload") - files - trees))
  [ "$size" -gt 0 ] || return 1
  head -c "$size" "$staging/upload" >"$staging/bundle" &&
    tail -c "+$((size + 1))" "$staging/upload" | head -c "$files" >"$staging/files.tar.gz" &&
    tail -c "+$((size + files + 1))" "$staging/upload" >"$staging/trees.tar.gz" || fail_io write "$staging"
  rm -f "$staging/upload"
}

prepare_mounts() { # Docker makes no container whose files are not there; sets mounts, and is false when Docker does not answer
  local present='' mount place
  mounts=$(mounted_names "$dir/docker-compose.yml")
  case $mounts in *dir-*) present=$(docker volume ls -q --filter "label=$label=$project") || return 1 ;; esac
  for mount in $mounts; do
    place=$dir/files/$mount
    mkdir -p "$place" || fail_io create "$place"
    case $mount in
    dir-*) # somebody may have removed it
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

forget_filler() { # of a deploy that was killed
  docker ps -aq --filter "label=io.github.xdevops.compose.fills=$project" | xargs -r timeout -k 5 60 docker rm -fv >/dev/null
  rm -f "$dir/files/.filling"
}

fill_mounts() { # false when it could not; sets problem, or Docker has said why
  local empty_files='' empty_trees='' mount
  for mount in $mounts; do
    [ ! -e "$dir/files/$mount/filled" ] || continue
    case $mount in dir-*) empty_trees="$empty_trees $mount" ;; *) empty_files="$empty_files $mount" ;; esac
  done
  # shellcheck disable=SC2086 # each is a word
  fill "$staging/files.tar.gz" $empty_files && fill "$staging/trees.tar.gz" $empty_trees
}

fill() { # ARCHIVE NAME…: false when it could not; sets problem, or Docker has said why
  local archive="$1" names listed mount image filler copied=0 place
  shift
  [ $# -gt 0 ] || return 0
  names=$*
  # Links in a directory lead nowhere, because no file of the record is mounted beside it.
  listed=$(tar -tzf "$archive" 2>/dev/null)
  for mount; do
    problem="the content of the mount $mount is gone from the server, and not among what was sent"
    printf '%s\n' "$listed" | grep -q "^\.compose-files/$mount/" || return 1
    problem="the archive of mounted files has something else in it"
    case $mount in dir-*) ;; *) ! printf '%s\n' "$listed" | grep -qv '^\.compose-files/[a-z0-9-]*/content$' || return 1 ;; esac
    problem=''
  done
  image=$(images_of "$project" | head -n 1) && [ -n "$image" ] || return 1
  set --
  for mount in $names; do
    case $mount in
    dir-*) set -- "$@" --mount "type=volume,source=${project}_$mount,target=/.compose-files/$mount,volume-nocopy=true" ;;
    *) set -- "$@" --mount "type=bind,\"source=$dir/files/$mount\",target=/.compose-files/$mount" ;;
    esac
  done
  : >"$dir/files/.filling" || fail_io write "$dir/files"
  filler=$(docker create --network none --label "$label=$project" --label "io.github.xdevops.compose.fills=$project" \
    --entrypoint fill "$@" "$image" fill) || return 1
  (patience=600 && docker cp - "$filler:/" <"$archive" >/dev/null) || copied=$?
  docker rm -fv "$filler" >/dev/null && rm -f "$dir/files/.filling"
  [ $copied = 0 ] || return 1
  for mount in $names; do
    place=$dir/files/$mount
    case $mount in
    dir-*) ;;
    *) [ -f "$place/content" ] && [ ! -L "$place/content" ] || { problem="the content of the mount $mount is no file" && return 1; } ;;
    esac
    : >"$place/filled" || fail_io write "$place/filled"
  done
}

drop_mounts() { # what neither the compose file mounts nor the one that may come back
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
