# A kept compose file with exactly the images that ran: awk -v images="SERVICE=ID ..." for those whose name means another one by now.
# No registry is asked.
BEGIN {
  count = split(images, pair, " ")
  for (i = 1; i <= count; i++) { at = index(pair[i], "="); id[substr(pair[i], 1, at - 1)] = substr(pair[i], at + 1) }
}
/^[^ ]/ { top = $1 }
top == "services:" && /^  [^ ]/ { service = $1; gsub(/[":]/, "", service) }
top == "services:" && /^    pull_policy: / { next }
top == "services:" && /^    image: / {
  if (service in id) $0 = "    image: \"" id[service] "\""
  $0 = $0 "\n    pull_policy: \"never\""
}
{ print }
