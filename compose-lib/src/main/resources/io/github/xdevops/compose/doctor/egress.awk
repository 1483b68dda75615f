# Which private networks containers reach: prints lines "lan NETWORK open" or "lan NETWORK closed", and "metadata closed".
# Reads after "= rules" what iptables -S and nft print, after "= routes" /proc/net/route, after "= addresses" /proc/net/fib_trie;
# own holds the subnets of Docker's networks. A rule for one port, source or interface closes nothing; one that spares port 53 does,
# because name servers may be private.
$1 == "=" {
  what = $2
  next
}
what == "rules" && / \{ *$/ { forwarded = $2 ~ /^(DOCKER-USER|FORWARD)$/ }
what == "rules" && /hook forward/ { forwarded = 1 }
what == "rules" && ($1 == "-A" ? $2 ~ /^(DOCKER-USER|FORWARD)$/ : forwarded) && /drop|DROP|reject|REJECT/ { close_target() }

what == "routes" && $8 ~ /^[0-9A-F]+$/ && $8 != "00000000" && $8 != "FFFFFFFF" && $1 !~ /^(lo|docker|br-|veth)/ {
  add("lan", from_hex($2), 4294967296 - from_hex($8))
}
what == "addresses" && $1 == "|--" { address = number($2) }
what == "addresses" && /\/32 host LOCAL/ { local[address] = 1 }

END {
  count = split(own, subnet, " ")
  for (i = 1; i <= count; i++) add_subnet("own", subnet[i])
  for (i = 1; i <= amount["lan"]; i++) report(low["lan", i], high["lan", i])
  # Some clouds give a machine a single address, and the network behind it no route.
  for (address in local) if (!within("lan", address + 0, address + 0)) report(address + 0, address + 0)
  if (within("shut", number("169.254.169.254"), number("169.254.169.254"))) print "metadata closed"
}

function report(first, last,    bits, size) {
  if (!is_private(first) || within("own", first, last)) return
  bits = 32
  for (size = last - first + 1; size > 1; size /= 2) bits--
  print "lan " text(first) "/" bits (within("shut", first, last) ? " closed" : " open")
}

function is_private(address,    byte) {
  split(text(address), byte, ".")
  return byte[1] == 10 || byte[1] == 172 && byte[2] >= 16 && byte[2] < 32 || byte[1] == 192 && byte[2] == 168 ||
    byte[1] == 100 && byte[2] >= 64 && byte[2] < 128
}

function close_target(    target, count, part, i) { # of the rule in this line
  if (/ saddr | -s | ! -d / || / dport | --dport / && !/ dport != 53 | ! --dport 53 /) return
  if (/iifname | -i / && !/iifname "br-?\*"| -i br-?\+/) return
  if (!match($0, /( -d | daddr )[^!]/)) return
  target = substr($0, RSTART + RLENGTH - 1)
  if (target ~ /^\{/) target = substr(target, 2, index(target, "}") - 2)
  else sub(/ .*/, "", target)
  count = split(target, part, /[ ,]+/)
  for (i = 1; i <= count; i++) add_subnet("shut", part[i])
}

function add_subnet(kind, subnet,    part, size, bits) { # ADDRESS or ADDRESS/BITS
  if (subnet !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+(\/[0-9]+)?$/) return
  split(subnet, part, "/")
  size = 1
  for (bits = part[2] == "" ? 32 : part[2] + 0; bits < 32; bits++) size *= 2
  add(kind, number(part[1]), size)
}

function add(kind, first, size) {
  low[kind, ++amount[kind]] = first
  high[kind, amount[kind]] = first + size - 1
}

function within(kind, first, last,    i) {
  for (i = 1; i <= amount[kind]; i++) if (low[kind, i] <= first && last <= high[kind, i]) return 1
  return 0
}

function number(dotted,    byte) {
  split(dotted, byte, ".")
  return ((byte[1] * 256 + byte[2]) * 256 + byte[3]) * 256 + byte[4]
}

function from_hex(hex,    i, value) { # as the kernel of a little-endian machine writes an address
  for (i = 8; i > 0; i--) {
    value = value * 16 + index("0123456789ABCDEF", substr(hex, i % 2 ? i + 1 : i - 1, 1)) - 1
  }
  return value
}

function text(address) { return int(address / 16777216) "." int(address / 65536) % 256 "." int(address / 256) % 256 "." address % 256 }
