# --- files that survive a power cut ----------------------------------------------------------------------------------

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
