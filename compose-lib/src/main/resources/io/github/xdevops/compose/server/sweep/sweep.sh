# --- the sweep --------------------------------------------------------------------------------------------------------
# Needs sweep/*, core/clock, core/locks, core/docker, timer/timer. Ends the program with the answer.

# One failure never stops the others, and a sweep with nothing to do starts a handful of processes for any number of records.
sweep() {
  local due='' over='' held='' leases=0 ended=0 failed=0 errors='' notice='' known='' word=OK answer=''
  can_write "$state/.locks/.sweep" || fail_io open "$state/.locks/.sweep"
  # A user whose timer has stopped gets it back; a list tells where there is none.
  [ "$nonce" = timer ] || [ ! -f "$state/.host/sweeper" ] || ensure_sweeper >/dev/null
  exec 5>>"$state/.locks/.sweep"
  # A user waits for a sweep that begins after the call; the timer will run again.
  if [ "$nonce" = timer ]; then flock -n 5; else flock -w "$lock_wait" 5; fi || { test_locks && finish BUSY "another sweep is running"; }
  keep_clock
  [ -z "$jumped" ] || notice="the server's clock jumped by $jumped s; leases ignore that for half an hour"
  find_due
  guard_mass_expiry
  if [ -n "$due" ]; then
    put_failures_last
    note_due
    answer=$(require_docker) || { word=UNAVAIL notice='nothing was removed, because Docker does not answer' held=$due due=''; }
  fi
  # Through a pipe: a full disk has no room for a list, and the sweep is what makes room.
  # shellcheck disable=SC2016,SC2086 # for the inner shell; a word for each project
  [ -z "$due" ] || printf '%s\n' $due |
    xargs -n 1 -P 4 /bin/sh -c '/bin/sh "$1" expire "state=$2" "nonce=$3" "project=$4" 2>/dev/null' sh "$self" "$state" "$nonce" 5>&-
  forget_secrets
  housekeeping
  [ -n "$jumped" ] || tell_pages tick 50
  report_sweep
}

report_sweep() { # the status lists every record that should have been removed
  local swept=0 holding=0 name file reason status
  for name in $due; do [ -d "$state/$name" ] || swept=$((swept + 1)); done
  for file in "$state"/*/sweep-failures; do
    [ -f "$file" ] || continue
    reason=''
    read -r _ _ reason <"$file"
    name=${file%/*}
    report_failure "${name##*/}" "${reason:-the disk had no room for the reason}"
  done
  for name in $held; do
    holding=$((holding + 1))
    add_error "$name" held
  done
  [ -z "$notice" ] || reply "warning $notice"
  notify_owner
  status="\"when\":$clock,\"swept\":$swept,\"failed\":$failed,\"held\":$holding,\"notice\":\"$(json "$notice")\",\"errors\":[$errors]"
  save "$state/sweep-status.json" "{$status}" 2>/dev/null ||
    reply "warning the status of this sweep could not be kept in $state/sweep-status.json; is the disk full?"
  # Without the time, so that the timer reports it once.
  [ "$word" = OK ] || finish "$word" "$notice: $(printf '%s\n' "$answer" | message_of "$nonce")"
  finish OK "$swept removed, $failed failed, $holding held" "$status"
}

report_failure() { # PROJECT REASON: adds to failed and errors
  failed=$((failed + 1))
  add_error "$1" "$2"
}

add_error() { # PROJECT REASON: adds to errors, up to what a client reads in one line
  [ ${#errors} -gt 40000 ] || errors=$errors${errors:+,}"{\"project\":\"$(json "$1")\",\"reason\":\"$(json "$2")\"}"
}
