# From the model: a file with this one service, apart from all others, whose data is in the directories of the lines "NAME NEW".
([$places | split("\n")[] | select(. != "") | split("\t") | {key: .[0], value: .[1]}] | from_entries) as $new
| . as $model
| (.services[$service]
  | del(.labels, .ports, .expose, .depends_on, .container_name, .networks, .network_mode, .restart, .scale,
    .pull_policy, .build, .links, .external_links, .logging, .hostname, .volumes_from, .annotations)
  | if .deploy.resources then .deploy = {resources: .deploy.resources} else del(.deploy) end
  | if $idle != "" then del(.command, .healthcheck) + {entrypoint: ["sleep", "86400"], init: true} else . end) as $one
| {services: {($service): ($one + {restart: "no", labels: {"io.github.xdevops.compose.trial": $project},
    volumes: [($one.volumes // [])[]
      | (if .type == "volume" and .source != null then "volumes/" + .source
         elif .type == "bind" and $home != "" and (.source | startswith($home + "/")) then "home/" + .source[($home | length) + 1:]
         else null end) as $name
      | if $name != null and $new[$name] != null then {type: "bind", source: $new[$name], target}
        elif .type == "bind" then .read_only = true else . end]})},
   volumes: (($model.volumes // {}) | with_entries(if .value.external == true then . else .value = {} end)),
   configs: ($model.configs // {}), secrets: ($model.secrets // {})}
