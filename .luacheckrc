-- Lint of what is shipped: nothing but what every Lua offers, and the broker's globals.
std = "min"
read_globals = { "broker", "broker_cache", "broker_log" }
globals = { "init", "write", "filter", "flush", "broker_api_version" }
max_line_length = false
-- What TypeScriptToLua writes in places: unused names and first values, `not (x ~= y)`.
ignore = { "211/____", "212", "213", "311", "421/____", "423/____", "431/____", "432/____.*", "581" }
