# --- the facts, as they are printed ---------------------------------------------------------------------------------------
fact() { printf 'fact %s %s\n' "$1" "$(printf '%s' "$2" | tr '\000-\037\177' ' ')"; }

facts() { # KEY: one for each line of standard input
  local line
  while IFS= read -r line || [ -n "$line" ]; do [ -z "$line" ] || fact "$1" "$line"; done
}

has() { command -v "$1" >/dev/null 2>&1; }

# Docker may hang, and timeout may be missing.
ask_soon() { if has timeout; then timeout -k 1 2 "$@" </dev/null; else false; fi; }
ask() { if has timeout; then timeout -k 2 15 "$@" </dev/null; else "$@" </dev/null; fi; }

clock_facts() {
  fact now "$(date +%s)"
  fact login "$(id -un)"
}

tool_facts() {
  local tool
  for tool in flock timeout awk sed grep find xargs sha256sum sync tar gzip df; do has "$tool" || fact missing "$tool"; done
}

docker_facts() {
  local said
  has docker || { fact docker missing && return 1; }
  said=$(ask docker version --format '{{.Server.Version}}' 2>&1)
  case $?:$said in
  124:* | 137:*) fact docker hangs && return 1 ;;
  0:*) fact engine "$said" ;;
  *ermission\ denied*) fact docker denied && return 1 ;;
  *) fact docker down && fact docker.said "$said" && return 1 ;;
  esac
  fact docker up
  fact compose.oldest "$oldest_compose"
  said=$(ask docker compose version --short 2>/dev/null) && fact compose "${said#v}" || fact compose missing
  ask docker info --format 'root {{.DockerRootDir}}
live-restore {{.LiveRestoreEnabled}}
swarm {{.Swarm.LocalNodeState}}
pools {{range .DefaultAddressPools}}{{.Base}}/{{.Size}} {{end}}
security {{range .SecurityOptions}}{{.}} {{end}}' 2>/dev/null | sed -n 's/^\([a-z-]*\) \{0,1\}\(.*\)$/fact docker.\1 \2/p'
}

network_facts() { # POOLS
  ! has awk || [ ! -r "$root/proc/net/route" ] || fact networks "$(awk -v pools="${1:-default}" "$(networks_awk)" "$root/proc/net/route")"
}

traefik_containers() {
  local id image rest config
  ask docker ps --no-trunc --format '{{.ID}} {{.Image}} {{.Command}}' 2>/dev/null | while read -r id image rest; do
    case ${image##*/}" $rest" in traefik* | *'"traefik'* | *'/traefik'* | *' traefik '*) ;; *) continue ;; esac
    fact traefik "container $id"
    ask docker inspect --format 'traefik.image {{.Config.Image}}
traefik.label {{index .Config.Labels "org.opencontainers.image.version"}}
traefik.mode {{.HostConfig.NetworkMode}}
{{range $name, $_ := .NetworkSettings.Networks}}traefik.network {{$name}}
{{end}}{{range .Mounts}}traefik.mount {{.Source}}
{{end}}{{range .Config.Entrypoint}}traefik.argument {{.}}
{{end}}{{range .Config.Cmd}}traefik.argument {{.}}
{{end}}{{range .Config.Env}}traefik.variable {{.}}
{{end}}' "$id" 2>/dev/null | grep -v '^traefik.variable [^T]' | sed -n 's/^traefik\./fact traefik./p'
    for config in $(config_file "$(ask docker inspect --format '{{join .Config.Entrypoint " "}} {{join .Config.Cmd " "}}' "$id" 2>/dev/null)"); do
      ask docker cp "$id:$config" - 2>/dev/null | tar -xO 2>/dev/null | config_facts "$config"
    done
  done
}

traefik_processes() {
  local process path config
  for process in "$root"/proc/[0-9]*; do
    [ "$(cat "$process/comm" 2>/dev/null)" = traefik ] || continue
    ! grep -q docker "$process/cgroup" 2>/dev/null || continue
    fact traefik "process ${process##*/}"
    fact traefik.mode host
    tr '\000' '\n' <"$process/cmdline" | facts traefik.argument
    path=$(tr '\000' '\n' <"$process/cmdline" | sed -n 1p)
    fact traefik.label "$(ask "$path" version 2>/dev/null | sed -n 's/^Version: *//p')"
    for config in $(config_file "$(tr '\000' ' ' <"$process/cmdline")"); do
      config_facts "$config" 2>/dev/null <"$root$config"
    done
  done
}

config_file() { # ARGUMENTS: prints the one that they name, or those that Traefik looks for
  local found
  found=$(printf '%s\n' "$1" | sed -n 's/.*--[cC]onfig[fF]ile[= ]\([^ ]*\).*/\1/p')
  printf '%s\n' "${found:-/etc/traefik/traefik.yml /etc/traefik/traefik.yaml /etc/traefik/traefik.toml}"
}

config_facts() { # FILE: its lines, with their indentation
  local line
  fact traefik.file "$1"
  while IFS= read -r line || [ -n "$line" ]; do printf 'fact traefik.line %s\n' "$line"; done
}

machine_facts() {
  local place name amount
  for place in "$state" "${1:-}"; do
    while [ -n "$place" ] && [ ! -d "$place" ]; do # a state directory comes with the first deploy
      case $place in */?*) place=${place%/*} ;; *) place=. ;; esac
    done
    [ -n "$place" ] || continue
    fact disk "$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024), int($2 / 1024), $6 }')"
    fact inodes "$(df -Pi "$place" 2>/dev/null | awk 'NR == 2 { print $4 + 0, $2 + 0, $6 }')"
  done
  for place in "${1:-}" /home /backup; do
    [ -z "$place" ] || fact mounted "$place $(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $6 }')"
  done
  while read -r name amount _; do
    case $name in MemAvailable:) fact memory $((amount / 1024)) ;; MemTotal:) fact memory.total $((amount / 1024)) ;; SwapTotal:) fact swap $((amount / 1024)) ;; esac
  done <"$root/proc/meminfo"
  cat "$root/proc/net/tcp" "$root/proc/net/tcp6" 2>/dev/null | awk '$4 == "0A" { print $2 }' | sort -u | facts listen
  cat "$root/etc/ssh/sshd_config.d/"*.conf "$root/etc/ssh/sshd_config" 2>/dev/null |
    sed -n 's/^[ \t]*[Pp]assword[Aa]uthentication[ \t]\{1,\}\([a-z]*\).*/\1/p' | sed -n 1p | facts sshd.password
  [ ! -r "$root/etc/ssh/sshd_config" ] || fact sshd readable
  ! has systemctl || systemctl is-enabled docker docker.socket 2>/dev/null | facts boot
}

egress_facts() { # what containers reach beside the internet: private networks, and a cloud's metadata service
  local own
  own=$(ask docker network ls -q 2>/dev/null | xargs docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}} {{end}}' 2>/dev/null)
  ! has awk || egress_input | awk -v own="$(printf %s "$own" | tr '\n' ' ')" "$(egress_awk)" | sed 's/^/fact /'
  # It tells credentials of the machine to whoever asks.
  ! has bash || ! ask_soon bash -c 'exec 3<>/dev/tcp/169.254.169.254/80' 2>/dev/null || fact metadata reachable
}

