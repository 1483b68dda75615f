# --- the clock --------------------------------------------------------------------------------------------------------
# Needs nothing, and never ends the program.

readonly leap=120  # a clock that differs by more than this has jumped
readonly hold=1800 # how long leases are held after a jump, or when suspiciously many expire at once

clock='' jumped=''

now() { # prints the epoch seconds by which leases are counted
  local kept
  read_clock
  echo "$clock"
}

# The wall clock, unless it jumped relative to the uptime: then time continues as before until the jump has lasted for a while.
# Sets clock, jumped to the seconds of a jump that is not trusted yet, and kept to what the file .clock should be.
read_clock() {
  IFS='|' read -r clock jumped kept <<END
$(file="$state/.clock" awk -v clock="$(date +%s)" -v leap="$leap" -v hold="$hold" "$(clock_awk)")
END
}

read_uptime() { # sets up; false if the system has no uptime
  up=''
  [ -r /proc/uptime ] && IFS='. ' read -r up _ </proc/uptime
  [ -n "$up" ]
}

keep_clock() { # records the clock for the next call; sets clock and jumped
  local kept measured="$state/.staging/.clock.$$"
  read_clock
  # Best effort.
  [ -z "$kept" ] || { printf '%s\n' "$kept" 2>/dev/null >"$measured" && mv -f "$measured" "$state/.clock"; } || rm -f "$measured"
}

seconds() { # prints seconds for measuring a wait, which a jump of the wall clock does not affect
  local up
  if read_uptime; then echo "$up"; else date +%s; fi
}
