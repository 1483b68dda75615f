# --- the sweeper -----------------------------------------------------------------------------------------------------

readonly two_periods=120 # of the timer, in seconds: what is not gone by then is listed

# One stack's failure never stops the next, and a tick with nothing to do starts a handful of processes however many
# records there are.
sweep() {
  opens "$state/.locks/.sweep" || io open "$state/.locks/.sweep"
  exec 5>>"$state/.locks/.sweep"
  # People want the result of a sweep that begins after their call; the timer comes again.
  if [ "$nonce" = timer ]; then flock -n 5; else flock -w "$lock_wait" 5; fi || { test_locks && finish BUSY "another sweep is at work"; }
  keep_clock
  notice='' known=''
  [ -z "$jumped" ] || notice="the server's clock jumped by $jumped s; for half an hour time goes on as if it had not"
  find_due
  brake
  word=OK
  if [ -n "$due" ]; then
    put_failures_last
    note_due
    docker_says=$(require_docker) || { word=UNAVAIL notice='nothing was removed, because Docker does not answer' held=$due due=''; }
  fi
  # Through a pipe, because a full disk has room for no list, and only this makes room there.
  # shellcheck disable=SC2016,SC2086 # for the inner shell; a word for each project
  [ -z "$due" ] || printf '%s\n' $due | xargs -n 1 -P 4 /bin/sh -c '/bin/sh "$1" expire "state=$2" "nonce=$3" "project=$4" 2>/dev/null' \
    sh "$self" "$state" "$nonce" 5>&-
  forget_secrets
  housekeeping
  report_sweep
}

find_due() { # the projects whose turn it is: due, and over when their lease has ended, of which the brake decides
  due='' over='' held='' leases=0 ended=0 failed=0 errors=''
  for file in "$state"/*/; do
    [ -x "$file" ] || [ ! -d "$file" ] || complain "$(basename "$file")" 'its record cannot be entered; give it back to its user or remove it by hand'
  done
  # What is no small regular file is left to the strict reader.
  odd=$(find "$state" -mindepth 2 -maxdepth 2 -name removeat ! \( -type f -size -33c \) -print 2>/dev/null)
  for file in "$state"/*/removeat; do
    [ ! -e "${file%/*}/removing" ] && [ ! -L "${file%/*}" ] || continue
    text='' more=''
    case $odd in
    *"$file"*) ;;
    *) { IFS= read -r text && IFS= read -r more; } 2>/dev/null <"$file" ;;
    esac
    case $more$text in
    '' | *[!0-9]* | ?????????????*)
      [ ! -e "$file" ] && [ ! -L "$file" ] || ! candidate "${file%/*}" || due="$due $name"
      ;;
    *)
      leases=$((leases + 1))
      if [ "$text" -le "$clock" ]; then ended=$((ended + 1)) && ! candidate "${file%/*}" || over="$over $name"; fi
      ;;
    esac
  done
  for file in "$state"/*/removing; do
    [ ! -e "$file" ] || [ -L "${file%/*}" ] || ! candidate "${file%/*}" || due="$due $name"
  done
}

candidate() { # RECORD: sets name; false if it failed lately, or no project can have it
  name=${1##*/}
  is_project "$name" || {
    complain "$name" 'its name is not that of a Compose project of this tool; take it down and remove it by hand'
    return 1
  }
  if [ -z "$force" ] && [ -f "$1/sweep-failures" ]; then
    read -r _ next_try _ <"$1/sweep-failures"
    case $next_try in '' | *[!0-9]*) ;; *) [ "$clock" -ge "$next_try" ] || return 1 ;; esac
  fi
}

complain() { # PROJECT REASON
  failed=$((failed + 1))
  tell_error "$1" "$2"
}

