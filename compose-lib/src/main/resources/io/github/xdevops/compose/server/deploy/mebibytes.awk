# Prints the sum of sizes such as 1.5GB or 20MiB, one a line, in MiB.
{
  unit = $1; sub(/^[0-9.]+/, "", unit)
  size = $1 + 0
  for (power = index("kmgt", tolower(substr(unit, 1, 1))); power > 0; power--) size *= unit ~ /i/ ? 1024 : 1000
  sum += size
}
END { printf "%d\n", sum / 1048576 }
