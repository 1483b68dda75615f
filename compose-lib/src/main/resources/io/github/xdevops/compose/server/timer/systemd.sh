# --- the sweeper's timer by systemd ----------------------------------------------------------------------------------

install_timer() {
  command -v systemctl >/dev/null || return 1
  if [ "$(id -u)" -eq 0 ]; then
    scope=--system timer_kind=systemd units=/etc/systemd/system as='User=root'
  else
    scope=--user timer_kind=systemd-user units=$HOME/.config/systemd/user as=''
    linger || return 1
  fi
  systemd_runs && write_units || return 1
  if control daemon-reload && control enable "$sweeper_name.timer" && control restart "$sweeper_name.timer"; then
    timer=$timer_kind
    [ "$timer_before" != cron ] || ! read_crontab || write_crontab '' || return 0
  else
    control disable --now "$sweeper_name.timer"
    rm -f "$units/$sweeper_name.timer" "$units/$sweeper_name.service"
    return 1
  fi
}

control() { XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} timeout 20 systemctl "$scope" "$@" </dev/null >/dev/null 2>&1; }

linger() { # so that the user's own systemd runs while nobody is logged in
  command -v loginctl >/dev/null || return 1
  [ "$(timeout 20 loginctl show-user "$user" --property=Linger 2>/dev/null)" = Linger=yes ] ||
    timeout 20 loginctl enable-linger "$user" </dev/null >/dev/null 2>&1
}

systemd_runs() { # it may have been started only now
  for _ in 1 2 3 4 5; do
    case $(XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} timeout 20 systemctl "$scope" is-system-running 2>/dev/null) in
    running | degraded | starting | initializing) return 0 ;;
    esac
    [ "$scope" = --user ] || return 1
    sleep 1
  done
  return 1
}

write_units() {
  called=$(printf '"%s" "%s"' "$(unit_text "$run_wrapper")" "$(unit_text "$state/.host/sweep")")
  mkdir -p "$units" &&
    (umask 022 && printf '%s\n' '[Unit]' 'Description=Remove environments whose time is over' '' '[Service]' 'Type=oneshot' \
      "ExecStart=/bin/sh -c $called" '# The journal gets what it says in trouble, not two lines a minute.' \
      'SyslogLevel=warning' 'LogLevelMax=notice' ${as:+"$as"} >"$units/$sweeper_name.service" &&
      printf '%s\n' '[Unit]' 'Description=Remove environments whose time is over' '' '[Timer]' 'OnCalendar=minutely' \
        'RandomizedDelaySec=15' 'AccuracySec=1' '' '[Install]' 'WantedBy=timers.target' >"$units/$sweeper_name.timer")
}

unit_text() { printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/[%$]/&&/g'; }
