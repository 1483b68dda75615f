# --- step machine: sets the host name and vm.max_map_count, and rotates the logs of homes --------------------------------
# Needs core. ensure ends the program when it fails.

readonly map_count=1048576 sysctl=/etc/sysctl.d/60-xdevops.conf

step_machine() {
  local short=${name%%.*}
  [ -z "$name" ] || has_domain || ensure "call the server $name" is_called call_server
  owner_counts_maps || {
    ensure_file "$sysctl" 644 print_sysctl
    if [ -w /proc/sys/vm/max_map_count ]; then
      ensure "raise vm.max_map_count to $map_count" maps_suffice raise_maps
    else
      note "vm.max_map_count is $(cat /proc/sys/vm/max_map_count) and cannot be changed in here; search engines want $map_count"
    fi
  }
  ensure_file /etc/logrotate.d/xdevops-homes 644 homes_logrotate
}

# A name with a domain is the owner's, and stays.
has_domain() {
  case $(hostname) in
  *.*) return 0 ;;
  esac
  [ "$(hostname)" = "$(cat /etc/hostname)" ] &&
    awk -v name="$(hostname)." '!/^#/ { for (i = 2; i <= NF; i++) if (index($i, name) == 1) found = 1 } END { exit !found }' /etc/hosts
}
is_called() { [ "$(hostname)" = "$short" ] && has_domain; }
call_server() {
  [ ! -d /etc/cloud/cloud.cfg.d ] || write_as /etc/cloud/cloud.cfg.d/99_xdevops.cfg print_cloud
  write_as /etc/hosts print_hosts && write_as /etc/hostname print_hostname && hostname "$short"
}
write_as() { # FILE PRINTER
  local file="$1" mode=644 printer="$2"
  write_file
}
print_hosts() { sed '/^127\.0\.1\.1[[:blank:]]/d' /etc/hosts && echo "127.0.1.1 $name $short"; }
print_hostname() { echo "$short"; }
print_cloud() { printf '%s\n' 'preserve_hostname: true' 'manage_etc_hosts: false'; } # its next boot would undo it

owner_counts_maps() { grep -hE '^[[:blank:]]*vm\.max_map_count' /etc/sysctl.conf /etc/sysctl.d/*.conf 2>/dev/null | grep -qvx "$(print_sysctl)"; }
print_sysctl() { echo "vm.max_map_count = $map_count"; }
maps_suffice() { [ "$(cat /proc/sys/vm/max_map_count)" -ge "$map_count" ]; }
raise_maps() { echo "$map_count" >/proc/sys/vm/max_map_count; }
