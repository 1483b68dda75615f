# --- step backup: the program that backs persistent environments up, and its timer ----------------------------------------
# Needs core, steps/packages. ensure ends the program when it fails.
# It is root's, because data in volumes is; the login asks by a file in a directory that systemd watches.

readonly backup_program=/usr/local/sbin/xdevops-backup backup_settings=/var/lib/xdevops/backup units=/etc/systemd/system

step_backup() {
  if [ "$role" != production ]; then
    no_backups
    return
  fi
  ensure 'install restic' restic_is_there install_restic # and what calls the owner's webhook
  ensure_file "$backup_program" 755 backup_text
  ensure_file /etc/tmpfiles.d/xdevops-backup.conf 644 backup_tmpfiles
  ensure_file "$units/xdevops-backup.path" 644 backup_path
  ensure_file "$units/xdevops-backup.service" 644 backup_service
  ensure_file "$units/xdevops-backup@.service" 644 backup_run_service
  ensure_file "$units/xdevops-backup-nightly.service" 644 backup_nightly_service
  ensure_file "$units/xdevops-backup-nightly.timer" 644 backup_nightly_timer
  ensure_file "$units/xdevops-backup-watch.service" 644 backup_watch_service
  ensure_file "$units/xdevops-backup-watch.timer" 644 backup_watch_timer
  ensure_file "$units/xdevops-backup-files.service" 644 backup_files_service
  ensure_file "$units/xdevops-backup-recover.service" 644 backup_recover_service
  ensure 'start the nightly backups' backups_run start_backups
}

restic_is_there() { packages_there restic curl; }
install_restic() { update_lists && get install --no-install-recommends restic curl; }

backups_run() {
  systemctl -q is-active xdevops-backup.path && systemctl -q is-active xdevops-backup-nightly.timer &&
    systemctl -q is-active xdevops-backup-watch.timer &&
    systemctl -q is-enabled xdevops-backup.path xdevops-backup-nightly.timer xdevops-backup-watch.timer xdevops-backup-files xdevops-backup-recover &&
    [ "$(stat -c %G:%a /run/xdevops-backup/requests)" = "$login:770" ] && [ "$(systemctl show -p NeedDaemonReload --value xdevops-backup@x)" = no ]
}
start_backups() {
  install -d -m 700 "$backup_settings" && systemd-tmpfiles --create /etc/tmpfiles.d/xdevops-backup.conf && systemctl daemon-reload &&
    systemctl enable xdevops-backup-files xdevops-backup-recover && systemctl enable --now xdevops-backup.path xdevops-backup-nightly.timer xdevops-backup-watch.timer
}

no_backups() { # those of environments that were set up for one go on
  if [ -n "$(find "$backup_settings" -name repository 2>/dev/null | head -n 1)" ]; then
    note "environments have backups (in $backup_settings), so these go on"
  else
    ensure 'remove the nightly backups' backups_are_gone remove_backups
  fi
}
backups_are_gone() { [ ! -e "$backup_program" ]; }
remove_backups() {
  systemctl disable --now xdevops-backup.path xdevops-backup-nightly.timer xdevops-backup-watch.timer xdevops-backup-files xdevops-backup-recover
  rm -f "$units"/xdevops-backup* /etc/tmpfiles.d/xdevops-backup.conf && systemctl daemon-reload &&
    rm -rf /run/xdevops-backup "$backup_settings" "${backup_settings}s" && rm -f "$backup_program"
}
