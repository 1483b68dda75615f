# --- deploy: the history, and the versions that a rollback can bring back ------------------------------------------------
# .history has a line of JSON for each deploy that changed the record. Of a persistent environment the last versions are kept, each in
# docker-compose.N.yml: before the compose file stand the words of its request, the images that ran and the head of the bundle, as
# comments. Nothing that such a file names is deleted.
# Needs core/answer, core/docker, core/files, verbs/rollback. Never ends the program.

readonly most_entries=50 most_versions=5

enter_history() { # NUMBER ABOUT WORD MESSAGE: how a deploy ended; a full disk leaves it out
  local more='' ended
  ended=$(now)
  [ -z "$to" ] || more=",\"rollback\":$to,\"by\":${rolled_back_by:-null}"
  [ "$3" = UNKNOWN ] && more='' || more="$more,\"seconds\":$((ended - started)),\"changed\":$changed"
  save "$dir/.history" "$(tail -n $((most_entries - 1)) "$dir/.history" 2>/dev/null
    printf '{"number":%s,"ended":%s,"word":"%s","message":"%s","about":%s%s}\n' \
      "$1" "$ended" "$3" "$(json "$([ -z "$4" ] || printf '%s\n' "$4" | redact)")" "$2" "$more")" 2>/dev/null || :
}

keep_version() { # WORDS of the request
  local kept="$dir/docker-compose.$number.yml" newest text old service='{{index .Config.Labels "com.docker.compose.service"}}'
  newest=$(kept_versions | head -n 1)
  if [ -n "$to" ]; then
    copy "$dir/docker-compose.$to.yml" "$kept"
  else
    # shellcheck disable=SC2086 # each ID is a word
    text=$(docker ps -aq --filter "label=$label=$project" --filter label=com.docker.compose.oneoff=False) && [ -n "$text" ] &&
      text=$(docker inspect --format "#: image $service {{.Image}} {{.Config.Image}}" $text) &&
      text=$(printf '%s\n' "$@" | sed -n -E 's/^(identity|repository|hosts|routed|proxy|home|directories|networks|lifetime)=/#: word &/p'
        sed 's/^/#: head /' "$staging/head" && printf '%s\n' "$text" | sort -u && cat "$dir/docker-compose.yml") && save "$kept" "$text"
  fi 2>/dev/null || { reply "warning not-kept $project $number" && return; }
  # Without changes it is the same version, under its newest number.
  [ -z "$newest" ] || [ "$(grep -v '^#: head ' "$dir/docker-compose.$newest.yml")" = "$(grep -v '^#: head ' "$kept")" ] || newest=''
  for old in $newest $(kept_versions | tail -n +$((most_versions + 1))); do rm -f "$dir/docker-compose.$old.yml"; done
}

kept_versions() { # prints their numbers, the newest first
  find "$dir" -maxdepth 1 -name 'docker-compose.[0-9]*.yml' | sed 's/\.yml$//; s/.*\.//' | sort -rn
}
