# How the walk-through is told: each step shows a command, the telling part of its answer, and what that means.

tries=0 failures=0
if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold= dim= green= red= plain=; fi

# section <title>
section() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

# try <meaning> <command> <pattern>...: runs the command, shows what of its output matches each extended regular expression, and
# counts a failure when one of them matches nothing. The whole output is left in $answer.
try() {
  local meaning=$1 command=$2 pattern shown ok=yes
  shift 2
  tries=$((tries + 1))
  printf '\n%s$%s %s\n' "$dim" "$plain" "$command"
  answer=$(eval "$command" 2>&1)
  for pattern in "$@"; do
    if [ -n "$pattern" ] && shown=$(grep -oE -- "$pattern" <<<"$answer"); then
      head -4 <<<"$shown" | cut -c1-180 | sed 's/^/    /'
    else
      ok=
      break
    fi
  done
  if [ -n "$ok" ]; then
    printf '  %s✓%s %s\n' "$green" "$plain" "$meaning"
  else
    failures=$((failures + 1))
    printf '%s\n' "$answer" | cut -c1-2000 | head -40 | sed 's/^/    /'
    printf '  %s✗ there is no: %s%s\n' "$red" "$pattern" "$plain"
  fi
}

# The closing line, and the exit code.
finish() {
  printf '\n%d steps, %d not as expected\n' "$tries" "$failures"
  [ "$failures" -eq 0 ]
}

# json <field>: the first value of that name in $answer, which is JSON; escaped line ends become real ones.
json() { grep -oE "\"$1\": ?\"[^\"]*\"" <<<"$answer" | head -1 | sed -E 's/^[^:]*: ?"(.*)"$/\1/' | awk '{gsub(/\\n/, "\n"); print}'; }

# parameter <name>: the value of a gpPARAM in $answer.
parameter() { sed -nE "s/.*name=\"$1\"[^>]*>([^<]*)<.*/\1/p" <<<"$answer" | head -1; }

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

newUuid() { openssl rand -hex 16 | tr a-f A-F | sed -E 's/(.{8})(.{4}).(.{3}).(.{3})/\1-\2-4\3-A\4-/'; }

# meshToken <mailbox> <nonce> <count> <time>: what follows "Authorization:" in MESH, an HMAC over its own parts and the password.
meshToken() {
  printf 'NHSMESH %s:%s:%s:%s:' "$1" "$2" "$3" "$4"
  printf '%s' "$1:$2:$3:password:$4" | openssl dgst -sha256 -hmac TestKey | sed 's/.*= *//'
}
