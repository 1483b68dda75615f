# --- answers to the client --------------------------------------------------------------------------------------------
# Needs core/redact. finish, fail_daemon and fail_io end the program.

reply() { printf '@%s %s\n' "$nonce" "$*"; }

phase() { reply "phase $1"; }

json() { # TEXT: prints it as the inside of a JSON string, on one line, at most 2000 bytes
  [ -n "$1" ] || return 0
  printf '%s' "$1" | tr '\n\t' '  ' | tr -d '\000-\037\177' | head -c 2000 | sed 's/\\/\\\\/g; s/"/\\"/g'
}

finish() { # WORD [MESSAGE [JSON-MEMBERS]]
  local message last_word
  [ "$logins" = 0 ] || rm -rf "${staging:-none}/login" "${staging:-none}/docker"
  message=${2:-}
  [ "$1" = OK ] || [ -z "$secrets" ] || message=$(printf '%s\n' "$message" | redact)
  last_word="result {\"word\":\"$1\",\"message\":\"$(json "$message")\"${3:+,$3}}"
  case $verb in work | down | pin | extend | sweep) tell_pages list ;; esac
  # On a full disk, the upload has reserved room for the result.
  reply "$last_word" 2>/dev/null || [ ! -f "$staging/answer" ] || reply "$last_word" 1<>"$staging/answer"
  case $1 in
  OK) exit 0 ;; USAGE) exit 64 ;; DATA) exit 65 ;; UNAVAIL) exit 69 ;; UNHEALTHY) exit 70 ;; IOERR) exit 74 ;;
  BUSY) exit 75 ;; PROTO) exit 76 ;; NOPERM) exit 77 ;; POLICY) exit 78 ;; *) exit 79 ;;
  esac
}

fail_io() { # VERB FILE: ends with the reason that a trial write gives
  local where="$2" why
  until [ -d "$where" ]; do
    case $where in */*) where=${where%/*} ;; *) where=. ;; esac
  done
  why=$(mkdir "$where/.try.$$" 2>&1) && rmdir "$where/.try.$$"
  case $why in
  *'ot permitted'* | *'ermission denied'*) finish NOPERM "cannot $1 $2 on the server as $(id -un): ${why##*: }" ;;
  esac
  finish IOERR "cannot $1 $2 on the server: ${why:+${why##*: }: }is the disk full, over quota or read-only?"
}

# The pages of a provisioned server are a program of its own. One that cannot be written is no failure of what happened.
tell_pages() { # list|gone|tick|wake [SECONDS]
  [ ! -f "$state/.host/pages.sh" ] || timeout -k 5 "${2:-20}" /bin/sh "$state/.host/pages.sh" "$1" "$state" "$project" "$verb" \
    </dev/null >/dev/null 2>&1 5>&- 6>&- 9>&-
}

fail_daemon() { finish UNAVAIL "the Docker daemon does not answer"; }

message_of() { # NONCE <ANSWER: prints the message of another call's result
  sed -n "s/^@$1 result {\"word\":\"[A-Z]*\",\"message\":\"\\(.*\\)\"[^\"]*}\$/\\1/p" | tail -n 1
}
