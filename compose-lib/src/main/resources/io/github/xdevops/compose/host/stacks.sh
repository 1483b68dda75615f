#!/bin/sh
# The server's side of every goal: stacks.sh VERB KEY=VALUE…
#
# Replies are lines on stdout that begin with "@NONCE "; the last one is "@NONCE result {…}". Every other line is what the
# server's own programs had to say. Words on the command line are short and harmless; everything else comes on stdin.
# Order of writes, and what has to stay true when this dies at any line: docs/host-protocol.md.
# shellcheck disable=SC2015 # in "A && B || stop", stop is wanted when either fails
set -u
umask 077
LC_ALL=C
export LC_ALL
# What a login profile says about Compose must not change what is deployed.
unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES COMPOSE_PATH_SEPARATOR COMPOSE_REMOVE_ORPHANS \
  COMPOSE_IGNORE_ORPHANS COMPOSE_PARALLEL_LIMIT COMPOSE_DISABLE_ENV_FILE COMPOSE_ANSI COMPOSE_PROGRESS COMPOSE_MENU CDPATH

self=$0
verb=${1:-}
[ $# -eq 0 ] || shift

state=.yourlabs.compose
nonce=none project='' sha256='' identity='' sequence=0 hosts='' routed='' lifetime='' budget=600 lock_wait=60 ready_wait=120 home='' directories='' force=''

readonly oldest_compose=2.23.1 # the first that knows configs.content
readonly failed_lease=3600     # a failed first deploy stays this long to be looked at
readonly day=86400

label=com.docker.compose.project

# --- replies ---------------------------------------------------------------------------------------------------------

reply() { printf '@%s %s\n' "$nonce" "$*"; }

phase() { reply "phase $1"; }

json() { # text as the inside of a JSON string, on one line, at most 2000 bytes
  printf '%s' "$1" | tr '\n\t' '  ' | tr -d '\000-\037\177' | head -c 2000 | sed 's/\\/\\\\/g; s/"/\\"/g'
}

finish() { # WORD [message [json members]]
  reply "result {\"word\":\"$1\",\"message\":\"$(json "${2:-}")\"${3:+,$3}}"
  case $1 in
  OK) exit 0 ;; USAGE) exit 64 ;; DATA) exit 65 ;; UNAVAIL) exit 69 ;; UNHEALTHY) exit 70 ;; IOERR) exit 74 ;;
  BUSY) exit 75 ;; PROTO) exit 76 ;; NOPERM) exit 77 ;; POLICY) exit 78 ;; *) exit 79 ;;
  esac
}

io() { finish IOERR "cannot $1 $2 on the server: is the disk full or read-only?"; }

# --- words from outside ----------------------------------------------------------------------------------------------

plain() { # NAME VALUE EXTRA-CHARACTERS: letters, digits and those only
  case $2 in
  '' | *[!a-zA-Z0-9"$3"]*) finish USAGE "$1 is not acceptable: $2" ;;
  esac
}

number() { # NAME VALUE
  case $2 in
  '' | *[!0-9]* | ????????????????*) finish USAGE "$1 is not a number: $2" ;;
  esac
}

