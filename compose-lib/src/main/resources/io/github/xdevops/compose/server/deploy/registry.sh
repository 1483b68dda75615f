# --- registries ------------------------------------------------------------------------------------------------------

# Who pulls comes with the deploy: on standard input before the bundle, for each of $logins registries its name, user and
# password, a line each. It is gone when the worker ends; nothing is written to what the login user keeps in ~/.docker.

registry_config=''

read_logins() { # byte by byte, so that the bundle stays in the pipe
  credentials=''
  [ "$logins" -gt 0 ] || return 0
  # shellcheck disable=SC2016 # for the inner shell
  credentials=$(timeout -k 5 "$longest_upload" /bin/sh -c 'lines=$1
    while [ "$lines" -gt 0 ] && IFS= read -r line; do printf "%s\n" "$line" && lines=$((lines - 1)); done' sh $((logins * 3)) && echo .)
  credentials=${credentials%.}
}

keep_logins() { # not before the lock that tells whether the worker is alive
  [ -z "$credentials" ] || printf '%s' "$credentials" >"$staging/login" || { rm -rf "$staging" && io write "$staging"; }
}

log_in() { # into a configuration of Docker's that nobody else uses
  [ -f "$staging/login" ] || return 0
  # shellcheck disable=SC2031 # nothing lasting changes it
  usual=${DOCKER_CONFIG:-${HOME:-}/.docker}
  registry_config=$staging/docker
  mkdir "$registry_config" || io create "$registry_config"
  # What else Docker and Compose look for there.
  for kept in cli-plugins contexts; do
    [ ! -d "$usual/$kept" ] || ln -s "$(cd "$usual/$kept" && pwd)" "$registry_config/$kept" || io write "$registry_config"
  done
  # The owner's own logins stay valid, but a store that others share gets nothing.
  [ ! -f "$usual/config.json" ] ||
    sed 's/"credsStore" *: *"[^"]*"/"credsStore": ""/; s/"credHelpers"/"credHelpersOfOthers"/' "$usual/config.json" >"$registry_config/config.json" || io write "$registry_config"
  while IFS= read -r registry && IFS= read -r user && IFS= read -r password; do
    case $registry in '' | -* | *[!a-zA-Z0-9.:/_-]*) finish USAGE "the registry is not acceptable: $registry" ;; esac
    case $user in '' | -*) finish USAGE "the user for the registry $registry is not acceptable" ;; esac
    if [ ${#password} -ge 6 ]; then # what is shorter stands by chance in other words
      printf '%s\n' "$password" >>"$staging/secrets" || io write "$staging/secrets"
      secrets=$staging/secrets
    fi
    # shellcheck disable=SC2030,SC2031 # for this one call
    refused=$(export DOCKER_CONFIG="$registry_config" && printf '%s\n' "$password" | docker login --username "$user" --password-stdin "$registry" 2>&1) || {
      case $refused in
      *nauthorized* | *ncorrect* | *denied*) finish NOPERM "the registry $registry does not let $user in: $(printf '%s\n' "$refused" | tail -n 1)" ;;
      esac
      finish UNAVAIL "docker login at the registry $registry failed: $(printf '%s\n' "${refused:-no answer}" | tail -n 1)"
    }
  done <"$staging/login"
  rm -f "$staging/login"
}
