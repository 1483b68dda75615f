# shellcheck shell=bash
# A third sshd for the same home, whose login has a systemd of its own as users have who linger: for that, systemd need not run on the
# machine, only be installed. Where it is not, the test that wants it is skipped and says so.

systemd_up() { alive systemd && alive sshd-systemd; }

systemd_groups() {
  local tree
  for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ ! -e "$tree/cgroup.procs" ] || echo "$tree/$CGROUP-systemd"
  done
}

start_systemd() {
  [ -x /lib/systemd/systemd ] || return 0
  ! systemd_up || return 0
  stop_systemd
  local group groups uid path=$RUN/systemd/bin:$LOGIN_PATH
  uid=$(id -u "$LOGIN")
  # In a control group of its own, because it moves all that is in its group.
  mapfile -t groups < <(systemd_groups)
  for group in "${groups[@]}"; do
    mkdir -p "$group/user" || return 0
    chown -R "$LOGIN:$LOGIN" "$group/user"
  done
  mkdir -p "$RUN/systemd/bin"
  printf '#!/bin/sh\necho Linger=yes\n' >"$RUN/systemd/bin/loginctl" # there is no logind
  chmod 755 "$RUN/systemd/bin" "$RUN/systemd/bin/loginctl"
  step "starting a systemd for $LOGIN"
  # shellcheck disable=SC2016
  start systemd unshare --mount --propagation slave sh -euc '
    LOGIN=$1 HOME_DIR=$2 uid=$3
    shift 3
    mount -t tmpfs -o mode=755 none /run
    mkdir -p /run/sshd /run/systemd/system "/run/user/$uid"
    chown "$uid" "/run/user/$uid"
    chmod 700 "/run/user/$uid"
    for group; do echo $$ >"$group/user/cgroup.procs"; done
    cd "$HOME_DIR"
    exec setpriv --reuid="$LOGIN" --regid="$LOGIN" --init-groups env -i HOME="$HOME_DIR" PATH=/usr/bin:/bin \
      XDG_RUNTIME_DIR="/run/user/$uid" /lib/systemd/systemd --user --log-target=console' sh "$LOGIN" "$HOME_DIR" "$uid" "${groups[@]}"
  until_true 10 test -S "/proc/$(pid_of systemd)/root/run/user/$uid/systemd/private" ||
    { step "it does not start; its log is $RUN/log/systemd.log"; stop_systemd; return 0; }
  choose_port ssh-systemd 2422
  configure_sshd ssh-systemd "PATH=$path XDG_RUNTIME_DIR=/run/user/$uid"
  start sshd-systemd nsenter --mount --target "$(pid_of systemd)" "$DIST/usr/sbin/sshd" -D -e -f "$RUN/etc/sshd_config.ssh-systemd"
  wait_for sshd-systemd 10 listens "$(recall port/ssh-systemd)"
}

stop_systemd() {
  local group
  stop sshd-systemd
  stop systemd
  for group in $(systemd_groups); do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

systemd_status() {
  systemd_up || { report systemd none 'not installed, or cannot be run for a user'; return 0; }
  report systemd up "pid $(pid_of systemd)  $LOGIN@127.0.0.1:$(recall port/ssh-systemd)"
}
