# --- step compose: a Compose that is new enough, which Debian 12 does not have ------------------------------------------
# Needs core. Ends the program when there is none to be had.
# In this order: what the server's own sources have; Docker's repository; the next Debian release, on the mirror that the server uses.

readonly docker_repository=https://download.docker.com/linux
readonly docker_key_sum=1500c1f56fa9e26b9b8f42452a553675796ade0807cdce11975eb98170b3a570
readonly compose_source=/etc/apt/sources.list.d/xdevops-compose.list compose_pins=/etc/apt/preferences.d/xdevops-compose

step_compose() { ensure "install Compose $oldest_compose or newer" compose_is_there install_compose; }

compose_is_there() { at_least "$(docker compose version --short | sed 's/^v//')" "$oldest_compose"; }

install_compose() {
  update_lists
  install_candidate || from_docker || from_next_debian ||
    finish UNAVAIL "no Compose $oldest_compose is in this server's package sources, and neither Docker's repository nor a newer Debian can be reached.\
 Install the plugin docker-compose by hand, then run this again"
}

install_candidate() { # the newest that apt knows by any of its names
  local package candidate
  for package in docker-compose-plugin docker-compose-v2 docker-compose; do
    candidate=$(apt-cache policy "$package" | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([0-9][0-9.]*\).*/\2/p')
    ! at_least "$candidate" "$oldest_compose" || { get install --no-install-recommends "$package" && compose_is_there && return; }
  done
  return 1
}

from_docker() {
  local distribution codename key=/etc/apt/keyrings/xdevops-docker.asc
  distribution=$(sed -n 's/^ID=//p' /etc/os-release)
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  mkdir -p /etc/apt/keyrings
  # apt's own downloader: it checks the sum, and is there before curl.
  timeout 60 /usr/lib/apt/apt-helper -o Acquire::Retries=1 -o Acquire::https::Timeout=15 download-file \
    "$docker_repository/$distribution/gpg" "$key" "SHA256:$docker_key_sum" || { rm -f "$key" && return 1; }
  chmod 644 "$key"
  try_source 'origin download.docker.com' "deb [signed-by=$key] $docker_repository/$distribution $codename stable"
}

from_next_debian() { # its package needs no newer libraries than Debian 12 has
  local mirror
  grep -qx 'ID=debian' /etc/os-release || return 1
  # shellcheck disable=SC2016 # apt's own placeholders
  mirror=$(apt-get indextargets --format '$(ORIGIN)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "bookworm" && $3 == "main" { print $4; exit }')
  [ -n "$mirror" ] && try_source 'release n=trixie' "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main"
}

try_source() { # PIN LINE: leaves nothing if it has no Compose
  packages_pins | sed "s/SOURCE/$1/" >"$compose_pins"
  printf '%s\n' "$2" >"$compose_source"
  ! { get update -o Dir::Etc::SourceList="$compose_source" -o Dir::Etc::SourceParts=/dev/null -o APT::Get::List-Cleanup=0 && install_candidate; } || return 0
  rm -f "$compose_pins" "$compose_source"
  return 1
}
