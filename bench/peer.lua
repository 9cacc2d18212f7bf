-- The requests of a file, one after the other: `GET /path` or `POST /path body`. Each address is another one, but for our interface:
-- that refuses what it does not know, and nothing of what it answers is kept.
local asked = {}
for line in io.lines(os.getenv("BENCH_REQUESTS")) do
  local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
  asked[#asked + 1] = { method, path, body }
end
local n = 0
request = function()
  n = n + 1
  local one = asked[(n - 1) % #asked + 1]
  local path = one[2]
  if one[1] == "GET" then
    if path:find("/api/", 1, true) == 1 then return wrk.format("GET", path) end
    path = path .. (path:find("?", 1, true) and "&" or "?") .. "x=" .. n
    return wrk.format("GET", path)
  end
  wrk.headers["Content-Type"] = "application/json"
  return wrk.format(one[1], path, nil, (one[3]:gsub("NUMBER", tostring(n))))
end
