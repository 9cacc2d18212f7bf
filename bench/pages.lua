-- Each request asks for another page of the list, so that what the server keeps of a finished page does not help.
local n = 0
local pages = tonumber(os.getenv("BENCH_PAGES") or "800")
local more = os.getenv("BENCH_QUERY") or ""
request = function()
  n = n + 1
  return wrk.format("GET", "/projects?year=2026&page=" .. (n % pages + 1) .. "&x=" .. n .. more)
end
