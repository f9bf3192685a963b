-- Lint of what is shipped: nothing but what every Lua offers, and the broker's globals.
std = "min"
read_globals = { "broker", "broker_cache", "broker_log" }
globals = { "init", "write", "filter", "flush", "broker_api_version" }
max_line_length = false
-- What TypeScriptToLua writes in places: unused arguments and loop variables, `not (x ~= y)`.
ignore = { "212", "213", "581" }
