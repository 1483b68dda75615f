if [ "$verb" = gate ]; then
  open_gate "$@"
  # shellcheck disable=SC2086 # words without anything that a shell would touch
  set -- $passed
fi
read_words "$@"
require_timeout
open_state
check_gate
case $verb in
deploy | attend | work | down | pin | extend | expire | remove | evict | adopt | show | inspect | logs | rollback)
  [ -n "$project" ] || finish USAGE "project is missing"
  "$verb" "$@"
  ;;
exec)
  [ -n "$project" ] && [ -n "$service" ] || finish USAGE "project or service is missing"
  execute
  ;;
sweep)
  if [ -z "$gate" ]; then sweep; else sweep_behind_gate; fi
  ;;
list | lacking | layer | load) "$verb" ;;
*) finish USAGE "unknown verb $verb" ;;
esac
