# A dump without the users, who are the new environment's own.
/^-- Current Database: / { users = $0 == "-- Current Database: `mysql`" }
!users
