# --- teardown: the only one there is ---------------------------------------------------------------------------------

teardown() { # false, with the record kept, while anything of the project is left
  if [ -d "$dir" ]; then
    read_lease "$dir"
    now >"$dir/removing" && flush "$dir/removing" "$dir" || io write "$dir/removing"
    grace='-t 2'
    [ "$lease" != forever ] || grace=''
  else
    grace='-t 2'
  fi
  empty=$state/.staging/.empty.$$ # an empty directory: without a file Compose would climb to the parents and take theirs
  mkdir -p "$empty" || io create "$empty"
  # shellcheck disable=SC2086 # grace is two words or none
  (cd "$empty" && compose down --volumes --remove-orphans $grace) >&2
  rmdir "$empty"
  remains=$(left_overs "$project") || return 1
  if [ -n "$remains" ]; then
    docker ps -aq --filter "label=$label=$project" | xargs -r docker rm -f -v >&2
    docker network ls -q --filter "label=$label=$project" | xargs -r docker network rm >&2
    docker volume ls -q --filter "label=$label=$project" | xargs -r docker volume rm >&2
    remains=$(left_overs "$project") || return 1
    [ -z "$remains" ] || return 1
  fi
  [ -d "$dir" ] || return 0
  # The data in a home are the user's; the compose file there was ours.
  load_manifest "$dir"
  [ -z "$m_home" ] || rm -f "$m_home/docker-compose.yml"
  trash=$state/.trash/$project.$$.$(now)
  mv "$dir" "$trash" && flush "$state" && rm -rf "$trash"
}
