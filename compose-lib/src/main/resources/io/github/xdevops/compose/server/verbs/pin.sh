# --- pin --------------------------------------------------------------------------------------------------------------
# Needs core/record, core/locks. Ends the program with the answer.

pin() { # keeps an environment until it is extended; reads the user's name from stdin
  local by
  by=$(head -n 1 | tr -d '\000-\037\177\042\134' | head -c 100)
  lock_or_busy
  [ -d "$dir" ] && [ ! -e "$dir/removing" ] || finish DATA "$project is gone, so it cannot be pinned; deploy it again"
  load_manifest "$dir" && [ -n "$m_state" ] ||
    finish DATA "pin-of-another $project"
  # In this order, so that at any time either the pin or the lease protects it.
  m_pinned=true m_pinned_by=$by
  save_manifest "$dir"
  write_lease "$dir" forever
  rm -f "$dir/sweep-failures"
  finish OK "$project is pinned" '"expires":"forever"'
}
