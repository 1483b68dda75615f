# shellcheck shell=bash
# A Docker Engine of our own beside one that the machine may have: own containerd, data, socket, bridge and cgroup.
# Shared with the machine's Docker, because the names are fixed in the engine: the iptables chains DOCKER*, the FORWARD policy, and
# net.ipv4.ip_forward. Rules of ours name our bridges, and `down` takes out only those; chains, policy and forwarding are put back only
# when no Docker had made chains before the first `up`. A starting dockerd empties the shared chains, so `up` puts the other one's rules
# back a moment later: that long its published ports may not answer.

BRIDGE="compose-it0"       # not --bridge=none: at its start that deletes the machine's docker0
BRIDGE_NET=10.202.0.1/24   # containers without a network of their own, hence RUN in `docker build`
POOL=10.201.0.0/16         # /26 each: 1024 networks instead of the 26 of the default pools
CGROUP=${RUN##*/}            # everything in it is ours, whatever became of the engine

private_docker() { "$RUN/client/docker" "$@"; }
engine_up() { alive containerd && alive engine && private_docker version >/dev/null 2>&1; }

start_engine() {
  write_engine_configuration
  write_client
  if alive containerd && alive engine && until_true 5 private_docker version; then return; fi
  # Without its engine or containerd the half that lives is of no use. Containers end with dockerd's start, as after a crash anywhere.
  stop engine
  alive containerd || kill_leftovers
  note_firewall
  if ! ip link show "$BRIDGE" >/dev/null 2>&1; then
    ip link add name "$BRIDGE" type bridge
    ip address add "$BRIDGE_NET" dev "$BRIDGE"
  fi
  ip link set "$BRIDGE" up

  local dir path=$DIST/usr/bin:$DIST/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  for dir in containerd docker; do [ -e "/run/$dir" ] || remember "made/run-$dir"; done # fixed names in both, for shims and plugins
  if ! alive containerd; then
    step "starting containerd"
    start containerd env PATH="$path" "$DIST/usr/bin/containerd" --config "$RUN/etc/containerd.toml"
    wait_for containerd 30 test -S "$RUN/containerd.sock"
  fi
  local nat filter
  nat=$(rules_of_others nat) filter=$(rules_of_others filter)
  rm -f "$RUN/docker.pid" # a stale one with a number in use again keeps dockerd from starting
  step "starting dockerd"
  start engine env -u DOCKER_HOST PATH="$path" "$DIST/usr/sbin/dockerd" --config-file "$RUN/etc/daemon.json"
  wait_for engine 60 private_docker version
  put_back nat "$nat"
  put_back filter "$filter"
  # Traefik's provider backs off for up to a minute after losing the engine: a new one is quicker.
  stop traefik
}

write_engine_configuration() {
  cat >"$RUN/etc/containerd.toml" <<TOML
version = 2
root = "$RUN/containerd"
state = "$RUN/containerd-state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$RUN/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$RUN/containerd/opt"
TOML
  # With address pools dockerd deletes docker0 when it starts for the second time, unless containers outlive it (live-restore). So they
  # do where docker0 is another Docker's; elsewhere they end with dockerd, as on most servers.
  local live_restore=false
  [ ! -e /sys/class/net/docker0 ] || live_restore=true
  # A file of our own, lest /etc/docker/daemon.json is read; the key path keeps the engine from writing /etc/docker/key.json.
  cat >"$RUN/etc/daemon.json" <<JSON
{
  "hosts": ["unix://$SOCKET"],
  "group": "$LOGIN",
  "containerd": "$RUN/containerd.sock",
  "data-root": "$RUN/docker",
  "exec-root": "$RUN/docker-exec",
  "pidfile": "$RUN/docker.pid",
  "deprecated-key-path": "$RUN/etc/docker-key.json",
  "userland-proxy-path": "$DIST/usr/sbin/docker-proxy",
  "bridge": "$BRIDGE",
  "default-address-pools": [{"base": "$POOL", "size": 26}],
  "live-restore": $live_restore,
  "cgroup-parent": "/$CGROUP",
  "exec-opts": ["native.cgroupdriver=cgroupfs"],
  "log-opts": {"max-size": "5m"}
}
JSON
}

# Two ways to the same command: in the login user's PATH the plain CLI with the plugin in ~/.docker, as on any server; for tests a
# wrapper that needs nothing from its environment. ($RUN/bin holds no wrapper: `docker login` must write to the user's own home.)
write_client() {
  ln -sfn "$DIST/usr/bin/docker" "$RUN/bin/docker"
  local compose=$DIST/usr/libexec/docker/cli-plugins/docker-compose home
  for home in "$HOME_DIR/.docker" "$RUN/client/config"; do
    mkdir -p "$home/cli-plugins"
    ln -sfn "$compose" "$home/cli-plugins/docker-compose"
  done
  chown -R "$LOGIN:$LOGIN" "$HOME_DIR/.docker"
  cat >"$RUN/client/docker" <<SH
#!/bin/sh
export DOCKER_HOST=unix://$SOCKET
export DOCKER_CONFIG="\${DOCKER_CONFIG:-$RUN/client/config}"
unset DOCKER_CONTEXT
exec $DIST/usr/bin/docker "\$@"
SH
  chmod 755 "$RUN/client/docker"
}

# Before the first dockerd, so that `down` can put back what was there.
note_firewall() {
  [ ! -e "$RUN/made/firewall" ] || return 0
  iptables-save 2>/dev/null | grep -q '^:DOCKER' && return
  remember made/firewall "$(cat /proc/sys/net/ipv4/ip_forward) $(iptables -S FORWARD | sed -n 's/^-P FORWARD //p')"
}

our_bridges() {
  ip -o -4 address show 2>/dev/null | awk -v own="$BRIDGE" -v pool="^${POOL%.0.0/16}[.]" '$2 == own || ($2 ~ /^br-/ && $4 ~ pool) { print $2 }'
}

# A pattern for the rules that this engine made: those with a bridge or an address of ours.
our_rules() {
  local bridge pattern="[ /](${BRIDGE_NET%.1/24}\.|${POOL%.0.0/16}\.)"
  for bridge in $(our_bridges); do pattern="$pattern|-[io] $bridge( |\$)"; done
  echo "$pattern"
}
rules_of_others() { iptables-save -t "$1" | grep '^-A DOCKER' | grep -Ev "$(our_rules)|^-A DOCKER-[^ ]* -j RETURN\$" || true; }

# put_back TABLE RULES: those that are gone, in their order, at the head of their chains.
put_back() {
  local lost
  lost=$(grep -vxF -f <(iptables-save -t "$1") <<<"$2") || return 0
  { echo "*$1"; tac <<<"$lost" | sed 's/^-A/-I/'; echo COMMIT; } | iptables-restore --noflush
}

remove_engine() {
  # After a crash the engine is started once more: only it knows every network and mount of the containers.
  if [ -e "$RUN/docker" ] && ! engine_up; then (start_engine) || true; fi
  if engine_up; then
    step "removing containers and networks"
    private_docker ps -aq | xargs -r "$RUN/client/docker" rm -f -v >/dev/null || true
    private_docker network ls -q --filter type=custom | xargs -r "$RUN/client/docker" network rm >/dev/null || true
  fi
  stop engine
  stop containerd
  kill_leftovers
  awk -v below="$RUN/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l || true # one may lie below another mount
  if command -v iptables-save >/dev/null && command -v ip >/dev/null; then remove_from_network; fi
  if [ -e "$RUN/made/run-containerd" ] && [ ! -S /run/containerd/containerd.sock ]; then rm -rf /run/containerd; fi
  if [ -e "$RUN/made/run-docker" ]; then rmdir /run/docker/plugins /run/docker 2>/dev/null || true; fi
}

# By where the program lies and by cgroup, never by name: shims outlive their containerd, containers outlive both.
kill_leftovers() {
  local proc exe pids dir
  for proc in /proc/[0-9]*; do
    exe=$(readlink "$proc/exe" 2>/dev/null) || continue
    case $exe in "$DIST"/usr/bin/containerd-shim* | "$DIST"/usr/sbin/docker-proxy) kill -KILL "${proc#/proc/}" 2>/dev/null || true ;; esac
  done
  for dir in /sys/fs/cgroup/"$CGROUP" /sys/fs/cgroup/*/"$CGROUP"; do
    [ -d "$dir" ] || continue
    pids=$(find "$dir" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u) || true
    # shellcheck disable=SC2086  # one word per process
    [ -z "$pids" ] || kill -KILL $pids 2>/dev/null || true
    until_true 5 no_process_in "$dir" || true
    find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}
no_process_in() { [ -z "$(find "$1" -name cgroup.procs -exec cat {} +)" ]; }

remove_from_network() {
  local bridge table pattern forward policy
  pattern=$(our_rules) # while the bridges can still be told by their addresses
  for bridge in $(our_bridges); do ip link delete "$bridge" || true; done
  for table in nat filter; do
    { echo "*$table"; iptables-save -t "$table" | grep -E "^-A.*($pattern)" | sed 's/^-A/-D/'; echo COMMIT; } | iptables-restore --noflush || true
  done
  [ -e "$RUN/made/firewall" ] || return 0
  for table in nat filter; do
    { echo "*$table"
      iptables-save -t "$table" | sed -nE '/^-A.* -j DOCKER/s/^-A/-D/p'
      iptables-save -t "$table" | sed -nE 's/^:(DOCKER[^ ]*) .*/-F \1/p'
      iptables-save -t "$table" | sed -nE 's/^:(DOCKER[^ ]*) .*/-X \1/p'
      echo COMMIT; } | iptables-restore --noflush || true
  done
  read -r forward policy <"$RUN/made/firewall"
  iptables -P FORWARD "$policy"
  echo "$forward" >/proc/sys/net/ipv4/ip_forward
}

containerd_status() {
  alive containerd || { report containerd DOWN ''; return 1; }
  report containerd up "pid $(pid_of containerd)  $("$DIST/usr/bin/containerd" --version | cut -d' ' -f3)  $RUN/containerd.sock"
}
engine_status() {
  engine_up || { report engine DOWN ''; return 1; }
  report engine up "pid $(pid_of engine)  $(private_docker version --format '{{.Server.Version}}')  unix://$SOCKET"
}
compose_status() {
  local version
  version=$(private_docker compose version --short 2>/dev/null) || { report compose DOWN ''; return 1; }
  report compose up "$version  $RUN/client/docker"
}
