# --- the sweeper's timer ---------------------------------------------------------------------------------------------

readonly sweeper_patience=600 # seconds without a run after which the timer is set up again

sweeper_kind() { # what calls the sweeper: systemd, systemd-user, cron or none
  timer=''
  [ ! -f "$state/.host/sweeper" ] || read -r timer _ <"$state/.host/sweeper"
  echo "${timer:-none}"
}

ensure_sweeper() { # a timer of the login user that sweeps every minute; starts no process when all is as it should be
  [ -n "${started:-}" ] || started=$(now)
  timer=none sweeper_before=''
  [ ! -f "$state/.host/sweeper" ] || read -r timer sweeper_before <"$state/.host/sweeper"
  case $self in /*) sweeper_script=$self ;; *) sweeper_script=$PWD/$self ;; esac
  wrap_sweeper
  if [ "$timer" != none ] && ! sweeper_sleeps; then
    # shellcheck disable=SC3013 # dash, bash and busybox have it
    # The script that came to this server last is the newest: an older client does not bring an older sweeper back.
    [ -s "$state/.host/$sweeper_before" ] && [ "$state/.host/$sweeper_before" -nt "$sweeper_script" ] && return
    same_text "$wrapper" "$state/.host/sweep" && return
  fi
  install_sweeper || reply "warning expired environments may stay on the server: $sweeper_problem"
}

sweeper_sleeps() { # a timer was set up, but nothing has come of it
  swept_at=''
  [ ! -f "$state/.host/swept" ] || read -r swept_at <"$state/.host/swept"
  case $swept_at in '' | 0* | *[!0-9]* | ?????????????*) return 1 ;; esac
  idle=$((started - swept_at))
  # A run that is yet to come was written by a clock that was wrong; unless it is wrong now, and time goes on without it.
  [ $idle -gt "$sweeper_patience" ] || { [ $idle -lt "-$sweeper_patience" ] && [ -z "${jumped:-}" ]; }
}

wrap_sweeper() { # sets wrapper to the program of the timer: the sweep in the environment of this session
  wrapper="#!/bin/sh
# Removes environments whose time is over: sweep [SECONDS TO WAIT [SECONDS AT MOST]]. Called by a timer, written anew by deploys.
umask 077
"
  for variable in HOME PATH DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS_VERIFY DOCKER_CERT_PATH XDG_RUNTIME_DIR; do
    eval "value=\${$variable-} given=\${$variable+yes}"
    if [ -n "$given" ]; then wrap_word "export $variable" "$value"; else wrapper="${wrapper}unset $variable
"; fi
  done
  wrap_word script "$sweeper_script"
  wrap_word state "$state"
  # shellcheck disable=SC2016 # for the shell that the timer starts
  wrapper=$wrapper'
sleep "${1:-0}"
{ date +%s >"$state/.host/swept"; } 2>/dev/null
# A disk that hangs, or whatever else, does not keep the next sweep from trying.
said=$(timeout -k 10 "${2:-3600}" /bin/sh "$script" sweep "state=$state" nonce=timer 2>&1 </dev/null)
code=$?
[ "$code" -lt 124 ] || said="the sweep was ended after ${2:-3600} s: $said"
# 75: another sweep is at work. A script that a power cut has emptied says nothing at all.
case $code:$said in
0:*"@timer result "* | 75:*) said="" code=0 ;;
0:*) said="$script gave no result, so nothing was swept; the next deploy writes it anew: $said" code=70 ;;
esac
# Cron sends what is said here by mail, so the same trouble is told once.
if [ "$said" != "$(cat "$state/.host/said" 2>/dev/null)" ]; then
  { printf "%s\n" "$said" >"$state/.host/said"; } 2>/dev/null
  [ -z "$said" ] || printf "%s\n" "$said"
fi
exit "$code"
'
}

wrap_word() { # NAME VALUE: adds a line that assigns any value
  shell_word "$2"
  wrapper="$wrapper$1=$quoted
"
}

shell_word() { # TEXT: sets quoted to it in quotes
  quoted='' unquoted=$1
  while :; do
    case $unquoted in
    *\'*) quoted=$quoted${unquoted%%\'*}"'\\''" unquoted=${unquoted#*\'} ;;
    *) break ;;
    esac
  done
  quoted="'$quoted$unquoted'"
}

same_text() { # TEXT FILE
  same=''
  [ ! -f "$2" ] || while IFS= read -r same_line; do same="$same$same_line
"; done <"$2"
  [ "$same" = "$1" ]
}

install_sweeper() { # false, with sweeper_problem, when there is none now or it was asleep
  sweeper_problem='' timer_before=$timer timer=none
  slept=''
  [ "$timer_before" = none ] || ! sweeper_sleeps || slept="for $((idle / 60)) min"
  case $slept in *-*) slept='as far as can be told, because the last time lies ahead of the clock' ;; esac
  user=$(id -un)
  sweeper_name=xdevops-sweeper
  # shellcheck disable=SC3013 # as above
  [ "$state" -ef "${HOME:-}/.yourlabs.compose" ] || sweeper_name=$sweeper_name-$(printf '%s' "$state" | sha256sum | cut -c 1-8)
  # Deploys to other state directories of this user change the same crontab. A file system that cannot lock is no reason to stop.
  if [ -r "${HOME:-}" ] && exec 5<"$HOME"; then flock -w 30 5 2>/dev/null; fi
  case $state in
  *[[:cntrl:]]*) sweeper_problem="its path has control characters; choose another compose.stateDirectory" ;;
  *) if keep_text sweep "$wrapper" && now >"$state/.host/swept"; then install_timer || install_cron; fi 2>/dev/null ;;
  esac
  exec 5<&-
  if [ "$timer" = none ]; then
    sweeper_problem=${sweeper_problem:-"cannot write to $state/.host; is the disk full or read-only?"}
  elif [ -n "$slept" ]; then
    sweeper_problem="nothing has swept there $slept, so its timer ($timer) was set up again; does that run on the server?"
  fi
  keep_text sweeper "$timer ${sweeper_script##*/}
" || sweeper_problem="cannot write to $state/.host; is the disk full or read-only?"
  [ -z "$sweeper_problem" ]
}

keep_text() { # NAME TEXT
  { mkdir -p "$state/.host" && printf '%s' "$2" >"$state/.staging/.$1.$$" && replace "$state/.staging/.$1.$$" "$state/.host/$1"; } 2>/dev/null || { rm -f "$state/.staging/.$1.$$" && return 1; }
}

# What is called by a timer, once the wrapper has its place: nothing, and silently, when somebody has removed the state directory.
# shellcheck disable=SC2016
readonly run_wrapper='test ! -f "$0" || exec /bin/sh "$0"'
