# --- locks ------------------------------------------------------------------------------------------------------------
# Needs core/answer, core/files, core/clock, gate/gate. Ends the program where locks do not work, and lock_or_busy when it
# waits in vain.

lock_file=''

take_lock() { # PROJECT SECONDS: held on descriptor 9 until this process and all it started are gone; sets lock_file
  lock_file=$state/.locks/$1
  can_write "$lock_file" || fail_io open "$lock_file"
  exec 9>>"$lock_file"
  flock -w "$2" 9 2>/dev/null || { test_locks && return 1; }
  holds_lock || { exec 9>&- && take_lock "$1" "$2"; return; }
  printf '%s %s %s\n' "$verb" $$ "$(seconds)" 2>/dev/null >"$lock_file" || : # a full disk does not affect the lock
}

# Otherwise a broken flock would look like a busy lock, or let two processes in.
test_locks() { # ends the program unless flock waits and excludes here
  local try="$state/.staging/.lock.$$" fit
  command -v flock >/dev/null || finish UNAVAIL "flock is missing on the server; install util-linux"
  can_write "$try" || return 0
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
  *) finish UNAVAIL "no-locks $state" ;;
  esac
}

# The file may have been removed while we waited or since; then another process may hold a lock, too.
holds_lock() { [ "$lock_file" -ef /proc/self/fd/9 ]; }

holder() { # PROJECT: prints who holds its lock
  local by='' pid='' since='' age
  [ ! -f "$state/.locks/$1" ] || read -r by pid since <"$state/.locks/$1"
  case $by in work) by=deploy ;; '' | *[!a-z]*) pid='' ;; esac
  case $pid:$since in :* | *: | *[!0-9:]* | *:*:* | ???????????????????????*) echo 'somebody unknown' && return ;; esac
  age=$(($(seconds) - since))
  printf '%s' "$by (pid $pid) since $((age < 0 ? 0 : age)) s"
  kill -0 "$pid" 2>/dev/null || printf '%s' ', which has ended; something that it started may still hold the lock'
}

lock_or_busy() {
  take_lock "$project" 0 || {
    printf '%s\n' "waiting up to $lock_wait s: $project is locked by $(holder "$project")"
    take_lock "$project" "$lock_wait" ||
      finish BUSY "$project is locked by $(holder "$project"); waited $lock_wait s, try again"
  }
  refuse_newer
  check_gate # again: the project may have a new owner by now
}
