# --- deploy: registries -----------------------------------------------------------------------------------------------
# Credentials come with the deploy, on standard input before the bundle: name, user and password of each of $logins registries, one
# per line. They are removed when the worker ends; nothing is written to ~/.docker of the login user.
# Needs core/docker. log_in ends the program when a registry refuses.

read_logins() { # byte by byte, so that the bundle stays in the pipe; sets credentials
  credentials=''
  [ "$logins" -gt 0 ] || return 0
  # shellcheck disable=SC2016 # for the inner shell
  credentials=$(timeout -k 5 "$longest_upload" /bin/sh -c 'ulimit -v 131072 2>/dev/null; lines=$1
    while [ "$lines" -gt 0 ] && IFS= read -r line; do printf "%s\n" "$line" && lines=$((lines - 1)); done' sh $((logins * 3)) && echo .)
  credentials=${credentials%.}
}

keep_logins() { # after taking the lock that shows that the worker is alive
  [ -z "$credentials" ] || printf '%s' "$credentials" >"$staging/login" || { rm -rf "$staging" && fail_io write "$staging"; }
}

log_in() { # into a Docker configuration for this deploy only; sets registry_config and secrets
  local usual kept registry user password
  [ -f "$staging/login" ] || return 0
  # shellcheck disable=SC2031 # nothing lasting changes it
  usual=${DOCKER_CONFIG:-${HOME:-}/.docker}
  registry_config=$staging/docker
  mkdir "$registry_config" || fail_io create "$registry_config"
  # What else Docker and Compose read there.
  for kept in cli-plugins contexts; do
    [ ! -d "$usual/$kept" ] || ln -s "$(cd "$usual/$kept" && pwd)" "$registry_config/$kept" || fail_io write "$registry_config"
  done
  # The owner's logins stay valid, but nothing is written to a shared credential store.
  [ ! -f "$usual/config.json" ] ||
    sed 's/"credsStore" *: *"[^"]*"/"credsStore": ""/; s/"credHelpers"/"credHelpersOfOthers"/' "$usual/config.json" \
      >"$registry_config/config.json" || fail_io write "$registry_config"
  while IFS= read -r registry && IFS= read -r user && IFS= read -r password; do
    case $registry in '' | -* | *[!a-zA-Z0-9.:/_-]*) finish USAGE "the registry is not acceptable: $registry" ;; esac
    case $user in '' | -*) finish USAGE "the user for the registry $registry is not acceptable" ;; esac
    if [ ${#password} -ge 6 ]; then # a shorter one appears by chance in other text
      printf '%s\n' "$password" >>"$staging/secrets" || fail_io write "$staging/secrets"
      secrets=$staging/secrets
    fi
    log_in_at "$registry" "$user" "$password"
  done <"$staging/login"
  rm -f "$staging/login"
}

log_in_at() { # REGISTRY USER PASSWORD
  local refused
  # shellcheck disable=SC2030,SC2031 # for this one call
  refused=$(export DOCKER_CONFIG="$registry_config" &&
    printf '%s\n' "$3" | docker login --username "$2" --password-stdin "$1" 2>&1) && return
  case $refused in
  *nauthorized* | *ncorrect* | *denied*) finish NOPERM "the registry $1 does not let $2 in: $(printf '%s\n' "$refused" | tail -n 1)" ;;
  esac
  finish UNAVAIL "docker login at the registry $1 failed: $(printf '%s\n' "${refused:-no answer}" | tail -n 1)"
}
