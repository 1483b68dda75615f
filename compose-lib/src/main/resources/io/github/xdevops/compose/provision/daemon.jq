# The owner's file with what is missing in it. A key of the owner's is neither changed nor dropped.
{"default-address-pools": [{"base": $pool, "size": 26}]}
+ (if has("log-driver") and (.["log-driver"] | IN("json-file", "local") | not) then {} else {"log-opts": {"max-size": "10m", "max-file": "3"}} end)
+ (if $swarm == "active" then {} else {"live-restore": true} end)
+ .
