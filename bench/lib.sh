# What the scripts here share; they source it.

# A port that nobody listens on.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 40000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# Until a server has checked its data after the start, by what it says; a ledger that was multiplied has people at two
# places on a day, and is told so.
wait_checked() { # its log
  for _ in $(seq 600); do
    if grep -q "the data hold together\|数据检查发现\|could not be checked" "$1"; then return; fi
    sleep 1
  done
}
