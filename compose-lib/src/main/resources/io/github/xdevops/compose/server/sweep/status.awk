# What a sweep says (lines that begin with the variable mark) of the projects among the names in the variable within; from its status,
# the errors of others are left out.
mark != "" && index($0, mark) == 1 {
  name = substr($0, length(mark) + 1)
  if (name ~ /^(swept|warning) /) {
    split(name, word, /[ :]/) # before the name there may be the code of a message
    if (index(ENVIRON["within"], " " word[2] " ") || index(ENVIRON["within"], " " word[3] " ")) print
    next
  }
}
{
  at = index($0, "\"errors\":[")
  if (!at) { print; next }
  out = substr($0, 1, at + 9)
  rest = substr($0, at + 10)
  sub(/\]}$/, "", rest)
  sep = ""
  count = split(rest, all, /,?[{]"project":"/) # no text has such quotes in it
  for (i = 2; i <= count; i++) {
    name = substr(all[i], 1, index(all[i], "\"") - 1)
    if (index(ENVIRON["within"], " " name " ")) { out = out sep "{\"project\":\"" all[i]; sep = "," }
  }
  print out "]}"
}
