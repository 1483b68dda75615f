# From the model and the lines of services.jq: a line SERVICE MODE NAME SOURCE for each volume and directory of the home that is
# written to, or a line "refuse". One that a service with a dump has is that dump's.
([$services | split("\n")[] | select(. != "") | split("\t") | {key: .[0], value: .[1]}] | from_entries) as $modes
| . as $model
| [.services | to_entries[] | .key as $service | (.value.volumes // [])[]
   | select(.read_only != true and .source != null)
   | select(.source | test("^dir-[a-z0-9-]+-[0-9a-f]{16}$") | not) # a mounted directory of the project
   | if .type == "volume" then
       $model.volumes[.source] as $volume
       | select($volume.external != true)
       | {service: $service, name: ("volumes/" + .source), source: $volume.name}
     elif .type == "bind" and $home != "" and (.source | startswith($home + "/")) then
       {service: $service, name: ("home/" + .source[($home | length) + 1:]), source}
     else empty end
   | .mode = $modes[$service]]
| group_by(.name)
| map((map(select(.mode == "dump")) + map(select(.mode == "stop")) + map(select(.mode == "copy")) + .)[0])
| (map(select(.name | test("[\t\n\\\\]") or test("(^|/)\\.\\.(/|$)")) | "refuse\tthe path " + .name + " has a character that a backup does not take")
   + [.[] as $a | .[] as $b | select($b.name | startswith($a.name + "/"))
      | "refuse\t" + $b.name + " is within " + $a.name + ", so it would be restored twice: mount one of them only"])
  + map(select(.mode != "none") | [.service, .mode, .name, .source] | @tsv)
| .[]
