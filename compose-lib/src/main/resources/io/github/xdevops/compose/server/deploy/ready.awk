# The state of containers (ID STATE SERVICE IMAGE,NETWORKS STATUS), a line each: what failed, and the ID and SERVICE of which; what is
# not ready yet, and of which; IDs of those that may still fail; what restarts; a dot.
{
  detail = substr($0, length($1 $2 $3 $4) + 5)
  which = $1 " " $3
  if ($2 == "running") {
    if (detail ~ /unhealthy/) { problem = "is unhealthy"; culprit = which }
    else if (detail ~ /starting/) { pending = "is not healthy yet"; late = which }
    else if (detail !~ /\(healthy\)/ && detail ~ /second/) unproven = unproven " " $1 # after a minute it counts as stable
  } else if ($2 == "exited" && detail ~ /Exited \(0\)/) {
    if (index("," routed ",", "," $3 ",")) { problem = "ended, but it has a URL"; culprit = which }
  } else if ($2 == "exited" || $2 == "dead") { problem = "ended: " detail; culprit = which }
  else if ($2 == "restarting") { again = $3 ": " detail; pending = "restarts again and again: " detail; late = which }
  else if ($2 == "") pending = "no container is there"
  else { pending = "is " $2; late = which }
}
END { print problem; print culprit; print pending; print late; print unproven; print again; print "." }
