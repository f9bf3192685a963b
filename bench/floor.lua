-- The least a connector can cost that looks at what it is given: it reads, one by one, the fields that tell the PagerDuty
-- connector that nothing has changed, and does nothing with them.
broker_api_version = 2

-- Host and service statuses of BBDO 2 and 3, full and adaptive.
local wanted = { [14] = true, [24] = true, [29] = true, [32] = true, [55] = true, [56] = true }

function init() end

function filter(category, element)
  return category == 1 and wanted[element] == true
end

function write(event)
  local kind, state, host = event._type, event.state, event.host_id
  if state ~= 0 then
    local service, state_type, acknowledgement = event.service_id, event.state_type, event.acknowledgement_type
    local depth, flapping, last_check = event.scheduled_downtime_depth, event.flapping, event.last_check
  end
  return true
end
