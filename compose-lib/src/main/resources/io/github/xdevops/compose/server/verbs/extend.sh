# --- extend -----------------------------------------------------------------------------------------------------------
# Needs core/record, core/locks, timer/timer. Ends the program with the answer.

extend() {
  local expires
  lock_or_busy
  [ -d "$dir" ] && [ ! -e "$dir/removing" ] || finish DATA "$project is gone, so it cannot be extended; deploy it again"
  refuse_end
  keep_clock
  [ "$lifetime" = forever ] || ensure_sweeper
  expires=$(lease_from "$(now)")
  write_lease "$dir" "$expires"
  if load_manifest "$dir" && [ "$m_pinned" = true ]; then
    m_pinned=false m_pinned_by=''
    save_manifest "$dir"
    printf '%s\n' "$project is no longer pinned"
  fi
  rm -f "$dir/sweep-failures"
  finish OK "$project is extended" "\"expires\":\"$expires\""
}

refuse_end() { # a persistent environment gets an expiry only with force; a pinned one always
  local lease
  [ "$lifetime" != forever ] || return 0
  read_lease "$dir"
  [ "$lease" = forever ] || return 0
  [ -z "$gate" ] || [ -n "$gate_persistent" ] || deny 'is for review environments only'
  [ "$m_pinned" = true ] || [ -n "$force" ] ||
    finish POLICY "extend-persistent $project"
}
