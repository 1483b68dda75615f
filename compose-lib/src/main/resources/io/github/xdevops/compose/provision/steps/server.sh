# --- step server: can this machine be set up? Changes nothing ---------------------------------------------------------
# Needs core. Ends the program if not.

step_server() {
  local id='' release='' system='' file has_variables=''
  [ ! -r /etc/os-release ] || {
    id=$(sed -n 's/^ID=//p' /etc/os-release | tr -d '"')
    release=$(sed -n 's/^VERSION_ID=//p' /etc/os-release | tr -d '"')
    system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release | tr -d '"')
  }
  case $id in
  debian) at_least "$release" 12 ;;
  ubuntu) at_least "$release" 22.04 ;;
  *) false ;;
  esac || finish UNAVAIL "${system:-this system} is not supported by compose:provision, which needs Debian 12, Ubuntu 22.04 or newer.\
 Install Docker 20.10, Compose $oldest_compose, Traefik 3 and an SSH login that may use Docker, as docs/set-up-a-server.md describes"
  [ -d /run/systemd/system ] || finish UNAVAIL 'systemd does not run here; compose:provision needs it for its services'
  recall_answers
  [ -n "$role" ] || finish USAGE 'this server was never provisioned: set -Dcompose.role=ci or production'
  [ "$role" = ci ] || [ -n "$email" ] ||
    finish USAGE 'a production server gets certificates from Let'"'"'s Encrypt: set -Dcompose.email, which it warns of trouble with them'
  [ "$role" = production ] || [ -z "$email" ] || [ -n "$dns" ] ||
    finish USAGE 'compose.email is for certificates of compose.role=production: each branch would need one, and Let'"'"'s Encrypt has a weekly limit. Set -Dcompose.acme.dns as well for one wildcard certificate'
  check_wildcard
  [ -z "$basic_auth" ] || [ -n "$domain" ] ||
    finish USAGE 'compose.basicAuth protects the list of environments at the root of the domain: set compose.domain'
  check_proxy
  reply "answer role $role"
  reply "answer domain $domain"
  reply "answer email $email"
  reply "answer dns $dns"
  reply "answer kept $kept"
  for file in /etc/ssh/ssh_host_*_key.pub; do
    [ ! -f "$file" ] || reply "hostkey $(cut -d ' ' -f 1,2 "$file")"
  done
}

record() { echo "$(login_home)/.yourlabs.compose/.host/provisioned"; }
login_home() { getent passwd "$login" | cut -d : -f 6 | grep . || echo "/home/$login"; }

recall_answers() { # of the last run: sets role, domain and email unless they are given
  local line file before='' dns_before=''
  file=$(record)
  [ -f "$file" ] || return 0
  while IFS= read -r line; do
    case $line in
    role=ci | role=production) role=${role:-${line#*=}} ;;
    domain=*[!a-z0-9.-]* | dns=*[!a-z0-9-]* | email=*[!a-zA-Z0-9@._+-]*) ;;
    domain=*) domain=${domain:-${line#*=}} ;;
    email=*) before=${line#*=} ;;
    dns=*) dns_before=${line#*=} ;;
    esac
  done <"$file"
  # Variables of another provider are of no use.
  [ -z "$dns" ] || [ "$dns" != "$dns_before" ] || has_variables=$(cat /etc/xdevops/traefik/dns.json 2>/dev/null)
  [ -n "$dns" ] || { dns=$dns_before && has_variables=yes; }
  case $role:$dns in
  ci: | ci:none) ;;
  *) email=${email:-$before} ;;
  esac
}

check_wildcard() { # after recall_answers
  [ "$dns" != none ] || dns=''
  [ -n "$dns" ] || return 0
  [ -n "$email" ] || finish USAGE 'a certificate from Let'"'"'s Encrypt needs -Dcompose.email, too'
  [ -n "$domain" ] || finish USAGE 'a wildcard certificate needs -Dcompose.domain, the domain that it is for'
  [ -n "$has_variables$(dns_variables)" ] ||
    finish USAGE "the DNS provider $dns wants variables: give them on standard input, a line NAME=value for each. Traefik's documentation of its ACME providers names them"
}

check_proxy() { # who has the ports of Traefik? sets kept to the name of a Traefik that stays
  local port
  for port in 80 443; do
    [ "$port" = 80 ] || [ -n "$email" ] || continue
    check_port "$port"
  done
}

check_port() { # PORT
  local pid other command=''
  other=$(published_by "$1")
  if [ -z "$other" ]; then
    pid=$(listener "$1")
    [ -n "$pid" ] || return 0
    command=$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c 1-100)
    other=$(container_of "$pid")
    [ "${other%% *}" != xdevops-traefik ] || return 0
  fi
  case ${other#* }${command%% *} in
  *traefik*) keep_traefik "${other%% *}" ;;
  *) finish UNAVAIL "port $1 is taken by ${command:-the container ${other%% *}}${pid:+ (process $pid)}; stop it, then run this again" ;;
  esac
}

keep_traefik() { # CONTAINER
  if [ -n "$1" ] && docker inspect "$1" --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' 2>/dev/null | grep -qw web; then
    note "Traefik runs already, in the container $1 on the network web: it stays as it is. Set compose.proxyNetwork=web for deploys"
  elif [ -n "$force" ] || grep -qsx "kept=${1:-traefik}" "$(record)"; then
    note "your own Traefik stays as it is: see that it has exposedByDefault: false, and the constraint of docs/set-up-a-server.md"
  else
    finish UNAVAIL "a Traefik of your own has the port (${1:-a process}). Stop it, or keep it with compose.force=true: then no other is installed"
  fi
  kept=${1:-traefik}
}

published_by() { # PORT: prints NAME IMAGE of the container that publishes it
  command -v docker >/dev/null || return 0
  docker ps --filter "publish=$1" --format '{{.Names}} {{.Image}}' 2>/dev/null | head -n 1
}

listener() { # PORT: prints the process that listens to it
  local socket fd
  socket=$(awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ (":" port "$") { print $10; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  [ -n "$socket" ] || return 0
  for fd in /proc/[0-9]*/fd/*; do
    [ "$(readlink "$fd" 2>/dev/null)" != "socket:[$socket]" ] || { fd=${fd#/proc/} && echo "${fd%%/*}" && return; }
  done
}

container_of() { # PID: prints NAME IMAGE
  local id
  id=$(grep -oE '[0-9a-f]{64}' "/proc/$1/cgroup" 2>/dev/null | head -n 1)
  [ -z "$id" ] || docker inspect "$id" --format '{{.Name}} {{.Config.Image}}' 2>/dev/null | sed 's,^/,,'
}
