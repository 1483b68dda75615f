# --- the facts, as they are printed ---------------------------------------------------------------------------------------
fact() { # KEY VALUE
  case $2 in
  *[[:cntrl:]]*) printf 'fact %s %s\n' "$1" "$(printf '%s' "$2" | tr '\000-\037\177' ' ')" ;;
  *) printf 'fact %s %s\n' "$1" "$2" ;;
  esac
}

facts() { # KEY: one for each line of standard input
  local line
  while IFS= read -r line || [ -n "$line" ]; do [ -z "$line" ] || fact "$1" "$line"; done
}

together() { # FUNCTION…: runs them at the same time, and prints what they say one after the other
  local first="$1" others
  shift
  [ $# != 0 ] || { "$first"; return; }
  "$first" | {
    others=$(together "$@")
    cat
    printf '%s\n' "$others"
  }
}

has() { command -v "$1" >/dev/null 2>&1; }

# Docker may hang, and timeout may be missing.
ask_soon() { if has timeout; then timeout -k 1 1 "$@" </dev/null; else false; fi; }
ask() { if has timeout; then timeout -k 2 15 "$@" </dev/null; else "$@" </dev/null; fi; }

machine_facts() {
  local tool name amount
  fact now "$(date +%s)"
  fact login "$(id -un)"
  for tool in flock timeout awk sed grep find xargs sha256sum sync tar gzip df; do has "$tool" || fact missing "$tool"; done
  while read -r name amount _; do
    case $name in MemAvailable:) fact memory $((amount / 1024)) ;; MemTotal:) fact memory.total $((amount / 1024)) ;; SwapTotal:) fact swap $((amount / 1024)) ;; esac
  done <"$root/proc/meminfo"
  cat "$root/proc/net/tcp" "$root/proc/net/tcp6" 2>/dev/null | awk '$4 == "0A" && !seen[$2]++ { print "fact listen " $2 }'
  cat "$root/etc/ssh/sshd_config.d/"*.conf "$root/etc/ssh/sshd_config" 2>/dev/null |
    sed -n 's/^[ \t]*[Pp]assword[Aa]uthentication[ \t]\{1,\}\([a-z]*\).*/fact sshd.password \1/p' | sed -n 1p
  [ ! -r "$root/etc/ssh/sshd_config" ] || fact sshd readable
  ! has systemctl || systemctl is-enabled docker docker.socket 2>/dev/null | facts boot
}

docker_facts() { # and the room on its disk
  local said answer
  has docker || { fact docker missing && room_facts '' && return; }
  # Each such question starts all plugins of the client, and programs of the daemon: there is one for all that it knows.
  said=$(ask docker info --format 'engine {{.ServerVersion}}
root {{.DockerRootDir}}
live-restore {{.LiveRestoreEnabled}}
swarm {{.Swarm.LocalNodeState}}
pools {{range .DefaultAddressPools}}{{.Base}}/{{.Size}} {{end}}
security {{range .SecurityOptions}}{{.}} {{end}}
{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}compose {{.Version}}{{end}}{{end}}' 2>/dev/null)
  answer=$?
  case $answer:$said in
  0:'engine '[!\ ]*)
    fact docker up
    fact compose.oldest "$oldest_compose"
    printf '%s\n' "$said" | sed -n 's/^engine ./fact &/p; s/^compose v\{0,1\}\(.\)/fact compose \1/p; s/^[rlps][a-z-]* ./fact docker.&/p'
    network_facts "$(printf '%s\n' "$said" | sed -n 's/^pools //p')"
    ;;
  124:* | 137:*) fact docker hangs ;;
  *) docker_failure ;;
  esac
  room_facts "$(printf '%s\n' "$said" | sed -n 's/^root //p')"
}

docker_failure() {
  local said
  said=$(ask docker version --format '{{.Server.Version}}' 2>&1)
  case $?:$said in
  0:*) fact docker up && fact engine "$said" ;; # Podman, or an old one
  *ermission\ denied*) fact docker denied ;;
  *) fact docker down && fact docker.said "$said" ;;
  esac
}

network_facts() { # POOLS
  ! has awk || [ ! -r "$root/proc/net/route" ] || fact networks "$(awk -v pools="${1:-default}" "$(networks_awk)" "$root/proc/net/route")"
}