read_words() {
  for word; do
    value=${word#*=}
    case $word in
    state=*) state=$value ;;
    nonce=*) plain nonce "$value" '' && nonce=$value ;;
    project=*) plain project "$value" '_-' && project=$value ;;
    sha256=*) plain sha256 "$value" '' && sha256=$value ;;
    identity=*) plain identity "$value" '' && identity=$value ;;
    sequence=*) number sequence "$value" && sequence=$value ;;
    hosts=*) [ -z "$value" ] || { plain hosts "$value" '.,-' && hosts=$value; } ;;
    routed=*) [ -z "$value" ] || { plain routed "$value" '._,-' && routed=$value; } ;;
    lifetime=*) [ "$value" = forever ] || number lifetime "$value" && lifetime=$value ;;
    budget=*) number budget "$value" && budget=$value ;;
    lock_wait=*) number lock_wait "$value" && lock_wait=$value ;;
    force=yes) force=yes ;;
    home=*) plain home "$value" '/._-' && home=$value ;;
    directories=*) plain directories "$value" '/._:,-' && directories=$value ;;
    ready_wait=*) number ready_wait "$value" && ready_wait=$value ;;
    *) finish USAGE "unknown word $word: is the client newer than this script?" ;;
    esac
  done
  case $project in
  [!a-z0-9]* | *[A-Z]*) finish USAGE "project is not acceptable: $project" ;;
  esac
  case $home:$directories in
  *..*) finish USAGE "home or directories with two dots: $home $directories" ;;
  [!/:]*) finish USAGE "home is not absolute: $home" ;;
  esac
  [ ${#project} -le 63 ] || finish USAGE "project is longer than 63 characters: $project"
}

# --- files that survive a power cut ----------------------------------------------------------------------------------

now() { date +%s; }

flush() { sync "$@" 2>/dev/null || sync; }

replace() { # TEMPORARY TARGET: the target is old or new, never half
  flush "$1" && mv -f "$1" "$2" && flush "$(dirname "$2")"
}

open_state() { # a real directory of our own, or nothing is done
  [ ! -L "$state" ] || finish NOPERM "$state is a symbolic link; make it a real directory"
  mkdir -p "$state" "$state/.locks" "$state/.staging" "$state/.trash" 2>/dev/null || io create "$state"
  [ -O "$state" ] || finish NOPERM "$state belongs to another user"
  state=$(cd "$state" && pwd) || io enter "$state"
  chmod 700 "$state"
  dir=$state/$project
}

# --- locks -----------------------------------------------------------------------------------------------------------

take_lock() { # PROJECT SECONDS: held on descriptor 9 until this process and all it started are gone
  lock_file=$state/.locks/$1
  (: >>"$lock_file") 2>/dev/null || io open "$lock_file"
  exec 9>>"$lock_file"
  command -v flock >/dev/null || finish UNAVAIL "flock is missing on the server; install util-linux"
  flock -w "$2" 9 || return 1
  # Somebody may have removed the file while we waited for it.
  [ "$(stat -c %i "$lock_file" 2>/dev/null)" = "$(stat -L -c %i /proc/self/fd/9)" ] || { exec 9>&- && take_lock "$1" "$2"; return; }
  printf '%s for %s s\n' "$verb (pid $$)" "$(now)" >"$lock_file"
}

holder() { # who holds the lock of a project, as text
  sed 's/ for .*//' "$state/.locks/$1" 2>/dev/null
}

lock_or_busy() { take_lock "$project" "$lock_wait" || finish BUSY "$project is locked by $(holder "$project") since longer than $lock_wait s; try again"; }

# --- the record of a stack -------------------------------------------------------------------------------------------

load_manifest() { # DIRECTORY; false when there is none
  m_state='' m_identity='' m_sequence=0 m_generation=0 m_sha256='' m_hosts='' m_created=0 m_deploy='' m_home='' m_about='{}'
  [ -f "$1/manifest.json" ] && [ ! -L "$1/manifest.json" ] || return 1
  while IFS= read -r m_line; do
    m_value=${m_line#*: }
    m_value=${m_value%,}
    m_text=${m_value#\"}
    m_text=${m_text%\"}
    case $m_line in
    '"state": '*) m_state=$m_text ;;
    '"identity": '*) m_identity=$m_text ;;
    '"sequence": '*) m_sequence=$m_value ;;
    '"generation": '*) m_generation=$m_value ;;
    '"sha256": '*) m_sha256=$m_text ;;
    '"hosts": '*) m_hosts=$m_text ;;
    '"created": '*) m_created=$m_value ;;
    '"deploy": '*) m_deploy=$m_text ;;
    '"home": '*) m_home=$m_text ;;
    '"about": '*) m_about=$m_value ;;
    esac
  done <"$1/manifest.json"
  case $m_sequence$m_generation$m_created in
  *[!0-9]*) m_sequence=0 m_generation=0 m_created=0 ;;
  esac
}

