# shellcheck shell=bash
# Runs as the first process in the namespaces of a bare server: DISK NAME. Mounts what a kernel and an initramfs would, and becomes systemd.
set -euo pipefail
disk=$1 name=$2

mount --bind "$disk" "$disk"
cd "$disk"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755,nosuid dev dev
for device in null zero full random urandom tty fuse; do
  [ -e "/dev/$device" ] || continue
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs shm dev/shm
: >dev/console
: >dev/kmsg
mount -t tmpfs -o mode=755 run run
mount -t tmpfs tmp tmp
# The kernel has one of these for all namespaces: a server writes to a file of its own.
cat /proc/sys/vm/max_map_count >run/max_map_count
mount --bind run/max_map_count proc/sys/vm/max_map_count

options=()
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup2 sys/fs/cgroup
else
  options=(systemd.unified_cgroup_hierarchy=0)
  mount -t tmpfs -o mode=755 cgroup sys/fs/cgroup
  for tree in /sys/fs/cgroup/*/; do
    hierarchy=$(basename "$tree")
    if [ ! -e "$tree/cgroup.procs" ] || [ -h "${tree%/}" ]; then continue; fi
    mkdir "sys/fs/cgroup/$hierarchy"
    case $hierarchy in
    unified) mount -t cgroup2 cgroup2 "sys/fs/cgroup/$hierarchy" ;;
    systemd) mount -t cgroup -o none,name=systemd cgroup "sys/fs/cgroup/$hierarchy" ;;
    *) mount -t cgroup -o "$hierarchy" cgroup "sys/fs/cgroup/$hierarchy" ;;
    esac
  done
fi

hostname "$name"
mkdir -p .old
pivot_root . .old
umount -l /.old
rmdir /.old
exec env -i container=bare PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init "${options[@]}"
