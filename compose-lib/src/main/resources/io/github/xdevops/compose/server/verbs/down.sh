# --- down -------------------------------------------------------------------------------------------------------------
# Needs core/teardown, deploy/backup. Ends the program with the answer.

down() {
  local lease remains='' buried=yes
  require_docker
  [ -z "$force" ] || back_up_first no-last-backup
  lock_or_busy
  if [ ! -d "$dir" ]; then
    count_left_overs || fail_daemon
    [ -z "$remains" ] || finish DATA "$project was not deployed by this tool, so it is left alone: $remains"
    finish OK "$project is not there" '"existed":false'
  fi
  read_lease "$dir"
  load_manifest "$dir"
  case $lease:$force:$m_pinned in
  forever::true) finish POLICY "down-pinned${m_pinned_by:+-by} $project $m_pinned_by" ;; # or down-pinned-by
  forever::*) finish POLICY "down-persistent $project" ;;
  esac
  # Before the teardown, so that a crash loses nothing; on a full disk again after it, when there is room.
  write_tombstone || buried=''
  teardown || finish BUSY "something of $project is still in use and was kept: $remains"
  [ -n "$buried" ] || write_tombstone ||
    reply "warning the disk has no room to record that $project was removed: a late older pipeline may deploy it again"
  finish OK "$project is gone" '"existed":true'
}
