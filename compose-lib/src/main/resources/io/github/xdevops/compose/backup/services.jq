# From the model: a line SERVICE MODE KIND for each service. MODE is dump, copy, stop or none.
def env: [.Config.Env[]? | split("=")[0]];
def runs($program): ((.Config.Entrypoint // []) + (.Config.Cmd // [])) | map(split("/")[-1]) | index($program) != null;
.services | to_entries[] | .key as $name
| ($marks[0].services[$name]["x-backup"]) as $wish
| ([$containers[0][] | select(.Config.Labels["com.docker.compose.service"] == $name)][0]) as $container
| (if $container == null then "-"
   elif ($container | (env | index("PG_MAJOR") or index("PGDATA")) and runs("postgres")) then "postgres"
   else "-" end) as $kind
| [$name]
  + (if $wish == "none" or $wish == false then ["none", "-"]
     elif ($wish | type) == "object" and $wish.dump != null then ["dump", "own"]
     elif ($wish | type) == "object" and $wish.stop == true then ["stop", $kind]
     elif $kind != "-" then ["dump", $kind]
     else ["copy", "-"] end)
| @tsv
