# The names that Compose gives to the volumes and networks of a checked compose file of a project: volume|network NAME.
/^[^ ]/ { kind = /^"?volumes"?:/ ? "volume" : /^"?networks"?:/ ? "network" : "" }
kind != "" && /^  [^ ]/ { key = $1; gsub(/[":]/, "", key); own[kind, key] = 1 }
kind != "" && /^    "?(name|external)"?:/ { delete own[kind, key] } # where the owner allows that
END { own["network", "default"] = 1; for (one in own) { split(one, part, SUBSEP); print part[1], project "_" part[2] } }
