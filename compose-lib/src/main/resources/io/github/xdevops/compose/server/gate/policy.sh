# --- the policy: what a compose file may ask for ----------------------------------------------------------------------
# Needs core/answer, deploy/admission. check_policy ends the program when it refuses.

readonly longest_judging=30 # seconds

# Prints the lines for this environment. A persistent one is checked if the owner has written lines for it, or behind a gate.
policy_lines() {
  if [ "$section" = review ] || [ -n "$gated" ] || grep -q '^\[persistent\] *$' "$state/.policy" 2>/dev/null; then
    review_policy
    [ "$section" = review ] || persistent_policy
    # Newer engines make it a name in each network of the container, also in the shared one.
    [ -z "$proxy" ] ||
      printf 'refuse services.*.%s  # would be a name on the network %s, which neighbours share; leave it out\n' \
        hostname "$proxy" domainname "$proxy"
    total_lines
    owner_lines
  fi
}

total_lines() { # prints the owner's limits for one environment; 0 = not checked
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

choose_section() { # sets section
  section=review
  [ "$lifetime" != forever ] || section=persistent
}

owner_lines() { # of the section
  [ ! -e "$state/.policy" ] ||
    awk -v wanted="[$section]" -v at='[review]' '/^\[.*\] *$/ { sub(/ *$/, ""); at = $0; next } at == wanted' "$state/.policy"
}

check_policy() { # FILE: sets lines and section
  local refused code
  choose_section
  lines=$(policy_lines) || finish POLICY "$state/.policy cannot be read, so nothing is allowed"
  [ -n "$lines" ] || return 0
  refused=$(printf '%s\n' "$lines" | judge "$1") || {
    code=$?
    case $code:$refused in
    1:?*) ;;
    124:* | 137:* | 143:*) finish POLICY "the compose file could not be judged within $longest_judging s; make it smaller" ;;
    127:*) finish UNAVAIL 'the policy could not be applied, because awk is missing on the server' ;;
    *) finish UNAVAIL "the policy could not be applied: awk ended with $code" ;;
    esac
    finish POLICY "$refused. The server's owner may allow more in $state/.policy"
  }
}

judge() { # FILE <LINES: prints what is refused, and is false then
  timeout -k 5 "$longest_judging" awk -v project="$project" -v hosts="$hosts" -v proxy="$proxy" "$(judge_awk)" - "$1"
}
