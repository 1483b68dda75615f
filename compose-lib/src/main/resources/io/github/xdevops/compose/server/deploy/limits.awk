# Reads the owner's limits, lines KEY=NUMBER: prints limit_KEY=NUMBER for the shell, or "odd", the number of the line, and the line.
BEGIN {
  count = split("disk_mib inodes memory_mib networks environments environments_per_repository lifetime_days sleep_minutes stack_memory_mib " \
    "stack_cpus stack_pids stack_containers stack_networks stack_volumes stack_health_checks", key, " ")
  for (i = 1; i <= count; i++) free[key[i]] = 1
}
$0 == "" || /^#/ { next }
{
  at = index($0, "=")
  name = substr($0, 1, at - 1)
  value = substr($0, at + 1)
  if (name == "environments" && value == "none" && name in free) {
    print "limit_environments=-1"
    delete free[name]
  } else if (name in free && value ~ /^[0-9]+$/ && length(value) <= 12) {
    sub(/^0+/, "", value) # which arithmetic takes as octal
    print "limit_" name "=" (value == "" ? 0 : value)
    delete free[name]
  } else {
    gsub(/[\001-\037\177]/, " ")
    gsub(/; /, ";%20") # which would end the message
    print "odd " NR " " substr($0, 1, 2000)
  }
}
