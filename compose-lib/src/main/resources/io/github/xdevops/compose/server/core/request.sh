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
nonce=none project='' sha256='' identity='' sequence=0 hosts='' routed='' lifetime='' budget=600 lock_wait=60 ready_wait=120 home='' directories='' force='' repository='' networks=0 may_evict='' ends='' secrets='' judged='' gated='' proxy='' unwanted='' logins=0 service='' tail=100 follow='' layers=''
renumber=''

readonly oldest_compose=2.23.1 # the first that knows configs.content
readonly failed_lease=3600     # a failed first deploy stays this long to be looked at
readonly day=86400
readonly longest_lifetime=315532800 # ten years
readonly largest_bundle=65536  # half a KiB each, or a KiB in bash: far more than a client sends
readonly longest_upload=600   # seconds

label=com.docker.compose.project

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

names() { # HOSTS: labels with single dots between them, because a.test. leads to a.test as well
  plain hosts "$1" '.,-'
  case ,$1, in *[A-Z]* | *[,.-][,.]* | *[,.]-*) finish USAGE "hosts is not acceptable: $1" ;; esac
}

is_project() { # NAME: can a project of this tool have it?
  case $1 in '' | [!a-z0-9]* | *[!a-z0-9_-]* | *__*) return 1 ;; esac
  [ ${#1} -le 63 ]
}

at_most() { # SECONDS NAME VALUE: what never ends would live for ever
  number "$2" "$3"
  [ "$3" -le "$1" ] || finish USAGE "$2 is more than $1 s: $3"
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
    hosts=*) [ -z "$value" ] || { names "$value" && hosts=$value; } ;;
    proxy=*) plain proxy "$value" '._-' && proxy=$value ;;
    routed=*) [ -z "$value" ] || { plain routed "$value" '._,-' && routed=$value; } ;;
    lifetime=*) [ "$value" = forever ] || at_most "$longest_lifetime" lifetime "$value" && lifetime=$value ;;
    budget=*) at_most "$day" budget "$value" && budget=$value ;;
    lock_wait=*) at_most "$day" lock_wait "$value" && lock_wait=$value ;;
    force=yes) force=yes ;;
    home=*) plain home "$value" '/._-' && home=$value ;;
    directories=*) plain directories "$value" '/._:,-' && directories=$value ;;
    repository=*) plain repository "$value" '' && repository=$value ;;
    networks=*) number networks "$value" && networks=$value ;;
    evict=yes) may_evict=yes ;;
    renumber=yes) renumber=yes ;;
    judged=yes) judged=yes ;;
    gated=yes) gated=yes judged=yes ;;
    logins=[0-9]) logins=$value ;;
    ends=*) number ends "$value" && ends=$value ;;
    service=*) plain service "$value" '._-' && service=$value ;;
    tail=*) number tail "$value" && tail=$value ;;
    follow=yes) follow=yes ;;
    layers=*) [ -z "$value" ] || { plain layers "$value" ',' && layers=$value; } ;;
    ready_wait=*) at_most "$day" ready_wait "$value" && ready_wait=$value ;;
    *) finish USAGE "unknown word $word: is the client newer than this script?" ;;
    esac
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
