# The names that Compose makes for the volumes or networks (kind) of a checked compose file of a project.
/^[^ ]/ { top = $1; gsub(/[":]/, "", top); inside = top == kind }
inside && /^  [^ ]/ { key = $1; gsub(/[":]/, "", key); own[key] = 1 }
inside && /^    "?(name|external)"?:/ { delete own[key] } # where the owner allows that
END { if (kind == "networks") own["default"] = 1; for (key in own) print project "_" key }
