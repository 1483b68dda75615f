# Prints how each network and volume of a compose file is defined: network|volume KEY TEXT. With external=yes it prints the names
# of external networks.
function end() {
  if (text != "" && text !~ /\|    "?external"?: true/ && !external) print kind, key, text
  if (text ~ /\|    "?external"?: true/ && external && kind == "network") {
    if (match(text, /\|    "?name"?: "[^"]*"/)) { key = substr(text, RSTART, RLENGTH - 1); sub(/.*"/, "", key) }
    print key
  }
  text = ""
}
/^[^ ]/ { end(); kind = $1 == "networks:" ? "network" : $1 == "volumes:" ? "volume" : ""; next }
kind == "" { next }
/^  [^ ]/ { end(); key = $1; gsub(/[":]/, "", key); if (match(key, /^dir-.*-/) && length(key) == RLENGTH + 16) next; text = $0; sub(/^ +/, "", text); next }
text != "" { text = text "|" $0 }
END { end() }
