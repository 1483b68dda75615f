# --- the call -----------------------------------------------------------------------------------------------------------
# Needs everything above. Ends the program.

open_project() { # PROJECT.NONCE: sets nonce, answer and nightly, and what use_project sets
  is_request "$1" || exit 64
  use_project "${1%.*}"
  nonce=${1##*.} answer=$run/answers/$1
  : >"$answer" && chown "root:$login" "$answer" && chmod 640 "$answer" || exit 74
  mkdir -p "$work" && chmod 700 "$own" "$place" || finish IOERR "cannot write to $own: is the disk full?"
  : >"$errors" || finish IOERR "cannot write to $own: is the disk full?"
  case $nonce in nightly | drill) nightly=yes ;; esac
}

requests() { # a unit of its own for each
  local file name
  find "$run/answers" "$run/taken" "$run/drafts" -type f -mmin +60 -delete
  for file in "$run/requests"/*; do
    name=${file##*/}
    if is_request "$name" && [ -f "$file" ] && [ ! -L "$file" ] && mv "$file" "$run/taken/$name"; then
      systemctl start --no-block "xdevops-backup@$name"
    else
      rm -rf "$file"
    fi
  done
}

# An empty directory: Compose reads a file where it is called.
[ ! -d "$run/answers" ] || cd "$run" || exit 74
case ${1:-} in
ask) ask "${2:-}" "${3:-}" ;;
requests) requests ;;
nightly) nightly ;;
watch) watch ;;
recover) recover "${2:-}" ;;
recover-files) recover_files ;;
run)
  # Mounts of a run are its own, and end with it.
  [ "${3:-}" = apart ] || exec unshare --mount --propagation private "$0" run "${2:-}" apart
  open_project "${2:-}"
  read_request "$run/taken/$2"
  case $verb in
  backup | snapshots | restore | seed) "$verb" ;;
  *) finish USAGE 'the request has no verb' ;;
  esac
  ;;
*) finish USAGE 'usage: xdevops-backup ask|requests|run|nightly|watch|recover' ;;
esac
exit