save_manifest() { # DIRECTORY: one member a line, so that a shell can read it
  printf '{\n"version": 1,\n"project": "%s",\n"state": "%s",\n"identity": "%s",\n"sequence": %s,\n"generation": %s,\n"sha256": "%s",\n"hosts": "%s",\n"created": %s,\n"deploy": "%s",\n"home": "%s",\n"about": %s\n}\n' \
    "$project" "$m_state" "$m_identity" "$m_sequence" "$m_generation" "$m_sha256" "$m_hosts" "$m_created" "$m_deploy" "$m_home" "$m_about" \
    >"$1/.manifest.new" && replace "$1/.manifest.new" "$1/manifest.json" || io write "$1/manifest.json"
}

read_lease() { # DIRECTORY: sets lease to seconds, "forever" or "invalid"
  lease=forever
  [ -e "$1/removeat" ] || [ -L "$1/removeat" ] || return 0
  lease=invalid
  [ -f "$1/removeat" ] && [ ! -L "$1/removeat" ] || return 0
  lease_text=$(head -c 32 "$1/removeat" 2>/dev/null | tr -d '\000')
  case $lease_text in
  '' | *[!0-9]* | ?????????????*) ;;
  *) lease=${lease_text#"${lease_text%%[!0]*}"} lease=${lease:-0} ;; # without leading zeros, which arithmetic takes as octal
  esac
}

write_lease() { # DIRECTORY SECONDS|forever
  if [ "$2" = forever ]; then
    rm -f "$1/removeat" && flush "$1" || io remove "$1/removeat"
  else
    printf '%s\n' "$2" >"$1/.removeat.new" && replace "$1/.removeat.new" "$1/removeat" || io write "$1/removeat"
  fi
}

lease_from() { # SECONDS-FROM: the lease that a lifetime gives
  if [ "$lifetime" = forever ]; then echo forever; else echo $(($1 + lifetime)); fi
}

# --- Docker ----------------------------------------------------------------------------------------------------------

containers() { docker ps -a --no-trunc --filter "label=$label=$1" --format "$2"; }

left_overs() { # PROJECT: one line for each container, network and volume that carries its label
  docker ps -aq --filter "label=$label=$1" && docker network ls -q --filter "label=$label=$1" && docker volume ls -q --filter "label=$label=$1"
}

