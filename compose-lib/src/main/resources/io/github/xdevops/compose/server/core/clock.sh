# --- the clock --------------------------------------------------------------------------------------------------------
# Needs nothing, and never ends the program.

readonly leap=120  # a clock that differs by more than this has jumped
readonly hold=1800 # how long leases are held after a jump, or when suspiciously many expire at once

clock='' jumped=''

now() { # prints the epoch seconds by which leases are counted
  local boot up off clock_boot clock_time clock_up jump_up jump
  read_clock
  echo "$clock"
}

# The wall clock, unless it jumped relative to the uptime: then time continues as before until the jump has lasted for a while.
# Sets clock, and jumped to the seconds of a jump that is not trusted yet, boot, up, off, and from the file .clock:
# clock_boot, clock_time, clock_up, jump_up and jump.
read_clock() {
  local expected
  clock=$(date +%s) jumped=''
  read_uptime || return 0
  clock_boot='' clock_time='' clock_up='' jump_up='' jump=''
  [ ! -f "$state/.clock" ] || read -r clock_boot clock_time clock_up jump_up jump <"$state/.clock"
  case $clock_time:$clock_up in :* | *: | *[!0-9:]* | ???????????????????????*) return 0 ;; esac
  if [ "$clock_boot" = "$boot" ]; then
    expected=$((clock_time + up - clock_up))
  else # a machine without a battery starts in 1970
    expected=$((clock_time + up))
    [ "$clock" -lt "$expected" ] || return 0
  fi
  off=$((clock - expected))
  [ "${off#-}" -gt "$leap" ] || return 0
  if is_same_jump && [ $((up - jump_up)) -ge "$hold" ]; then return 0; fi
  jumped=$off clock=$expected
}

is_same_jump() { # is it the jump that the file .clock has recorded?
  local change
  [ "$clock_boot" = "$boot" ] || return 1
  case $jump_up:${jump#-} in :* | *: | *[!0-9:]*) return 1 ;; esac
  change=$((off - jump))
  [ "${change#-}" -le "$leap" ]
}

read_uptime() { # sets boot and up; false if the system has no uptime
  boot='' up=''
  [ -r /proc/sys/kernel/random/boot_id ] && read -r boot </proc/sys/kernel/random/boot_id && IFS='. ' read -r up _ </proc/uptime
  [ -n "$up" ]
}

keep_clock() { # records the clock for the next call; sets clock and jumped
  local boot up off clock_boot clock_time clock_up jump_up jump measured
  read_clock
  [ -n "$up" ] || return 0
  if [ -z "$jumped" ]; then
    set -- "$clock" "$up"
  elif is_same_jump; then
    return 0
  else
    set -- "$clock" "$up" "$up" "$jumped"
  fi
  # Best effort.
  measured=$state/.staging/.clock.$$
  printf '%s %s\n' "$boot" "$*" 2>/dev/null >"$measured" && mv -f "$measured" "$state/.clock" || rm -f "$measured"
}

seconds() { # prints seconds for measuring a wait, which a jump of the wall clock does not affect
  local boot up
  if read_uptime; then echo "$up"; else date +%s; fi
}
