# --- the sweeper's timer, by systemd ----------------------------------------------------------------------------------
# Needs timer/timer, timer/cron. Never ends the program.

install_timer() { # sets timer; false when there is no systemd for this user
  local scope kind units as=''
  command -v systemctl >/dev/null || return 1
  if [ "$(id -u)" -eq 0 ]; then
    scope=--system kind=systemd units=/etc/systemd/system as='User=root'
  else
    scope=--user kind=systemd-user units=$HOME/.config/systemd/user
    linger || return 1
  fi
  systemd_runs && write_units || return 1
  if { control daemon-reload && control enable "$sweeper_name.timer" && control restart "$sweeper_name.timer"; } >/dev/null; then
    timer=$kind
    [ "$timer_before" != cron ] || remove_cron
  else
    control disable --now "$sweeper_name.timer" >/dev/null
    rm -f "$units/$sweeper_name.timer" "$units/$sweeper_name.service"
    return 1
  fi
}

control() { XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} timeout 20 systemctl "$scope" "$@" </dev/null 2>/dev/null; }

linger() { # lets the user's systemd run without a login
  command -v loginctl >/dev/null || return 1
  [ "$(timeout 20 loginctl show-user "$user" --property=Linger 2>/dev/null)" = Linger=yes ] ||
    timeout 20 loginctl enable-linger "$user" </dev/null >/dev/null 2>&1
}

systemd_runs() { # it may just be starting
  for _ in 1 2 3 4 5; do
    case $(control is-system-running) in running | degraded | starting | initializing) return 0 ;; esac
    [ "$scope" = --user ] || return 1
    sleep 1
  done
  return 1
}

write_units() {
  mkdir -p "$units" && (
    umask 022
    sweep_timer >"$units/$sweeper_name.timer" && {
      sweep_service
      printf 'ExecStart=/bin/sh -c "%s" "%s"\n' "$(unit_text "$run_sweep")" "$(unit_text "$state/.host/sweep")"
      [ -z "$as" ] || printf '%s\n' "$as"
    } >"$units/$sweeper_name.service"
  )
}

unit_text() { printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/[%$]/&&/g'; }
