# The lines that hold for this stack. One that stays is checked when the owner wrote lines for it, and always behind a gate.
policy_lines() {
  if [ "$section" = review ] || [ -n "$gated" ] || grep -q '^\[persistent\] *$' "$state/.policy" 2>/dev/null; then
    review_policy
    [ "$section" = review ] || persistent_policy
    # Newer engines make it a name in each network of the container, so in the one that all share.
    [ -z "$proxy" ] || printf 'refuse services.*.%s  # would be a name on the network %s, which neighbours share; leave it out\n' hostname "$proxy" domainname "$proxy"
    total_lines
    owner_lines
  fi
}

total_lines() { # as the server's owner set them; 0 = not looked at
  read_limits >/dev/null
  total memory "$limit_stack_memory_mib" m
  total cpus "$limit_stack_cpus"
  total pids "$limit_stack_pids"
  total containers "$limit_stack_containers"
  total networks "$limit_stack_networks"
  total volumes "$limit_stack_volumes"
  total health_checks "$limit_stack_health_checks"
}

total() { [ -z "$2" ] || printf 'total %s <= %s\n' "$1" "$2${3:-}"; }

choose_section() {
  section=review
  [ "$lifetime" != forever ] || section=persistent
}

owner_lines() { # of the section
  [ ! -e "$state/.policy" ] ||
    awk -v wanted="[$section]" -v at='[review]' '/^\[.*\] *$/ { sub(/ *$/, ""); at = $0; next } at == wanted' "$state/.policy"
}

check_policy() { # FILE: refuse what the policy refuses; sets lines and section
  choose_section
  lines=$(policy_lines) || finish POLICY "$state/.policy cannot be read, so nothing is allowed"
  [ -n "$lines" ] || return 0
  refused=$(printf '%s\n' "$lines" | judge "$1") || {
    case $?:$refused in
    1:?*) ;;
    124:* | 137:* | 143:*) finish POLICY "the compose file could not be judged within $longest_judging s; make it smaller" ;;
    *) finish POLICY 'the policy could not be applied; is awk missing on the server?' ;;
    esac
    finish POLICY "$refused. The server's owner may allow more in $state/.policy"
  }
}

readonly longest_judging=30 # seconds

judge() { # FILE <LINES: prints what is refused, and is false then
  timeout -k 5 "$longest_judging" awk -v project="$project" -v hosts="$hosts" -v proxy="$proxy" "$(judge_awk)" - "$1"
}