require_docker() {
  command -v docker >/dev/null || finish UNAVAIL "docker is not installed on the server, or not in the PATH of a non-interactive login ($PATH)"
  compose_version=$(docker compose version --short 2>/dev/null) || finish UNAVAIL "Docker Compose v2 is missing on the server; install the docker-compose-plugin package"
  compose_version=${compose_version#v}
  [ "$(printf '%s\n%s\n' "$oldest_compose" "${compose_version%%[-+]*}" | sort -V | head -n 1)" = "$oldest_compose" ] ||
    finish UNAVAIL "Docker Compose on the server is $compose_version, and at least $oldest_compose is needed"
  docker_error=$(docker version --format '{{.Server.Version}}' 2>&1 >/dev/null) || finish UNAVAIL "the Docker daemon does not answer: $docker_error"
}

require_timeout() { command -v timeout >/dev/null || finish UNAVAIL "timeout is missing on the server; install coreutils"; }

compose() { timeout -k 10 "$budget" docker compose --ansi never --progress plain -p "$project" "$@" </dev/null; }

compose_up() { compose -f "$dir/docker-compose.yml" --project-directory "$dir" up -d --remove-orphans --no-build --quiet-pull; }

# --- teardown: the only one there is ---------------------------------------------------------------------------------

teardown() { # false, with the record kept, while anything of the project is left
  if [ -d "$dir" ]; then
    read_lease "$dir"
    now >"$dir/removing" && flush "$dir/removing" "$dir" || io write "$dir/removing"
    grace='-t 2'
    [ "$lease" != forever ] || grace=''
  else
    grace='-t 2'
  fi
  empty=$state/.staging/.empty.$$ # an empty directory: without a file Compose would climb to the parents and take theirs
  mkdir -p "$empty" || io create "$empty"
  # shellcheck disable=SC2086 # grace is two words or none
  (cd "$empty" && compose down --volumes --remove-orphans $grace) >&2
  rmdir "$empty"
  remains=$(left_overs "$project") || return 1
  if [ -n "$remains" ]; then
    docker ps -aq --filter "label=$label=$project" | xargs -r docker rm -f -v >&2
    docker network ls -q --filter "label=$label=$project" | xargs -r docker network rm >&2
    docker volume ls -q --filter "label=$label=$project" | xargs -r docker volume rm >&2
    remains=$(left_overs "$project") || return 1
    [ -z "$remains" ] || return 1
  fi
  [ -d "$dir" ] || return 0
  # The data in a home are the user's; the compose file there was ours.
  load_manifest "$dir"
  [ -z "$m_home" ] || rm -f "$m_home/docker-compose.yml"
  trash=$state/.trash/$project.$$.$(now)
  mv "$dir" "$trash" && flush "$state" && rm -rf "$trash"
}

# --- deploy ----------------------------------------------------------------------------------------------------------

deploy() { # the client's half: take the bundle, start the worker, show what it does
  require_timeout
  staging=$state/.staging/$project.$nonce
  mkdir "$staging" 2>/dev/null || io create "$staging"
  phase upload
  cat >"$staging/bundle" || { rm -rf "$staging"; io write "$staging/bundle"; }
  [ "$(sha256sum <"$staging/bundle" | cut -d ' ' -f 1)" = "$sha256" ] || {
    rm -rf "$staging"
    finish PROTO "the upload arrived incomplete; nothing was changed, try again"
  }
  # The worker has its own session and writes to a file: a client that dies harms nothing. The lock on descriptor 8 tells
  # whether it is alive, and is freed by the kernel.
  exec 8>"$staging/alive" && flock 8
  detach="setsid"
  command -v setsid >/dev/null || detach="nohup"
  : >"$staging/out"
  "$detach" /bin/sh "$self" work "$@" >>"$staging/out" 2>&1 </dev/null &
  exec 8>&-
  follow
}

follow() { # print what the worker writes, until its result or its death
  exec 7<"$staging/out"
  rest='' polls=0 result=''
  while [ -z "$result" ]; do
    alive=yes
    if [ $((polls % 25)) -eq 24 ]; then
      flock -n "$staging/alive" true && alive=''
    fi
    while IFS= read -r line <&7; do
      line=$rest$line rest=''
      printf '%s\n' "$line"
      case $line in "@$nonce result "*) result=$line && break ;; esac
    done
    [ -z "$result" ] || break
    rest=$rest$line
    [ -n "$alive" ] || finish UNKNOWN "the deploy of $project was killed on the server; deploy again, or let its lease end"
    polls=$((polls + 1))
    if [ $polls -lt 100 ]; then sleep 0.02 2>/dev/null || sleep 1; else sleep 0.2 2>/dev/null || sleep 1; fi
  done
  rm -rf "$staging"
  case $result in *'{"word":"OK"'*) exit 0 ;; *) exit 70 ;; esac
}

attend() { # what became of a deploy whose client lost its connection
  staging=$state/.staging/$project.$nonce
  [ ! -f "$staging/out" ] || follow
  load_manifest "$dir"
  case $m_state:$m_deploy in
  "live:$nonce")
    read_lease "$dir"
    finish OK "$project is up" "\"expires\":\"$lease\",\"generation\":$m_generation,\"changed\":true"
    ;;
  *":failed$nonce") finish UNHEALTHY "the deploy of $project failed; see deploy.log in $dir" ;;
  esac
  finish UNKNOWN "the connection was lost and the server does not know this deploy of $project; deploy it again"
}

