# Puts *** in the place of each secret; the file in the variable forms has them, the longest first.
BEGIN {
  while ((getline form < ENVIRON["forms"]) > 0) {
    if (form == "") continue # is everywhere
    all[++count] = form
    if (length(form) > longest) longest = length(form)
  }
}
{
  # A line costs no more than its first 64 KiB. Half of a secret may be at the cut, and is left out.
  rest = substr($0, 1, 65536 + longest)
  cut = length($0) > length(rest)
  for (i = 1; i <= count; i++) {
    done = ""
    while (at = index(rest, all[i])) {
      done = done substr(rest, 1, at - 1) "***"
      rest = substr(rest, at + length(all[i]))
    }
    rest = done rest
  }
  print cut ? substr(rest, 1, length(rest) - longest) : rest
}
