# --- deploy: calls of the program for backups -----------------------------------------------------------------------------
# Needs core/answer, core/record, core/clock. back_up_first and check_seed end the program where there can be none.

# What has a backup gets one before anything changes, unless it has one of the last ten minutes. Before the lock: the backup takes it.
back_up_first() { # CODE: the message without one; a forced deploy goes on
  local answer said word
  [ -f "/var/lib/xdevops/backups/$project" ] && is_backed_up_here || return 0
  load_manifest "$dir" && [ "$m_state" = live ] || return 0
  phase backup
  ! ask_backups "$nonce" verb=backup age=600 || return 0
  case $verb:$force in
  work:yes) reply "warning $1; $said" ;;
  *) finish "$word" "$1; $said" ;;
  esac
}

is_backed_up_here() { [ "$state" -ef "$HOME/.yourlabs.compose" ]; } # the program is that of the login's own state directory

ask_backups() { # NONCE LINES of a request: sets answer, and its word and what it said; false if the word is not OK
  local request="$1"
  shift
  answer=$(printf '%s\n' "$@" | /usr/local/sbin/xdevops-backup ask "$project" "$request")
  said=$(printf '%s\n' "$answer" | message_of "$request") word=${answer##*' result {"word":"'}
  word=${word%%'"'*}
  case $word in '' | *[!A-Z]*) word=UNAVAIL ;; esac
  [ "$word" = OK ]
}

# A new environment gets its seed, and one whose seed did not come to its end: until it has, m_seed is "begun".
check_seed() { # before anything is changed
  local answer said word
  if [ -z "$first" ] && [ "$m_seed" != begun ]; then
    [ -z "$seed" ] || [ "${m_seed%@*}" = "${seed%@*}" ] || reply "warning seed-late $project ${seed%@*}"
    return
  fi
  [ -n "$seed$m_seed" ] || return 0
  [ -n "$seed" ] || finish DATA "seed-begun $project"
  is_backed_up_here && [ -x /usr/local/sbin/xdevops-backup ] || finish UNAVAIL no-seeds-here
  [ -z "$first" ] || ask_backups "${nonce}0" verb=seed check=yes "origin=$seed" "owner=$repository" || finish "$word" "$said"
  m_seed=begun
}

plant_seed() { # into new volumes, before the first start; sets m_seed and deadline, or is false and sets problem and failed_as
  local answer said word
  phase seed
  ask_backups "${nonce}1" verb=seed "origin=$seed" "owner=$repository" ||
    { problem=${said:-the seed failed} failed_as=$word && return 1; }
  printf '%s\n' "$answer" | sed -n "s/^@${nonce}1 note /@$nonce warning /p"
  answer=${answer##*'"id":"'}
  m_seed=${seed%@*}@${answer%%'"'*} deadline=$(($(seconds) + budget))
  save_manifest "$dir"
}
