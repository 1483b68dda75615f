# --- inspect ----------------------------------------------------------------------------------------------------------
# Needs verbs/containers, verbs/versions.awk. Ends the program with the answer. Takes no lock and changes nothing.

inspect() { # the record, its history, the versions that a rollback can bring back, and each container as Docker knows it
  require_record
  say_record "$dir"
  say_containers "$label=$project"
  say_sweeper
  [ ! -f "$dir/.history" ] || sed "s/^/@$nonce history /" "$dir/.history"
  awk -v mark="@$nonce kept" "$(versions_awk)" "$dir"/docker-compose*.yml 2>/dev/null
  # Containers removed in the meantime are left out.
  docker ps -aq --no-trunc --filter "label=$label=$project" |
    xargs -r timeout -k 5 60 docker inspect --format "$(service_format)" 2>/dev/null | sed "s/^/@$nonce service /"
  finish OK '' "\"now\":$(now)"
}
