# The lines that hold for this stack. One that stays is checked when the owner wrote lines for it, and always behind a gate.
policy_lines() {
  if [ "$section" = review ] || [ -n "$gated" ] || grep -q '^\[persistent\] *$' "$state/.policy" 2>/dev/null; then
    review_policy
    [ "$section" = review ] || persistent_policy
    # Newer engines make it a name in each network of the container, so in the one that all share.
    [ -z "$proxy" ] || printf 'refuse services.*.%s  # would be a name on the network %s, which neighbours share; leave it out\n' hostname "$proxy" domainname "$proxy"
    owner_lines
  fi
}

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
  refused=$(printf '%s\n' "$lines" | judge "$1") ||
    finish POLICY "${refused:-the policy could not be applied; is awk missing on the server?}. The server's owner may allow more in $state/.policy"
}

judge() { # FILE <LINES: prints what is refused, and is false then
  awk -v project="$project" -v hosts="$hosts" "$(judge_awk)" - "$1"
}
