if [ "$verb" = gate ]; then
  open_gate "$@"
  # shellcheck disable=SC2086 # words without anything that a shell would touch
  set -- $passed
fi
read_words "$@"
require_timeout
open_state
[ -z "$gate" ] || check_gate
case $verb in
deploy | attend | work | down | pin | extend | expire | remove | evict | adopt | show)
  [ -n "$project" ] || finish USAGE "project is missing"
  "$verb" "$@"
  ;;
list | sweep) "$verb" ;;
*) finish USAGE "unknown verb $verb" ;;
esac
