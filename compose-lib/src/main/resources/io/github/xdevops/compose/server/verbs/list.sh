# --- list -------------------------------------------------------------------------------------------------------------
# Needs verbs/containers. Ends the program with the answer.

list() {
  local record
  for record in "$state"/*/; do
    record=${record%/}
    [ -d "$record" ] && [ ! -L "$record" ] && is_within "${record##*/}" || continue
    say_record "$record"
  done
  say_containers "$label"
  say_sweeper
  finish OK '' "\"now\":$(now)"
}
