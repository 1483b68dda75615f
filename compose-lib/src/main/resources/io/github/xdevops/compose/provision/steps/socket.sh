# --- step socket: Docker's API for Traefik, read-only -------------------------------------------------------------------
# Needs core. ensure ends the program when it fails.
# Who may write to Docker's socket is root. Traefik faces the internet, so it gets a socket that answers what it has to ask.

readonly api_config=$etc/docker-api.cfg api_unit=/etc/systemd/system/xdevops-docker-api.service

step_socket() {
  [ -z "$kept" ] || return 0
  ensure_file "$api_config" 644 docker_api_cfg
  ensure_file "$api_unit" 644 docker_api_service
  ensure 'start the read-only Docker API' socket_runs start_socket
}

socket_runs() {
  systemctl -q is-enabled xdevops-docker-api && has_read xdevops-docker-api "$api_config" &&
    has_read xdevops-docker-api "$api_unit" && [ -S /run/xdevops/docker.sock ]
}
start_socket() {
  systemctl daemon-reload && systemctl enable xdevops-docker-api && systemctl restart xdevops-docker-api &&
    mark_read xdevops-docker-api "$api_config" && mark_read xdevops-docker-api "$api_unit"
}
