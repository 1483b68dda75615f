#!/bin/sh
# xdevops-backup: backs up and restores the data of persistent environments. `compose:provision` installs it.
#
# Root runs restic and moves directories; what a compose file says reaches only Docker, which is called as the login. The program
# reads records under the locks of the server's script, and writes none. Replies are lines "@NONCE word …", as that script's are.
# Global are the words of the request (core), and those that `open_project` and `use_project` set.
# shellcheck disable=SC2015 # in "A && B || stop", stop is wanted when either fails
# shellcheck disable=SC3013,SC3043 # dash, bash and busybox have -ef and local
# Needs nothing. finish ends the program.
set -u
umask 077
LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

readonly login=deploy run=/run/xdevops-backup own=/var/lib/xdevops/backup told=/var/lib/xdevops/backups
readonly label=com.docker.compose.project
home=$(getent passwd "$login" | cut -d : -f 6)
state=$home/.yourlabs.compose
readonly home state

project='' nonce='' answer='' failures=0 has_stopped=''
place='' work='' errors=/dev/null password_file=''
verb='' repository='' password='' snapshot=latest service='' force='' trial='' nightly='' age=0 origin='' owner='' check=''

reply() { # without a request there is the journal
  if [ -n "$answer" ]; then printf '@%s %s\n' "$nonce" "$*" >>"$answer"; else printf '@%s %s\n' "$nonce" "$*"; fi
}
phase() { reply "phase $1"; }
note() { reply "note $(printf '%s' "$1" | tr '\n\t' '  ' | tr -d '\000-\037\177' | cut -c 1-500)"; }

json() { # TEXT: prints it as the inside of a JSON string
  printf '%s' "$1" | tr '\n\t' '  ' | tr -d '\000-\037\177' | cut -c 1-1000 | sed 's/\\/\\\\/g; s/"/\\"/g'
}

finish() { # OUTCOME MESSAGE [MEMBERS]
  [ -z "$has_stopped" ] || start_stopped
  reply "result {\"word\":\"$1\",\"message\":\"$(json "$2")\"${3:+,$3}}"
  [ "$1" = OK ] || [ -z "$nightly" ] || failed_tonight "$1: $2"
  exit 0
}

use_project() { # NAME: sets project, and place, work, errors and password_file to where its files are
  project=$1 place=$own/$1
  work=$place/current errors=$place/current/errors password_file=$place/password
}

is_project() { # NAME
  case $1 in '' | [!a-z0-9]* | *[!a-z0-9_-]* | *__*) return 1 ;; esac
  [ ${#1} -le 63 ]
}
is_request() { # PROJECT.NONCE
  case ${1##*.} in '' | *[!0-9a-z]*) return 1 ;; esac
  [ ${#1} -le 120 ] && is_project "${1%.*}"
}

# As the login, so that no compose file makes root read or run anything.
as_login() { HOME=$home setpriv --reuid "$login" --regid "$login" --init-groups -- "$@" 9>&-; }
docker() { as_login docker "$@"; }
compose() { docker compose --ansi never --progress plain -p "$project" "$@"; } # without a file: by labels

save() { # FILE MODE, with the text on stdin: whole or not at all, also after a power cut
  cat >"$1.new" && chmod "$2" "$1.new" && sync "$1.new" && mv -f "$1.new" "$1" && sync "${1%/*}"
}

now() { date +%s; }
last_words() { # FILE: the end of what a program said
  [ ! -s "$1" ] || grep -v '^ *$' "$1" | tail -n 2 | tr '\n' ' ' | cut -c 1-400
}