room_facts() { # DOCKER'S DIRECTORY, or nothing
  local docker="$1" place="$state"
  while [ ! -d "$place" ]; do # a state directory comes with the first deploy
    case $place in */?*) place=${place%/*} ;; *) place=. ;; esac
  done
  set -- "$place"
  [ ! -d "$docker" ] || set -- "$@" "$docker"
  df -Pk "$@" 2>/dev/null | awk 'NR > 1 { print "fact disk", int($4 / 1024), int($2 / 1024), $6 }'
  df -Pi "$@" 2>/dev/null | awk 'NR > 1 { print "fact inodes", $4 + 0, $2 + 0, $6 }'
  for place in "$docker" /home /backup; do
    [ -z "$place" ] || fact mounted "$place $(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $6 }')"
  done
}

container_facts() { # Traefik, published ports, and containers of ours whose record is gone
  local kind rest up='' here id traefiks='' project gone=' '
  here=$(cd "$state" 2>/dev/null && pwd -P)
  while read -r kind rest; do
    case $kind:$rest in
    status:Up*) up=yes ;;
    status:*) up='' ;;
    image:*) [ -z "$up" ] || ! is_traefik "${rest#* }" || traefiks="$traefiks ${rest%% *}" ;;
    ports:*0.0.0.0:* | ports:*:::* | ports:*\[::\]:*) fact published "$rest" ;;
    ours:*)
      project=${rest%% *} rest=${rest#* }
      case $gone in *" $project "*) continue ;; esac
      [ -n "$here" ] && [ "${rest%/*}" = "$here" ] && [ ! -d "$rest" ] && gone="$gone$project " && fact leftover "$project"
      ;;
    esac
  done <<CONTAINERS
$(ask docker ps -a --no-trunc --format 'status {{.Status}}
image {{.ID}} {{.Image}} {{.Command}}
ports {{.Names}} {{.Ports}}
{{if eq (.Label "io.github.xdevops.compose.managed") "true"}}ours {{.Label "com.docker.compose.project"}} {{.Label "com.docker.compose.project.working_dir"}}{{end}}' 2>/dev/null)
CONTAINERS
  traefik_processes
  for id in $traefiks; do traefik_container "$id"; done
}

is_traefik() { # IMAGE COMMAND
  local image="${1%% *}"
  case "${image##*/} ${1#* }" in traefik* | *'"traefik'* | *'/traefik'* | *' traefik '*) ;; *) false ;; esac
}

traefik_container() { # ID
  local said config
  fact traefik "container $1"
  said=$(ask docker inspect --format 'image {{.Config.Image}}
label {{index .Config.Labels "org.opencontainers.image.version"}}
mode {{.HostConfig.NetworkMode}}
{{range $name, $_ := .NetworkSettings.Networks}}network {{$name}}
{{end}}{{range .Mounts}}mount {{.Source}}
{{end}}{{range .Config.Entrypoint}}argument {{.}}
{{end}}{{range .Config.Cmd}}argument {{.}}
{{end}}{{range .Config.Env}}variable {{.}}
{{end}}' "$1" 2>/dev/null)
  printf '%s\n' "$said" | sed -n '/^variable [^T]/d; s/^[ilmnav][a-z]* ./fact traefik.&/p'
  for config in $(config_files "$(printf '%s\n' "$said" | sed -n 's/^argument //p' | tr '\n' ' ')"); do
    ! config_facts "$config" "$(ask docker cp "$1:$config" - 2>/dev/null | tar -xO 2>/dev/null)" || break
  done
}

traefik_processes() {
  local process config path
  grep -lx traefik "$root"/proc/[0-9]*/comm 2>/dev/null | while read -r process; do
    process=${process%/comm}
    ! grep -q docker "$process/cgroup" 2>/dev/null || continue
    fact traefik "process ${process##*/}"
    fact traefik.mode host
    tr '\000' '\n' <"$process/cmdline" | facts traefik.argument
    path=$(tr '\000' '\n' <"$process/cmdline" | sed -n 1p)
    fact traefik.label "$(ask "$path" version 2>/dev/null | sed -n 's/^Version: *//p')"
    for config in $(config_files "$(tr '\000' ' ' <"$process/cmdline")"); do
      ! config_facts "$config" "$(cat "$root$config" 2>/dev/null)" || break
    done
  done
}

config_files() { # ARGUMENTS: prints the one that they name, or those that Traefik looks for
  local found
  found=$(printf '%s\n' "$1" | sed -n 's/.*--[cC]onfig[fF]ile[= ]\([^ ]*\).*/\1/p')
  printf '%s\n' "${found:-/etc/traefik/traefik.yml /etc/traefik/traefik.yaml /etc/traefik/traefik.toml}"
}

config_facts() { # FILE TEXT: its lines, with their indentation; false if there are none
  [ -n "$2" ] || return 1
  fact traefik.file "$1"
  printf '%s\n' "$2" | sed 's/^/fact traefik.line /'
}

api_facts() { # what the read-only Docker API of compose:provision answers
  local method
  [ -e "$root/etc/xdevops/docker-api.cfg" ] && has curl && has timeout || return 0
  for method in GET POST; do
    fact docker.api "$method $(ask_soon curl -s -o /dev/null -w '%{http_code}' -X "$method" --unix-socket /run/xdevops/docker.sock http://docker/version)"
  done
}

egress_facts() { # what containers reach beside the internet: private networks, and a cloud's metadata service
  local networks own reached
  has awk && networks=$(ask docker network ls -q 2>/dev/null) && [ -n "$networks" ] || return
  # shellcheck disable=SC2086 # one word for each
  own=$(ask docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}} {{end}}' $networks 2>/dev/null)
  reached=$(egress_input | awk -v own="$(printf %s "$own" | tr '\n' ' ')" "$(egress_awk)")
  printf '%s\n' "$reached" | sed -n 's/./fact &/p'
  # It gives credentials of the machine to anyone who asks.
  case $reached in *'metadata closed'*) ;; *) ! has bash || ! ask_soon bash -c 'exec 3<>/dev/tcp/169.254.169.254/80' 2>/dev/null || fact metadata reachable ;; esac
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
  local kind='' swept='' directory
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

together docker_facts container_facts api_facts egress_facts machine_facts record_facts
fact end yes
