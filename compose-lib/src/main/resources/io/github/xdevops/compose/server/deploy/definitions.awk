# Prints how each network and volume of a compose file is defined: network|volume KEY TEXT.
function end() { if (text != "" && text !~ /\|    "?external"?: true/) print kind, key, text; text = "" }
/^[^ ]/ { end(); kind = $1 == "networks:" ? "network" : $1 == "volumes:" ? "volume" : ""; next }
kind == "" { next }
/^  [^ ]/ { end(); key = $1; gsub(/[":]/, "", key); if (match(key, /^dir-.*-/) && length(key) == RLENGTH + 16) next; text = $0; next }
text != "" { text = text "|" $0 }
END { end() }
