# --- the sweep: one environment ---------------------------------------------------------------------------------------
# Needs core/teardown, core/record, core/locks. Only remove, a process of its own, ends the program.

readonly two_periods=120 # of the timer, in seconds: environments still there by then are listed

expire() { # one record of a sweep: writes the result to the record's file sweep-failures, and to the caller
  local answer reason failures=0 pause=3600 lease
  answer=$(timeout -k 10 180 /bin/sh "$self" remove "state=$state" "project=$project" budget=120 nonce=remove)
  case $answer in
  *'"kept":true'*) rm -f "$dir/sweep-failures" && return ;;
  *'"word":"OK"'*)
    printf '%s\n' "$answer" | sed -n "s/^@remove warning /@$nonce warning /p"
    reply "swept $project" && return
    ;;
  *'"word":"BUSY"'*' is busy"'*) # a deploy is running: the next sweep tries again
    ! is_overdue || save "$dir/sweep-failures" "0 0 it is locked by $(holder "$project")"
    return
    ;;
  esac
  reason=$(printf '%s\n' "$answer" | message_of remove)
  reason=${reason:-it took longer than 180 s}
  [ ! -f "$dir/sweep-failures" ] || read -r failures _ <"$dir/sweep-failures"
  case $failures in '' | *[!0-9]* | ???*) failures=0 ;; esac
  failures=$((failures + 1))
  [ $failures -gt 6 ] || pause=$((30 << failures))
  read_lease "$dir"
  case $lease in forever | invalid) ;; *) [ "$lease" -le "$(now)" ] || pause=0 ;; esac # its lease was renewed
  [ ! -d "$dir" ] || save "$dir/sweep-failures" "$failures $(($(now) + pause)) $reason" || can_write "$dir/sweep-failures"
  reply "warning $project was not removed: $reason"
}

is_overdue() { # should it have been removed two periods ago?
  local lease
  [ -z "$(find "$dir/removing" -mmin "+$((two_periods / 60))" 2>/dev/null)" ] || return 0
  read_lease "$dir"
  case $lease in forever | invalid) false ;; *) [ "$lease" -le $(($(now) - two_periods)) ] ;; esac
}

remove() { # reads the lease again, now under the lock
  local lease remains='' others=''
  # Wait two seconds: busybox's timeout outlives the process that it watches, and keeps the lock.
  take_lock "$project" 2 || finish BUSY "$project is busy"
  [ -d "$dir" ] || finish OK '' '"kept":false' # removed by another process
  refuse_newer
  read_lease "$dir"
  if [ "$lease" = invalid ]; then
    write_lease "$dir" $(($(now) + day))
    finish DATA "removeat of $project could not be read; it expires in a day unless it is deployed again"
  fi
  if [ ! -e "$dir/removing" ]; then
    [ "$lease" != forever ] && [ "$lease" -le "$(now)" ] || finish OK "" '"kept":true'
    # A pin was killed before it removed the lease.
    if load_manifest "$dir" && [ "$m_pinned" = true ]; then write_lease "$dir" forever && finish OK '' '"kept":true'; fi
  fi
  if ! load_manifest "$dir"; then # written by another tool: remove only if the containers' label agrees
    find_others || fail_daemon
    [ -z "$others" ] || finish DATA "containers of $project come from $others, so they are left alone"
  fi
  teardown || finish BUSY "something of $project is still in use: $remains"
  finish OK "$project is gone" '"kept":false'
}
