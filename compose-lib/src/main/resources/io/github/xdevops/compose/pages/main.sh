# --- pages: the call ------------------------------------------------------------------------------------------------------

main() { # WHAT STATE …
  local what="${1:-}" state="${2:-}"
  [ $# -ge 2 ] && [ -d "$state" ] || return 64
  shift 2
  case $what in
  list) list ;;
  gone) gone "$@" ;;
  answer) answer "${1:-}" ;;
  *) return 64 ;;
  esac
}
main "$@"
exit
