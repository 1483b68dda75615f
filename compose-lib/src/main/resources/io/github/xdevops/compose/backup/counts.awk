# Tables and rows of a dump of PostgreSQL or MySQL. What counts is that two dumps of the same data give the same.
/^COPY .* FROM stdin;$/ { tables++; data = 1; next }
data && $0 == "\\." { data = 0; next }
data { rows++; next }
/^-- Current Database: / { users = $0 == "-- Current Database: `mysql`" }
!users && /^CREATE TABLE / { tables++ }
!users && /^INSERT INTO .* VALUES \(/ { rows += 1 + gsub(/\),\(/, "") }
!users && /^\(/ { rows++ } # MariaDB writes each on a line of its own
END { print tables + 0, rows + 0 }
