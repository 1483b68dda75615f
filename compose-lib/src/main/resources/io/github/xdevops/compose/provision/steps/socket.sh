# --- step socket: Docker's API for Traefik, read-only -------------------------------------------------------------------
# Needs core. ensure ends the program when it fails.
# Who may write to Docker's socket is root. Traefik faces the internet, so it gets a socket that answers what it has to ask.

step_socket() {
  [ -z "$kept" ] || return 0
  ensure_file "$etc/docker-api.cfg" 644 docker_api_cfg
  ensure_file /etc/systemd/system/xdevops-docker-api.service 644 docker_api_service
  ensure 'start the read-only Docker API' socket_runs start_socket
}

socket_runs() {
  systemctl -q is-enabled xdevops-docker-api && has_read xdevops-docker-api "$etc/docker-api.cfg" &&
    has_read xdevops-docker-api /etc/systemd/system/xdevops-docker-api.service && [ -S /run/xdevops/docker.sock ]
}
start_socket() {
  systemctl daemon-reload && systemctl enable xdevops-docker-api && systemctl restart xdevops-docker-api
}
