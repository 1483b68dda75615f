# A dump without what the database already has: its own user, who cannot drop himself. In a seed that user keeps his own password.
# User is that user.
BEGIN { quoted = user ~ /^[a-z_][a-z0-9_]*$/ ? user : "\"" user "\"" }
/^\\connect / { body = 1 }
!body && seed != "" && index($0, "ALTER ROLE " quoted " WITH ") == 1 { next }
body || ($0 != "DROP ROLE IF EXISTS " quoted ";" && $0 != "CREATE ROLE " quoted ";")
