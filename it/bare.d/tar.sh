# shellcheck shell=bash disable=SC2154
# What a rented machine has on its first day, as a tar in the cache. Made once, from the machine's own apt configuration.

TAR=$CACHE/bare-bookworm-$(dpkg --print-architecture 2>/dev/null || true).tar
packages=openssh-server,systemd,systemd-sysv,dbus,libpam-systemd,cron,ca-certificates

make_tar() {
  [ ! -s "$TAR" ] || return 0
  mkdir -p "$CACHE"
  exec 8>"$TAR.lock"
  flock 8
  [ -s "$TAR" ] || make_tar_now
  exec 8>&-
  rm -f "$TAR.lock"
}

make_tar_now() {
  local sources=$TAR.list
  refresh_lists
  debian_sources bookworm bookworm-updates bookworm-security >"$sources"
  [ -s "$sources" ] || die "no Debian 12 mirror in this machine's apt sources"
  step "making $TAR, once (about a minute)"
  # shellcheck disable=SC2016
  mmdebstrap --quiet --variant=minbase --mode=root --format=tar --include="$packages" \
    --aptopt='Acquire::Check-Valid-Until "false"' --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*' \
    bookworm "$TAR.new" "$sources" >&2 || { rm -f "$TAR.new" "$sources"; die "mmdebstrap failed; its messages are above"; }
  rm -f "$sources"
  mv "$TAR.new" "$TAR"
}

# debian_sources SUITE...: lines for sources.list, of those suites that this machine has.
debian_sources() {
  # shellcheck disable=SC2016 # apt's own placeholders
  apt-get indextargets --format '$(ORIGIN)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' -v suites=" $* " '$1 == "Debian" && $3 == "main" && index(suites, " " $2 " ") && !seen[$2 $4]++ { print "deb", $4, $2, "main" }'
}

# A disk for a new server: Debian, this machine's way to its mirrors and names, and a key for root.
make_disk() {
  local disk=$1 file
  step "unpacking $NAME"
  mkdir -p "$disk"
  tar -C "$disk" --numeric-owner -xpf "$TAR"
  cp /etc/resolv.conf "$disk/etc/resolv.conf"
  for file in /etc/apt/apt.conf.d/99*; do [ ! -e "$file" ] || cp "$file" "$disk/etc/apt/apt.conf.d/"; done
  # A certificate authority of this machine's own, without which no download would be trusted.
  cp -rL /usr/local/share/ca-certificates/. "$disk/usr/local/share/ca-certificates/" 2>/dev/null || true
  cp -L /etc/ssl/certs/ca-certificates.crt "$disk/etc/ssl/certs/ca-certificates.crt"
  echo "$NAME" >"$disk/etc/hostname"
  ln -sf /dev/null "$disk/etc/systemd/system/console-getty.service" # there is no console
  printf '127.0.0.1 localhost\n%s %s\n' "$(address)" "$NAME" >"$disk/etc/hosts"
  install -d -m 700 "$disk/root/.ssh"
  [ -s "$RUN/key" ] || ssh-keygen -q -t ed25519 -N '' -C compose-bare -f "$RUN/key"
  install -m 600 "$RUN/key.pub" "$disk/root/.ssh/authorized_keys"
  ssh-keygen -q -t ed25519 -N '' -C "$NAME" -f "$disk/etc/ssh/ssh_host_ed25519_key" <<<y >/dev/null
  echo "$(address) $(cut -d ' ' -f 1,2 "$disk/etc/ssh/ssh_host_ed25519_key.pub")" >"$RUN/known_hosts"
}
