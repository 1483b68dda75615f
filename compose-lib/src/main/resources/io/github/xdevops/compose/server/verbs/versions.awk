# The images of the kept versions, from files docker-compose.N.yml: awk -v mark=TEXT. Prints "MARK N SERVICE ID NAME".
sub(/^#: image /, "") { name = FILENAME; sub(/\.yml$/, "", name); sub(/.*\./, "", name); print mark, name, $0 }
