# shellcheck shell=bash disable=SC2154
# A boot, and the ways to end it.

running() { alive init; }

groups() { # a control group of this server in every hierarchy of the machine
  local tree
  for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do
    [ ! -e "$tree/cgroup.procs" ] || [ -h "$tree" ] || echo "$tree/compose-bare-$NAME"
  done
}

boot() {
  local group
  [ -e "$RUN/complete" ] || { rm -rf "$RUN/disk"; make_disk "$RUN/disk"; : >"$RUN/complete"; }
  for group in $(groups); do
    mkdir -p "$group"
    # A new cpuset is empty, and takes no process before it has processors and memory.
    [ ! -e "$group/cpuset.mems" ] || [ -s "$group/cgroup.controllers" ] ||
      for file in cpuset.cpus cpuset.mems; do cat "${group%/*}/$file" >"$group/$file"; done
  done
  mapfile -t all < <(groups)
  # shellcheck disable=SC2016
  start outside bash -euc '
    ns=$1 script=$2
    shift 2
    disk=$1 name=$2
    for group in "${@:3}"; do echo $$ >"$group/cgroup.procs"; done
    exec nsenter --net="/run/netns/$ns" unshare --mount --uts --ipc --cgroup --pid --fork --kill-child --propagation private \
      bash "$script" "$disk" "$name"' bare "$(namespace)" "$here/bare.d/init.sh" "$RUN/disk" "$NAME" "${all[@]}"
  until_true 10 note_init || { tail -n 15 "$RUN/log/outside.log" >&2; die "$NAME does not boot; see $RUN/log/outside.log"; }
}

note_init() { # the first process of the server, by its number out here
  local pid
  pid=$(cat "/proc/$(pid_of outside)/task/$(pid_of outside)/children") && pid=${pid%% *} && [ -n "$pid" ] || return 1
  remember pid/init "$pid $(born "$pid")"
  remember init "$pid"
}

sshd_answers() { running && (exec 3<>"/dev/tcp/$(address)/22" && read -r -t 2 line <&3 && [[ $line == SSH-* ]]); }

power_off() {
  local group
  if running; then kill -KILL "$(pid_of init)" 2>/dev/null || true; fi
  until_true 20 gone init || true
  stop outside
  for group in $(groups); do
    [ ! -d "$group" ] || until_true 10 remove_group "$group" || step "left: $group"
  done
}

remove_group() { [ ! -d "$1" ] || find "$1" -depth -type d -exec rmdir {} +; }
