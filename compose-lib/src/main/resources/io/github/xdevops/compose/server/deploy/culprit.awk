# Of containers (ID STATE SERVICE IMAGE,NETWORKS STATUS), prints ID, SERVICE, | and why, of the one that failed; of several the one that
# Compose names in the variable blamed, by its service or its container.
{
  detail = substr($0, length($1 $2 $3 $4) + 5)
  if ($2 == "exited" && detail ~ /Exited \(0\)/) next
  if ($2 == "exited" || $2 == "dead") why = "ended: " detail
  else if ($2 == "running" && detail ~ /unhealthy/) why = "is unhealthy"
  else next
  named = 0
  for (rest = ENVIRON["blamed"]; at = index(rest, $3); rest = substr(rest, at + 1))
    if (substr(rest, at - 1, 1) ~ /["-]/ && substr(rest, at + length($3), 1) ~ /["-]/) named = 1
  if (named || found == "") found = $1 " " $3 "|" why ", and others wait for it"
}
END { print found }
