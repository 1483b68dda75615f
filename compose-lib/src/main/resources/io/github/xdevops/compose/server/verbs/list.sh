# --- list -------------------------------------------------------------------------------------------------------------
# Needs verbs/containers. Ends the program with the answer.

list() {
  local record left
  for record in "$state"/*/; do
    record=${record%/}
    [ -d "$record" ] && [ ! -L "$record" ] && is_within "${record##*/}" || continue
    say_record "$record"
  done
  say_containers "$label"
  say_sweeper
  # Told once: then its name ends with .told.
  [ -n "$gate" ] ||
    find "$state/.staging" "$state/.trash" -mindepth 1 -maxdepth 1 -mmin +180 ! -name '*.told' 2>/dev/null | while IFS= read -r left; do
      [ ! -f "$left/alive" ] || flock -n "$left/alive" true || continue
      ! mv "$left" "$left.told" 2>/dev/null || left=$left.told
      reply "left $left"
    done
  finish OK '' "\"now\":$(now)"
}
