# Definitions (network|volume KEY TEXT): those wanted, an empty line, and those of what was made. Prints those that differ (changed=1),
# or what is there after a deploy: a network is as it is wanted, a volume as it was made.
$0 == "" { second = 1; next }
{ key = $1 " " $2 }
!second { wanted[key] = $0; order[++count] = key; next }
changed { if (key in wanted && wanted[key] != $0) print key; next }
$1 == "network" && key in wanted { next }
{ print; seen[key] = 1 }
END { for (i = 1; i <= count && !changed; i++) if (!(order[i] in seen)) print wanted[order[i]] }
