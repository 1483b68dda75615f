# --- step record: the answers, for the next run ---------------------------------------------------------------------------
# Needs core, steps/server. ensure ends the program when it fails.

step_record() {
  local home file
  home=$(login_home)
  file=$(record)
  ensure "note the answers in $file" answers_are_noted note_answers
}

answers() { printf '%s\n' "version=$version" "role=$role" "domain=$domain" "email=$email" "kept=$kept"; }
answers_are_noted() { [ "$(grep -v '^when=' "$file")" = "$(answers)" ]; }
note_answers() {
  install -d -m 700 -o "$login" -g "$login" "$home/.yourlabs.compose" "$home/.yourlabs.compose/.host" &&
    { answers && echo "when=$(date -u +%FT%TZ)"; } >"$file.new" && sync "$file.new" && mv -f "$file.new" "$file"
}
