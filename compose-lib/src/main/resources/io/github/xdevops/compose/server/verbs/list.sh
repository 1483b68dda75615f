# --- list ------------------------------------------------------------------------------------------------------------

list() {
  for record in "$state"/*/; do
    record=${record%/}
    [ -d "$record" ] && [ ! -L "$record" ] && is_within "${record##*/}" || continue
    say_record "$record"
  done
  say_containers "$label"
  say_sweeper
  finish OK '' "\"now\":$(now)"
}
