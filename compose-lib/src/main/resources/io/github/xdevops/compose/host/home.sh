# --- the home of a stack that stays ---------------------------------------------------------------------------------

check_home() { # refuse that of another project: its compose file would be replaced, and removed by whichever goes first
  [ -n "$home" ] || return 0
  for other in "$state"/*/manifest.json; do
    [ "$other" != "$dir/manifest.json" ] && theirs=$(sed -n 's/^"home": "\(.*\)",$/\1/p' "$other" 2>/dev/null) && [ -n "$theirs" ] || continue
    # shellcheck disable=SC3013 # dash, bash and busybox have it
    [ "$theirs" != "$home" ] && ! [ "$theirs" -ef "$home" ] ||
      finish DATA "$home is the home of the project $(basename "$(dirname "$other")") on this server; choose another compose.home"
  done
}

prepare_home() { # make the home and the directories in it, PATH:UID:GID:MODE each, as their owners need them
  mkdir -p "$home" || io create "$home"
  [ -O "$home" ] || finish NOPERM "$home belongs to another user than $(id -un)"
  for wanted in $(printf '%s' "$directories" | tr ',' ' '); do
    place=$home/${wanted%%:*} owner=${wanted#*:}
    mode=${owner##*:} owner=${owner%:*}
    mkdir -p "$place" || io create "$place"
    chmod "$mode" "$place" || [ "$(stat -c %a "$place")" = "${mode#0}" ] || finish NOPERM "cannot give $place the mode $mode"
    [ "$(stat -c %u:%g "$place")" = "$owner" ] || chown "$owner" "$place" 2>/dev/null ||
      finish NOPERM "cannot give $place to $owner as $(id -un); do it once by hand: chown $owner $place"
  done
}

show_at_home() { # so that people can work there with docker compose
  [ -z "$m_home" ] || { cp "$dir/docker-compose.yml" "$m_home/.docker-compose.new" && replace "$m_home/.docker-compose.new" "$m_home/docker-compose.yml"; } || io write "$m_home/docker-compose.yml"
}
