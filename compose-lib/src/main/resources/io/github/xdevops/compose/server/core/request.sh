#!/bin/sh
# The server's side of every goal: stacks.sh VERB KEY=VALUE…
#
# Replies are lines on stdout that begin with "@NONCE "; the last one is "@NONCE result {…}". Every other line is the output
# of the server's own programs. Words on the command line are short and harmless; everything else comes on stdin.
# The order of writes, and what holds after a crash at any line: docs/host-protocol.md.
#
# A function's variables are local. What it hands back is named in its comment ("sets lease"), and its caller makes that name
# local. Global are the words of the request (here), the manifest in hand (m_*, core/record), the words of the gate (gate_*,
# gate/gate), the owner's limits (limit_*, deploy/room), and verb, self, dir, clock, jumped, lock_file, staging, secrets and
# registry_config. Each part begins with what it needs, and says whether it may end the program.
#
# shellcheck disable=SC2015 # in "A && B || stop", stop is wanted when either fails
# shellcheck disable=SC3013,SC3043 # dash, bash and busybox have -ef, -nt and local
set -u
umask 077
LC_ALL=C
export LC_ALL
# Variables of a login profile must not change what is deployed.
unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES COMPOSE_PATH_SEPARATOR COMPOSE_REMOVE_ORPHANS \
  COMPOSE_IGNORE_ORPHANS COMPOSE_PARALLEL_LIMIT COMPOSE_DISABLE_ENV_FILE COMPOSE_ANSI COMPOSE_PROGRESS COMPOSE_MENU CDPATH

self=$0
verb=${1:-}
[ $# -eq 0 ] || shift

# The words of the request, with their defaults.
state=.yourlabs.compose nonce=none project='' sha256='' upload='' files=0 trees=0 identity='' repository='' sequence=0 renumber=''
hosts='' routed='' proxy='' home='' directories='' networks=0 layers='' logins=0 service='' tail=100 follow=''
lifetime='' ends='' budget=600 lock_wait=60 ready_wait=120 force='' adopt='' may_evict='' judged='' gated='' to='' seed='' sleep=''

readonly day=86400
readonly longest_lifetime=315532800 # ten years
readonly longest_upload=600         # seconds
readonly largest_file=4194304       # bytes of a compose file
readonly longest_word=16384 most_words=64 most_hosts=100
readonly label=com.docker.compose.project

dir='' staging='' secrets='' registry_config=''

# Needs core/answer. Ends the program at a word that it does not know or accept.

require_word() { # NAME VALUE EXTRA-CHARACTERS: letters, digits and those only
  case $2 in
  '' | *[!a-zA-Z0-9"$3"]*) finish USAGE "$1 is not acceptable: $2" ;;
  esac
}

require_number() { # NAME VALUE: sets decimal to it without leading zeros, which arithmetic takes as octal
  case $2 in
  '' | *[!0-9]* | ????????????????*) finish USAGE "$1 is not a number: $2" ;;
  esac
  decimal=${2#"${2%%[!0]*}"} decimal=${decimal:-0}
}

require_seconds() { # NAME VALUE MOST; sets decimal
  require_number "$1" "$2"
  [ "$decimal" -le "$3" ] || finish USAGE "$1 is more than $3 s: $2"
}

require_hosts() { # HOSTS: labels with single dots between them, because a.test. leads to a.test as well
  local rest="$1," count=0
  require_word hosts "$1" '.,-'
  case ,$1, in *[A-Z]* | *[,.-][,.]* | *[,.]-*) finish USAGE "hosts is not acceptable: $1" ;; esac
  while [ -n "$rest" ]; do count=$((count + 1)) rest=${rest#*,}; done
  [ "$count" -le "$most_hosts" ] || finish USAGE "hosts are more than $most_hosts"
}

is_project() { # NAME: can a project of this tool have it?
  case $1 in '' | [!a-z0-9]* | *[!a-z0-9_-]* | *__*) return 1 ;; esac
  [ ${#1} -le 63 ]
}

is_hash() { case ${#1}:$1 in 64:*[!0-9a-f]*) false ;; 64:*) ;; *) false ;; esac }

read_words() { # KEY=VALUE…: sets the words of the request
  local word key value decimal
  [ $# -le "$most_words" ] || finish USAGE "more than $most_words words"
  for word; do
    key=${word%%=*} value=${word#*=} decimal=''
    [ ${#word} -le "$longest_word" ] || finish USAGE "$key is longer than $longest_word bytes"
    case $word in
    state=* | hosts= | routed= | layers= | lifetime=forever | force=yes | adopt=yes | renumber=yes | judged=yes | follow=yes) ;;
    logins=[0-9]) ;;
    nonce=* | sha256=* | upload=* | identity=* | repository=*) require_word "$key" "$value" '' ;;
    project=*) require_word project "$value" '_-' ;;
    seed=*) require_word seed "$value" '@_-' ;;
    hosts=*) require_hosts "$value" ;;
    proxy=* | service=*) require_word "$key" "$value" '._-' ;;
    routed=*) require_word routed "$value" '._,-' ;;
    layers=*) require_word layers "$value" ',' ;;
    home=*) require_word home "$value" '/._-' ;;
    directories=*) require_word directories "$value" '/._:,-' ;;
    sequence=* | networks=* | files=* | trees=* | ends=* | tail=* | to=*) require_number "$key" "$value" ;;
    lifetime=*) require_seconds lifetime "$value" "$longest_lifetime" ;;
    sleep=0 | sleep=[3-9][0-9][0-9] | sleep=[1-9][0-9][0-9][0-9]*) require_seconds sleep "$value" "$longest_lifetime" ;;
    budget=* | lock_wait=* | ready_wait=*) require_seconds "$key" "$value" "$day" ;;
    evict=yes) key=may_evict ;;
    gated=yes) judged=yes ;;
    *) finish USAGE "unknown word $word: is the client newer than this script?" ;;
    esac
    value=${decimal:-$value}
    eval "$key=\$value" # a key is one of those above
  done
  [ ${#project} -le 63 ] || finish USAGE "project is longer than 63 characters: $project"
  [ -z "$project" ] || is_project "$project" || finish USAGE "project is not acceptable: $project"
  case $home:$directories in
  *..*) finish USAGE "home or directories with two dots: $home $directories" ;;
  [!/:]*) finish USAGE "home is not absolute: $home" ;;
  esac
  case $home in *//* | ?*/ | */./* | */.) finish USAGE "home is not in its shortest form: $home" ;; esac
  case $service in -*) finish USAGE "service is not acceptable: $service" ;; esac
}
