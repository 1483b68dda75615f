# shellcheck shell=bash
# Not root on Debian 12: nothing is installed or started. A Docker that is there is passed on to those tests that need no SSH server.

here_is_bare_debian() {
  # shellcheck source=/dev/null
  [ -r /etc/os-release ] && . /etc/os-release
  [ "${ID:-}-${VERSION_ID:-}" = debian-12 ] && [ "$(id -u)" = 0 ]
}

docker_is_usable() { docker version >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

elsewhere_up() {
  cat >&2 <<'NOTICE'
it/server makes its test server only as root on Debian 12 (a virtual machine or a privileged container will do).
NOTICE
  docker_is_usable || die "and no usable Docker is here: install Docker Engine 20.10 or newer with the Compose v2 plugin, and let this user use it"
  cat >&2 <<'NOTICE'
The Docker that is here is used as it is. UNCHECKED: everything over SSH, and everything through Traefik.
NOTICE
}

elsewhere_status() {
  docker_is_usable || { report engine DOWN 'no usable docker with compose'; return 1; }
  report engine up "$(docker version --format '{{.Server.Version}}')  the machine's own"
  report sshd DOWN 'only as root on Debian 12'
  report traefik DOWN 'only as root on Debian 12'
  return 1
}

elsewhere_env() {
  docker_is_usable || die "no usable Docker here, and no test server can be made: needs root on Debian 12"
  printf '%s=%q\n' DOCKER_HOST "$(docker context inspect --format '{{.Endpoints.docker.Host}}')" COMPOSE_IT_DOCKER "$(command -v docker)"
}

elsewhere_restart() { die "only an engine of its own is restarted: as root on Debian 12"; }

elsewhere_down() { step "nothing to take down: this machine's Docker is left as it is"; }
