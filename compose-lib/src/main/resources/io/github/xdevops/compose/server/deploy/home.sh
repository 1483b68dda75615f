# --- the home of a persistent environment -----------------------------------------------------------------------------
# Needs core/answer, core/files, deploy/mounts. Ends the program if a home cannot be used.

check_home() { # refuses the home of another project: its compose file would be replaced, and removed with either of them
  local other theirs
  [ -n "$home" ] || return 0
  for other in "$state"/*/manifest.json; do
    [ "$other" != "$dir/manifest.json" ] && theirs=$(sed -n 's/^"home": "\(.*\)",$/\1/p' "$other" 2>/dev/null) &&
      [ -n "$theirs" ] || continue
    other=${other%/*}
    [ "$theirs" != "$home" ] && ! [ "$theirs" -ef "$home" ] ||
      finish DATA "home-of-project $home ${other##*/}"
  done
}

prepare_home() { # creates the home and its directories, PATH:USER:GROUP:MODE each; sets give to those that only root gives away
  local real_home wanted place owner mode within
  mkdir -p "$home" || fail_io create "$home"
  [ -O "$home" ] || finish NOPERM "$home belongs to another user than $(id -un)"
  real_home=$(cd -P "$home" && pwd -P) || fail_io enter "$home"
  [ -z "$gate_home" ] || case $real_home/ in
  "$(cd -P "$gate_home" && pwd -P)"/*) ;;
  *) finish NOPERM "$home leads out of $gate_home" ;;
  esac
  for wanted in $(printf '%s' "$directories" | tr ',' ' '); do
    place=$home/${wanted%%:*} owner=${wanted#*:}
    mode=${owner##*:} owner=${owner%:*}
    within=$place
    until [ -d "$within" ]; do within=${within%/*}; done
    # Containers may have created links.
    case $(cd -P "$within" && pwd -P)/ in "$real_home"/*) ;; *) finish NOPERM "$within leads out of $home" ;; esac
    mkdir -p "$place" || fail_io create "$place"
    { has_mode || chmod "$mode" "$place"; } 2>/dev/null && { has_owner || chown "${owner%:}" "$place"; } 2>/dev/null || give="$give $wanted"
  done
}

has_mode() { [ -z "$mode" ] || [ "$(stat -c %a "$place")" = "${mode#0}" ]; }

has_owner() { # by numbers or names; true if none is wanted
  case $owner in
  :) ;;
  *:) case $(stat -c ' %u %U ' "$place") in *" ${owner%:} "*) ;; *) false ;; esac ;;
  *) case $(stat -c ' %u:%g %U:%G %u:%G %U:%g ' "$place") in *" $owner "*) ;; *) false ;; esac ;;
  esac
}

give_directories() { # through Docker, whose daemon is root; false, with problem, if it could not
  local wanted place owner mode filler
  [ -n "$give" ] || return 0
  make_filler --mount "type=bind,\"source=$home\",target=/.compose-home" || return 1
  for wanted in $give; do
    place=$home/${wanted%%:*} owner=${wanted#*:}
    mode=${owner##*:} owner=${owner%:*}
    set -- ${mode:+"--mode=$mode"}
    case $owner in :*) ;; *) set -- "$@" "--owner=${owner%%:*}" ;; esac
    case $owner in *:) ;; *) set -- "$@" "--group=${owner#*:}" ;; esac
    tar -C "$home" --no-recursion "$@" -cf - "${wanted%%:*}" 2>/dev/null | docker cp - "$filler:/.compose-home" >/dev/null
    { has_mode && has_owner; } || problem="cannot give $place to $owner as $(id -un); do it once by hand: chown $owner $place"
  done
  drop_filler && give='' && [ -z "$problem" ]
}

show_at_home() { # so that `docker compose` works there
  [ -n "$m_home" ] || return 0
  is_shown || keep_owners_file "$m_home"
  # Links are not followed.
  { rm -f "$m_home/.docker-compose.new" && (set -C && at_home "$dir/docker-compose.yml" >"$m_home/.docker-compose.new") &&
    replace "$m_home/.docker-compose.new" "$m_home/docker-compose.yml"; } || fail_io write "$m_home/docker-compose.yml"
}

at_home() { # FILE: prints it with the paths of its mounted files in the record, which awk reads by the name where
  where=$dir awk "$(home_awk)" "$1"
}

hide_at_home() { # the data in a home is kept; the compose file there is removed if we have deployed it
  [ -z "$m_home" ] || ! is_shown || rm -f "$m_home/docker-compose.yml"
}

is_shown() { # is the compose file in the home one that a deploy has written there?
  local shown file
  [ -f "$m_home/docker-compose.yml" ] || return 1
  shown=$(sha256sum <"$m_home/docker-compose.yml")
  for file in "$dir/docker-compose.yml" "$dir/docker-compose.previous.yml"; do
    if [ -f "$file" ] && [ "$(at_home "$file" | sha256sum)" = "$shown" ]; then return; fi
  done
  return 1
}

keep_owners_file() { # HOME: a copy of a compose file that is not ours, named by its content
  local copy
  [ -f "$1/docker-compose.yml" ] || return 0
  copy=$1/docker-compose.yml.before-$(sha256sum <"$1/docker-compose.yml" | cut -c 1-8)
  [ -f "$copy" ] || { cp -p "$1/docker-compose.yml" "$copy.new" && flush "$copy.new" && mv "$copy.new" "$copy"; } ||
    fail_io write "$copy"
  printf '%s\n' "the compose file that was in $1 is kept as ${copy##*/}"
}
