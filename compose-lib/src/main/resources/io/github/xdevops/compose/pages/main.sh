# --- pages: the call ------------------------------------------------------------------------------------------------------

main() { # WHAT STATE …
  local what="${1:-}" state="${2:-}"
  [ $# -ge 2 ] && [ -d "$state" ] || return 64
  shift 2
  case $what in
  list) list ;;
  gone) gone "$@" ;;
  answer) answer "${1:-}" ;;
  tick) tick ;;
  sleep) fall_asleep "$1" ;;
  wake) wake "$1" "${3:-}" "${4:-$longest_wake}" ;; # PROJECT VERB [URL [SECONDS]]
  *) return 64 ;;
  esac
}
main "$@"
exit