work() { # the worker: holds the lock; everything that changes the server happens here
  staging=$state/.staging/$project.$nonce
  phase lock
  lock_or_busy
  if [ -e "$dir/removing" ]; then
    phase "finish-teardown"
    teardown || finish BUSY "an earlier teardown of $project could not be finished: $(printf '%s' "$remains" | tr '\n' ' ')"
  fi
  phase check
  started=$(now)
  tail -n +2 "$staging/bundle" >"$staging/docker-compose.yml" || io write "$staging/docker-compose.yml"
  first=yes
  if [ -d "$dir" ]; then
    first=''
    check_record
  else
    load_manifest "$dir"
    m_created=$started
    require_docker
    check_containers
  fi
  old_state=$m_state old_sha256=$m_sha256 old_hosts=$m_hosts old_about=$m_about
  if [ "$old_sha256" != "$sha256" ] || [ "$m_state" != live ]; then
    [ -n "$first" ] || require_docker
    # Refused files leave no trace.
    refused=$(compose -f "$staging/docker-compose.yml" --project-directory "$dir" config -q 2>&1) || finish DATA "Docker Compose refuses the file: $(printf '%s' "$refused" | sed "s|validating $staging/docker-compose.yml: ||g")"
  fi
  m_state=deploying m_identity=$identity m_sequence=$sequence m_generation=$((m_generation + 1)) m_sha256=$sha256 m_hosts=$hosts m_deploy=$nonce m_home=$home
  m_about=$(head -n 1 "$staging/bundle")
  claim_and_record
  [ -z "$home" ] || prepare_home
  phase up
  if compose_up && { phase ready && wait_ready; }; then
    m_state=live
    expires=$(lease_from "$(now)")
    write_lease "$dir" "$expires"
    save_manifest "$dir"
    show_at_home
    rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about"
    keep_log
    finish OK "$project is up" "\"expires\":\"$expires\",\"generation\":$m_generation,\"changed\":$changed"
  fi
  fail_deploy
}

check_record() { # refuse what must not be overwritten
  load_manifest "$dir" || { m_created=$started && return; }
  [ -z "$m_identity" ] || [ "$m_identity" = "$identity" ] ||
    finish DATA "$project belongs to another repository or environment on this server; choose another name with compose.project"
  if [ "$sequence" -eq 0 ]; then # by hand, outside of any pipeline
    sequence=$m_sequence
  elif [ "$sequence" -lt "$m_sequence" ]; then
    finish BUSY "superseded: pipeline $m_sequence was deployed already, this is $sequence"
  fi
}

check_containers() { # refuse a name that somebody else's containers have
  foreign=$(containers "$project" '{{.Names}}' | head -n 3 | tr '\n' ' ')
  [ -z "$foreign" ] || finish DATA "a Compose project $project that was not deployed by this tool runs on the server ($foreign); choose another name with compose.project"
}

