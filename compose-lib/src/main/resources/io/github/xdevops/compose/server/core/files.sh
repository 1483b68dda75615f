# --- files that survive a power cut -----------------------------------------------------------------------------------
# Needs core/answer, core/locks. Only open_state ends the program: where the state directory is none.

flush() { # FILE|DIRECTORY: false if the disk could not write it; syncs everything where one file cannot be synced
  local why
  why=$(sync "$1" 2>&1) || case $why in
  *'nvalid argument' | *upported | *mplemented | *'ermission denied' | *Usage:*) sync ;;
  *) return 1 ;;
  esac
}

can_write() { (: >>"$1") 2>/dev/null; } # a failing redirection of exec ends some shells silently

replace() { # TEMPORARY TARGET: the target is old or new, never half
  flush "$1" && mv -f "$1" "$2" && flush "${2%/*}"
}

# A process killed here leaves a file in staging, which is removed by age.
save() { # FILE TEXT: the file is old or new
  local new="$state/.staging/.new.$$"
  printf '%s\n' "$2" >"$new" && replace "$new" "$1" || { rm -f "$new" && return 1; }
}

copy() { # FROM FILE: likewise
  local new="$state/.staging/.new.$$"
  cp "$1" "$new" && replace "$new" "$2" || { rm -f "$new" && return 1; }
}

open_state() { # requires a real directory that the user owns; sets state to its full path, and dir
  [ ! -L "$state" ] || finish NOPERM "$state is a symbolic link; make it a real directory"
  [ ! -e "$state" ] || [ -d "$state" ] || finish NOPERM "$state is not a directory; move it away"
  [ ! -e "$state" ] || [ -O "$state" ] || finish NOPERM "$state belongs to another user"
  mkdir -p "$state" "$state/.locks" "$state/.staging" "$state/.trash" "$state/.empty" 2>/dev/null || fail_io create "$state"
  state=$(cd "$state" && pwd) || fail_io enter "$state"
  chmod 700 "$state" 2>/dev/null || [ "$(stat -c %a "$state")" = 700 ] || fail_io change "$state"
  dir=$state/$project
  [ -e "$state/.locks/.sweep" ] || { test_locks && can_write "$state/.locks/.sweep"; } || :
}
