# --- nightly: each project that has a backup; old snapshots, a check every week, a drill every month ----------------------
# Needs core, repository, backup. Does not end the program.

readonly month=2592000 # seconds

nightly() { # one after another; a failure stops none of the others, and shows as a failed unit
  local settings
  for settings in "$own"/*/repository; do
    [ -f "$settings" ] || continue
    settings=${settings%/*}
    use_project "${settings##*/}"
    [ -d "$state/$project" ] || continue
    run_tonight nightly verb=backup && { is_younger "$place/drilled" $((month - 43200)) || run_tonight drill verb=restore trial=yes; } ||
      failures=$((failures + 1))
  done
  [ "$failures" = 0 ]
}

run_tonight() { # NONCE LINES of a request, in a unit of its own
  local name="$project.$1"
  shift
  printf '%s\n' "$@" >"$run/taken/$name" && systemctl start "xdevops-backup@$name"
}

is_younger() { # FILE SECONDS: is the time that it begins with less than that ago?
  local at=0
  [ ! -f "$1" ] || read -r at _ <"$1"
  [ $(($(now) - at)) -lt "$2" ]
}

failed_tonight() { # MESSAGE
  [ -z "$place" ] || { printf '%s\n' "$1" | save "$place/failed" 600; write_status; }
  printf '%s\n' "$1" >&2
  exit 1
}

forget() { # only ever after a success
  phase forget
  restic forget --group-by host --keep-last 7 --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --keep-yearly 75 --prune --max-unused 10% \
    >/dev/null 2>"$errors" || fail_restic 'remove old snapshots'
}

check_weekly() { # a tenth each week, in turn: reads what was written, which a check without reading does not
  local when=0 part=0
  [ ! -f "$place/checked" ] || read -r when part <"$place/checked"
  [ $(($(now) - when)) -ge 590000 ] || return 0
  check_part $((part % 10 + 1))
}

check_part() { # 1 to 10
  phase check
  if restic check --read-data-subset="$1/10" >"$work/check" 2>"$errors"; then
    rm -f "$place/damage"
  else
    grep -qiE "$unreachable|already locked" "$errors" && fail_restic 'check the repository'
    last_words "$errors" | save "$place/damage" 600
    note "$repository is damaged: $(last_words "$errors")"
  fi
  printf '%s %s\n' "$(now)" "$1" | save "$place/checked" 600
  [ ! -f "$place/damage" ] || finish IOERR "$repository is damaged: $(cat "$place/damage")"
}
