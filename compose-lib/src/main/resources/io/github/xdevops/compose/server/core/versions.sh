# --- versions: what the server must have, also for compose:provision and compose:doctor --------------------------------
# Needs nothing, and never ends the program.

readonly oldest_compose=2.23.1 # the first that knows configs.content
