# --- Docker -----------------------------------------------------------------------------------------------------------
# Needs core/answer, core/versions. require_docker, require_timeout and fail_daemon end the program.

patience=60 # seconds for one answer of the daemon

# Labels of a container, as Docker's own templates print them.
readonly of_project="{{.Label \"$label\"}}" of_service='{{.Label "com.docker.compose.service"}}'
readonly of_directory='{{.Label "com.docker.compose.project.working_dir"}}'

# A hanging daemon blocks nobody. The locks' descriptors are closed: busybox's timeout outlives the process that it watches.
docker() { timeout -k 5 "$patience" docker "$@" 5>&- 6>&- 9>&-; }

compose() { timeout -k 10 "${left:-$budget}" docker compose --ansi never --progress plain -p "$project" "$@" </dev/null; }

containers() { # PROJECT FORMAT
  docker ps -a --no-trunc --filter "label=$label=$1" --format "$2"
}

left_overs() { # PROJECT: prints a line for each container, network and volume that carries its label
  docker ps -a --filter "label=$label=$1" --format 'container {{.Names}}' &&
    docker network ls --filter "label=$label=$1" --format 'network {{.Name}}' &&
    docker volume ls --filter "label=$label=$1" --format 'volume {{.Name}}'
}

require_timeout() { command -v timeout >/dev/null || finish UNAVAIL "timeout is missing on the server; install coreutils"; }

require_docker() {
  local patience=20 said version
  (unset -f docker && command -v docker >/dev/null) ||
    finish UNAVAIL "docker is not installed on the server, or not in the PATH of a non-interactive login ($PATH)"
  case ${DOCKER_HOST:-} in tcp:* | ssh:* | http*:*) finish UNAVAIL "$DOCKER_HOST is the Docker daemon of another machine" ;; esac
  said=$(docker version --format '{{.Server.Version}}' 2>&1 >/dev/null) || {
    case $? in 124 | 137) said='' ;; esac
    finish UNAVAIL "the Docker daemon does not answer: ${said:-nothing for 20 s}"
  }
  case $said in *odman*) finish UNAVAIL "docker on the server is Podman, which is not supported; install Docker Engine" ;; esac
  patience=60
  version=$(docker compose version --short 2>/dev/null) ||
    finish UNAVAIL "Docker Compose v2 is missing on the server; install the docker-compose-plugin package"
  [ "$(printf '%s\n%s\n' "$oldest_compose" "${version%%[-+]*}" | sed 's/^v//' | sort -V | head -n 1)" = "$oldest_compose" ] ||
    finish UNAVAIL "Docker Compose on the server is $version, and at least $oldest_compose is needed"
}
