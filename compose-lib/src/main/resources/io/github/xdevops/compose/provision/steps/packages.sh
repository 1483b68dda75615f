# --- step packages: Docker, and what Debian and Ubuntu have of the rest ------------------------------------------------
# Needs core. ensure ends the program when it fails.

readonly tools='ca-certificates curl haproxy iproute2 iptables jq logrotate nftables'

step_packages() {
  ensure 'install Docker' docker_is_there install_docker
  # shellcheck disable=SC2086 # names of packages
  ensure "install $tools" tools_are_there install_tools
  ensure 'start Docker' docker_answers start_docker
}

# A Docker that is there stays, from wherever it came.
docker_is_there() { command -v dockerd && at_least "$(dockerd --version | sed 's/.*version \([0-9.]*\).*/\1/')" 20.10; }
install_docker() {
  local also=''
  # Where the kernel has it, Docker starts no container without its tools.
  ! grep -qs Y /sys/module/apparmor/parameters/enabled || also=apparmor
  # shellcheck disable=SC2086
  update_lists && get install --no-install-recommends docker.io $also
}

# shellcheck disable=SC2086
tools_are_there() { packages_there $tools; }
# shellcheck disable=SC2086
install_tools() { update_lists && get install --no-install-recommends $tools; }

docker_answers() { systemctl -q is-enabled docker && timeout 20 docker version; }
start_docker() {
  systemctl reset-failed docker
  systemctl enable --now docker
}
