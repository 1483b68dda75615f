# From the model: a line SERVICE MODE KIND for each service. MODE is dump, copy, stop or none.
def env: [.Config.Env[]? | split("=")[0]];
# Images add their program to options alone.
def runs($programs):
  any(((.Config.Entrypoint // []) + (.Config.Cmd // []))[] | split("/")[-1]; IN($programs[])) or ((.Config.Cmd // [])[0] // "" | startswith("-"));
.services | to_entries[] | .key as $name
| ($marks[0].services[$name]["x-backup"]) as $wish
| ([$containers[0][] | select(.Config.Labels["com.docker.compose.service"] == $name)][0]) as $container
| (if $container == null then "-"
   elif ($container | (env | index("PG_MAJOR") or index("PGDATA")) and runs(["postgres"])) then "postgres"
   elif ($container | (env | index("MARIADB_VERSION") or index("MYSQL_VERSION") or index("MYSQL_MAJOR")) and runs(["mariadbd", "mysqld"]))
   then "mysql"
   elif ($container | (env | index("MONGO_VERSION") or index("MONGO_MAJOR")) and runs(["mongod"])) then "mongo"
   else "-" end) as $kind
| [$name]
  + (if $wish == "none" or $wish == false then ["none", "-"]
     elif ($wish | type) == "object" and $wish.dump != null then ["dump", "own"]
     elif ($wish | type) == "object" and $wish.stop == true then ["stop", $kind]
     elif $kind != "-" then ["dump", $kind]
     else ["copy", "-"] end)
| @tsv
