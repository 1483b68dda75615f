# --- the repository -----------------------------------------------------------------------------------------------------
# Needs core. fail_restic ends the program.

# What restic, ssh and Go say.
no_network='dial tcp|connection refused|connection reset|no route to host|could not resolve|no such host|timed? ?out'
readonly no_network unreachable="$no_network|ssh command exited|subprocess ssh|start the sftp session|permission denied \(publickey"

restic() { # with the project's repository and password
  RESTIC_REPOSITORY=$repository RESTIC_PASSWORD_FILE=$password_file RESTIC_CACHE_DIR=/var/cache/xdevops-backup \
    command restic --quiet -o sftp.command="$(sftp_command)" "$@" 9>&- </dev/null
}

# Nobody can answer ssh's questions, and a host that does not answer must not hold the nightly run.
sftp_command() {
  local target="${repository#sftp:}"
  case $repository in
  sftp:*) printf 'ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=20 %s -s sftp' "${target%%:*}" ;;
  *) echo none ;;
  esac
}

fail_restic() { # WHAT: in the words of what restic said
  local said outcome=IOERR
  said=$(last_words "$errors")
  if grep -qiE 'wrong password|no key found' "$errors"; then
    finish NOPERM "backup-password $repository"
  elif grep -qi 'already locked' "$errors"; then
    finish UNAVAIL "cannot $1: $repository is locked by another run of restic; try again when it has ended ($said)"
  elif grep -qi 'no space left' "$errors"; then
    finish IOERR "cannot $1: no space is left for $repository ($said)"
  elif grep -qiE "$unreachable|unable to open config file|does not exist" "$errors"; then
    outcome=UNAVAIL
  elif grep -qiE 'permission denied|access denied|forbidden' "$errors"; then
    outcome=NOPERM
  fi
  finish "$outcome" "cannot $1 at $repository: $said"
}

list_snapshots() { # prints them as JSON, the newest first
  restic --json snapshots 2>"$errors" || fail_restic 'list the snapshots'
}

snapshots() {
  [ -z "$repository" ] || lock_project
  open_settings
  list_snapshots >"$work/snapshots"
  jq -c "$(snapshots_jq)" "$work/snapshots" | sed "s/^/@$nonce snapshot /" >>"$answer"
  finish OK ''
}
