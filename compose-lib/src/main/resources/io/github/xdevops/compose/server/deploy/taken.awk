# Of volumes and networks (KIND NAME [PROJECT]), prints the first with a name that Compose gives, in the variable own, and another project.
BEGIN { count = split(ENVIRON["own"], line, "\n"); for (i = 1; i <= count; i++) own[line[i]] = 1 }
$1 " " $2 in own && $3 != project { print; exit }
