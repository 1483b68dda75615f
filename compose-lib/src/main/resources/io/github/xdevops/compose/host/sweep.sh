# --- the sweeper -----------------------------------------------------------------------------------------------------

expire() { # one record of a sweep, in a process of its own
  # Two seconds, because the timeout of busybox outlives what it watched, with the lock in its hands.
  take_lock "$project" 2 || finish BUSY "$project is busy"
  read_lease "$dir"
  if [ "$lease" = invalid ]; then
    write_lease "$dir" $(($(now) + day))
    finish DATA "removeat of $project could not be read; it ends in a day unless it is deployed again"
  fi
  if [ ! -e "$dir/removing" ]; then
    [ "$lease" != forever ] && [ "$lease" -le "$(now)" ] || finish OK "" '"kept":true'
  fi
  if ! load_manifest "$dir"; then # written by another tool: proven by the label, or left alone
    homes=$(containers "$project" '{{.Label "com.docker.compose.project.working_dir"}}' | sort -u)
    [ -z "$homes" ] || [ "$homes" = "$dir" ] || finish DATA "containers of $project come from $homes, so they are left alone"
  fi
  teardown || finish BUSY "something of $project is still in use: $(printf '%s' "${remains:-the Docker daemon does not answer}" | tr '\n' ' ')"
  finish OK "$project is gone" '"kept":false'
}

sweep() { # one stack's failure never stops the next
  require_timeout
  require_docker
  exec 5>>"$state/.locks/.sweep"
  flock -n 5 || finish BUSY "another sweep is at work"
  swept=0 failed=0 errors=''
  for record in "$state"/*/; do
    record=${record%/}
    [ -d "$record" ] && [ ! -L "$record" ] || continue
    read_lease "$record"
    [ -e "$record/removing" ] || [ "$lease" = invalid ] || { [ "$lease" != forever ] && [ "$lease" -le "$(now)" ]; } || continue
    name=$(basename "$record")
    answer=$(timeout -k 10 180 /bin/sh "$self" expire "state=$state" "project=$name" budget=120 nonce=sweep 2>&1 5>&-)
    case $answer in
    *'"kept":true'*) ;;
    *'"word":"OK"'*) swept=$((swept + 1)) && reply "swept $name" ;;
    *)
      failed=$((failed + 1))
      reason=$(printf '%s\n' "$answer" | sed -n 's/^@sweep result {"word":"[A-Z]*","message":"\(.*\)"[^"]*}$/\1/p' | tail -n 1)
      reason=${reason:-took too long}
      errors=$errors${errors:+,}"{\"project\":\"$(json "$name")\",\"reason\":\"$reason\"}"
      reply "warning $name was not removed: $reason"
      ;;
    esac
  done
  find "$state/.staging" "$state/.trash" -mindepth 1 -maxdepth 1 -mmin +120 -exec rm -rf {} + 2>/dev/null
  status="\"when\":$(now),\"swept\":$swept,\"failed\":$failed,\"errors\":[$errors]"
  printf '{%s}\n' "$status" >"$state/.sweep-status.new" && mv -f "$state/.sweep-status.new" "$state/sweep-status.json"
  finish OK "$swept removed, $failed failed" "$status"
}
