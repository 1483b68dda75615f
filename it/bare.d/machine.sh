# shellcheck shell=bash disable=SC2034,SC2154
# A server with a kernel of its own: QEMU emulates the processors, as nested virtualisation is rarely to be had.

machine_tools=(qemu-system-x86_64:qemu-system-x86 mke2fs:e2fsprogs)

of_a_machine() {
  TAR=${TAR%.tar}-vm.tar
  packages+=,linux-image-cloud-amd64,initramfs-tools
  patience=240
}

build_tap() {
  local link=xb-$NAME
  : >"$RUN/vm"
  ip link show "$link" >/dev/null 2>&1 || ip tuntap add dev "$link" mode tap
  ip link set "$link" master "$BRIDGE" up
}

machine_boot() {
  [ -e "$RUN/complete" ] || { make_machine_disk; : >"$RUN/complete"; }
  # What the server wrote survives the end of QEMU in the page cache of this machine, so its flushes need not wait.
  start init qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 2048 -nodefaults -no-user-config -display none \
    -kernel "$RUN/vmlinuz" -initrd "$RUN/initrd" -append "root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet" \
    -serial "file:$RUN/log/console.log" -drive "file=$RUN/disk.img,if=virtio,format=raw,cache=unsafe,discard=unmap" \
    -netdev "tap,id=net,ifname=xb-$NAME,script=no,downscript=no" \
    -device "virtio-net-pci,netdev=net,romfile=,mac=52:54:00:cb:00:$(recall slot)" -device virtio-rng-pci
  remember init "$(pid_of init)"
}

make_machine_disk() {
  local disk=$RUN/disk
  rm -rf "$disk" "$RUN/disk.img"
  make_disk "$disk"
  printf '/dev/vda / ext4 errors=remount-ro 0 1\n' >"$disk/etc/fstab"
  printf '[Match]\nName=eth0\n[Network]\nAddress=%s/24\nGateway=%s.1\n' "$(address)" "$NET" >"$disk/etc/systemd/network/eth0.network"
  ln -s /lib/systemd/system/systemd-networkd.service "$disk/etc/systemd/system/multi-user.target.wants/"
  cp "$disk"/boot/vmlinuz-* "$RUN/vmlinuz"
  cp "$disk"/boot/initrd.img-* "$RUN/initrd"
  mke2fs -q -t ext4 -d "$disk" "$RUN/disk.img" 12G
  rm -rf "$disk"
}