tell_error() { # PROJECT REASON: all are counted; as many are told as a client reads in one line
  [ ${#errors} -gt 40000 ] || errors=$errors${errors:+,}"{\"project\":\"$(json "$1")\",\"reason\":\"$(json "$2")\"}"
}

brake() { # more ends at once than a team makes: the clock may be wrong
  if [ -n "$force" ] || [ "$ended" -le 5 ] || [ $((ended * 2)) -le "$leases" ]; then
    rm -f "$state/.brake"
  else
    began=''
    [ ! -f "$state/.brake" ] || read -r began <"$state/.brake"
    case $began in '' | *[!0-9]*) began=-1 ;; esac
    waited=$(($(seconds) - began))
    if [ "$began" -lt 0 ] || [ $waited -lt 0 ]; then # never before in this boot
      waited=0
      # On a full disk the file stays empty, and its own age counts.
      if [ -n "$(find "$state/.brake" -size 0 -mmin "+$((hold / 60))" 2>/dev/null)" ]; then
        waited=$hold
      else
        [ ! -s "$state/.brake" ] || rm -f "$state/.brake"
        seconds 2>/dev/null >>"$state/.brake"
      fi
    fi
    if [ $waited -lt "$hold" ]; then
      notice="${notice:+$notice; }$ended of $leases leases ended at once, so they are held for $(((hold - waited + 59) / 60)) min in case the clock is wrong; compose:sweep with compose.force=true removes them now"
      held=$over
      return
    fi
  fi
  due=$due$over
}

put_failures_last() { # so that four that hang hold up none but their like
  new='' old=''
  for name in $due; do
    if [ -f "$state/$name/sweep-failures" ]; then old="$old $name"; else new="$new $name"; fi
  done
  due=$new$old
}

expire() { # one record of a sweep: what became of it goes to its file sweep-failures, and to the caller
  answer=$(timeout -k 10 180 /bin/sh "$self" remove "state=$state" "project=$project" budget=120 nonce=remove)
  case $answer in
  *'"kept":true'*) rm -f "$dir/sweep-failures" && return ;;
  *'"word":"OK"'*)
    printf '%s\n' "$answer" | sed -n "s/^@remove warning /@$nonce warning /p"
    reply "swept $project" && return
    ;;
  *'"word":"BUSY"'*' is busy"'*) # a deploy is at work: the next sweep looks again
    ! is_overdue || save "$dir/sweep-failures" "0 0 it is locked by $(holder "$project")"
    return
    ;;
  esac
  reason=$(printf '%s\n' "$answer" | sed -n 's/^@remove result {"word":"[A-Z]*","message":"\(.*\)"[^"]*}$/\1/p' | tail -n 1)
  reason=${reason:-it took longer than 180 s}
  failures=0
  [ ! -f "$dir/sweep-failures" ] || read -r failures _ <"$dir/sweep-failures"
  case $failures in '' | *[!0-9]* | ???*) failures=0 ;; esac
  failures=$((failures + 1)) pause=3600
  [ $failures -gt 6 ] || pause=$((30 << failures))
  read_lease "$dir"
  case $lease in forever | invalid) ;; *) [ "$lease" -le "$(now)" ] || pause=0 ;; esac # it got time
  [ ! -d "$dir" ] || save "$dir/sweep-failures" "$failures $(($(now) + pause)) $reason" || opens "$dir/sweep-failures"
  reply "warning $project was not removed: $reason"
}

is_overdue() { # should have been gone two periods ago
  [ -z "$(find "$dir/removing" -mmin "+$((two_periods / 60))" 2>/dev/null)" ] || return 0
  read_lease "$dir"
  case $lease in forever | invalid) false ;; *) [ "$lease" -le $(($(now) - two_periods)) ] ;; esac
}

