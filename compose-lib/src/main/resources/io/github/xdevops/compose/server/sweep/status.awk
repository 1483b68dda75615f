# The status of a sweep, without the errors of projects that are not among the names in the variable within.
{
  at = index($0, "\"errors\":[")
  if (!at) { print; next }
  out = substr($0, 1, at + 9)
  rest = substr($0, at + 10)
  sub(/\]}$/, "", rest)
  count = split(rest, all, /,?[{]"project":"/) # no text has such quotes in it
  for (i = 2; i <= count; i++) {
    name = substr(all[i], 1, index(all[i], "\"") - 1)
    if (index(ENVIRON["within"], " " name " ")) out = out (sep ? "," : "") "{\"project\":\"" all[i]
    if (index(ENVIRON["within"], " " name " ")) sep = 1
  }
  print out "]}"
}
