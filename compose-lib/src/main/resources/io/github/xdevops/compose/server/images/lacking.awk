# Images of the server (ID and layers), a line "carried", notes of loaded images (hash and ID), a line "asked", and what the
# client asks for (hash and layers). Prints for each of these its hash, and "all ID" or how many of its first layers are here.
asked && /[^0-9a-f ]/ { exit }
asked {
  chain = ""
  for (here = 0; here + 2 <= NF; here++) {
    chain = chain " sha256:" $(here + 2)
    if (!(chain in chains)) break
  }
  id = $1 in ids ? ids[$1] : "sha256:" $1
  print $1, (id in images ? "all " id : here)
  next
}
$1 == "asked" { asked = 1; next }
$1 == "carried" { carried = 1; next }
carried { if ($2 in images) ids[$1] = $2; next }
{
  images[$1]
  chain = ""
  for (i = 2; i <= NF; i++) { chain = chain " " $i; chains[chain] }
}