check_urls() { # refuse an URL of another project
  for claimed in $(printf '%s' "$hosts" | tr ',' ' '); do
    for other in "$state"/*/manifest.json; do
      [ "$other" != "$dir/manifest.json" ] && [ -f "$other" ] || continue
      grep -q "^\"hosts\": \"\(.*,\)\{0,1\}$(printf '%s' "$claimed" | sed 's/\./\\./g')[,\"]" "$other" &&
        finish DATA "http://$claimed belongs to the project $(basename "$(dirname "$other")") on this server"
    done
  done
}

claim_and_record() { # under one lock for all projects, because an URL belongs to one of them only
  exec 6>>"$state/.locks/.hosts" && flock -w "$lock_wait" 6 || finish BUSY "another deploy holds the list of URLs; try again"
  check_urls
  before=$(lease_from $((started + budget + ready_wait)))
  if [ -n "$first" ]; then
    # One rename makes the whole record, so there is never one without a lease.
    mkdir "$staging/record" && mv "$staging/docker-compose.yml" "$staging/record/" || io write "$staging/record"
    save_manifest "$staging/record"
    write_lease "$staging/record" "$before"
    mv "$staging/record" "$dir" && flush "$state" || io write "$dir"
  else
    read_lease "$dir"
    if [ "$before" = forever ] || [ "$lease" = forever ]; then
      : # a lease that never ends is shortened only after the deploy
    elif [ "$lease" = invalid ] || [ "$before" -gt "$lease" ]; then
      write_lease "$dir" "$before"
    fi
    # The file that served last is kept until the new one serves.
    if [ "$old_state" = live ] && [ "$old_sha256" != "$sha256" ]; then
      cp "$dir/docker-compose.yml" "$dir/.previous.new" && replace "$dir/.previous.new" "$dir/docker-compose.previous.yml" || io write "$dir/docker-compose.previous.yml"
      printf '%s\n%s\n%s\n' "$old_sha256" "$old_hosts" "$old_about" >"$dir/.previous.about"
    fi
    save_manifest "$dir"
    replace "$staging/docker-compose.yml" "$dir/docker-compose.yml" || io write "$dir/docker-compose.yml"
  fi
  exec 6>&-
}

wait_ready() { # every service runs and is healthy, or was a one-shot that ended well; sets problem and culprit
  # What was just started and has no health check may still fall over: look twice, two seconds apart.
  changed=true settled=''
  touched=$(grep '^ *Container ' "$staging/out")
  case $touched in
  '') ;;
  *) printf '%s\n' "$touched" | grep -qv ' Running *$' || { changed=false settled=yes; } ;;
  esac
  [ "$ready_wait" -gt 0 ] || return 0
  ready_until=$(($(now) + ready_wait))
  while :; do
    problem='' culprit='' pending='' unproven=''
    list=$(containers "$project" '{{.ID}} {{.State}} {{.Label "com.docker.compose.service"}} {{.Status}}') || { problem="the Docker daemon does not answer" && return 1; }
    while read -r id status service detail; do
      case $status:$detail in
      running:*unhealthy*) problem="is unhealthy" culprit="$id $service" ;;
      running:*starting*) pending="$service is not healthy yet" ;;
      running:*'(healthy)'*) ;;
      running:*) unproven=yes ;;
      exited:*'Exited (0)'*) case ,$routed, in *",$service,"*) problem="ended, and it is the one that has an URL" culprit="$id $service" ;; esac ;;
      exited:* | dead:*) problem="ended: $detail" culprit="$id $service" ;;
      restarting:*) pending="$service restarts again and again: $detail" ;;
      '':*) pending="no container is there" ;;
      *) pending="$service is $status" ;;
      esac
    done <<END
$list
END
    [ -z "$problem" ] || return 1
    if [ -z "$pending" ]; then
      if [ -n "$settled" ] || [ -z "$unproven" ]; then return 0; fi
      settled=yes
      sleep 2
    elif [ "$(now)" -ge "$ready_until" ]; then
      problem="$pending after $ready_wait s"
      return 1
    else
      sleep 0.3 2>/dev/null || sleep 1
    fi
  done
}

fail_deploy() { # say which service and why; put back what served before
  problem=${problem:-} culprit=${culprit:-} m_deploy=failed$nonce
  if [ -n "$culprit" ]; then
    problem="service ${culprit#* } $problem"
    printf '%s\n' "--- last lines of ${culprit#* }"
    docker logs --tail 20 "${culprit%% *}" 2>&1
    printf '%s\n' '---'
  fi
  word=UNHEALTHY
  if [ -z "$problem" ]; then
    said=$(grep -v "^@$nonce " "$staging/out")
    pull=$(printf '%s\n' "$said" | grep '^ [^ ]* Error ' | tail -n 1)
    problem=$(printf '%s\n' "$said" | grep -i 'error\|denied\|no such\|refuse\|invalid\|not found\|conflict' | tail -n 1)
    problem=${problem:-docker compose up failed or took longer than $budget s}
    [ -z "$pull" ] || { word=DATA && problem="the image of service $(printf '%s' "${pull# }" | sed 's/ Error / could not be pulled: /')"; }
    case $problem in
    *'no space left'*) word=IOERR ;;
    *'No such image'* | *'already allocated'* | *'is already in use'*) word=DATA ;;
    *'Cannot connect to the Docker daemon'*) word=UNAVAIL ;;
    esac
  fi
  if [ -f "$dir/docker-compose.previous.yml" ]; then
    phase restore
    replace "$dir/docker-compose.previous.yml" "$dir/docker-compose.yml" || io write "$dir/docker-compose.yml"
    m_state=live
    { read -r m_sha256 && read -r m_hosts && read -r m_about; } <"$dir/.previous.about"
    outcome="; the previous version is up again"
    compose_up || { m_state=failed && outcome="; the previous version could not be brought up again"; }
    rm -f "$dir/.previous.about"
  else
    m_state=failed
    outcome=''
    if [ -n "$first" ]; then
      brief=$failed_lease
      [ "$lifetime" = forever ] || [ "$lifetime" -gt "$brief" ] || brief=$lifetime
      write_lease "$dir" $(($(now) + brief))
      outcome="; it is kept for $((brief / 60)) min to be looked at"
    fi
  fi
  save_manifest "$dir"
  keep_log
  finish "$word" "$problem$outcome"
}

keep_log() { grep -v "^@$nonce " "$staging/out" | tail -c 65536 >"$dir/.log.new" && mv -f "$dir/.log.new" "$dir/deploy.log"; }

# --- the home of a stack that stays ---------------------------------------------------------------------------------

prepare_home() { # make the home and the directories in it, PATH:UID:GID:MODE each, as their owners need them
  mkdir -p "$home" || io create "$home"
  [ -O "$home" ] || finish NOPERM "$home belongs to another user than $(id -un)"
  for wanted in $(printf '%s' "$directories" | tr ',' ' '); do
    place=$home/${wanted%%:*} owner=${wanted#*:}
    mode=${owner##*:} owner=${owner%:*}
    mkdir -p "$place" || io create "$place"
    chmod "$mode" "$place" || [ "$(stat -c %a "$place")" = "${mode#0}" ] || finish NOPERM "cannot give $place the mode $mode"
    [ "$(stat -c %u:%g "$place")" = "$owner" ] || chown "$owner" "$place" 2>/dev/null ||
      finish NOPERM "cannot give $place to $owner as $(id -un); do it once by hand: chown $owner $place"
  done
}

show_at_home() { # so that people can work there with docker compose
  [ -z "$m_home" ] || { cp "$dir/docker-compose.yml" "$m_home/.docker-compose.new" && replace "$m_home/.docker-compose.new" "$m_home/docker-compose.yml"; } || io write "$m_home/docker-compose.yml"
}

# --- the other verbs -------------------------------------------------------------------------------------------------

down() {
  require_timeout
  require_docker
  lock_or_busy
  if [ ! -d "$dir" ]; then
    [ -z "$(left_overs "$project")" ] || finish DATA "$project was not deployed by this tool, so it is left alone"
    finish OK "$project is not there" '"existed":false'
  fi
  read_lease "$dir"
  [ "$lease" != forever ] || [ -n "$force" ] || finish POLICY "$project lives for ever, so it is not taken down with its volumes by accident; say compose.force=true"
  teardown || finish BUSY "something of $project is still in use and was kept: $(printf '%s' "$remains" | tr '\n' ' ')"
  finish OK "$project is gone" '"existed":true'
}

extend() {
  lock_or_busy
  [ -d "$dir" ] && [ ! -e "$dir/removing" ] || finish DATA "$project is gone, so it cannot be extended; deploy it again"
  expires=$(lease_from "$(now)")
  write_lease "$dir" "$expires"
  finish OK "$project is extended" "\"expires\":\"$expires\""
}

say_record() { # DIRECTORY
  read_lease "$1"
  removing=false
  [ ! -e "$1/removing" ] || removing=true
  manifest=null
  [ ! -f "$1/manifest.json" ] || manifest=$(tr -d '\n' <"$1/manifest.json")
  reply "record {\"project\":\"$(json "$(basename "$1")")\",\"lease\":\"$lease\",\"removing\":$removing,\"manifest\":$manifest}"
}

say_containers() { # LABEL[=PROJECT]
  if list=$(docker ps -a --filter "label=$1" --format "{{.Label \"$label\"}} {{.State}} {{.Label \"com.docker.compose.service\"}} {{.Status}}" 2>&1); then
    printf '%s\n' "$list" | while IFS= read -r line; do [ -z "$line" ] || reply "container $line"; done
  else
    reply "warning the Docker daemon does not answer, so states are unknown: $(json "$list")"
  fi
}

list() {
  for record in "$state"/*/; do
    record=${record%/}
    [ -d "$record" ] && [ ! -L "$record" ] || continue
    say_record "$record"
  done
  say_containers "$label"
  finish OK '' "\"now\":$(now)"
}