remove() { # under its lock, read again what the sweep read without
  # Two seconds, because the timeout of busybox outlives what it watched, with the lock in its hands.
  take_lock "$project" 2 || finish BUSY "$project is busy"
  [ -d "$dir" ] || finish OK '' '"kept":false' # another was faster
  refuse_newer
  read_lease "$dir"
  if [ "$lease" = invalid ]; then
    write_lease "$dir" $(($(now) + day))
    finish DATA "removeat of $project could not be read; it ends in a day unless it is deployed again"
  fi
  if [ ! -e "$dir/removing" ]; then
    [ "$lease" != forever ] && [ "$lease" -le "$(now)" ] || finish OK "" '"kept":true'
    # Who pinned it was killed before its lease had gone.
    if load_manifest "$dir" && [ "$m_pinned" = true ]; then write_lease "$dir" forever && finish OK '' '"kept":true'; fi
  fi
  if ! load_manifest "$dir"; then # written by another tool: proven by the label, or left alone
    find_others || finish UNAVAIL "the Docker daemon does not answer"
    [ -z "$others" ] || finish DATA "containers of $project come from $others, so they are left alone"
  fi
  teardown || finish BUSY "something of $project is still in use: $remains"
  finish OK "$project is gone" '"kept":false'
}

report_sweep() { # the status tells of every record that should be gone and is not
  swept=0 holding=0
  for name in $due; do [ -d "$state/$name" ] || swept=$((swept + 1)); done
  for file in "$state"/*/sweep-failures; do
    [ -f "$file" ] || continue
    reason=''
    read -r _ _ reason <"$file"
    name=${file%/*}
    complain "${name##*/}" "${reason:-the disk had no room for the reason}"
  done
  for name in $held; do
    holding=$((holding + 1))
    tell_error "$name" held
  done
  [ -z "$notice" ] || reply "warning $notice"
  tell_owner
  status="\"when\":$clock,\"swept\":$swept,\"failed\":$failed,\"held\":$holding,\"notice\":\"$(json "$notice")\",\"errors\":[$errors]"
  save "$state/sweep-status.json" "{$status}" 2>/dev/null || reply "warning the status of this sweep could not be kept in $state/sweep-status.json; is the disk full?"
  [ "$word" = OK ] || finish "$word" "$notice: $(printf '%s' "$docker_says" | sed -n 's/.*"message":"\(.*\)".*/\1/p')" # without the time, so that the timer tells it once
  finish OK "$swept removed, $failed failed, $holding held" "$status"
}

# --- what the server's owner hears -----------------------------------------------------------------------------------

# Only the owner says where to, in a file here: a branch must not make the server call anything.

note_due() { # what is known of those whose turn it is, while their records are there
  [ -f "$state/.host/webhook" ] || return 0
  known=$state/.staging/.known.$$
  for name in $due; do
    before=new
    [ ! -f "$state/$name/sweep-failures" ] || before=failed
    load_manifest "$state/$name"
    branch='' where=${m_hosts%%,*}
    case $m_about in *'"branch":"'*) branch=${m_about#*'"branch":"'} branch=${branch%%[\"\\\`]*} ;; esac
    printf '%s %s%s%.150s%s%s%.150s\n' "$name" "$before" "${branch:+ \`}" "$branch" "${branch:+\`}" "${where:+ }" "$where"
  done 2>/dev/null >"$known" || known=lost
}

tell_owner() {
  [ -n "$known" ] || return 0
  tell_news ||
    reply "warning the webhook in $state/.host/webhook was not told; is its first line an http or https URL that works, is curl or GNU wget installed, and the disk not full?"
  rm -f "$known"
}

tell_news() { # what is gone, and what could not be removed for the first time
  [ -f "$known" ] || return 1
  server='' gone=0 news=''
  { read -r server </proc/sys/kernel/hostname; } 2>/dev/null
  while read -r name before about; do
    if [ ! -d "$state/$name" ]; then
      gone=$((gone + 1))
      [ $gone -gt 30 ] || news="$news
* $name${about:+ $about}"
    elif [ "$before" = new ] && [ -f "$state/$name/sweep-failures" ]; then
      read -r _ _ reason <"$state/$name/sweep-failures"
      news="$news
* not removed: $name ($reason); it is tried again"
    fi
  done <"$known"
  [ -n "$news" ] || return 0
  [ $gone -le 30 ] || news="$news
* and $((gone - 30)) more"
  # Half a character would make all of it unreadable, so those beyond ASCII are not sent.
  news=$(printf 'Environments on %s whose time is over: %d gone%s' "$server" $gone "$news" | tr '\200-\377' '?' | tr -d '\000-\011\013-\037\177' |
    sed 's/\\/\\\\/g; s/"/\\"/g; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/$/\\n/' | tr -d '\n')
  { printf '{"text":"%s"}' "${news%?n}" >"$known"; } 2>/dev/null && post_message
}

