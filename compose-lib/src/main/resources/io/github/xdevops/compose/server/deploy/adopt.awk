# What `docker compose config` prints, without the names of networks and volumes that Compose gives by itself: awk -v project=NAME
# So a definition is as this tool writes it, and nothing is made anew because of its wording.
function end() {
  if (held != "") print held (unnamed ? " {}" : "")
  held = ""
  unnamed = 0
}
/^[^ ]/ { end(); within = $1 == "networks:" || $1 == "volumes:" }
within && /^  [^ ]/ { end(); key = $1; gsub(/[":]/, "", key); held = $0; next }
within && /^    name: / && $2 == project "_" key { unnamed = 1; next }
held != "" { print held; held = "" }
{ print }
END { end() }
