read_words "$@"
require_timeout
open_state
case $verb in
deploy | attend | work | down | pin | extend | expire | remove | evict | adopt | show)
  [ -n "$project" ] || finish USAGE "project is missing"
  "$verb" "$@"
  ;;
list | sweep) "$verb" ;;
*) finish USAGE "unknown verb $verb" ;;
esac
