# --- the sweeper's timer, by cron -------------------------------------------------------------------------------------
# Needs timer/timer. Never ends the program.

install_cron() { # sets timer; false with sweeper_problem
  local crontab_lines crontab_said by_hand jitter path
  path=$(crontab_word "$state/.host/sweep")
  by_hand="or let something else run this every minute as $user: /bin/sh $path"
  sweeper_problem="it has neither cron nor a systemd that $user may use; install cron, $by_hand"
  command -v crontab >/dev/null || return 1
  read_crontab ||
    { sweeper_problem="the crontab of $user cannot be read ($crontab_said); allow $user to use crontab, $by_hand" && return 1; }
  # Not all in the same second.
  jitter=$(($(printf '%s' "$user $state" | cksum | cut -d ' ' -f 1) % 20))
  write_crontab "* * * * * /bin/sh -c '$run_sweep $jitter' $path # $sweeper_name" ||
    { sweeper_problem="the crontab of $user cannot be changed ($crontab_said); allow $user to use crontab, $by_hand" && return 1; }
  timer=cron sweeper_problem=''
}

remove_cron() { # once systemd runs the sweeper
  local crontab_lines crontab_said
  ! read_crontab || write_crontab '' || :
}

read_crontab() { # sets crontab_lines; false, with crontab_said, if the crontab cannot be read: then it must not be replaced
  crontab_lines=''
  if crontab_said=$(timeout 20 crontab -l 2>&1 >/dev/null); then
    crontab_lines=$(timeout 20 crontab -l 2>/dev/null && echo .) && crontab_lines=${crontab_lines%.}
  else
    case $crontab_said in *'no crontab for'* | *'No such file'*) ;; *) return 1 ;; esac
  fi
}

write_crontab() { # LINE: replaces our line by this one, or removes it if empty; sets crontab_said
  local line
  crontab_said=$({
    printf '%s' "$crontab_lines" | while IFS= read -r line || [ -n "$line" ]; do
      case $line in *" # $sweeper_name") ;; *) printf '%s\n' "$line" ;; esac
    done
    [ -z "$1" ] || printf '%s\n' "$1"
  } | timeout 20 crontab - 2>&1)
}

# shellcheck disable=SC2016 # for the shell that cron starts
crontab_word() { # PATH: quotes it for cron, to which percent signs are special even within quotes
  case $1 in
  *[%\'\\]*) printf '"$(printf '"'%s'"')"' "$(printf '%s' "$1" | sed 's/\\/\\134/g; s/%/\\045/g'"; s/'/\\\\047/g")" ;;
  *) printf "'%s'" "$1" ;;
  esac
}
