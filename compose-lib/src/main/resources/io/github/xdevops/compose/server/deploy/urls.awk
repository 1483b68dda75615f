# The first of the hosts (in the variable hosts) that another record claims: in a manifest, or in .previous.about, whose second line a
# rollback may use again. The records' files are arguments, and those in the directory dir are the project's own.
BEGIN {
  count = split(ENVIRON["hosts"], host, ",")
  for (i = 1; i <= count; i++) wanted[host[i]] = 1
  for (i = 1; i < ARGC; i++) {
    parts = split(ARGV[i], part, "/")
    previous = part[parts] == ".previous.about"
    for (number = 1; index(ARGV[i], ENVIRON["dir"] "/") != 1 && (getline line < ARGV[i]) > 0; number++) {
      if (previous ? number != 2 : line !~ /^"hosts": "/) continue
      sub(/^"hosts": "/, "", line)
      sub(/".*/, "", line)
      count = split(line, host, ",")
      for (j = 1; j <= count; j++) if (host[j] in wanted) {
        print "http://" host[j] " belongs to the project " part[parts - 1] " on this server" (previous ? " until its deploy has ended" : "")
        exit
      }
    }
    close(ARGV[i])
  }
  exit
}
