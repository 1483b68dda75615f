# How many more networks fit into the pools (BASE/BITS/SIZE …, or default for those that Docker has built in), given the routes of this machine, /proc/net/route. Each network
# has a route, and Docker keeps clear of those of others as well. What goes through a gateway does not count: older engines keep
# clear of that too, newer ones do not.
BEGIN {
  if (pools == "default") pools = "172.17.0.0/16/16 172.18.0.0/15/16 172.20.0.0/14/16 172.24.0.0/13/16 192.168.0.0/16/20"
  for (i = 0; i < 16; i++) digit[substr("0123456789ABCDEF", i + 1, 1)] = i
}
$3 == "00000000" && $8 ~ /^[0-9A-F]+$/ && $8 != "00000000" {
  low[++routes] = number($2)
  high[routes] = low[routes] + 4294967295 - number($8)
}
END {
  count = split(pools, pool, " ")
  for (p = 1; p <= count; p++) {
    if (pool[p] ~ /:/) continue # version 6
    split(pool[p], part, "/")
    split(part[1], byte, ".")
    start = ((byte[1] * 256 + byte[2]) * 256 + byte[3]) * 256 + byte[4]
    width = power(32 - part[3])
    slots = power(part[3] - part[2])
    for (slot = 0; slot < slots; slot = after) { # from one that is free to the next that is taken, or the other way round
      after = slots
      taken = 0
      for (r = 1; r <= routes; r++) {
        first = low[r] < start ? 0 : int((low[r] - start) / width)
        last = high[r] < start ? -1 : int((high[r] - start) / width)
        if (last < slot || first >= slots) continue
        if (first > slot) { if (!taken && first < after) after = first }
        else if (!taken || last >= after) { taken = 1; after = last + 1 }
      }
      if (!taken) free += after - slot
    }
  }
  print free + 0
}

function number(hex,    i, value) { # as the kernel of a little-endian machine writes an address
  for (i = 7; i > 0; i -= 2) value = value * 256 + digit[substr(hex, i, 1)] * 16 + digit[substr(hex, i + 1, 1)]
  return value
}

function power(exponent,    value) { # of 2; not every awk has an operator for it
  for (value = 1; exponent > 0; exponent--) value *= 2
  return value
}
