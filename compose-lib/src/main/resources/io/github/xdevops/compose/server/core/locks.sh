# --- locks -----------------------------------------------------------------------------------------------------------

take_lock() { # PROJECT SECONDS: held on descriptor 9 until this process and all it started are gone
  lock_file=$state/.locks/$1
  opens "$lock_file" || io open "$lock_file"
  exec 9>>"$lock_file"
  flock -w "$2" 9 2>/dev/null || { test_locks && return 1; }
  holds_lock || { exec 9>&- && take_lock "$1" "$2"; return; }
  printf '%s %s %s\n' "$verb" $$ "$(seconds)" 2>/dev/null >"$lock_file" || : # held all the same on a full disk
}

# What would be taken for a busy lock, or would let two in at once.
test_locks() { # ends unless flock waits and excludes here
  command -v flock >/dev/null || finish UNAVAIL "flock is missing on the server; install util-linux"
  try=$state/.staging/.lock.$$
  opens "$try" || return 0
  # shellcheck disable=SC2094 # it is always empty
  fit=$({
    ! flock -n 9 || printf 'locks '
    ! flock -w 0 9 || printf 'waits '
    flock -n "$try" true || printf excludes
  } 2>/dev/null 9>>"$try")
  rm -f "$try"
  case $fit in
  'locks waits excludes') ;;
  'locks excludes') finish UNAVAIL "the flock on the server, perhaps that of busybox, cannot wait; install util-linux" ;;
  *) finish UNAVAIL "the file system of $state does not keep two programs from holding the same lock; choose a compose.stateDirectory on a local disk" ;;
  esac
}

# Somebody may have removed the file, while we waited for it or since; then others may have a lock, too.
# shellcheck disable=SC3013 # dash, bash and busybox have it
holds_lock() { [ "$lock_file" -ef /proc/self/fd/9 ]; }

holder() { # who holds the lock of a project, as text
  h_verb='' h_pid='' h_since=''
  [ ! -f "$state/.locks/$1" ] || read -r h_verb h_pid h_since <"$state/.locks/$1"
  case $h_verb in work) h_verb=deploy ;; '' | *[!a-z]*) h_pid='' ;; esac
  case $h_pid:$h_since in :* | *: | *[!0-9:]* | *:*:* | ???????????????????????*) echo 'somebody unknown' && return ;; esac
  h_age=$(($(seconds) - h_since))
  printf '%s' "$h_verb (pid $h_pid) since $((h_age < 0 ? 0 : h_age)) s"
  kill -0 "$h_pid" 2>/dev/null || printf '%s' ', which has ended; something that it started may still hold the lock'
}

lock_or_busy() {
  take_lock "$project" 0 || {
    printf '%s\n' "waiting up to $lock_wait s: $project is locked by $(holder "$project")"
    take_lock "$project" "$lock_wait" || finish BUSY "$project is locked by $(holder "$project"); waited $lock_wait s, try again"
  }
  refuse_newer
  check_gate # again, because it may have become somebody else's meanwhile
}
