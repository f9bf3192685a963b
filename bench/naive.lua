-- What connectors without a queue do, for comparison: each event is posted by itself, over a connection of its own, and
-- write() waits for the answer. The same libcurl, the same events, the same PagerDuty.
broker_api_version = 2

local curl, url, authority, routing_key

function init(parameters)
  curl = require("cURL")
  url = parameters.http_server_url
  authority = parameters.http_ca_file
  routing_key = parameters.pdy_routing_key
end

function filter(category, element)
  return category == 1 and element == 29
end

local body = '{"routing_key":"%s","event_action":"trigger","dedup_key":"%d_%d","payload":'
  .. '{"summary":"server-%d/Backend pool %d: CRITICAL","source":"server-%d","severity":"critical"}}'

function write(event)
  local host, service = event.host_id, event.service_id
  local easy = curl.easy()
  easy:setopt({
    url = url,
    post = true,
    postfields = body:format(routing_key, host, service, host, service, host),
    httpheader = { "Content-Type: application/json", "Expect:" },
    cainfo = authority,
    timeout_ms = 5000,
    nosignal = true,
    writefunction = function() end,
  })
  easy:perform()
  easy:close()
  return true
end
