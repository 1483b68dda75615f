# --- seed: a new environment begins with the data of a persistent one --------------------------------------------------------
# Needs core, model, restore, trial, swap, repository. Ends the program with the answer.
# The deploy of the new one asks for it: it has made its containers and volumes, holds its lock, and has started nothing.

seed() { # from the project $origin
  local id='' scratch='' from=''
  open_origin
  find_snapshot
  if [ -n "$check" ]; then
    [ -z "$(docker volume ls -q --filter "label=$label=$project")" ] || finish DATA "seed-volumes $project"
    finish OK '' "\"id\":\"$id\""
  fi
  lock_place
  recover_project
  : >"$place/seed"
  open_model deploying
  refuse_full_homes
  fetch
  fill
  [ -s "$place/filling" ] || finish DATA "the snapshot $id of $origin has no data for $project"
  tell_homeless
  scrub_copies
  phase change
  cp "$place/filling" "$place/kept" && save "$place/swap" 600 <"$place/filling" && swap_in ||
    finish IOERR "cannot change the data of $project: is the disk full?"
  rm -f "$place/swap" "$place/filling"
  drop_old_data
  finish OK '' "\"id\":\"$id\""
}

open_origin() { # sets repository and password_file to those of the environment whose data is copied
  local record=$state/$origin other
  [ -n "$origin" ] && [ -f "$record/manifest.json" ] && [ ! -e "$record/removeat" ] && [ "$origin" != "$project" ] ||
    finish DATA "seed-unknown $origin"
  other=$(sed -n 's/^"repository": "\(.*\)",$/\1/p' "$record/manifest.json")
  [ -z "$owner" ] || [ -z "$other" ] || [ "$owner" = "$other" ] || finish DATA "seed-of-another $origin"
  [ -f "$own/$origin/repository" ] || finish DATA "no-backup $origin"
  repository=$(cat "$own/$origin/repository") password_file=$own/$origin/password
}

lock_place() { # against another seed of the same project, whose deploy was killed
  exec 9<"$place" && flock -w 300 9 && [ "$place" -ef /proc/self/fd/9 ] && mkdir -p "$work" ||
    finish BUSY "$project is being seeded by another deploy; try again"
}

forget_place() { # of a project that has no backup
  [ -f "$place/repository" ] || [ -f "$place/password.next" ] ||
    { exec 9<"$place" && flock -n 9 && [ ! -f "$place/seed" ] && rm -rf "$work" && rmdir "$place"; } 2>/dev/null
}

refuse_full_homes() { # volumes are new, but a home may have had data before
  local one mode name directory
  while IFS='	' read -r one mode name directory; do
    case $name in home/*) [ -z "$(ls -A "$directory")" ] || finish DATA "seed-home $directory" ;; esac
  done <"$work/places"
}

tell_homeless() { # what the snapshot has and this environment does not want
  local left
  for left in "$from"/volumes/* "$from"/dumps/*.dump; do
    [ -e "$left" ] || continue
    left=${left#"$from/"}
    case $left in dumps/*) ! grep -q "^$(basename "$left" .dump)	dump	" "$work/services" || continue ;; esac
    note "$left of the snapshot has no place in $project, and was left out"
  done
}

# Those of the snapshot's compose file, too: a branch may be older than they are.
scrubs() { # SERVICE: prints its commands
  local there here
  there=$(own_command "$1" x-seed scrub "$from/about/marks" 2>/dev/null)
  here=$(own_command "$1" x-seed scrub)
  printf '%s\n' "$there"
  [ "$here" = "$there" ] || printf '%s\n' "$here"
}

scrub() { # SERVICE: in its container, before anything else sees the data
  local commands
  commands=$(scrubs "$1")
  [ -n "$commands" ] || return 0
  phase "scrub $1"
  in_container "$container" "set -e
$commands" </dev/null >"$errors" 2>&1 || finish UNHEALTHY "the scrub of $1 failed, so nothing was started: $(last_words "$errors")"
}

scrub_copies() { # of services without a dump: in a container of the image that only waits
  local one mode kind name directory container='' ready=true
  while IFS='	' read -r one mode kind; do
    [ "$mode" != dump ] && [ -n "$(scrubs "$one")" ] || continue
    while IFS='	' read -r _ _ name directory; do
      [ ! -d "$directory.xdevops-new" ] || printf '%s\t%s\n' "$name" "$directory.xdevops-new"
    done <"$work/places" >"$work/filled"
    start_trial "$one" "$work/filled" idle
    scrub "$one"
    remove_trial
  done <"$work/services"
}
