# --- pages: the answer to one request -------------------------------------------------------------------------------------
# Needs core, sleep. Never ends the program. systemd calls it with the connection as standard input and output.

readonly most_headers=100 longest_blank=2 # seconds that a browser shows nothing

answer() { # DOMAIN: the list is at its root; without it there is none
  local method='' path='' host='' port='' body='' scheme=http browser='' probe='' sleeper=''
  read_request || return 0
  case $host in
  '' | *[!a-z0-9.-]*) nothing_here | respond '400 Bad Request' ;;
  "$1") if [ "${path%%\?*}" = / ]; then show "$state/.host/list.html" '200 OK'; else show '' ''; fi ;;
  *)
    sleeper=$(sleeper_of "$host")
    if [ -n "$sleeper" ]; then answer_awake; else show "$state/.gone/$host.html" '404 Not Found'; fi
    ;;
  esac
  # A client that is still sending could not read the answer if the connection broke.
  [ -z "$body" ] || timeout 5 head -c 16777216 >/dev/null
}

answer_awake() { # starts the sleeper, and sends the client there again
  local url="$scheme://$host${path%%[?#]*}" tries=0
  case $path in
  [!/]* | *[!!-~]*) nothing_here | respond '400 Bad Request' && return ;;
  esac
  case $probe$method$browser in
  yes*) ;;
  GETyes | HEADyes)
    [ -e "$state/$sleeper/awake" ] || setsid /bin/sh "$0" wake "$state" "$sleeper" answer "$url" 0 </dev/null >/dev/null 2>&1 &
    until [ "$tries" = $((longest_blank * 10)) ]; do
      [ ! -e "$state/$sleeper/awake" ] || ! is_routed "$url" || { tries=ready && break; }
      sleep 0.1
      tries=$((tries + 1))
    done
    ;;
  *) ! wake "$sleeper" "$url" $longest_wake || tries=ready ;;
  esac
  case $tries in
  ready) respond '307 Temporary Redirect' "Location: $scheme://$host$port$path" </dev/null ;;
  *) waking | respond '503 Service Unavailable' 'Retry-After: 2' ;;
  esac
}

waking() {
  page 'This environment was asleep' <<'END'
<meta http-equiv="refresh" content="2">
<div class="card">
<p>It is starting, and appears here as soon as it answers.</p>
<p>If that takes more than a minute, <code>mvn compose:status</code> tells what it waits for.</p>
</div>
END
}

read_request() { # sets method, path, host, port, body, scheme, browser and probe; false if there is none
  local line carriage count=0
  carriage=$(printf '\r')
  read -r method path _ || return 1
  while IFS= read -r line && [ $count -lt $most_headers ]; do
    count=$((count + 1)) line=${line%"$carriage"}
    case $line in
    '') return 0 ;;
    [Hh][Oo][Ss][Tt]:*)
      host=${line#*:} host=${host# }
      # With a port where it is not the usual one.
      case ${host##*:} in '' | *[!0-9]*) ;; *) port=:${host##*:} host=${host%:*} ;; esac
      ;;
    [Aa]ccept:*text/html*) browser=yes ;;
    [Xx]-[Ff]orwarded-[Pp]roto:*https*) scheme=https ;;
    [Xx]-[Pp]ages-[Pp]robe:*) probe=yes ;;
    [Cc]ontent-[Ll]ength:*[1-9]* | [Tt]ransfer-[Ee]ncoding:*) body=yes ;;
    esac
  done
  return 1
}

show() { # FILE STATUS
  if [ -f "$1" ]; then respond "$2" <"$1"; else nothing_here | respond '404 Not Found'; fi
}

nothing_here() { # the same for each host that is not known
  page 'Nothing is here' <<'END'
<div class="card">
<p>No environment has this address. One that is being deployed answers in a moment.</p>
<p>To deploy a branch, call <code>mvn compose:deploy</code> in a checkout of it.</p>
</div>
END
}

respond() { # STATUS [HEADER] <BODY
  local text
  text=$(cat)
  printf 'HTTP/1.1 %s\r\n' "$1"
  [ $# = 1 ] || printf '%s\r\n' "$2"
  printf '%s\r\n' 'Content-Type: text/html; charset=utf-8' "Content-Length: $((${#text} + 1))" 'Connection: close' \
    'Cache-Control: no-store' 'X-Robots-Tag: noindex' 'X-Content-Type-Options: nosniff' 'Referrer-Policy: no-referrer' \
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'" ''
  [ "$method" = HEAD ] || printf '%s\n' "$text"
}
