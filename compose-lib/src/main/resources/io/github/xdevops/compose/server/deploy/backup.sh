# --- deploy: a backup first ---------------------------------------------------------------------------------------------
# Needs core/answer, core/record. Ends the program where there can be none.

# What has a backup gets one before anything changes, unless it has one of the last ten minutes. Before the lock: the backup takes it.
back_up_first() { # CODE: the message without one; a forced deploy goes on
  local said word
  # The program is that of the login's own state directory.
  [ -f "/var/lib/xdevops/backups/$project" ] && [ "$state" -ef "$HOME/.yourlabs.compose" ] || return 0
  load_manifest "$dir" && [ "$m_state" = live ] || return 0
  phase backup
  said=$(printf 'verb=backup\nage=600\n' | /usr/local/sbin/xdevops-backup ask "$project" "$nonce" | tail -n 1)
  word=${said#*'{"word":"'} word=${word%%'"'*}
  [ "$word" != OK ] || return 0
  said=$(printf '%s\n' "$said" | message_of "$nonce")
  case $word:$verb:$force in
  *:work:yes) reply "warning $1; $said" ;;
  [A-Z]*) finish "$word" "$1; $said" ;;
  *) finish UNAVAIL "$1; $word" ;;
  esac
}
