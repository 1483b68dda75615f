# --- show -------------------------------------------------------------------------------------------------------------
# Needs verbs/containers, deploy/claims, gate/policy. Ends the program with the answer.

show() { # the state of one project, and whether a deploy would be refused; takes no lock and changes nothing
  local refusal
  command -v base64 >/dev/null || finish UNAVAIL "base64 is missing on the server; install coreutils"
  exec 4<&0 # the compose file that would be deployed
  refusal=$(refuse_as_deploy)
  [ -z "$refusal" ] || reply "refused ${refusal#* result }"
  if [ ! -d "$dir" ] || [ -L "$dir" ]; then
    finish OK "$project is not there" "\"existed\":false,\"now\":$(now)"
  fi
  say_record "$dir"
  say_containers "$label=$project"
  # The record may be of another tool, with lines of any length and kind.
  [ ! -f "$dir/docker-compose.yml" ] || base64 <"$dir/docker-compose.yml" | sed "s/^/@$nonce file /"
  finish OK '' "\"existed\":true,\"now\":$(now)"
}

refuse_as_deploy() { # prints the result of a deploy of this identity, sequence and hosts, if it would be refused at once
  local started lines section
  started=$(now)
  if [ ! -d "$dir" ]; then
    check_tombstone
    check_containers 2>/dev/null
  elif [ ! -e "$dir/removing" ] && [ -n "$identity" ]; then
    check_record
    [ "$m_pinned" = true ] || refuse_end
  fi
  check_proxy
  check_routers
  check_urls
  [ -z "$judged" ] || head -c $((largest_file + 1)) <&4 | { exec 4<&0 && check_policy /dev/fd/4; }
}
