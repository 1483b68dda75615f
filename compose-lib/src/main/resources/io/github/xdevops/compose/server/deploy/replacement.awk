# What becomes of each service that may run twice: awk -v generation=N, with lines
#   order SERVICE start-first|stop-first REPLICAS PULL-POLICY IMAGE REASON
#   there ID SERVICE gGENERATION STATE HASH IMAGE-ID STATUS
#   hash SERVICE HASH, image IMAGE IMAGE-ID    as they would be now, with the generations that there are; missing at first
# It prints a line each of: generation, numbers (SERVICE=GENERATION), replaced (services), scales (for Compose), surplus and unready (IDs).
# The newest generation that is ready is kept: it has the requests. Of others, surplus ones may have some yet, and unready ones have none.

$1 == "order" && $3 == "start-first" && $4 > 0 { wanted[++services] = $2; replicas[$2] = $4; image[$2] = $6 }
$1 == "there" {
  id[++containers] = $2; service[containers] = $3; age[containers] = substr($4, 2) + 0
  hash[containers] = $6; made_of[containers] = $7
  ready[containers] = $5 == "running" && !/unhealthy|health: starting/
  if (ready[containers] && (!($3 in top) || age[containers] > top[$3])) top[$3] = age[containers]
  if (age[containers] >= generation) generation = age[containers] + 1
}
$1 == "hash" { compared = 1; wants[$2] = $3 }
$1 == "image" { means[$2] = $3 }
END {
  for (i = 1; i <= services; i++) {
    one = wanted[i]
    if (!(one in top)) { numbers = numbers " " one "=" generation; continue }
    changed = kept = 0
    for (at = 1; at <= containers; at++) {
      if (service[at] != one) continue
      if (age[at] == top[one]) {
        kept++
        if (compared && (hash[at] != wants[one] || (image[one] in means) && made_of[at] != means[image[one]])) changed = 1
      } else if (ready[at]) surplus = surplus " " id[at]
      else unready = unready " " id[at]
    }
    numbers = numbers " " one "=" (changed ? generation : top[one])
    if (changed) { replaced = replaced " " one; scales = scales " --scale " one "=" kept + replicas[one] }
  }
  print generation; print numbers; print replaced; print scales; print surplus; print unready
}
