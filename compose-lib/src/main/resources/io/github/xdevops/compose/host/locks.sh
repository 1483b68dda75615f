# --- locks -----------------------------------------------------------------------------------------------------------

take_lock() { # PROJECT SECONDS: held on descriptor 9 until this process and all it started are gone
  lock_file=$state/.locks/$1
  opens "$lock_file" || io open "$lock_file"
  exec 9>>"$lock_file"
  command -v flock >/dev/null || finish UNAVAIL "flock is missing on the server; install util-linux"
  flock -w "$2" 9 || return 1
  holds_lock || { exec 9>&- && take_lock "$1" "$2"; return; }
  printf '%s for %s s\n' "$verb (pid $$)" "$(now)" 2>/dev/null >"$lock_file" || : # held all the same on a full disk
}

# Somebody may have removed the file, while we waited for it or since; then others may have a lock, too.
holds_lock() { [ "$(stat -c %i "$lock_file" 2>/dev/null)" = "$(stat -L -c %i /proc/self/fd/9)" ]; }

holder() { # who holds the lock of a project, as text
  sed 's/ for .*//' "$state/.locks/$1" 2>/dev/null
}

lock_or_busy() {
  take_lock "$project" "$lock_wait" || finish BUSY "$project is locked by $(holder "$project") since longer than $lock_wait s; try again"
  refuse_newer
}
