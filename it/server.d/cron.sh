# shellcheck shell=bash
# Cron as on a rented server, for the login user alone, and never the machine's own: all that has to do with it runs in mount namespaces
# where /var/spool is a directory of ours. The usual login can write a crontab that nobody reads, so that a test of something else is
# never swept from under its feet; a second sshd, on a port of its own, leads to the same home with a cron that works.

cron_up() { alive cron && alive sshd-cron; }

# aside NAME SPOOL COMMAND...: as `start`, where SPOOL is /var/spool and no systemd is to be seen. The process number stays the same.
aside() {
  mkdir -p "$2/cron/crontabs"
  # The user owns it, so that the program crontab needs no group of its own.
  chown "$LOGIN:$LOGIN" "$2/cron/crontabs"
  chmod 700 "$2/cron/crontabs"
  # shellcheck disable=SC2016
  start "$1" unshare --mount --propagation slave sh -euc '
    mount --bind "$0" /var/spool
    [ ! -d /run/systemd ] || mount -t tmpfs -o mode=755 none /run/systemd
    exec "$@"' "$2" "${@:3}"
}

start_cron() {
  ! cron_up || return 0
  stop sshd-cron
  stop cron
  mkdir -p "$RUN/cron/run" "$RUN/cron/d"
  rm -f "$RUN/cron/run/crond.pid"
  step "starting cron"
  # It writes its number to /run; the jobs in /etc are the machine's.
  # shellcheck disable=SC2016
  aside cron "$RUN/cron/spool" sh -euc '
    mount --bind "$0/cron/run" /run
    [ ! -d /etc/cron.d ] || mount --bind "$0/cron/d" /etc/cron.d
    [ ! -f /etc/crontab ] || mount --bind /dev/null /etc/crontab
    exec "$0/dist/usr/sbin/cron" -f' "$RUN"
  wait_for cron 10 test -s "$RUN/cron/run/crond.pid"
  choose_port ssh-cron 2322
  configure_sshd ssh-cron "PATH=$LOGIN_PATH"
  aside sshd-cron "$RUN/cron/spool" "$DIST/usr/sbin/sshd" -D -e -f "$RUN/etc/sshd_config.ssh-cron"
  wait_for sshd-cron 10 listens "$(recall port/ssh-cron)"
}

stop_cron() {
  stop sshd-cron
  stop cron
}

cron_status() {
  cron_up || { report cron DOWN ''; return 1; }
  report cron up "pid $(pid_of cron)  $LOGIN@127.0.0.1:$(recall port/ssh-cron)"
}
