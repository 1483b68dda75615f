# A compose file whose mounted files lie in the directory of the variable where, instead of beside the file.
{ at = index($0, "source: \"./files/") }
at && substr($0, 1, at - 1) ~ /^ *(- )?$/ {
  where = ENVIRON["where"]
  gsub(/["\\]/, "\\\\&", where)
  $0 = substr($0, 1, at + 8) where substr($0, at + 10)
}
{ print }
