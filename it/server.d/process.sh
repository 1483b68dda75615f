# shellcheck shell=bash
# Progress, memory below $RUN, and background processes that are known for sure to be ours.

step() { printf '%s %4ds  %s\n' "${PROGRAM:-it/server}" "$SECONDS" "$*" >&2; }
die() { printf '%s: %s\n' "${PROGRAM:-it/server}" "$*" >&2; exit 1; }

# What must survive this script: remember KEY VALUE..., recall KEY.
remember() { mkdir -p "$(dirname "$RUN/$1")"; printf '%s\n' "${*:2}" >"$RUN/$1"; }
recall() { cat "$RUN/$1" 2>/dev/null; }

# The directory above $RUN is the lock: it is there before the first `up` and after the last `down`, which leave no lock file behind.
one_at_a_time() {
  mkdir -p "$(dirname "$RUN")"
  exec 9<"$(dirname "$RUN")"
  flock -n 9 || { step "waiting for another it/server"; flock 9; }
}

# `made/` marks the directory as ours (`down` deletes it) and lists what was changed outside of it.
claim_run_directory() {
  [ ! -e "$RUN" ] || [ -e "$RUN/made" ] || [ -z "$(ls -A "$RUN")" ] || die "$RUN exists and is not ours: set COMPOSE_IT_RUN"
  mkdir -p "$RUN/made" "$RUN/log" "$RUN/etc" "$RUN/client" "$RUN/bin"
  chmod 755 "$RUN"
}

# Tells a process from a later one with the same number, after a reboot too; a zombie is as good as gone.
born() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" != Z ] && echo "${fields[19]} $(cat /proc/sys/kernel/random/boot_id)"
}

alive() {
  local pid birth
  read -r pid birth < <(recall "pid/$1") && [ "$(born "$pid")" = "$birth" ]
}

pid_of() { local pid; read -r pid _ <"$RUN/pid/$1"; echo "$pid"; }

# start NAME COMMAND...: a session of its own, none of the caller's descriptors (`it/server up | cat` must end), not our lock.
start() {
  local name=$1 pid
  shift
  setsid "$@" </dev/null >>"$RUN/log/$name.log" 2>&1 9<&- &
  pid=$!
  remember "pid/$name" "$pid $(born "$pid")"
}

stop() {
  local pid
  if alive "$1"; then
    pid=$(pid_of "$1")
    step "stopping $1 ($pid)"
    kill "$pid" 2>/dev/null || true
    until_true 15 gone "$1" || kill -KILL "$pid" 2>/dev/null || true
    until_true 5 gone "$1" || true
  fi
  rm -f "$RUN/pid/$1"
}
gone() { ! alive "$1"; }

# until_true SECONDS COMMAND...
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# wait_for NAME SECONDS COMMAND...: until the part answers; its log when it does not.
wait_for() {
  until_true "$2" "${@:3}" && return
  tail -n 15 "$RUN/log/$1.log" >&2
  die "$1 does not answer; the last lines of $RUN/log/$1.log are above"
}

listens() { [ -n "$(ss -Hltn "sport = :$1")" ]; }

# choose_port NAME FIRST: the one we had, if free, or else the next free one from FIRST.
choose_port() {
  local port
  port=$(recall "port/$1") && ! listens "$port" && return
  port=$2
  while listens "$port"; do port=$((port + 1)); done
  remember "port/$1" "$port"
}

report() { printf '%-11s %-5s %s\n' "$@"; }
