# Of volumes and networks (KIND NAME [PROJECT]), prints the first whose name Compose would give (in the variable own)
# and that is not of this project.
BEGIN { count = split(ENVIRON["own"], line, "\n"); for (i = 1; i <= count; i++) own[line[i]] = 1 }
$1 " " $2 in own && $3 != project {
  if ($3 == "") print "name-of-somebody", $1, $2
  else print "name-of-project", $1, $2, $3
  exit
}
