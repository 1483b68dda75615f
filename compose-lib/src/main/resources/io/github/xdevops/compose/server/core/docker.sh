# --- Docker ----------------------------------------------------------------------------------------------------------

# A daemon that hangs holds nobody up. Without the locks, because the timeout of busybox outlives what it watched.
patience=60
docker() { timeout -k 5 "$patience" docker "$@" 5>&- 6>&- 9>&-; }

containers() { docker ps -a --no-trunc --filter "label=$label=$1" --format "$2"; }

left_overs() { # PROJECT: one line for each container, network and volume that carries its label
  docker ps -a --filter "label=$label=$1" --format 'container {{.Names}}' && docker network ls --filter "label=$label=$1" --format 'network {{.Name}}' &&
    docker volume ls --filter "label=$label=$1" --format 'volume {{.Name}}'
}

require_docker() {
  (unset -f docker && command -v docker >/dev/null) || finish UNAVAIL "docker is not installed on the server, or not in the PATH of a non-interactive login ($PATH)"
  docker_error=$(patience=20 && docker version --format '{{.Server.Version}}' 2>&1 >/dev/null) || {
    case $? in 124 | 137) docker_error='' ;; esac
    finish UNAVAIL "the Docker daemon does not answer: ${docker_error:-nothing for 20 s}"
  }
  case $docker_error in *odman*) finish UNAVAIL "docker on the server is Podman, which does not know enough of it; install Docker Engine" ;; esac
  compose_version=$(docker compose version --short 2>/dev/null) || finish UNAVAIL "Docker Compose v2 is missing on the server; install the docker-compose-plugin package"
  compose_version=${compose_version#v}
  [ "$(printf '%s\n%s\n' "$oldest_compose" "${compose_version%%[-+]*}" | sort -V | head -n 1)" = "$oldest_compose" ] ||
    finish UNAVAIL "Docker Compose on the server is $compose_version, and at least $oldest_compose is needed"
}

require_timeout() { command -v timeout >/dev/null || finish UNAVAIL "timeout is missing on the server; install coreutils"; }

compose() { timeout -k 10 "${left:-$budget}" docker compose --ansi never --progress plain -p "$project" "$@" </dev/null; }
