-- The longest turn of reading what PagerDuty tells of 1,000 open incidents, and of applying it: prints the milliseconds of
-- processor time, how many turns there were, and how many incidents were found. Runs what `make build` leaves in build/src.
package.path = "build/?.lua;" .. package.path
local feedback = require("src.feedback.feedback")
local rest_api = require("src.feedback.rest_api")
local orphan_watch = require("src.feedback.orphan_watch")
local alert = require("src.alerts.alert")

local INCIDENTS, PAGE, BYTES = 1000, 100, 32768
-- As the connector has it, see src/main.ts.
if _VERSION == "Lua 5.4" then
  collectgarbage("setstepmul", 10)
end

local function person(name)
  return string.format(
    '{"id":"PXPGF42","type":"user_reference","summary":"%s","self":"https://api.pagerduty.com/users/PXPGF42",'
      .. '"html_url":"https://subdomain.pagerduty.com/users/PXPGF42"}',
    name
  )
end

-- Every field that PagerDuty documents, and a body with what a trigger of ours says.
local function incident(number)
  local body = string.rep("output of a plugin, line after line. ", 50)
  return string.format(
    '{"id":"Q%d","type":"incident","summary":"[#%d] web-01/Load: CRITICAL - load average","self":'
      .. '"https://api.pagerduty.com/incidents/Q%d","html_url":"https://subdomain.pagerduty.com/incidents/Q%d",'
      .. '"incident_number":%d,"created_at":"2026-11-26T12:00:00Z","updated_at":"2026-11-26T12:00:00Z",'
      .. '"status":"acknowledged","title":"web-01/Load: CRITICAL - load average","incident_key":"1_%d","urgency":"high",'
      .. '"body":{"type":"incident_body","details":"%s"},"service":{"id":"PS","type":"service_reference","summary":"Web"},'
      .. '"assignments":[{"at":"2026-11-26T12:00:00Z","assignee":%s}],"acknowledgements":[{"at":"2026-11-26T12:10:00Z",'
      .. '"acknowledger":%s}],"last_status_change_at":"2026-11-26T12:10:00Z","last_status_change_by":%s,'
      .. '"alert_counts":{"all":1,"triggered":1,"resolved":0},"is_mergeable":true,"pending_actions":[{"type":"resolve",'
      .. '"at":"2026-11-26T16:00:00Z"}],"teams":[],"escalation_policy":{"id":"PP","type":"escalation_policy_reference",'
      .. '"summary":"Default"},"priority":null,"resolve_reason":null,"incidents_responders":[],"alert_grouping":null}',
    number, number, number, number, number, number, body, person("Sam"), person("Sam"), person("Sam")
  )
end

local alerts, waiting, clock, learnt = {}, nil, 1000, 0
for number = 1, INCIDENTS do
  local resource = { kind = "service", hostId = 1, serviceId = number }
  local facts = { state = 2, isAcknowledged = false, downtimeDepth = 0, isFlapping = false, lastCheck = 1 }
  alerts[number] = alert.createAlert(resource, facts, "critical")
  alert.recordAccepted(alerts[number], "trigger", "critical", 1)
end

local asked = feedback.createFeedback({
  interval = 60, routingKeys = { default = "key" }, dedupPrefix = "", serviceIds = {}, reopen = "always",
}, {
  api = rest_api.createRestApi("", "key", function(url, _, ended)
    waiting = { url = url, ended = ended }
  end),
  now = function() return clock end,
  find = function(resource) return alerts[resource.serviceId] end,
  eachAlert = function(visit) for _, one in ipairs(alerts) do visit(one) end end,
  isOfQuietPoller = function() return false end,
  learnt = function() learnt = learnt + 1 end,
  noted = function() end,
  resolveUnknown = function() end,
  watching = orphan_watch.createOrphanWatch(),
  info = function() end,
  warning = error,
})

local longest, turns = 0, 0
local function turn()
  local before = os.clock()
  local is_more = asked.turn(BYTES)
  local taken = os.clock() - before
  if taken > longest then longest = taken end
  turns = turns + 1
  return is_more
end

clock = clock + 61
asked.look()
while asked.isUnderWay() do
  if waiting == nil then
    turn()
  else
    local offset = tonumber(string.match(waiting.url, "offset=(%d+)"))
    local items, name = {}, string.match(waiting.url, "^/(%w+)")
    for number = offset + 1, name == "incidents" and math.min(offset + PAGE, INCIDENTS) or 0 do
      items[#items + 1] = incident(number)
    end
    local more = name == "incidents" and offset + PAGE < INCIDENTS
    local text = string.format('{"%s":[%s],"more":%s}', name, table.concat(items, ","), tostring(more))
    local ended = waiting.ended
    waiting = nil
    ended({ kind = "answered", status = 200, body = text })
    while turn() do end
  end
end
print(string.format("%.3f %d %d", longest * 1000, turns, learnt))
