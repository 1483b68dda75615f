# Restic's list, the newest first, with times in seconds. It writes them with fractions, and in the zone of who made the snapshot.
def seconds:
  (sub("\\.[0-9]+"; "") | capture("^(?<time>[^Z+]{19})(?<zone>.*)$")) as $at
  | ($at.time + "Z" | fromdateiso8601)
    - ($at.zone | if . == "" or . == "Z" then 0
       else capture("(?<sign>[+-])(?<hours>..):(?<minutes>..)") | (.sign + "1" | tonumber) * ((.hours | tonumber) * 3600 + (.minutes | tonumber) * 60) end);
sort_by(.time) | reverse | .[] | {id: .short_id, time: (.time | seconds), tags: (.tags // [])}
