# --- provision: one step of setting a server up -----------------------------------------------------------------------
# Called as root with NONCE STEP KEY=VALUE…; a step is a list of calls of `ensure`. finish ends the program.

export LC_ALL=C DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022
readonly log=/var/log/xdevops-provision.log etc=/etc/xdevops login=deploy
nonce=${1:-} step=${2:-} dry='' force='' role='' domain='' email='' dns='' key='' name='' ssh_port=22 patience=120 version='' kept=''
basic_auth=${basic_auth:-}

exec 3>&1 # replies also pass where output goes to the log

reply() { printf '@%s %s\n' "$nonce" "$*" >&3; }
note() { reply "note $*"; }

finish() { # OUTCOME MESSAGE
  reply "result $*"
  exit 0
}

read_words() { # KEY=VALUE…: sets the variables of the same names
  local word
  for word; do
    case $word in
    dry=yes) dry=yes ;;
    force=yes) force=yes ;;
    role=ci | role=production) role=${word#*=} ;;
    domain=*[!a-z0-9.-]* | name=*[!a-z0-9.-]* | dns=*[!a-z0-9-]* | email=*[!a-zA-Z0-9@._+-]* | ssh_port=*[!0-9]* | patience=*[!0-9]* | version=*[!a-zA-Z0-9.-]*)
      finish USAGE "$word is not acceptable"
      ;;
    domain=*) domain=${word#*=} ;;
    email=*) email=${word#*=} ;;
    dns=*) dns=${word#*=} ;;
    name=*) name=${word#*=} ;;
    key=*) key=${word#*=} ;;
    ssh_port=) ;; # not over SSH
    ssh_port=?*) ssh_port=${word#*=} ;;
    patience=?*) patience=${word#*=} ;;
    version=*) version=${word#*=} ;;
    kept=?*) kept=${word#*=} ;;
    *) finish USAGE "a word that this step does not know: $word" ;;
    esac
  done
}

# The one way in which anything changes: only when the check fails, never in a dry run, and the check has to hold afterwards.
ensure() { # WHAT CHECK APPLY, the names of two functions
  ! "$2" >/dev/null 2>&1 || return 0
  reply "change $1"
  [ -z "$dry" ] || return 0
  printf '\n%s  %s: %s\n' "$(date -u +%FT%TZ)" "$step" "$1" >>"$log"
  "$3" >>"$log" 2>&1 || finish IOERR "$1: failed; $(last_line)"
  "$2" >/dev/null 2>&1 || finish IOERR "$1: applied, but not in effect; $(last_line)"
}

last_line() { printf 'the last line of %s is: %s' "$log" "$(grep -v '^ *$' "$log" | tail -n 1 | cut -c 1-300)"; }

ensure_file() { # PATH MODE PRINTER: the printer is a function that prints the content
  local file="$1" mode="$2" printer="$3"
  ensure "write $1" file_is write_file
}
file_is() { # of ensure_file
  [ -f "$file" ] && [ "$(stat -c %a "$file")" = "$mode" ] && [ "$("$printer" && echo .)" = "$(cat "$file" && echo .)" ]
}
write_file() { # of ensure_file; whole or not at all, also after a power cut
  mkdir -p "${file%/*}" && (umask 077 && "$printer" >"$file.new") && chmod "$mode" "$file.new" && sync "$file.new" && mv -f "$file.new" "$file" && sync "${file%/*}"
}

# A service has read a file if it began after the file was written, or if we told it since.
has_read() { # UNIT FILE
  local began mark="/run/xdevops.read/$1.${2##*/}"
  systemctl -q is-active "$1" || return 1
  # An older mark is of the same text before somebody changed it, perhaps with a restart.
  [ "$2" -nt "$mark" ] || [ "$(cat "$mark")" != "$(sum "$2")" ] || return 0
  began=$(date -d "$(systemctl show -p ActiveEnterTimestamp --value "$1")" +%s) && [ "$began" -gt "$(stat -c %Y "$2")" ]
}
mark_read() { # UNIT FILE
  mkdir -p /run/xdevops.read && sum "$2" >"/run/xdevops.read/$1.${2##*/}"
}
sum() { sha256sum <"$1" | cut -c 1-64; }

at_least() { # VERSION MINIMUM
  [ -n "$1" ] && dpkg --compare-versions "$1" ge "$2"
}

packages_there() { # NAME…
  local package
  for package; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || return 1
  done
}
update_lists() { # once for all steps of a run
  [ -z "$(find /run/xdevops.read/lists -mmin -10 2>/dev/null)" ] || return 0
  get update && mkdir -p /run/xdevops.read && touch /run/xdevops.read/lists
}
get() { apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"; }
