# --- by hand: inspect ------------------------------------------------------------------------------------------------

inspect() { # the record, and each container as Docker knows it
  require_record
  say_record "$dir"
  say_containers "$label=$project"
  say_sweeper
  # What goes away meanwhile is missing in the answer.
  docker ps -aq --no-trunc --filter "label=$label=$project" | xargs -r timeout -k 5 60 docker inspect --format "$as_json" 2>/dev/null |
    sed "s/^/@$nonce service /"
  finish OK '' "\"now\":$(now)"
}

as_json='{"service":{{json (index .Config.Labels "com.docker.compose.service")}},"container":{{json .Name}},"state":{{json .State.Status}},"health":{{with .State.Health}}{{json .Status}}{{else}}null{{end}},"exit":{{.State.ExitCode}},"restarts":{{.RestartCount}},"image":{{json .Config.Image}},"id":{{json .Image}},"started":{{json .State.StartedAt}},"ended":{{json .State.FinishedAt}}}'
