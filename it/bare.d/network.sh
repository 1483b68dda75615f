# shellcheck shell=bash disable=SC2154
# The bridge that all bare servers share, and a network namespace for each. The first server makes the bridge and its rules, the last
# one takes them along.

address() { echo "$NET.$(recall slot)"; }
namespace() { echo "compose-bare-$NAME"; }

# on_the_bridge join | leave: one at a time, whatever the servers' names are. The directory above is the lock.
on_the_bridge() {
  mkdir -p "$(dirname "$BARE")"
  exec 7<"$(dirname "$BARE")"
  flock 7
  "$1"
  exec 7<&-
}

join() {
  local slot
  [ ! -e "$BARE" ] || [ -e "$BARE/made" ] || die "$BARE exists and was not made by it/bare: set COMPOSE_IT_BARE"
  if [ ! -e "$RUN/slot" ]; then
    for slot in 11 12 13 14; do grep -qsx "$slot" "$BARE"/*/slot || break; slot=none; done
    [ "$slot" != none ] || die "four servers are up already: $(cd "$BARE" && printf '%s\n' */slot | sed 's:/slot::' | xargs); take one down"
    mkdir -p "$RUN/log" "$BARE/made"
    : >"$RUN/made"
    remember slot "$slot"
  fi
  build_bridge
  if [ -n "$vm" ]; then build_tap; else build_namespace; fi
}

build_bridge() {
  [ -e "$BARE/made/forwarding" ] || cat /proc/sys/net/ipv4/ip_forward >"$BARE/made/forwarding"
  echo 1 >/proc/sys/net/ipv4/ip_forward
  ip link show "$BRIDGE" >/dev/null 2>&1 || ip link add name "$BRIDGE" type bridge
  ip address replace "$NET.1/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  rules -C 2>/dev/null || { rules -D 2>/dev/null || true; rules -I; }
}

rules() { # -C | -I | -D: false if one of them is not there
  local code=0
  iptables -w "$1" FORWARD -i "$BRIDGE" -j ACCEPT || code=1
  iptables -w "$1" FORWARD -o "$BRIDGE" -j ACCEPT || code=1
  iptables -w -t nat "$1" POSTROUTING -s "$NET.0/24" ! -o "$BRIDGE" -j MASQUERADE || code=1
  return $code
}

build_namespace() {
  local ns link
  ns=$(namespace)
  link=xb-$NAME
  ! ip netns pids "$ns" >/dev/null 2>&1 || return 0
  grep -q ' /run/netns ' /proc/mounts || : >"$BARE/made/netns" # `ip netns` mounts it and leaves it so
  ip netns add "$ns"
  ip link add "$link" type veth peer name eth0 netns "$ns"
  ip link set "$link" master "$BRIDGE" up
  ip -n "$ns" address add "$(address)/24" dev eth0
  ip -n "$ns" link set lo up
  ip -n "$ns" link set eth0 up
  ip -n "$ns" route add default via "$NET.1"
}

leave() {
  local other
  ip netns delete "$(namespace)" 2>/dev/null || true
  ip link delete "xb-$NAME" 2>/dev/null || true # gone with the namespace, but not at once
  rm -rf "$RUN"
  for other in "$BARE"/*/slot; do [ ! -e "$other" ] || return 0; done
  [ -e "$BARE/made" ] || return 0
  rules -D 2>/dev/null || true
  ip link delete "$BRIDGE" 2>/dev/null || true
  # A Docker on this machine needs forwarding, too.
  if [ "$(cat "$BARE/made/forwarding" 2>/dev/null)" = 0 ] && ! iptables -n -L DOCKER >/dev/null 2>&1; then
    echo 0 >/proc/sys/net/ipv4/ip_forward
  fi
  [ ! -e "$BARE/made/netns" ] || [ -n "$(ls -A /run/netns)" ] || umount /run/netns
  rm -rf "$BARE"
}
