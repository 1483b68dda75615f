# Puts *** in the place of each secret; the file in the variable forms has them, the longest first.
BEGIN { while ((getline form < ENVIRON["forms"]) > 0) all[++count] = form }
{
  rest = $0
  for (i = 1; i <= count; i++) {
    done = ""
    while (at = index(rest, all[i])) {
      done = done substr(rest, 1, at - 1) "***"
      rest = substr(rest, at + length(all[i]))
    }
    rest = done rest
  }
  print rest
}
