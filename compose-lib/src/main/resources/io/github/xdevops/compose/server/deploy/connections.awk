# Reads /proc/PID/net/tcp and tcp6 of containers, and prints how many connections stand on the ports on which they listen. Those
# from within the container, such as a health check's, do not count.
FNR == 1 { place = FILENAME; sub(/6$/, "", place); next }
{ split($2, own, ":"); split($3, peer, ":") }
$4 == "0A" { listens[place, own[2]] = 1 }
($4 == "01" || $4 == "03") && peer[1] !~ /0100007F$|^0000000000000000000000000100000[01]$|^00000000000000000000000001000000$/ { stands[place, own[2]]++ }
END { for (one in stands) if (one in listens) all += stands[one]; print all + 0 }
