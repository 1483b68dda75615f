# --- step record: no reviews in production, and the answers for the next run ---------------------------------------------
# Needs core, steps/server. ensure ends the program when it fails.

step_record() {
  local home file limits
  home=$(login_home)
  file=$(record)
  limits=$home/.yourlabs.compose/.limits
  if [ "$role" = production ]; then
    # An owner who wants reviews there writes another number.
    ensure "let no review environment into production ($limits)" reviews_are_limited limit_reviews
  else
    ensure "let review environments in ($limits)" reviews_are_free free_reviews
  fi
  ensure "note the answers in $file" answers_are_noted note_answers
}

reviews_are_limited() { grep -q '^environments=' "$limits"; }
limit_reviews() { write_limits "$([ ! -s "$limits" ] || cat "$limits")
environments=none"; }
reviews_are_free() { ! grep -qx 'environments=none' "$limits"; }
free_reviews() { write_limits "$(grep -vx 'environments=none' "$limits")"; }
write_limits() { # LINES; nothing is left of a file that had only ours
  make_state || return 1
  [ -n "$1" ] || { rm -f "$limits" && return; }
  printf '%s\n' "$1" | sed '/./,$!d' >"$limits.new" && chown "$login:$login" "$limits.new" && chmod 644 "$limits.new" &&
    sync "$limits.new" && mv -f "$limits.new" "$limits"
}

make_state() { install -d -m 700 -o "$login" -g "$login" "$home/.yourlabs.compose" "$home/.yourlabs.compose/.host"; }

answers() { printf '%s\n' "version=$version" "role=$role" "domain=$domain" "email=$email" "dns=$dns" "kept=$kept"; }
answers_are_noted() { [ "$(grep -v '^when=' "$file")" = "$(answers)" ]; }
note_answers() {
  make_state && { answers && echo "when=$(date -u +%FT%TZ)"; } >"$file.new" && sync "$file.new" && mv -f "$file.new" "$file"
}
