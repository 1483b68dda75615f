# From the wall clock (the variable clock), the uptime, and the file .clock (BOOT TIME UP [JUMP-UP JUMP]): the time by which leases are
# counted | the seconds of a jump that is not trusted yet | what .clock should be.
BEGIN {
  if ((getline boot < "/proc/sys/kernel/random/boot_id") <= 0 || (getline line < "/proc/uptime") <= 0) { print clock "||"; exit }
  split(line, part, ".")
  up = part[1] + 0
  if ((getline line < ENVIRON["file"]) <= 0) line = ""
  split(line, kept, " ")
  if ((kept[2] ":" kept[3]) ~ /^[0-9]+:[0-9]+$/ && length(kept[2] kept[3]) < 22) {
    expected = kept[2] + up - (kept[1] == boot ? kept[3] : 0)
    off = clock - expected
    same = kept[1] == boot && kept[4] ~ /^[0-9]+$/ && kept[5] ~ /^-?[0-9]+$/ && size(off - kept[5]) <= leap
    # Another boot: a machine without a battery starts in 1970.
    if ((kept[1] == boot || off < 0) && size(off) > leap && !(same && up - kept[4] >= hold)) { jumped = off; clock = expected }
  }
  line = jumped == "" ? sprintf("%s %.0f %.0f", boot, clock, up) : same ? "" : sprintf("%s %.0f %.0f %.0f %.0f", boot, clock, up, up, jumped)
  printf "%.0f|%s|%s\n", clock, jumped == "" ? "" : sprintf("%.0f", jumped), line
}

function size(number) { return number < 0 ? -number : number }