show() { # what the server holds of one project, and whether it would refuse a deploy; takes no lock and changes nothing
  command -v base64 >/dev/null || finish UNAVAIL "base64 is missing on the server; install coreutils"
  refusal=$(refuse_as_deploy)
  [ -z "$refusal" ] || reply "refused ${refusal#* result }"
  if [ ! -d "$dir" ] || [ -L "$dir" ]; then
    finish OK "$project is not there" "\"existed\":false,\"now\":$(now)"
  fi
  say_record "$dir"
  say_containers "$label=$project"
  # A record may be of another tool, with lines of any length and kind.
  [ ! -f "$dir/docker-compose.yml" ] || base64 <"$dir/docker-compose.yml" | sed "s/^/@$nonce file /"
  finish OK '' "\"existed\":true,\"now\":$(now)"
}

refuse_as_deploy() { # a result line, if a deploy of this identity, sequence and hosts would end with one before it starts
  started=$(now)
  if [ ! -d "$dir" ]; then
    check_containers 2>/dev/null
  elif [ ! -e "$dir/removing" ] && [ -n "$identity" ]; then
    check_record
  fi
  check_urls
}

expire() { # one record of a sweep, in a process of its own
  # Two seconds, because the timeout of busybox outlives what it watched, with the lock in its hands.
  take_lock "$project" 2 || finish BUSY "$project is busy"
  read_lease "$dir"
  if [ "$lease" = invalid ]; then
    write_lease "$dir" $(($(now) + day))
    finish DATA "removeat of $project could not be read; it ends in a day unless it is deployed again"
  fi
  if [ ! -e "$dir/removing" ]; then
    [ "$lease" != forever ] && [ "$lease" -le "$(now)" ] || finish OK "" '"kept":true'
  fi
  if ! load_manifest "$dir"; then # written by another tool: proven by the label, or left alone
    homes=$(containers "$project" '{{.Label "com.docker.compose.project.working_dir"}}' | sort -u)
    [ -z "$homes" ] || [ "$homes" = "$dir" ] || finish DATA "containers of $project come from $homes, so they are left alone"
  fi
  teardown || finish BUSY "something of $project is still in use: $(printf '%s' "${remains:-the Docker daemon does not answer}" | tr '\n' ' ')"
  finish OK "$project is gone" '"kept":false'
}

