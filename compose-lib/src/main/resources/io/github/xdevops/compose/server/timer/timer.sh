# --- the sweeper's timer ----------------------------------------------------------------------------------------------
# Needs core/files, core/clock, timer/systemd, timer/cron. Never ends the program: without a timer, a warning says what to do.

readonly sweeper_patience=600 # seconds without a run after which the timer is installed again

# What the timer calls: .host/sweep, or nothing if the state directory was removed.
# shellcheck disable=SC2016
readonly run_sweep='test ! -f "$0" || exec /bin/sh "$0"'

ensure_sweeper() { # installs a timer of the login user that sweeps every minute, unless it is installed and works
  local timer=none before='' script="$self" at="${started:-}" environment slept='' sweeper_problem=''
  [ -n "$at" ] || at=$(now)
  case $self in /*) ;; *) script=$PWD/$self ;; esac
  [ ! -f "$state/.host/sweeper" ] || read -r timer before <"$state/.host/sweeper"
  list_environment
  [ "$timer" = none ] || check_sleep
  if [ "$timer" != none ] && [ -z "$slept" ]; then
    # The script installed last is the newest: an older client does not bring back an older sweeper.
    [ -s "$state/.host/$before" ] && [ "$state/.host/$before" -nt "$script" ] && return
    [ "$before" = "${script##*/}" ] && [ -s "$state/.host/sweep" ] &&
      [ "$(cat "$state/.host/sweep.env" 2>/dev/null)" = "$environment" ] && return
  fi
  install_sweeper || reply "warning expired environments may stay on the server: $sweeper_problem"
}

list_environment() { # sets environment to the lines of sweep.env
  local name value given
  environment="script=$script
state=$state"
  for name in HOME PATH DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS_VERIFY DOCKER_CERT_PATH XDG_RUNTIME_DIR; do
    eval "value=\${$name-} given=\${$name+yes}"
    [ -z "$given" ] || environment="$environment
$name=$value"
  done
}

check_sleep() { # sets slept to how long the timer has not run, in words, or to nothing
  local swept_at='' idle
  [ ! -f "$state/.host/swept" ] || read -r swept_at <"$state/.host/swept"
  case $swept_at in '' | 0* | *[!0-9]* | ?????????????*) return ;; esac
  idle=$((at - swept_at))
  if [ $idle -gt "$sweeper_patience" ]; then
    slept="for $((idle / 60)) min"
  elif [ $idle -lt "-$sweeper_patience" ] && [ -z "$jumped" ]; then # unless the clock is wrong now
    slept='as far as can be told, because the last time lies ahead of the clock'
  fi
}

install_sweeper() { # sets timer; false, with sweeper_problem, if it could not be installed or had stopped
  local timer_before="$timer" user sweeper_name=xdevops-sweeper full="cannot write to $state/.host; is the disk full or read-only?"
  timer=none
  user=$(id -un)
  [ "$state" -ef "${HOME:-}/.yourlabs.compose" ] || sweeper_name=$sweeper_name-$(printf '%s' "$state" | sha256sum | cut -c 1-8)
  # Deploys to other state directories of this user change the same crontab. Go on if the file system cannot lock.
  if [ -r "${HOME:-}" ] && exec 5<"$HOME"; then flock -w 30 5 2>/dev/null; fi
  mkdir -p "$state/.host" 2>/dev/null
  case $state in
  *[[:cntrl:]]*) sweeper_problem="its path has control characters; choose another state directory" ;;
  *) if write_sweeper; then install_timer || install_cron; fi 2>/dev/null ;;
  esac
  exec 5<&-
  if [ "$timer" = none ]; then
    sweeper_problem=${sweeper_problem:-$full}
  elif [ -n "$slept" ]; then
    sweeper_problem="the sweeper has not run there $slept, so its timer ($timer) was set up again; does that run on the server?"
  fi
  save "$state/.host/sweeper" "$timer ${script##*/}" 2>/dev/null || sweeper_problem=$full
  [ -z "$sweeper_problem" ]
}

write_sweeper() { # the environment first: the program of an earlier version does not read it
  save "$state/.host/sweep.env" "$environment" && save "$state/.host/sweep" "$(sweep_wrapper)" && now >"$state/.host/swept"
}