post_message() { # the URL is a secret, and the list of processes is not: it goes through a pipe
  webhook=''
  { read -r webhook <"$state/.host/webhook"; } 2>/dev/null
  case $webhook in
  *[!a-zA-Z0-9._~:/?#@!\$\&\(\)*+,\;=%-]*) return 1 ;;
  http://?* | https://?*) ;;
  *) return 1 ;;
  esac
  if command -v curl >/dev/null; then # a redirect is a failure
    printf 'url = "%s"\n' "$webhook" |
      timeout -k 1 9 curl -sfgL --max-redirs 0 -m 8 -o /dev/null -H 'Content-Type: application/json' --data-binary "@$known" -K -
  else # busybox would take its own wget, which takes no URL from there and fails
    printf '%s\n' "$webhook" |
      timeout -k 1 9 /usr/bin/env wget -q -T 8 -t 1 --max-redirect=0 -O /dev/null --header='Content-Type: application/json' --post-file="$known" -i -
  fi >/dev/null 2>&1 5>&-
}

# --- once an hour ----------------------------------------------------------------------------------------------------

housekeeping() {
  [ -z "$jumped" ] || return 0 # ages are wrong now
  # A time that lies ahead is of a clock that was wrong.
  [ -n "$force" ] || [ ! -s "$state/.housekeeping" ] || [ -n "$(find "$state/.housekeeping" \( -mmin +60 -o -mmin -0 \))" ] || return 0
  printf '%s\n' "$clock" >"$state/.housekeeping"
  forget_leftovers
  find "$state/.gone" -type f -mtime +30 -exec rm -f {} + 2>/dev/null
  of_timer=''
  [ ! -f "$state/.host/sweeper" ] || read -r _ of_timer <"$state/.host/sweeper"
  find "$state/.host" -type f -name 'stacks-*' ! -name "${self##*/}" ! -name "${of_timer:-none}" -mtime +30 -exec rm -f {} + 2>/dev/null
  forget_locks
  (require_docker) >/dev/null || return 0
  adopt_orphans
  prune_images
}

forget_leftovers() { # of uploads and of what was removed
  [ -z "$jumped" ] || return 0 # ages are wrong now
  find "$state/.staging" "$state/.trash" -mindepth 1 -maxdepth 1 -mmin +120 2>/dev/null | while IFS= read -r old; do
    [ ! -f "$old/alive" ] || flock -n "$old/alive" true && rm -rf "$old"
  done
}

forget_locks() { # those who wait for a lock look again whether its file is still the one in place
  find "$state/.locks" -type f ! -name '.*' -mmin +1440 | while IFS= read -r file; do
    [ -e "$state/${file##*/}" ] || flock -n "$file" rm -f "$file"
  done
}

# Containers of ours whose record somebody deleted get one with a day's lease: it can be seen, extended, and is swept.
adopt_orphans() {
  docker ps -a --filter "label=$label" --format "{{.Label \"$label\"}} {{.Label \"com.docker.compose.project.working_dir\"}}" | sort -u | while read -r name where; do
    [ "$where" = "$state/$name" ] && [ ! -e "$where" ] && is_project "$name" || continue
    /bin/sh "$self" adopt "state=$state" "project=$name" "nonce=$nonce" 5>&- | grep "^@$nonce warning "
  done
}

adopt() {
  take_lock "$project" 0 && [ ! -e "$dir" ] || finish OK ''
  # It may have been taken down since the list was made.
  [ -n "$(containers "$project" '{{.ID}}')" ] || finish OK ''
  record=$state/.staging/.adopted.$$
  mkdir "$record" || io create "$record"
  write_lease "$record" $(($(now) + day))
  mv "$record" "$dir" && flush "$state" || io write "$dir"
  reply "warning $project had lost its record; it has one again, which ends in a day"
  finish OK ''
}
