# --- the step -----------------------------------------------------------------------------------------------------------

main() {
  [ "$(id -u)" = 0 ] || finish NOPERM "$(id -un) is not root here"
  shift 2
  read_words "$@"
  if [ -z "$dry" ]; then
    exec 9>/run/xdevops-provision.lock
    # A step that an earlier client began may still run without it.
    flock -w 300 9 || finish BUSY 'another provision of this server is at work; try again later'
  fi
  case $step in
  server | dpkg | packages | compose | daemon | machine | login | socket | traefik | pages | backup | firewall | confirm | undo | record) "step_$step" ;;
  *) finish USAGE "unknown step $step" ;;
  esac
  finish OK ''
}
main "$@" </dev/null
exit