egress_input() { # the rules that this login may read: only root sees those of the kernel
  echo '= rules'
  iptables -S 2>/dev/null
  nft list ruleset 2>/dev/null
  ! ask systemctl -q is-active xdevops-firewall >/dev/null 2>&1 || cat "$root/etc/xdevops/firewall.nft" "$root/etc/xdevops/firewall.d/"*.nft 2>/dev/null
  echo '= routes' && cat "$root/proc/net/route" 2>/dev/null
  echo '= addresses' && cat "$root/proc/net/fib_trie" 2>/dev/null
}

record_facts() { # what lies in the state directory
  local kind='' swept='' id project directory
  [ -d "$state" ] || return 0
  fact state there
  [ -O "$state" ] || fact state foreign
  [ -w "$state" ] || fact state read-only
  case $(ls -ld "$state") in drwx------*) ;; *) fact state open ;; esac
  for directory in "$state"/*/; do
    [ ! -f "$directory/removeat" ] || { fact lease there && break; }
  done
  [ ! -f "$state/.host/sweeper" ] || read -r kind _ <"$state/.host/sweeper"
  [ ! -f "$state/.host/swept" ] || read -r swept <"$state/.host/swept"
  [ -z "$kind" ] || fact sweeper "$kind"
  [ -z "$swept" ] || fact swept "$swept"
  cat "$root/var/lib/xdevops/backups/"* 2>/dev/null | facts backup
  [ ! -e "$state/.host/pages.sh" ] || fact pages there
  [ "$kind" != systemd-user ] || [ -e "$root/var/lib/systemd/linger/$(id -un)" ] || fact linger missing
  [ ! -r "$state/.limits" ] || awk "$(limits_awk)" "$state/.limits" | sed -n 's/^limit_/fact limit /p; s/^odd /fact limit.odd /p'
  # A section begins with its name; the judge never sees these lines.
  [ ! -r "$state/.policy" ] || sed -e 's/^\[review\] *$//' -e 's/^\[persistent\] *$//' "$state/.policy" |
    awk -v check=yes "$(judge_awk)" | facts policy.odd
  [ ! -r "$state/.host/provisioned" ] || facts provisioned <"$state/.host/provisioned"
}

container_facts() { # published ports, and containers of ours whose record is gone
  local id project directory here
  here=$(cd "$state" 2>/dev/null && pwd -P)
  ask docker ps --format '{{.Names}} {{.Ports}}' 2>/dev/null | grep -E '0\.0\.0\.0:|:::|\[::\]:' | facts published
  ask docker ps -a --filter label=io.github.xdevops.compose.managed=true --format \
    '{{.ID}} {{.Label "com.docker.compose.project"}} {{.Label "com.docker.compose.project.working_dir"}}' 2>/dev/null |
    while read -r id project directory; do
      [ -n "$here" ] && [ "${directory%/*}" = "$here" ] && [ ! -d "$directory" ] && fact leftover "$project"
    done | sort -u
}

clock_facts
tool_facts
docker_says=$(docker_facts)
printf '%s\n' "$docker_says"
said_of() { printf '%s\n' "$docker_says" | sed -n "s/^fact $1 //p"; }
traefik_processes
if [ "$(said_of docker)" = up ]; then
  traefik_containers
  network_facts "$(said_of docker.pools)"
  container_facts
  egress_facts
fi
machine_facts "$(said_of docker.root)"
record_facts
fact end yes