sweep() { # one stack's failure never stops the next
  require_timeout
  require_docker
  exec 5>>"$state/.locks/.sweep"
  flock -n 5 || finish BUSY "another sweep is at work"
  swept=0 failed=0 errors=''
  for record in "$state"/*/; do
    record=${record%/}
    [ -d "$record" ] && [ ! -L "$record" ] || continue
    read_lease "$record"
    [ -e "$record/removing" ] || [ "$lease" = invalid ] || { [ "$lease" != forever ] && [ "$lease" -le "$(now)" ]; } || continue
    name=$(basename "$record")
    answer=$(timeout -k 10 180 /bin/sh "$self" expire "state=$state" "project=$name" budget=120 nonce=sweep 2>&1 5>&-)
    case $answer in
    *'"kept":true'*) ;;
    *'"word":"OK"'*) swept=$((swept + 1)) && reply "swept $name" ;;
    *)
      failed=$((failed + 1))
      reason=$(printf '%s\n' "$answer" | sed -n 's/^@sweep result {"word":"[A-Z]*","message":"\(.*\)"[^"]*}$/\1/p' | tail -n 1)
      reason=${reason:-took too long}
      errors=$errors${errors:+,}"{\"project\":\"$(json "$name")\",\"reason\":\"$reason\"}"
      reply "warning $name was not removed: $reason"
      ;;
    esac
  done
  find "$state/.staging" "$state/.trash" -mindepth 1 -maxdepth 1 -mmin +120 -exec rm -rf {} + 2>/dev/null
  status="\"when\":$(now),\"swept\":$swept,\"failed\":$failed,\"errors\":[$errors]"
  printf '{%s}\n' "$status" >"$state/.sweep-status.new" && mv -f "$state/.sweep-status.new" "$state/sweep-status.json"
  finish OK "$swept removed, $failed failed" "$status"
}

read_words "$@"
open_state
case $verb in
deploy | attend | work | down | extend | expire | show)
  [ -n "$project" ] || finish USAGE "project is missing"
  "$verb" "$@"
  ;;
list | sweep) "$verb" ;;
*) finish USAGE "unknown verb $verb" ;;
esac
