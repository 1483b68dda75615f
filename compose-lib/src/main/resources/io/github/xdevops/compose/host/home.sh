# --- the home of a stack that stays ---------------------------------------------------------------------------------

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
