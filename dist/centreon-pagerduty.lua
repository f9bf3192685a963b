-- centreon-pagerduty 0.2.0: Centreon stream connector that keeps PagerDuty equal to Centreon
-- SPDX-License-Identifier: Apache-2.0
--
-- The commands for administrators: check, smoke, fire, clear, explain, replay, status, retry.
-- How to run it: lua centreon-pagerduty.lua COMMAND [options]; `help` lists the commands.
-- What it needs: Lua 5.1, 5.3, 5.4 or LuaJIT, and lua-curl (Lua-cURLv3).
--
-- Made from TypeScript by `make build`; change the source, not this file.
local ____modules = {}
local ____moduleCache = {}
local ____originalRequire = require

local function require(file, ...)
    if ____moduleCache[file] then
        return ____moduleCache[file].value
    end
    if ____modules[file] then
        local module = ____modules[file]
        local value = nil
        if (select("#", ...) > 0) then value = module(...) else value = module(file) end
        ____moduleCache[file] = { value = value }
        return value
    else
        if ____originalRequire then
            return ____originalRequire(file)
        else
            error("module '" .. file .. "' not found")
        end
    end
end
____modules = {

-- -------------------- src/commands/arguments.ts --------------------
["src.commands.arguments"] = function(...)
-- The command line: what a command takes, what was given, and the usage that is printed. Knows no command.
-- Of a command: `--config FILE`, or a flag such as `--dry-run`.
local exports = {}

local function optionOf(syntax, name)
    for ____, option in ipairs(syntax.options) do
        if option.name == name then
            return option
        end
    end
    return nil
end

-- Reads the words after the command. Gives what is wrong with them as a text.
function exports.readArguments(syntax, words)
    local values = {}
    local operands = {}
    local position = 0
    while position < #words do
        local word = words[position + 1] or ""
        position = position + 1
        if string.sub(word, 1, 1) ~= "-" or word == "-" then
            operands[#operands + 1] = word
        else
            -- Both --name VALUE and --name=VALUE.
            local name, attached = string.match(word, "^(%-%-[%w%-]+)=(.*)$")
            local option = optionOf(syntax, name or word)
            if option == nil then
                return (name or word) .. " is unknown"
            end
            if option.value == nil then
                if attached ~= nil then
                    return option.name .. " takes no value"
                end
                values[option.name] = ""
            else
                local value = attached or words[position + 1]
                if value == nil then
                    return (((option.name .. " needs a value: ") .. option.name) .. " ") .. option.value
                end
                if attached == nil then
                    position = position + 1
                end
                values[option.name] = value
            end
        end
    end
    local most = #syntax.operands + (syntax.optional == nil and 0 or 1)
    if #operands > most and syntax.repeated == nil then
        return ("\"" .. (operands[most + 1] or "")) .. "\" is one word too many"
    end
    if #operands < #syntax.operands then
        return (syntax.operands[#operands + 1] or "") .. " is missing"
    end
    return {
        value = function(option) return values[option] end,
        has = function(option) return values[option] ~= nil end,
        operands = operands
    }
end
-- Column at which the meanings begin.
local MEANING_COLUMN = 26

-- The usage of one command.
function exports.usageOf(____bindingPattern0)
    local options
    local repeated
    local optional
    local operands
    local purpose
    local command
    command = ____bindingPattern0.command
    purpose = ____bindingPattern0.purpose
    operands = ____bindingPattern0.operands
    optional = ____bindingPattern0.optional
    repeated = ____bindingPattern0.repeated
    options = ____bindingPattern0.options
    local words = {"centreon-pagerduty " .. command}
    for ____, operand in ipairs(operands) do
        words[#words + 1] = operand
    end
    if optional ~= nil then
        words[#words + 1] = ("[" .. optional) .. "]"
    end
    if repeated ~= nil then
        words[#words + 1] = ("[" .. repeated) .. " ...]"
    end
    local lines = {
        ("usage: " .. table.concat(words, " ")) .. " [options]",
        "",
        "  " .. purpose,
        "",
        "options:"
    }
    for ____, ____value in ipairs(options) do
        local name = ____value.name
        local value = ____value.value
        local meaning = ____value.meaning
        local left = value == nil and name or (name .. " ") .. value
        local gap = string.rep(
            " ",
            math.max(1, MEANING_COLUMN - #left)
        )
        lines[#lines + 1] = (("  " .. left) .. gap) .. meaning
    end
    return table.concat(lines, "\n")
end

-- A whole number that an option gives, or `fallback`; undefined when it is none.
function exports.numberOf(given, option, fallback)
    local text = given.value(option)
    if text == nil then
        return fallback
    end
    local value = tonumber(text)
    return value ~= nil and value >= 0 and math.floor(value) == value and value or nil
end
return exports
 end,

-- -------------------- src/alerts/alert.ts --------------------
["src.alerts.alert"] = function(...)
-- The alert: one resource's record of what Centreon calls for (desired) and what PagerDuty has (delivered), and
-- the table of design.md that says which action brings the two together. Knows neither broker nor network.
-- PagerDuty's severities, as its Events API spells them.
local exports = {}
local resolveIsDue, clear

-- True when PagerDuty has, or may have, an open alert.
function exports.isOpen(____bindingPattern0)
    local delivered
    delivered = ____bindingPattern0.delivered
    return delivered == "triggered" or delivered == "acknowledged"
end

function resolveIsDue(alert, ____bindingPattern0)
    local resolvesRecoveries
    resolvesRecoveries = ____bindingPattern0.resolvesRecoveries
    return exports.isOpen(alert) and (resolvesRecoveries or alert.isResolveOrdered == true)
end

function clear(alert, field)
    if alert[field] ~= nil then
        alert[field] = nil
    end
end
local SEVERITY_RANK = {info = 1, warning = 2, error = 3, critical = 4}

-- True when `value` is one of PagerDuty's severities.
function exports.isSeverity(value)
    return type(value) == "string" and SEVERITY_RANK[value] ~= nil
end

-- True when `left` is worse than `right`.
function exports.isWorse(left, right)
    return SEVERITY_RANK[left] > SEVERITY_RANK[right]
end
local EMPTY_LIST = {}

-- `list`, or one and the same for all that have nothing in it: thousands of empty tables are megabytes.
function exports.sharedIfEmpty(list)
    return #list == 0 and EMPTY_LIST or list
end

function exports.isDescribed(alert)
    return alert.place ~= nil and alert.report ~= nil
end

-- The dedup key of a resource, as the predecessors build it: alerts open at the change-over get resolved.
function exports.dedupKeyOf(resource)
    if resource.kind == "connector" then
        return "pagerduty_connector"
    end
    if resource.kind == "storm" then
        return "storm_" .. resource.route
    end
    if resource.id ~= nil then
        return string.format(resource.kind == "poller" and "poller_%d" or "ba_%d", resource.id)
    end
    if resource.kind == "host" then
        return string.format("%d_H", resource.hostId)
    end
    return string.format("%d_%d", resource.hostId, resource.serviceId)
end
-- The label of pdy_routing_key.
exports.DEFAULT_ROUTE = "default"
-- The label of pdy_fallback_routing_key; no label of a team's key can be the same.
exports.FALLBACK_ROUTE = "(fallback)"

-- The facts of which nothing but the state is known.
function exports.factsOfState(state)
    return {
        state = state,
        isAcknowledged = false,
        downtimeDepth = 0,
        isFlapping = false,
        lastCheck = 0,
        staleness = nil
    }
end

-- A record that asks for nothing yet.
function exports.createAlert(resource, facts, severity)
    -- Lua doubles a table's room at the 17th field it is made with: those that are seldom there are not named here.
    return {
        dedupKey = exports.dedupKeyOf(resource),
        route = exports.DEFAULT_ROUTE,
        resource = resource,
        facts = facts,
        isVolatile = false,
        desired = "resolved",
        severity = severity,
        delivered = "none",
        deliveredSeverity = severity,
        isCertain = true,
        triggeredAt = 0,
        wantsRetrigger = false,
        ladderStep = 0
    }
end

-- Whether a check made since the alert was closed still finds the problem, and whoever closed it is not believed for that.
function exports.isClosingRefuted(____bindingPattern0)
    local facts
    local closing
    closing = ____bindingPattern0.closing
    facts = ____bindingPattern0.facts
    return (closing and closing.lastCheck) ~= nil and facts.lastCheck > closing.lastCheck
end

-- True when the problem is over, and whoever works on its incident is to end it. On one that a downtime acknowledged nobody
-- works, and a trigger on it would page nobody: the next problem needs another incident, so it is kept.
function exports.isLeftToPeople(alert, rules)
    local isUnderWay = alert.inFlight ~= nil or alert.isAcknowledgedByHold == true
    local isOver = alert.desired == "resolved" and not isUnderWay
    return isOver and exports.isOpen(alert) and not resolveIsDue(alert, rules)
end

-- True when nothing is left to remember: Centreon and PagerDuty both say that all is well.
function exports.isSettled(alert)
    return alert.desired == "resolved" and not exports.isOpen(alert) and alert.inFlight == nil
end

-- What a person calls the resource: `host/service`, or the name of anything else.
function exports.nameOfPlace(____bindingPattern0)
    local serviceDescription
    local hostName
    hostName = ____bindingPattern0.hostName
    serviceDescription = ____bindingPattern0.serviceDescription
    return serviceDescription == "" and hostName or (hostName .. "/") .. serviceDescription
end

-- The same, or the dedup key when no name is known.
function exports.nameOf(____bindingPattern0)
    local dedupKey
    local place
    place = ____bindingPattern0.place
    dedupKey = ____bindingPattern0.dedupKey
    return place == nil and dedupKey or exports.nameOfPlace(place)
end

-- Why an alert that a storm stands for is held, in words.
function exports.gatheredWords(____bindingPattern0)
    local route
    route = ____bindingPattern0.route
    return exports.dedupKeyOf({kind = "storm", route = route}) .. " stands for it"
end

-- Sets what Centreon calls for. Gives false when it is what it was.
function exports.setDesired(alert, desired, severity)
    if alert.desired == desired and alert.severity == severity then
        return false
    end
    alert.desired = desired
    alert.severity = severity
    if alert.refusedSeverity ~= nil then
        alert.refusedSeverity = nil
    end
    alert.ladderStep = 0
    if desired == "resolved" then
        alert.wantsRetrigger = false
        clear(alert, "carried")
    else
        clear(alert, "isResolveOrdered")
    end
    -- A person's it is then, whoever told PagerDuty first.
    if desired == "acknowledged" then
        clear(alert, "isAcknowledgedByHold")
    end
    return true
end

-- The severity that a trigger says now: PagerDuty's never goes down on an open alert.
function exports.severityToTell(alert)
    local isOpenForSure = exports.isOpen(alert) and alert.isCertain
    return isOpenForSure and exports.isWorse(alert.deliveredSeverity, alert.severity) and alert.deliveredSeverity or alert.severity
end

-- Whether what was told of an open problem is no longer what is.
local function isOutdated(____bindingPattern0, ____bindingPattern1)
    local wantsUpdate
    local report
    local told
    told = ____bindingPattern0.told
    report = ____bindingPattern0.report
    wantsUpdate = ____bindingPattern0.wantsUpdate
    local updatesState
    updatesState = ____bindingPattern1.updatesState
    if wantsUpdate == true then
        return true
    end
    return updatesState and told ~= nil and report ~= nil and told.stateName ~= report.stateName
end

-- PagerDuty pages nobody for a trigger on an acknowledged incident; a new incident does.
local function repagesAcknowledged(alert, ____bindingPattern0)
    local repageOnEscalation
    repageOnEscalation = ____bindingPattern0.repageOnEscalation
    local atAcknowledgement = alert.facts.acknowledgedSeverity or alert.deliveredSeverity
    return alert.wantsRepage == true or repageOnEscalation and exports.isWorse(alert.severity, atAcknowledgement)
end

local function triggerIsDue(alert, rules)
    if not exports.isDescribed(alert) or alert.refusedSeverity == exports.severityToTell(alert) then
        return nil
    end
    local isAcknowledged = alert.delivered == "acknowledged"
    local isOfHold = alert.isAcknowledgedByHold == true and exports.isOpen(alert)
    -- Also where the outcome of that resolve is unknown: a trigger alone might page nobody.
    if isOfHold or isAcknowledged and repagesAcknowledged(alert, rules) then
        return "resolve"
    end
    -- Whoever closed it is believed, but for what is worse than what they closed.
    if alert.delivered == "closed" then
        return exports.isWorse(alert.severity, alert.deliveredSeverity) and "trigger" or nil
    end
    if alert.delivered == "none" or not alert.isCertain or alert.wantsRetrigger then
        return "trigger"
    end
    if isAcknowledged then
        return nil
    end
    return (exports.isWorse(alert.severity, alert.deliveredSeverity) or isOutdated(alert, rules)) and "trigger" or nil
end

-- Each acknowledgement of Centreon's is passed on once, where PagerDuty has, or may have, one that nobody acknowledged.
local function acknowledgeIsDue(alert, ____bindingPattern0)
    local passesOnAcknowledgements
    passesOnAcknowledgements = ____bindingPattern0.passesOnAcknowledgements
    local ____alert_2 = alert
    local delivered = ____alert_2.delivered
    local isCertain = ____alert_2.isCertain
    local wantsAcknowledge = ____alert_2.wantsAcknowledge
    if not passesOnAcknowledgements or not exports.isOpen(alert) or wantsAcknowledge == nil then
        return false
    end
    -- A trigger since may have opened anew what somebody had closed (pdy_retrigger_interval).
    local isTriggeredSince = alert.triggeredAt > (alert.acknowledgedAt or 0)
    return wantsAcknowledge == "again" or delivered == "triggered" or not isCertain or isTriggeredSince
end

-- What the hold calls for, where there is something open to do it to.
local function holdActionIsDue(alert)
    local ____alert_3 = alert
    local delivered = ____alert_3.delivered
    local holdAction = ____alert_3.holdAction
    if holdAction == "acknowledge" and delivered == "triggered" then
        return "acknowledge"
    end
    return holdAction == "resolve" and exports.isOpen(alert) and "resolve" or nil
end

-- The action that brings PagerDuty nearer to what Centreon calls for, or undefined when there is none to take:
-- the table of design.md. Does not look at what is under way.
function exports.nextAction(alert, rules)
    if alert.desired == "resolved" then
        return resolveIsDue(alert, rules) and "resolve" or nil
    end
    if alert.desired == "triggered" then
        return triggerIsDue(alert, rules)
    end
    if alert.desired == "acknowledged" then
        return acknowledgeIsDue(alert, rules) and "acknowledge" or nil
    end
    return holdActionIsDue(alert)
end

-- What `action`, the alert's next one, is for.
function exports.purposeOf(alert, action)
    if action == "trigger" then
        if not exports.isOpen(alert) then
            return "opens"
        end
        return alert.isCertain and not exports.isWorse(alert.severity, alert.deliveredSeverity) and "repeats" or "changes"
    end
    -- A resolve that makes way for a new incident is as urgent as that one.
    if alert.desired == "triggered" then
        return "changes"
    end
    return action == "acknowledge" and alert.delivered == "acknowledged" and "repeats" or "calms"
end

-- Records that `action` goes out.
function exports.recordStarted(alert, action)
    alert.inFlight = action
    if action == "acknowledge" and alert.desired == "held" then
        alert.isAcknowledgedByHold = true
    end
end

-- Drops an acknowledgement that Centreon was to be told of: its problem is over there, or its incident here.
function exports.dropUntold(alert)
    local ____opt_4 = alert.carried
    if (____opt_4 and ____opt_4.step) == "to tell" then
        clear(alert, "carried")
    end
end

-- Records that PagerDuty has nothing open of the alert, for certain; how it was closed where we did not end it.
function exports.recordEnded(alert, closing)
    alert.delivered = closing == nil and "none" or "closed"
    alert.isCertain = true
    clear(alert, "told")
    clear(alert, "wantsRepage")
    clear(alert, "isAcknowledgedByHold")
    clear(alert, "acknowledgedThereAs")
    clear(alert, "incident")
    -- Who acknowledged that incident works on nothing any more.
    exports.dropUntold(alert)
    if alert.closing ~= closing then
        alert.closing = closing
    end
    -- What comes next goes as it was meant to.
    if alert.detour ~= nil then
        if alert.route == exports.FALLBACK_ROUTE then
            alert.route = alert.detour.meantFor
        end
        alert.detour = nil
    end
end

-- Records that PagerDuty accepted `action`, a trigger with `severity`, at `now` (seconds of the connector's clock).
function exports.recordAccepted(alert, action, severity, now)
    if action == "trigger" then
        local wasOpenForSure = exports.isOpen(alert) and alert.isCertain
        -- A trigger on an acknowledged incident leaves it acknowledged.
        if not wasOpenForSure or alert.delivered ~= "acknowledged" then
            alert.delivered = "triggered"
        end
        if not wasOpenForSure or exports.isWorse(severity, alert.deliveredSeverity) then
            alert.deliveredSeverity = severity
        end
        if not wasOpenForSure then
            clear(alert, "incident")
            clear(alert, "closing")
        end
        alert.isCertain = true
        alert.triggeredAt = now
        alert.wantsRetrigger = false
        clear(alert, "wantsUpdate")
    elseif action == "resolve" then
        exports.recordEnded(alert, nil)
    elseif exports.isOpen(alert) then
        -- PagerDuty drops the acknowledge of an alert that it does not have, so a maybe stays a maybe.
        alert.delivered = "acknowledged"
        alert.acknowledgedAt = now
    end
    if action == "acknowledge" then
        clear(alert, "wantsAcknowledge")
    end
    if action == alert.holdAction then
        alert.holdAction = "taken"
    end
    alert.ladderStep = 0
end

-- Records that `action`, a trigger with `severity`, may or may not have been accepted.
function exports.recordUnknownOutcome(alert, action, severity)
    -- Neither an acknowledge nor a trigger ends what is open: it is simply sent again.
    if action == "acknowledge" or action == "trigger" and exports.isOpen(alert) and alert.isCertain then
        return
    end
    -- Where PagerDuty may have had none, the trigger may have opened an incident that nobody acknowledged.
    if action == "trigger" then
        alert.delivered = "triggered"
        alert.deliveredSeverity = severity
        clear(alert, "closing")
    end
    alert.isCertain = not exports.isOpen(alert)
end

-- Records that nothing is to be done about the alert any more, whatever PagerDuty has.
function exports.recordLetGo(alert)
    exports.setDesired(alert, "resolved", alert.severity)
    alert.delivered = "none"
    alert.isCertain = true
end

-- Records that PagerDuty will never take `action`: for a trigger with `severity` that it is pointless to repeat it.
function exports.recordRefused(alert, action, severity, now)
    alert.ladderStep = 0
    if action == "trigger" then
        alert.refusedSeverity = severity
        alert.wantsRetrigger = false
        -- A person may send it from the quarantine: the end of the problem must then close what that opened.
        if not exports.isOpen(alert) or not alert.isCertain then
            exports.recordUnknownOutcome(alert, action, severity)
        end
    else
        exports.recordAccepted(alert, action, severity, now)
    end
end
return exports
 end,

-- -------------------- src/settings/parameters.ts --------------------
["src.settings.parameters"] = function(...)
-- The one table of the output's parameters: name, kind, default, limits and meaning. Settings are checked
-- against it and docs/parameters.md is made from it. Plain data: it also compiles for Node.
-- What a parameter's value must be:
-- - text: anything; secret: text that is never logged; path: the name of a file or folder;
-- - url: an address with its scheme, http or https;
-- - choice: one of `choices`;
-- - number: a whole number between `minimum` and `maximum`; flag: 0 or 1 (also true/false, yes/no, on/off).
local exports = {}
-- The value pdy_centreon_url has in the predecessor when nobody sets it: counts as not set.
exports.PLACEHOLDER_CENTREON_URL = "http://set.pdy_centreon_url.parameter"
-- PagerDuty's Events API v2 for accounts of the service region US.
exports.DEFAULT_SERVER_URL = "https://events.pagerduty.com/v2/enqueue"
-- Largest number the broker can hand over: it exits on one above int32 (measured).
local LARGEST_BROKER_NUMBER = 2147483647
-- PagerDuty's severities.
local SEVERITIES = {"critical", "error", "warning", "info"}
local OPERATORS = {
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "~="
}
-- A parameter whose name begins so holds the routing key of one more team; the rest of the name is its label.
exports.ROUTING_KEY_PREFIX = "pdy_routing_key_"
exports.PARAMETERS = {
    pdy_routing_key = {kind = "secret", fallback = "", meaning = "The integration key of your PagerDuty service or event orchestration: 32 characters. The only parameter you must set, here or in `pdy_keys_file`."},
    pdy_keys_file = {kind = "path", fallback = "", meaning = "File with the integration keys, readable by the broker's user only, so that none stands in Centreon's configuration: a line `label = key` for each, with the label `default` for `pdy_routing_key`, `fallback` for `pdy_fallback_routing_key`, and a team's for `pdy_routing_key_<name>`. It wins over those parameters, and is read at each start. See docs/routing.md."},
    pdy_centreon_url = {kind = "url", fallback = exports.PLACEHOLDER_CENTREON_URL, meaning = "Address of your Centreon, such as `https://centreon.example.com`, for the links in alerts; with its path if that is another one than `/centreon`. Not set: no links."},
    pdy_source = {kind = "text", fallback = "", meaning = "PagerDuty's `source` field of every alert. Not set: the name of the monitored host."},
    client = {kind = "text", fallback = "Centreon Stream Connector", meaning = "Name of the monitoring system that PagerDuty shows with each alert."},
    client_url = {kind = "text", fallback = "", meaning = "Address that PagerDuty shows with `client`. Not set: `pdy_centreon_url`."},
    use_long_output = {kind = "flag", fallback = 1, meaning = "0: leave out what plugins print after the first line."},
    output_size_limit = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 65536,
        unit = "bytes",
        meaning = "Longest output that an alert shows. 0: as long as PagerDuty takes."
    },
    pdy_custom_variables = {kind = "text", fallback = "", meaning = "Custom variables of hosts and services to show in alerts: names without the `_HOST` or `_SERVICE` of their macros, separated by commas. Those marked as passwords are never shown; BBDO 2 does not tell which they are: do not name them there."},
    pdy_summary_format = {kind = "text", fallback = "", meaning = "What the summary of an alert says, with placeholders such as `[{poller}] {resource} is {state}: {output}`. Not set: `{resource}: {state} - {output}`. See docs/payload.md."},
    pdy_details_format = {kind = "text", fallback = "", meaning = "Fields to add to the details of an alert, separated by semicolons, such as `runbook=https://wiki.example.com/{service}; rack={macro:RACK}`."},
    pdy_links = {kind = "text", fallback = "", meaning = "Links to add to an alert, separated by semicolons: text and address, both with placeholders, such as `Runbook=https://wiki.example.com/{service}; Graph=https://grafana.example.com/d/host?var-host={host}`. See docs/payload.md."},
    pdy_images = {kind = "text", fallback = "", meaning = "Images to show in an alert, in the same form: `Load=https://graphs.example.com/{host}.png`. PagerDuty loads them by https only."},
    pdy_rules_file = {kind = "path", fallback = "", meaning = "File with rules, a Lua table of constants: which problems page, how long they must last, how grave they are, which team gets them, what the page says. It may be changed while the broker runs. See docs/rules.md."},
    custom_code_file = {kind = "path", fallback = "", meaning = "Lua file that returns a function, which may change what an alert says, how grave it is and where it goes, or drop it. See docs/routing.md."},
    pdy_region = {kind = "choice", choices = {"us", "eu"}, fallback = "us", meaning = "Where your PagerDuty account lives: `eu` for accounts at eu.pagerduty.com."},
    http_server_url = {kind = "url", fallback = exports.DEFAULT_SERVER_URL, meaning = "Address of PagerDuty's Events API v2. When it is set to another one, it wins over `pdy_region`."},
    http_proxy_string = {kind = "text", fallback = "", meaning = "Proxy to reach PagerDuty through, such as `http://user:password@proxy.example.com:3128`. Not set: none; a proxy that the environment names is not used."},
    proxy_address = {kind = "text", fallback = "", meaning = "Host name of the proxy, where you prefer separate parameters to `http_proxy_string` (which wins)."},
    proxy_port = {
        kind = "number",
        fallback = 3128,
        minimum = 1,
        maximum = 65535,
        meaning = "Port of the proxy at `proxy_address`."
    },
    proxy_protocol = {kind = "choice", choices = {
        "http",
        "https",
        "socks4",
        "socks4a",
        "socks5",
        "socks5h"
    }, fallback = "http", meaning = "How to talk to the proxy at `proxy_address`."},
    proxy_username = {kind = "text", fallback = "", meaning = "User for the proxy at `proxy_address`."},
    proxy_password = {kind = "secret", fallback = "", meaning = "Password for the proxy at `proxy_address`."},
    no_proxy = {kind = "text", fallback = "", meaning = "Host names, separated by commas, that are reached without the proxy."},
    http_timeout = {
        kind = "number",
        fallback = 5,
        minimum = 1,
        maximum = 300,
        unit = "s",
        meaning = "Longest time one request may take in all; after that it is tried again."
    },
    http_connect_timeout = {
        kind = "number",
        fallback = 5,
        minimum = 1,
        maximum = 300,
        unit = "s",
        meaning = "Longest time connecting may take."
    },
    http_ca_file = {kind = "path", fallback = "", meaning = "File of the certificate authorities to trust. Not set: those of the system."},
    http_ca_path = {kind = "path", fallback = "", meaning = "Folder of certificate authorities to trust (hashed names, as `openssl rehash` makes them)."},
    http_client_certificate = {kind = "path", fallback = "", meaning = "File (PEM) of a client certificate to show, for proxies and gateways that ask for one."},
    http_client_key = {kind = "path", fallback = "", meaning = "File (PEM) of the client certificate's private key."},
    http_client_key_password = {kind = "secret", fallback = "", meaning = "Password of `http_client_key`."},
    verify_certificate = {kind = "flag", fallback = 1, meaning = "1: talk only to a server whose certificate is good. 0: to any, which lets anybody in between read the key."},
    allow_insecure_connection = {kind = "flag", fallback = 0, meaning = "1: the same as `verify_certificate` 0."},
    max_parallel_requests = {
        kind = "number",
        fallback = 8,
        minimum = 1,
        maximum = 64,
        meaning = "How many requests may be under way at once, over as many kept-alive connections."
    },
    max_events_per_minute = {
        kind = "number",
        fallback = 110,
        minimum = 0,
        maximum = 100000,
        meaning = "How many events may be sent in any 60 seconds by each key. PagerDuty accepts about 120. A tenth is kept for critical problems that are not open yet. 0: no limit."
    },
    max_buffer_size = {
        kind = "number",
        fallback = 1,
        minimum = 1,
        maximum = 100000,
        unit = "alerts",
        meaning = "How many alerts to collect before sending. With 1 each is sent at once."
    },
    max_buffer_age = {
        kind = "number",
        fallback = 5,
        minimum = 0,
        maximum = 3600,
        unit = "s",
        meaning = "How long an alert may wait for `max_buffer_size` to be reached."
    },
    severity_host_down = {kind = "choice", choices = SEVERITIES, fallback = "critical", meaning = "PagerDuty's severity of a host that is DOWN."},
    severity_host_unreachable = {kind = "choice", choices = SEVERITIES, fallback = "error", meaning = "… of a host that is UNREACHABLE."},
    severity_service_warning = {kind = "choice", choices = SEVERITIES, fallback = "warning", meaning = "… of a service in WARNING."},
    severity_service_critical = {kind = "choice", choices = SEVERITIES, fallback = "critical", meaning = "… of a service in CRITICAL."},
    severity_service_unknown = {kind = "choice", choices = SEVERITIES, fallback = "error", meaning = "… of a service in UNKNOWN."},
    severity_ba_warning = {kind = "choice", choices = SEVERITIES, fallback = "warning", meaning = "… of a business activity in WARNING."},
    severity_ba_critical = {kind = "choice", choices = SEVERITIES, fallback = "critical", meaning = "… of a business activity in CRITICAL."},
    severity_ba_unknown = {kind = "choice", choices = SEVERITIES, fallback = "error", meaning = "… of a business activity in UNKNOWN."},
    severity_poller_silent = {kind = "choice", choices = {
        "critical",
        "error",
        "warning",
        "info",
        "none"
    }, fallback = "critical", meaning = "… of a poller that has fallen silent. `none`: it alerts nobody."},
    severity_by_criticality = {kind = "text", fallback = "", meaning = "Steps by which Centreon's criticality levels raise or lower the severity, such as `1:+1, 4:-1, 5:-2`."},
    pdy_routes = {kind = "text", fallback = "", meaning = "Which team an alert goes to: rules such as `hostgroup ^Databases$ and service ^MySQL -> dba; criticality 1 -> major`, separated by semicolons; the first that fits decides. Each name needs a parameter `pdy_routing_key_<name>`. See docs/routing.md."},
    pdy_dedup_prefix = {kind = "text", fallback = "", meaning = "Put before each dedup key, so that several Centreon platforms can share a PagerDuty service. Changing it leaves the alerts that are open under the old keys to be closed by hand."},
    acknowledged = {kind = "flag", fallback = 0, meaning = "1: a problem that is acknowledged alerts all the same, and the acknowledgement is not sent on."},
    in_downtime = {kind = "flag", fallback = 0, meaning = "1: problems alert in a downtime, too."},
    pdy_downtime_action = {kind = "choice", choices = {"none", "acknowledge", "resolve"}, fallback = "none", meaning = "What a downtime, its own or its host's, does to an incident that is open when it begins. `none`: the incident stays as it is. If the problem is still there when the downtime ends, an incident that was acknowledged or resolved for it is opened anew, and pages. See docs/how-it-decides.md."},
    flapping = {kind = "flag", fallback = 0, meaning = "1: problems alert while they flap, too."},
    suppress_services_of_down_hosts = {kind = "flag", fallback = 1, meaning = "1: while a host is not UP its services open no alerts; after its return each waits until a new check confirms its problem."},
    suppress_hosts_behind_down_parents = {kind = "flag", fallback = 1, meaning = "1: a host that is UNREACHABLE opens no alert while the alert of a parent host says it all."},
    pdy_retrigger_interval = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 604800,
        unit = "s",
        meaning = "Send the trigger of a problem that is still open again each time so many seconds have passed, so that an incident closed by hand comes back. 0: never."
    },
    pdy_resolve = {kind = "flag", fallback = 1, meaning = "0: the end of a problem does not resolve its incident: a person does that in PagerDuty. The next problem is triggered again, and pages if the incident was closed by then. See docs/how-it-decides.md."},
    pdy_acknowledge = {kind = "flag", fallback = 1, meaning = "0: PagerDuty is not told of acknowledgements in Centreon: its incident stays triggered until somebody acknowledges it there. An acknowledged problem that has not paged yet still does not (`acknowledged` 1: it does)."},
    pdy_repage_on_escalation = {kind = "flag", fallback = 0, meaning = "1: an acknowledgement counts up to the severity at which it was given: when the problem gets worse, its incident is resolved and a new one opened, which pages again. 0: PagerDuty pages nobody for it."},
    pdy_repage_on_unacknowledge = {kind = "flag", fallback = 0, meaning = "1: when an acknowledgement is taken back in Centreon while the problem lasts, resolve its incident and open a new one, which pages again. 0: PagerDuty's stays acknowledged."},
    pdy_reacknowledge_interval = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 604800,
        unit = "s",
        meaning = "Acknowledge an incident again each time so many seconds have passed, for as long as the problem is acknowledged in Centreon: PagerDuty ends an acknowledgement after 30 minutes unless its service says otherwise. 0: once for each acknowledgement."
    },
    pdy_updates = {kind = "choice", choices = {"none", "state", "output"}, fallback = "state", meaning = "When an open alert is told anew, without a page: `state`: when its state changes, also for the better; `output`: also when the first line of the output changes in more than its numbers, at most every five minutes; `none`: never. The severity never goes down."},
    pdy_host_grace = {
        kind = "number",
        fallback = 5,
        minimum = 0,
        maximum = 300,
        unit = "s",
        meaning = "A problem that is HARD at its first attempt waits so long for the check of its host, or of the hosts above, which may be what is really wrong. 0: it does not wait."
    },
    pdy_storm_limit = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 10000,
        meaning = "When more problems than this would open alerts on one route within a minute, one alert stands for those that follow, until fewer than so many came for five minutes. 0: each problem has its own alert, always."
    },
    pdy_change_events = {kind = "text", fallback = "0", meaning = "What PagerDuty is told of as change events, which page nobody: some of `acknowledgements`, `downtimes`, `pollers` (that start or stop), `deployments`, `flapping`, `comments`, separated by commas. 1: the first four. 0: nothing. See docs/payload.md."},
    pdy_api_key = {kind = "secret", fallback = "", meaning = "A key of PagerDuty's REST API, a read-only one is enough: with it the connector asks what people did with its alerts. It may stand in `pdy_keys_file` instead, as `pdy_api_key = key`. Not set: nothing is asked. See docs/feedback.md."},
    pdy_api_url = {kind = "url", fallback = "", meaning = "Address of PagerDuty's REST API v2. Not set: `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com` where events go to the service region EU."},
    pdy_sync_interval = {
        kind = "number",
        fallback = 60,
        minimum = 1,
        maximum = 86400,
        unit = "s",
        meaning = "How often PagerDuty is asked what people did, where `pdy_api_key` is set."
    },
    pdy_service_ids = {kind = "text", fallback = "", meaning = "Ids of the PagerDuty services whose incidents are looked at, such as `PIJ90N7`, separated by commas: for keys of event orchestrations. Those that integration keys lead to are found by themselves. Not set, and a key is an orchestration's: all that `pdy_api_key` may see."},
    pdy_reopen = {kind = "choice", choices = {"always", "timeout", "never"}, fallback = "always", meaning = "When a problem that lasts is opened anew after its incident was closed in PagerDuty: `always`: at once where PagerDuty's own timeout closed it, with the next check that still finds the problem where a person did; `timeout`: only after a timeout; `never`: only when it gets worse. Needs `pdy_api_key`."},
    pdy_resolve_orphans = {kind = "flag", fallback = 0, meaning = "1: resolve what is open in PagerDuty with a key of ours while nothing is known of it here and it is proved that nothing calls for it (a check finds all well, its engine does not name it any more, …). 0: only tell of it. Needs `pdy_api_key`. See docs/feedback.md."},
    centreon_api_url = {kind = "url", fallback = "", meaning = "Address of Centreon with its path, such as `https://centreon.example.com/centreon`: where its API is told who acknowledges in PagerDuty. Not set: it is not told. Needs `pdy_api_key`, and `centreon_api_token` or `centreon_api_user`. See docs/feedback.md."},
    centreon_api_token = {kind = "secret", fallback = "", meaning = "A token of Centreon's API, of a user who may acknowledge hosts and services. It may stand in `pdy_keys_file` instead, as `centreon_api_token = token`."},
    centreon_api_user = {kind = "text", fallback = "", meaning = "Where there is no `centreon_api_token`: the login of a user of Centreon who may acknowledge hosts and services. Needs `centreon_api_password`."},
    centreon_api_password = {kind = "secret", fallback = "", meaning = "The password of `centreon_api_user`. It may stand in `pdy_keys_file` instead, as `centreon_api_password = password`."},
    state_path = {kind = "path", fallback = "/var/lib/centreon-broker/pagerduty.state", meaning = "The journal: what PagerDuty has been told, kept over restarts and crashes. One file for each output."},
    quarantine_path = {kind = "path", fallback = "/var/lib/centreon-broker/pagerduty.quarantine", meaning = "File that keeps the events PagerDuty refused, one JSON line each, with the reason. It takes 10 MB."},
    status_path = {kind = "path", fallback = "/var/lib/centreon-broker/pagerduty.status", meaning = "File that tells how the connector fares, as one JSON object, written every 10 seconds. Empty: none. See docs/delivery.md."},
    self_alert_after = {
        kind = "number",
        fallback = 300,
        minimum = 0,
        maximum = 86400,
        unit = "s",
        meaning = "When nothing has got through to PagerDuty for so long, an ERROR line says so every 5 minutes, and the connector raises an alert of its own by `pdy_fallback_routing_key`; new alerts of a key that is refused go by it, too. 0: never."
    },
    pdy_fallback_routing_key = {kind = "secret", fallback = "", meaning = "An integration key of another PagerDuty service, for the connector's alert about itself, and for the alerts of a key that PagerDuty refuses. Not set: no such alert, and those of a refused key wait."},
    heartbeat_url = {kind = "url", isSecret = true, fallback = "", meaning = "Address to fetch each minute while all is well: a dead man's switch, which pages when that stops. All is well while events are accepted or none waits, and the journal can be written. Of the address only the host is ever logged. Not set: none. See docs/delivery.md."},
    record_path = {kind = "path", fallback = "", meaning = "File to record the events received in, one JSON line each, for `centreon-pagerduty explain` and for bug reports. Names and outputs are in it, keys and passwords are not. Empty: none."},
    record_size_limit = {
        kind = "number",
        fallback = 10,
        minimum = 1,
        maximum = 1000,
        unit = "MB",
        meaning = "When the recording is that large, it ends."
    },
    hard_only = {kind = "flag", fallback = 1, meaning = "1: only HARD states count. 0: SOFT states alert too."},
    host_status = {kind = "text", fallback = "0,1,2", meaning = "The states of hosts that alert: 1 DOWN, 2 UNREACHABLE. Recoveries always count."},
    service_status = {kind = "text", fallback = "0,1,2,3", meaning = "The states of services that alert: 1 WARNING, 2 CRITICAL, 3 UNKNOWN."},
    ba_status = {kind = "text", fallback = "0,1,2,3", meaning = "The states of business activities that alert, as for services."},
    accepted_elements = {kind = "text", fallback = "host_status,service_status,ba_status", meaning = "The kinds of problems that alert."},
    accepted_hostgroups = {kind = "text", fallback = "", meaning = "Only problems in one of these host groups alert. Names, separated by commas. Empty: all."},
    rejected_hostgroups = {kind = "text", fallback = "", meaning = "Problems in one of these host groups do not alert."},
    accepted_servicegroups = {kind = "text", fallback = "", meaning = "Only problems in one of these service groups (services only) alert. Names, separated by commas. Empty: all."},
    rejected_servicegroups = {kind = "text", fallback = "", meaning = "Problems in one of these service groups (services only) do not alert."},
    accepted_bvs = {kind = "text", fallback = "", meaning = "Only problems in one of these business views (business activities only) alert. Names, separated by commas. Empty: all."},
    rejected_bvs = {kind = "text", fallback = "", meaning = "Problems in one of these business views (business activities only) do not alert."},
    accepted_pollers = {kind = "text", fallback = "", meaning = "Only problems in one of these pollers alert. Names, separated by commas. Empty: all."},
    rejected_pollers = {kind = "text", fallback = "", meaning = "Problems in one of these pollers do not alert."},
    accepted_hosts = {kind = "text", fallback = "", meaning = "Only hosts, and services of hosts, whose name fits this Lua pattern alert."},
    accepted_hosts_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `accepted_hosts` holds several patterns."},
    accepted_hosts_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    rejected_hosts = {kind = "text", fallback = "", meaning = "Hosts, and services of hosts, whose name fits this Lua pattern do not alert."},
    rejected_hosts_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `rejected_hosts` holds several patterns."},
    rejected_hosts_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    accepted_services = {kind = "text", fallback = "", meaning = "Only services whose name fits this Lua pattern alert."},
    accepted_services_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `accepted_services` holds several patterns."},
    accepted_services_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    rejected_services = {kind = "text", fallback = "", meaning = "Services whose name fits this Lua pattern do not alert."},
    rejected_services_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `rejected_services` holds several patterns."},
    rejected_services_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    accepted_authors = {kind = "text", fallback = "", meaning = "Only acknowledgements by one of these people count. Names, separated by commas. Empty: all. A problem acknowledged by anybody else alerts as if it were not."},
    rejected_authors = {kind = "text", fallback = "", meaning = "Acknowledgements by one of these people do not count."},
    respect_notification_settings = {kind = "flag", fallback = 0, meaning = "1: a problem of which Centreon itself notifies nobody (notifications disabled, or not of this state) does not alert, and one that it notifies of after a delay alerts if it lasts so long. Time periods are not looked at."},
    host_severity_threshold = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 100,
        meaning = "Only hosts whose criticality level compares with this number alert, as `threshold operator level`; those without a level do not. 0: all."
    },
    host_severity_operator = {kind = "choice", choices = OPERATORS, fallback = ">=", meaning = "The comparison: with `>=` levels up to the threshold pass (level 1 is the gravest)."},
    service_severity_threshold = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 100,
        meaning = "The same for services."
    },
    service_severity_operator = {kind = "choice", choices = OPERATORS, fallback = ">=", meaning = "The same for services."},
    skip_anon_events = {kind = "flag", fallback = 0, meaning = "1: drop problems of hosts whose name the broker does not know (yet). 0: send them with their id as name, so that no page is lost."},
    log_level = {
        kind = "number",
        fallback = 2,
        minimum = 0,
        maximum = 3,
        meaning = "0: errors. 1: also warnings. 2: also what was sent and accepted. 3: also why an event was not sent."
    },
    log_path = {kind = "path", fallback = "/var/log/centreon-broker/stream-connector-pagerduty.log", meaning = "The log file. Empty: the broker's own log."},
    send_data_test = {kind = "flag", fallback = 0, meaning = "1: **nothing is sent**; what would be sent is written to the log at level 2, without the key, and taken for accepted. The journal is neither read nor written, nor is the status file."},
    filter_type = {kind = "text", fallback = "", meaning = "Accepted and ignored, as in the predecessor; the output's own category filter decides."}
}
-- Largest value a number parameter without a maximum of its own may have.
exports.LARGEST_NUMBER = LARGEST_BROKER_NUMBER
-- Names the predecessors have for parameters of ours; the library's documentation and code spell some differently.
exports.ALIASES = {
    connection_timeout = "http_connect_timeout",
    logfile = "log_path",
    accepted_hosts_enable_split = "accepted_hosts_enable_split_pattern",
    accepted_hosts_split_characters = "accepted_hosts_split_character",
    accepted_services_enable_split = "accepted_services_enable_split_pattern",
    accepted_services_split_characters = "accepted_services_split_character"
}
local ONLY_FOR_METRICS = "it is for connectors that send metrics; alerts show all that the plugin prints"
local BY_STATUS = "an acknowledgement or downtime counts for the problem it belongs to, in whatever state"
local KEPT_IN_THE_JOURNAL = "what must be kept is in the journal, see state_path; it needs no SQLite"
-- Parameters of the predecessors that are accepted and do nothing, and why.
exports.OBSOLETE = {
    accepted_categories = "the output's own category filter decides",
    accepted_metrics = ONLY_FOR_METRICS,
    ack_host_status = BY_STATUS,
    ack_service_status = BY_STATUS,
    dt_host_status = BY_STATUS,
    dt_service_status = BY_STATUS,
    delta_host_status_change_allow = "what has not changed is never sent again, whatever the times of its checks",
    enable_bam_host = "a business activity alerts by itself, never through its virtual host",
    enable_host_status_dedup = "what has not changed is never sent again",
    enable_service_status_dedup = "what has not changed is never sent again",
    format_file = "see pdy_summary_format, pdy_details_format and custom_code_file for what an alert says",
    local_time_diff_from_utc = "times are sent in UTC, and the host's own time zone beside them",
    log_curl_commands = "it would write the routing key to the log",
    max_all_queues_age = "alerts go out at once; max_buffer_age is for those who want to collect them",
    metric_name_regex = ONLY_FOR_METRICS,
    metric_replacement_character = ONLY_FOR_METRICS,
    output_line_break_replacement_character = "a summary is always one line, and the details keep their lines",
    remove_line_break_in_output = "a summary is always one line, and the details keep their lines",
    ["sc_storage.sqlite.db_file"] = KEPT_IN_THE_JOURNAL,
    send_mixed_events = "each event is a request of its own",
    skip_nil_id = "an event without ids is never sent",
    storage_backend = KEPT_IN_THE_JOURNAL,
    timestamp_conversion_format = "times have the form that PagerDuty asks for"
}
-- Parameters of the predecessors that do not do what they did there: with this value they are worth a warning.
exports.CHANGED = {skip_anon_events = {value = true, text = "it drops problems of hosts whose name the broker does not know, as Centreon's connector for the Events API v2 does; Centreon's first one sent them with their ids. Set it to 0 for that: no page is lost then"}, allow_insecure_connection = {value = false, text = "it does not switch the verification of certificates off, as it did with Centreon's connector for the Events API v2. If connections fail now, see http_ca_file; remove the parameter to be rid of this line"}}
return exports
 end,

-- -------------------- src/settings/complaint.ts --------------------
["src.settings.complaint"] = function(...)
-- What is said of a parameter that cannot be used as it was given.
-- Something about the parameters that the administrator must hear of.
local exports = {}
return exports
 end,

-- -------------------- src/text/files.ts --------------------
["src.text.files"] = function(...)
-- The port to files, for what keeps texts in them; reading a whole one, and replacing one whole.
-- Reads and changes files; Lua's own io and os, or a test's.
local exports = {}

function exports.readFile(path)
    local file, problem = io.open(path, "rb")
    if file == nil then
        return nil, problem or path
    end
    local text = file:read("*a")
    file:close()
    -- A folder opens, and cannot be read.
    if text == nil then
        return nil, path .. " is not a file"
    end
    return text, nil
end

-- Writes `text` to `file`, and closes it. Gives what went wrong.
function exports.writeAndClose(file, text)
    local isWritten = file:write(text)
    -- A full disk shows only here: close gives nil then, though it is typed as a boolean.
    local isClosed = file:close()
    local ____temp_0
    if isWritten ~= nil and isClosed == true then
        ____temp_0 = nil
    else
        ____temp_0 = "the system refused to write (is the disk full?)"
    end
    return ____temp_0
end

-- Puts `text` in the place of the file at `path`, under the name `fresh` first: a reader never sees half of it. Gives what
-- went wrong.
function exports.replaceFile(files, path, fresh, text)
    local file, openProblem = files.open(fresh, "wb")
    if file == nil then
        return openProblem or "unknown reason"
    end
    local problem = exports.writeAndClose(file, text)
    if problem ~= nil then
        return problem
    end
    local isMoved, moveProblem = files.rename(fresh, path)
    local ____temp_1
    if isMoved == true then
        ____temp_1 = nil
    else
        ____temp_1 = moveProblem or "unknown reason"
    end
    return ____temp_1
end
return exports
 end,

-- -------------------- src/settings/nearest_name.ts --------------------
["src.settings.nearest_name"] = function(...)
-- Finds the name somebody probably meant.
-- Most letters that may differ for a name to count as meant, fewer than it has: more is no longer a slip of the finger.
local exports = {}
local LARGEST_DISTANCE = 3

-- The Levenshtein distance of two names.
local function editDistance(left, right)
    local previous = {}
    for column = 0, #right do
        previous[#previous + 1] = column
    end
    for row = 1, #left do
        local current = {row}
        for column = 1, #right do
            local isSame = string.byte(left, row) == string.byte(right, column)
            local substituted = previous[column] + (isSame and 0 or 1)
            current[#current + 1] = math.min(substituted, previous[column + 1] + 1, current[column] + 1)
        end
        previous = current
    end
    return previous[#right + 1]
end

-- The one of `known` that differs from `name` in the fewest letters, or undefined when none is near.
function exports.nearestName(name, known)
    local nearest
    local smallest = math.min(LARGEST_DISTANCE + 1, #name)
    for ____, candidate in ipairs(known) do
        local distance = editDistance(
            string.lower(name),
            candidate
        )
        if distance < smallest then
            smallest = distance
            nearest = candidate
        end
    end
    return nearest
end
return exports
 end,

-- -------------------- src/settings/routing_keys.ts --------------------
["src.settings.routing_keys"] = function(...)
-- The routing keys: whose they are, by the label in their parameter's name or in the file of keys, and what can be one.
-- Knows no rule by which one is chosen.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local ____parameters = require("src.settings.parameters")
local ROUTING_KEY_PREFIX = ____parameters.ROUTING_KEY_PREFIX
-- An integration key: 32 letters and digits (PagerDuty's Events API v2, `routing_key`).
exports.ROUTING_KEY_LENGTH = 32
-- The labels that stand in the file for pdy_routing_key and pdy_fallback_routing_key.
exports.FILED_DEFAULT = "default"
exports.FILED_FALLBACK = "fallback"
-- The lines of the file that are no routing key's: they have the names of their parameters.
exports.FILED_API_KEY = "pdy_api_key"
exports.FILED_CENTREON_TOKEN = "centreon_api_token"
exports.FILED_CENTREON_PASSWORD = "centreon_api_password"

local function isOfApi(label)
    return label == exports.FILED_API_KEY or label == exports.FILED_CENTREON_TOKEN or label == exports.FILED_CENTREON_PASSWORD
end
-- A longer label is not shown: it may be a key that stands on the wrong side.
local LONGEST_SHOWN_LABEL = 24

-- Whether `key` can be a routing key.
function exports.isRoutingKey(key)
    return #key == exports.ROUTING_KEY_LENGTH and (string.match(key, "^%w+$")) ~= nil
end

-- Whether `key` can be one of a REST API: it goes into a header, and has no fixed form.
function exports.isApiKey(key)
    return (string.match(key, "^[!-~]+$")) ~= nil
end

-- The parameter that holds the key of this label.
function exports.keyParameter(label)
    if label == DEFAULT_ROUTE then
        return "pdy_routing_key"
    end
    return label == FALLBACK_ROUTE and "pdy_fallback_routing_key" or ROUTING_KEY_PREFIX .. label
end

-- What stands before a parameter's value, and what is expected of it.
local function complaintOf(parameter, key, consequence)
    return {
        isError = true,
        text = (((((parameter .. " has ") .. tostring(#key)) .. " characters: expected the ") .. tostring(exports.ROUTING_KEY_LENGTH)) .. " letters and digits of an Integration Key; ") .. consequence
    }
end

-- The routing keys: of the teams, by the label in their parameter's name; the default one, and the fallback. `filed` are
-- those of the file of keys.
function exports.routingKeysOf(defaultKey, fallback, parameters, filed, complaints)
    local keys = {[DEFAULT_ROUTE] = defaultKey}
    local labels = {}
    for name in pairs(parameters) do
        local label = string.match(name, ("^" .. ROUTING_KEY_PREFIX) .. "([%w_]+)$")
        -- In the file that label is the fallback key's; a parameter may call a team so.
        local isFiled = label ~= nil and label ~= exports.FILED_FALLBACK and filed[label] ~= nil
        if label == DEFAULT_ROUTE then
            complaints[#complaints + 1] = {isError = false, text = ("parameter " .. name) .. " is ignored: the default key is the one in pdy_routing_key"}
        elseif label ~= nil and not isFiled then
            labels[#labels + 1] = label
        end
    end
    table.sort(labels)
    for ____, label in ipairs(labels) do
        local key = string.match(
            tostring(parameters[ROUTING_KEY_PREFIX .. label]),
            "^%s*(.-)%s*$"
        )
        local bare = string.gsub(key or "", "^raw::", "")
        if exports.isRoutingKey(bare) then
            keys[label] = bare
        else
            complaints[#complaints + 1] = complaintOf(("parameter " .. ROUTING_KEY_PREFIX) .. label, bare, "what it is for goes to pdy_routing_key")
        end
    end
    for label, key in pairs(filed) do
        if label ~= exports.FILED_DEFAULT and label ~= exports.FILED_FALLBACK and not isOfApi(label) then
            keys[label] = key
        end
    end
    if exports.isRoutingKey(fallback) then
        keys[FALLBACK_ROUTE] = fallback
    elseif fallback ~= "" then
        complaints[#complaints + 1] = complaintOf("parameter pdy_fallback_routing_key", fallback, "the connector raises no alert about itself, and no alert of a key that is refused goes by it")
    end
    return keys
end

-- What is wrong with a line of the file, without a word of the key; a label and its key where nothing is.
local function readLine(line)
    local label, key = string.match(line, "^([^=]-)%s*=%s*(.*)$")
    if label == nil or key == nil then
        return "it has no \"=\": expected label = key"
    end
    if (string.match(label, "^[%w_]+$")) == nil then
        return "its label has other characters than letters, digits and _"
    end
    if label == exports.FILED_CENTREON_PASSWORD then
        return key == "" and "its password is empty" or ({label = label, key = key})
    end
    if isOfApi(label) then
        return exports.isApiKey(key) and ({label = label, key = key}) or "its key has spaces or other characters that no key has"
    end
    if (string.find(label, "pdy_", 1, true)) == 1 then
        return "its label is the name of a parameter: write default, fallback, pdy_api_key, centreon_api_token, centreon_api_password, or the name of a team"
    end
    local where = #label > LONGEST_SHOWN_LABEL and "" or (" (" .. label) .. ")"
    if exports.isRoutingKey(key) then
        return {label = label, key = key}
    end
    local state = #key == exports.ROUTING_KEY_LENGTH and "has other characters than letters and digits" or ("has " .. tostring(#key)) .. " characters"
    return ((((("its key" .. where) .. " ") .. state) .. ": expected the ") .. tostring(exports.ROUTING_KEY_LENGTH)) .. " letters and digits of an Integration Key"
end

-- The keys in the text of the file at `path`, by their labels. A line that cannot be used is a complaint, and left out.
function exports.readKeysFile(path, text, complaints)
    local keys = {}

    local function complain(line, problem)
        complaints[#complaints + 1] = {
            isError = true,
            text = string.format("pdy_keys_file %s, line %d: %s; the line is left out", path, line, problem)
        }
    end
    -- Some editors begin a file with a byte order mark.
    local bare = string.gsub(
        text,
        "^" .. string.char(239, 187, 191),
        ""
    )
    local number = 0
    for line in string.gmatch(bare .. "\n", "([^\n]*)\n") do
        number = number + 1
        -- A password may have a "#" in it.
        local isPassword = (string.match(line or "", ("^%s*" .. exports.FILED_CENTREON_PASSWORD) .. "%s*=")) ~= nil
        local uncommented = isPassword and (line or "") or (string.gsub(line or "", "#.*", ""))
        local content = string.match(uncommented, "^%s*(.-)%s*$")
        if content ~= nil and content ~= "" then
            local read = readLine(content)
            if type(read) == "string" then
                complain(number, read)
            elseif keys[read.label] ~= nil then
                complain(number, ("there is a line for " .. read.label) .. " already")
            else
                keys[read.label] = read.key
            end
        end
    end
    return keys
end
return exports
 end,

-- -------------------- src/settings/settings.ts --------------------
["src.settings.settings"] = function(...)
-- Turns what the broker hands to init into checked settings and complaints. Decides nothing else.
local exports = {}
local ____parameters = require("src.settings.parameters")
local ALIASES = ____parameters.ALIASES
local CHANGED = ____parameters.CHANGED
local OBSOLETE = ____parameters.OBSOLETE
local LARGEST_NUMBER = ____parameters.LARGEST_NUMBER
local PARAMETERS = ____parameters.PARAMETERS
local PLACEHOLDER_CENTREON_URL = ____parameters.PLACEHOLDER_CENTREON_URL
local ROUTING_KEY_PREFIX = ____parameters.ROUTING_KEY_PREFIX
local ____nearest_name = require("src.settings.nearest_name")
local nearestName = ____nearest_name.nearestName
local ____routing_keys = require("src.settings.routing_keys")
local FILED_API_KEY = ____routing_keys.FILED_API_KEY
local FILED_CENTREON_PASSWORD = ____routing_keys.FILED_CENTREON_PASSWORD
local FILED_CENTREON_TOKEN = ____routing_keys.FILED_CENTREON_TOKEN
local FILED_DEFAULT = ____routing_keys.FILED_DEFAULT
local FILED_FALLBACK = ____routing_keys.FILED_FALLBACK
local ROUTING_KEY_LENGTH = ____routing_keys.ROUTING_KEY_LENGTH
local isApiKey = ____routing_keys.isApiKey
local isRoutingKey = ____routing_keys.isRoutingKey
local readKeysFile = ____routing_keys.readKeysFile
local routingKeysOf = ____routing_keys.routingKeysOf
-- What a flag may be.
exports.FLAG_WORDS = {
    ["0"] = false,
    ["1"] = true,
    ["false"] = false,
    ["true"] = true,
    no = false,
    yes = true,
    off = false,
    on = true
}

local function trimmed(text)
    local inner = string.match(text, "^%s*(.-)%s*$")
    return inner or text
end

-- The definition of a parameter, with its optional limits.
local function definitionOf(name)
    return PARAMETERS[name]
end

-- "a whole number from 1 to 300 (s)".
local function expectedNumber(definition)
    local unit = definition.unit == nil and "" or (" (" .. definition.unit) .. ")"
    return string.format("a whole number from %d to %d%s", definition.minimum or 0, definition.maximum or LARGEST_NUMBER, unit)
end

local function readNumber(text, definition)
    local value = tonumber(text)
    if value == nil or math.floor(value) ~= value then
        return nil
    end
    return value >= (definition.minimum or 0) and value <= (definition.maximum or LARGEST_NUMBER) and value or nil
end

-- An address, its scheme in small letters; undefined when it is none. Without its scheme libcurl would take it for http,
-- and send the routing key in the clear.
local function readAddress(text)
    local scheme, rest = string.match(text, "^([Hh][Tt][Tt][Pp][Ss]?)(://[^%s/].*)$")
    local ____temp_0
    if scheme == nil or rest == nil then
        ____temp_0 = nil
    else
        ____temp_0 = string.lower(scheme) .. rest
    end
    return ____temp_0
end

-- The value of a number, flag, choice or address, or undefined when `text` is none of what it may be.
local function readLimited(text, definition)
    if definition.kind == "number" then
        return readNumber(text, definition)
    end
    if definition.kind == "url" then
        return readAddress(text)
    end
    local word = string.lower(text)
    if definition.kind == "flag" then
        return exports.FLAG_WORDS[word]
    end
    for ____, choice in ipairs(definition.choices or ({})) do
        if choice == word then
            return choice
        end
    end
    return nil
end

-- What a value may be, in words.
local function expectation(definition)
    if definition.kind == "number" then
        return expectedNumber(definition)
    end
    if definition.kind == "flag" then
        return "0 or 1"
    end
    if definition.kind == "url" then
        return "an address that begins with https:// (or http://)"
    end
    return "one of " .. table.concat(definition.choices or ({}), ", ")
end

-- What is shown of a value in a complaint: of an address not the user and password before the "@".
local function shown(text)
    local harmless = string.gsub(text, "^.*@", "***@")
    return ("\"" .. harmless) .. "\""
end

-- A parameter's text, trimmed. Centreon 25.10 writes passwords with "raw::" in front, and some brokers hand that on.
local function textOf(value)
    local text = string.gsub(
        trimmed(tostring(value)),
        "^raw::",
        ""
    )
    return text
end

-- The value for one parameter: what was given, or the default with a complaint when that cannot be used.
local function readParameter(name, given, complaints)
    local definition = definitionOf(name)
    local kind = definition.kind
    local fallback = definition.fallback
    local ____temp_1
    if kind == "flag" then
        ____temp_1 = fallback == 1
    else
        ____temp_1 = fallback
    end
    local usable = ____temp_1
    if given == nil then
        return usable
    end
    local text = textOf(given)
    if kind == "text" or kind == "secret" or kind == "path" then
        return text
    end
    if text == "" then
        return usable
    end
    local value = readLimited(text, definition)
    if value ~= nil then
        return value
    end
    local words = definition.isSecret == true and "not what it must be" or shown(text)
    local instead = fallback == "" and "it counts as not set" or tostring(fallback) .. " is used instead"
    complaints[#complaints + 1] = {
        isError = true,
        text = (((((("parameter " .. name) .. " is ") .. words) .. ": expected ") .. expectation(definition)) .. "; ") .. instead
    }
    return usable
end

-- The names of the parameter table, sorted: complaints come in the same order on every run.
local function knownNames()
    local names = {}
    for name in pairs(PARAMETERS) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

-- The parameters by our names. One given under both names has the value of ours.
local function withoutAliases(parameters)
    local given = {}
    for name, value in pairs(parameters) do
        local ours = ALIASES[name]
        if ours == nil then
            given[name] = value
        elseif parameters[ours] == nil then
            given[ours] = value
        end
    end
    return given
end

local function complainOfUnknownNames(parameters, known, complaints)
    local unknown = {}
    local obsolete = {}
    for name in pairs(parameters) do
        local isRoutingKeyOfTeam = (string.match(name, ("^" .. ROUTING_KEY_PREFIX) .. "[%w_]+$")) ~= nil
        if OBSOLETE[name] ~= nil then
            obsolete[#obsolete + 1] = name
        elseif not (PARAMETERS[name] ~= nil) and ALIASES[name] == nil and not isRoutingKeyOfTeam then
            unknown[#unknown + 1] = name
        end
    end
    table.sort(obsolete)
    for ____, name in ipairs(obsolete) do
        complaints[#complaints + 1] = {
            isError = false,
            text = (("parameter " .. name) .. " does nothing here: ") .. tostring(OBSOLETE[name])
        }
    end
    table.sort(unknown)
    for ____, name in ipairs(unknown) do
        local near = nearestName(name, known)
        local hint = near == nil and "see docs/parameters.md for the known ones" or ("did you mean " .. near) .. "?"
        complaints[#complaints + 1] = {isError = false, text = (("parameter " .. name) .. " is unknown and ignored: ") .. hint}
    end
end

-- Says of each value with which a predecessor did something else what it does here.
local function complainOfChanges(given, names, complaints)
    for ____, name in ipairs(names) do
        local change = CHANGED[name]
        local value = given[name]
        if change ~= nil and value ~= nil then
            local text = textOf(value)
            if readLimited(
                text,
                definitionOf(name)
            ) == change.value then
                complaints[#complaints + 1] = {
                    isError = false,
                    text = (((("parameter " .. name) .. " is ") .. shown(text)) .. ": ") .. change.text
                }
            end
        end
    end
end
-- What is written to one file under two names destroys itself. The most precious first.
local WRITTEN = {
    "state_path",
    "quarantine_path",
    "record_path",
    "log_path",
    "status_path"
}

local function keepFilesApart(settings, complaints)
    local owners = {}
    for ____, name in ipairs(WRITTEN) do
        local path = settings[name]
        local owner = owners[path]
        if owner == nil then
            owners[path] = name
        elseif path ~= "" then
            settings[name] = ""
            complaints[#complaints + 1] = {isError = true, text = ((((((("parameter " .. name) .. " is \"") .. path) .. "\", and so is ") .. owner) .. ": give each a file of its own; ") .. name) .. " counts as not set"}
        end
    end
end

-- The keys in the file that pdy_keys_file names; without one, or where it cannot be read, those of the parameters hold.
local function filedKeys(path, readFile, complaints)
    if path == "" then
        return {}
    end
    local text, problem = readFile(path)
    if text ~= nil then
        return readKeysFile(path, text, complaints)
    end
    complaints[#complaints + 1] = {isError = true, text = ("pdy_keys_file cannot be read: " .. problem) .. ": correct the path, or let the broker's user read it; the keys of the parameters are used instead"}
    return {}
end

-- Says what is missing where Centreon's API is named and cannot be told anything.
local function complainOfCentreonApi(settings, complaints)
    local ____settings_2 = settings
    local url = ____settings_2.centreon_api_url
    local token = ____settings_2.centreon_api_token
    local ____settings_3 = settings
    local user = ____settings_3.centreon_api_user
    local password = ____settings_3.centreon_api_password
    local hasUser = user ~= "" or password ~= ""
    if url == "" and token == "" and not hasUser then
        return
    end
    if token ~= "" and hasUser then
        complaints[#complaints + 1] = {isError = false, text = "parameters centreon_api_user and centreon_api_password are not used, since centreon_api_token is set: leave out the one or the others"}
    end
    local problem
    if url == "" then
        problem = "centreon_api_url is not set: expected Centreon's address with its path, such as https://centreon.example.com/centreon"
    elseif token == "" and not hasUser then
        problem = "centreon_api_token is not set: expected a token of Centreon's API, or centreon_api_user and centreon_api_password"
    elseif token == "" and user == "" then
        problem = "centreon_api_user is not set, which centreon_api_password needs: expected a login of Centreon"
    elseif token == "" and password == "" then
        problem = "centreon_api_password is not set, which centreon_api_user needs: expected the password of that user"
    elseif token ~= "" and not isApiKey(token) then
        problem = "centreon_api_token has spaces or other characters that no token has: expected one of Centreon's API"
        settings.centreon_api_token = ""
        settings.centreon_api_user = ""
    elseif settings.pdy_api_key == "" then
        problem = "pdy_api_key is not set, which centreon_api_url needs: expected a key of PagerDuty's REST API"
    end
    if problem == nil then
        return
    end
    complaints[#complaints + 1] = {isError = false, text = ("parameter " .. problem) .. "; Centreon is not told who acknowledges in PagerDuty"}
end

-- Checks `parameters`, what the broker gave to init: strings, or integers for number parameters. A value that
-- cannot be used is replaced by the default, with a complaint; nothing here fails.
function exports.readSettings(parameters, readFile)
    local complaints = {}
    local values = {}
    local names = knownNames()
    local given = withoutAliases(parameters)
    for ____, name in ipairs(names) do
        values[name] = readParameter(name, given[name], complaints)
    end
    local settings = values
    complainOfUnknownNames(parameters, names, complaints)
    complainOfChanges(given, names, complaints)
    keepFilesApart(settings, complaints)
    local filed = filedKeys(settings.pdy_keys_file, readFile, complaints)
    if filed[FILED_DEFAULT] ~= nil then
        settings.pdy_routing_key = filed[FILED_DEFAULT]
    end
    if filed[FILED_FALLBACK] ~= nil then
        settings.pdy_fallback_routing_key = filed[FILED_FALLBACK]
    end
    if filed[FILED_API_KEY] ~= nil then
        settings.pdy_api_key = filed[FILED_API_KEY]
    end
    if settings.pdy_api_key ~= "" and not isApiKey(settings.pdy_api_key) then
        settings.pdy_api_key = ""
        complaints[#complaints + 1] = {isError = true, text = "parameter pdy_api_key has spaces or other characters that no key has: expected the key that PagerDuty shows under Integrations > API Access Keys; what people do in PagerDuty is not asked for"}
    end
    if filed[FILED_CENTREON_TOKEN] ~= nil then
        settings.centreon_api_token = filed[FILED_CENTREON_TOKEN]
    end
    if filed[FILED_CENTREON_PASSWORD] ~= nil then
        settings.centreon_api_password = filed[FILED_CENTREON_PASSWORD]
    end
    complainOfCentreonApi(settings, complaints)
    local key = settings.pdy_routing_key
    local canSend = isRoutingKey(key)
    if not canSend then
        local length = key == "" and "is missing" or ("has " .. tostring(#key)) .. " characters"
        local state = #key == ROUTING_KEY_LENGTH and "has other characters than letters and digits" or length
        local beside = settings.pdy_keys_file == "" and "" or ", and pdy_keys_file has no usable line for " .. FILED_DEFAULT
        complaints[#complaints + 1] = {
            isError = true,
            text = ((((("parameter pdy_routing_key " .. state) .. beside) .. ": expected the ") .. tostring(ROUTING_KEY_LENGTH)) .. " letters and digits of the ") .. "Integration Key that PagerDuty shows under Services > your service > Integrations; NOTHING IS SENT until it is set"
        }
    end
    if settings.pdy_centreon_url == "" or settings.pdy_centreon_url == PLACEHOLDER_CENTREON_URL then
        settings.pdy_centreon_url = ""
        complaints[#complaints + 1] = {isError = false, text = "parameter pdy_centreon_url is not set: alerts carry no link to Centreon"}
    end
    if not settings.verify_certificate or settings.allow_insecure_connection then
        complaints[#complaints + 1] = {isError = false, text = "certificates are NOT verified (verify_certificate, allow_insecure_connection): anybody between here and PagerDuty can read the routing key"}
    end
    if settings.send_data_test then
        complaints[#complaints + 1] = {isError = false, text = "parameter send_data_test is 1: NOTHING IS SENT to PagerDuty; what would be sent is written to the log at log_level 2, and taken for accepted"}
    end
    return {
        settings = settings,
        routingKeys = routingKeysOf(
            settings.pdy_routing_key,
            settings.pdy_fallback_routing_key,
            parameters,
            filed,
            complaints
        ),
        complaints = complaints,
        canSend = canSend
    }
end
return exports
 end,

-- -------------------- src/alerts/change.ts --------------------
["src.alerts.change"] = function(...)
-- What people and pollers did beside the alerts: the record that a change event is composed from. Knows neither broker
-- nor network.
local exports = {}
return exports
 end,

-- -------------------- src/pagerduty/event.ts --------------------
["src.pagerduty.event"] = function(...)
-- PagerDuty's limits and the shapes of what we send, with the place each comes from. Plain facts.
--
-- https://developer.pagerduty.com/docs/events-api-v2-overview and the OpenAPI schema of the Events API v2.
-- `payload.summary`: at most so many characters.
local exports = {}
exports.MAXIMUM_SUMMARY_CHARACTERS = 1024
-- `dedup_key`: at most so many characters.
exports.MAXIMUM_DEDUP_KEY_CHARACTERS = 255
-- The whole body: PagerDuty's 512 KB, read cautiously as thousands of bytes.
exports.MAXIMUM_BODY_BYTES = 512000

-- Whether the service behind a routing key takes change events: keys of event orchestrations and rulesets begin with R.
function exports.takesChangeEvents(routingKey)
    return string.sub(routingKey, 1, 1) ~= "R"
end
-- full: everything; slim: no details, links and images; bare: summary, source and severity only.
exports.LADDER = {"full", "slim", "bare"}
return exports
 end,

-- -------------------- src/text/url.ts --------------------
["src.text.url"] = function(...)
-- Percent-encoding for parts of a URL (RFC 3986).
local exports = {}

local function percentEncoded(character)
    return string.format(
        "%%%02X",
        string.byte(character)
    )
end

-- `text`, any bytes, so that it can stand in a query or a path segment: all but unreserved characters encoded.
function exports.urlEncode(text)
    local encoded = string.gsub(text, "[^%w%-._~]", percentEncoded)
    return encoded
end

-- `text`, an address written by a person, with every byte encoded that no URL may contain (spaces, quotes,
-- non-ASCII letters, a % that encodes nothing); what is encoded already stays as it is.
function exports.escapeUrl(text)
    local escaped = string.gsub(text, "[^%w%-._~:/?#%[%]@!$&'()*+,;=%%]", percentEncoded)
    local whole = string.gsub(
        escaped,
        "%%(%x?%x?)",
        function(digits) return #digits == 2 and "%" .. digits or "%25" .. digits end
    )
    return whole
end
return exports
 end,

-- -------------------- src/settings/endpoint.ts --------------------
["src.settings.endpoint"] = function(...)
-- Where to send and how to get there, from the parameters that say it in more than one way.
local exports = {}
local ____url = require("src.text.url")
local urlEncode = ____url.urlEncode
local ____parameters = require("src.settings.parameters")
local DEFAULT_SERVER_URL = ____parameters.DEFAULT_SERVER_URL
-- The hosts of PagerDuty's Events API v2, by the service regions of accounts.
local US_HOST = "events.pagerduty.com"
local EU_HOST = "events.eu.pagerduty.com"
local EU_SERVER_URL = ("https://" .. EU_HOST) .. "/v2/enqueue"

-- The address to post to: http_server_url when it was set, else that of pdy_region.
function exports.serverUrl(settings)
    local isSet = settings.http_server_url ~= "" and settings.http_server_url ~= DEFAULT_SERVER_URL
    if isSet then
        return settings.http_server_url
    end
    return settings.pdy_region == "eu" and EU_SERVER_URL or DEFAULT_SERVER_URL
end

-- The address to post change events to, beside `serverUrl`; undefined when that one does not show where it is.
function exports.changeServerUrl(settings)
    local base = string.match(
        exports.serverUrl(settings),
        "^(.*)/enqueue$"
    )
    local ____temp_0
    if base == nil then
        ____temp_0 = nil
    else
        ____temp_0 = base .. "/change/enqueue"
    end
    return ____temp_0
end

-- The address of PagerDuty's REST API: pdy_api_url, else that of the region which events go to.
function exports.restApiUrl(settings)
    if settings.pdy_api_url ~= "" then
        return settings.pdy_api_url
    end
    local host = string.match(
        exports.serverUrl(settings),
        "^%w+://([^/:?#]*)"
    )
    local isElsewhere = host ~= US_HOST and host ~= EU_HOST
    -- Of a gateway's address nobody can tell.
    local ____isElsewhere_1
    if isElsewhere then
        ____isElsewhere_1 = settings.pdy_region == "eu"
    else
        ____isElsewhere_1 = host == EU_HOST
    end
    local isEurope = ____isElsewhere_1
    return isEurope and "https://api.eu.pagerduty.com" or "https://api.pagerduty.com"
end

-- Who tells Centreon: a token goes before a user, since it needs no log-in. Undefined: nobody.
function exports.centreonAccountOf(settings)
    local ____settings_2 = settings
    local token = ____settings_2.centreon_api_token
    local user = ____settings_2.centreon_api_user
    local password = ____settings_2.centreon_api_password
    if token ~= "" then
        return {kind = "token", token = token}
    end
    local ____temp_3
    if user == "" or password == "" then
        ____temp_3 = nil
    else
        ____temp_3 = {kind = "log-in", user = user, password = password}
    end
    return ____temp_3
end

-- The proxy to use: http_proxy_string when it is set, else that of the proxy_* parameters.
function exports.proxyOf(settings)
    if settings.http_proxy_string ~= "" then
        return {url = settings.http_proxy_string, credentials = ""}
    end
    if settings.proxy_address == "" then
        return {url = "", credentials = ""}
    end
    local url = string.format("%s://%s:%d", settings.proxy_protocol, settings.proxy_address, settings.proxy_port)
    if settings.proxy_username == "" then
        return {url = url, credentials = ""}
    end
    return {
        url = url,
        credentials = (urlEncode(settings.proxy_username) .. ":") .. urlEncode(settings.proxy_password)
    }
end

-- Everything that the parameters say of the way to PagerDuty, or to `url` in its place, as the transport takes it.
function exports.endpointOf(settings, url)
    if url == nil then
        url = exports.serverUrl(settings)
    end
    return {
        url = url,
        proxy = exports.proxyOf(settings),
        noProxy = settings.no_proxy,
        timeout = settings.http_timeout,
        connectTimeout = settings.http_connect_timeout,
        caFile = settings.http_ca_file,
        caPath = settings.http_ca_path,
        clientCertificate = settings.http_client_certificate,
        clientKey = settings.http_client_key,
        clientKeyPassword = settings.http_client_key_password,
        verifiesCertificate = settings.verify_certificate and not settings.allow_insecure_connection,
        maximumParallel = settings.max_parallel_requests
    }
end

-- The password in an address such as `http://user:password@host`; empty: none.
local function passwordIn(url)
    local withoutScheme = string.gsub(url, "^%w+://", "")
    local password = string.match(withoutScheme, "^[^:]*:(.*)@[^@]*$")
    return password or ""
end

-- What of an address is beyond its host: the user before it, and the path with all that follows. Empty: nothing.
local function beyondHost(url)
    local authority, rest = string.match(url, "^%w+://([^/?#]*)(.*)$")
    local user = string.match(authority or "", "^(.*)@")
    return {user or "", rest == "/" and "" or (rest or "")}
end

-- Texts that must never be logged: the routing keys, those of the REST APIs, the passwords, and what makes heartbeat_url one's own; as they are,
-- percent-decoded and -encoded.
function exports.secretsOf(settings, routingKeys)
    local secrets = {}
    local candidates = {
        settings.pdy_routing_key,
        settings.proxy_password,
        settings.http_client_key_password,
        passwordIn(settings.http_proxy_string),
        passwordIn(settings.http_server_url),
        settings.pdy_api_key,
        passwordIn(settings.pdy_api_url),
        settings.centreon_api_token,
        settings.centreon_api_password,
        passwordIn(settings.centreon_api_url)
    }
    for ____, part in ipairs(beyondHost(settings.heartbeat_url)) do
        candidates[#candidates + 1] = part
    end
    for ____, key in pairs(routingKeys) do
        if key ~= settings.pdy_routing_key then
            candidates[#candidates + 1] = key
        end
    end
    for ____, candidate in ipairs(candidates) do
        if candidate ~= "" then
            local decoded = string.gsub(
                candidate,
                "%%(%x%x)",
                function(digits) return string.char(tonumber(digits, 16) or 0) end
            )
            secrets[#secrets + 1] = candidate
            secrets[#secrets + 1] = decoded
            secrets[#secrets + 1] = urlEncode(candidate)
        end
    end
    return secrets
end
return exports
 end,

-- -------------------- src/settings/lists.ts --------------------
["src.settings.lists"] = function(...)
-- Reads the parameters that hold lists. Decides nothing.
-- What no text holds: a list that is split by it is not split at all.
local exports = {}
exports.NO_SEPARATOR = "\0"

-- The items of `text` between `separator`s, trimmed; empty ones are left out. An empty separator separates nothing.
function exports.listOf(text, separator)
    local items = {}
    local mark = separator == "" and exports.NO_SEPARATOR or separator
    local position = 1
    while true do
        local found = string.find(text, mark, position, true)
        local item = string.match(
            string.sub(text, position, (found or #text + 1) - 1),
            "^%s*(.-)%s*$"
        )
        if item ~= nil and item ~= "" then
            items[#items + 1] = item
        end
        if found == nil then
            return items
        end
        position = found + #mark
    end
end
return exports
 end,

-- -------------------- src/rules/change_events.ts --------------------
["src.rules.change_events"] = function(...)
-- Which changes are told, and where to: pdy_change_events, and what keeps it from working.
local exports = {}
local ____alert = require("src.alerts.alert")
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local ____event = require("src.pagerduty.event")
local takesChangeEvents = ____event.takesChangeEvents
local ____endpoint = require("src.settings.endpoint")
local changeServerUrl = ____endpoint.changeServerUrl
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
local ____nearest_name = require("src.settings.nearest_name")
local nearestName = ____nearest_name.nearestName
local ____routing_keys = require("src.settings.routing_keys")
local keyParameter = ____routing_keys.keyParameter
local ____settings = require("src.settings.settings")
local FLAG_WORDS = ____settings.FLAG_WORDS
-- The kinds of changes, as pdy_change_events names them.
local NAMES = {
    "acknowledgements",
    "downtimes",
    "pollers",
    "deployments",
    "flapping",
    "comments"
}
local NAME_OF_KIND = {
    acknowledged = "acknowledgements",
    ["downtime started"] = "downtimes",
    ["downtime ended"] = "downtimes",
    ["downtime cancelled"] = "downtimes",
    ["poller started"] = "pollers",
    ["poller stopped"] = "pollers",
    ["configuration deployed"] = "deployments",
    ["flapping started"] = "flapping",
    ["flapping stopped"] = "flapping",
    commented = "comments"
}
-- What 1 stands for, as it did before there were names.
local USUAL = {"acknowledgements", "downtimes", "pollers", "deployments"}
-- So many first letters tell which name was meant, whatever its ending.
local TELLING_LETTERS = 4

local function nameMeantBy(item)
    local near = nearestName(item, NAMES)
    for ____, name in ipairs(NAMES) do
        local beginsAlike = string.sub(name, 1, TELLING_LETTERS) == string.sub(item, 1, TELLING_LETTERS)
        if name == near or near == nil and beginsAlike then
            return name
        end
    end
    return nil
end

-- The names in the parameter: those of a list, or what 0 and 1 stand for.
local function namesIn(text, complaints)
    local ____temp_0
    if text == "" then
        ____temp_0 = false
    else
        ____temp_0 = FLAG_WORDS[string.lower(text)]
    end
    local isOn = ____temp_0
    if isOn ~= nil then
        return isOn and USUAL or ({})
    end
    local chosen = {}
    for ____, written in ipairs(listOf(text, ",")) do
        local item = string.lower(written)
        local meant = nameMeantBy(item)
        if meant == item then
            chosen[#chosen + 1] = meant
        else
            local hint = meant == nil and "" or ("; did you mean " .. meant) .. "?"
            complaints[#complaints + 1] = {
                isError = true,
                text = (((("parameter pdy_change_events: \"" .. written) .. "\" is unknown: expected 0, 1, or some of ") .. table.concat(NAMES, ", ")) .. hint) .. "; it is left out"
            }
        end
    end
    return chosen
end

local function isToldOf(chosen)
    local isTold = {}
    for kind, name in pairs(NAME_OF_KIND) do
        isTold[kind] = false
        for ____, one in ipairs(chosen) do
            if one == name then
                isTold[kind] = true
            end
        end
    end
    return isTold
end

-- What pdy_change_events comes to; undefined when it is off or cannot work. `routingKeys` are those of all teams.
function exports.readChangeEvents(settings, routingKeys, complaints)
    local chosen = namesIn(settings.pdy_change_events, complaints)
    if #chosen == 0 then
        return nil
    end
    local url = changeServerUrl(settings)
    if url == nil then
        complaints[#complaints + 1] = {isError = true, text = "parameter pdy_change_events does not work with this http_server_url: expected one that ends in /enqueue, such as https://events.pagerduty.com/v2/enqueue; no change events are sent"}
        return nil
    end
    local canSend = false
    local parameters = {}
    for label, key in pairs(routingKeys) do
        -- The fallback key is for the connector's own alert alone.
        if label ~= FALLBACK_ROUTE then
            if takesChangeEvents(key) then
                canSend = true
            else
                parameters[#parameters + 1] = keyParameter(label)
            end
        end
    end
    table.sort(parameters)
    for ____, parameter in ipairs(parameters) do
        complaints[#complaints + 1] = {isError = false, text = ("parameter pdy_change_events: the key in " .. parameter) .. " begins with R, which is that of an event orchestration and takes no change events: none are sent by it. The key of a service's integration takes them"}
    end
    return canSend and ({
        url = url,
        isTold = isToldOf(chosen)
    }) or nil
end
return exports
 end,

-- -------------------- src/settings/patterns.ts --------------------
["src.settings.patterns"] = function(...)
-- Reads Lua patterns as administrators write them: what cannot be used, what would cost too much, and what was probably
-- meant otherwise. Matches nothing. Lua's manual, "Patterns".
-- A piece of a pattern.
local exports = {}
-- More repetitions without an end can take minutes for one long name: each multiplies the ways to match it (measured).
local MOST_REPETITIONS = 3
-- Each "?" doubles the ways.
local MOST_OPTIONAL = 10

-- Where the set that begins at `position` of `pattern` ends, or undefined when it does not.
local function endOfSet(pattern, position)
    local at = position + (string.sub(pattern, position + 1, position + 1) == "^" and 2 or 1)
    -- The first character of a set is never its end.
    repeat
        do
            at = at + (string.sub(pattern, at, at) == "%" and 2 or 1)
            if at > #pattern then
                return nil
            end
        end
    until not (string.sub(pattern, at, at) ~= "]")
    return at
end

-- The set that begins at `position` and belongs to a piece that begins at `start`, or what is wrong with it.
local function pieceWithSet(pattern, start, position, kind)
    local last = endOfSet(pattern, position)
    return last == nil and "a [ without its ]" or ({kind = kind, size = last - start + 1})
end

-- The escape that begins at `position`, or what is wrong with it.
local function escapeAt(pattern, position)
    local next = string.sub(pattern, position + 1, position + 1)
    local size = next == "b" and #"%bxy" or #"%x"
    if next == "" or position + size - 1 > #pattern then
        return "it ends within a %"
    end
    if next == "b" then
        return {kind = "other", size = size}
    end
    if tonumber(next) ~= nil then
        return {kind = "back-reference", size = size}
    end
    if next ~= "f" then
        return {kind = "class", size = size}
    end
    local hasSet = string.sub(pattern, position + 2, position + 2) == "["
    return hasSet and pieceWithSet(pattern, position, position + 2, "other") or "there is no [ after %f"
end

-- The piece that begins at `position`, or what is wrong with it.
local function pieceAt(pattern, position)
    local character = string.sub(pattern, position, position)
    if character == "%" then
        return escapeAt(pattern, position)
    end
    if character == "[" then
        return pieceWithSet(pattern, position, position, "set")
    end
    if character == "(" or character == ")" then
        return {kind = "bracket", size = 1}
    end
    local isAnchor = character == "^" and position == 1 or character == "$" and position == #pattern
    if isAnchor then
        return {kind = "other", size = 1}
    end
    return {kind = character == "." and "class" or "plain", size = 1}
end

-- The pieces of a pattern, or what is wrong with one of them.
local function itemsOf(pattern)
    local items = {}
    local position = 1
    while position <= #pattern do
        local piece = pieceAt(pattern, position)
        if type(piece) == "string" then
            return piece
        end
        local kind = piece.kind
        local size = piece.size
        local text = string.sub(pattern, position, position + size - 1)
        position = position + size
        local isRepeatable = kind == "plain" or kind == "class" or kind == "set"
        local repetition = string.match(
            isRepeatable and string.sub(pattern, position, position) or "",
            "^[*+?-]"
        )
        items[#items + 1] = {kind = kind, text = text, repetition = repetition or ""}
        if repetition ~= nil then
            position = position + 1
        end
    end
    return items
end

-- What is wrong with a Lua pattern, or undefined when it can be used. Lua itself complains of a pattern only when
-- it meets a name that makes it come to the fault.
function exports.patternProblem(pattern)
    local items = itemsOf(pattern)
    if type(items) == "string" then
        return items
    end
    local open = {}
    local closedOnes = {}
    local captures = 0
    for ____, ____value in ipairs(items) do
        local kind = ____value.kind
        local text = ____value.text
        if text == "(" then
            captures = captures + 1
            open[#open + 1] = captures
        elseif text == ")" then
            local closed = table.remove(open)
            if closed == nil then
                return "a ) without its ("
            end
            closedOnes[closed] = true
        elseif kind == "back-reference" and not (closedOnes[tonumber(string.sub(text, 2)) or 0] ~= nil) then
            return "there is no capture " .. text
        end
    end
    local ____temp_0
    if #open == 0 then
        ____temp_0 = nil
    else
        ____temp_0 = "a ( without its )"
    end
    return ____temp_0
end

-- Why a usable pattern could hold up the broker, in words; undefined when it cannot.
function exports.patternCost(pattern)
    local items = itemsOf(pattern)
    if type(items) == "string" then
        return nil
    end
    local repetitions = 0
    local optional = 0
    for ____, ____value in ipairs(items) do
        local repetition = ____value.repetition
        if repetition == "?" then
            optional = optional + 1
        elseif repetition ~= "" then
            repetitions = repetitions + 1
        end
    end
    if repetitions > MOST_REPETITIONS then
        return string.format("it repeats (*, +, -) %d times, and %d is the most", repetitions, MOST_REPETITIONS)
    end
    if optional > MOST_OPTIONAL then
        return string.format("it has \"?\" %d times, and %d is the most", optional, MOST_OPTIONAL)
    end
    return nil
end
-- A set of so many letters that nobody meant one of them: a word in brackets.
local WORD_IN_BRACKETS = "^%[%w[%w ]*%a[%w ]*%w%]$"
local LEAST_WORD = #"[prod]"

-- What a plain name, a regular expression or a wildcard does in a Lua pattern; undefined where nothing looks like one.
function exports.patternDoubt(pattern)
    local items = itemsOf(pattern)
    if type(items) == "string" then
        return nil
    end
    local usesCaptures = false
    for ____, ____value in ipairs(items) do
        local kind = ____value.kind
        if kind == "back-reference" then
            usesCaptures = true
        end
    end
    local reasons = {}
    local parts = {}
    local hasAlternatives = false

    local function doubt(reason)
        for ____, said in ipairs(reasons) do
            if said == reason then
                return
            end
        end
        reasons[#reasons + 1] = reason
    end
    for index, ____temp_1 in ipairs(items) do
        local repetition
        local text
        local kind
        kind = ____temp_1.kind
        text = ____temp_1.text
        repetition = ____temp_1.repetition
        if kind == "plain" and text == "\\" then
            doubt("\\ means itself, and % does what \\ does elsewhere")
            parts[#parts + 1] = "%" .. repetition
        elseif kind == "plain" and text == "|" then
            doubt("| does not mean \"or\"")
            hasAlternatives = true
            parts[#parts + 1] = "%|" .. repetition
        elseif kind == "plain" and repetition == "-" then
            doubt("- repeats what is before it")
            parts[#parts + 1] = text .. "%-"
        elseif kind == "plain" and text == "*" and (index == 1 or index == #items) then
            doubt("* is no wildcard")
            parts[#parts + 1] = ".*"
        elseif kind == "plain" and repetition == "*" and index == #items then
            doubt("* is no wildcard")
            parts[#parts + 1] = text .. ".*"
        elseif kind == "bracket" and not usesCaptures then
            doubt("( ) group")
            parts[#parts + 1] = "%" .. text
        elseif kind == "set" and #text >= LEAST_WORD and (string.find(text, WORD_IN_BRACKETS)) ~= nil then
            doubt("[ ] is one of the letters in it")
            parts[#parts + 1] = (("%[" .. string.sub(text, 2, -2)) .. "%]") .. repetition
        else
            parts[#parts + 1] = text .. repetition
        end
    end
    if #reasons == 0 then
        return nil
    end
    return {
        reason = table.concat(reasons, "; "),
        corrected = table.concat(parts),
        hasAlternatives = hasAlternatives
    }
end
return exports
 end,

-- -------------------- src/rules/pattern_advice.ts --------------------
["src.rules.pattern_advice"] = function(...)
-- Lua patterns that an administrator wrote: whether they can be used, and what is said of one that may not do what was
-- meant. What is wrong with a pattern is known in settings/patterns.ts.
local exports = {}
local ____patterns = require("src.settings.patterns")
local patternCost = ____patterns.patternCost
local patternDoubt = ____patterns.patternDoubt
local patternProblem = ____patterns.patternProblem

-- What to write instead of a pattern that was probably meant otherwise. `several`: how several patterns are written.
local function advice(____bindingPattern0, several)
    local hasAlternatives
    local corrected
    corrected = ____bindingPattern0.corrected
    hasAlternatives = ____bindingPattern0.hasAlternatives
    return hasAlternatives and several or "to mean the name, write " .. corrected
end

-- Says of a pattern that it may not do what was meant: nothing else would, since it is one.
function exports.complainOfDoubt(name, pattern, several, complaints)
    local doubt = patternDoubt(pattern)
    if doubt == nil then
        return
    end
    complaints[#complaints + 1] = {
        isError = false,
        text = (((((("parameter " .. name) .. ": \"") .. pattern) .. "\" is a Lua pattern, in which ") .. doubt.reason) .. ": ") .. advice(doubt, several)
    }
end

-- Why a usable pattern is refused nevertheless, and what was probably meant; undefined when it is not.
function exports.costOf(pattern, several)
    local cost = patternCost(pattern)
    local ____temp_0
    if cost == nil then
        ____temp_0 = nil
    else
        ____temp_0 = patternDoubt(pattern)
    end
    local doubt = ____temp_0
    local ____temp_1
    if doubt == nil then
        ____temp_1 = cost
    else
        ____temp_1 = ((((cost or "") .. "; ") .. doubt.reason) .. ": ") .. advice(doubt, several)
    end
    return ____temp_1
end

-- Why a pattern cannot be used, or is refused; undefined when neither is so.
function exports.refusalOf(pattern, several)
    local cost = exports.costOf(pattern, several)
    local ____patternProblem_result_3 = patternProblem(pattern)
    if ____patternProblem_result_3 == nil then
        local ____temp_2
        if cost == nil then
            ____temp_2 = nil
        else
            ____temp_2 = "it could hold up the broker for minutes: " .. cost
        end
        ____patternProblem_result_3 = ____temp_2
    end
    return ____patternProblem_result_3
end
return exports
 end,

-- -------------------- src/text/utf8.ts --------------------
["src.text.utf8"] = function(...)
-- UTF-8: makes any byte sequence valid, counts and cuts by characters. Knows nothing of JSON or PagerDuty.
-- What stands for bytes that are not UTF-8: U+FFFD, the Unicode replacement character.
local exports = {}
local REPLACEMENT = "�"
-- What ends a text that was cut: U+2026.
local ELLIPSIS = "…"
-- Bytes above 0x7f cannot be written in a TypeScript string, which is emitted as UTF-8.
local HIGH_BYTE = ((("[" .. string.char(128)) .. "-") .. string.char(255)) .. "]"

-- Length in bytes of the valid character that begins at `position` with `lead`, or 0 when there is none.
local function characterLength(text, position, lead)
    if lead < 128 then
        return 1
    end
    -- The well-formed byte sequences of the Unicode Standard, table 3-7: no overlong form, no surrogate.
    local length = 0
    local lowest = 128
    local highest = 191
    if lead >= 194 and lead <= 223 then
        length = 2
    elseif lead >= 224 and lead <= 239 then
        length = 3
    elseif lead >= 240 and lead <= 244 then
        length = 4
    else
        return 0
    end
    if lead == 224 then
        lowest = 160
    end
    if lead == 237 then
        highest = 159
    end
    if lead == 240 then
        lowest = 144
    end
    if lead == 244 then
        highest = 143
    end
    for offset = 1, length - 1 do
        local next = string.byte(text, position + offset)
        if next == nil or next < lowest or next > highest then
            return 0
        end
        lowest = 128
        highest = 191
    end
    return length
end

-- `text` with every byte that is not part of a well-formed UTF-8 character replaced by U+FFFD.
function exports.validUtf8(text)
    local firstHighByte = string.find(text, HIGH_BYTE)
    if firstHighByte == nil then
        return text
    end
    local parts = {}
    local size = #text
    local kept = 1
    local position = firstHighByte
    while position <= size do
        local lead = string.byte(text, position)
        local length = characterLength(text, position, lead)
        if length == 0 then
            parts[#parts + 1] = string.sub(text, kept, position - 1)
            parts[#parts + 1] = REPLACEMENT
            position = position + 1
            kept = position
        else
            position = position + length
        end
    end
    if kept == 1 then
        return text
    end
    parts[#parts + 1] = string.sub(text, kept)
    return table.concat(parts)
end

-- `text`, which must be valid UTF-8, in at most `limit` characters (one or more): cut between characters, with
-- "…" as the last one when something was cut.
function exports.cutToCharacters(text, limit)
    if #text <= limit then
        return text
    end
    local characters = 0
    local position = 1
    local ____end = 0
    local size = #text
    while position <= size do
        characters = characters + 1
        -- Where the text has to end if it turns out to be too long: there must be room for the "…".
        if characters == limit then
            ____end = position - 1
        end
        if characters > limit then
            return string.sub(text, 1, ____end) .. ELLIPSIS
        end
        position = position + characterLength(
            text,
            position,
            string.byte(text, position)
        )
    end
    return text
end

-- `text`, which must be valid UTF-8, in at most `limit` bytes ("…" included), cut between characters. Empty when
-- not even the "…" fits.
function exports.cutToBytes(text, limit)
    if #text <= limit then
        return text
    end
    if limit < #ELLIPSIS then
        return ""
    end
    local ____end = limit - #ELLIPSIS
    -- A byte of the form 10xxxxxx continues a character: step back to where that one begins.
    while ____end > 0 do
        local next = string.byte(text, ____end + 1)
        if next < 128 or next > 191 then
            break
        end
        ____end = ____end - 1
    end
    return string.sub(text, 1, ____end) .. ELLIPSIS
end
return exports
 end,

-- -------------------- src/text/json.ts --------------------
["src.text.json"] = function(...)
-- JSON, written and read by ourselves: broker.json_encode leaves control bytes, invalid UTF-8 and NaN as they
-- are, escapes no key, and turns {} into []; broker.json_decode cuts integers to 32 bits and unescapes twice
-- (measured, see contracts/broker-host.md). Fields keep the order they are given in.
local exports = {}
local ____utf8 = require("src.text.utf8")
local validUtf8 = ____utf8.validUtf8
local NAMED_ESCAPES = {
    ["\""] = "\\\"",
    ["\\"] = "\\\\",
    ["\n"] = "\\n",
    ["\r"] = "\\r",
    ["\t"] = "\\t"
}

local function escaped(character)
    return NAMED_ESCAPES[character] or string.format(
        "\\u%04x",
        string.byte(character)
    )
end
-- What cannot stand in a JSON string as it is, and bytes that may not be UTF-8.
local UNSAFE = ((("[%c\"\\" .. string.char(128)) .. "-") .. string.char(255)) .. "]"

-- `text`, any bytes, as a JSON string in valid UTF-8.
function exports.encodeString(text)
    -- Nearly every text is safe, and every name of a field: they cost one look.
    if (string.find(text, UNSAFE)) == nil then
        return ("\"" .. text) .. "\""
    end
    local body = string.gsub(
        validUtf8(text),
        "[%c\"\\]",
        escaped
    )
    return ("\"" .. body) .. "\""
end
-- Largest magnitude up to which a double holds every integer: 2^53.
local EXACT_INTEGER_LIMIT = 9007199254740992

-- `value` as JSON; NaN and the infinities, which JSON does not have, become null.
local function encodeNumber(value)
    local isWhole = value % 1 == 0
    if isWhole and value <= EXACT_INTEGER_LIMIT and value >= -EXACT_INTEGER_LIMIT then
        -- A zero may be a negative one.
        return string.format(value == 0 and "%.0f" or "%d", value)
    end
    if value ~= value or value == math.huge or value == -math.huge then
        return "null"
    end
    return string.format("%.14g", value)
end

-- The JSON value for a number's own digits, or undefined when JSON would not accept them as they are.
function exports.numberAsWritten(digits)
    local whole = string.match(digits, "^-?(%d+)")
    if whole == nil or #whole > 1 and string.sub(whole, 1, 1) == "0" then
        return nil
    end
    local rest = string.match(digits, "^-?%d+(.*)$")
    local afterFraction = string.gsub(rest or "", "^%.%d+", "")
    local afterExponent = string.gsub(afterFraction, "^[eE][+-]?%d+$", "")
    return afterExponent == "" and ({digits = digits}) or nil
end
-- Most names of fields that are remembered in their written form: more than we have, fewer than would matter.
local MOST_KNOWN_NAMES = 500
local knownNames = {}
local knownNameCount = 0

-- `"name":`, made once for each name: the same few stand in every event and every line of the journal.
local function nameOfField(name)
    local known = knownNames[name]
    if known ~= nil then
        return known
    end
    local written = exports.encodeString(name) .. ":"
    if knownNameCount < MOST_KNOWN_NAMES then
        knownNameCount = knownNameCount + 1
        knownNames[name] = written
    end
    return written
end

local function append(parts, value)
    if type(value) == "string" then
        parts[#parts + 1] = exports.encodeString(value)
    elseif type(value) == "number" then
        parts[#parts + 1] = encodeNumber(value)
    elseif type(value) == "boolean" then
        parts[#parts + 1] = value and "true" or "false"
    elseif value.digits ~= nil then
        parts[#parts + 1] = value.digits
    elseif value.fields ~= nil then
        local separator = "{"
        for ____, ____value in ipairs(value.fields) do
            local name = ____value[1]
            local fieldValue = ____value[2]
            if fieldValue ~= nil then
                parts[#parts + 1] = separator
                parts[#parts + 1] = nameOfField(name)
                append(parts, fieldValue)
                separator = ","
            end
        end
        parts[#parts + 1] = separator == "{" and "{}" or "}"
    else
        local separator = "["
        for ____, item in ipairs(value.items) do
            parts[#parts + 1] = separator
            append(parts, item)
            separator = ","
        end
        parts[#parts + 1] = separator == "[" and "[]" or "]"
    end
end

-- The JSON text of `value`, on one line.
function exports.encode(value)
    local parts = {}
    append(parts, value)
    return table.concat(parts)
end
-- Deepest nesting that decode follows; what we read is a few levels deep, and Lua's stack is finite.
local MAXIMUM_DEPTH = 100
local ESCAPED_CHARACTERS = {
    ["\""] = "\"",
    ["\\"] = "\\",
    ["/"] = "/",
    b = "\b",
    f = "\f",
    n = "\n",
    r = "\r",
    t = "\t"
}

-- The UTF-8 bytes of a Unicode code point.
local function utf8Character(codePoint)
    if codePoint < 128 then
        return string.char(codePoint)
    end
    local last = 128 + codePoint % 64
    local second = math.floor(codePoint / 64)
    if codePoint < 2048 then
        return string.char(192 + second, last)
    end
    local third = math.floor(second / 64)
    if codePoint < 65536 then
        return string.char(224 + third, 128 + second % 64, last)
    end
    return string.char(
        240 + math.floor(third / 64),
        128 + third % 64,
        128 + second % 64,
        last
    )
end
local SPACE = "[ \t\r\n]*"
-- What JSON is made of, each with the space after it. Nearly every string is plain: it has no escape.
local PLAIN_STRING = "^\"([^\"\\\\]*)\"" .. SPACE
local PLAIN_NAME = (("^\"([^\"\\\\]*)\"" .. SPACE) .. ":") .. SPACE
local STRING_END = "^(\")" .. SPACE
local COLON = "^(:)" .. SPACE
local NUMBER = "^(-?%d+%.?%d*[eE]?[+-]?%d*)" .. SPACE
local WORD = "^(%a+)" .. SPACE
local OPENING = "^([%[{])" .. SPACE
local ARRAY_END = "^(%])" .. SPACE
local AFTER_ITEM = "^([%],])" .. SPACE
local OBJECT_END = "^(})" .. SPACE
local AFTER_FIELD = "^([},])" .. SPACE
-- Nesting of the lists whose items are taken: their object is at 1.
local LIST_DEPTH = 2

local function decodeAll(text, pieces)
    local readValue
    -- Never at a space, but within a string.
    local position = 1
    local problem
    -- The field of the text's one object that is being read.
    local list = ""

    local function fail(what)
        if problem == nil then
            problem = (what .. " at byte ") .. tostring(position)
        end
        return nil
    end

    -- Gives what `pattern` captures here, and goes on behind what it matches; undefined when it does not match.
    local function match(pattern)
        local ____, last, captured = string.find(text, pattern, position)
        if last ~= nil then
            position = last + 1
        end
        return captured
    end

    -- The four hexadecimal digits of a \u escape at `at`, or undefined.
    local function codeUnit(at)
        local digits = string.match(text, "^%x%x%x%x", at)
        local ____temp_0
        if digits == nil then
            ____temp_0 = nil
        else
            ____temp_0 = tonumber(digits, 16)
        end
        return ____temp_0
    end

    -- The character of the \u escape whose digits begin at `position`; a surrogate pair is one character.
    local function readUnicodeEscape()
        local first = codeUnit(position)
        if first == nil then
            return fail("a \\u without four hexadecimal digits")
        end
        position = position + 4
        if first < 55296 or first > 57343 then
            return utf8Character(first)
        end
        local ____temp_1
        if string.sub(text, position, position + 1) == "\\u" then
            ____temp_1 = codeUnit(position + 2)
        else
            ____temp_1 = nil
        end
        local second = ____temp_1
        if first > 56319 or second == nil or second < 56320 or second > 57343 then
            return utf8Character(65533)
        end
        position = position + 6
        return utf8Character(65536 + (first - 55296) * 1024 + (second - 56320))
    end

    -- The rest of a string whose first quote is read.
    local function readEscapedString()
        local parts = {}
        while true do
            if pieces ~= nil then
                pieces.reached(position)
            end
            parts[#parts + 1] = match("^([^\"\\]*)")
            if match(STRING_END) ~= nil then
                return table.concat(parts)
            end
            if match("^(\\)") == nil then
                return fail("a string without an end")
            end
            local letter = string.sub(text, position, position)
            position = position + 1
            local ____temp_2
            if letter == "u" then
                ____temp_2 = readUnicodeEscape()
            else
                ____temp_2 = ESCAPED_CHARACTERS[letter]
            end
            local character = ____temp_2
            if character == nil then
                return fail("an unknown escape")
            end
            parts[#parts + 1] = character
        end
    end

    local function readString()
        local plain = match(PLAIN_STRING)
        if plain ~= nil then
            return plain
        end
        local ____temp_3
        if match("^(\")") == nil then
            ____temp_3 = nil
        else
            ____temp_3 = readEscapedString()
        end
        return ____temp_3
    end

    local function readName()
        local plain = match(PLAIN_NAME)
        if plain ~= nil then
            return plain
        end
        local name = readString() or fail("an object without a name")
        local ____temp_4
        if match(COLON) == nil then
            ____temp_4 = fail("a name without :")
        else
            ____temp_4 = name
        end
        return ____temp_4
    end

    -- A number, or true, false or null.
    local function readBare()
        local start = position
        local digits = match(NUMBER)
        local ____temp_5
        if digits == nil then
            ____temp_5 = nil
        else
            ____temp_5 = tonumber(digits)
        end
        local number = ____temp_5
        if number ~= nil then
            return number
        end
        local word = match(WORD)
        if word == "true" or word == "false" then
            return word == "true"
        end
        if word == "null" then
            return nil
        end
        position = start
        return fail("no JSON value")
    end

    local function readArray(depth)
        local items = {}
        local count = 0
        local mark = match(ARRAY_END) or ","
        local ____temp_8
        if depth == LIST_DEPTH then
            ____temp_8 = pieces and pieces.takeItem
        else
            ____temp_8 = nil
        end
        local takeItem = ____temp_8
        while mark == "," and problem == nil do
            if pieces ~= nil then
                pieces.reached(position)
            end
            local value = readValue(depth)
            if takeItem == nil then
                count = count + 1
                items[count] = value
            elseif problem == nil then
                takeItem(list, value)
            end
            mark = match(AFTER_ITEM) or fail("an array without , or ]") or ""
        end
        return items
    end

    local function readObject(depth)
        local fields = {}
        local mark = match(OBJECT_END) or ","
        while mark == "," and problem == nil do
            if pieces ~= nil then
                pieces.reached(position)
            end
            local name = readName()
            if depth == 1 then
                list = name or ""
            end
            if name ~= nil then
                fields[name] = readValue(depth)
            end
            mark = match(AFTER_FIELD) or fail("an object without , or }") or ""
        end
        return fields
    end
    readValue = function(depth)
        if depth > MAXIMUM_DEPTH then
            return fail("too deep a nesting")
        end
        local characters = readString()
        if characters ~= nil or problem ~= nil then
            return characters
        end
        local opening = match(OPENING)
        if opening == "{" then
            return readObject(depth + 1)
        end
        if opening == "[" then
            return readArray(depth + 1)
        end
        return readBare()
    end
    match(("^(" .. SPACE) .. ")")
    local value = readValue(0)
    if problem == nil and position <= #text then
        fail("more text than one value")
    end
    return problem == nil and ({ok = true, value = value}) or ({ok = false, problem = problem})
end

-- Reads JSON text. Gives a failure, never an error, for text that is not JSON.
function exports.decode(text)
    return decodeAll(text, nil)
end

-- Reads JSON text a piece at a time, where there is much of it. `takeItem` is given the items of the lists that are fields of
-- its one object, as they come; the lists themselves are empty then. What it gives reads so many bytes on, some more at
-- most, and gives the outcome once there is one.
function exports.decodeInPieces(text, takeItem)
    local reached = 1
    local pauseAt = 1
    local reading = coroutine.create(function() return decodeAll(
        text,
        {
            takeItem = takeItem,
            reached = function(position)
                reached = position
                if position >= pauseAt then
                    coroutine.yield()
                end
            end
        }
    ) end)
    return function(bytes)
        pauseAt = reached + bytes
        local isRunning, result = coroutine.resume(reading)
        if not isRunning then
            return {
                ok = false,
                problem = tostring(result)
            }
        end
        return result
    end
end
return exports
 end,

-- -------------------- src/text/lines.ts --------------------
["src.text.lines"] = function(...)
-- Texts of several lines: what a plugin printed as a person reads it, and what must be a single line. Pure.
-- A plugin's output; each empty where there is nothing to read.
local exports = {}
-- How the engine writes the line breaks after the second line, and people those of passive results (measured).
local WRITTEN_BREAK = "\\n"

-- Where `text` begins to say something, past blank lines; undefined when it says nothing.
local function beginningOf(text)
    local position = 1
    while true do
        local start = string.find(text, "%S", position)
        if start == nil or string.sub(text, start, start + 1) ~= WRITTEN_BREAK then
            return start
        end
        position = start + #WRITTEN_BREAK
    end
end

-- Where the first written break of `line` is; undefined when there is none. The engine does not tell one from a
-- backslash of the plugin's own: within a Windows path, such as C:\new, it is taken for that.
local function writtenBreakIn(line)
    if (string.find(line, WRITTEN_BREAK, 1, true)) == nil then
        return nil
    end
    for start, word in string.gmatch(line, "()(%S+)") do
        local found = string.find(word or "", WRITTEN_BREAK, 1, true)
        if found ~= nil then
            local before = string.sub(word or "", 1, found - 1)
            local isPath = (string.find(before, "\\", 1, true)) ~= nil or (string.find(before, "%f[%w]%a:$")) ~= nil
            if not isPath then
                return start + found - 1
            end
        end
    end
    return nil
end

-- `text` without white space at its end.
local function withoutEnd(text)
    local whole = string.match(text, "^(.*%S)")
    return whole or ""
end

-- The lines of a check's output and long output, as an event of either protocol has them. BBDO 2 has both in one text;
-- in BBDO 3 the long output of a host stands in the place of the short one, or is there twice (a quirk of the engine).
function exports.outputLines(output, longOutput)
    local text = (longOutput == "" or longOutput == output) and output or (output .. "\n") .. longOutput
    local beginning = beginningOf(text)
    if beginning == nil then
        return {first = "", further = ""}
    end
    local ____, lineEnd = string.find(text, "^[^\r\n]*", beginning)
    local line = string.sub(text, beginning, lineEnd)
    local written = writtenBreakIn(line)
    local ____end = written == nil and #line or written - 1
    local broken = string.gsub(
        string.sub(text, beginning + ____end),
        "\\n",
        "\n"
    )
    local further = string.gsub(broken, "\r\n?", "\n")
    local lines = string.match(further, "^\n*(.*)$")
    return {
        first = string.sub(line, 1, ____end),
        further = withoutEnd(lines or "")
    }
end

-- `output`, a first line, without the state that it says itself: an exact `state` at its beginning, with its separator.
-- Anything else stays: "DISK CRITICAL - …" says what is critical, "CRITICAL -5" how much.
function exports.withoutState(output, state)
    local position = 1
    while state ~= "" and string.sub(output, position, position + #state - 1) == state do
        local after = position + #state
        if (string.find(output, "^%s*[:%-]*%s*$", after)) ~= nil then
            return ""
        end
        local ____, separatorEnd = string.find(output, "^%s*[:%-]+%s+", after)
        if separatorEnd == nil then
            break
        end
        position = separatorEnd + 1
    end
    return string.sub(output, position)
end
-- Bytes above 0x7f cannot be written in a TypeScript string, which is emitted as UTF-8.
-- U+0080 to U+009F: the control characters that Latin-1 has beside ASCII's.
local HIGH_CONTROL_CHARACTER = ((((string.char(194) .. "[") .. string.char(128)) .. "-") .. string.char(159)) .. "]"
-- What makes a terminal write in colours (ECMA-48, SGR).
local COLOUR = "%[[%d;]*m"

-- `text`, which must be valid UTF-8, on one line without control characters, trimmed.
function exports.oneLine(text)
    local plain = string.gsub(text, COLOUR, "")
    local printable = string.gsub(plain, "%c+", " ")
    local line = string.gsub(printable, HIGH_CONTROL_CHARACTER, " ")
    local start = string.find(line, "%S")
    return start == nil and "" or withoutEnd(string.sub(line, start))
end
return exports
 end,

-- -------------------- src/text/perfdata.ts --------------------
["src.text.perfdata"] = function(...)
-- Reads performance data (the plugins' metrics). Our own parser: broker.parse_perfdata loses order, duplicates
-- and digits (measured). Format: https://www.monitoring-plugins.org/doc/guidelines.html#AEN200
-- One metric as the plugin wrote it: numbers and thresholds keep their own digits.
local exports = {}

-- Reads a metric's name at `position`: the name, and where its data begins, or undefined when there is no name.
local function readName(text, position)
    if string.sub(text, position, position) ~= "'" then
        local ____, last, name = string.find(text, "^([^=]+)=", position)
        return name, (last or 0) + 1
    end
    -- A quote inside a quoted name is written twice.
    local from = position + 1
    while true do
        local quote = string.find(text, "'", from, true)
        if quote == nil then
            return nil, 0
        end
        if string.sub(text, quote + 1, quote + 1) == "=" then
            local name = string.gsub(
                string.sub(text, position + 1, quote - 1),
                "''",
                "'"
            )
            return name, quote + 2
        end
        from = quote + (string.sub(text, quote + 1, quote + 1) == "'" and 2 or 1)
    end
end

-- The digits at the beginning of a value, and the unit behind them. Each pattern finds its end at once: one that
-- had to try would take half a minute for the 64 KB of digits that a plugin may print.
local function splitValue(text)
    -- Some plugins write a decimal comma.
    local value = string.gsub(text, ",", ".")
    local sign, whole, afterWhole = string.match(value, "^%+?(-?)(%d*)(.*)$")
    if sign == nil then
        sign = ""
    end
    if whole == nil then
        whole = ""
    end
    if afterWhole == nil then
        afterWhole = ""
    end
    local fraction, afterFraction = string.match(afterWhole, "^%.(%d*)(.*)$")
    if fraction == nil then
        fraction = ""
    end
    if afterFraction == nil then
        afterFraction = afterWhole
    end
    local exponent, unit = string.match(afterFraction, "^([eE][+-]?%d+)(.*)$")
    if exponent == nil then
        exponent = ""
    end
    if unit == nil then
        unit = afterFraction
    end
    if whole .. fraction == "" or string.sub(unit, 1, 1) == "." then
        return nil, ""
    end
    -- ".5" and "5." are numbers to a plugin, not to JSON.
    local point = fraction == "" and "" or "."
    return (((sign .. (whole == "" and "0" or whole)) .. point) .. fraction) .. exponent, unit
end

-- The text between the `index`th and the next semicolon of `data`, trimmed; undefined when empty.
local function part(data, index)
    local text = data[index + 1]
    local ____temp_0
    if text == nil or text == "" then
        ____temp_0 = nil
    else
        ____temp_0 = text
    end
    return ____temp_0
end

-- `perfdata` in at most `limit` bytes, cut between two metrics: half a number would be a wrong one.
function exports.cutPerfdata(perfdata, limit)
    if #perfdata <= limit then
        return perfdata
    end
    local whole = string.match(
        string.sub(perfdata, 1, limit + 1),
        "^(.*)%s"
    )
    return whole or ""
end

-- The metrics of `perfdata` in their order, at most `limit` of them. What cannot be read is passed over.
function exports.parsePerfdata(perfdata, limit)
    local metrics = {}
    local position = 1
    while #metrics < limit do
        local start = string.find(perfdata, "[^%s]", position)
        if start == nil then
            break
        end
        local name, dataStart = readName(perfdata, start)
        if name == nil then
            break
        end
        local ____, dataEnd, data = string.find(perfdata, "^([^%s]*)", dataStart)
        local parts = {}
        for text in string.gmatch(data .. ";", "([^;]*);") do
            parts[#parts + 1] = text or ""
        end
        local value, unit = splitValue(parts[1] or "")
        local trimmedName = string.match(name, "^(.*%S)")
        metrics[#metrics + 1] = {
            name = trimmedName or name,
            value = value,
            unit = unit,
            warning = part(parts, 1),
            critical = part(parts, 2),
            minimum = part(parts, 3),
            maximum = part(parts, 4)
        }
        position = dataEnd + 1
    end
    return metrics
end
return exports
 end,

-- -------------------- src/text/time.ts --------------------
["src.text.time"] = function(...)
-- Times as text, and a clock that only goes forward. The only user of luatz, which is optional.
-- 9999-12-31T23:59:59Z: ISO 8601 has years of four digits, and os.date raises for some that are longer.
local exports = {}
local LAST_TIMESTAMP = 253402300799

-- `seconds` since 1970 as ISO 8601 in UTC, with the zone that PagerDuty's `timestamp` needs. Undefined for a time
-- that is no date.
function exports.utcTimestamp(seconds)
    if seconds < 0 or seconds > LAST_TIMESTAMP then
        return nil
    end
    return os.date(
        "!%Y-%m-%dT%H:%M:%SZ",
        math.floor(seconds)
    )
end

-- A number of seconds as people say it: "45 s", "12 min", "3 h 5 min", "2 d 4 h".
function exports.spokenDuration(seconds)
    -- What is no integer any more, such as a notification delay of 1e30 minutes, cannot be told by "%d".
    local whole = math.floor(math.min(seconds, LAST_TIMESTAMP))
    if whole < 60 then
        return string.format("%d s", whole)
    end
    local minutes = math.floor(whole / 60)
    if minutes < 60 then
        return string.format("%d min", minutes)
    end
    local hours = math.floor(minutes / 60)
    if hours < 24 then
        return string.format("%d h %d min", hours, minutes % 60)
    end
    return string.format(
        "%d d %d h",
        math.floor(hours / 24),
        hours % 24
    )
end

-- How to tell local times: with luatz, where it is installed. Call it in init.
function exports.loadLocalTime()
    local isLoaded, luatz = pcall(function() return require("luatz") end)
    if not isLoaded then
        return function() return nil end
    end
    return function(seconds, timeZone)
        if timeZone == "" then
            return nil
        end
        local isKnown, text = pcall(function()
            local ____local = luatz.get_tz(timeZone):localise(seconds)
            return ((os.date("!%Y-%m-%d %H:%M", ____local) .. " (") .. timeZone) .. ")"
        end)
        return isKnown and text or nil
    end
end
exports.DAY = 86400
exports.WEEK = 7 * exports.DAY
-- 1970-01-01 was a Thursday: so many seconds after the first Monday that is before it.
local EPOCH_IN_WEEK = 3 * exports.DAY

-- How to tell where in its week a place is: other zones than the system's own with luatz, where it is installed.
function exports.loadWeekClock()
    local isLoaded, luatz = pcall(function() return require("luatz") end)
    return function(unixTime, timeZone)
        if timeZone == nil then
            local ____os_date_result_0 = os.date("*t", unixTime)
            local wday = ____os_date_result_0.wday
            local hour = ____os_date_result_0.hour
            local min = ____os_date_result_0.min
            local sec = ____os_date_result_0.sec
            -- os.date counts from 1, and from Sunday.
            return (wday + 5) % 7 * exports.DAY + hour * 3600 + min * 60 + sec
        end
        if not isLoaded then
            return "times in a zone need luatz (package lua-tz), which is not installed"
        end
        local isKnown, ____local = pcall(function() return luatz.get_tz(timeZone):localise(unixTime) end)
        return isKnown and (____local + EPOCH_IN_WEEK) % exports.WEEK or ("nobody here knows a time zone \"" .. timeZone) .. "\""
    end
end

-- A clock in seconds that never goes back: made from the system's, whose jumps backwards count as no time at
-- all. Delays and rate windows measured with it neither stall nor shrink when somebody sets the clock back.
function exports.createSteadyClock(systemClock)
    local last = systemClock()
    local steady = last
    return function()
        local now = systemClock()
        if now > last then
            steady = steady + (now - last)
        end
        last = now
        return steady
    end
end
return exports
 end,

-- -------------------- src/text/macros.ts --------------------
["src.text.macros"] = function(...)
-- Centreon's macros in a text that a person wrote, such as $HOSTNAME$. Knows no macro itself.
-- `text` with the macros replaced that `values` has, by name without the dollar signs; any other stays as it is.
-- `encode` is applied to each value.
local exports = {}

function exports.expandMacros(text, values, encode)
    local expanded = string.gsub(
        text,
        "%$([%w_]+)%$",
        function(name)
            local value = values[name]
            return value == nil and ("$" .. name) .. "$" or encode(value)
        end
    )
    return expanded
end
return exports
 end,

-- -------------------- src/pagerduty/notes.ts --------------------
["src.pagerduty.notes"] = function(...)
-- The notes and addresses that a person wrote in Centreon, as a responder reads them: with the macros expanded that
-- Centreon's pages expand. Knows the macros' values; what a macro is, text/macros does.
local exports = {}
local ____macros = require("src.text.macros")
local expandMacros = ____macros.expandMacros
local ____url = require("src.text.url")
local urlEncode = ____url.urlEncode

local function macrosOf(____bindingPattern0)
    local report
    local place
    local resource
    resource = ____bindingPattern0.resource
    place = ____bindingPattern0.place
    report = ____bindingPattern0.report
    local isService = resource.kind == "service"
    local ____place_hostName_1 = place.hostName
    local ____place_hostAlias_2 = place.hostAlias
    local ____place_hostAddress_3 = place.hostAddress
    local ____isService_0
    if isService then
        ____isService_0 = nil
    else
        ____isService_0 = report.stateName
    end
    return {
        HOSTNAME = ____place_hostName_1,
        HOSTALIAS = ____place_hostAlias_2,
        HOSTADDRESS = ____place_hostAddress_3,
        HOSTSTATE = ____isService_0,
        SERVICEDESC = isService and place.serviceDescription or nil,
        SERVICESTATE = isService and report.stateName or nil
    }
end

function exports.notesOf(alert)
    return expandMacros(
        alert.place.notes or "",
        macrosOf(alert),
        function(value) return value end
    )
end

function exports.notesUrlOf(alert)
    return expandMacros(
        alert.place.notesUrl or "",
        macrosOf(alert),
        urlEncode
    )
end

function exports.actionUrlOf(alert)
    return expandMacros(
        alert.place.actionUrl or "",
        macrosOf(alert),
        urlEncode
    )
end
return exports
 end,

-- -------------------- src/pagerduty/template.ts --------------------
["src.pagerduty.template"] = function(...)
-- The administrator's own formats for summary, details, links and images: text with placeholders such as {host}, read once at the
-- start and filled in for each event. Owns the placeholders. Pure; knows no limits of PagerDuty.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____lines = require("src.text.lines")
local outputLines = ____lines.outputLines
local withoutState = ____lines.withoutState
local ____perfdata = require("src.text.perfdata")
local parsePerfdata = ____perfdata.parsePerfdata
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
local ____notes = require("src.pagerduty.notes")
local actionUrlOf = ____notes.actionUrlOf
local notesOf = ____notes.notesOf
local notesUrlOf = ____notes.notesUrlOf
-- Most metrics that `{metric:…}` looks through, as many as an alert shows.
local MOST_METRICS = 100

local function joined(names)
    return table.concat(names, ", ")
end

-- A number, or nothing where 0 stands for not known.
local function unlessZero(value)
    return value > 0 and string.format("%d", value) or ""
end

local function timeOf(seconds)
    return seconds > 0 and (utcTimestamp(seconds) or "") or ""
end

local function state(____bindingPattern0)
    local report
    report = ____bindingPattern0.alert.report
    return report.stateName
end

local function output(____bindingPattern0)
    local report
    report = ____bindingPattern0.alert.report
    return outputLines(report.output, report.longOutput).first
end

-- What {output} says in a text that says the state, too: nothing twice.
local function outputBesideState(____bindingPattern0)
    local report
    report = ____bindingPattern0.alert.report
    return withoutState(
        outputLines(report.output, report.longOutput).first,
        report.stateName
    )
end
local PLACEHOLDERS = {
    resource = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return nameOf(alert)
    end,
    host = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.hostName
    end,
    service = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.serviceDescription
    end,
    state = state,
    output = output,
    long_output = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return outputLines(report.output, report.longOutput).further
    end,
    severity = function(____bindingPattern0)
        local severity
        severity = ____bindingPattern0.severity
        return severity
    end,
    class = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.className
    end,
    key = function(____bindingPattern0)
        local dedupKey
        dedupKey = ____bindingPattern0.alert.dedupKey
        return dedupKey
    end,
    alias = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.hostAlias
    end,
    address = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.hostAddress
    end,
    poller = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.poller
    end,
    hostgroups = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.hostGroups)
    end,
    servicegroups = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.serviceGroups)
    end,
    bvs = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.businessViews or ({}))
    end,
    categories = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.categories or ({}))
    end,
    criticality = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return unlessZero(place.criticality)
    end,
    criticality_name = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.criticalityName or ""
    end,
    attempt = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return unlessZero(report.attempt)
    end,
    max_attempts = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return unlessZero(report.maximumAttempts)
    end,
    since = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return timeOf(report.since)
    end,
    last_ok = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return timeOf(report.lastOk)
    end,
    notes = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return notesOf(alert)
    end,
    notes_url = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return notesUrlOf(alert)
    end,
    action_url = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return actionUrlOf(alert)
    end,
    downtime_comment = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.downtimeComment or ""
    end,
    acknowledged_by = function(____bindingPattern0)
        local acknowledgement
        acknowledgement = ____bindingPattern0.alert.acknowledgement
        return acknowledgement and acknowledgement.author or ""
    end
}
-- Those that need an argument.
local PLACEHOLDERS_FOR = {
    metric = function(____bindingPattern0, wanted)
        local report
        report = ____bindingPattern0.alert.report
        for ____, ____value in ipairs(parsePerfdata(report.perfdata, MOST_METRICS)) do
            local name = ____value.name
            local value = ____value.value
            local unit = ____value.unit
            if name == wanted and value ~= nil then
                return value .. unit
            end
        end
        return ""
    end,
    macro = function(____bindingPattern0, wanted)
        local place
        place = ____bindingPattern0.alert.place
        for ____, ____value in ipairs(place.customVariables or ({})) do
            local name = ____value.name
            local value = ____value.value
            if name == wanted then
                return value
            end
        end
        return ""
    end
}

-- Every placeholder there is, for a complaint.
local function knownPlaceholders()
    local known = {"{metric:name}", "{macro:NAME}"}
    for name in pairs(PLACEHOLDERS) do
        known[#known + 1] = ("{" .. name) .. "}"
    end
    table.sort(known)
    return table.concat(known, ", ")
end

-- What stands between braces: the placeholder, or what is wrong with it.
local function readPlaceholder(inner, customVariables)
    local kind, wanted = string.match(inner, "^(%a+):(.+)$")
    local ____temp_2
    if kind == nil then
        ____temp_2 = PLACEHOLDERS[inner]
    else
        ____temp_2 = PLACEHOLDERS_FOR[kind]
    end
    local placeholder = ____temp_2
    if placeholder == nil then
        return (("{" .. inner) .. "} is unknown; known are ") .. knownPlaceholders()
    end
    if kind ~= "macro" then
        return {placeholder = placeholder, argument = wanted or ""}
    end
    local variable = string.upper(wanted or "")
    if customVariables == nil then
        return {placeholder = placeholder, argument = variable}
    end
    for ____, name in ipairs(customVariables) do
        if name == variable then
            return {placeholder = placeholder, argument = variable}
        end
    end
    return ((("{" .. inner) .. "} has no value: add ") .. variable) .. " to pdy_custom_variables"
end

-- `template`, which does not say the state twice where it has both {state} and {output}.
local function sayingStateOnce(template)
    local saysState = false
    for ____, part in ipairs(template) do
        if type(part) ~= "string" and part.placeholder == state then
            saysState = true
        end
    end
    if not saysState then
        return template
    end
    local parts = {}
    for ____, part in ipairs(template) do
        local isOutput = type(part) ~= "string" and part.placeholder == output
        parts[#parts + 1] = isOutput and ({placeholder = outputBesideState, argument = ""}) or part
    end
    return parts
end

-- Reads a format. Gives the template, or what is wrong with it. `customVariables`: the names, in capitals, that
-- `{macro:…}` may ask for: others are not collected. Undefined: any, see `macrosIn`.
function exports.readTemplate(text, customVariables)
    local parts = {}
    local position = 1
    while true do
        local opening = string.find(text, "{", position, true)
        local literal = string.sub(text, position, (opening or #text + 1) - 1)
        if literal ~= "" then
            parts[#parts + 1] = literal
        end
        if opening == nil then
            return sayingStateOnce(parts)
        end
        local closing = string.find(text, "}", opening, true)
        if closing == nil then
            return "a { without its }"
        end
        local read = readPlaceholder(
            string.sub(text, opening + 1, closing - 1),
            customVariables
        )
        if type(read) == "string" then
            return read
        end
        parts[#parts + 1] = read
        position = closing + 1
    end
end

-- The custom variables that `template` asks for.
function exports.macrosIn(template)
    local names = {}
    for ____, part in ipairs(template) do
        if type(part) ~= "string" and part.placeholder == PLACEHOLDERS_FOR.macro then
            names[#names + 1] = part.argument
        end
    end
    return names
end

-- The text that `template` makes of `subject`: any bytes, of any length.
function exports.fillTemplate(template, subject)
    local parts = {}
    for ____, part in ipairs(template) do
        parts[#parts + 1] = type(part) == "string" and part or part.placeholder(subject, part.argument)
    end
    return table.concat(parts)
end
return exports
 end,

-- -------------------- src/pagerduty/links.ts --------------------
["src.pagerduty.links"] = function(...)
-- Links that a responder can open: the addresses of Centreon's pages, the administrator's own, and the shapes PagerDuty
-- wants. Where a link stands in an event is compose's business.
local exports = {}
local ____json = require("src.text.json")
local encode = ____json.encode
local ____lines = require("src.text.lines")
local oneLine = ____lines.oneLine
local ____url = require("src.text.url")
local escapeUrl = ____url.escapeUrl
local urlEncode = ____url.urlEncode
local ____utf8 = require("src.text.utf8")
local cutToCharacters = ____utf8.cutToCharacters
local validUtf8 = ____utf8.validUtf8
local ____template = require("src.pagerduty.template")
local fillTemplate = ____template.fillTemplate
-- The path of Centreon's pages, unless its administrator changed it.
local DEFAULT_PATH = "/centreon"
-- Longest address that web servers take (Apache's LimitRequestLine is 8190).
local MAXIMUM_ADDRESS_BYTES = 8190
-- Most characters of a link's text; longer ones are somebody's mistake.
local MAXIMUM_TEXT_CHARACTERS = 256

-- The pages of the Centreon at `url`. People paste the address of the site or that of a page: a path in it is the pages'
-- own, up to the first `/centreon`.
local function pagesAt(url)
    local address = string.match(url, "^[^?#]*")
    local site, path = string.match(address or "", "^(%a+://[^/]*)(.-)/*$")
    local base = string.match((path or "") .. "/", ("^(.-" .. DEFAULT_PATH) .. ")/")
    return {site = site or "", path = base or ((path == nil or path == "") and DEFAULT_PATH or path)}
end

-- What Resources Status is asked to show. The JSON is the page's own (centreon/centreon, www/front_src/src/Resources;
-- getDetailsPanelQueriers). Its uuid marks the line in the list, no more.
local function detailsOf(____bindingPattern0, ____bindingPattern1, path)
    local serviceId
    local hostId
    local kind
    kind = ____bindingPattern0.kind
    hostId = ____bindingPattern0.hostId
    serviceId = ____bindingPattern0.serviceId
    local isAnomalyDetection
    local metaServiceId
    metaServiceId = ____bindingPattern1.metaServiceId
    isAnomalyDetection = ____bindingPattern1.isAnomalyDetection
    local endpoint = path .. "/api/latest/monitoring/resources"

    local function panel(id, address, pageType, uuid, parentId, parentType)
        return {
            {"id", id},
            {"parentId", parentId},
            {"parentType", parentType},
            {
                "resourcesDetailsEndpoint",
                string.format("%s/%s/%d", endpoint, address, id)
            },
            {"tab", "details"},
            {"type", pageType},
            {
                "uuid",
                string.format("%s%d", uuid, id)
            }
        }
    end
    if kind == "host" then
        return panel(hostId, "hosts", "host", "h")
    end
    if metaServiceId ~= nil and metaServiceId > 0 then
        return panel(metaServiceId, "metaservices", "metaservice", "m")
    end
    if isAnomalyDetection == true then
        return panel(serviceId, "anomaly-detection", "anomaly-detection", "a")
    end
    local host = string.format("%d", hostId)
    return panel(
        serviceId,
        ("hosts/" .. host) .. "/services",
        "service",
        ("h" .. host) .. "-s",
        hostId,
        "host"
    )
end

-- The address of the page that shows `resource` in the Centreon at `url`; undefined when there is none.
local function pageOf(resource, placement, url)
    local ____pagesAt_result_0 = pagesAt(url)
    local site = ____pagesAt_result_0.site
    local path = ____pagesAt_result_0.path
    if resource.hostId ~= nil then
        local fields = detailsOf(resource, placement, path)
        return ((site .. path) .. "/monitoring/resources?details=") .. urlEncode(encode({fields = fields}))
    end
    if resource.kind == "storm" then
        return (site .. path) .. "/monitoring/resources"
    end
    local ____resource_1 = resource
    local kind = ____resource_1.kind
    local id = ____resource_1.id
    -- Centreon's own widgets and search lead there; Resources Status does not show these (www/front_src, 25.x).
    if kind == "business activity" then
        return string.format("%s%s/main.php?p=20701&o=d&ba_id=%d", site, path, id)
    end
    if kind == "poller" then
        return string.format("%s%s/main.php?p=60901&o=c&server_id=%d", site, path, id)
    end
    return nil
end

-- `url` as PagerDuty gets it; undefined when it is not one with such a scheme, or too long for anybody.
local function addressWith(scheme, url)
    local found, rest = string.match(url, "^(%a+)(://[^%s].*)$")
    if found == nil or rest == nil or #url > MAXIMUM_ADDRESS_BYTES then
        return nil
    end
    local lower = string.lower(found)
    local ____temp_2
    if (string.find(lower, scheme)) == nil then
        ____temp_2 = nil
    else
        ____temp_2 = escapeUrl(lower .. rest)
    end
    return ____temp_2
end

-- Adds a link to `links`, or nothing when `url` is not an address a browser could open.
function exports.appendLink(links, url, text)
    local href = addressWith("^https?$", url)
    if href == nil then
        return
    end
    links[#links + 1] = {fields = {{"href", href}, {"text", text}}}
end

-- Adds the link to the page that shows `resource` in the Centreon at `url`, where there is one. An empty `url`: none.
function exports.appendCentreonLink(links, resource, placement, url)
    local ____temp_3
    if url == "" then
        ____temp_3 = nil
    else
        ____temp_3 = pageOf(resource, placement, url)
    end
    local page = ____temp_3
    if page ~= nil then
        exports.appendLink(links, page, "Open in Centreon")
    end
end

-- Adds an image to `images`, or nothing when `url` is not an address from which PagerDuty loads one: https.
local function appendImage(images, url, text)
    local src = addressWith("^https$", url)
    if src == nil then
        return
    end
    images[#images + 1] = {fields = {{"src", src}, {"alt", text}}}
end

-- The address that `template` makes of `subject`: each value encoded, but for one at the beginning, which is an address itself.
-- Undefined where it has placeholders, and none of them has anything to say: it would lead to nothing in particular.
local function addressOf(template, subject)
    local parts = {}
    local placeholders = 0
    local answers = 0
    for ____, part in ipairs(template) do
        if type(part) == "string" then
            parts[#parts + 1] = part
        else
            local value = part.placeholder(subject, part.argument)
            placeholders = placeholders + 1
            if value ~= "" then
                answers = answers + 1
            end
            parts[#parts + 1] = #parts == 0 and value or urlEncode(value)
        end
    end
    local ____temp_4
    if placeholders > 0 and answers == 0 then
        ____temp_4 = nil
    else
        ____temp_4 = table.concat(parts)
    end
    return ____temp_4
end

local function appendOwn(items, templates, subject, append)
    for ____, ____value in ipairs(templates) do
        local text = ____value.text
        local address = ____value.address
        local url = addressOf(address, subject)
        if url ~= nil then
            local shown = cutToCharacters(
                oneLine(validUtf8(fillTemplate(text, subject))),
                MAXIMUM_TEXT_CHARACTERS
            )
            append(items, url, shown)
        end
    end
end

-- Adds the administrator's links to `links`.
function exports.appendOwnLinks(links, templates, subject)
    appendOwn(links, templates, subject, exports.appendLink)
end

-- The administrator's images; undefined when there is none.
function exports.imagesOf(templates, subject)
    local items = {}
    appendOwn(items, templates, subject, appendImage)
    local ____temp_5
    if #items == 0 then
        ____temp_5 = nil
    else
        ____temp_5 = {items = items}
    end
    return ____temp_5
end
return exports
 end,

-- -------------------- src/rules/rule.ts --------------------
["src.rules.rule"] = function(...)
-- A rule: which problems it speaks of, and what it says of them; and which of several rules decides. Reads neither the
-- file nor the parameters.
local exports = {}
-- The origin of the rules that stand in a file.
exports.RULES_FILE = "pdy_rules_file"

-- How the log calls a rule.
function exports.wordsOf(____bindingPattern0)
    local origin
    local name
    name = ____bindingPattern0.name
    origin = ____bindingPattern0.origin
    return origin == exports.RULES_FILE and (("rule \"" .. name) .. "\" of ") .. exports.RULES_FILE or name
end

-- Why a rule keeps a problem from opening an alert, in words for the log.
function exports.rejectionBy(rule, subject)
    local ____opt_0 = rule.reason
    return ____opt_0 and ____opt_0(subject) or exports.wordsOf(rule) .. " says page = false"
end

-- Whether all of `tests` hold.
local function allHold(tests)
    local only = tests[1]
    if only == nil then
        return function() return true end
    end
    if #tests == 1 then
        return function(subject) return only(subject) == true end
    end
    return function(subject)
        for ____, test in ipairs(tests) do
            if test(subject) ~= true then
                return false
            end
        end
        return true
    end
end

-- What becomes of a rule that fits while all of `conditions` hold.
function exports.fitting(conditions)
    local inOrder = {}
    for ____, condition in ipairs(conditions) do
        inOrder[#inOrder + 1] = condition
    end
    table.sort(
        inOrder,
        function(left, right) return left.cost < right.cost end
    )
    local tests = {}
    local lasting = {}
    local changes = {}
    for ____, ____value in ipairs(inOrder) do
        local test = ____value.test
        local nextChange = ____value.nextChange
        tests[#tests + 1] = test
        if nextChange == nil then
            lasting[#lasting + 1] = test
        else
            changes[#changes + 1] = nextChange
        end
    end
    local fits = allHold(tests)
    if #changes == 0 then
        return {fits = fits}
    end
    local mayFit = allHold(lasting)

    local function changesAt(subject)
        if not mayFit(subject) then
            return nil
        end
        local earliest = math.huge
        for ____, nextChange in ipairs(changes) do
            earliest = math.min(
                earliest,
                nextChange()
            )
        end
        return earliest
    end
    return {fits = fits, changesAt = changesAt}
end

local function speaksOf(rule, kind)
    if rule.kinds == nil then
        return true
    end
    for ____, candidate in ipairs(rule.kinds) do
        if candidate == kind then
            return true
        end
    end
    return false
end
-- Things that are decided beforehand; texts are asked when an event is composed.
local DECIDED = {"page", "severity", "route", "wait"}

-- Whether the hours of a rule may change what is decided of a problem.
local function decidesByHours(rule)
    if rule.changesAt == nil then
        return false
    end
    for ____, thing in ipairs(DECIDED) do
        if rule[thing] ~= nil then
            return true
        end
    end
    return rule.stop == true
end

function exports.listOfRules(rules)
    local chains = {}

    local function chainOf(kind, thing)
        local ofKind = chains[kind]
        if ofKind == nil then
            ofKind = {}
            chains[kind] = ofKind
        end
        local known = ofKind[thing]
        if known ~= nil then
            return known
        end
        local chain = {}
        for ____, rule in ipairs(rules) do
            local ____temp_2
            if thing == "hours" then
                ____temp_2 = decidesByHours(rule)
            else
                ____temp_2 = rule[thing] ~= nil or rule.stop == true
            end
            local matters = ____temp_2
            if matters and speaksOf(rule, kind) then
                chain[#chain + 1] = rule
            end
        end
        ofKind[thing] = chain
        return chain
    end
    return {
        deciding = function(subject, thing)
            for ____, rule in ipairs(chainOf(subject.resource.kind, thing)) do
                if rule.fits(subject) then
                    local ____temp_5
                    if thing == "route" then
                        local ____opt_3 = rule.route
                        ____temp_5 = ____opt_3 and ____opt_3(subject)
                    else
                        ____temp_5 = rule[thing]
                    end
                    local said = ____temp_5
                    if said ~= nil then
                        return rule
                    end
                    if rule.stop == true then
                        return nil
                    end
                end
            end
            return nil
        end,
        each = function(subject, thing, visit)
            for ____, rule in ipairs(chainOf(subject.resource.kind, thing)) do
                if rule.fits(subject) then
                    if rule[thing] ~= nil then
                        visit(rule)
                    end
                    if rule.stop == true then
                        return
                    end
                end
            end
        end,
        changesAt = function(subject)
            local earliest
            for ____, rule in ipairs(chainOf(subject.resource.kind, "hours")) do
                local ____opt_6 = rule.changesAt
                local change = ____opt_6 and ____opt_6(subject)
                if change ~= nil and (earliest == nil or change < earliest) then
                    earliest = change
                end
            end
            return earliest
        end
    }
end
return exports
 end,

-- -------------------- src/rules/filter.ts --------------------
["src.rules.filter"] = function(...)
-- The filters, accepted_ and rejected_ and so on, as rules: which problems may open an alert. What cannot be used is left
-- out, with a complaint: a slip in a filter must not cost a page. A filter can keep an alert from opening, never from being
-- resolved: that is the policy's, this only says why a problem is filtered out.
local exports = {}
local ____lists = require("src.settings.lists")
local NO_SEPARATOR = ____lists.NO_SEPARATOR
local listOf = ____lists.listOf
local ____parameters = require("src.settings.parameters")
local PARAMETERS = ____parameters.PARAMETERS
local ____patterns = require("src.settings.patterns")
local patternProblem = ____patterns.patternProblem
local ____pattern_advice = require("src.rules.pattern_advice")
local complainOfDoubt = ____pattern_advice.complainOfDoubt
local costOf = ____pattern_advice.costOf

local function namesIn(accepted, rejected)
    return {
        accepted = listOf(accepted, ","),
        rejected = listOf(rejected, ",")
    }
end

local function contains(list, name)
    for ____, item in ipairs(list) do
        if item == name then
            return true
        end
    end
    return false
end

-- Why `names` do not pass `lists`, or undefined. `what` is the parameters' word for them.
local function rejectedNames(names, lists, what)
    for ____, name in ipairs(names) do
        if contains(lists.rejected, name) then
            return (name .. " is in rejected_") .. what
        end
    end
    if #lists.accepted == 0 then
        return nil
    end
    for ____, name in ipairs(names) do
        if contains(lists.accepted, name) then
            return nil
        end
    end
    return "it is in none of accepted_" .. what
end

-- Why a name does not pass lists of Lua patterns, or undefined.
local function rejectedByPattern(name, patterns, what)
    for ____, pattern in ipairs(patterns.rejected) do
        if (string.find(name, pattern)) ~= nil then
            return (("its name fits rejected_" .. what) .. " ") .. pattern
        end
    end
    if #patterns.accepted == 0 then
        return nil
    end
    for ____, pattern in ipairs(patterns.accepted) do
        if (string.find(name, pattern)) ~= nil then
            return nil
        end
    end
    return "its name fits none of accepted_" .. what
end

local function holds(left, operator, right)
    if operator == "<" then
        return left < right
    end
    if operator == "<=" then
        return left <= right
    end
    if operator == ">" then
        return left > right
    end
    if operator == ">=" then
        return left >= right
    end
    local ____temp_0
    if operator == "==" then
        ____temp_0 = left == right
    else
        ____temp_0 = left ~= right
    end
    return ____temp_0
end

-- Why a criticality (0: none) does not pass, or undefined. A resource without one passes no threshold.
local function rejectedCriticality(criticality, threshold, operator, what)
    if criticality > 0 and holds(threshold, operator, criticality) then
        return nil
    end
    return string.format("its criticality %d does not pass %s_severity_threshold", criticality, what)
end

local function rejectedState(state, states)
    for ____, accepted in ipairs(states) do
        if accepted == state then
            return nil
        end
    end
    return string.format("state %d is not among those that alert", state)
end

-- The patterns of a parameter, one or several; those that cannot be used are left out.
local function patternsOf(name, settings, complaints)
    local isSplit = settings[name .. "_enable_split_pattern"]
    local separator = isSplit and settings[name .. "_split_character"] or NO_SEPARATOR
    local several = isSplit and "separate several patterns by " .. separator or (("for several patterns set " .. name) .. "_enable_split_pattern to 1, and separate them by ") .. settings[name .. "_split_character"]
    local usable = {}
    for ____, pattern in ipairs(listOf(settings[name], separator)) do
        local problem = patternProblem(pattern)
        local ____temp_1
        if problem == nil then
            ____temp_1 = costOf(pattern, several)
        else
            ____temp_1 = nil
        end
        local cost = ____temp_1
        if problem ~= nil then
            complaints[#complaints + 1] = {isError = true, text = ((((("parameter " .. name) .. ": \"") .. pattern) .. "\" is no Lua pattern (") .. problem) .. "); it is left out"}
        elseif cost ~= nil then
            complaints[#complaints + 1] = {isError = true, text = ((((("parameter " .. name) .. ": \"") .. pattern) .. "\" could hold up the broker for minutes (") .. cost) .. "); it is left out"}
        else
            complainOfDoubt(name, pattern, several, complaints)
            usable[#usable + 1] = pattern
        end
    end
    return usable
end

local function patternLists(what, settings, complaints)
    return {
        accepted = patternsOf("accepted_" .. what, settings, complaints),
        rejected = patternsOf("rejected_" .. what, settings, complaints)
    }
end

-- The states in a list; of a list in which none can be used those of the default.
local function statesOf(name, text, complaints)
    local states = {}
    for ____, item in ipairs(listOf(text, ",")) do
        local state = tonumber(item)
        if state ~= nil then
            states[#states + 1] = state
        else
            complaints[#complaints + 1] = {isError = true, text = ((("parameter " .. name) .. ": \"") .. item) .. "\" is no state: expected numbers such as 1,2; it is left out"}
        end
    end
    return #states > 0 and states or statesOf(name, PARAMETERS[name].fallback, complaints)
end
-- The elements by which accepted_elements names kinds of problems; a poller's silence is nobody's to filter.
local KIND_OF_ELEMENT = {host_status = "host", service_status = "service", ba_status = "business activity"}
-- Elements that the predecessor knows too; they open no alerts of their own.
local OTHER_ELEMENTS = {acknowledgement = true, downtime = true, kpi_status = true}

-- The kinds that `accepted_elements` names.
local function acceptedKinds(settings, complaints)
    local kinds = {}
    for ____, element in ipairs(listOf(settings.accepted_elements, ",")) do
        local kind = KIND_OF_ELEMENT[element]
        if kind ~= nil then
            kinds[kind] = true
        elseif OTHER_ELEMENTS[element] ~= true then
            complaints[#complaints + 1] = {isError = true, text = ("parameter accepted_elements: \"" .. element) .. "\" is unknown: expected host_status, service_status, ba_status; it is left out"}
        end
    end
    return kinds
end

-- A rule by which problems open no alert where `reason` gives one; what is only named is no problem's.
local function rejecting(name, kinds, reason)

    local function reasonOf(subject)
        local ____temp_2
        if subject.place == nil then
            ____temp_2 = nil
        else
            ____temp_2 = reason(subject.place, subject)
        end
        return ____temp_2
    end
    return {
        name = name,
        origin = name,
        kinds = kinds,
        fits = function(subject) return reasonOf(subject) ~= nil end,
        page = false,
        reason = reasonOf
    }
end
local HOSTS_AND_SERVICES = {"host", "service"}

-- The filters in the order in which they are looked at.
function exports.filterRules(settings, complaints)
    local rules = {}
    local accepted = acceptedKinds(settings, complaints)

    local function byState(kind, name)
        local states = accepted[kind] ~= nil and statesOf(name, settings[name], complaints) or ({})
        -- A change has no state.
        rules[#rules + 1] = rejecting(
            name,
            {kind},
            function(_place, ____bindingPattern0)
                local facts
                facts = ____bindingPattern0.facts
                local ____temp_3
                if facts == nil then
                    ____temp_3 = nil
                else
                    ____temp_3 = rejectedState(facts.state, states)
                end
                return ____temp_3
            end
        )
    end

    local function byLists(what, kinds, lists, reason)
        local names = {}
        if #lists.accepted > 0 then
            names[#names + 1] = "accepted_" .. what
        end
        if #lists.rejected > 0 then
            names[#names + 1] = "rejected_" .. what
        end
        if #names > 0 then
            rules[#rules + 1] = rejecting(
                table.concat(names, ", "),
                kinds,
                reason
            )
        end
    end
    byState("host", "host_status")
    byState("service", "service_status")
    byState("business activity", "ba_status")
    local hostGroups = namesIn(settings.accepted_hostgroups, settings.rejected_hostgroups)
    byLists(
        "hostgroups",
        HOSTS_AND_SERVICES,
        hostGroups,
        function(place) return rejectedNames(place.hostGroups, hostGroups, "hostgroups") end
    )
    local pollers = namesIn(settings.accepted_pollers, settings.rejected_pollers)
    byLists(
        "pollers",
        {"host", "service", "poller"},
        pollers,
        function(place, ____bindingPattern0)
            local resource
            resource = ____bindingPattern0.resource
            return rejectedNames({resource.kind == "poller" and place.hostName or place.poller}, pollers, "pollers")
        end
    )
    local hosts = patternLists("hosts", settings, complaints)
    byLists(
        "hosts",
        HOSTS_AND_SERVICES,
        hosts,
        function(place) return rejectedByPattern(place.hostName, hosts, "hosts") end
    )
    local serviceGroups = namesIn(settings.accepted_servicegroups, settings.rejected_servicegroups)
    byLists(
        "servicegroups",
        {"service"},
        serviceGroups,
        function(place) return rejectedNames(place.serviceGroups, serviceGroups, "servicegroups") end
    )
    local services = patternLists("services", settings, complaints)
    byLists(
        "services",
        {"service"},
        services,
        function(place) return rejectedByPattern(place.serviceDescription, services, "services") end
    )
    local businessViews = namesIn(settings.accepted_bvs, settings.rejected_bvs)
    byLists(
        "bvs",
        {"business activity"},
        businessViews,
        function(place) return rejectedNames(place.businessViews or ({}), businessViews, "bvs") end
    )
    for ____, kind in ipairs(HOSTS_AND_SERVICES) do
        local threshold = settings[kind .. "_severity_threshold"]
        local operator = settings[kind .. "_severity_operator"]
        if threshold ~= 0 then
            rules[#rules + 1] = rejecting(
                kind .. "_severity_threshold",
                {kind},
                function(place) return rejectedCriticality(place.criticality, threshold, operator, kind) end
            )
        end
    end
    rules[#rules + 1] = rejecting(
        "respect_notification_settings",
        HOSTS_AND_SERVICES,
        function(_place, ____bindingPattern0)
            local unnotified
            unnotified = ____bindingPattern0.unnotified
            return unnotified
        end
    )
    return rules
end

-- Whose acknowledgements count.
function exports.authorLists(settings)
    return namesIn(settings.accepted_authors, settings.rejected_authors)
end

-- Why an acknowledgement does not count, in words for the log; undefined when it does. `author` is undefined while
-- nobody knows whose it is: where only some people's count, such a one does not. Better a page too many.
function exports.authorRejection(authors, author)
    if #authors.accepted == 0 and #authors.rejected == 0 then
        return nil
    end
    if author == nil then
        return "nobody knows whose it is"
    end
    if contains(authors.rejected, author) then
        return author .. " is in rejected_authors"
    end
    if #authors.accepted == 0 or contains(authors.accepted, author) then
        return nil
    end
    return author .. " is not in accepted_authors"
end
return exports
 end,

-- -------------------- src/rules/formats.ts --------------------
["src.rules.formats"] = function(...)
-- The texts of alerts that an administrator writes: summary, details, links and images; of parameters and of rules. What
-- cannot be used is left out, with a complaint.
local exports = {}
local ____template = require("src.pagerduty.template")
local readTemplate = ____template.readTemplate
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf

-- The names of the custom variables that pdy_custom_variables lists, as events spell them.
function exports.customVariablesOf(settings)
    return listOf(
        string.upper(settings.pdy_custom_variables),
        ","
    )
end

-- The summary's template; undefined when none is set, or it cannot be used.
local function summaryTemplate(settings, complaints)
    if settings.pdy_summary_format == "" then
        return nil
    end
    local template = readTemplate(
        settings.pdy_summary_format,
        exports.customVariablesOf(settings)
    )
    if type(template) ~= "string" then
        return template
    end
    complaints[#complaints + 1] = {isError = true, text = ("parameter pdy_summary_format: " .. template) .. "; the usual summary is used instead"}
    return nil
end

local function detailTemplates(settings, complaints)
    local templates = {}
    for ____, item in ipairs(listOf(settings.pdy_details_format, ";")) do
        local name, text = string.match(item, "^([%w_]+)%s*=%s*(.+)$")
        local template = (name == nil or text == nil) and "expected `name=text`, such as `rack={macro:RACK}`" or readTemplate(
            text,
            exports.customVariablesOf(settings)
        )
        if name ~= nil and type(template) ~= "string" then
            templates[#templates + 1] = {name = name, template = template}
        else
            complaints[#complaints + 1] = {isError = true, text = (("parameter pdy_details_format: \"" .. item) .. "\" is left out: ") .. template}
        end
    end
    return templates
end
-- What an address may begin with; a placeholder at the beginning is looked at when it is filled in.
local ADDRESS_BEGINNINGS = {links = "https?://[^%s/]", images = "https://[^%s/]"}

-- Reads a link or an image. Gives it, or what is wrong with it. `customVariables`: those that `{macro:…}` may ask for;
-- undefined: any.
function exports.readLink(kind, textFormat, addressFormat, customVariables)
    local isAddress = string.sub(addressFormat, 1, 1) == "{" or (string.find(
        string.lower(addressFormat),
        "^" .. ADDRESS_BEGINNINGS[kind]
    )) ~= nil
    if not isAddress then
        return kind == "links" and "its address must begin with https:// (or http://), or with a placeholder" or "its address must begin with https://, or with a placeholder: PagerDuty loads no other"
    end
    local text = readTemplate(textFormat, customVariables)
    if type(text) == "string" then
        return text
    end
    local address = readTemplate(addressFormat, customVariables)
    return type(address) == "string" and address or ({text = text, address = address})
end

local function linkTemplates(kind, settings, complaints)
    local name = "pdy_" .. kind
    local templates = {}
    for ____, item in ipairs(listOf(settings[name], ";")) do
        local text, address = string.match(item, "^([^=]-)%s*=%s*(.+)$")
        local link = (text == nil or address == nil or text == "") and "expected `text=address`, such as `Runbook=https://wiki.example.com/{service}`" or exports.readLink(
            kind,
            text,
            address,
            exports.customVariablesOf(settings)
        )
        if type(link) ~= "string" then
            templates[#templates + 1] = link
        else
            complaints[#complaints + 1] = {isError = true, text = (((("parameter " .. name) .. ": \"") .. item) .. "\" is left out: ") .. link}
        end
    end
    return templates
end

local function rule(name)
    return {
        name = name,
        origin = name,
        fits = function() return true end
    }
end

-- The rules for texts.
function exports.formatRules(settings, complaints)
    local rules = {}
    local summary = summaryTemplate(settings, complaints)
    if summary ~= nil then
        local ofSummary = rule("pdy_summary_format")
        ofSummary.summary = summary
        rules[#rules + 1] = ofSummary
    end
    local details = detailTemplates(settings, complaints)
    if #details > 0 then
        local ofDetails = rule("pdy_details_format")
        ofDetails.details = details
        rules[#rules + 1] = ofDetails
    end
    for ____, kind in ipairs({"links", "images"}) do
        local templates = linkTemplates(kind, settings, complaints)
        if #templates > 0 then
            local ofLinks = rule("pdy_" .. kind)
            ofLinks[kind] = templates
            rules[#rules + 1] = ofLinks
        end
    end
    return rules
end
return exports
 end,

-- -------------------- src/rules/conditions.ts --------------------
["src.rules.conditions"] = function(...)
-- What conditions of rules look at: a name, one of several, a number, a text of the check. What they are compared with is
-- given as a matcher. Reads neither the file nor the parameters.
local exports = {}
local ____alert = require("src.alerts.alert")
local sharedIfEmpty = ____alert.sharedIfEmpty
local ____lines = require("src.text.lines")
local outputLines = ____lines.outputLines
local ____perfdata = require("src.text.perfdata")
local parsePerfdata = ____perfdata.parsePerfdata
-- What it costs to ask, roughly.
exports.COST = {
    number = 1,
    name = 2,
    names = 3,
    hours = 4,
    severity = 5,
    text = 6,
    metrics = 7
}
local NAME_OF = {
    host = function(resource, place) return resource.hostId ~= nil and place.hostName or nil end,
    service = function(resource, place) return resource.kind == "service" and place.serviceDescription or nil end,
    poller = function(resource, place) return resource.kind == "poller" and place.hostName or place.poller end,
    business_activity = function(resource, place) return resource.kind == "business activity" and place.hostName or nil end
}
local NONE = sharedIfEmpty({})
local NAMES_OF = {
    host_group = function(place) return place.hostGroups end,
    service_group = function(place) return place.serviceGroups end,
    category = function(place) return place.categories or NONE end,
    business_view = function(place) return place.businessViews or NONE end
}

function exports.nameTest(field, matches)
    local nameOf = NAME_OF[field]
    return function(____bindingPattern0)
        local place
        local resource
        resource = ____bindingPattern0.resource
        place = ____bindingPattern0.place
        if place == nil then
            return nil
        end
        local name = nameOf(resource, place)
        return name ~= nil and matches(name)
    end
end

-- Whether one of several names is meant.
function exports.namesTest(field, matches)
    local namesOf = NAMES_OF[field]
    return function(____bindingPattern0)
        local place
        place = ____bindingPattern0.place
        if place == nil then
            return nil
        end
        for ____, name in ipairs(namesOf(place)) do
            if matches(name) then
                return true
            end
        end
        return false
    end
end

-- By the level; 0 for none.
function exports.criticalityTest(matches)
    return function(____bindingPattern0)
        local place
        place = ____bindingPattern0.place
        local ____temp_0
        if place == nil then
            ____temp_0 = nil
        else
            ____temp_0 = matches(place.criticality)
        end
        return ____temp_0
    end
end

-- What `read` makes of a report, read once where many rules ask of the same one: a report never changes.
local function readOnce(read)
    local last
    local value
    return function(report)
        if report ~= last then
            value = read(report)
            last = report
        end
        return value
    end
end
local linesOf = readOnce(function(____bindingPattern0)
    local longOutput
    local output
    output = ____bindingPattern0.output
    longOutput = ____bindingPattern0.longOutput
    return outputLines(output, longOutput)
end)

-- By the first line of the check's output.
function exports.outputTest(matches)
    return function(____bindingPattern0)
        local report
        report = ____bindingPattern0.report
        local ____temp_1
        if report == nil then
            ____temp_1 = nil
        else
            ____temp_1 = matches(linesOf(report).first)
        end
        return ____temp_1
    end
end

-- By the lines after the first.
function exports.longOutputTest(matches)
    return function(____bindingPattern0)
        local report
        report = ____bindingPattern0.report
        local ____temp_2
        if report == nil then
            ____temp_2 = nil
        else
            ____temp_2 = matches(linesOf(report).further)
        end
        return ____temp_2
    end
end

-- By a custom variable; one that is not there, or empty, is none of those that are meant.
function exports.macroTest(variable, matches)
    return function(____bindingPattern0)
        local place
        place = ____bindingPattern0.place
        if place == nil then
            return nil
        end
        for ____, ____value in ipairs(place.customVariables or ({})) do
            local name = ____value.name
            local value = ____value.value
            if name == variable and value ~= "" then
                return matches(value)
            end
        end
        return false
    end
end
-- Most metrics that are looked through, as many as an alert shows.
local MOST_METRICS = 100
local metricsOf = readOnce(function(____bindingPattern0)
    local perfdata
    perfdata = ____bindingPattern0.perfdata
    return parsePerfdata(perfdata, MOST_METRICS)
end)

-- By a metric that has such a name, and whose value is as it is asked for.
function exports.metricTest(matches, isMeant)
    return function(____bindingPattern0)
        local report
        report = ____bindingPattern0.report
        if report == nil then
            return nil
        end
        for ____, ____value in ipairs(metricsOf(report)) do
            local name = ____value.name
            local value = ____value.value
            local ____temp_3
            if value == nil or not matches(name) then
                ____temp_3 = nil
            else
                ____temp_3 = tonumber(value)
            end
            local number = ____temp_3
            if number ~= nil and isMeant(number) then
                return true
            end
        end
        return false
    end
end

-- The condition turned round.
function exports.negated(test)
    return function(subject)
        local answer = test(subject)
        local ____temp_4
        if answer == nil then
            ____temp_4 = nil
        else
            ____temp_4 = not answer
        end
        return ____temp_4
    end
end
return exports
 end,

-- -------------------- src/rules/routes.ts --------------------
["src.rules.routes"] = function(...)
-- Which team an alert goes to: pdy_routes as rules. What cannot be used is left out, with a complaint.
local exports = {}
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
local ____parameters = require("src.settings.parameters")
local ROUTING_KEY_PREFIX = ____parameters.ROUTING_KEY_PREFIX
local ____conditions = require("src.rules.conditions")
local COST = ____conditions.COST
local criticalityTest = ____conditions.criticalityTest
local nameTest = ____conditions.nameTest
local namesTest = ____conditions.namesTest
local ____pattern_advice = require("src.rules.pattern_advice")
local complainOfDoubt = ____pattern_advice.complainOfDoubt
local refusalOf = ____pattern_advice.refusalOf
local ____rule = require("src.rules.rule")
local fitting = ____rule.fitting

-- By a Lua pattern that fits any part of a name, unless it says otherwise.
local function byPattern(pattern)
    return function(name) return (string.find(name, pattern)) ~= nil end
end
-- What a condition may look at; a pattern is for names.
local TEST_OF = {
    hostgroup = function(pattern) return namesTest(
        "host_group",
        byPattern(pattern)
    ) end,
    servicegroup = function(pattern) return namesTest(
        "service_group",
        byPattern(pattern)
    ) end,
    poller = function(pattern) return nameTest(
        "poller",
        byPattern(pattern)
    ) end,
    host = function(pattern) return nameTest(
        "host",
        byPattern(pattern)
    ) end,
    service = function(pattern) return nameTest(
        "service",
        byPattern(pattern)
    ) end,
    ba = function(pattern) return nameTest(
        "business_activity",
        byPattern(pattern)
    ) end,
    bv = function(pattern) return namesTest(
        "business_view",
        byPattern(pattern)
    ) end,
    criticality = function(level) return criticalityTest(function(given) return given > 0 and given <= (tonumber(level) or 0) end) end
}
local A_RULE_FOR_EACH = "write a rule for each of several patterns"

-- The conditions of a rule: `hostgroup ^db$ and service Ping`. An "and" within a name is followed by none of our words.
local function conditionsIn(text)
    local parts = {}
    local start = 1
    local position = 1
    while true do
        local from, ____, next, subject = string.find(text, "%s+and%s+()(%a+)%s+%S", position)
        if from == nil then
            break
        end
        position = next
        if TEST_OF[subject] ~= nil then
            parts[#parts + 1] = string.sub(text, start, from - 1)
            start = position
        end
    end
    parts[#parts + 1] = string.sub(text, start)
    return parts
end

-- What a condition looks at, and what for; the latter may be empty.
local function partsOf(condition)
    local subject, pattern = string.match(condition .. " ", "^(%a+)%s+(.-)%s*$")
    return subject or "", pattern or ""
end
local EXPECTED = "expected `what pattern -> name`, such as `hostgroup ^Databases$ -> dba`"

-- Reads one condition, `what pattern`. Gives it, or what is wrong with it.
local function readCondition(text)
    local subject, pattern = partsOf(text)
    if subject == "" then
        return EXPECTED
    end
    local testOf = TEST_OF[subject]
    if testOf == nil then
        return subject .. " is unknown: expected hostgroup, servicegroup, poller, host, service, ba, bv or criticality"
    end
    if subject == "criticality" then
        if tonumber(pattern) == nil then
            return ("\"" .. pattern) .. "\" is no criticality level"
        end
        return {
            test = testOf(pattern),
            cost = COST.number
        }
    end
    return refusalOf(pattern, A_RULE_FOR_EACH) or ({
        test = testOf(pattern),
        cost = COST.name
    })
end

-- Reads one rule, `what pattern -> name`, perhaps with several conditions. Gives it, or what is wrong with it.
local function readRoute(text, routingKeys)
    local what, route = string.match(text, "^(.-)%s*%->%s*([%w_]+)$")
    if what == nil or route == nil then
        return EXPECTED
    end
    local conditions = {}
    for ____, part in ipairs(conditionsIn(what)) do
        local condition = readCondition(part)
        if type(condition) == "string" then
            return condition
        end
        conditions[#conditions + 1] = condition
    end
    if routingKeys[route] == nil then
        return ("there is no usable parameter " .. ROUTING_KEY_PREFIX) .. route
    end
    return {
        name = ("pdy_routes \"" .. text) .. "\"",
        origin = "pdy_routes",
        fits = fitting(conditions).fits,
        route = function() return route end
    }
end

-- Says of each pattern of a rule that it may not do what was meant.
local function complainOfDoubts(text, complaints)
    local what = string.match(text, "^(.-)%s*%->")
    for ____, part in ipairs(conditionsIn(what or "")) do
        local subject, pattern = partsOf(part)
        if subject ~= "criticality" then
            complainOfDoubt("pdy_routes", pattern, A_RULE_FOR_EACH, complaints)
        end
    end
end

-- The rules in pdy_routes, in their order.
function exports.routeRules(text, routingKeys, complaints)
    local rules = {}
    for ____, item in ipairs(listOf(text, ";")) do
        local rule = readRoute(item, routingKeys)
        if type(rule) == "string" then
            complaints[#complaints + 1] = {isError = true, text = (("parameter pdy_routes: \"" .. item) .. "\" is left out: ") .. rule}
        else
            complainOfDoubts(item, complaints)
            rules[#rules + 1] = rule
        end
    end
    return rules
end
return exports
 end,

-- -------------------- src/rules/severity.ts --------------------
["src.rules.severity"] = function(...)
-- The severities of Centreon's states, severity_ and so on, as rules, raised or lowered by criticality.
local exports = {}
local ____alert = require("src.alerts.alert")
local isSeverity = ____alert.isSeverity
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
local ____conditions = require("src.rules.conditions")
local COST = ____conditions.COST
local criticalityTest = ____conditions.criticalityTest
local ____rule = require("src.rules.rule")
local fitting = ____rule.fitting
-- The severity of a problem in a state that Centreon does not have: better one page too loud than one too quiet.
exports.SEVERITY_OF_UNKNOWN = "critical"
-- From the least to the gravest; a step moves along it.
local LADDER = {"info", "warning", "error", "critical"}

-- The severity `steps` above `severity`, within the ladder.
local function moved(severity, steps)
    for index, candidate in ipairs(LADDER) do
        if candidate == severity then
            local target = math.max(
                1,
                math.min(#LADDER, index + steps)
            )
            return LADDER[target] or severity
        end
    end
    return severity
end
-- The state of the observations of a silent poller.
local SILENT = 2
-- The parameter that says how grave a state is. A poller is silent or it is not.
local PARAMETER_OF_STATE = {
    {"host", 1, "severity_host_down"},
    {"host", 2, "severity_host_unreachable"},
    {"service", 1, "severity_service_warning"},
    {"service", 2, "severity_service_critical"},
    {"service", 3, "severity_service_unknown"},
    {"business activity", 1, "severity_ba_warning"},
    {"business activity", 2, "severity_ba_critical"},
    {"business activity", 3, "severity_ba_unknown"},
    {"poller", SILENT, "severity_poller_silent"}
}

local function stepsByCriticality(text, complaints)
    local steps = {}
    for ____, item in ipairs(listOf(text, ",")) do
        local level, count = string.match(item, "^(%d+)%s*:%s*([+-]?%d+)$")
        local ____temp_0
        if level == nil then
            ____temp_0 = nil
        else
            ____temp_0 = tonumber(level)
        end
        local levelNumber = ____temp_0
        local ____temp_1
        if count == nil then
            ____temp_1 = nil
        else
            ____temp_1 = tonumber(count)
        end
        local countNumber = ____temp_1
        if levelNumber == nil or countNumber == nil then
            complaints[#complaints + 1] = {isError = true, text = ("parameter severity_by_criticality: \"" .. item) .. "\" cannot be read: expected level:steps, such as 1:+1; it is left out"}
        else
            -- Of a level that is there twice, the last word counts.
            table.insert(steps, 1, {level = levelNumber, steps = countNumber})
        end
    end
    return steps
end

local function stateCondition(state)
    return {
        test = function(____bindingPattern0)
            local facts
            facts = ____bindingPattern0.facts
            local ____temp_2
            if facts == nil then
                ____temp_2 = nil
            else
                ____temp_2 = facts.state == state
            end
            return ____temp_2
        end,
        cost = COST.number
    }
end

local function criticalityCondition(level)
    return {
        test = criticalityTest(function(criticality) return criticality == level end),
        cost = COST.number
    }
end

-- The rules by which criticality levels move `severity`, of a kind of resource in a state where they are given.
local function steppedRules(steps, severity, kinds, conditions)
    local rules = {}
    for ____, step in ipairs(steps) do
        local all = {criticalityCondition(step.level)}
        for ____, condition in ipairs(conditions) do
            all[#all + 1] = condition
        end
        rules[#rules + 1] = {
            name = "severity_by_criticality",
            origin = "severity_by_criticality",
            kinds = kinds,
            fits = fitting(all).fits,
            severity = moved(severity, step.steps)
        }
    end
    return rules
end

-- The rules for severities; those that look at the criticality come first.
function exports.severityRules(settings, complaints)
    local rules = {}
    local steps = stepsByCriticality(settings.severity_by_criticality, complaints)
    local ofState = {}
    for ____, ____value in ipairs(PARAMETER_OF_STATE) do
        local kind = ____value[1]
        local state = ____value[2]
        local name = ____value[3]
        local chosen = settings[name]
        local severity = isSeverity(chosen) and chosen or exports.SEVERITY_OF_UNKNOWN
        local ____fitting_result_3 = fitting({stateCondition(state)})
        local fits = ____fitting_result_3.fits
        ofState[#ofState + 1] = {
            name = name,
            origin = name,
            kinds = {kind},
            fits = fits,
            severity = severity,
            isUsual = true
        }
        for ____, rule in ipairs(steppedRules(
            steps,
            severity,
            {kind},
            {stateCondition(state)}
        )) do
            rules[#rules + 1] = rule
        end
    end
    for ____, rule in ipairs(steppedRules(steps, exports.SEVERITY_OF_UNKNOWN, nil, {})) do
        rules[#rules + 1] = rule
    end
    for ____, rule in ipairs(ofState) do
        rules[#rules + 1] = rule
    end
    return rules
end
return exports
 end,

-- -------------------- src/rules/from_parameters.ts --------------------
["src.rules.from_parameters"] = function(...)
-- The rules that the parameters of the output add up to, and what holds beside rules; and these rules after those of a file.
local exports = {}
local ____change_events = require("src.rules.change_events")
local readChangeEvents = ____change_events.readChangeEvents
local ____filter = require("src.rules.filter")
local authorLists = ____filter.authorLists
local filterRules = ____filter.filterRules
local ____formats = require("src.rules.formats")
local customVariablesOf = ____formats.customVariablesOf
local formatRules = ____formats.formatRules
local ____routes = require("src.rules.routes")
local routeRules = ____routes.routeRules
local ____rule = require("src.rules.rule")
local listOfRules = ____rule.listOfRules
local ____severity = require("src.rules.severity")
local SEVERITY_OF_UNKNOWN = ____severity.SEVERITY_OF_UNKNOWN
local severityRules = ____severity.severityRules

-- The rules that the parameters add up to. What is wrong with them is added to the complaints.
function exports.readRules(____bindingPattern0)
    local complaints
    local routingKeys
    local settings
    settings = ____bindingPattern0.settings
    routingKeys = ____bindingPattern0.routingKeys
    complaints = ____bindingPattern0.complaints
    local rules = {}

    local function add(more)
        for ____, rule in ipairs(more) do
            rules[#rules + 1] = rule
        end
    end
    add(filterRules(settings, complaints))
    local severities = severityRules(settings, complaints)
    add(severities)
    add(routeRules(settings.pdy_routes, routingKeys, complaints))
    add(formatRules(settings, complaints))
    local list = listOfRules(severities)
    return {
        rules = rules,
        severityOf = function(subject)
            local ____opt_0 = list.deciding(subject, "severity")
            return ____opt_0 and ____opt_0.severity or SEVERITY_OF_UNKNOWN
        end,
        authors = authorLists(settings),
        customVariables = customVariablesOf(settings),
        changeEvents = readChangeEvents(settings, routingKeys, complaints)
    }
end

-- The rules of a file, and those of the parameters after them.
function exports.rulesWith(ofFile, parameters)
    local all = {}
    local customVariables = {}

    local function addVariable(name)
        for ____, known in ipairs(customVariables) do
            if known == name then
                return
            end
        end
        customVariables[#customVariables + 1] = name
    end
    for ____, name in ipairs(parameters.customVariables) do
        addVariable(name)
    end
    for ____, rule in ipairs(ofFile) do
        all[#all + 1] = rule
        for ____, name in ipairs(rule.customVariables or ({})) do
            addVariable(name)
        end
    end
    for ____, rule in ipairs(parameters.rules) do
        all[#all + 1] = rule
    end
    return {
        all = listOfRules(all),
        ofFile = ofFile,
        severityOf = parameters.severityOf,
        authors = parameters.authors,
        customVariables = customVariables,
        changeEvents = parameters.changeEvents
    }
end
return exports
 end,

-- -------------------- src/rules/lua_scanner.ts --------------------
["src.rules.lua_scanner"] = function(...)
-- Walks through the text of a Lua file: what comes next, on which line, and Lua's spaces, comments, texts and numbers.
-- What may stand where is not its business. Lua's manual, "Lexical Conventions".
local exports = {}
local BYTE_ORDER_MARK = string.char(239, 187, 191)
-- A character of UTF-8, or a byte that is none.
local CHARACTER = ((("^.[" .. string.char(128)) .. "-") .. string.char(191)) .. "]*"

function exports.createScanner(text)
    local withoutMark = string.sub(text, 1, 3) == BYTE_ORDER_MARK and string.sub(text, 4) or text
    local source = string.gsub(withoutMark, "\r\n?", "\n")
    local here = 1
    local problem
    -- Lines are counted as far as somebody asked.
    local line = 1
    local lineStart = 1

    local function lineOf(position)
        if position == nil then
            position = here
        end
        while true do
            local lineEnd = string.find(source, "\n", lineStart, true)
            if lineEnd == nil or lineEnd >= position then
                return line
            end
            line = line + 1
            lineStart = lineEnd + 1
        end
    end
    return {
        match = function(pattern)
            local ____, last, captured = string.find(source, pattern, here)
            if last ~= nil then
                here = last + 1
            end
            return captured
        end,
        isAt = function(pattern) return (string.find(source, pattern, here)) ~= nil end,
        line = lineOf,
        position = function() return here end,
        fail = function(what, position)
            if position == nil then
                position = here
            end
            local failedLine = lineOf(position)
            if problem == nil then
                problem = string.format("line %d, column %d: %s", failedLine, position - lineStart + 1, what)
            end
            return nil
        end,
        problem = function() return problem end,
        whatIsHere = function()
            if here > #source then
                return "the file ends"
            end
            local word = string.match(source, "^[%w_]+", here)
            local character = string.match(source, CHARACTER, here)
            return "here is " .. (word or character or "")
        end,
        ["until"] = function(closing)
            local start = here
            local first, last = string.find(source, closing, here, true)
            if first == nil or last == nil then
                return nil
            end
            here = last + 1
            return string.sub(source, start, first - 1)
        end
    }
end
-- What opens long brackets, `[[` or `[==[`.
exports.LONG_BRACKETS = "^%[=*%["

-- The text in long brackets that begin here; undefined when none do.
function exports.readLongBrackets(scanner, what)
    local start = scanner.position()
    local level = scanner.match("^%[(=*)%[")
    if level == nil then
        return nil
    end
    -- A line break right behind the opening does not count.
    scanner.match("^()\n")
    local closing = ("]" .. level) .. "]"
    return scanner["until"](closing) or scanner.fail((what .. " without its ") .. closing, start)
end

-- Goes on to what is neither space nor comment.
function exports.skipSpace(scanner)
    scanner.match("^()%s+")
    while scanner.problem() == nil and scanner.match("^(%-%-)") ~= nil do
        if exports.readLongBrackets(scanner, "a comment") == nil then
            scanner.match("^()[^\n]*")
        end
        scanner.match("^()%s+")
    end
end
local ESCAPES = {
    a = string.char(7),
    b = "\b",
    f = "\f",
    n = "\n",
    r = "\r",
    t = "\t",
    v = "\v",
    ["\\"] = "\\",
    ["\""] = "\"",
    ["'"] = "'",
    ["\n"] = "\n"
}

-- The character of an escape whose backslash is read.
local function readEscape(____bindingPattern0)
    local fail
    local match
    match = ____bindingPattern0.match
    fail = ____bindingPattern0.fail
    local hexadecimal = match("^x(%x%x)")
    if hexadecimal ~= nil then
        return string.char(tonumber(hexadecimal, 16) or 0)
    end
    local decimal = match("^(%d%d?%d?)")
    if decimal ~= nil then
        local code = tonumber(decimal) or 0
        return code < 256 and string.char(code) or fail(("\\" .. decimal) .. " is no byte: 255 is the most")
    end
    return ESCAPES[match("^(.)") or ""] or fail("\\ begins none of the escapes that are read here: \\n, \\t, \\\\, \\\", \\', \\65, \\x41")
end

-- The text in quotes that begins here, with `quote`.
function exports.readQuotes(scanner, quote)
    local ____scanner_0 = scanner
    local match = ____scanner_0.match
    local fail = ____scanner_0.fail
    local problem = ____scanner_0.problem
    local start = scanner.position()
    match("^(.)")
    local parts = {}
    while problem() == nil do
        parts[#parts + 1] = match(("^([^\\\n" .. quote) .. "]*)") or ""
        local next = match("^(.)")
        if next == quote then
            return table.concat(parts)
        end
        if next ~= "\\" then
            return fail(("a text without its " .. quote) .. " on the same line", start)
        end
        parts[#parts + 1] = readEscape(scanner) or ""
    end
    return nil
end
-- What a number begins with.
exports.NUMBER_START = "^%-?%s*%.?%d"

-- The number that begins here, the same on every Lua.
function exports.readNumber(____bindingPattern0)
    local position
    local fail
    local isAt
    local match
    match = ____bindingPattern0.match
    isAt = ____bindingPattern0.isAt
    fail = ____bindingPattern0.fail
    position = ____bindingPattern0.position
    local start = position()
    local sign = match("^(%-)%s*") or ""
    -- The sign of an exponent is within: 1e-5.
    local digits = match("^([%d.]+[eE][+-]%d+)%f[^%w_.]") or match("^([%w_.]+)") or ""
    local isNumber = (string.find(digits, "^[%d.]+[eE]?[+-]?%d*$")) ~= nil or (string.find(digits, "^0[xX]%x+$")) ~= nil
    local ____isNumber_1
    if isNumber then
        ____isNumber_1 = tonumber(digits)
    else
        ____isNumber_1 = nil
    end
    local number = ____isNumber_1
    if number == nil or isAt("^[%w_.]") then
        return fail((sign .. digits) .. " is no number", start)
    end
    return sign == "" and number or -number
end
return exports
 end,

-- -------------------- src/rules/lua_table.ts --------------------
["src.rules.lua_table"] = function(...)
-- Reads a Lua table of constants and tables, `return { … }`, without ever giving it to Lua: nothing in it can run. Knows
-- nothing of rules.
local exports = {}
local isKeyword, readWord, readBracketedName, readName, readValue, readTable, DEEPEST, KEYWORDS
local ____lua_scanner = require("src.rules.lua_scanner")
local LONG_BRACKETS = ____lua_scanner.LONG_BRACKETS
local NUMBER_START = ____lua_scanner.NUMBER_START
local createScanner = ____lua_scanner.createScanner
local readLongBrackets = ____lua_scanner.readLongBrackets
local readNumber = ____lua_scanner.readNumber
local readQuotes = ____lua_scanner.readQuotes
local skipSpace = ____lua_scanner.skipSpace

function isKeyword(word)
    return (string.find(KEYWORDS, (" " .. word) .. " ", 1, true)) ~= nil
end

function readWord(____bindingPattern0)
    local position
    local fail
    local isAt
    local match
    match = ____bindingPattern0.match
    isAt = ____bindingPattern0.isAt
    fail = ____bindingPattern0.fail
    position = ____bindingPattern0.position
    local start = position()
    local word = match("^([%a_][%w_]*)%s*") or ""
    if word == "true" or word == "false" then
        return word == "true"
    end
    if word == "nil" then
        return fail("nil says nothing: leave the field out", start)
    end
    if isKeyword(word) then
        return fail(word .. ": only constants and tables may stand here", start)
    end
    local isComputed = isAt("^[(\"'{%[.:]")
    return fail(isComputed and word .. ": nothing is called or looked up here; only constants and tables may stand here" or ((word .. " is a name: if a text is meant, it needs quotes, \"") .. word) .. "\"", start)
end

function readBracketedName(scanner)
    local ____scanner_0 = scanner
    local match = ____scanner_0.match
    local isAt = ____scanner_0.isAt
    local fail = ____scanner_0.fail
    local position = ____scanner_0.position
    local problem = ____scanner_0.problem
    local whatIsHere = ____scanner_0.whatIsHere
    local start = position()
    match("^(%[)%s*")
    local quote = isAt("^\"") and "\"" or "'"
    if not isAt("^" .. quote) then
        return fail("a name in [ ] must be a text in quotes: [\"my name\"] = …", start)
    end
    local name = readQuotes(scanner, quote)
    if problem() ~= nil then
        return nil
    end
    match("^()%s*")
    local ____temp_1
    if match("^(%])%s*=") == nil then
        ____temp_1 = fail("] = is missing: " .. whatIsHere())
    else
        ____temp_1 = name
    end
    return ____temp_1
end

function readName(scanner)
    local ____scanner_2 = scanner
    local match = ____scanner_2.match
    local isAt = ____scanner_2.isAt
    local fail = ____scanner_2.fail
    local position = ____scanner_2.position
    if isAt("^%[") and not isAt(LONG_BRACKETS) then
        return readBracketedName(scanner)
    end
    local start = position()
    local name = match("^([%a_][%w_]*)%s*=%f[^=]")
    if name == nil or not isKeyword(name) then
        return name
    end
    return fail(((name .. " is a word of Lua's: write [\"") .. name) .. "\"] = …", start)
end

function readValue(scanner, depth)
    local ____scanner_3 = scanner
    local isAt = ____scanner_3.isAt
    local fail = ____scanner_3.fail
    local whatIsHere = ____scanner_3.whatIsHere
    if isAt("^{") then
        return readTable(scanner, depth + 1)
    end
    if isAt("^\"") then
        return readQuotes(scanner, "\"")
    end
    if isAt("^'") then
        return readQuotes(scanner, "'")
    end
    if isAt(LONG_BRACKETS) then
        return readLongBrackets(scanner, "a text")
    end
    if isAt(NUMBER_START) then
        return readNumber(scanner)
    end
    if isAt("^[%a_]") then
        return readWord(scanner)
    end
    return fail(("a value is missing: " .. whatIsHere()) .. ". Possible are \"texts\", numbers, true, false and { tables }")
end

function readTable(scanner, depth)
    local ____scanner_4 = scanner
    local match = ____scanner_4.match
    local isAt = ____scanner_4.isAt
    local fail = ____scanner_4.fail
    local position = ____scanner_4.position
    local problem = ____scanner_4.problem
    local whatIsHere = ____scanner_4.whatIsHere
    if depth > DEEPEST then
        return fail(string.format("more than %d tables within each other", DEEPEST))
    end
    local tableLine = scanner.line()
    local items = {}
    local fields = {}
    local lines = {}
    match("^({)")
    skipSpace(scanner)
    while problem() == nil and match("^(})") == nil do
        local start = position()
        local name = readName(scanner)
        if problem() ~= nil then
            return nil
        end
        local line = scanner.line(start)
        local ____temp_5
        if name == nil then
            ____temp_5 = nil
        else
            ____temp_5 = lines[name]
        end
        local earlier = ____temp_5
        if earlier ~= nil then
            return fail(
                string.format("%s is given twice: line %d has it, too", name, earlier),
                start
            )
        end
        skipSpace(scanner)
        local value = readValue(scanner, depth)
        if value == nil then
            return nil
        end
        if name == nil then
            items[#items + 1] = value
        else
            lines[name] = line
            fields[#fields + 1] = {name = name, value = value, line = line}
        end
        skipSpace(scanner)
        if match("^([,;])") == nil and not isAt("^}") then
            return fail(string.format(
                "a comma, or the } of line %d, is missing: %s",
                tableLine,
                whatIsHere()
            ))
        end
        skipSpace(scanner)
    end
    return {items = items, fields = fields, line = tableLine}
end
-- 1 MiB: some thousands of rules, and no more than can be read while the broker waits.
exports.LARGEST_TEXT = 1048576
DEEPEST = 20
KEYWORDS = " and break do else elseif end false for function goto if in local nil not or repeat return then true until while "

local function readFile(scanner)
    local ____scanner_6 = scanner
    local match = ____scanner_6.match
    local isAt = ____scanner_6.isAt
    local fail = ____scanner_6.fail
    local whatIsHere = ____scanner_6.whatIsHere
    skipSpace(scanner)
    local isReturn = match("^(return)%f[^%w_]") ~= nil
    skipSpace(scanner)
    if not isReturn or not isAt("^{") then
        return fail("the file must be one table: return { … }")
    end
    local result = readTable(scanner, 1)
    skipSpace(scanner)
    match("^(;)")
    skipSpace(scanner)
    local ____isAt_result_7
    if isAt("^.") then
        ____isAt_result_7 = fail("nothing may follow the table: " .. whatIsHere())
    else
        ____isAt_result_7 = result
    end
    return ____isAt_result_7
end

-- Reads the text of a file, or says what is wrong with it, and where.
function exports.readLuaTable(text)
    if #text > exports.LARGEST_TEXT then
        return string.format("it has more than %d bytes (1 MiB): so many are the most", exports.LARGEST_TEXT)
    end
    local scanner = createScanner(text)
    local result = readFile(scanner)
    return scanner.problem() or result or ""
end
return exports
 end,

-- -------------------- src/rules/hours.ts --------------------
["src.rules.hours"] = function(...)
-- Hours of the week as people write them: `mon-fri 08:00-18:00`. Knows nothing of rules.
local exports = {}
local ____time = require("src.text.time")
local DAY = ____time.DAY
local WEEK = ____time.WEEK
local DAYS = {
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun"
}
local POSSIBLE = "possible are days (\"mon-fri\", \"sat,sun\"), times (\"08:00-18:00\", \"22:00-06:00\"), and days with times (\"mon-fri 22:00-06:00\"), separated by commas"

local function dayOf(name)
    for index, day in ipairs(DAYS) do
        if day == name then
            return index - 1
        end
    end
    return nil
end

-- The days that `word` names, from Monday, 0; or what is wrong with it. Several may go over Sunday: `fri-mon`.
local function daysOf(word)
    local from, dash, to = string.match(word, "^(%a+)(%-?)(%a*)$")
    local first = dayOf(from or "")
    local ____temp_0
    if dash == "" then
        ____temp_0 = first
    else
        ____temp_0 = dayOf(to or "")
    end
    local last = ____temp_0
    if first == nil or last == nil then
        return ((("\"" .. word) .. "\" names no days: they are ") .. table.concat(DAYS, ", ")) .. ", and from one to another is \"mon-fri\""
    end
    if dash ~= "" and first == last then
        return ((("\"" .. word) .. "\" begins and ends on the same day: \"") .. tostring(from)) .. "\" is that day, \"mon-sun\" is every day"
    end
    local days = {first}
    do
        local day = first
        while day ~= last do
            day = (day + 1) % 7
            days[#days + 1] = day
        end
    end
    return days
end

-- Seconds since midnight, or undefined when these are no hours and minutes of a day: from 00:00 to 24:00.
local function timeOf(hours, minutes)
    local time = (tonumber(hours) or 0) * 3600 + (tonumber(minutes) or 0) * 60
    return (tonumber(minutes) or 0) < 60 and time <= DAY and time or nil
end

-- When `word` begins and ends, in seconds of the day on which it begins; or what is wrong with it.
local function timesOf(word)
    local fromHours, fromMinutes, toHours, toMinutes = string.match(word, "^(%d%d?):(%d%d)%-(%d%d?):(%d%d)$")
    local from = timeOf(fromHours or "99", fromMinutes or "")
    local to = timeOf(toHours or "99", toMinutes or "")
    if from == nil or to == nil or from == DAY then
        return ("\"" .. word) .. "\" are no times: from 00:00 to 24:00, such as \"08:00-18:00\", or over midnight \"22:00-06:00\""
    end
    if from == to then
        return ("\"" .. word) .. "\" begins and ends at the same time: the whole day is \"00:00-24:00\""
    end
    return {from = from, to = to > from and to or to + DAY}
end

-- Takes `word` into `entry`, or gives what is wrong with it.
local function takeWord(entry, word, isTime)
    if isTime then
        local times = timesOf(word)
        if type(times) == "string" then
            return times
        end
        local ____entry_times_1 = entry.times
        ____entry_times_1[#____entry_times_1 + 1] = times
        return nil
    end
    local days = daysOf(word)
    if type(days) == "string" then
        return days
    end
    local ____entry_dayWords_2 = entry.dayWords
    ____entry_dayWords_2[#____entry_dayWords_2 + 1] = word
    for ____, day in ipairs(days) do
        local ____entry_days_3 = entry.days
        ____entry_days_3[#____entry_days_3 + 1] = day
    end
    return nil
end

-- The entries of `text`, or what is wrong with it. Days in a row belong together, and so do the times in a row that
-- follow them: `mon-fri 08:00-12:00, 14:00-18:00` is both on each of these days, and `sat, sun 10:00-16:00` is both days.
local function entriesOf(text)
    local entries = {}
    local compact = string.gsub(
        string.lower(text),
        "%s*%-%s*",
        "-"
    )
    for match in string.gmatch(compact, "[^%s,]+") do
        local word = match or ""
        local isTime = (string.find(word, "^%d")) ~= nil
        local entry = entries[#entries]
        if entry == nil or not isTime and #entry.times > 0 then
            entry = {dayWords = {}, days = {}, times = {}}
            entries[#entries + 1] = entry
        end
        local problem = takeWord(entry, word, isTime)
        if problem ~= nil then
            return problem
        end
    end
    return #entries == 0 and POSSIBLE or entries
end

-- What is wrong with an entry as a whole.
local function entryProblem(____bindingPattern0)
    local times
    local days
    local dayWords
    dayWords = ____bindingPattern0.dayWords
    days = ____bindingPattern0.days
    times = ____bindingPattern0.times
    local named = {}
    for ____, day in ipairs(days) do
        named[day] = true
    end
    for day in ipairs(DAYS) do
        if not (named[day - 1] ~= nil) then
            return nil
        end
    end
    if #dayWords == 1 or #times == 0 then
        return nil
    end
    -- "sat, sun, mon-fri 22:00-06:00": Saturday and Sunday as a whole were meant.
    return ("\"" .. table.concat(dayWords, ", ")) .. "\" with times after it is every day at these times; if some are meant as whole days, put them last, and otherwise leave the days out"
end

local function addSpans(spans, ____bindingPattern0)
    local times
    local days
    days = ____bindingPattern0.days
    times = ____bindingPattern0.times
    local onDays = #days > 0 and days or ({
        0,
        1,
        2,
        3,
        4,
        5,
        6
    })
    local duringTimes = #times > 0 and times or ({{from = 0, to = DAY}})
    for ____, day in ipairs(onDays) do
        for ____, ____value in ipairs(duringTimes) do
            local from = ____value.from
            local to = ____value.to
            spans[#spans + 1] = {from = day * DAY + from, to = day * DAY + to}
        end
    end
end

local function isWithin(spans, inWeek)
    for ____, ____value in ipairs(spans) do
        local from = ____value.from
        local to = ____value.to
        if inWeek >= from and inWeek < to or inWeek + WEEK < to then
            return true
        end
    end
    return false
end

-- Where in the week `spans` begin or end, but not where one goes on with another.
local function changesOf(spans)
    local changes = {}

    local function note(inWeek)
        if isWithin(spans, inWeek) ~= isWithin(spans, (inWeek - 1) % WEEK) then
            changes[#changes + 1] = inWeek
        end
    end
    for ____, ____value in ipairs(spans) do
        local from = ____value.from
        local to = ____value.to
        note(from)
        note(to % WEEK)
    end
    return changes
end

-- The first moment after `start` and up to `end` at which a clock that was right at `start` would be wrong.
local function firstShift(start, ____end, isRight)
    local right, wrong = start, ____end
    while wrong - right > 1 do
        local middle = math.floor((right + wrong) / 2)
        if isRight(middle) then
            right = middle
        else
            wrong = middle
        end
    end
    return wrong
end

-- Reads hours, or says what is wrong with them. `timeZone` undefined: the system's own. On days of a change of clock a
-- time that is left out is nowhere, and one that comes twice is there twice.
function exports.readHours(text, timeZone, weekClock)
    local spans = {}
    local entries = entriesOf(text)
    if type(entries) == "string" then
        return entries
    end
    for ____, entry in ipairs(entries) do
        local problem = entryProblem(entry)
        if problem ~= nil then
            return problem
        end
        addSpans(spans, entry)
    end
    local zoneProblem = weekClock(0, timeZone)
    if type(zoneProblem) == "string" then
        return zoneProblem
    end

    local function inWeek(unixTime)
        return weekClock(unixTime, timeZone)
    end
    local changes = changesOf(spans)
    -- Whoever asks asks of many problems in one second.
    local lastTime
    local lastAnswer = false
    return {
        contains = function(unixTime)
            if unixTime ~= lastTime then
                lastTime = unixTime
                lastAnswer = isWithin(
                    spans,
                    inWeek(math.floor(unixTime))
                )
            end
            return lastAnswer
        end,
        nextChange = function(unixTime)
            local start = math.floor(unixTime)
            local startInWeek = inWeek(start)
            local distance = math.huge
            for ____, change in ipairs(changes) do
                distance = math.min(distance, (change - startInWeek - 1) % WEEK + 1)
            end
            if distance == math.huge then
                return distance
            end

            local function isRight(moment)
                return inWeek(moment) == (startInWeek + moment - start) % WEEK
            end
            -- Clocks are put on or back before: that changes what they show.
            return isRight(start + distance) and start + distance or firstShift(start, start + distance, isRight)
        end
    }
end
return exports
 end,

-- -------------------- src/rules/wildcards.ts --------------------
["src.rules.wildcards"] = function(...)
-- Names with `*` and `?` in them. Knows nothing of rules.
-- A name, perhaps with wildcards: `*` is any characters, or none, and `?` one; everything else is itself.
local exports = {}
-- A byte of UTF-8 that goes on with a character; it cannot be written in a TypeScript string.
local CONTINUATION = (string.char(128) .. "-") .. string.char(191)
-- One character.
local ANY_CHARACTER = ((("[^" .. CONTINUATION) .. "][") .. CONTINUATION) .. "]*"

-- Lua's pattern for `text`, in which only "?" is not itself.
local function patternOf(text)
    local quoted = string.gsub(
        text,
        "%W",
        function(character)
            if character == "?" then
                return ANY_CHARACTER
            end
            -- Lua 5.1 ends a pattern at a zero; bytes above 0x7f mean themselves, and % before one is an error on some.
            if character == "\0" then
                return "%z"
            end
            return (string.find(character, "%p")) == nil and character or "%" .. character
        end
    )
    return quoted
end

-- Where `part` ends in `name`, looked for from `position` on; undefined when it is not there.
local function endOfPart(part, name, position)
    if part.pattern == nil then
        return select(
            2,
            string.find(name, part.text, position, true)
        )
    end
    return select(
        2,
        string.find(name, part.pattern, position)
    )
end

local function partsOf(text)
    local parts = {}
    local position = 1
    while true do
        local star = string.find(text, "*", position, true)
        local part = string.sub(text, position, (star or 0) - 1)
        local hasAny = (string.find(part, "?", 1, true)) ~= nil
        parts[#parts + 1] = {
            text = part,
            pattern = hasAny and patternOf(part) or nil
        }
        if star == nil then
            return parts
        end
        position = star + 1
    end
end

-- Reads a name with wildcards. However many `*` are in it, a name is walked through once, from left to right: what is
-- between two of them is taken where it first is, and never looked for again.
function exports.compileWildcard(text)
    local parts = partsOf(text)
    if #parts == 1 then
        local ____opt_0 = parts[1]
        if (____opt_0 and ____opt_0.pattern) == nil then
            return {fits = function(name) return name == text end}
        end
        local whole = ("^" .. parts[1].pattern) .. "$"
        return {fits = function(name) return (string.find(name, whole)) ~= nil end}
    end
    local first = parts[1]
    local last = parts[#parts]
    local start = "^" .. (first.pattern or patternOf(first.text))
    local ____end = (last.pattern or patternOf(last.text)) .. "$"
    return {fits = function(name)
        local done = select(
            2,
            string.find(name, start)
        )
        for index = 1, #parts - 2 do
            if done == nil then
                return false
            end
            done = endOfPart(parts[index + 1], name, done + 1)
        end
        return done ~= nil and (string.find(name, ____end, done + 1)) ~= nil
    end}
end
return exports
 end,

-- -------------------- src/rules/table_values.ts --------------------
["src.rules.table_values"] = function(...)
-- Values in a table of rules, and the words for one that cannot be used. Knows no field by its name.
local exports = {}
local meant
local ____nearest_name = require("src.settings.nearest_name")
local nearestName = ____nearest_name.nearestName
local ____pattern_advice = require("src.rules.pattern_advice")
local refusalOf = ____pattern_advice.refusalOf
local ____wildcards = require("src.rules.wildcards")
local compileWildcard = ____wildcards.compileWildcard

function meant(small, words)
    for ____, word in ipairs(words) do
        if string.lower(word) == small then
            return word
        end
    end
    return small
end

-- A value as a complaint quotes it.
function exports.shown(value)
    if type(value) == "string" then
        return ("\"" .. value) .. "\""
    end
    if type(value) == "table" then
        return "a table"
    end
    if type(value) == "number" and math.floor(value) == value then
        return string.format("%d", value)
    end
    return tostring(value)
end

-- What a word may be, and what was probably meant by one that is none of these.
function exports.possible(word, words)
    local small = {}
    for ____, each in ipairs(words) do
        small[#small + 1] = string.lower(each)
    end
    local near = nearestName(word, small)
    local hint = near == nil and "" or ("did you mean " .. meant(near, words)) .. "? "
    return (hint .. "possible are ") .. table.concat(words, ", ")
end

-- One value, or those of a list.
function exports.alternativesOf(value, complain)
    if type(value) ~= "table" or #value.fields > 0 and #value.items == 0 then
        return {value}
    end
    if #value.fields > 0 then
        local ____complain_2 = complain
        local ____opt_0 = value.fields[1]
        return ____complain_2(("\"" .. (____opt_0 and ____opt_0.name or "")) .. "\" stands among the values of a list: a list has values without names")
    end
    local ____temp_3
    if #value.items == 0 then
        ____temp_3 = complain("an empty list fits nothing: leave it out")
    else
        ____temp_3 = value.items
    end
    return ____temp_3
end

-- The texts of a list, or one text.
function exports.textsOf(value, complain)
    local texts = {}
    for ____, item in ipairs(exports.alternativesOf(value, complain) or ({})) do
        if type(item) ~= "string" then
            return complain(exports.shown(item) .. ": expected a text, or a list of texts")
        end
        texts[#texts + 1] = item
    end
    local ____temp_4
    if #texts == 0 then
        ____temp_4 = nil
    else
        ____temp_4 = texts
    end
    return ____temp_4
end

-- What reads a word: each is one of `words`.
function exports.wordsIn(value, words, complain)
    local texts = exports.textsOf(value, complain)
    for ____, text in ipairs(texts or ({})) do
        local isKnown = false
        for ____, word in ipairs(words) do
            if word == text then
                isKnown = true
            end
        end
        if not isKnown then
            return complain((("\"" .. text) .. "\": ") .. exports.possible(text, words))
        end
    end
    return texts
end

function exports.flagOf(value, complain)
    local ____temp_5
    if type(value) == "boolean" then
        ____temp_5 = value
    else
        ____temp_5 = complain(exports.shown(value) .. ": expected true or false")
    end
    return ____temp_5
end
local A_LIST = "write a list of several patterns"

-- The Lua pattern in `{ pattern = "…" }`; undefined where the value is none.
local function patternIn(value, complain)
    local fields = type(value) == "table" and value.fields or ({})
    local field = fields[1]
    if (field and field.name) ~= "pattern" or #fields > 1 or type(field.value) ~= "string" then
        return complain(exports.shown(value) .. ": expected a name, perhaps with wildcards (\"web-*\"), { pattern = \"^web%-\" } for a Lua pattern, or a list of them")
    end
    local problem = refusalOf(field.value, A_LIST)
    return problem == nil and field.value or complain((("pattern = \"" .. field.value) .. "\": ") .. problem)
end

-- What is meant by names with wildcards, Lua patterns, or a list of them.
function exports.matcherOf(value, complain)
    local alternatives = exports.alternativesOf(value, complain)
    if alternatives == nil then
        return nil
    end
    -- Long lists are lists of plain names.
    local names = {}
    local others = {}
    for ____, item in ipairs(alternatives) do
        if type(item) ~= "string" then
            local pattern = patternIn(item, complain)
            if pattern == nil then
                return nil
            end
            others[#others + 1] = function(name) return (string.find(name, pattern)) ~= nil end
        elseif (string.find(item, "[*?]")) == nil then
            names[item] = true
        else
            others[#others + 1] = compileWildcard(item).fits
        end
    end
    if #others == 0 then
        return function(name) return names[name] ~= nil end
    end
    local only = others[1]
    if #alternatives == 1 and only ~= nil then
        return only
    end
    return function(name)
        if names[name] ~= nil then
            return true
        end
        for ____, fits in ipairs(others) do
            if fits(name) then
                return true
            end
        end
        return false
    end
end
return exports
 end,

-- -------------------- src/rules/table_conditions.ts --------------------
["src.rules.table_conditions"] = function(...)
-- The conditions of a rule in a table, by their names: what stands in `when`.
local exports = {}
local ____conditions = require("src.rules.conditions")
local COST = ____conditions.COST
local criticalityTest = ____conditions.criticalityTest
local longOutputTest = ____conditions.longOutputTest
local macroTest = ____conditions.macroTest
local metricTest = ____conditions.metricTest
local nameTest = ____conditions.nameTest
local namesTest = ____conditions.namesTest
local negated = ____conditions.negated
local outputTest = ____conditions.outputTest
local ____hours = require("src.rules.hours")
local readHours = ____hours.readHours
local ____table_values = require("src.rules.table_values")
local alternativesOf = ____table_values.alternativesOf
local flagOf = ____table_values.flagOf
local matcherOf = ____table_values.matcherOf
local possible = ____table_values.possible
local shown = ____table_values.shown
local textsOf = ____table_values.textsOf
local wordsIn = ____table_values.wordsIn
local ____wildcards = require("src.rules.wildcards")
local compileWildcard = ____wildcards.compileWildcard

-- The same, but nobody knows while the broker does not know the resource's names: then it knows no group either.
local function onceKnown(test)
    return function(subject)
        local ____temp_2
        local ____opt_0 = subject.place
        if (____opt_0 and ____opt_0.isKnown) == true then
            ____temp_2 = test(subject)
        else
            ____temp_2 = nil
        end
        return ____temp_2
    end
end

-- A condition on what `testWith` makes of texts.
local function byTexts(testWith)
    return function(value, complain)
        local matches = matcherOf(value, complain)
        return matches and ({
            test = testWith(matches),
            cost = COST.text
        })
    end
end

-- A condition on what `testWith` makes of names.
local function byNames(cost, testWith)
    return function(value, complain)
        local matches = matcherOf(value, complain)
        return matches and ({
            test = onceKnown(testWith(matches)),
            cost = cost
        })
    end
end
-- Kinds as rules name them, and the kind of the resource each is.
local KINDS = {
    host = "host",
    service = "service",
    ["meta-service"] = "service",
    ["anomaly detection"] = "service",
    ["business activity"] = "business activity",
    ba = "business activity",
    poller = "poller"
}
local KIND_NAMES = {
    "host",
    "service",
    "meta-service",
    "anomaly detection",
    "business activity",
    "ba",
    "poller"
}

-- Whether one of `kinds` is the subject's: a service is an anomaly detection, too, but never a meta-service.
local function kindTest(kinds)
    local isMeant = {}
    for ____, kind in ipairs(kinds) do
        isMeant[kind == "ba" and "business activity" or kind] = true
    end
    return function(____bindingPattern0)
        local place
        local resource
        resource = ____bindingPattern0.resource
        place = ____bindingPattern0.place
        if resource.kind ~= "service" then
            return isMeant[resource.kind] ~= nil
        end
        if (place and place.isKnown) ~= true then
            return nil
        end
        if place.metaServiceId ~= nil then
            return isMeant["meta-service"] ~= nil
        end
        return isMeant.service ~= nil or place.isAnomalyDetection == true and isMeant["anomaly detection"] ~= nil
    end
end

local function readKind(value, complain)
    local kinds = wordsIn(value, KIND_NAMES, complain)
    if kinds == nil then
        return nil
    end
    local ofResources = {}
    for ____, kind in ipairs(kinds) do
        ofResources[#ofResources + 1] = KINDS[kind]
    end
    return {
        test = kindTest(kinds),
        cost = COST.number,
        kinds = ofResources
    }
end
-- Numbers of states by their names; the two of a host are a host's alone.
local SERVICE_STATES = {WARNING = 1, CRITICAL = 2, UNKNOWN = 3}
local HOST_STATES = {DOWN = 1, UNREACHABLE = 2}
local STATE_NAMES = {
    "WARNING",
    "CRITICAL",
    "UNKNOWN",
    "DOWN",
    "UNREACHABLE"
}

local function readState(value, complain)
    local states = alternativesOf(value, complain)
    if states == nil then
        return nil
    end
    local ofServices = {}
    local ofHosts = {}
    for ____, state in ipairs(states) do
        local name = type(state) == "string" and state or ""
        local ofService = type(state) == "number" and state or SERVICE_STATES[name]
        local ofHost = type(state) == "number" and state or HOST_STATES[name]
        if ofService == nil and ofHost == nil then
            return complain(((shown(state) .. " is no state of a problem: ") .. possible(name, STATE_NAMES)) .. ", and their numbers")
        end
        if ofService ~= nil then
            ofServices[ofService] = true
        end
        if ofHost ~= nil then
            ofHosts[ofHost] = true
        end
    end
    return {
        test = function(____bindingPattern0)
            local facts
            local resource
            resource = ____bindingPattern0.resource
            facts = ____bindingPattern0.facts
            return facts and (resource.kind == "host" and ofHosts or ofServices)[facts.state] ~= nil
        end,
        cost = COST.number
    }
end
local SEVERITY_NAMES = {"critical", "error", "warning", "info"}

local function readSeverity(value, complain, ____bindingPattern0)
    local severityOf
    severityOf = ____bindingPattern0.severityOf
    local severities = wordsIn(value, SEVERITY_NAMES, complain)
    if severities == nil then
        return nil
    end
    local isMeant = {}
    for ____, severity in ipairs(severities) do
        isMeant[severity] = true
    end
    return {
        test = function(subject)
            local ____temp_5
            if subject.facts == nil then
                ____temp_5 = nil
            else
                ____temp_5 = isMeant[severityOf(subject)] ~= nil
            end
            return ____temp_5
        end,
        cost = COST.severity
    }
end

-- The levels of a number, `3`, or a range, `"1-2"`.
local function levelsOf(value)
    if type(value) == "number" then
        local level = value >= 0 and math.floor(value) == value and value or nil
        return level, level
    end
    local first, last = string.match(
        type(value) == "string" and value or "",
        "^(%d+)%s*%-?%s*(%d*)$"
    )
    local from = tonumber(first)
    return from, tonumber(last) or from
end

local function readCriticality(value, complain)
    local alternatives = alternativesOf(value, complain)
    if alternatives == nil then
        return nil
    end
    local ranges = {}
    for ____, item in ipairs(alternatives) do
        local from, to = levelsOf(item)
        if from == nil or to == nil or from > to then
            return complain(shown(item) .. ": expected a level, such as 1, or a range, \"1-2\"; 0 is none")
        end
        ranges[#ranges + 1] = {from = from, to = to}
    end
    local test = criticalityTest(function(level)
        for ____, ____value in ipairs(ranges) do
            local from = ____value.from
            local to = ____value.to
            if level >= from and level <= to then
                return true
            end
        end
        return false
    end)
    return {
        test = onceKnown(test),
        cost = COST.number
    }
end

-- What stands in a table of names and values.
local function fieldsOf(value, example, complain)
    local isNamed = type(value) == "table" and #value.items == 0 and #value.fields > 0
    return isNamed and value.fields or complain((shown(value) .. ": expected a table of names and values: ") .. example)
end

-- Whether all of `tests` hold.
local function all(tests)
    return function(subject)
        for ____, test in ipairs(tests) do
            local answer = test(subject)
            if answer ~= true then
                return answer
            end
        end
        return true
    end
end

local function readMacro(value, complain, ____bindingPattern0)
    local needVariable
    needVariable = ____bindingPattern0.needVariable
    local tests = {}
    for ____, field in ipairs(fieldsOf(value, "{ ONCALL = \"dba*\" }", complain) or ({})) do
        local matches = matcherOf(field.value, complain)
        if matches == nil then
            return nil
        end
        local name = string.upper(field.name)
        needVariable(name)
        tests[#tests + 1] = onceKnown(macroTest(name, matches))
    end
    local ____temp_6
    if #tests == 0 then
        ____temp_6 = nil
    else
        ____temp_6 = {
            test = all(tests),
            cost = COST.names
        }
    end
    return ____temp_6
end
local COMPARISONS = {
    ["<"] = function(left, right) return left < right end,
    ["<="] = function(left, right) return left <= right end,
    [">"] = function(left, right) return left > right end,
    [">="] = function(left, right) return left >= right end,
    ["=="] = function(left, right) return left == right end,
    ["~="] = function(left, right) return left ~= right end
}

-- What is asked of a metric's value: `"> 5"`, a number, or `"*"` for any.
local function valueTestOf(value, complain)
    if value == "*" then
        return function() return true end
    end
    if type(value) == "number" then
        return function(given) return given == value end
    end
    local operator, digits = string.match(
        type(value) == "string" and value or "",
        "^%s*([<>=~]=?)%s*(%-?[%d.]+)%s*$"
    )
    local compare = COMPARISONS[operator or ""]
    local limit = tonumber(digits)
    if compare == nil or limit == nil then
        return complain(shown(value) .. ": expected a comparison, such as \"> 5\" or \"<= 0.5\", a number, or \"*\"")
    end
    return function(given) return compare(given, limit) end
end

local function readMetric(value, complain)
    local tests = {}
    for ____, field in ipairs(fieldsOf(value, "{ load1 = \"> 5\" }", complain) or ({})) do
        local isMeant = valueTestOf(field.value, complain)
        if isMeant == nil then
            return nil
        end
        tests[#tests + 1] = metricTest(
            compileWildcard(field.name).fits,
            isMeant
        )
    end
    local ____temp_7
    if #tests == 0 then
        ____temp_7 = nil
    else
        ____temp_7 = {
            test = all(tests),
            cost = COST.metrics
        }
    end
    return ____temp_7
end

local function readHoursCondition(value, complain, ____bindingPattern0)
    local unixTime
    local weekClock
    local zone
    zone = ____bindingPattern0.zone
    weekClock = ____bindingPattern0.weekClock
    unixTime = ____bindingPattern0.unixTime
    local texts = textsOf(value, complain)
    if texts == nil then
        return nil
    end
    local spans = {}
    for ____, text in ipairs(texts) do
        local hours = readHours(text, zone, weekClock)
        if type(hours) == "string" then
            return complain((("\"" .. text) .. "\": ") .. hours)
        end
        spans[#spans + 1] = hours
    end
    return {
        test = function()
            local now = unixTime()
            for ____, ____value in ipairs(spans) do
                local contains = ____value.contains
                if contains(now) then
                    return true
                end
            end
            return false
        end,
        cost = COST.hours,
        nextChange = function()
            local now = unixTime()
            local earliest = math.huge
            for ____, ____value in ipairs(spans) do
                local nextChange = ____value.nextChange
                earliest = math.min(
                    earliest,
                    nextChange(now)
                )
            end
            return earliest
        end
    }
end

-- A condition that holds or not, by itself.
local function byFlag(flagIn)
    return function(value, complain)
        local wanted = flagOf(value, complain)
        if wanted == nil then
            return nil
        end
        return {
            test = wanted and flagIn or negated(flagIn),
            cost = COST.number
        }
    end
end
local READERS = {
    host = byNames(
        COST.name,
        function(matches) return nameTest("host", matches) end
    ),
    service = byNames(
        COST.name,
        function(matches) return nameTest("service", matches) end
    ),
    poller = byNames(
        COST.name,
        function(matches) return nameTest("poller", matches) end
    ),
    business_activity = byNames(
        COST.name,
        function(matches) return nameTest("business_activity", matches) end
    ),
    host_group = byNames(
        COST.names,
        function(matches) return namesTest("host_group", matches) end
    ),
    service_group = byNames(
        COST.names,
        function(matches) return namesTest("service_group", matches) end
    ),
    category = byNames(
        COST.names,
        function(matches) return namesTest("category", matches) end
    ),
    business_view = byNames(
        COST.names,
        function(matches) return namesTest("business_view", matches) end
    ),
    output = byTexts(outputTest),
    long_output = byTexts(longOutputTest),
    kind = readKind,
    state = readState,
    severity = readSeverity,
    criticality = readCriticality,
    macro = readMacro,
    metric = readMetric,
    hours = readHoursCondition,
    acknowledged = byFlag(function(____bindingPattern0)
        local facts
        facts = ____bindingPattern0.facts
        return facts and facts.isAcknowledged
    end),
    volatile = byFlag(function(____bindingPattern0)
        local isVolatile
        isVolatile = ____bindingPattern0.isVolatile
        return isVolatile
    end)
}

-- The names of all conditions, in the order of the alphabet.
function exports.conditionNames()
    local names = {}
    for name in pairs(READERS) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

function exports.isCondition(name)
    return READERS[(string.gsub(name, "^not_", ""))] ~= nil
end

-- Reads the condition `name = value`; undefined where that cannot be read, which `complain` was told.
function exports.readCondition(name, value, complain, context)
    local without = string.match(name, "^not_(.+)$")
    local read = READERS[without or name]
    if read == nil then
        return complain(("there is no such condition: " .. possible(
            without or name,
            exports.conditionNames()
        )) .. "; each also with not_ before it")
    end
    local condition = read(value, complain, context)
    if without == nil or condition == nil then
        return condition
    end
    local test = condition.test
    local cost = condition.cost
    local nextChange = condition.nextChange
    return nextChange == nil and ({
        test = negated(test),
        cost = cost
    }) or ({
        test = negated(test),
        cost = cost,
        nextChange = nextChange
    })
end
return exports
 end,

-- -------------------- src/rules/from_table.ts --------------------
["src.rules.from_table"] = function(...)
-- A table, as pdy_rules_file has it, read into rules: all of it, or nothing and what is wrong with it. What can stand in
-- `when` is table_conditions.ts's to know.
local exports = {}
local takeConditions
local ____alert = require("src.alerts.alert")
local isSeverity = ____alert.isSeverity
local ____template = require("src.pagerduty.template")
local fillTemplate = ____template.fillTemplate
local macrosIn = ____template.macrosIn
local readTemplate = ____template.readTemplate
local ____formats = require("src.rules.formats")
local readLink = ____formats.readLink
local ____rule = require("src.rules.rule")
local RULES_FILE = ____rule.RULES_FILE
local fitting = ____rule.fitting
local wordsOf = ____rule.wordsOf
local ____table_conditions = require("src.rules.table_conditions")
local isCondition = ____table_conditions.isCondition
local readCondition = ____table_conditions.readCondition
local ____table_values = require("src.rules.table_values")
local flagOf = ____table_values.flagOf
local possible = ____table_values.possible
local shown = ____table_values.shown

function takeConditions(rule, conditions)
    local ____fitting_result_8 = fitting(conditions)
    local fits = ____fitting_result_8.fits
    local changesAt = ____fitting_result_8.changesAt
    rule.fits = fits
    if changesAt ~= nil then
        rule.changesAt = changesAt
    end
    for ____, ____value in ipairs(conditions) do
        local kinds = ____value.kinds
        if kinds ~= nil then
            rule.kinds = kinds
        end
    end
end
-- What rules may speak of: not of the connector's alert about itself.
local KINDS = {"host", "service", "business activity", "poller"}
local SECONDS_OF = {d = 86400, h = 3600, m = 60, s = 1}

-- The seconds of `5m`, `90s` or `1h30m`; undefined when `text` is no such time.
local function secondsOf(text)
    local seconds
    local rest = string.gsub(
        text,
        "(%d+)%s*([dhms])",
        function(digits, unit)
            seconds = (seconds or 0) + (tonumber(digits) or 0) * (SECONDS_OF[unit] or 0)
            return ""
        end
    )
    local ____temp_0
    if (string.find(rest, "%S")) == nil then
        ____temp_0 = seconds
    else
        ____temp_0 = nil
    end
    return ____temp_0
end

local function sayWait(rule, value, complain)
    local ____temp_1
    if type(value) == "string" then
        ____temp_1 = secondsOf(value)
    else
        ____temp_1 = value
    end
    local seconds = ____temp_1
    if type(seconds) == "number" and seconds >= 0 and math.floor(seconds) == seconds then
        rule.wait = seconds
    else
        complain(shown(value) .. ": expected a time, such as \"5m\", \"90s\" or \"1h30m\", or a whole number of seconds")
    end
end
local SEVERITIES = {"critical", "error", "warning", "info"}

local function saySeverity(rule, value, complain)
    if isSeverity(value) then
        rule.severity = value
    else
        complain((shown(value) .. ": ") .. possible(
            type(value) == "string" and value or "",
            SEVERITIES
        ))
    end
end

-- A text with placeholders; undefined where it cannot be read, which `complain` was told.
local function templateOf(value, complain, context)
    local isText = type(value) == "string" and (string.find(value, "%S")) ~= nil
    if not isText then
        return complain(shown(value) .. ": expected a text, such as \"{host}: {state}\"")
    end
    local template = readTemplate(value, nil)
    if type(template) == "string" then
        return complain((("\"" .. value) .. "\": ") .. template)
    end
    for ____, name in ipairs(macrosIn(template)) do
        context.needVariable(name)
    end
    return template
end
-- What no check has said yet.
local NO_REPORT = {
    stateName = "",
    output = "",
    longOutput = "",
    perfdata = "",
    attempt = 0,
    maximumAttempts = 0,
    lastOk = 0,
    since = 0
}
-- Most different lines about labels without a key: custom variables may hold anything.
local MOST_WARNINGS = 10

-- The label that `template` makes of a subject; undefined where there is no key with that label.
local function labelTemplate(rule, template, ____bindingPattern0)
    local warning
    local severityOf
    local routes
    routes = ____bindingPattern0.routes
    severityOf = ____bindingPattern0.severityOf
    warning = ____bindingPattern0.warning
    local said = {}
    local warnings = 0

    local function warnOf(label)
        if label == "" or said[label] ~= nil or warnings == MOST_WARNINGS or warning == nil then
            return
        end
        said[label] = true
        warnings = warnings + 1
        warning(((((wordsOf(rule) .. ": there is no usable parameter pdy_routing_key_") .. label) .. " for route = \"") .. label) .. "\"; the next rules decide (said once)")
    end
    return function(subject)
        local ____subject_2 = subject
        local dedupKey = ____subject_2.dedupKey
        local resource = ____subject_2.resource
        local place = ____subject_2.place
        local report = ____subject_2.report
        if place == nil then
            return nil
        end
        local described = {dedupKey = dedupKey, resource = resource, place = place, report = report or NO_REPORT}
        local label = fillTemplate(
            template,
            {
                alert = described,
                severity = severityOf(subject)
            }
        )
        for ____, route in ipairs(routes) do
            if route == label then
                return label
            end
        end
        warnOf(label)
        return nil
    end
end

local function sayRoute(rule, value, complain, context)
    local template = templateOf(value, complain, context)
    if template == nil then
        return
    end
    local only = template[1]
    if #template > 1 or type(only) ~= "string" then
        rule.route = labelTemplate(rule, template, context)
        return
    end
    for ____, route in ipairs(context.routes) do
        if route == only then
            rule.route = function() return route end
        end
    end
    if rule.route == nil then
        complain((((("\"" .. only) .. "\": there is no usable parameter pdy_routing_key_") .. only) .. ": ") .. possible(only, context.routes))
    end
end

local function sayText(name)
    return function(rule, value, complain, context)
        local template = templateOf(value, complain, context)
        if template ~= nil then
            rule[name] = template
        end
    end
end

local function sayFlag(name)
    return function(rule, value, complain)
        local flag = flagOf(value, complain)
        if flag ~= nil then
            rule[name] = flag
        end
    end
end

local function sayDetails(rule, value, complain, context)
    local fields = type(value) == "table" and #value.items == 0 and value.fields or ({})
    local details = {}
    for ____, field in ipairs(fields) do
        local text = field.value
        local template = templateOf(
            (type(text) == "number" or type(text) == "boolean") and tostring(text) or text,
            complain,
            context
        )
        if template == nil then
            return
        end
        details[#details + 1] = {name = field.name, template = template}
    end
    if #details > 0 then
        rule.details = details
    else
        complain(shown(value) .. ": expected a table of names and texts: { rack = \"{macro:RACK}\" }")
    end
end

-- `{ "Runbook", "https://wiki.example.com/{service}" }`, or what is wrong with it.
local function linkOf(kind, value, context)
    local items = type(value) == "table" and value.items or ({})
    local text = items[1]
    local address = items[2]
    if type(text) ~= "string" or type(address) ~= "string" or #items > 2 then
        return "expected a list of texts with their addresses: { { \"Runbook\", \"https://wiki.example.com/{service}\" } }"
    end
    local link = readLink(kind, text, address, nil)
    if type(link) == "string" then
        return (("\"" .. address) .. "\": ") .. link
    end
    for ____, template in ipairs({link.text, link.address}) do
        for ____, name in ipairs(macrosIn(template)) do
            context.needVariable(name)
        end
    end
    return link
end

local function sayLinks(kind)
    return function(rule, value, complain, context)
        local items = type(value) == "table" and #value.items > 0 and value.items or ({value})
        local links = {}
        for ____, item in ipairs(items) do
            local link = linkOf(kind, item, context)
            if type(link) == "string" then
                complain(link)
                return
            end
            links[#links + 1] = link
        end
        rule[kind] = links
    end
end
local SAYERS = {
    page = sayFlag("page"),
    severity = saySeverity,
    route = sayRoute,
    wait = sayWait,
    summary = sayText("summary"),
    source = sayText("source"),
    component = sayText("component"),
    group = sayText("group"),
    class = sayText("class"),
    details = sayDetails,
    links = sayLinks("links"),
    images = sayLinks("images"),
    stop = sayFlag("stop")
}
-- What can stand in a rule, in the order in which it is told.
local FIELDS = {
    "name",
    "when",
    "zone",
    "page",
    "severity",
    "route",
    "wait",
    "summary",
    "source",
    "component",
    "group",
    "class",
    "details",
    "links",
    "images",
    "stop"
}

-- The text of a field; undefined where it is not there, or no text, which `complain` is told.
local function textIn(____table, name, complain)
    for ____, field in ipairs(____table.fields) do
        if field.name == name then
            local value = field.value
            return type(value) == "string" and value ~= "" and value or complain(((name .. " = ") .. shown(value)) .. ": expected a text")
        end
    end
    return nil
end

-- Why a field cannot stand in a rule.
local function strangerProblem(name)
    return isCondition(name) and ((name .. " is a condition: write when = { ") .. name) .. " = … }" or "there is no such field: " .. possible(name, FIELDS)
end

-- Reads `when`: all conditions; those that cannot be read are left out, which `complain` was told.
local function readConditions(when, complain, context)
    local conditions = {}
    if type(when) ~= "table" or #when.items > 0 then
        complain(("when = " .. shown(when)) .. ": expected a table of conditions: { host = \"web-*\" }")
        return conditions
    end
    for ____, ____value in ipairs(when.fields) do
        local name = ____value.name
        local value = ____value.value
        local line = ____value.line

        local function complainOfField(text)
            return complain((("when." .. name) .. ": ") .. text, line)
        end
        local isSaying = SAYERS[name] ~= nil and not isCondition(name)
        local ____isSaying_3
        if isSaying then
            ____isSaying_3 = complainOfField("it is no condition: write it beside when, not into it")
        else
            ____isSaying_3 = readCondition(name, value, complainOfField, context)
        end
        local condition = ____isSaying_3
        if condition ~= nil then
            conditions[#conditions + 1] = condition
        end
    end
    return conditions
end

-- Reads one rule, the `index`th from 1. `complain` takes the first thing that is wrong with it.
local function readRule(____table, index, known, complain)
    local name = string.format("#%d", index)

    local function complainOf(text, line)
        if line == nil then
            line = ____table.line
        end
        complain(string.format("line %d: rule \"%s\": %s", line, name, text))
        return nil
    end
    name = textIn(____table, "name", complainOf) or name
    local zone = textIn(____table, "zone", complainOf)
    local customVariables = {}
    local context = {
        routes = known.routes,
        severityOf = known.severityOf,
        unixTime = known.unixTime,
        weekClock = known.weekClock,
        warning = known.warning,
        zone = zone,
        needVariable = function(variable)
            local ____temp_4 = #customVariables + 1
            customVariables[____temp_4] = variable
            return ____temp_4
        end
    }
    local rule = {
        name = name,
        origin = RULES_FILE,
        kinds = KINDS,
        fits = function() return true end,
        customVariables = customVariables
    }
    local saysSomething = false
    for ____, ____value in ipairs(____table.fields) do
        local field = ____value.name
        local value = ____value.value
        local line = ____value.line

        local function complainOfField(text)
            return complainOf((field .. ": ") .. text, line)
        end
        local say = SAYERS[field]
        if field == "when" then
            takeConditions(
                rule,
                readConditions(value, complainOf, context)
            )
        elseif say ~= nil then
            saysSomething = true
            say(rule, value, complainOfField, context)
        elseif field ~= "name" and field ~= "zone" then
            complainOfField(strangerProblem(field))
        end
    end
    if #____table.items > 0 then
        complainOf((shown(____table.items[1]) .. " stands there without a name: ") .. possible("", FIELDS))
    end
    if not saysSomething then
        complainOf("it says nothing: write what follows, such as page = false")
    end
    if zone ~= nil and rule.changesAt == nil then
        complainOf(("zone = \"" .. zone) .. "\" does nothing without hours: write when = { hours = … }")
    end
    local ____temp_7 = rule.page == false
    if ____temp_7 then
        local ____opt_5 = rule.kinds
        ____temp_7 = (____opt_5 and #____opt_5) == 1
    end
    if ____temp_7 and rule.kinds[1] == "poller" then
        complainOf("page = false does nothing for a poller: set severity_poller_silent to none")
    end
    return rule
end

-- Reads the rules in `table`, or says what is wrong with the first that cannot be used: then none is.
function exports.readRules(____table, known)
    local rules = {}
    local problems = {}

    local function complain(text)
        problems[#problems + 1] = text
    end
    local stranger = ____table.fields[1]
    if stranger ~= nil then
        complain(string.format("line %d: \"%s\" stands beside the rules: expected a list of rules, each in braces: return { { name = … }, { name = … } }", stranger.line, stranger.name))
    end
    local lineOf = {}
    for index, item in ipairs(____table.items) do
        if type(item) ~= "table" then
            complain(string.format(
                "rule %d is %s: expected a rule in braces: { name = … }",
                index,
                shown(item)
            ))
        else
            local rule = readRule(item, index, known, complain)
            local before = lineOf[rule.name]
            if before ~= nil then
                complain(string.format("line %d: rule \"%s\": line %d has a rule of that name: the log must tell them apart", item.line, rule.name, before))
            end
            lineOf[rule.name] = item.line
            rules[#rules + 1] = rule
        end
    end
    local problem = problems[1]
    return problem == nil and ({rules = rules}) or ({problem = problem})
end
return exports
 end,

-- -------------------- src/rules/rules_file.ts --------------------
["src.rules.rules_file"] = function(...)
-- pdy_rules_file on the disk: its text, the rules in it, and the copy of the last good one beside the journal. When it is
-- looked at is not its business.
local exports = {}
local ____alert = require("src.alerts.alert")
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local ____files = require("src.text.files")
local replaceFile = ____files.replaceFile
local ____time = require("src.text.time")
local loadWeekClock = ____time.loadWeekClock
local ____from_table = require("src.rules.from_table")
local readRules = ____from_table.readRules
local ____lua_table = require("src.rules.lua_table")
local LARGEST_TEXT = ____lua_table.LARGEST_TEXT
local readLuaTable = ____lua_table.readLuaTable

-- What rules may speak of beside what they say themselves. Loads luatz: call it in init.
function exports.knowledgeOf(____bindingPattern0, routingKeys, unixTime, warning)
    local severityOf
    severityOf = ____bindingPattern0.severityOf
    local routes = {}
    for label in pairs(routingKeys) do
        if label ~= FALLBACK_ROUTE then
            routes[#routes + 1] = label
        end
    end
    table.sort(routes)
    return {
        routes = routes,
        severityOf = severityOf,
        unixTime = unixTime,
        weekClock = loadWeekClock(),
        warning = warning
    }
end

-- The rules in the text of a file, or what is wrong with the first that cannot be used: then none is.
function exports.rulesIn(text, known)
    local ____table = readLuaTable(text)
    return type(____table) == "string" and ({problem = ____table}) or readRules(____table, known)
end

-- The text of a file, as far as it may be used; undefined and why not.
function exports.readText(files, path)
    local file, problem = files.open(path, "rb")
    if file == nil then
        return nil, problem or path
    end
    -- Of a file that is not meant, such as a log, no more than shows that it is too long. Of an empty one nothing is read, of
    -- a folder not even that.
    local text = file:read(LARGEST_TEXT + 1) or file:read("*a")
    file:close()
    if text == nil then
        return nil, path .. " is not a file"
    end
    return text, nil
end

-- Where the last good one is kept, for the output whose journal is at `statePath`.
function exports.copyPathOf(statePath)
    return statePath .. ".rules"
end

-- The first line of the copy, by which it is told from that of another file.
local function headOf(path)
    return ("-- The last good " .. path) .. ", kept by the connector: change that file, not this one.\n"
end

-- The last good text of the file at `path`; undefined where none is kept.
function exports.readCopy(files, copyPath, path)
    local text = exports.readText(files, copyPath)
    local head = headOf(path)
    return text ~= nil and string.sub(text, 1, #head) == head and string.sub(text, #head + 1) or nil
end

-- Keeps `text` as the last good one. Gives what went wrong.
function exports.writeCopy(files, copyPath, path, text)
    local problem = replaceFile(
        files,
        copyPath,
        copyPath .. ".new",
        headOf(path) .. text
    )
    if problem == nil then
        files.makePrivate(copyPath)
    end
    return problem
end
return exports
 end,

-- -------------------- src/text/log.ts --------------------
["src.text.log"] = function(...)
-- What a log takes, and what a line may hold: no secret, wherever it comes from, and no line break. Who writes it is
-- broker/log's to know.
local exports = {}
-- What stands in the log for a secret.
local HIDDEN = "***"

-- `text` on one line.
local function onOneLine(text)
    local line = string.gsub(text, "%c+", " ")
    return line
end

-- `text` on one line and without any of `secrets`: what may be written to a file.
function exports.presentable(text, secrets)
    local shown = onOneLine(text)
    local hidden = {}
    for ____, secret in ipairs(secrets) do
        if secret ~= "" then
            hidden[#hidden + 1] = onOneLine(secret)
        end
    end
    -- One may be part of another: the longest goes first.
    table.sort(
        hidden,
        function(left, right) return #left > #right end
    )
    for ____, secret in ipairs(hidden) do
        local first, last = string.find(shown, secret, 1, true)
        while first ~= nil and last ~= nil do
            shown = (string.sub(shown, 1, first - 1) .. HIDDEN) .. string.sub(shown, last + 1)
            first, last = string.find(shown, secret, first + #HIDDEN, true)
        end
    end
    return shown
end
return exports
 end,

-- -------------------- src/connector/rules_watch.ts --------------------
["src.connector.rules_watch"] = function(...)
-- The rules' file while the connector runs: read at the start and whenever it changes, as a whole or not at all; where it
-- cannot be used, the last good one holds. Says what a change frees. What stands in it is the rules' to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____rules_file = require("src.rules.rules_file")
local copyPathOf = ____rules_file.copyPathOf
local knowledgeOf = ____rules_file.knowledgeOf
local readCopy = ____rules_file.readCopy
local readText = ____rules_file.readText
local rulesIn = ____rules_file.rulesIn
local writeCopy = ____rules_file.writeCopy
-- Seconds between looks at the file.
local LOOK_INTERVAL = 30
-- Seconds after which a fault is believed: while an editor writes a file, it may be gone, or half there.
local CONFIRM_INTERVAL = 2
-- A change that frees more problems than this at once is a WARNING.
exports.MANY_FREED = 50
-- Most of the reasons that held what is freed, that are told.
local MOST_REASONS = 5

local function counted(count, noun)
    return string.format(count == 1 and "%d %s" or "%d %ss", count, noun)
end

-- `1 problem is`, `2 problems are`.
local function problemsAre(count)
    return count == 1 and "1 problem is" or string.format("%d problems are", count)
end

-- The reasons that held what is freed, and how many each; those of the most problems first.
local function wordsOfReasons(____bindingPattern0)
    local freedFrom
    freedFrom = ____bindingPattern0.freedFrom
    local reasons = {}
    for reason, count in pairs(freedFrom) do
        reasons[#reasons + 1] = {reason = reason, count = count or 0}
    end
    table.sort(
        reasons,
        function(left, right)
            local ____temp_0
            if left.count == right.count then
                ____temp_0 = left.reason < right.reason
            else
                ____temp_0 = left.count > right.count
            end
            return ____temp_0
        end
    )
    local words = {}
    for ____, ____value in ipairs(reasons) do
        local reason = ____value.reason
        local count = ____value.count
        if #words < MOST_REASONS then
            words[#words + 1] = string.format("%s (%d)", reason, count)
        end
    end
    if #reasons > MOST_REASONS then
        words[#words + 1] = "and others"
    end
    return table.concat(words, "; ")
end

-- Reads the file, and watches it from then on.
function exports.createRulesWatch(____bindingPattern0, ports)
    local copyPath
    local path
    path = ____bindingPattern0.path
    copyPath = ____bindingPattern0.copyPath
    local ____ports_1 = ports
    local now = ____ports_1.now
    local files = ____ports_1.files
    local log = ____ports_1.log
    local what = "pdy_rules_file " .. path
    local nextLook = now() + LOOK_INTERVAL
    -- The text whose rules hold, and how many they are; undefined: there are none but the parameters'.
    local current
    local ruleCount = 0
    -- What was seen of a file that cannot be used: not believed yet, and complained of.
    local suspected
    local complainedOf
    local outcome

    local function keep(text)
        local ____temp_2
        if copyPath == nil then
            ____temp_2 = nil
        else
            ____temp_2 = writeCopy(files, copyPath, path, text)
        end
        local problem = ____temp_2
        if problem == nil then
            return
        end
        log.warning(((((what .. ": the last good one cannot be kept in ") .. copyPath) .. ": ") .. problem) .. "; it would be missing where the file is bad at a start")
    end

    -- Has the rules in `text` hold from now on; or gives what is wrong with them.
    local function use(text)
        local taken = ports.take(text)
        if type(taken) == "string" then
            return taken
        end
        current = text
        ruleCount = taken
        suspected = nil
        complainedOf = nil
        return nil
    end

    local function complain(problem)
        local instead = current == nil and "there is no last good one, so the parameters alone hold" or ("the last good one holds instead (" .. counted(ruleCount, "rule")) .. ")"
        log.error((((what .. " is not used: ") .. problem) .. "; ") .. instead)
    end

    local function begin(isFirst)
        outcome = {isFirst = isFirst, freed = 0, held = 0, freedFrom = {}}
    end

    local function tell(result)
        local ____result_3 = result
        local freed = ____result_3.freed
        local held = ____result_3.held
        if freed + held == 0 and result.isFirst then
            return
        end
        local rules = counted(ruleCount, "rule")
        local heldWords = held == 0 and "" or ("; " .. problemsAre(held)) .. " held now"
        local freedWords = freed == 0 and "" or (("; " .. problemsAre(freed)) .. " freed, to page now. What held before: ") .. wordsOfReasons(result)
        local say = freed > exports.MANY_FREED and log.warning or log.info
        say((((what .. " has changed: ") .. rules) .. heldWords) .. freedWords)
    end

    local function start()
        local text, readProblem = readText(files, path)
        local ____temp_4
        if copyPath == nil then
            ____temp_4 = nil
        else
            ____temp_4 = readCopy(files, copyPath, path)
        end
        local copy = ____temp_4
        local problem = text == nil and readProblem or use(text)
        if problem ~= nil then
            if copy ~= nil then
                use(copy)
            end
            complainedOf = text or readProblem
            complain(problem)
            return
        end
        local isFirst = copy == nil
        if isFirst or text == copy then
            log.info((what .. ": ") .. counted(ruleCount, "rule"))
        end
        if text == copy then
            return
        end
        keep(text)
        begin(isFirst)
    end
    start()

    local function readAgain()
        local text, readProblem = readText(files, path)
        if text ~= nil and text == current then
            if complainedOf ~= nil then
                log.info((what .. " is as it was before: ") .. counted(ruleCount, "rule"))
            end
            suspected = nil
            complainedOf = nil
            return
        end
        local seen = text or readProblem
        if seen == complainedOf then
            return
        end
        local problem = text == nil and readProblem or use(text)
        if problem == nil then
            keep(text)
            begin(false)
            ports.judgeAll()
        elseif seen == suspected then
            complainedOf = seen
            complain(problem)
        else
            suspected = seen
            nextLook = now() + CONFIRM_INTERVAL
        end
    end
    return {
        look = function()
            if outcome ~= nil and not ports.isJudging() then
                tell(outcome)
                outcome = nil
            end
            if now() < nextLook then
                return
            end
            nextLook = now() + LOOK_INTERVAL
            readAgain()
        end,
        watching = function(judge) return function(alert)
            local ____temp_5
            if alert.desired == "held" then
                ____temp_5 = alert.rejection
            else
                ____temp_5 = nil
            end
            local heldBefore = ____temp_5
            local wasRejected = alert.rejection ~= nil
            judge(alert)
            if outcome == nil then
                return
            end
            if heldBefore ~= nil and alert.desired == "triggered" then
                outcome.freed = outcome.freed + 1
                outcome.freedFrom[heldBefore] = (outcome.freedFrom[heldBefore] or 0) + 1
            elseif not wasRejected and alert.rejection ~= nil and not isOpen(alert) then
                outcome.held = outcome.held + 1
            end
        end end
    }
end

-- Watches pdy_rules_file; undefined where none is set.
function exports.watchRules(____bindingPattern0, parameterRules, ports)
    local routingKeys
    local settings
    settings = ____bindingPattern0.settings
    routingKeys = ____bindingPattern0.routingKeys
    local path = settings.pdy_rules_file
    if path == "" then
        return nil
    end
    local knowledge = knowledgeOf(parameterRules, routingKeys, os.time, ports.log.warning)
    -- A rehearsal writes no file of the output's.
    local ____settings_send_data_test_6
    if settings.send_data_test then
        ____settings_send_data_test_6 = nil
    else
        ____settings_send_data_test_6 = copyPathOf(settings.state_path)
    end
    local copyPath = ____settings_send_data_test_6
    return exports.createRulesWatch(
        {path = path, copyPath = copyPath},
        {
            now = ports.now,
            files = ports.files,
            log = ports.log,
            judgeAll = ports.judgeAll,
            isJudging = ports.isJudging,
            take = function(text)
                local read = rulesIn(text, knowledge)
                if read.problem ~= nil then
                    return read.problem
                end
                ports.use(read.rules)
                return #read.rules
            end
        }
    )
end
return exports
 end,

-- -------------------- src/pagerduty/answer.ts --------------------
["src.pagerduty.answer"] = function(...)
-- What PagerDuty's answer, or the lack of one, means for the event that was sent. Pure; decides nothing about
-- when to try again.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
-- Most bytes of an answer that are shown: whoever answers, the log and the quarantine file stay readable.
local MAXIMUM_SHOWN_BYTES = 500

local function textOf(value)
    return type(value) == "string" and value or nil
end

-- PagerDuty's own words in an answer's body: `message: error; error`; of any other body the beginning.
local function wordsOf(body)
    local result = decode(body)
    local isObject = result.ok and type(result.value) == "table"
    local fields = isObject and result.value or ({})
    local errors = fields.errors
    local list = {}
    for ____, item in ipairs(type(errors) == "table" and errors or ({errors})) do
        if type(item) == "string" then
            list[#list + 1] = item
        end
    end
    local message = textOf(fields.message) or textOf(fields.error) or textOf(fields.status)
    local words = table.concat(list, "; ")
    local said = message ~= nil and words ~= "" and (message .. ": ") .. words or (message or words)
    return string.sub(said == "" and body or said, 1, MAXIMUM_SHOWN_BYTES)
end

-- The delay a Retry-After header asks for in seconds; dates, which PagerDuty does not use, are passed over.
local function retryAfterSeconds(header)
    local digits = string.match(header or "", "^%s*(%d+)%s*$")
    local ____temp_0
    if digits == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(digits)
    end
    return ____temp_0
end

-- Whether a 4xx asks to wait.
local function asksToWait(status)
    return status == 408 or status == 429
end
-- The statuses that speak of the event itself: invalid, too long in one way or another. Every other 4xx speaks of the
-- configuration, the way or the moment, and must not cost an event its details, let alone the page.
local SPEAKS_OF_EVENT = {
    [400] = true,
    [413] = true,
    [414] = true,
    [422] = true,
    [431] = true
}
local CHECK_THE_PROXY_PASSWORD = "check the user and password in http_proxy_string, or in proxy_username and proxy_password"
-- What to do about libcurl's errors that do not heal by themselves, by its numbers.
local REMEDIES = {
    [1] = "check http_server_url",
    [3] = "check http_server_url",
    [58] = "check http_client_certificate, http_client_key and http_client_key_password",
    [60] = "check that http_ca_file or http_ca_path has the authority that signed the certificate of the server (or of a " .. "proxy that reads along), and that the certificate is for the host in http_server_url",
    [77] = "check http_ca_file and http_ca_path"
}

-- What a failure means, whoever it was that answered or did not.
local function judgeFailure(____bindingPattern0)
    local mayHaveArrived
    local proxyStatus
    local errorNumber
    local reason
    reason = ____bindingPattern0.reason
    errorNumber = ____bindingPattern0.errorNumber
    proxyStatus = ____bindingPattern0.proxyStatus
    mayHaveArrived = ____bindingPattern0.mayHaveArrived
    local isProxyAnswer = proxyStatus >= 300
    local told = isProxyAnswer and string.format("the proxy answered HTTP %d to CONNECT", proxyStatus) or reason
    local remedy = isProxyAnswer and proxyStatus < 500 and not asksToWait(proxyStatus) and CHECK_THE_PROXY_PASSWORD .. ", and let the proxy connect to the host and port of http_server_url" or REMEDIES[errorNumber]
    if remedy ~= nil then
        return {kind = "misconfigured", reason = told, remedy = remedy, mayHaveBeenAccepted = mayHaveArrived}
    end
    return {
        kind = "try later",
        reason = told,
        mayHaveBeenAccepted = mayHaveArrived,
        mayBeEventsFault = false,
        retryAfter = nil
    }
end
local CHECK_THE_KEY = "check pdy_routing_key against the Integration Key that PagerDuty shows"

-- What to do about an answer that says something about the configuration, or undefined for any other.
local function remedyFor(status, words)
    if status >= 300 and status < 400 then
        return "it is a redirect: check http_server_url, which must be the address that answers itself"
    end
    if status == 402 then
        return "check the PagerDuty account (or the proxy): it asks for payment"
    end
    if status == 407 then
        return CHECK_THE_PROXY_PASSWORD
    end
    if status == 404 or status == 405 then
        return "check http_server_url, and " .. CHECK_THE_KEY
    end
    local speaksOfKey = (string.match(
        string.lower(words),
        "routing[_ ]key"
    )) ~= nil
    return (status == 401 or status == 403 or status == 400 and speaksOfKey) and CHECK_THE_KEY or nil
end

-- What `outcome` means.
function exports.judge(outcome)
    if outcome.kind == "failed" then
        return judgeFailure(outcome)
    end
    local ____outcome_1 = outcome
    local status = ____outcome_1.status
    if status == 202 then
        return {kind = "accepted"}
    end
    local words = wordsOf(outcome.body)
    local reason = string.format("HTTP %d%s", status, words == "" and "" or ": " .. words)
    local remedy = remedyFor(status, words)
    if remedy ~= nil then
        return {kind = "misconfigured", reason = reason, remedy = remedy, mayHaveBeenAccepted = false}
    end
    if SPEAKS_OF_EVENT[status] == true then
        return {kind = "refused", reason = reason}
    end
    local isClientError = status >= 400 and status < 500
    local ____reason_3 = reason
    local ____isClientError_2
    if isClientError then
        ____isClientError_2 = asksToWait(status) and outcome.openedConnection
    else
        ____isClientError_2 = true
    end
    return {
        kind = "try later",
        reason = ____reason_3,
        mayHaveBeenAccepted = ____isClientError_2,
        mayBeEventsFault = status >= 400 and not asksToWait(status),
        retryAfter = retryAfterSeconds(outcome.retryAfter)
    }
end
return exports
 end,

-- -------------------- src/delivery/transport.ts --------------------
["src.delivery.transport"] = function(...)
-- HTTPS to PagerDuty over kept-alive connections, several at once and never waiting unless asked to; beside that, another
-- server's address can be fetched, and its REST API be read, and Centreon's be told something. The only user of lua-curl (Lua-cURLv3). Knows no alerts: a
-- transfer carries a token of its owner's.
local exports = {}
-- Most bytes of an answer that are kept: PagerDuty's, and those that Centreon's API gives us, have a few hundred.
local MAXIMUM_ANSWER_BYTES = 65536
-- Most bytes of a page that is read: a hundred incidents have some 500 KB (measured with what PagerDuty documents of each),
-- and fifty alerts with all that we tell of them may have several times that.
local MAXIMUM_PAGE_BYTES = 8388608
-- Seconds that reading a page may take: nobody waits for it, and PagerDuty takes seconds for a full one.
local PAGE_TIMEOUT = 30
-- Seconds that telling another server something may take: nobody waits for it.
local TELLING_TIMEOUT = 30
-- libcurl's errors after which no byte of the request can have left: resolving, connecting, TLS. The numbers are
-- libcurl's own (https://curl.se/libcurl/c/libcurl-errors.html); lua-curl does not name all of them in each version.
local NOTHING_SENT = {
    [1] = true,
    [3] = true,
    [5] = true,
    [6] = true,
    [7] = true,
    [35] = true,
    [53] = true,
    [54] = true,
    [58] = true,
    [59] = true,
    [60] = true,
    [66] = true,
    [77] = true,
    [83] = true,
    [97] = true
}

-- Applies options that an older libcurl or lua-curl may not have: without them things are slower, not wrong.
local function setIfSupported(easy, options)
    pcall(function() return easy:setopt(options) end)
end

-- Sets what every connection needs, whoever is at its end.
local function setWayOptions(curl, easy, settings)
    easy:setopt({
        url = settings.url,
        timeout_ms = settings.timeout * 1000,
        connecttimeout_ms = settings.connectTimeout * 1000,
        nosignal = true,
        followlocation = false,
        ssl_verifypeer = settings.verifiesCertificate,
        ssl_verifyhost = settings.verifiesCertificate and 2 or 0
    })
    -- Also when they are empty: else libcurl takes over the proxy that the environment names, and who goes past it.
    easy:setopt({proxy = settings.proxy.url, noproxy = settings.noProxy})
    if settings.proxy.credentials ~= "" then
        easy:setopt({proxyuserpwd = settings.proxy.credentials})
    end
    if settings.caFile ~= "" then
        easy:setopt({cainfo = settings.caFile})
    end
    if settings.caPath ~= "" then
        easy:setopt({capath = settings.caPath})
    end
    setIfSupported(easy, {tcp_keepalive = true})
    setIfSupported(easy, {protocols = curl.PROTO_HTTP + curl.PROTO_HTTPS})
    -- One connection for all where the server speaks HTTP/2; the first handshake tells.
    if (string.match(settings.url, "^https:")) ~= nil then
        setIfSupported(easy, {http_version = curl.HTTP_VERSION_2TLS})
        setIfSupported(easy, {pipewait = true})
    end
end

-- Sets what every connection to the endpoint needs, whatever is sent over it. Raises when libcurl refuses a setting.
function exports.setEndpointOptions(curl, easy, settings)
    setWayOptions(curl, easy, settings)
    if settings.clientCertificate ~= "" then
        -- Always with a password: without one OpenSSL asks for it on standard input, and blocks the broker.
        easy:setopt({sslcert = settings.clientCertificate, keypasswd = settings.clientKeyPassword})
    end
    if settings.clientKey ~= "" then
        easy:setopt({sslkey = settings.clientKey})
    end
end

-- An error in libcurl's words. They name the server even where it means the proxy: that there is one is added.
function exports.problemText(problem, settings)
    local proxyNote = settings.proxy.url == "" and "" or "; a proxy is set"
    return (((problem:msg() .. " (") .. problem:name()) .. proxyNote) .. ")"
end

-- A transport that uses `curl`, the lua-curl module. Raises when libcurl refuses the settings themselves.
function exports.createTransport(curl, settings)
    local multi = curl.multi()
    multi:setopt({maxconnects = settings.maximumParallel})
    local idle = {}
    local active = {}
    local failedAtStart = {}
    local running = 0
    -- Only a connection that was used before can die under a request that libcurl then repeats by itself.
    local hasConnectedBefore = false

    local function createTransfer()
        local easy = curl.easy()
        local transfer = {
            easy = easy,
            token = nil,
            answer = {},
            answerBytes = 0,
            retryAfter = nil
        }
        exports.setEndpointOptions(curl, easy, settings)
        easy:setopt({
            post = true,
            httpheader = {"Content-Type: application/json", "Accept: application/json", "Expect:"},
            writefunction = function(chunk)
                transfer.answerBytes = transfer.answerBytes + #chunk
                if transfer.answerBytes > MAXIMUM_ANSWER_BYTES then
                    return 0
                end
                local ____transfer_answer_0 = transfer.answer
                ____transfer_answer_0[#____transfer_answer_0 + 1] = chunk
                return true
            end,
            headerfunction = function(line)
                local value = string.match(
                    string.lower(line),
                    "^retry%-after:%s*(.*%S)"
                )
                if value ~= nil then
                    transfer.retryAfter = value
                end
                return true
            end
        })
        return transfer
    end
    -- What is under way beside the events, and who is told of its end.
    local visits = {}
    local visiting = 0

    local function visit(easy, url, ended)
        easy:setopt_url(url)
        multi:add_handle(easy)
        visits[easy] = ended
        visiting = visiting + 1
    end
    local fetcher

    local function createFetcher()
        local easy = curl.easy()
        setWayOptions(curl, easy, settings)
        easy:setopt({
            forbid_reuse = true,
            writefunction = function() return 0 end
        })
        return easy
    end

    local function endFetch(easy, problem, ended)
        local status = math.floor(easy:getinfo_response_code())
        if status >= 200 and status < 300 then
            ended(nil)
        elseif status > 0 or problem == nil then
            ended(string.format("HTTP %d", status))
        else
            ended(exports.problemText(problem, settings))
        end
    end
    local teller
    local told = {}
    local toldBytes = 0

    local function createTeller()
        local easy = curl.easy()
        setWayOptions(curl, easy, settings)
        easy:setopt({
            proxy = "",
            timeout_ms = TELLING_TIMEOUT * 1000,
            post = true,
            forbid_reuse = true,
            writefunction = function(chunk)
                toldBytes = toldBytes + #chunk
                if toldBytes > MAXIMUM_ANSWER_BYTES then
                    return 0
                end
                told[#told + 1] = chunk
                return true
            end
        })
        return easy
    end
    local page = {}
    local pageBytes = 0
    local pageRetryAfter
    local reader

    local function createReader()
        local easy = curl.easy()
        exports.setEndpointOptions(curl, easy, settings)
        setIfSupported(easy, {accept_encoding = ""})
        easy:setopt({
            timeout_ms = PAGE_TIMEOUT * 1000,
            writefunction = function(chunk)
                pageBytes = pageBytes + #chunk
                if pageBytes > MAXIMUM_PAGE_BYTES then
                    return 0
                end
                page[#page + 1] = chunk
                return true
            end,
            headerfunction = function(line)
                local lower = string.lower(line)
                local seconds = string.match(lower, "^ratelimit%-reset:%s*(%d+)")
                local after = string.match(lower, "^retry%-after:%s*(%d+)")
                pageRetryAfter = tonumber(seconds or after) or pageRetryAfter
                return true
            end
        })
        return easy
    end

    local function endGet(easy, problem, ended)
        local body = table.concat(page)
        page = {}
        local status = math.floor(easy:getinfo_response_code())
        if problem == nil then
            ended({kind = "answered", status = status, body = body, retryAfter = pageRetryAfter})
        elseif pageBytes > MAXIMUM_PAGE_BYTES then
            ended({
                kind = "failed",
                reason = string.format("its answer has more than %d bytes", MAXIMUM_PAGE_BYTES)
            })
        else
            ended({
                kind = "failed",
                reason = exports.problemText(problem, settings)
            })
        end
    end

    local function mayHaveArrived(easy, code)
        -- A proxy that refused to connect sent nothing on, unless this was libcurl's second try.
        if not hasConnectedBefore and easy:getinfo_http_connectcode() >= 300 then
            return false
        end
        -- A reused connection that died is followed by a new one: its failure says nothing of the first try.
        return NOTHING_SENT[code] ~= true or easy:getinfo_request_size() > 0
    end

    local function outcomeOf(transfer, problem)
        local ____transfer_1 = transfer
        local easy = ____transfer_1.easy
        local status = math.floor(easy:getinfo_response_code())
        -- An answer that breaks off after its status line still says no: a gateway need not read what it refuses.
        if problem ~= nil and status < 300 then
            local errorNumber = problem:no()
            return {
                kind = "failed",
                reason = exports.problemText(problem, settings),
                errorNumber = errorNumber,
                proxyStatus = math.floor(easy:getinfo_http_connectcode()),
                mayHaveArrived = mayHaveArrived(easy, errorNumber)
            }
        end
        hasConnectedBefore = true
        return {
            kind = "answered",
            status = status,
            body = table.concat(transfer.answer),
            retryAfter = transfer.retryAfter,
            openedConnection = easy:getinfo_num_connects() > 0
        }
    end
    return {
        maximumParallel = settings.maximumParallel,
        running = function() return running end,
        start = function(token, body, url)
            if url == nil then
                url = settings.url
            end
            local isStarted, problem = pcall(function()
                local transfer = table.remove(idle) or createTransfer()
                transfer.token = token
                transfer.answer = {}
                transfer.answerBytes = 0
                transfer.retryAfter = nil
                transfer.easy:setopt_url(url)
                transfer.easy:setopt_postfields(body)
                multi:add_handle(transfer.easy)
                active[transfer.easy] = transfer
                running = running + 1
            end)
            if isStarted then
                return
            end
            failedAtStart[#failedAtStart + 1] = {
                token = token,
                outcome = {
                    kind = "failed",
                    reason = tostring(problem),
                    errorNumber = 0,
                    proxyStatus = 0,
                    mayHaveArrived = false
                }
            }
        end,
        fetch = function(url, ended)
            local isStarted, problem = pcall(function()
                local easy = fetcher or createFetcher()
                fetcher = easy
                visit(
                    easy,
                    url,
                    function(problemOfIt)
                        endFetch(easy, problemOfIt, ended)
                    end
                )
            end)
            if not isStarted then
                ended(tostring(problem))
            end
        end,
        get = function(url, headers, ended)
            local isStarted, problem = pcall(function()
                local easy = reader or createReader()
                reader = easy
                page = {}
                pageBytes = 0
                pageRetryAfter = nil
                easy:setopt_httpheader(headers)
                visit(
                    easy,
                    url,
                    function(problemOfIt)
                        endGet(easy, problemOfIt, ended)
                    end
                )
            end)
            if not isStarted then
                ended({
                    kind = "failed",
                    reason = tostring(problem)
                })
            end
        end,
        send = function(____bindingPattern0, ended)
            local body
            local headers
            local url
            local method
            method = ____bindingPattern0.method
            url = ____bindingPattern0.url
            headers = ____bindingPattern0.headers
            body = ____bindingPattern0.body
            local isStarted, problem = pcall(function()
                local easy = teller or createTeller()
                teller = easy
                told = {}
                toldBytes = 0
                easy:setopt({customrequest = method, httpheader = headers, postfields = body})
                visit(
                    easy,
                    url,
                    function(problemOfIt)
                        local text = table.concat(told)
                        -- Of what is too long the status still says what it is.
                        if problemOfIt == nil or toldBytes > MAXIMUM_ANSWER_BYTES then
                            ended(
                                math.floor(easy:getinfo_response_code()),
                                text
                            )
                        else
                            ended(
                                ((problemOfIt:msg() .. " (") .. problemOfIt:name()) .. ")",
                                text
                            )
                        end
                    end
                )
            end)
            if not isStarted then
                ended(
                    tostring(problem),
                    ""
                )
            end
        end,
        poll = function()
            local finished = {}
            while true do
                local failed = table.remove(failedAtStart)
                if failed == nil then
                    break
                end
                finished[#finished + 1] = failed
            end
            if running == 0 and visiting == 0 then
                return finished
            end
            multi:perform()
            while true do
                local easy, ____, problem = multi:info_read()
                if type(easy) == "number" then
                    return finished
                end
                local transfer = active[easy]
                multi:remove_handle(easy)
                active[easy] = nil
                if transfer == nil then
                    local ended = visits[easy]
                    visits[easy] = nil
                    visiting = visiting - 1
                    if ended ~= nil then
                        ended(problem)
                    end
                else
                    running = running - 1
                    local token = transfer.token
                    finished[#finished + 1] = {
                        token = token,
                        outcome = outcomeOf(transfer, problem)
                    }
                    transfer.token = nil
                    idle[#idle + 1] = transfer
                end
            end
        end,
        wait = function(milliseconds)
            if running > 0 or visiting > 0 then
                multi:wait(milliseconds)
            end
        end
    }
end
return exports
 end,

-- -------------------- src/delivery/connection.ts --------------------
["src.delivery.connection"] = function(...)
-- A connection to PagerDuty and nothing sent over it: shows whether names resolve, the proxy lets us through and the
-- certificate is trusted. With the very options that the transport sends with.
local exports = {}
local ____transport = require("src.delivery.transport")
local problemText = ____transport.problemText
local setEndpointOptions = ____transport.setEndpointOptions
-- Longest single wait for the network, in milliseconds.
local WAIT_STEP = 50

-- Connects, waiting until that is done or has failed: at most as long as the settings allow.
function exports.tryConnection(curl, settings)
    local multi = curl.multi()
    local easy = curl.easy()
    local isPossible, refusal = pcall(function()
        setEndpointOptions(curl, easy, settings)
        easy:setopt({connect_only = true})
        multi:add_handle(easy)
    end)

    local function failed(reason, errorNumber, proxyStatus)
        return {
            kind = "failed",
            reason = reason,
            errorNumber = errorNumber,
            proxyStatus = proxyStatus,
            mayHaveArrived = false
        }
    end
    if not isPossible then
        return failed(
            tostring(refusal),
            0,
            0
        )
    end
    while true do
        multi:perform()
        -- A multi gives errors with their numbers; an easy by itself raises them as texts on Lua 5.1.
        local ended, ____, problem = multi:info_read()
        if type(ended) ~= "number" then
            if problem ~= nil then
                return failed(
                    problemText(problem, settings),
                    problem:no(),
                    math.floor(easy:getinfo_http_connectcode())
                )
            end
            return {
                kind = "connected",
                address = easy:getinfo_primary_ip(),
                seconds = easy:getinfo_total_time()
            }
        end
        multi:wait(WAIT_STEP)
    end
end
return exports
 end,

-- -------------------- src/version.ts --------------------
["src.version"] = function(...)
-- The version, as package.json has it: make lint checks that they agree.
local exports = {}
exports.VERSION = "0.2.0"
return exports
 end,

-- -------------------- src/feedback/answers.ts --------------------
["src.feedback.answers"] = function(...)
-- What PagerDuty's REST API v2 answers, as records: incidents, the alerts in them, services, notes, who is on call. Reads
-- what is documented, and takes nothing for granted: what has not what it must have is undefined. Asks for nothing.
--
-- https://developer.pagerduty.com/api-reference, "Incidents", "Services", "On-Calls" (the OpenAPI description of 2026-08).
local exports = {}
local ____utf8 = require("src.text.utf8")
local cutToCharacters = ____utf8.cutToCharacters
local validUtf8 = ____utf8.validUtf8
-- A title is a summary of up to 1024 characters, and stands in lines that people read.
local SHOWN_TITLE = 160

local function fieldsOf(value)
    return type(value) == "table" and value or ({})
end

local function itemsOf(value)
    return type(value) == "table" and value or ({})
end

local function textOf(value)
    return type(value) == "string" and value ~= "" and value or nil
end

local function numberOf(value)
    return type(value) == "number" and value or 0
end

local function nameOf(fields)
    return textOf(fields.summary) or "somebody"
end

-- A full record has the type without its `_reference`.
local function isPerson(fields)
    return fields.type == "user_reference" or fields.type == "user"
end

local function agentOf(value)
    local fields = fieldsOf(value)
    local ____temp_0
    if textOf(fields.type) == nil then
        ____temp_0 = nil
    else
        ____temp_0 = {
            isPerson = isPerson(fields),
            name = nameOf(fields)
        }
    end
    return ____temp_0
end

local function acknowledgementOf(value)
    local last
    for ____, item in ipairs(itemsOf(value)) do
        local ____fieldsOf_result_1 = fieldsOf(item)
        local at = ____fieldsOf_result_1.at
        local acknowledger = ____fieldsOf_result_1.acknowledger
        local by = fieldsOf(acknowledger)
        local time = textOf(at) or ""
        -- All are of UTC, and of one form: their order is that of their texts.
        if isPerson(by) and (last == nil or time >= last.at) then
            last = {
                by = nameOf(by),
                at = time
            }
        end
    end
    return last
end

local function assigneesOf(value)
    local names = {}
    for ____, item in ipairs(itemsOf(value)) do
        names[#names + 1] = nameOf(fieldsOf(fieldsOf(item).assignee))
    end
    return names
end

local function statusOf(value)
    return (value == "triggered" or value == "acknowledged" or value == "resolved") and value or nil
end

function exports.readIncident(value)
    local fields = fieldsOf(value)
    local id = textOf(fields.id)
    local status = statusOf(fields.status)
    if id == nil or status == nil then
        return nil
    end
    local counts = fieldsOf(fields.alert_counts)
    local all, triggered = numberOf(counts.all), numberOf(counts.triggered)
    local service = fieldsOf(fields.service)
    local reason = fieldsOf(fields.resolve_reason)
    local isMerged = reason.type == "merge_resolve_reason"
    local ____id_4 = id
    local ____numberOf_result_5 = numberOf(fields.incident_number)
    local ____temp_6 = textOf(fields.html_url) or ""
    local ____cutToCharacters_result_7 = cutToCharacters(
        validUtf8(textOf(fields.title) or ""),
        SHOWN_TITLE
    )
    local ____status_8 = status
    local ____temp_9 = textOf(service.id) or ""
    local ____temp_10 = textOf(service.summary) or ""
    local ____temp_11 = textOf(fields.created_at) or ""
    local ____temp_2
    if all > 1 or all > triggered then
        ____temp_2 = nil
    else
        ____temp_2 = textOf(fields.incident_key)
    end
    local ____string_format_result_12 = string.format("%s %.0f %.0f", status, all, triggered)
    local ____temp_13 = textOf(fields.last_status_change_at) or ""
    local ____agentOf_result_14 = agentOf(fields.last_status_change_by)
    local ____acknowledgementOf_result_15 = acknowledgementOf(fields.acknowledgements)
    local ____assigneesOf_result_16 = assigneesOf(fields.assignments)
    local ____isMerged_3
    if isMerged then
        ____isMerged_3 = textOf(fieldsOf(reason.incident).id)
    else
        ____isMerged_3 = nil
    end
    return {
        id = ____id_4,
        number = ____numberOf_result_5,
        address = ____temp_6,
        title = ____cutToCharacters_result_7,
        status = ____status_8,
        serviceId = ____temp_9,
        serviceName = ____temp_10,
        createdAt = ____temp_11,
        key = ____temp_2,
        signature = ____string_format_result_12,
        changedAt = ____temp_13,
        changedBy = ____agentOf_result_14,
        acknowledgement = ____acknowledgementOf_result_15,
        assignees = ____assigneesOf_result_16,
        mergedInto = ____isMerged_3
    }
end

function exports.readAlert(value)
    local fields = fieldsOf(value)
    local key = textOf(fields.alert_key)
    local status = fields.status
    if key == nil or status ~= "triggered" and status ~= "resolved" then
        return nil
    end
    return {
        key = key,
        isOpen = status == "triggered",
        createdAt = textOf(fields.created_at) or ""
    }
end

function exports.readService(value)
    local fields = fieldsOf(value)
    local id = textOf(fields.id)
    if id == nil then
        return nil
    end
    local routingKeys = {}
    for ____, integration in ipairs(itemsOf(fields.integrations)) do
        local key = textOf(fieldsOf(integration).integration_key)
        if key ~= nil then
            routingKeys[#routingKeys + 1] = key
        end
    end
    return {
        id = id,
        name = textOf(fields.name) or textOf(fields.summary) or id,
        escalationPolicyId = textOf(fieldsOf(fields.escalation_policy).id),
        routingKeys = routingKeys
    }
end

-- A note's text, and when it was written.
function exports.readNote(value)
    local fields = fieldsOf(value)
    local content = textOf(fields.content)
    local ____temp_17
    if content == nil then
        ____temp_17 = nil
    else
        ____temp_17 = {
            content = content,
            at = textOf(fields.created_at) or ""
        }
    end
    return ____temp_17
end

function exports.readOnCall(value)
    local fields = fieldsOf(value)
    local escalationPolicyId = textOf(fieldsOf(fields.escalation_policy).id)
    if escalationPolicyId == nil then
        return nil
    end
    return {
        person = nameOf(fieldsOf(fields.user)),
        level = numberOf(fields.escalation_level),
        schedule = textOf(fieldsOf(fields.schedule).summary),
        ["until"] = textOf(fields["end"]),
        escalationPolicyId = escalationPolicyId
    }
end
return exports
 end,

-- -------------------- src/feedback/rest_api.ts --------------------
["src.feedback.rest_api"] = function(...)
-- Asks PagerDuty's REST API, one request after the other: pages of lists, single records, and what an answer other than
-- theirs means. What comes is read a piece at a time, so that nobody is held up. Knows no alerts, and does not wait.
local exports = {}
local ____json = require("src.text.json")
local decodeInPieces = ____json.decodeInPieces
local ____url = require("src.text.url")
local urlEncode = ____url.urlEncode
-- PagerDuty's own limits of a page, and of where one may begin.
exports.LARGEST_PAGE = 100
local FURTHEST = 10000
local NOT_FOUND = 404
local REMEDIES = {[401] = "check pdy_api_key: PagerDuty shows it under Integrations > API Access Keys; a read-only one is enough", [402] = "the REST API is not in your account's plan: leave pdy_api_key out", [403] = "the key in pdy_api_key may not read this: give it read access to incidents, services and on-calls"}

local function failed(reason, remedy, retryAfter)
    return {kind = "failed", reason = reason, remedy = remedy, retryAfter = retryAfter}
end

-- Why an answer is none that can be read; undefined: it can.
local function troubleOf(outcome)
    if outcome.kind == "failed" then
        return failed(outcome.reason)
    end
    local ____outcome_0 = outcome
    local status = ____outcome_0.status
    local retryAfter = ____outcome_0.retryAfter
    if status == 200 then
        return nil
    end
    if status == NOT_FOUND then
        return {kind = "not found"}
    end
    return failed(
        string.format("HTTP %d", status),
        REMEDIES[status],
        retryAfter
    )
end

local function textOfQuery(query)
    local parts = {}
    for ____, ____value in ipairs(query) do
        local name = ____value[1]
        local value = ____value[2]
        parts[#parts + 1] = (urlEncode(name) .. "=") .. urlEncode(value)
    end
    return table.concat(parts, "&")
end
local NOT_PAGERDUTY = failed("what answers there is not PagerDuty's REST API", "check pdy_api_url: for accounts of the service region EU it is https://api.eu.pagerduty.com")

-- The REST API at `url`; `get` begins a GET whose end comes within some later call.
function exports.createRestApi(url, key, get)
    local base = string.gsub(url, "/+$", "")
    local headers = {"Authorization: Token token=" .. key, "Accept: application/vnd.pagerduty+json;version=2", "Content-Type: application/json"}
    local left = 0
    local isAsking = false
    -- Reads on in what has come. Ends are told of here, never within the transport's turn.
    local read

    -- Asks for an address, and gives the one object that comes, but for the items of its lists.
    local function ask(path, takeItem, ended)
        if left == 0 then
            ended({}, {kind = "too much"})
            return
        end
        left = left - 1
        isAsking = true
        get(
            base .. path,
            headers,
            function(outcome)
                isAsking = false
                local trouble = troubleOf(outcome)
                local readOn = decodeInPieces(outcome.kind == "answered" and outcome.body or "", takeItem)
                read = function(bytes)
                    local ____temp_1
                    if trouble == nil then
                        ____temp_1 = readOn(bytes)
                    else
                        ____temp_1 = nil
                    end
                    local result = ____temp_1
                    if trouble == nil and result == nil then
                        return
                    end
                    read = nil
                    local ____temp_4
                    if (result and result.ok) == true then
                        ____temp_4 = result.value
                    else
                        ____temp_4 = nil
                    end
                    local object = ____temp_4
                    if trouble ~= nil then
                        ended({}, trouble)
                    elseif type(object) ~= "table" then
                        ended({}, NOT_PAGERDUTY)
                    else
                        ended(object, nil)
                    end
                end
            end
        )
    end

    local function list(path, name, query, take, ended, pageSize)
        if pageSize == nil then
            pageSize = exports.LARGEST_PAGE
        end
        local askFrom
        askFrom = function(offset)
            local paged = {
                {
                    "limit",
                    string.format("%d", pageSize)
                },
                {
                    "offset",
                    string.format("%d", offset)
                }
            }
            for ____, one in ipairs(query) do
                paged[#paged + 1] = one
            end

            local function takeItem(listName, item)
                if listName == name then
                    take(item)
                end
            end
            ask(
                (path .. "?") .. textOfQuery(paged),
                takeItem,
                function(object, trouble)
                    local next = offset + pageSize
                    if trouble ~= nil then
                        ended(trouble)
                    elseif type(object[name]) ~= "table" then
                        ended(NOT_PAGERDUTY)
                    elseif object.more ~= true then
                        ended(nil)
                    elseif next + pageSize > FURTHEST then
                        ended({kind = "too much"})
                    else
                        askFrom(next)
                    end
                end
            )
        end
        askFrom(0)
    end
    return {
        begin = function(requests)
            left = requests
        end,
        list = list,
        one = function(path, name, take, ended)
            ask(
                path,
                function() return nil end,
                function(object, trouble)
                    if trouble == nil then
                        take(object[name])
                    end
                    ended(trouble)
                end
            )
        end,
        turn = function(bytes)
            if read ~= nil then
                read(bytes)
            end
            return read ~= nil
        end,
        isUnderWay = function() return isAsking or read ~= nil end
    }
end
return exports
 end,

-- -------------------- src/feedback/queries.ts --------------------
["src.feedback.queries"] = function(...)
-- What PagerDuty's REST API is asked for, by the connector and by commands: services, open incidents, who is on call. Gives it
-- as it is read; what follows, and how it is shown, is theirs to say.
local exports = {}
local ____answers = require("src.feedback.answers")
local readIncident = ____answers.readIncident
local readOnCall = ____answers.readOnCall
local readService = ____answers.readService

-- Gives all services that the key sees, with the routing keys that lead to them.
function exports.listServices(api, take, ended)
    api.list(
        "/services",
        "services",
        {{"include[]", "integrations"}},
        function(item)
            local service = readService(item)
            if service ~= nil then
                take(service)
            end
        end,
        ended
    )
end

-- For the open incidents of these services; for all that the key sees where there are none.
local function openIncidentsQuery(serviceIds)
    local query = {{"statuses[]", "triggered"}, {"statuses[]", "acknowledged"}, {"date_range", "all"}, {"sort_by", "incident_number:asc"}}
    for ____, id in ipairs(serviceIds) do
        query[#query + 1] = {"service_ids[]", id}
    end
    return query
end

-- Gives the open incidents of these services; of all that the key sees where there are none.
function exports.listOpenIncidents(api, serviceIds, take, ended)
    api.list(
        "/incidents",
        "incidents",
        openIncidentsQuery(serviceIds),
        function(item)
            local incident = readIncident(item)
            if incident ~= nil then
                take(incident)
            end
        end,
        ended
    )
end

-- Gives who is on call now for these escalation policies, and until when: at each level whoever is first.
function exports.listOnCalls(api, escalationPolicyIds, take, ended)
    local query = {{"earliest", "true"}}
    for ____, id in ipairs(escalationPolicyIds) do
        query[#query + 1] = {"escalation_policy_ids[]", id}
    end
    api.list(
        "/oncalls",
        "oncalls",
        query,
        function(item)
            local onCall = readOnCall(item)
            if onCall ~= nil then
                take(onCall)
            end
        end,
        ended
    )
end
return exports
 end,

-- -------------------- src/feedback/services.ts --------------------
["src.feedback.services"] = function(...)
-- Which of PagerDuty's services our alerts are at, by the integration keys that lead to them; the key of an orchestration
-- leads nowhere in particular. Knows no incidents.
local exports = {}
-- Above so many the address would be too long for some proxies: all are asked for then.
local MOST_ASKED = 100

-- `routingKeys` by their labels; `givenIds`: pdy_service_ids.
function exports.findServices(all, routingKeys, givenIds)
    local byKey = {}
    for ____, ____value in ipairs(all) do
        local id = ____value.id
        local keys = ____value.routingKeys
        for ____, key in ipairs(keys) do
            byKey[key] = id
        end
    end
    local ofRoute = {}
    local routes = {}
    local isOurs = {}
    local ids = {}

    local function add(id)
        if isOurs[id] ~= nil then
            return
        end
        isOurs[id] = true
        ids[#ids + 1] = id
    end
    local unknown = {}
    for route, key in pairs(routingKeys) do
        local id = byKey[key]
        ofRoute[route] = id
        if id == nil then
            unknown[#unknown + 1] = route
        else
            routes[id] = route
            add(id)
        end
    end
    for ____, id in ipairs(givenIds) do
        add(id)
    end
    table.sort(unknown)
    table.sort(ids)
    local needsAll = #unknown > 0 and #givenIds == 0 or #ids > MOST_ASKED
    return {
        asked = needsAll and ({}) or ids,
        serviceOf = function(route) return ofRoute[route] end,
        routeOf = function(id) return routes[id] end,
        isOurs = function(id) return isOurs[id] ~= nil end,
        unknown = unknown
    }
end
return exports
 end,

-- -------------------- src/commands/curl.ts --------------------
["src.commands.curl"] = function(...)
-- lua-curl for the commands: the true module, or one that only pretends, and notes what it was given.
-- lua-curl, or what to do to have it.
local exports = {}

function exports.loadCurl()
    local isLoaded, result = pcall(function() return require("cURL") end)
    -- Debian's own lua-curl has a module of this name, too, and no multi.
    if isLoaded and type(result) == "table" and result.easy ~= nil and result.multi ~= nil then
        return result
    end
    return (("lua-curl (Lua-cURLv3) cannot be loaded by this Lua (" .. _VERSION) .. "): install it from Centreon's repository ") .. "(dnf install lua-curl, apt install lua-curl), or choose the Lua that has it"
end
-- The answer of a PagerDuty that takes everything.
local ACCEPTED = 202

-- A lua-curl that sends nothing: `note` gets each body, and PagerDuty seems to accept it at once.
function exports.createNotingCurl(note)

    local function createEasy()
        local body = ""
        local easy
        easy = {
            setopt = function(self)
                return easy
            end,
            setopt_url = function(self)
                return easy
            end,
            setopt_postfields = function(self, text)
                body = text
                return easy
            end,
            perform = function(self)
                note(body)
                return easy
            end,
            getinfo_response_code = function(self)
                return ACCEPTED
            end,
            getinfo_num_connects = function(self)
                return 0
            end,
            getinfo_request_size = function(self)
                return #body
            end,
            getinfo_http_connectcode = function(self)
                return 0
            end
        }
        return easy
    end

    local function createMulti()
        local ended = {}
        local multi
        multi = {
            setopt = function(self)
                return multi
            end,
            add_handle = function(self, easy)
                easy:perform()
                ended[#ended + 1] = easy
                return multi
            end,
            remove_handle = function(self)
                return multi
            end,
            perform = function(self)
                return 0
            end,
            wait = function(self)
                return 0
            end,
            info_read = function(self)
                local easy = table.remove(ended)
                if easy == nil then
                    return 0, nil, nil
                end
                return easy, true, nil
            end
        }
        return multi
    end
    local noting = {
        easy = createEasy,
        multi = createMulti,
        HTTP_VERSION_2TLS = 0,
        PROTO_HTTP = 0,
        PROTO_HTTPS = 0
    }
    return noting
end
return exports
 end,

-- -------------------- src/alerts/policy.ts --------------------
["src.alerts.policy"] = function(...)
-- The policy: what Centreon calls for, from the last observation of a resource and of what surrounds it. Pure:
-- it never looks at what PagerDuty has. The rules and their order are those of design.md.
local exports = {}
-- Centreon's state numbers, as events carry them.
exports.STATE = {ok = 0, up = 0, pending = 4, unreachable = 2}

-- Why a problem is held, or undefined when nothing holds it.
function exports.holdReason(facts, around)
    if facts.goneAt ~= nil then
        return "its engine no longer names it"
    end
    if facts.downtimeDepth > 0 then
        return "it is in a downtime"
    end
    if around.hostDowntimeDepth > 0 then
        return "its host is in a downtime"
    end
    if facts.flapping ~= "no" then
        return "it is flapping"
    end
    if around.isHostDown then
        return "its host is not UP"
    end
    if around.isBehindDownParent then
        return "its parent host is down"
    end
    if facts.staleness ~= nil then
        return "no check has confirmed it since the host came back"
    end
    if facts.earlyUntil ~= nil then
        return "it may be the first sign of something above it"
    end
    if around.isFilteredOut then
        return "it is filtered out"
    end
    if facts.waitsUntil ~= nil then
        return "it has not lasted long enough"
    end
    return nil
end

-- What Centreon calls for: rules 2 to 5, for an observation that counts (rule 1 is `readingOf`).
function exports.desiredState(facts, around)
    -- A flag that may be a leftover (flap detection is perhaps off) holds no recovery.
    if facts.state == exports.STATE.ok then
        return facts.flapping == "yes" and "held" or "resolved"
    end
    if facts.isAcknowledged then
        return "acknowledged"
    end
    return exports.holdReason(facts, around) == nil and "triggered" or "held"
end

-- Rule 1: a state that is not HARD changes nothing (unless SOFT states count too), nor does PENDING. But a SOFT
-- problem of a resource whose last hard state is OK means that its recovery was missed.
function exports.readingOf(state, isHard, lastHardState, hardOnly)
    if state == exports.STATE.pending then
        return "changes nothing"
    end
    if isHard or not hardOnly then
        return "counts"
    end
    return lastHardState == exports.STATE.ok and "means a missed recovery" or "changes nothing"
end
-- After so many seconds any changed last_check ends staleness: a poller's clock may have gone back.
exports.STALENESS_CLOCK_GRACE = 300

-- Whether a check made at `lastCheck` (Unix time) confirms what was known before the return. `now` is the
-- connector's clock, in seconds.
function exports.isConfirmed(staleness, lastCheck, now)
    if lastCheck == staleness.lastCheckAtReturn then
        return false
    end
    return lastCheck >= staleness.hostCheckedAt or now - staleness.since >= exports.STALENESS_CLOCK_GRACE
end

-- Whether a problem may be the first sign of a death above it, if there is something above. The engine makes a service with
-- one attempt, and an UNREACHABLE host, HARD about a second before the check above finds what is wrong (measured on a real
-- engine). `attempt`: the one at which it was found.
function exports.isEarly(isHard, attempt, isHost, state)
    return isHard and (attempt <= 1 or isHost and state == exports.STATE.unreachable)
end
return exports
 end,

-- -------------------- src/alerts/host_parents.ts --------------------
["src.alerts.host_parents"] = function(...)
-- Which host is behind which, as Centreon's configuration tells it. Owns the relations alone: what they mean for an
-- alert is for surroundings.ts and the policy to say.
local exports = {}

-- Puts `member` into or out of the set at `owner`; an empty set is forgotten.
local function change(relations, owner, member, isIn)
    local set = relations[owner] or ({})
    local ____member_1 = member
    local ____isIn_0
    if isIn then
        ____isIn_0 = true
    else
        ____isIn_0 = nil
    end
    set[____member_1] = ____isIn_0
    local ____relations_3 = relations
    local ____owner_4 = owner
    local ____temp_2
    if (next(set)) == nil then
        ____temp_2 = nil
    else
        ____temp_2 = set
    end
    ____relations_3[____owner_4] = ____temp_2
end

local function listed(set)
    local ids = {}
    if set ~= nil then
        for id in pairs(set) do
            ids[#ids + 1] = id
        end
    end
    return ids
end

-- No relations yet.
function exports.createHostParents()
    local parents = {}
    local children = {}
    return {
        set = function(childId, parentId, isParent)
            local ____opt_5 = parents[childId]
            if (____opt_5 and ____opt_5[parentId]) == true == isParent then
                return false
            end
            change(parents, childId, parentId, isParent)
            change(children, parentId, childId, isParent)
            return true
        end,
        parentsOf = function(childId) return listed(parents[childId]) end,
        childrenOf = function(parentId) return listed(children[parentId]) end,
        each = function(visit)
            for childId, above in pairs(parents) do
                if above ~= nil then
                    for parentId in pairs(above) do
                        visit(childId, parentId)
                    end
                end
            end
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/shelf.ts --------------------
["src.alerts.shelf"] = function(...)
-- Where the alerts stand: found by their resource, listed by their host. Owns the tables alone; what becomes of an alert
-- is the book's to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf

-- No alerts yet.
function exports.createShelf()
    local hosts = {}
    local services = {}
    local pollers = {}
    -- Alerts of business activities and the connector, by dedup key.
    local others = {}

    local function each(visit)
        for ____, alert in pairs(hosts) do
            if alert ~= nil then
                visit(alert)
            end
        end
        for ____, ofHost in pairs(services) do
            for ____, alert in pairs(ofHost) do
                visit(alert)
            end
        end
        for ____, alert in pairs(pollers) do
            visit(alert)
        end
        for ____, alert in pairs(others) do
            if alert ~= nil then
                visit(alert)
            end
        end
    end
    return {
        find = function(resource)
            if resource.kind == "service" then
                local ____opt_0 = services[resource.hostId]
                return ____opt_0 and ____opt_0[resource.serviceId]
            end
            if resource.kind == "host" then
                return hosts[resource.hostId]
            end
            if resource.kind == "poller" then
                return pollers[resource.id]
            end
            return others[dedupKeyOf(resource)]
        end,
        ofHost = function(hostId) return hosts[hostId] end,
        services = services,
        pollers = pollers,
        ofServices = function(hostId)
            local listed = {}
            local ofHost = services[hostId]
            if ofHost == nil then
                return listed
            end
            for ____, alert in pairs(ofHost) do
                listed[#listed + 1] = alert
            end
            return listed
        end,
        put = function(alert)
            local ____alert_2 = alert
            local resource = ____alert_2.resource
            if resource.kind == "host" then
                hosts[resource.hostId] = alert
            elseif resource.kind == "service" then
                local ofHost = services[resource.hostId] or ({})
                ofHost[resource.serviceId] = alert
                services[resource.hostId] = ofHost
            elseif resource.kind == "poller" then
                pollers[resource.id] = alert
            else
                others[alert.dedupKey] = alert
            end
        end,
        remove = function(____bindingPattern0)
            local dedupKey
            local resource
            resource = ____bindingPattern0.resource
            dedupKey = ____bindingPattern0.dedupKey
            if resource.kind == "host" then
                hosts[resource.hostId] = nil
            elseif resource.kind == "service" then
                local ofHost = services[resource.hostId]
                if ofHost ~= nil then
                    ofHost[resource.serviceId] = nil
                end
                if ofHost ~= nil and (next(ofHost)) == nil then
                    services[resource.hostId] = nil
                end
            elseif resource.kind == "poller" then
                pollers[resource.id] = nil
            else
                others[dedupKey] = nil
            end
        end,
        each = each,
        all = function()
            local listed = {}
            each(function(alert)
                local ____temp_5 = #listed + 1
                listed[____temp_5] = alert
                return ____temp_5
            end)
            return listed
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/surroundings.ts --------------------
["src.alerts.surroundings"] = function(...)
-- What surrounds a resource: its host and the hosts above it, SOFT states included, and how old what is known of it is
-- after one of them was away. Decides nothing about alerts: it says what the policy looks at.
local exports = {}
local ____host_parents = require("src.alerts.host_parents")
local createHostParents = ____host_parents.createHostParents
local ____policy = require("src.alerts.policy")
local STALENESS_CLOCK_GRACE = ____policy.STALENESS_CLOCK_GRACE
local STATE = ____policy.STATE

-- No hosts and no relations yet; the alerts of hosts and services are those on the shelf.
function exports.createSurroundings(settings, shelf, ports)
    local hosts = {}
    local parents = createHostParents()

    -- A host's state, SOFT included: its alert knows that of a journal in which the host's own line is missing.
    local function stateOf(hostId)
        local ____opt_0 = hosts[hostId]
        local ____temp_4 = ____opt_0 and ____opt_0.state
        if ____temp_4 == nil then
            local ____opt_2 = shelf.ofHost(hostId)
            ____temp_4 = ____opt_2 and ____opt_2.facts.state
        end
        return ____temp_4 or STATE.up
    end

    local function isUp(hostId)
        return stateOf(hostId) == STATE.up
    end

    -- Calls `visit` for each host above that is not UP, as far up as such hosts lead: an UNREACHABLE one has somebody above
    -- it, and through a silent one others are seen. Ends when `visit` gives true, and gives whether it did. Relations that
    -- Centreon gave up may be known still: there can be loops.
    local function someAbove(hostId, visit)
        local seen = {}
        -- A list, not a recursion: LuaJIT of Debian 12 crashes on one within a loop over pairs.
        local toLookAbove = {hostId}
        while true do
            local belowId = table.remove(toLookAbove)
            if belowId == nil then
                return false
            end
            for ____, parentId in ipairs(parents.parentsOf(belowId)) do
                if not (seen[parentId] ~= nil) and not isUp(parentId) then
                    seen[parentId] = true
                    if visit(parentId) then
                        return true
                    end
                    if stateOf(parentId) == STATE.unreachable or ports.isSilent(parentId) then
                        toLookAbove[#toLookAbove + 1] = parentId
                    end
                end
            end
        end
    end

    -- Whether somebody above says it all for an UNREACHABLE host. Of the hosts in one loop none does that for the others:
    -- each would wait for the next.
    local function isBehindDownParent(hostId)
        return someAbove(
            hostId,
            function(aboveId)
                if aboveId == hostId or ports.isSilent(aboveId) then
                    return false
                end
                return stateOf(aboveId) ~= STATE.unreachable or not someAbove(
                    aboveId,
                    function(id) return id == hostId end
                )
            end
        )
    end

    local function alertsOfChildren(hostId)
        local listed = {}
        for ____, childId in ipairs(parents.childrenOf(hostId)) do
            local alert = shelf.ofHost(childId)
            if alert ~= nil then
                listed[#listed + 1] = alert
            end
        end
        return listed
    end

    local function alertsBehind(hostId)
        local listed = {}
        local seen = {}
        seen[hostId] = true
        local toLookBelow = {hostId}
        while true do
            local aboveId = table.remove(toLookBelow)
            if aboveId == nil then
                return listed
            end
            for ____, childId in ipairs(parents.childrenOf(aboveId)) do
                if not (seen[childId] ~= nil) and not isUp(childId) then
                    seen[childId] = true
                    toLookBelow[#toLookBelow + 1] = childId
                    local alert = shelf.ofHost(childId)
                    if alert ~= nil then
                        listed[#listed + 1] = alert
                    end
                end
            end
        end
    end

    -- What was known before a host checked at `hostCheckedAt` came back is old, until a check confirms it.
    local function markStale(alert, hostCheckedAt)
        if alert.facts.state == STATE.ok then
            return
        end
        alert.facts.staleness = {
            lastCheckAtReturn = alert.facts.lastCheck,
            hostCheckedAt = hostCheckedAt,
            since = ports.now()
        }
        ports.becameStale(alert)
    end

    -- Whether a host's return is so long ago that no result of before can still come in.
    local function isLongBack(facts)
        return facts.returnedAt ~= nil and ports.now() - facts.returnedAt >= STALENESS_CLOCK_GRACE
    end

    local function setHost(hostId, facts)
        local isOfInterest = facts.state ~= STATE.up or facts.downtimeDepth > 0 or facts.returnedAt ~= nil
        hosts[hostId] = isOfInterest and facts or nil
        ports.hostChanged(hostId, isOfInterest and facts or nil)
    end

    local function noteHost(hostId, ____bindingPattern0)
        local lastCheck
        local downtimeDepth
        local state
        state = ____bindingPattern0.state
        downtimeDepth = ____bindingPattern0.downtimeDepth
        lastCheck = ____bindingPattern0.lastCheck
        local known = hosts[hostId]
        if known == nil and state == STATE.up and downtimeDepth == 0 then
            return false
        end
        local facts = known or ({state = STATE.up, downtimeDepth = 0, checkedAtReturn = nil, returnedAt = nil})
        local isSame = facts.state == state and facts.downtimeDepth == downtimeDepth
        if isSame and not isLongBack(facts) then
            return false
        end
        local isBack = facts.state ~= STATE.up and state == STATE.up
        facts.state = state
        facts.downtimeDepth = downtimeDepth
        if isLongBack(facts) then
            facts.checkedAtReturn = nil
            facts.returnedAt = nil
        end
        if isBack and settings.suppressServicesOfDownHosts then
            facts.checkedAtReturn = lastCheck
            facts.returnedAt = ports.now()
            for ____, alert in ipairs(shelf.ofServices(hostId)) do
                markStale(alert, lastCheck)
            end
        end
        if isBack and settings.suppressHostsBehindDownParents then
            for ____, alert in ipairs(alertsBehind(hostId)) do
                if alert.facts.state == STATE.unreachable then
                    markStale(alert, lastCheck)
                end
            end
        end
        setHost(hostId, facts)
        return not isSame
    end
    return {
        of = function(____bindingPattern0)
            local rejection
            local facts
            local resource
            resource = ____bindingPattern0.resource
            facts = ____bindingPattern0.facts
            rejection = ____bindingPattern0.rejection
            local isFilteredOut = rejection ~= nil
            if resource.kind ~= "service" then
                local isUnreachable = resource.kind == "host" and facts.state == STATE.unreachable
                return {
                    hostDowntimeDepth = 0,
                    isHostDown = false,
                    isBehindDownParent = isUnreachable and settings.suppressHostsBehindDownParents and isBehindDownParent(resource.hostId),
                    isFilteredOut = isFilteredOut
                }
            end
            local host = hosts[resource.hostId]
            return {hostDowntimeDepth = (host == nil or settings.ignoresDowntimes) and 0 or host.downtimeDepth, isHostDown = settings.suppressServicesOfDownHosts and host ~= nil and host.state ~= STATE.up, isBehindDownParent = false, isFilteredOut = isFilteredOut}
        end,
        knowsHost = function(hostId) return hosts[hostId] ~= nil end,
        stateOf = stateOf,
        noteHost = noteHost,
        stalenessOfNewcomer = function(resource, lastCheck)
            local ____temp_5
            if resource.kind == "service" then
                ____temp_5 = hosts[resource.hostId]
            else
                ____temp_5 = nil
            end
            local host = ____temp_5
            if (host and host.checkedAtReturn) == nil or host.returnedAt == nil then
                return nil
            end
            if isLongBack(host) or lastCheck >= host.checkedAtReturn then
                return nil
            end
            return {lastCheckAtReturn = lastCheck, hostCheckedAt = host.checkedAtReturn, since = host.returnedAt}
        end,
        forgetHost = function(hostId)
            if hosts[hostId] == nil then
                return
            end
            hosts[hostId] = nil
            ports.hostChanged(hostId, nil)
        end,
        setParent = function(childId, parentId, isParent)
            if not parents.set(childId, parentId, isParent) then
                return false
            end
            ports.parentChanged(childId, parentId, isParent)
            return true
        end,
        parentsOf = parents.parentsOf,
        alertsOfChildren = alertsOfChildren,
        alertsBehind = alertsBehind,
        restoreHost = function(hostId, facts)
            hosts[hostId] = facts
        end,
        restoreParent = function(childId, parentId)
            parents.set(childId, parentId, true)
        end,
        eachHost = function(visit)
            for hostId, facts in pairs(hosts) do
                if facts ~= nil then
                    visit(hostId, facts)
                end
            end
        end,
        eachParent = parents.each
    }
end
return exports
 end,

-- -------------------- src/alerts/place.ts --------------------
["src.alerts.place"] = function(...)
-- How a place is put together, and whether two readings of one say the same: a definition that is told again changes
-- nothing. Pure.
local exports = {}

-- Gives the place a text that few have.
function exports.addText(place, field, text)
    if text ~= "" then
        place[field] = text
    end
end

-- Gives it names that few have.
function exports.addNames(place, field, names)
    if #names > 0 then
        place[field] = names
    end
end

-- Gives it the custom variables.
function exports.addCustomVariables(place, variables)
    if #variables > 0 then
        place.customVariables = variables
    end
end

-- Says which meta-service, or that it is an anomaly detection.
function exports.addKind(place, metaServiceId, isAnomalyDetection)
    if metaServiceId > 0 then
        place.metaServiceId = metaServiceId
    end
    if isAnomalyDetection then
        place.isAnomalyDetection = true
    end
end

-- `place` as `before` has its poller, unless the broker was told since the start whose it is (`definedBy`). A broker that was
-- killed has in its cache what it had at its last clean stop (measured): after a move, the poller of before, and of a host that
-- is new nothing. Where nothing else tells, it is the one that was last heard to define the host (`owner`).
function exports.withKnownPoller(place, before, definedBy, owner)
    local pollerId = definedBy or before and before.pollerId or owner
    if pollerId == nil or pollerId == place.pollerId then
        return place
    end
    local kept = place
    kept.pollerId = pollerId
    kept.poller = (before and before.pollerId) == pollerId and before.poller or ""
    return kept
end

local function isSameItem(left, right)
    if type(left) ~= "table" or type(right) ~= "table" then
        return left == right
    end
    return left.name == right.name and left.value == right.value
end

local function isSameList(left, right)
    if #left ~= #right then
        return false
    end
    for index, item in ipairs(left) do
        if not isSameItem(item, right[index]) then
            return false
        end
    end
    return true
end

local function isSameValue(left, right)
    if type(left) ~= "table" or type(right) ~= "table" then
        return left == right
    end
    return isSameList(left, right)
end

-- Whether `right` has all that `left` has.
local function hasAllOf(left, right)
    local other = right
    for field, value in pairs(left) do
        if not isSameValue(value, other[field]) then
            return false
        end
    end
    return true
end

function exports.isSamePlace(left, right)
    return hasAllOf(left, right) and hasAllOf(right, left)
end
return exports
 end,

-- -------------------- src/alerts/updates.ts --------------------
["src.alerts.updates"] = function(...)
-- What was told of an open alert, and whether the output says something else by now (pdy_updates `output`). Pure.
local exports = {}
local ____lines = require("src.text.lines")
local outputLines = ____lines.outputLines
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
-- Seconds between two tellings of one alert, at least: each is a line in the incident's log.
exports.UPDATE_INTERVAL = 300

-- The first line of an output without its numbers: values and times change with each check, and say nothing new.
local function withoutNumbers(____bindingPattern0)
    local longOutput
    local output
    output = ____bindingPattern0.output
    longOutput = ____bindingPattern0.longOutput
    local bare = string.gsub(
        outputLines(output, longOutput).first,
        "%d+",
        "0"
    )
    return bare
end
local STATES_TOLD = {}

-- That this state was told; one and the same record for all the alerts of which that is all that is compared.
function exports.toldState(stateName)
    local told = STATES_TOLD[stateName] or ({stateName = stateName})
    STATES_TOLD[stateName] = told
    return told
end

-- What a trigger with this report tells.
function exports.toldBy(report, ____bindingPattern0)
    local updatesOutput
    updatesOutput = ____bindingPattern0.updatesOutput
    local ____report_0 = report
    local stateName = ____report_0.stateName
    return updatesOutput and ({
        stateName = stateName,
        output = withoutNumbers(report)
    }) or exports.toldState(stateName)
end

-- Whether the output of an open alert differs from what was told in more than its numbers. `now`: the connector's clock.
function exports.isOutputNews(alert, now)
    local ____alert_1 = alert
    local told = ____alert_1.told
    local report = ____alert_1.report
    if (told and told.output) == nil or report == nil or not isOpen(alert) then
        return false
    end
    if now - alert.triggeredAt < exports.UPDATE_INTERVAL then
        return false
    end
    return told.output ~= withoutNumbers(report)
end
return exports
 end,

-- -------------------- src/journal/lines.ts --------------------
["src.journal.lines"] = function(...)
-- The lines of the journal: JSON, one for each change of an alert, a host or a parent. Owns their format, to and fro;
-- the file they stand in is journal's. No secret is in them: a routing key is named by its label.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local encode = ____json.encode
local ____alert = require("src.alerts.alert")
local createAlert = ____alert.createAlert
local dedupKeyOf = ____alert.dedupKeyOf
local recordUnknownOutcome = ____alert.recordUnknownOutcome
local sharedIfEmpty = ____alert.sharedIfEmpty
local ____place = require("src.alerts.place")
local addCustomVariables = ____place.addCustomVariables
local addKind = ____place.addKind
local addNames = ____place.addNames
local addText = ____place.addText
local ____updates = require("src.alerts.updates")
local toldState = ____updates.toldState
-- The first line of every journal. A file without it, or with a version that is none of these, is not ours to read.
local FORMAT = "centreon-pagerduty journal"
exports.VERSION = 2
-- Of 0.1.0: an alert's place and report are one object, `content`, with the macros of its notes expanded already.
local VERSION_WITH_CONTENT = 1

-- The line every journal begins with.
function exports.headerLine()
    return encode({fields = {{"journal", FORMAT}, {"version", exports.VERSION}}})
end

local function placeValue(place)
    if place == nil then
        return nil
    end
    local ____place_0 = place
    local metaServiceId = ____place_0.metaServiceId
    local isAnomalyDetection = ____place_0.isAnomalyDetection
    local businessViews = ____place_0.businessViews
    local categories = ____place_0.categories
    local customVariables = ____place_0.customVariables
    local variables = {}
    for ____, ____value in ipairs(customVariables or ({})) do
        local name = ____value.name
        local value = ____value.value
        variables[#variables + 1] = {name, value}
    end
    return {fields = {
        {"known", place.isKnown},
        {"poller_id", place.pollerId},
        {"class", place.className},
        {"host_name", place.hostName},
        {"service_description", place.serviceDescription},
        {"meta_service_id", metaServiceId},
        {"anomaly_detection", isAnomalyDetection},
        {"host_groups", {items = place.hostGroups}},
        {"service_groups", {items = place.serviceGroups}},
        {"business_views", businessViews and ({items = businessViews})},
        {"criticality", place.criticality},
        {"criticality_name", place.criticalityName},
        {"poller", place.poller},
        {"categories", categories and ({items = categories})},
        {"custom_variables", customVariables and ({fields = variables})},
        {"host_alias", place.hostAlias},
        {"host_address", place.hostAddress},
        {"time_zone", place.timeZone},
        {"notes", place.notes},
        {"notes_url", place.notesUrl},
        {"action_url", place.actionUrl},
        {"downtime_comment", place.downtimeComment}
    }}
end

local function reportValue(report)
    if report == nil then
        return nil
    end
    return {fields = {
        {"state_name", report.stateName},
        {"output", report.output},
        {"long_output", report.longOutput},
        {"perfdata", report.perfdata},
        {"attempt", report.attempt},
        {"maximum_attempts", report.maximumAttempts},
        {"last_ok", report.lastOk},
        {"since", report.since}
    }}
end

local function factsValue(facts)
    local ____facts_1 = facts
    local staleness = ____facts_1.staleness
    return {fields = {
        {"state", facts.state},
        {"acknowledged", facts.isAcknowledged},
        {"downtime_depth", facts.downtimeDepth},
        {"flapping", facts.isFlapping},
        {"last_check", facts.lastCheck},
        {"stale_last_check", staleness and staleness.lastCheckAtReturn},
        {"stale_host_checked_at", staleness and staleness.hostCheckedAt},
        {"stale_since", staleness and staleness.since},
        {"problem_since", facts.problemSince},
        {"early_until", facts.earlyUntil},
        {"gone_at", facts.goneAt},
        {"new_to_poller", facts.isNewToPoller},
        {"acknowledged_severity", facts.acknowledgedSeverity},
        {"acknowledgement_outgrown", facts.isAcknowledgementOutgrown}
    }}
end

local function verdictValue(verdict)
    if verdict == nil then
        return nil
    end
    local details = {}
    for ____, ____value in ipairs(verdict.details) do
        local name = ____value.name
        local value = ____value.value
        details[#details + 1] = {name, value}
    end
    return {fields = {
        {"dropped", verdict.isDropped},
        {"summary", verdict.summary},
        {"severity", verdict.severity},
        {"route", verdict.route},
        {"details", {fields = details}}
    }}
end

-- The line of an alert; its place and its report, the bulk of it, only where they are given.
function exports.alertLine(alert, place, report)
    local ____alert_8 = alert
    local resource = ____alert_8.resource
    local acknowledgement = ____alert_8.acknowledgement
    local told = ____alert_8.told
    local detour = ____alert_8.detour
    local gathered = ____alert_8.gathered
    local incident = ____alert_8.incident
    local closing = ____alert_8.closing
    local carried = ____alert_8.carried
    local previous = ____alert_8.previous
    return encode({fields = {
        {"alert", resource.kind},
        {"host_id", resource.hostId ~= nil and resource.hostId or nil},
        {"service_id", resource.hostId ~= nil and resource.serviceId or nil},
        {"id", resource.id ~= nil and resource.id or nil},
        {"storm_route", resource.kind == "storm" and resource.route or nil},
        {"route", alert.route},
        {"desired", alert.desired},
        {"severity", alert.severity},
        {"delivered", alert.delivered == "closed" and "none" or alert.delivered},
        {"delivered_severity", alert.deliveredSeverity},
        {"certain", alert.isCertain},
        {"in_flight", alert.inFlight},
        {"triggered_at", alert.triggeredAt},
        {"previous_state", previous and previous.stateName},
        {"previous_seconds", previous and previous.seconds},
        {"told_state", told and told.stateName},
        {"told_output", told and told.output},
        {"incident_id", incident and incident.id},
        {"incident_number", incident and incident.number},
        {"incident_address", incident and incident.address},
        {"closed_at", closing and closing.at},
        {"closed_by", closing and closing.by},
        {"closed_last_check", closing and closing.lastCheck},
        {"carried_step", carried and carried.step},
        {"carried_mark", carried and carried.mark},
        {"carried_comment", carried and carried.comment},
        {"carried_author", carried and carried.author},
        {"acknowledged_at", alert.acknowledgedAt},
        {"acknowledged_there", alert.acknowledgedThereAs},
        {"wants_retrigger", alert.wantsRetrigger},
        {"wants_update", alert.wantsUpdate},
        {"wants_acknowledge", alert.wantsAcknowledge},
        {"wants_repage", alert.wantsRepage},
        {"hold_action", alert.holdAction},
        {"acknowledged_by_hold", alert.isAcknowledgedByHold},
        {"resolve_ordered", alert.isResolveOrdered},
        {"volatile", alert.isVolatile},
        {"rejection", alert.rejection},
        {"unnotified", alert.unnotified},
        {"wait", alert.wait},
        {"gathered_by", gathered and gathered.route},
        {"gathered_at", gathered and gathered.at},
        {
            "custom",
            verdictValue(alert.verdict)
        },
        {"refused_severity", alert.refusedSeverity},
        {"ladder_step", alert.ladderStep},
        {"meant_for", detour and detour.meantFor},
        {"detour_reason", detour and detour.reason},
        {"acknowledged_by", acknowledgement and acknowledgement.author},
        {"acknowledgement_comment", acknowledgement and acknowledgement.comment},
        {"acknowledgement_at", acknowledgement and acknowledgement.at},
        {"acknowledgement_past", acknowledgement and acknowledgement.isPast},
        {
            "facts",
            factsValue(alert.facts)
        },
        {
            "place",
            placeValue(place)
        },
        {
            "report",
            reportValue(report)
        }
    }})
end

-- The line of an alert that is settled.
function exports.forgottenLine(alert)
    return encode({fields = {{"forgotten", alert.dedupKey}}})
end

-- The line of a host that is remembered, or no longer.
function exports.hostLine(hostId, facts)
    return encode({fields = {
        {"host_id", hostId},
        {"state", facts and facts.state},
        {"downtime_depth", facts and facts.downtimeDepth},
        {"checked_at_return", facts and facts.checkedAtReturn},
        {"returned_at", facts and facts.returnedAt}
    }})
end

-- The line that says that the connector ran at `unixTime`.
function exports.aliveLine(unixTime)
    return encode({fields = {{"alive", unixTime}}})
end

-- The line of a host's parent, set or removed.
function exports.parentLine(childId, parentId, isParent)
    return encode({fields = {{"child_id", childId}, {"parent_id", parentId}, {"is_parent", isParent}}})
end

-- The line of a poller whose engine stopped, or runs again.
function exports.engineLine(pollerId, isStopped)
    return encode({fields = {{"poller_id", pollerId}, {"is_stopped", isStopped}}})
end

-- The line of a host's poller; undefined: no poller has it any more.
function exports.ownerLine(hostId, pollerId)
    return encode({fields = {{"owned_host", hostId}, {"poller_id", pollerId}}})
end

-- What a line must have. A value that is missing or of another kind raises: the line is damaged.
local function numberOf(fields, name)
    local value = fields[name]
    return type(value) == "number" and value or error(name .. " is not a number")
end

local function textOf(fields, name)
    local value = fields[name]
    return type(value) == "string" and value or error(name .. " is not a text")
end

-- A list that is left out when there is nothing in it.
local function textsOf(fields, name)
    local texts = {}
    local ____fields_name_61 = fields[name]
    if ____fields_name_61 == nil then
        ____fields_name_61 = {}
    end
    for ____, value in ipairs(____fields_name_61) do
        texts[#texts + 1] = type(value) == "string" and value or error(name .. " are not texts")
    end
    return sharedIfEmpty(texts)
end

-- A text that is left out when there is none.
local function optionalTextOf(fields, name)
    local ____temp_62
    if fields[name] == nil then
        ____temp_62 = nil
    else
        ____temp_62 = textOf(fields, name)
    end
    return ____temp_62
end

-- A number that is left out when there is none.
local function optionalNumberOf(fields, name)
    local ____temp_63
    if fields[name] == nil then
        ____temp_63 = nil
    else
        ____temp_63 = numberOf(fields, name)
    end
    return ____temp_63
end

-- In order: an object has none of its own.
local function namesIn(values)
    local names = {}
    for key in pairs(values) do
        names[#names + 1] = key
    end
    table.sort(names)
    return names
end

local function namedValuesOf(fields, name)
    local ____fields_name_64 = fields[name]
    if ____fields_name_64 == nil then
        ____fields_name_64 = {}
    end
    local values = ____fields_name_64
    local listed = {}
    for ____, key in ipairs(namesIn(values)) do
        listed[#listed + 1] = {
            name = key,
            value = textOf(values, key)
        }
    end
    return sharedIfEmpty(listed)
end

local function wordOf(fields, name, words)
    local value = textOf(fields, name)
    return words[value] ~= nil and value or error(name .. " is unknown")
end

-- A word that is left out when there is none.
local function optionalWordOf(fields, name, words)
    local ____temp_65
    if fields[name] == nil then
        ____temp_65 = nil
    else
        ____temp_65 = wordOf(fields, name, words)
    end
    return ____temp_65
end

-- A time read at `now`: a clock that was set back since must not make the past lie in the future.
local function pastOf(fields, name, now)
    return math.min(
        numberOf(fields, name),
        now
    )
end
local KINDS = {
    host = true,
    service = true,
    ["business activity"] = true,
    poller = true,
    connector = true,
    storm = true
}
local DESIRED = {resolved = true, triggered = true, acknowledged = true, held = true}
local DELIVERED = {none = true, triggered = true, acknowledged = true}
local SEVERITIES = {info = true, warning = true, error = true, critical = true}
local ACKNOWLEDGES = {new = true, again = true}
local HOLD_ACTIONS = {acknowledge = true, resolve = true, taken = true}
local CARRIED_STEPS = {
    ["to tell"] = true,
    told = true,
    stands = true,
    ["to take back"] = true,
    ["taken back"] = true
}
local ACTIONS = {trigger = true, acknowledge = true, resolve = true}
-- What something is called of which the broker knew no name (broker/place.ts).
local MADE_UP = {"^host %d+$", "^service %d+$", "^business activity %d+$", "^poller %d+$"}

-- Version 0.1.0 does not say whether a name was known: it shows.
local function isName(text)
    for ____, pattern in ipairs(MADE_UP) do
        if (string.find(text, pattern)) ~= nil then
            return false
        end
    end
    return true
end

local function readPlace(fields, version)
    local ____temp_66
    if version == VERSION_WITH_CONTENT then
        ____temp_66 = isName(textOf(fields, "host_name")) and isName(textOf(fields, "service_description"))
    else
        ____temp_66 = fields.known == true
    end
    local isKnown = ____temp_66
    local place = {
        isKnown = isKnown,
        pollerId = optionalNumberOf(fields, "poller_id"),
        className = textOf(fields, "class"),
        hostName = textOf(fields, "host_name"),
        serviceDescription = textOf(fields, "service_description"),
        hostGroups = textsOf(fields, "host_groups"),
        serviceGroups = textsOf(fields, "service_groups"),
        criticality = numberOf(fields, "criticality"),
        poller = textOf(fields, "poller"),
        hostAlias = textOf(fields, "host_alias"),
        hostAddress = textOf(fields, "host_address")
    }
    addKind(
        place,
        optionalNumberOf(fields, "meta_service_id") or 0,
        fields.anomaly_detection == true
    )
    addNames(
        place,
        "businessViews",
        textsOf(fields, "business_views")
    )
    addNames(
        place,
        "categories",
        textsOf(fields, "categories")
    )
    addCustomVariables(
        place,
        namedValuesOf(fields, "custom_variables")
    )
    addText(
        place,
        "criticalityName",
        optionalTextOf(fields, "criticality_name") or ""
    )
    addText(
        place,
        "timeZone",
        optionalTextOf(fields, "time_zone") or ""
    )
    addText(
        place,
        "notes",
        optionalTextOf(fields, "notes") or ""
    )
    addText(
        place,
        "notesUrl",
        optionalTextOf(fields, "notes_url") or ""
    )
    addText(
        place,
        "actionUrl",
        optionalTextOf(fields, "action_url") or ""
    )
    addText(
        place,
        "downtimeComment",
        optionalTextOf(fields, "downtime_comment") or ""
    )
    return place
end

local function readReport(fields)
    return {
        stateName = textOf(fields, "state_name"),
        output = textOf(fields, "output"),
        longOutput = textOf(fields, "long_output"),
        perfdata = textOf(fields, "perfdata"),
        attempt = numberOf(fields, "attempt"),
        maximumAttempts = numberOf(fields, "maximum_attempts"),
        lastOk = numberOf(fields, "last_ok"),
        since = numberOf(fields, "since")
    }
end

-- Lua makes room for a field that is set to nil: one that is not there is not touched, of thousands of records.
local function setIfThere(target, field, value)
    if value ~= nil then
        target[field] = value
    end
end

local function readFacts(fields, now)
    local ____numberOf_result_68 = numberOf(fields, "state")
    local ____temp_69 = fields.acknowledged == true
    local ____numberOf_result_70 = numberOf(fields, "downtime_depth")
    local ____temp_71 = fields.flapping == true
    local ____numberOf_result_72 = numberOf(fields, "last_check")
    local ____temp_67
    if fields.stale_since == nil then
        ____temp_67 = nil
    else
        ____temp_67 = {
            lastCheckAtReturn = numberOf(fields, "stale_last_check"),
            hostCheckedAt = numberOf(fields, "stale_host_checked_at"),
            since = pastOf(fields, "stale_since", now)
        }
    end
    local facts = {
        state = ____numberOf_result_68,
        isAcknowledged = ____temp_69,
        downtimeDepth = ____numberOf_result_70,
        isFlapping = ____temp_71,
        lastCheck = ____numberOf_result_72,
        staleness = ____temp_67
    }
    if fields.problem_since ~= nil then
        facts.problemSince = pastOf(fields, "problem_since", now)
    end
    setIfThere(
        facts,
        "earlyUntil",
        optionalNumberOf(fields, "early_until")
    )
    setIfThere(
        facts,
        "goneAt",
        optionalNumberOf(fields, "gone_at")
    )
    if fields.new_to_poller == true then
        facts.isNewToPoller = true
    end
    setIfThere(
        facts,
        "acknowledgedSeverity",
        optionalWordOf(fields, "acknowledged_severity", SEVERITIES)
    )
    if fields.acknowledgement_outgrown == true then
        facts.isAcknowledgementOutgrown = true
    end
    return facts
end

local function readResource(fields)
    local kind = wordOf(fields, "alert", KINDS)
    if kind == "host" or kind == "service" then
        return {
            kind = kind,
            hostId = numberOf(fields, "host_id"),
            serviceId = numberOf(fields, "service_id")
        }
    end
    if kind == "storm" then
        return {
            kind = kind,
            route = textOf(fields, "storm_route")
        }
    end
    return {
        kind = kind,
        id = numberOf(fields, "id")
    }
end

local function readVerdict(fields)
    local values = fields.details
    local details = {}
    for ____, name in ipairs(namesIn(values)) do
        details[#details + 1] = {name = name, value = values[name]}
    end
    return {
        isDropped = fields.dropped == true,
        summary = optionalTextOf(fields, "summary"),
        severity = optionalWordOf(fields, "severity", SEVERITIES),
        route = optionalTextOf(fields, "route"),
        details = sharedIfEmpty(details)
    }
end

-- The alert a line tells of. An action that was under way has an unknown outcome now.
local function readAlert(fields, before, ____bindingPattern0)
    local version
    local now
    now = ____bindingPattern0.now
    version = ____bindingPattern0.version
    local severity = wordOf(fields, "severity", SEVERITIES)
    local alert = createAlert(
        readResource(fields),
        readFacts(fields.facts, now),
        severity
    )
    alert.route = textOf(fields, "route")
    setIfThere(
        alert,
        "rejection",
        optionalTextOf(fields, "rejection")
    )
    setIfThere(
        alert,
        "unnotified",
        optionalTextOf(fields, "unnotified")
    )
    setIfThere(
        alert,
        "wait",
        optionalNumberOf(fields, "wait")
    )
    if fields.gathered_by ~= nil then
        alert.gathered = {
            route = textOf(fields, "gathered_by"),
            at = pastOf(fields, "gathered_at", now)
        }
    end
    local verdict = fields.custom
    if verdict ~= nil then
        alert.verdict = readVerdict(verdict)
    end
    local content = fields.content
    local place = fields.place or content
    local report = fields.report or content
    local ____temp_75
    if place == nil then
        ____temp_75 = before and before.place
    else
        ____temp_75 = readPlace(place, version)
    end
    alert.place = ____temp_75
    local ____temp_78
    if report == nil then
        ____temp_78 = before and before.report
    else
        ____temp_78 = readReport(report)
    end
    alert.report = ____temp_78
    if fields.acknowledged_by ~= nil then
        local ____textOf_result_80 = textOf(fields, "acknowledged_by")
        local ____textOf_result_81 = textOf(fields, "acknowledgement_comment")
        local ____optionalNumberOf_result_82 = optionalNumberOf(fields, "acknowledgement_at")
        local ____temp_79
        if fields.acknowledgement_past == true then
            ____temp_79 = true
        else
            ____temp_79 = nil
        end
        alert.acknowledgement = {author = ____textOf_result_80, comment = ____textOf_result_81, at = ____optionalNumberOf_result_82, isPast = ____temp_79}
    end
    alert.desired = wordOf(fields, "desired", DESIRED)
    alert.delivered = wordOf(fields, "delivered", DELIVERED)
    alert.deliveredSeverity = wordOf(fields, "delivered_severity", SEVERITIES)
    alert.isCertain = fields.certain == true
    alert.triggeredAt = pastOf(fields, "triggered_at", now)
    if fields.previous_state ~= nil then
        local seconds = optionalNumberOf(fields, "previous_seconds")
        alert.previous = {
            stateName = textOf(fields, "previous_state"),
            seconds = seconds
        }
    end
    if fields.told_state ~= nil then
        local stateName = textOf(fields, "told_state")
        local output = optionalTextOf(fields, "told_output")
        alert.told = output == nil and toldState(stateName) or ({stateName = stateName, output = output})
    end
    if fields.incident_id ~= nil then
        alert.incident = {
            id = textOf(fields, "incident_id"),
            number = numberOf(fields, "incident_number"),
            address = textOf(fields, "incident_address")
        }
    end
    if fields.closed_at ~= nil then
        alert.delivered = "closed"
        alert.closing = {
            at = textOf(fields, "closed_at"),
            by = optionalTextOf(fields, "closed_by"),
            lastCheck = optionalNumberOf(fields, "closed_last_check")
        }
    end
    if fields.carried_step ~= nil then
        alert.carried = {
            step = wordOf(fields, "carried_step", CARRIED_STEPS),
            mark = textOf(fields, "carried_mark"),
            comment = textOf(fields, "carried_comment"),
            author = optionalTextOf(fields, "carried_author")
        }
    end
    local acknowledgedAt = optionalNumberOf(fields, "acknowledged_at")
    if acknowledgedAt ~= nil then
        alert.acknowledgedAt = math.min(acknowledgedAt, now)
    end
    setIfThere(
        alert,
        "acknowledgedThereAs",
        optionalWordOf(fields, "acknowledged_there", SEVERITIES)
    )
    alert.wantsRetrigger = fields.wants_retrigger == true
    if fields.wants_update == true then
        alert.wantsUpdate = true
    end
    if fields.wants_repage == true then
        alert.wantsRepage = true
    end
    setIfThere(
        alert,
        "holdAction",
        optionalWordOf(fields, "hold_action", HOLD_ACTIONS)
    )
    if fields.acknowledged_by_hold == true then
        alert.isAcknowledgedByHold = true
    end
    if fields.resolve_ordered == true then
        alert.isResolveOrdered = true
    end
    local wantsAcknowledge = optionalWordOf(fields, "wants_acknowledge", ACKNOWLEDGES)
    if wantsAcknowledge ~= nil then
        alert.wantsAcknowledge = wantsAcknowledge
    elseif version == VERSION_WITH_CONTENT and alert.facts.isAcknowledged and alert.delivered == "triggered" then
        alert.wantsAcknowledge = "new"
    end
    alert.isVolatile = fields.volatile == true
    setIfThere(
        alert,
        "refusedSeverity",
        optionalWordOf(fields, "refused_severity", SEVERITIES)
    )
    alert.ladderStep = numberOf(fields, "ladder_step")
    if fields.meant_for ~= nil then
        alert.detour = {
            meantFor = textOf(fields, "meant_for"),
            reason = textOf(fields, "detour_reason")
        }
    end
    if fields.in_flight ~= nil then
        recordUnknownOutcome(
            alert,
            wordOf(fields, "in_flight", ACTIONS),
            severity
        )
    end
    return alert
end

local function readHost(fields, now)
    local isBack = fields.returned_at ~= nil
    return {
        state = numberOf(fields, "state"),
        downtimeDepth = numberOf(fields, "downtime_depth"),
        checkedAtReturn = isBack and numberOf(fields, "checked_at_return") or nil,
        returnedAt = isBack and pastOf(fields, "returned_at", now) or nil
    }
end

-- Nothing read yet, of a file that is read at `now` (Unix time): no time in it is taken for later.
function exports.createReading(now)
    return {
        now = now,
        version = 0,
        lastAlive = 0,
        alerts = {},
        hosts = {},
        parents = {},
        owners = {},
        stoppedPollers = {}
    }
end

local function takeLine(reading, fields)
    if fields.alert ~= nil then
        local before = reading.alerts[dedupKeyOf(readResource(fields))]
        local alert = readAlert(fields, before, reading)
        reading.alerts[alert.dedupKey] = alert
    elseif fields.alive ~= nil then
        reading.lastAlive = numberOf(fields, "alive")
    elseif fields.forgotten ~= nil then
        reading.alerts[textOf(fields, "forgotten")] = nil
    elseif fields.child_id ~= nil then
        local childId = numberOf(fields, "child_id")
        local parentId = numberOf(fields, "parent_id")
        local name = string.format("%d %d", childId, parentId)
        reading.parents[name] = fields.is_parent == true and ({childId = childId, parentId = parentId}) or nil
    elseif fields.owned_host ~= nil then
        reading.owners[numberOf(fields, "owned_host")] = optionalNumberOf(fields, "poller_id")
    elseif fields.is_stopped ~= nil then
        local isStopped = fields.is_stopped == true
        local ____reading_stoppedPollers_84 = reading.stoppedPollers
        local ____numberOf_result_85 = numberOf(fields, "poller_id")
        local ____isStopped_83
        if isStopped then
            ____isStopped_83 = true
        else
            ____isStopped_83 = nil
        end
        ____reading_stoppedPollers_84[____numberOf_result_85] = ____isStopped_83
    else
        local hostId = numberOf(fields, "host_id")
        local ____reading_hosts_87 = reading.hosts
        local ____temp_86
        if fields.state == nil then
            ____temp_86 = nil
        else
            ____temp_86 = readHost(fields, reading.now)
        end
        ____reading_hosts_87[hostId] = ____temp_86
    end
end

-- Takes a line in. Gives false when it is not one of ours.
function exports.readLine(reading, line)
    local result = decode(line)
    if not result.ok or type(result.value) ~= "table" then
        return false
    end
    -- A line that is JSON but not what we write: whatever it lacks raises.
    local isTaken = pcall(takeLine, reading, result.value)
    return isTaken
end

-- The version of the journal that `line` begins; undefined when it begins none that we can read.
function exports.versionOf(line)
    local result = decode(line)
    if not result.ok or type(result.value) ~= "table" then
        return nil
    end
    local fields = result.value
    local version = fields.version
    local isKnown = version == exports.VERSION or version == VERSION_WITH_CONTENT
    return fields.journal == FORMAT and isKnown and version or nil
end
return exports
 end,

-- -------------------- src/journal/journal.ts --------------------
["src.journal.journal"] = function(...)
-- The journal: what the book knows, in an append-only file of JSON lines that survives a crash. Owns the file's life
-- (append, compact, load, keep a bad one aside); its lines are lines.ts', and it decides nothing about alerts.
--
-- A line is written for each change of an alert (an action going out included), of a host that is remembered, of a parent,
-- and of an engine that stops or runs again. The last line of each wins.
local exports = {}
local isOpenFile
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local ____lines = require("src.journal.lines")
local VERSION = ____lines.VERSION
local aliveLine = ____lines.aliveLine
local alertLine = ____lines.alertLine
local createReading = ____lines.createReading
local engineLine = ____lines.engineLine
local ownerLine = ____lines.ownerLine
local forgottenLine = ____lines.forgottenLine
local headerLine = ____lines.headerLine
local hostLine = ____lines.hostLine
local versionOf = ____lines.versionOf
local parentLine = ____lines.parentLine
local readLine = ____lines.readLine

function isOpenFile(file)
    return file ~= nil
end
-- ENOENT, the same on every Linux.
local NO_SUCH_FILE = 2
-- Seconds. A journal gets a line a minute while the connector runs: one that is older than this was somebody else's, or of
-- another time.
local LONGEST_SILENCE = 600
-- Lines that may pile up beside what is alive before the file is made anew.
local SUPERFLUOUS_LINES = 5000
local NOTHING = {
    alerts = {},
    hosts = {},
    parents = {},
    owners = {},
    stoppedPollers = {},
    hadJournal = false,
    wholeLines = 0
}
-- What is known where nothing can have been missed: PagerDuty has nothing.
exports.NOTHING_MISSED = {
    alerts = {},
    hosts = {},
    parents = {},
    owners = {},
    stoppedPollers = {},
    hadJournal = true,
    wholeLines = 0
}
-- Keeps nothing, for when there is nothing to keep.
exports.NO_JOURNAL = {
    isUsable = function() return true end,
    writeAlert = function() return nil end,
    writeForgotten = function() return nil end,
    writeHost = function() return nil end,
    writeParent = function() return nil end,
    writeOwner = function() return nil end,
    writeEngine = function() return nil end,
    writeAlive = function() return nil end,
    goOn = function() return nil end,
    needsCompaction = function() return false end,
    compact = function() return nil end
}

-- What a check said long ago is told and paged only once another one confirms it; what no check stands behind is not.
local function takeForOld(____bindingPattern0, now)
    local resource
    local facts
    facts = ____bindingPattern0.facts
    resource = ____bindingPattern0.resource
    if not (resource.hostId ~= nil) or facts.state == STATE.ok then
        return
    end
    facts.staleness = {lastCheckAtReturn = facts.lastCheck, hostCheckedAt = facts.lastCheck, since = now}
end

-- Moves a file that cannot be trusted out of the way of the new one, and says why.
local function keepAside(path, damage, ____bindingPattern0)
    local unixTime
    local ____error
    local files
    files = ____bindingPattern0.files
    ____error = ____bindingPattern0.error
    unixTime = ____bindingPattern0.unixTime
    local aside = string.format(
        "%s.bad-%d",
        path,
        unixTime()
    )
    local isMoved, problem = files.rename(path, aside)
    local where = isMoved == true and "kept as " .. aside or "it could not be kept aside: " .. (problem or "unknown reason")
    ____error(((damage .. "; ") .. where) .. "; starting anew with what could be read")
end

-- Reads what the file at `path` holds. A file that cannot be trusted is kept aside, and what can be read of it used.
function exports.loadJournal(path, ports)
    local file, openProblem, errorNumber = ports.files.open(path, "rb")
    if file == nil then
        if errorNumber ~= NO_SUCH_FILE then
            keepAside(path, "the journal cannot be read: " .. (openProblem or path), ports)
        end
        return NOTHING
    end
    local text = file:read("*a") or ""
    file:close()
    if text == "" then
        return NOTHING
    end
    local reading = createReading(ports.unixTime())
    local position = 1
    local lines = 0
    local badLines = 0
    local hasHeader = false
    -- What follows the last line's end is a line torn by a crash: it was never acted upon.
    while true do
        local lineEnd = string.find(text, "\n", position, true)
        if lineEnd == nil then
            break
        end
        local line = string.sub(text, position, lineEnd - 1)
        position = lineEnd + 1
        lines = lines + 1
        if lines == 1 then
            reading.version = versionOf(line) or 0
            hasHeader = reading.version > 0
        elseif hasHeader and not readLine(reading, line) then
            badLines = badLines + 1
        end
    end
    local isTorn = position <= #text
    local isDamaged = not hasHeader or badLines > 0
    local what = hasHeader and ("has " .. tostring(badLines)) .. " unreadable lines" or "is not a journal of this version"
    local damage = isDamaged and (("the journal " .. path) .. " ") .. what or nil
    if damage ~= nil then
        keepAside(path, damage, ports)
    end
    local isOld = reading.lastAlive > 0 and reading.now - reading.lastAlive > LONGEST_SILENCE
    if isOld then
        ports.warning(((("the journal " .. path) .. " was last written ") .. spokenDuration(reading.now - reading.lastAlive)) .. " ago (a fail-over, a restored backup, a long stop?): what PagerDuty has is taken for unknown, and settled anew")
    end
    local alerts = {}
    for ____, alert in pairs(reading.alerts) do
        if alert ~= nil then
            -- The missing lines may have said that PagerDuty took an action: settle that by sending the desired state.
            if isDamaged or isOld then
                if not isOpen(alert) then
                    alert.delivered = "triggered"
                end
                if alert.closing ~= nil then
                    alert.closing = nil
                end
                alert.isCertain = false
            end
            if isOld then
                takeForOld(alert, reading.now)
            end
            alerts[#alerts + 1] = alert
        end
    end
    local hosts = {}
    for hostId, facts in pairs(reading.hosts) do
        if facts ~= nil then
            hosts[#hosts + 1] = {hostId = hostId, facts = facts}
        end
    end
    local parents = {}
    for ____, relation in pairs(reading.parents) do
        if relation ~= nil then
            parents[#parents + 1] = relation
        end
    end
    local owners = {}
    local stoppedPollers = {}
    -- Who stopped long ago may have started since, and a host may have moved.
    if not isOld then
        for hostId, pollerId in pairs(reading.owners) do
            if pollerId ~= nil then
                owners[#owners + 1] = {hostId = hostId, pollerId = pollerId}
            end
        end
        for pollerId in pairs(reading.stoppedPollers) do
            stoppedPollers[#stoppedPollers + 1] = pollerId
        end
    end
    local isWhole = not isDamaged and not isTorn and not isOld and reading.version == VERSION
    local hadJournal = hasHeader and not isOld
    local wholeLines = isWhole and lines or 0
    return {
        alerts = alerts,
        hosts = hosts,
        parents = parents,
        owners = owners,
        stoppedPollers = stoppedPollers,
        hadJournal = hadJournal,
        wholeLines = wholeLines,
        damage = damage
    }
end

-- The journal at `path`. Before the first write go on in its file, or else compact it: that makes the file, and shows
-- whether it can be written at all.
function exports.createJournal(path, ports)
    local file
    local isReported = false
    local lines = 0
    local linesAfterCompaction = 0
    -- What the file already holds, by alert: they are the bulk of a line, and seldom new.
    local writtenPlaces = {}
    local writtenReports = {}

    local function giveUp(problem)
        if file ~= nil then
            file:close()
        end
        file = nil
        if isReported then
            return
        end
        isReported = true
        -- What it holds is out of date from now on, and must not be believed by the next start.
        ports.files.rename(path, path .. ".out-of-date")
        ports.error(((("the journal " .. path) .. " cannot be written: ") .. (problem or "unknown reason")) .. ". Alerts are still sent, but a crash may lose what PagerDuty was told; make the file writable for the broker, or set state_path")
    end

    local function put(line)
        if file == nil then
            return
        end
        local isWritten, problem = file:write(line, "\n")
        if isWritten == nil then
            giveUp(problem)
        end
        lines = lines + 1
    end

    local function flush()
        -- flush gives nil when the system refuses (a full disk shows only here), though it is typed as a boolean.
        local isFlushed = file == nil or file:flush()
        if isFlushed ~= true then
            giveUp("the system refused to write (is the disk full?)")
        end
    end

    local function append(line)
        put(line)
        flush()
    end

    local function lineWithNews(alert)
        local ____alert_2 = alert
        local place = ____alert_2.place
        local report = ____alert_2.report
        local ____temp_3
        if writtenPlaces[alert] == place then
            ____temp_3 = nil
        else
            ____temp_3 = place
        end
        local newPlace = ____temp_3
        local ____temp_4
        if writtenReports[alert] == report then
            ____temp_4 = nil
        else
            ____temp_4 = report
        end
        local newReport = ____temp_4
        writtenPlaces[alert] = place
        writtenReports[alert] = report
        return alertLine(alert, newPlace, newReport)
    end
    return {
        isUsable = function() return file ~= nil end,
        writeAlert = function(alert)
            append(lineWithNews(alert))
        end,
        writeForgotten = function(alert)
            writtenPlaces[alert] = nil
            writtenReports[alert] = nil
            append(forgottenLine(alert))
        end,
        writeHost = function(hostId, facts)
            append(hostLine(hostId, facts))
        end,
        writeParent = function(childId, parentId, isParent)
            append(parentLine(childId, parentId, isParent))
        end,
        writeOwner = function(hostId, pollerId)
            append(ownerLine(hostId, pollerId))
        end,
        writeEngine = function(pollerId, isStopped)
            append(engineLine(pollerId, isStopped))
        end,
        writeAlive = function()
            append(aliveLine(ports.unixTime()))
        end,
        goOn = function(loaded)
            if loaded.wholeLines == 0 then
                return
            end
            file = ports.files.open(path, "ab")
            if file == nil then
                return
            end
            ports.files.makePrivate(path)
            lines = loaded.wholeLines
            linesAfterCompaction = #loaded.alerts + #loaded.hosts + #loaded.parents + #loaded.owners + #loaded.stoppedPollers
            for ____, alert in ipairs(loaded.alerts) do
                writtenPlaces[alert] = alert.place
                writtenReports[alert] = alert.report
            end
            append(aliveLine(ports.unixTime()))
        end,
        needsCompaction = function() return file == nil or lines > 2 * linesAfterCompaction + SUPERFLUOUS_LINES end,
        compact = function(snapshot)
            if file ~= nil then
                file:close()
            end
            file = nil
            local fresh = path .. ".new"
            local freshFile, problem = ports.files.open(fresh, "wb")
            if freshFile == nil then
                giveUp(problem)
                return
            end
            ports.files.makePrivate(fresh)
            file = freshFile
            lines = 0
            writtenPlaces = {}
            writtenReports = {}
            put(headerLine())
            put(aliveLine(ports.unixTime()))
            snapshot.eachHost(function(hostId, facts)
                put(hostLine(hostId, facts))
            end)
            snapshot.eachParent(function(childId, parentId)
                put(parentLine(childId, parentId, true))
            end)
            snapshot.eachOwner(function(hostId, pollerId)
                put(ownerLine(hostId, pollerId))
            end)
            snapshot.eachStoppedEngine(function(pollerId)
                put(engineLine(pollerId, true))
            end)
            snapshot.eachAlert(function(alert)
                put(lineWithNews(alert))
            end)
            flush()
            linesAfterCompaction = lines
            if not isOpenFile(file) then
                return
            end
            local isMoved, moveProblem = ports.files.rename(fresh, path)
            if isMoved ~= true then
                giveUp(moveProblem)
                return
            end
            if isReported then
                ports.warning(("the journal " .. path) .. " can be written again")
            end
            isReported = false
        end
    }
end
return exports
 end,

-- -------------------- src/commands/file_problem.ts --------------------
["src.commands.file_problem"] = function(...)
-- What to do about a file that the system does not let us use, by what the system says. Owns the remedies' words.
-- Whether a problem, as Lua's io gives it, is that there is no such file or folder.
local exports = {}

function exports.isMissing(problem)
    return (string.find(problem, "No such file", 1, true)) ~= nil
end

-- `problem` with its remedy: `whenMissing` where there is no such file, another user where it is a matter of rights.
function exports.withRemedy(problem, whenMissing)
    if exports.isMissing(problem) then
        return (problem .. ": ") .. whenMissing
    end
    local isForbidden = (string.find(problem, "ermission denied", 1, true)) ~= nil
    return isForbidden and problem .. ": run this as root, or as a user who may" or problem
end
return exports
 end,

-- -------------------- src/broker/process.ts --------------------
["src.broker.process"] = function(...)
-- What the system tells about processes, for the journal's lock. Reads /proc where there is one, else says nothing.
-- This process's id; empty where the system does not tell.
local exports = {}

function exports.processId()
    local file = io.open("/proc/self/stat", "r")
    if file == nil then
        return ""
    end
    local id = string.match(
        file:read("*a") or "",
        "^(%d+) "
    )
    file:close()
    return id or ""
end

-- `text` as one word of a shell command.
function exports.shellWord(text)
    local escaped = string.gsub(text, "'", "'\\''")
    return ("'" .. escaped) .. "'"
end

-- Whether the process has the file at `path` open. Runs a shell for a moment: for init only.
function exports.hasOpen(id, path)
    local command = ((("for fd in /proc/" .. id) .. "/fd/*; do test \"$fd\" -ef ") .. exports.shellWord(path)) .. " && echo open && break; done"
    -- Some builds of Lua have no popen: it raises there.
    local hasShell, pipe = pcall(function() return (io.popen(command .. " 2>/dev/null", "r")) end)
    if not hasShell or pipe == nil then
        return false
    end
    local answer = pipe:read("*a")
    pipe:close()
    return answer ~= ""
end

-- Takes a file's rights from everybody but its owner, where the system can.
function exports.makePrivate(path)
    os.execute(("chmod 600 " .. exports.shellWord(path)) .. " 2>/dev/null")
end
return exports
 end,

-- -------------------- src/commands/shell.ts --------------------
["src.commands.shell"] = function(...)
-- The little that Lua's own library cannot do: listing, rights, temporary folders, by the system's shell. Knows nothing
-- of the connector.
local exports = {}
local ____process = require("src.broker.process")
local shellWord = ____process.shellWord

-- What a shell command prints on standard output; empty when there is no shell.
function exports.outputOf(command)
    local hasShell, pipe = pcall(function() return (io.popen(command, "r")) end)
    if not hasShell or pipe == nil then
        return ""
    end
    local text = pipe:read("*a") or ""
    pipe:close()
    return text
end

-- Whether a shell command succeeds. os.execute tells it in another way on each Lua.
function exports.succeeds(command)
    return exports.outputOf(("( " .. command) .. " ) >/dev/null 2>&1 && printf yes") == "yes"
end
do
    local ____files = require("src.text.files")
    exports.readFile = ____files.readFile
end
exports.shellWord = shellWord

-- The lines of `text`, without their ends.
function exports.linesOf(text)
    local lines = {}
    for line in string.gmatch(text, "[^\r\n]+") do
        if line ~= nil then
            lines[#lines + 1] = line
        end
    end
    return lines
end

-- Runs `use` with a new folder that only this user can look into, and removes it afterwards.
function exports.withTemporaryFolder(use)
    local folder = exports.linesOf(exports.outputOf("mktemp -d"))[1]
    if folder == nil then
        return error("mktemp -d gives no temporary folder: is TMPDIR writable?", 0)
    end
    local isDone, result = pcall(use, folder)
    os.execute("rm -rf " .. shellWord(folder))
    local ____isDone_0
    if isDone then
        ____isDone_0 = result
    else
        ____isDone_0 = error(result, 0)
    end
    return ____isDone_0
end

-- The name of the machine; empty when nobody tells.
function exports.machineName()
    return exports.linesOf(exports.outputOf("uname -n"))[1] or ""
end
return exports
 end,

-- -------------------- src/commands/journal_view.ts --------------------
["src.commands.journal_view"] = function(...)
-- Looks at the journal of the running output without touching it.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____journal = require("src.journal.journal")
local loadJournal = ____journal.loadJournal
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
-- Opens files for reading, and refuses everything else.
exports.READING_ONLY = {
    open = function(path, mode)
        if mode == "rb" then
            return io.open(path, mode)
        end
        return nil, "it is only read here", 0
    end,
    rename = function() return nil, "it is only read here" end,
    makePrivate = function() return nil end
}

-- What the journal holds now, the alerts in the order of their dedup keys.
function exports.viewJournal(path)
    local ____, unreadable = readFile(path)
    if unreadable ~= nil then
        return {
            alerts = {},
            stoppedPollers = {},
            problem = withRemedy(unreadable, "the broker has not run this output yet")
        }
    end
    local age
    local ____loadJournal_result_0 = loadJournal(
        path,
        {
            files = exports.READING_ONLY,
            error = function() return nil end,
            warning = function(text)
                age = text
            end,
            unixTime = os.time
        }
    )
    local alerts = ____loadJournal_result_0.alerts
    local stoppedPollers = ____loadJournal_result_0.stoppedPollers
    local damage = ____loadJournal_result_0.damage
    table.sort(
        alerts,
        function(left, right) return left.dedupKey < right.dedupKey end
    )
    local ____temp_1
    if damage == nil then
        ____temp_1 = age
    else
        ____temp_1 = damage .. ": only what can be read of it is told"
    end
    local problem = ____temp_1
    return {alerts = alerts, stoppedPollers = stoppedPollers, problem = problem}
end
-- Where nobody knows what was chosen, or nothing depends on it.
exports.NO_CHOICES = {
    resolvesRecoveries = true,
    passesOnAcknowledgements = true,
    repageOnEscalation = false,
    updatesState = false,
    updatesOutput = false
}

-- Where an alert stands. `quarantined` are the dedup keys in quarantine: what was refused and is there no longer, `retry`
-- has sent, and the running connector does not know.
function exports.standingOf(alert, quarantined)
    -- A resolve that is only a precaution, or whose outcome is unknown, waits to be sent: nothing is known to be open.
    if not isOpen(alert) or not alert.isCertain and alert.desired == "resolved" then
        return "none"
    end
    if alert.isCertain then
        return "open"
    end
    -- Begun where there was no journal, so that somebody may have sent it before (alerts/statuses.ts): nothing was sent since.
    local ____alert_2 = alert
    local triggeredAt = ____alert_2.triggeredAt
    local deliveredSeverity = ____alert_2.deliveredSeverity
    local severity = ____alert_2.severity
    if triggeredAt == 0 and deliveredSeverity == "info" and severity ~= "info" then
        return "none"
    end
    if alert.refusedSeverity ~= alert.severity then
        return "not confirmed"
    end
    return quarantined[alert.dedupKey] ~= nil and "refused" or "open"
end

-- `critical`; `critical, acknowledged`; `critical, sent by retry`.
function exports.deliveredWords(alert)
    local acknowledged = alert.delivered == "acknowledged" and ", acknowledged" or ""
    local retried = not alert.isCertain and alert.refusedSeverity == alert.severity and ", sent by retry" or ""
    return (alert.deliveredSeverity .. acknowledged) .. retried
end

function exports.countsOf(alerts, quarantined, isWaiting)
    local open, unconfirmed, waiting, held, heldByStorms = 0, 0, 0, 0, 0
    for ____, alert in ipairs(alerts) do
        local standing = exports.standingOf(alert, quarantined)
        if standing == "open" then
            open = open + 1
        end
        if standing == "not confirmed" then
            unconfirmed = unconfirmed + 1
        end
        if isWaiting(alert) then
            waiting = waiting + 1
        end
        if alert.desired == "held" then
            held = held + 1
        end
        if alert.gathered ~= nil then
            heldByStorms = heldByStorms + 1
        end
    end
    return {
        open = open,
        unconfirmed = unconfirmed,
        waiting = waiting,
        held = held,
        heldByStorms = heldByStorms
    }
end
return exports
 end,

-- -------------------- src/commands/health_report.ts --------------------
["src.commands.health_report"] = function(...)
-- Judges how the connector fares by its status file and its journal, as a monitoring plugin does. Pure: what it needs is
-- given to it.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
-- The exit codes of a monitoring plugin are its levels.
exports.LEVEL = {ok = 0, warning = 1, critical = 2, unknown = 3}
exports.LEVEL_WORDS = {[0] = "OK", [1] = "WARNING", [2] = "CRITICAL", [3] = "UNKNOWN"}
-- The version of the status file's form that is read here.
local FORMAT = 1
-- Those that differ, or may, by their fields in the status file.
local DIFFERING = {
    {"closed_in_pagerduty", "closed there"},
    {"acknowledged_in_pagerduty_only", "acknowledged there only"},
    {"acknowledged_in_centreon_only", "acknowledged here only"},
    {"elsewhere_in_pagerduty", "open there elsewhere"},
    {"orphans_in_pagerduty", "orphans"}
}
local PERHAPS = {{"not_seen_in_pagerduty", "never seen there"}, {"unknown_in_pagerduty", "open there, unknown here"}}

-- How many there are of all these kinds.
function exports.totalOf(counts)
    local total = 0
    for ____, ____value in ipairs(counts) do
        local count = ____value.count
        total = total + count
    end
    return total
end

-- `2 (1 closed there, 1 orphans)`.
local function countsInWords(counts)
    local words = {}
    for ____, ____value in ipairs(counts) do
        local kind = ____value.kind
        local count = ____value.count
        words[#words + 1] = string.format("%d %s", count, kind)
    end
    return string.format(
        "%d (%s)",
        exports.totalOf(counts),
        table.concat(words, ", ")
    )
end

-- `2 (1 closed there, 1 orphans), perhaps 1 (1 never seen there)`; `nothing`.
function exports.differingWords(____bindingPattern0)
    local perhaps
    local differing
    differing = ____bindingPattern0.differing
    perhaps = ____bindingPattern0.perhaps
    local certain = #differing == 0 and "nothing" or countsInWords(differing)
    return #perhaps == 0 and certain or (certain .. ", perhaps ") .. countsInWords(perhaps)
end

-- Reads the text of a status file. Gives what is wrong with it as a text.
function exports.readStatus(text)
    local result = decode(text)
    if not result.ok or type(result.value) ~= "table" then
        return "it is not a JSON object"
    end
    local fields = result.value

    local function numberOf(name)
        local value = fields[name]
        return type(value) == "number" and value or 0
    end

    local function textOf(name)
        local value = fields[name]
        return type(value) == "string" and value or nil
    end

    local function countsOf(kinds)
        local counts = {}
        for ____, ____value in ipairs(kinds) do
            local field = ____value[1]
            local kind = ____value[2]
            local count = numberOf(field)
            if count > 0 then
                counts[#counts + 1] = {kind = kind, count = count}
            end
        end
        return counts
    end
    if fields.format ~= FORMAT then
        return "it is of another version: use the commands and the connector of one release"
    end
    local ____numberOf_result_2 = numberOf("written_at_unix")
    local ____temp_3 = textOf("version") or "?"
    local ____temp_4 = textOf("started_at") or "?"
    local ____numberOf_result_5 = numberOf("open")
    local ____numberOf_result_6 = numberOf("acknowledged")
    local ____numberOf_result_7 = numberOf("held")
    local ____numberOf_result_8 = numberOf("open_of_quiet_pollers")
    local ____numberOf_result_9 = numberOf("held_by_storms")
    local ____numberOf_result_10 = numberOf("waiting")
    local ____numberOf_result_11 = numberOf("in_flight")
    local ____numberOf_result_12 = numberOf("oldest_waiting_seconds")
    local ____numberOf_result_13 = numberOf("accepted_total")
    local ____numberOf_result_14 = numberOf("refused_total")
    local ____temp_0
    if fields.last_success_age_seconds == nil then
        ____temp_0 = nil
    else
        ____temp_0 = numberOf("last_success_age_seconds")
    end
    local ____textOf_result_15 = textOf("last_answer")
    local ____textOf_result_16 = textOf("last_answer_at")
    local ____textOf_result_17 = textOf("failing_since")
    local ____numberOf_result_18 = numberOf("failing_seconds")
    local ____textOf_result_19 = textOf("reason")
    local ____textOf_result_20 = textOf("remedy")
    local ____temp_21 = fields.journal_usable ~= false
    local ____temp_1
    if fields.closed_in_pagerduty == nil then
        ____temp_1 = nil
    else
        ____temp_1 = {
            readAt = textOf("pagerduty_read_at"),
            problem = textOf("pagerduty_problem"),
            differing = countsOf(DIFFERING),
            perhaps = countsOf(PERHAPS)
        }
    end
    return {
        writtenAt = ____numberOf_result_2,
        version = ____temp_3,
        startedAt = ____temp_4,
        open = ____numberOf_result_5,
        acknowledged = ____numberOf_result_6,
        held = ____numberOf_result_7,
        openOfQuietPollers = ____numberOf_result_8,
        heldByStorms = ____numberOf_result_9,
        waiting = ____numberOf_result_10,
        inFlight = ____numberOf_result_11,
        oldestWaiting = ____numberOf_result_12,
        accepted = ____numberOf_result_13,
        refused = ____numberOf_result_14,
        lastSuccessAge = ____temp_0,
        lastAnswer = ____textOf_result_15,
        lastAnswerAt = ____textOf_result_16,
        failingSince = ____textOf_result_17,
        failingSeconds = ____numberOf_result_18,
        reason = ____textOf_result_19,
        remedy = ____textOf_result_20,
        isJournalUsable = ____temp_21,
        feedback = ____temp_1
    }
end

local function levelOf(value, ____bindingPattern0)
    local critical
    local warning
    warning = ____bindingPattern0.warning
    critical = ____bindingPattern0.critical
    if critical > 0 and value >= critical then
        return exports.LEVEL.critical
    end
    return warning > 0 and value >= warning and exports.LEVEL.warning or exports.LEVEL.ok
end

local function limit(value)
    return value > 0 and string.format("%d", value) or ""
end

-- One value as plugins give it. Centreon's metrics are named object.metric.unit.
local function metric(label, value, unit, threshold)
    return string.format(
        "%s=%d%s;%s;%s;0",
        label,
        value,
        unit,
        limit(threshold.warning),
        limit(threshold.critical)
    )
end
local NO_THRESHOLD = {warning = 0, critical = 0}

-- What nobody can tell more about: there is no status file, or it is old.
local function silence(____bindingPattern0, thresholds)
    local now
    local isRunning
    local status
    status = ____bindingPattern0.status
    isRunning = ____bindingPattern0.isRunning
    now = ____bindingPattern0.now
    local isStale = type(status) == "string" or now - status.writtenAt > thresholds.stale
    if not isStale then
        return nil
    end
    local what = type(status) == "string" and status or string.format("the status file was last written %d s ago", now - status.writtenAt)
    if not isRunning then
        return {level = exports.LEVEL.unknown, text = "no broker runs the output (systemctl status cbd): " .. what, performance = ""}
    end
    return {level = exports.LEVEL.critical, text = ("the connector does not tell how it fares though the broker runs: " .. what) .. "; look into its log", performance = ""}
end

-- How the connector fares.
function exports.judgeHealth(evidence, thresholds)
    local silent = silence(evidence, thresholds)
    local ____evidence_22 = evidence
    local status = ____evidence_22.status
    if silent ~= nil or type(status) == "string" then
        return silent or ({level = exports.LEVEL.unknown, text = "", performance = ""})
    end
    local refused = evidence.quarantined or status.refused
    -- A journal that cannot be written is older than the status file.
    local ____status_isJournalUsable_23
    if status.isJournalUsable then
        ____status_isJournalUsable_23 = evidence.counts
    else
        ____status_isJournalUsable_23 = nil
    end
    local journaled = ____status_isJournalUsable_23
    local ____temp_24 = journaled or ({
        open = status.open,
        unconfirmed = 0,
        waiting = status.waiting,
        held = status.held,
        heldByStorms = status.heldByStorms
    })
    local open = ____temp_24.open
    local unconfirmed = ____temp_24.unconfirmed
    local waiting = ____temp_24.waiting
    local held = ____temp_24.held
    local heldByStorms = ____temp_24.heldByStorms
    local oldestWaiting = waiting == 0 and 0 or status.oldestWaiting
    local ____temp_25
    if status.lastSuccessAge == nil then
        ____temp_25 = nil
    else
        ____temp_25 = status.lastSuccessAge + math.max(0, evidence.now - status.writtenAt)
    end
    local successAge = ____temp_25
    local findings = {}
    local delay = math.max(oldestWaiting, status.failingSeconds)
    local reason = status.reason == nil and "" or ": " .. status.reason
    local remedy = status.remedy == nil and "" or (" (" .. status.remedy) .. ")"
    local delayed = status.failingSeconds > 0 and string.format("nothing gets through to PagerDuty for %d s%s%s", status.failingSeconds, reason, remedy) or string.format("the oldest alert waits for %d s", oldestWaiting)
    findings[#findings + 1] = {
        level = levelOf(delay, thresholds.oldest),
        text = delayed
    }
    findings[#findings + 1] = {
        level = levelOf(waiting, thresholds.waiting),
        text = string.format("%d alerts wait", waiting)
    }
    findings[#findings + 1] = {
        level = levelOf(refused, thresholds.refused),
        text = string.format("PagerDuty refused %d (see status, and then retry)", refused)
    }
    findings[#findings + 1] = {level = status.isJournalUsable and exports.LEVEL.ok or exports.LEVEL.warning, text = "the journal cannot be written, so that a crash may lose alerts"}
    local level = exports.LEVEL.ok
    for ____, finding in ipairs(findings) do
        if finding.level > level then
            level = finding.level
        end
    end
    local texts = {}
    for ____, wanted in ipairs({exports.LEVEL.critical, exports.LEVEL.warning}) do
        for ____, finding in ipairs(findings) do
            if finding.level == wanted then
                texts[#texts + 1] = finding.text
            end
        end
    end
    local success = successAge == nil and "nothing accepted since the start" or string.format("last accepted %d s ago", successAge)
    local notConfirmed = unconfirmed == 0 and "" or string.format("%d sent, not confirmed, ", unconfirmed)
    local inStorms = heldByStorms == 0 and "" or string.format(" (%d in a storm)", heldByStorms)
    texts[#texts + 1] = string.format(
        "%d open, %s%d waiting, %d held%s, %d refused, %s",
        open,
        notConfirmed,
        waiting,
        held,
        inStorms,
        refused,
        success
    )
    local ____status_26 = status
    local feedback = ____status_26.feedback
    if feedback ~= nil and #feedback.differing > 0 then
        texts[#texts + 1] = "differing from PagerDuty: " .. exports.differingWords(feedback)
    end
    local metrics = {
        metric("alerts.waiting.count", waiting, "", thresholds.waiting),
        metric("alerts.oldest.seconds", oldestWaiting, "s", thresholds.oldest),
        metric("events.refused.count", refused, "", thresholds.refused)
    }
    if feedback ~= nil then
        metrics[#metrics + 1] = metric(
            "alerts.differing.count",
            exports.totalOf(feedback.differing),
            "",
            NO_THRESHOLD
        )
    end
    if successAge ~= nil then
        metrics[#metrics + 1] = metric("acceptance.age.seconds", successAge, "s", NO_THRESHOLD)
    end
    return {
        level = level,
        text = table.concat(texts, "; "),
        performance = table.concat(metrics, " ")
    }
end
return exports
 end,

-- -------------------- src/commands/report.ts --------------------
["src.commands.report"] = function(...)
-- What a command prints: one line with the result, then the details. Owns that no secret is ever printed.
local exports = {}
local ____log = require("src.text.log")
local presentable = ____log.presentable
-- Width of "WARNING", so that what was examined stands in one column.
local FINDING_WIDTH = 7

function exports.createReport(write)
    local secrets = {}
    local details = {}
    local counts = {ok = 0, WARNING = 0, FAILED = 0}
    return {
        keepSecret = function(more)
            for ____, secret in ipairs(more) do
                secrets[#secrets + 1] = secret
            end
        end,
        add = function(line)
            details[#details + 1] = line
        end,
        find = function(finding, what, text)
            counts[finding] = counts[finding] + 1
            local gap = string.rep(" ", FINDING_WIDTH - #finding)
            details[#details + 1] = ((((finding .. gap) .. " ") .. what) .. ": ") .. text
        end,
        count = function(finding) return counts[finding] end,
        print = function(result)
            write(presentable(result, secrets) .. "\n")
            for ____, line in ipairs(details) do
                write(presentable(line, secrets) .. "\n")
            end
        end
    }
end
-- The exit codes of every command.
exports.EXIT = {good = 0, problem = 1, usage = 2}

-- `count` of something, such as "1 event" or "2 events".
function exports.counted(count, noun)
    return string.format(count == 1 and "%d %s" or "%d %ss", count, noun)
end
-- What every test of the way to PagerDuty must add when it failed: nobody takes it up again.
exports.NOT_RETRIED = "nothing will be retried: run check"

-- Says that a test is sent though the connector, by send_data_test, sends nothing.
function exports.tellDataTest(isDataTest, report)
    if not isDataTest then
        return
    end
    report.find("WARNING", "send_data_test", "it is 1: the connector itself sends nothing to PagerDuty; this test is sent all the same")
end
return exports
 end,

-- -------------------- src/text/base64.ts --------------------
["src.text.base64"] = function(...)
-- Base64 (RFC 4648, section 4), reading only.
local exports = {}
local DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

-- The bytes that `text` stands for; undefined when it is no Base64.
function exports.decodeBase64(text)
    local digits, padding = string.match(text, "^([%w+/]*)(=?=?)$")
    if digits == nil or padding == nil or #text % 4 ~= 0 then
        return nil
    end
    local bytes = {}
    local waiting = 0
    local bits = 0
    for digit in string.gmatch(digits, ".") do
        local position = string.find(DIGITS, digit or "", 1, true)
        waiting = waiting * 64 + (position or 1) - 1
        bits = bits + 6
        if bits >= 8 then
            bits = bits - 8
            local unit = 2 ^ bits
            bytes[#bytes + 1] = string.char(math.floor(waiting / unit))
            waiting = waiting % unit
        end
    end
    return table.concat(bytes)
end
return exports
 end,

-- -------------------- src/commands/decryption/bytes.ts --------------------
["src.commands.decryption.bytes"] = function(...)
-- What ciphers and hashes need of bytes. Arithmetic only: Lua 5.1 has no operators on bits.
-- The bits in which two numbers differ.
local exports = {}

function exports.xor(left, right)
    local rest, other = left, right
    local result = 0
    local unit = 1
    while rest > 0 or other > 0 do
        if rest % 2 ~= other % 2 then
            result = result + unit
        end
        rest = math.floor(rest / 2)
        other = math.floor(other / 2)
        unit = unit * 2
    end
    return result
end

-- Two texts of one length, byte by byte.
function exports.xorTexts(left, right)
    local bytes = {}
    for index = 1, #left do
        bytes[#bytes + 1] = string.char(exports.xor(
            string.byte(left, index),
            string.byte(right, index)
        ))
    end
    return table.concat(bytes)
end

function exports.bytesOf(text)
    local bytes = {}
    for index = 1, #text do
        bytes[#bytes + 1] = string.byte(text, index)
    end
    return bytes
end

function exports.textOf(bytes)
    local characters = {}
    for ____, byte in ipairs(bytes) do
        characters[#characters + 1] = string.char(byte)
    end
    return table.concat(characters)
end
return exports
 end,

-- -------------------- src/commands/decryption/aes.ts --------------------
["src.commands.decryption.aes"] = function(...)
-- AES-256 in CBC mode with PKCS#7 padding (FIPS 197, NIST SP 800-38A, RFC 5652), decryption only. Made for a few short
-- values: nothing here is fast, and what it is for, nobody measures from outside.
local exports = {}
local ____bytes = require("src.commands.decryption.bytes")
local bytesOf = ____bytes.bytesOf
local textOf = ____bytes.textOf
local xor = ____bytes.xor
local xorTexts = ____bytes.xorTexts
local KEY_BYTES = 32
local BLOCK_BYTES = 16
local LAST_ROUND = 14
-- The polynomial by which bytes are multiplied (FIPS 197, 4.2).
local POLYNOMIAL = 283

local function multiply(left, right)
    local factor, rest = left, right
    local product = 0
    while rest > 0 do
        if rest % 2 == 1 then
            product = xor(product, factor)
        end
        factor = factor * 2
        if factor > 255 then
            factor = xor(factor, POLYNOMIAL)
        end
        rest = math.floor(rest / 2)
    end
    return product
end

local function rotated(byte, places)
    local shifted = byte * 2 ^ places
    return shifted % 256 + math.floor(shifted / 256)
end

-- The substitution of bytes and its inverse (FIPS 197, 5.1.1): the multiplicative inverse, then an affine map.
local function createSubstitution()
    -- Every byte but 0 is a power of 3.
    local powers = {}
    local exponents = {}
    local power = 1
    for exponent = 0, 254 do
        powers[exponent + 1] = power
        exponents[power + 1] = exponent
        power = multiply(power, 3)
    end
    local box = {}
    local inverse = {}
    for byte = 0, 255 do
        local reciprocal = byte == 0 and 0 or (powers[(255 - (exponents[byte + 1] or 0)) % 255 + 1] or 0)
        local substitute = xor(99, reciprocal)
        for places = 1, 4 do
            substitute = xor(
                substitute,
                rotated(reciprocal, places)
            )
        end
        box[byte + 1] = substitute
        inverse[substitute + 1] = byte
    end
    return {box = box, inverse = inverse}
end

-- The round keys, one after the other (FIPS 197, 5.2).
local function expandedKey(key, box)
    local expanded = bytesOf(key)
    local roundConstant = 1
    for start = KEY_BYTES, BLOCK_BYTES * (LAST_ROUND + 1) - 1, 4 do
        local word = {}
        local isFirst = start % KEY_BYTES == 0
        for index = 0, 3 do
            local byte = expanded[start - 4 + (isFirst and (index + 1) % 4 or index) + 1] or 0
            word[#word + 1] = (isFirst or start % KEY_BYTES == KEY_BYTES / 2) and (box[byte + 1] or 0) or byte
        end
        if isFirst then
            word[1] = xor(word[1] or 0, roundConstant)
            roundConstant = multiply(roundConstant, 2)
        end
        for index = 0, 3 do
            expanded[#expanded + 1] = xor(expanded[start - KEY_BYTES + index + 1] or 0, word[index + 1] or 0)
        end
    end
    return expanded
end
-- The factors of the inverse mixing of columns (FIPS 197, 5.3.3).
local MIXING = {14, 11, 13, 9}

local function unmixed(state)
    local result = {}
    for position = 0, BLOCK_BYTES - 1 do
        local row = position % 4
        local sum = 0
        for other = 0, 3 do
            local byte = state[position - row + other + 1] or 0
            sum = xor(
                sum,
                multiply(byte, MIXING[(other - row + 4) % 4 + 1] or 0)
            )
        end
        result[#result + 1] = sum
    end
    return result
end

local function decryptBlock(block, roundKeys, inverse)
    local state = bytesOf(block)

    local function addRoundKey(round)
        for position = 0, BLOCK_BYTES - 1 do
            state[position + 1] = xor(state[position + 1] or 0, roundKeys[round * BLOCK_BYTES + position + 1] or 0)
        end
    end
    addRoundKey(LAST_ROUND)
    for round = LAST_ROUND - 1, 0, -1 do
        local substituted = {}
        for position = 0, BLOCK_BYTES - 1 do
            -- Row r was shifted by r columns.
            local from = (position - 4 * (position % 4) + BLOCK_BYTES) % BLOCK_BYTES
            substituted[#substituted + 1] = inverse[(state[from + 1] or 0) + 1] or 0
        end
        state = substituted
        addRoundKey(round)
        if round > 0 then
            state = unmixed(state)
        end
    end
    return textOf(state)
end

-- The text without its padding; undefined: it is not padded as it should be.
local function unpadded(text)
    local padding = string.byte(text, -1)
    if padding == nil or padding < 1 or padding > BLOCK_BYTES then
        return nil
    end
    local isPadded = string.sub(text, -padding) == string.rep(
        string.char(padding),
        padding
    )
    return isPadded and string.sub(text, 1, -padding - 1) or nil
end

-- What was encrypted; undefined when key, initialization vector or ciphertext cannot be what they should.
function exports.decryptAes256Cbc(ciphertext, key, initialization)
    if #key ~= KEY_BYTES or #initialization ~= BLOCK_BYTES then
        return nil
    end
    if ciphertext == "" or #ciphertext % BLOCK_BYTES ~= 0 then
        return nil
    end
    local ____createSubstitution_result_0 = createSubstitution()
    local box = ____createSubstitution_result_0.box
    local inverse = ____createSubstitution_result_0.inverse
    local roundKeys = expandedKey(key, box)
    local blocks = {}
    local before = initialization
    for start = 1, #ciphertext, BLOCK_BYTES do
        local block = string.sub(ciphertext, start, start + BLOCK_BYTES - 1)
        blocks[#blocks + 1] = xorTexts(
            decryptBlock(block, roundKeys, inverse),
            before
        )
        before = block
    end
    return unpadded(table.concat(blocks))
end
return exports
 end,

-- -------------------- src/commands/decryption/sha3.ts --------------------
["src.commands.decryption.sha3"] = function(...)
-- SHA3-512 and HMAC with it (FIPS 202, FIPS 198-1). The state is kept as single bits, 0 or 1: slow, short, and the same on
-- every Lua.
local exports = {}
local ____bytes = require("src.commands.decryption.bytes")
local xor = ____bytes.xor
local xorTexts = ____bytes.xorTexts
local ROUNDS = 24
local LANE_BITS = 64
-- Bytes that are taken in at once.
local RATE_BYTES = 72
local DIGEST_BYTES = 64

-- Where the first bit of a lane stands; coordinates count round.
local function laneAt(x, y)
    return LANE_BITS * (x % 5 + 5 * (y % 5))
end

-- How far each lane is turned (FIPS 202, 3.2.2), by where it stands.
local function createTurns()
    local turns = {}
    turns[laneAt(0, 0)] = 0
    local x, y = 1, 0
    for step = 0, ROUNDS - 1 do
        turns[laneAt(x, y)] = (step + 1) * (step + 2) / 2 % LANE_BITS
        x, y = y, (2 * x + 3 * y) % 5
    end
    return turns
end

-- The bits of the first lane that each round turns over (FIPS 202, 3.2.5).
local function createRoundBits()
    local rounds = {}
    local register = 1
    for round = 0, ROUNDS - 1 do
        local bits = {}
        for power = 0, 6 do
            if register % 2 == 1 then
                bits[#bits + 1] = 2 ^ power - 1
            end
            register = register * 2
            if register > 255 then
                register = xor(register, 369)
            end
        end
        rounds[round + 1] = bits
    end
    return rounds
end

-- Each bit with the parities of two columns beside it (FIPS 202, 3.2.1), the lanes turned and moved (3.2.2, 3.2.3).
local function mixed(state, turns)
    local parities = {}
    for column = 0, 5 * LANE_BITS - 1 do
        local sum = 0
        for y = 0, 4 do
            sum = sum + state[column + laneAt(0, y)]
        end
        parities[column] = sum
    end
    local result = {}
    for x = 0, 4 do
        local left, right = laneAt(x + 4, 0), laneAt(x + 1, 0)
        for y = 0, 4 do
            local from = laneAt(x, y)
            local to = laneAt(y, 2 * x + 3 * y)
            local turn = turns[from]
            for z = 0, LANE_BITS - 1 do
                local sum = state[from + z] + parities[left + z] + parities[right + (z - 1) % LANE_BITS]
                result[to + (z + turn) % LANE_BITS] = sum % 2
            end
        end
    end
    return result
end

-- Keccak-f[1600].
local function permuted(before, turns, roundBits)
    local state = before
    for ____, bits in ipairs(roundBits) do
        local moved = mixed(state, turns)
        state = {}
        for y = 0, 4 do
            for x = 0, 4 do
                local here, next, second = laneAt(x, y), laneAt(x + 1, y), laneAt(x + 2, y)
                for z = 0, LANE_BITS - 1 do
                    state[here + z] = (moved[here + z] + (1 - moved[next + z]) * moved[second + z]) % 2
                end
            end
        end
        for ____, ____bit in ipairs(bits) do
            state[____bit] = 1 - state[____bit]
        end
    end
    return state
end

-- The 64 bytes of the digest.
function exports.sha3Of(text)
    local turns = createTurns()
    local roundBits = createRoundBits()
    -- A message ends with the bits 01, then 1, zeros and 1 up to the end of its last block (FIPS 202, 6.1 and 5.1).
    local missing = RATE_BYTES - #text % RATE_BYTES
    local padding = missing == 1 and string.char(134) or (string.char(6) .. string.rep("\0", missing - 2)) .. string.char(128)
    local padded = text .. padding
    local state = {}
    for ____bit = 0, 25 * LANE_BITS - 1 do
        state[____bit] = 0
    end
    for start = 0, #padded - 1, RATE_BYTES do
        for index = 0, RATE_BYTES - 1 do
            local byte = string.byte(padded, start + index + 1)
            for ____bit = 8 * index, 8 * index + 7 do
                state[____bit] = (state[____bit] + byte) % 2
                byte = math.floor(byte / 2)
            end
        end
        state = permuted(state, turns, roundBits)
    end
    local digest = {}
    for index = 0, DIGEST_BYTES - 1 do
        local byte = 0
        for ____bit = 8 * index + 7, 8 * index, -1 do
            byte = byte * 2 + state[____bit]
        end
        digest[#digest + 1] = string.char(byte)
    end
    return table.concat(digest)
end

-- HMAC-SHA3-512.
function exports.hmacSha3Of(text, key)
    local block = #key > RATE_BYTES and exports.sha3Of(key) or key
    local padded = block .. string.rep("\0", RATE_BYTES - #block)
    local inner = exports.sha3Of(xorTexts(
        padded,
        string.rep("6", RATE_BYTES)
    ) .. text)
    return exports.sha3Of(xorTexts(
        padded,
        string.rep("\\", RATE_BYTES)
    ) .. inner)
end
return exports
 end,

-- -------------------- src/commands/decryption/engine_context.ts --------------------
["src.commands.decryption.engine_context"] = function(...)
-- Centreon's encrypted values: from 25.10 on the export writes parameters of type password as `encrypt::…`, and the
-- broker decrypts them before init. Owns the form of such values and of the file with their keys.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local ____base64 = require("src.text.base64")
local decodeBase64 = ____base64.decodeBase64
local ____aes = require("src.commands.decryption.aes")
local decryptAes256Cbc = ____aes.decryptAes256Cbc
local ____sha3 = require("src.commands.decryption.sha3")
local hmacSha3Of = ____sha3.hmacSha3Of
-- Where Centreon keeps the keys.
exports.ENGINE_CONTEXT = "/etc/centreon-engine/engine-context.json"
local PREFIX = "encrypt::"
-- What stands before the ciphertext: the initialization vector, and the HMAC of the ciphertext.
local INITIALIZATION_BYTES = 16
local HMAC_BYTES = 64

function exports.isEncrypted(value)
    return string.sub(value, 1, #PREFIX) == PREFIX
end

-- Reads the text of an engine-context.json; undefined: it is none.
function exports.readEngineContext(text)
    local result = decode(text)
    if not result.ok or type(result.value) ~= "table" then
        return nil
    end
    local ____result_value_0 = result.value
    local secret = ____result_value_0.app_secret
    local salt = ____result_value_0.salt
    if type(secret) ~= "string" or type(salt) ~= "string" then
        return nil
    end
    local secretBytes, saltBytes = decodeBase64(secret), decodeBase64(salt)
    if secretBytes == nil or saltBytes == nil then
        return nil
    end
    return {secret = secretBytes, salt = saltBytes}
end

-- What an encrypted value stands for; undefined: it was encrypted with other keys, or it is damaged.
function exports.decrypted(value, ____bindingPattern0)
    local salt
    local secret
    secret = ____bindingPattern0.secret
    salt = ____bindingPattern0.salt
    local bytes = decodeBase64(string.sub(value, #PREFIX + 1)) or ""
    local initialization = string.sub(bytes, 1, INITIALIZATION_BYTES)
    local hmac = string.sub(bytes, INITIALIZATION_BYTES + 1, INITIALIZATION_BYTES + HMAC_BYTES)
    local ciphertext = string.sub(bytes, INITIALIZATION_BYTES + HMAC_BYTES + 1)
    if hmac ~= hmacSha3Of(ciphertext, salt) then
        return nil
    end
    return decryptAes256Cbc(ciphertext, secret, initialization)
end
return exports
 end,

-- -------------------- src/commands/output.ts --------------------
["src.commands.output"] = function(...)
-- Finds the output that runs the connector in the broker's configuration files, as the broker reads them, and has its
-- parameters read: encrypted ones, too. Decides nothing about them.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local ____endpoint = require("src.settings.endpoint")
local secretsOf = ____endpoint.secretsOf
local ____from_parameters = require("src.rules.from_parameters")
local readRules = ____from_parameters.readRules
local ____settings = require("src.settings.settings")
local readSettings = ____settings.readSettings
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local ____engine_context = require("src.commands.decryption.engine_context")
local ENGINE_CONTEXT = ____engine_context.ENGINE_CONTEXT
local decrypted = ____engine_context.decrypted
local isEncrypted = ____engine_context.isEncrypted
local readEngineContext = ____engine_context.readEngineContext
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____shell = require("src.commands.shell")
local linesOf = ____shell.linesOf
local outputOf = ____shell.outputOf
local readFile = ____shell.readFile
local shellWord = ____shell.shellWord
local succeeds = ____shell.succeeds
-- Where Centreon exports the broker's configuration to.
local CONFIGURATION_FOLDER = "/etc/centreon-broker"
-- Where the broker keeps its own files, unless its configuration says otherwise.
local STATE_FOLDER = "/var/lib/centreon-broker"
-- The connector's file, wherever it lies.
local CONNECTOR_NAME = "pagerduty.lua"
-- The options by which every command finds the output.
local OUTPUT_OPTIONS = {
    {name = "--config", value = "FILE", meaning = "the broker's configuration, such as central-broker.json"},
    {name = "--config-dir", value = "DIR", meaning = ("where to look for it (" .. CONFIGURATION_FOLDER) .. ")"},
    {name = "--output", value = "NAME", meaning = "the output, where several run the connector"},
    {name = "--connector", value = "FILE", meaning = "the pagerduty.lua to use (the output's own)"},
    {name = "--engine-context", value = "FILE", meaning = ("the keys of encrypted parameters (" .. ENGINE_CONTEXT) .. ")"}
}

-- `options` of a command, and those by which it finds the output.
function exports.withOutputOptions(options)
    local all = {}
    for ____, option in ipairs(options) do
        all[#all + 1] = option
    end
    for ____, option in ipairs(OUTPUT_OPTIONS) do
        all[#all + 1] = option
    end
    return all
end

local function fieldsOf(value)
    return type(value) == "table" and value or ({})
end

-- An array, or the one thing that stands in its place.
local function listOf(value)
    if value == nil then
        return {}
    end
    local isArray = type(value) == "table" and value[1] ~= nil
    local isEmpty = type(value) == "table" and (next(value)) == nil
    return isArray and value or (isEmpty and ({}) or ({value}))
end
-- Largest and smallest number that a parameter of type Number may have: the broker reads 32 bits, and ends on more.
local LARGEST_INTEGER = 2147483647
local SMALLEST_INTEGER = -2147483648

-- Whether the broker can read a number parameter.
local function isInteger(text)
    local ____temp_0
    if (string.match(text, "^[+-]?%d+$")) == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(text)
    end
    local value = ____temp_0
    return value ~= nil and value >= SMALLEST_INTEGER and value <= LARGEST_INTEGER
end

-- The parameters as the broker converts them: strings and passwords stay texts, numbers become integers.
local function readParameters(output)
    local parameters = {}
    local fatalNumbers = {}
    for ____, item in ipairs(listOf(output.lua_parameter)) do
        local ____fieldsOf_result_1 = fieldsOf(item)
        local name = ____fieldsOf_result_1.name
        local kind = ____fieldsOf_result_1.type
        local value = ____fieldsOf_result_1.value
        if type(name) == "string" and (type(value) == "string" or type(value) == "number") then
            local text = tostring(value)
            if kind == "number" and not isInteger(text) then
                fatalNumbers[#fatalNumbers + 1] = {name = name, text = text}
            end
            local ____temp_2
            if kind == "number" then
                ____temp_2 = tonumber(value)
            else
                ____temp_2 = nil
            end
            local number = ____temp_2
            if number ~= nil then
                parameters[name] = number
            elseif kind == "string" or kind == "password" or kind == "number" then
                parameters[name] = text
            end
        end
    end
    return {parameters = parameters, fatalNumbers = fatalNumbers}
end

local function categoriesOf(output)
    local filters = fieldsOf(output.filters)
    if filters.category == nil then
        return nil
    end
    local categories = {}
    for ____, category in ipairs(listOf(filters.category)) do
        categories[#categories + 1] = tostring(category)
    end
    return categories
end

-- The outputs of one file that run Lua.
local function luaOutputsIn(file, configuration)
    local top = fieldsOf(configuration)
    local inner = top.centreonBroker == nil and top or fieldsOf(top.centreonBroker)
    local ____string_gsub_5 = string.gsub
    local ____tostring_4 = tostring
    local ____inner_cache_directory_3 = inner.cache_directory
    if ____inner_cache_directory_3 == nil then
        ____inner_cache_directory_3 = STATE_FOLDER
    end
    local folder = ____string_gsub_5(
        ____tostring_4(____inner_cache_directory_3),
        "/$",
        ""
    )
    local found = {}
    for ____, item in ipairs(listOf(inner.output)) do
        local output = fieldsOf(item)
        if output.type == "lua" then
            local ____tostring_7 = tostring
            local ____output_name_6 = output.name
            if ____output_name_6 == nil then
                ____output_name_6 = ""
            end
            local name = ____tostring_7(____output_name_6)
            local ____readParameters_result_8 = readParameters(output)
            local parameters = ____readParameters_result_8.parameters
            local fatalNumbers = ____readParameters_result_8.fatalNumbers
            local ____name_14 = name
            local ____file_15 = file
            local ____tostring_10 = tostring
            local ____output_path_9 = output.path
            if ____output_path_9 == nil then
                ____output_path_9 = ""
            end
            local ____tostring_10_result_16 = ____tostring_10(____output_path_9)
            local ____parameters_17 = parameters
            local ____fatalNumbers_18 = fatalNumbers
            local ____categoriesOf_result_19 = categoriesOf(output)
            local ____folder_13 = folder
            local ____tostring_12 = tostring
            local ____inner_broker_name_11 = inner.broker_name
            if ____inner_broker_name_11 == nil then
                ____inner_broker_name_11 = ""
            end
            found[#found + 1] = {
                name = ____name_14,
                file = ____file_15,
                path = ____tostring_10_result_16,
                parameters = ____parameters_17,
                fatalNumbers = ____fatalNumbers_18,
                categories = ____categoriesOf_result_19,
                namesCache = (((____folder_13 .. "/") .. ____tostring_12(____inner_broker_name_11)) .. ".cache.") .. name
            }
        end
    end
    return found
end

local function runsConnector(____bindingPattern0)
    local path
    path = ____bindingPattern0.path
    return string.sub(path, -#CONNECTOR_NAME) == CONNECTOR_NAME
end
-- What to do when there is no configuration where it is looked for.
local ELSEWHERE = "name the file with --config FILE, or its folder with --config-dir DIR"

-- The configuration files to look into, or why there are none.
local function configurationFiles(file, folder)
    if file ~= nil then
        return {file}
    end
    local quoted = shellWord(folder)
    if not succeeds("test -d " .. quoted) then
        return {problem = (("there is no folder " .. folder) .. ": is this a Centreon server? ") .. ELSEWHERE, isUsage = false}
    end
    if not succeeds("ls " .. quoted) then
        return {
            problem = withRemedy(folder .. ": Permission denied", ELSEWHERE),
            isUsage = false
        }
    end
    return linesOf(outputOf(("ls " .. quoted) .. "/*.json 2>/dev/null"))
end

-- `"PagerDuty" in /etc/centreon-broker/central-broker.json`, and so on.
local function namesOf(outputs)
    local names = {}
    for ____, ____value in ipairs(outputs) do
        local name = ____value.name
        local file = ____value.file
        names[#names + 1] = (("\"" .. name) .. "\" in ") .. file
    end
    return table.concat(names, ", ")
end

-- Finds the output that the arguments mean.
local function findOutput(given)
    local folder = given.value("--config-dir") or CONFIGURATION_FOLDER
    local file = given.value("--config")
    local files = configurationFiles(file, folder)
    if files.problem ~= nil then
        return files
    end
    local where = file or folder .. "/*.json"
    local name = given.value("--output")
    local found = {}
    local others = {}
    local unreadable = {}
    for ____, candidate in ipairs(files) do
        local text, problem = readFile(candidate)
        if text == nil then
            unreadable[#unreadable + 1] = withRemedy(problem, ELSEWHERE)
        else
            local result = decode(text)
            if not result.ok then
                unreadable[#unreadable + 1] = ((candidate .. " is not JSON: ") .. result.problem) .. ": export the configuration again"
            else
                for ____, output in ipairs(luaOutputsIn(candidate, result.value)) do
                    local ____temp_20
                    if name == nil then
                        ____temp_20 = runsConnector(output)
                    else
                        ____temp_20 = output.name == name
                    end
                    local isMeant = ____temp_20
                    if isMeant then
                        found[#found + 1] = output
                    elseif runsConnector(output) then
                        others[#others + 1] = output
                    end
                end
            end
        end
    end
    local only = found[1]
    if only ~= nil and #found == 1 then
        return {output = only, others = others}
    end
    if #found > 1 then
        return {
            problem = ("several outputs fit: " .. namesOf(found)) .. "; choose one with --output NAME, or its file with --config FILE",
            isUsage = true
        }
    end
    if #unreadable > 0 then
        return {
            problem = table.concat(unreadable, "; "),
            isUsage = false
        }
    end
    if #others > 0 then
        return {
            problem = (("no output of type lua is called \"" .. (name or "")) .. "\": there is ") .. namesOf(others),
            isUsage = false
        }
    end
    local what = name == nil and "output runs " .. CONNECTOR_NAME or ("output of type lua is called \"" .. name) .. "\""
    return {problem = ((("no " .. what) .. " in ") .. where) .. ": add it (README.md, \"Add the output\"), and export the configuration", isUsage = false}
end

-- Decrypts in `parameters` what Centreon encrypted, with the keys at `path`. Gives why that is not possible, and leaves out
-- what cannot be read.
local function decryptAll(parameters, path)
    local names = {}
    for name, value in pairs(parameters) do
        if type(value) == "string" and isEncrypted(value) then
            names[#names + 1] = name
        end
    end
    local first = names[1]
    if first == nil then
        return nil
    end
    table.sort(names)
    local text, unreadable = readFile(path)
    local ____temp_21
    if text == nil then
        ____temp_21 = nil
    else
        ____temp_21 = readEngineContext(text)
    end
    local context = ____temp_21
    local elsewhere = "name the right file with --engine-context FILE"
    local problem
    if text == nil then
        problem = (first .. " is encrypted, and its keys cannot be read: ") .. withRemedy(unreadable, elsewhere)
    elseif context == nil then
        problem = (((first .. " is encrypted, and ") .. path) .. " has no app_secret and salt to read it with: ") .. elsewhere
    end
    for ____, name in ipairs(names) do
        local ____temp_22
        if context == nil then
            ____temp_22 = nil
        else
            ____temp_22 = decrypted(parameters[name], context)
        end
        local value = ____temp_22
        if value ~= nil then
            parameters[name] = value
        else
            parameters[name] = nil
            problem = problem or (((name .. " was encrypted with other keys than those in ") .. path) .. ": a broker that has these cannot read it either (\"bad decrypt\" in its log): export the configuration again, or ") .. elsewhere
        end
    end
    return problem
end

-- The connector to drive: the one asked for, the program's own, or the output's.
local function connectorPath(given, output)
    local chosen = given.value("--connector") or os.getenv("CENTREON_PAGERDUTY_CONNECTOR")
    return (chosen == nil or chosen == "") and output.path or chosen
end

-- Has Lua look for modules where the broker does: beside the script, too.
local function lookForModulesBeside(script)
    local folder = string.match(script, "^(.*)/[^/]*$")
    if folder == nil then
        return
    end
    -- TypeScript keeps the word "package" for itself.
    local search = _G.package
    search.path = ((search.path .. ";") .. folder) .. "/?.lua"
    search.cpath = ((search.cpath .. ";") .. folder) .. "/lib/?.so"
end
local USUAL = {complaint = "FAILED configuration:", needsSecrets = true}

-- Finds the output and reads its parameters; from then on no secret of it is printed. Else says why, and gives the exit code.
function exports.openOutput(given, report, opening)
    if opening == nil then
        opening = USUAL
    end
    local found = findOutput(given)

    local function fail(problem, code)
        report.print((opening.complaint .. " ") .. problem)
        return code
    end
    if found.problem ~= nil then
        return fail(found.problem, found.isUsage and EXIT.usage or EXIT.problem)
    end
    local output = found.output
    local others = found.others
    local undecrypted = decryptAll(
        output.parameters,
        given.value("--engine-context") or ENGINE_CONTEXT
    )
    if undecrypted ~= nil and opening.needsSecrets then
        return fail(undecrypted, EXIT.problem)
    end
    local checked = readSettings(output.parameters, readFile)
    local settings = checked.settings
    local routingKeys = checked.routingKeys
    local canSend = checked.canSend
    local complaints = checked.complaints
    report.keepSecret(secretsOf(settings, routingKeys))
    lookForModulesBeside(output.path)
    return {
        output = output,
        others = others,
        settings = settings,
        routingKeys = routingKeys,
        rules = readRules(checked),
        canSend = canSend,
        complaints = complaints,
        connector = connectorPath(given, output)
    }
end

-- What is said where `--route` names no key.
function exports.noSuchRoute(route)
    return ("there is no usable routing key called \"" .. route) .. "\""
end
return exports
 end,

-- -------------------- src/commands/plugin.ts --------------------
["src.commands.plugin"] = function(...)
-- What a command prints with --plugin, as a monitoring plugin does: one line, and its exit code.
local exports = {}
local ____health_report = require("src.commands.health_report")
local LEVEL = ____health_report.LEVEL
local LEVEL_WORDS = ____health_report.LEVEL_WORDS
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
exports.PLUGIN_OPTION = {name = "--plugin", meaning = "one line with performance data; exit codes 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN"}

-- The line; a pipe in the text would begin the performance data.
function exports.pluginLine(level, text, performance)
    local harmless = string.gsub(text, "|", "/")
    local line = (LEVEL_WORDS[level] .. " - ") .. harmless
    return performance == "" and line or (line .. " | ") .. performance
end

-- Ends a command that cannot tell: UNKNOWN of a plugin, else FAILED. Gives the exit code.
function exports.cannotTell(command, problem, isPlugin, report)
    report.print(isPlugin and exports.pluginLine(LEVEL.unknown, problem, "") or (("FAILED " .. command) .. ": ") .. problem)
    return isPlugin and LEVEL.unknown or EXIT.problem
end
return exports
 end,

-- -------------------- src/commands/rest_asking.ts --------------------
["src.commands.rest_asking"] = function(...)
-- PagerDuty's REST API for the commands: asks, waits for the answers within limits, and says what to do where none comes.
-- What is asked for is the commands' to know; only GETs are made.
local exports = {}
local ____transport = require("src.delivery.transport")
local createTransport = ____transport.createTransport
local ____queries = require("src.feedback.queries")
local listServices = ____queries.listServices
local ____rest_api = require("src.feedback.rest_api")
local createRestApi = ____rest_api.createRestApi
local ____services = require("src.feedback.services")
local findServices = ____services.findServices
local ____endpoint = require("src.settings.endpoint")
local endpointOf = ____endpoint.endpointOf
local restApiUrl = ____endpoint.restApiUrl
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
local ____curl = require("src.commands.curl")
local loadCurl = ____curl.loadCurl
local ____health_report = require("src.commands.health_report")
local LEVEL = ____health_report.LEVEL
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local ____plugin = require("src.commands.plugin")
local cannotTell = ____plugin.cannotTell
-- Seconds that a command may ask: Centreon's engine ends a plugin after 60.
local LONGEST_ASKING = 50
-- Most requests of one command: PagerDuty takes 960 a minute of a key (an employee's word in its forum), the connector's too.
local MOST_REQUESTS = 300
-- Longest single wait for the network, in milliseconds.
local WAIT_STEP = 50
-- Nobody is held up here: what has come is read in large pieces.
local READ_AT_ONCE = 1048576
exports.NO_API_KEY = "pdy_api_key is not set: a read-only key of PagerDuty's REST API (Integrations > API Access Keys) is needed to ask what is open and who is on call"

local function problemOf(trouble, url)
    local at = "PagerDuty's REST API at " .. url
    if trouble.kind == "not found" then
        return {text = at .. ": HTTP 404: check pdy_api_url", isMisconfigured = true}
    end
    if trouble.kind == "too much" then
        return {text = at .. " has more than can be listed: name your services in pdy_service_ids", isMisconfigured = true}
    end
    local ____trouble_0 = trouble
    local reason = ____trouble_0.reason
    local remedy = ____trouble_0.remedy
    local retryAfter = ____trouble_0.retryAfter
    if remedy ~= nil then
        return {text = (((at .. ": ") .. reason) .. ": ") .. remedy, isMisconfigured = true}
    end
    if reason == "HTTP 429" then
        local when = retryAfter == nil and "in a minute" or string.format("in %d s", retryAfter)
        return {text = (at .. ": HTTP 429: it takes no more requests with this key for now; try again ") .. when, isMisconfigured = false}
    end
    local isAnswer = (string.match(reason, "^HTTP %d")) ~= nil
    local advice = isAnswer and "try again later" or "check the name resolution, the firewall and the proxy between this machine and PagerDuty"
    return {text = (((at .. ": ") .. reason) .. ": ") .. advice, isMisconfigured = false}
end

-- The REST API of the output's PagerDuty, or why it cannot be asked.
function exports.openAsking(____bindingPattern0)
    local settings
    settings = ____bindingPattern0.settings
    if settings.pdy_api_key == "" then
        return exports.NO_API_KEY
    end
    local curl = loadCurl()
    if type(curl) == "string" then
        return curl
    end
    local url = restApiUrl(settings)
    local isMade, made = pcall(function() return createTransport(
        curl,
        endpointOf(settings, url)
    ) end)
    if not isMade then
        return tostring(made)
    end
    local transport = made
    local api = createRestApi(url, settings.pdy_api_key, transport.get)
    api.begin(MOST_REQUESTS)
    local ____end = os.time() + LONGEST_ASKING
    return {
        url = url,
        api = api,
        wait = function(begin)
            local told
            begin(function(trouble)
                told = trouble
            end)
            while api.isUnderWay() do
                if os.time() > ____end then
                    return {
                        text = ((("PagerDuty's REST API at " .. url) .. " did not answer within ") .. tostring(LONGEST_ASKING)) .. " s: try again later",
                        isMisconfigured = false
                    }
                end
                transport.poll()
                if not api.turn(READ_AT_ONCE) then
                    transport.wait(WAIT_STEP)
                end
            end
            local ____temp_1
            if told == nil then
                ____temp_1 = nil
            else
                ____temp_1 = problemOf(told, url)
            end
            return ____temp_1
        end
    }
end

-- Reads the services, or gives what went wrong.
function exports.askServices(____bindingPattern0, ____bindingPattern1)
    local wait
    local api
    api = ____bindingPattern0.api
    wait = ____bindingPattern0.wait
    local routingKeys
    local settings
    settings = ____bindingPattern1.settings
    routingKeys = ____bindingPattern1.routingKeys
    local all = {}
    local byId = {}

    local function take(service)
        all[#all + 1] = service
        byId[service.id] = service
    end
    local problem = wait(function(ended)
        listServices(api, take, ended)
    end)
    if problem ~= nil then
        return problem
    end
    local given = listOf(settings.pdy_service_ids, ",")
    return {
        known = findServices(all, routingKeys, given),
        all = all,
        given = given,
        find = function(id) return byId[id] end
    }
end

-- The labels of the routing keys, in order.
function exports.labelsOf(routingKeys)
    local labels = {}
    for label in pairs(routingKeys) do
        labels[#labels + 1] = label
    end
    table.sort(labels)
    return labels
end

-- Whether the key is an event orchestration's: it decides for each event where that goes.
function exports.isOrchestrations(key)
    return string.sub(key, 1, 1) == "R"
end

-- Finds the output, and asks for the services; else says why that is not possible, and gives the exit code.
function exports.openAsked(command, given, report)
    local isPlugin = given.has("--plugin")
    local complaint = isPlugin and "UNKNOWN -" or "FAILED configuration:"
    local setup = openOutput(given, report, {complaint = complaint, needsSecrets = true})
    if type(setup) == "number" then
        return isPlugin and LEVEL.unknown or setup
    end
    local asking = exports.openAsking(setup)
    if type(asking) == "string" then
        return cannotTell(command, asking, isPlugin, report)
    end
    local services = exports.askServices(asking, setup)
    if services.text ~= nil then
        return cannotTell(command, services.text, isPlugin, report)
    end
    return {setup = setup, asking = asking, services = services}
end
return exports
 end,

-- -------------------- src/commands/api_key_check.ts --------------------
["src.commands.api_key_check"] = function(...)
-- `check`'s look at pdy_api_key: whether PagerDuty's REST API takes it, what it may read, and which services our routing
-- keys lead to. Makes GETs only.
local exports = {}
local ____rest_asking = require("src.commands.rest_asking")
local askServices = ____rest_asking.askServices
local isOrchestrations = ____rest_asking.isOrchestrations
local labelsOf = ____rest_asking.labelsOf
local openAsking = ____rest_asking.openAsking
local ____report = require("src.commands.report")
local counted = ____report.counted
local NAME = "pdy_api_key"
-- What the key must read beside the services, and for what.
local RESOURCES = {{path = "/incidents?limit=1", name = "incidents", needed = "what people did, incidents, reconcile"}, {path = "/oncalls?limit=1", name = "oncalls", needed = "oncall"}}

local function checkResources(____bindingPattern0, report)
    local wait
    local api
    api = ____bindingPattern0.api
    wait = ____bindingPattern0.wait
    for ____, ____value in ipairs(RESOURCES) do
        local path = ____value.path
        local name = ____value.name
        local needed = ____value.needed
        local isThere = false
        local problem = wait(function(ended)
            api.one(
                path,
                name,
                function(list)
                    isThere = type(list) == "table"
                end,
                ended
            )
        end)
        if problem ~= nil then
            local finding = problem.isMisconfigured and "FAILED" or "WARNING"
            report.find(finding, NAME, (((name .. " cannot be read (for ") .. needed) .. "): ") .. problem.text)
        elseif not isThere then
            report.find("FAILED", NAME, ("what answers for " .. name) .. " is not PagerDuty's REST API: check pdy_api_url")
        else
            report.find("ok", NAME, name .. " may be read")
        end
    end
end

-- The service of each routing key.
local function checkRoutes(services, ____bindingPattern0, report)
    local routingKeys
    routingKeys = ____bindingPattern0.routingKeys
    local lookedAt = #services.known.asked > 0 and "those of pdy_service_ids are looked at" or "all services that pdy_api_key sees are looked at; pdy_service_ids names those that are wanted"
    for ____, label in ipairs(labelsOf(routingKeys)) do
        local id = services.known.serviceOf(label)
        local ____temp_0
        if id == nil then
            ____temp_0 = nil
        else
            ____temp_0 = services.find(id)
        end
        local service = ____temp_0
        if service ~= nil then
            report.find("ok", NAME, ((((("the key " .. label) .. " is of the service \"") .. service.name) .. "\" (") .. service.id) .. ")")
        elseif isOrchestrations(routingKeys[label] or "") then
            report.find("ok", NAME, (("the key " .. label) .. " is an event orchestration's, of no one service: ") .. lookedAt)
        else
            report.find("WARNING", NAME, (("no service that pdy_api_key sees has the key " .. label) .. ": let it see that service, or is the integration gone? Until then ") .. lookedAt)
        end
    end
    for ____, id in ipairs(services.given) do
        if services.find(id) == nil then
            report.find("WARNING", "pdy_service_ids", ("pdy_api_key sees no service " .. id) .. ": is it right?")
        end
    end
end

-- Looks at the key, where one is set.
function exports.checkApiKey(setup, report)
    if setup.settings.pdy_api_key == "" then
        return
    end
    local asking = openAsking(setup)
    if type(asking) == "string" then
        report.find("FAILED", NAME, asking)
        return
    end
    local services = askServices(asking, setup)
    if services.text ~= nil then
        local finding = services.isMisconfigured and "FAILED" or "WARNING"
        report.find(finding, NAME, "services cannot be read: " .. services.text)
        return
    end
    report.find(
        "ok",
        NAME,
        ((asking.url .. " takes it: ") .. counted(#services.all, "service")) .. " to be seen"
    )
    checkResources(asking, report)
    checkRoutes(services, setup, report)
end
return exports
 end,

-- -------------------- src/feedback/centreon_session.ts --------------------
["src.feedback.centreon_session"] = function(...)
-- Asks Centreon's API as a user: with the token that was given, or with that of a log-in, which is renewed once it has
-- ended. One question at a time. What is asked for, and what follows from an answer, is others' to know; does not wait.
--
-- https://docs-api.centreon.com, "Authentication" (AuthenticationController::login; since 21.10): the token of a log-in ends
-- when it was not used for a while (two hours, unless set otherwise).
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local encodeString = ____json.encodeString
local UNAUTHORIZED = 401
local FORBIDDEN = 403

-- The field of an object; undefined: it has none, or is none.
function exports.fieldOf(value, name)
    local ____temp_0
    if type(value) == "table" then
        ____temp_0 = value[name]
    else
        ____temp_0 = nil
    end
    return ____temp_0
end

-- What the JSON text is; undefined: it is none.
function exports.decodedOf(text)
    local read = decode(text)
    local ____read_ok_1
    if read.ok then
        ____read_ok_1 = read.value
    else
        ____read_ok_1 = nil
    end
    return ____read_ok_1
end

-- The session of `account` with the Centreon at `url`, its base path included.
function exports.createCentreonSession(url, account, send)
    local base = string.gsub(url, "/+$", "")
    local token = account.kind == "token" and account.token or nil

    local function askWith(header, method, path, body, ended)
        local headers = {"Content-Type: application/json", "Expect:"}
        for ____, line in ipairs(header) do
            headers[#headers + 1] = line
        end
        send(
            {method = method, url = (base .. "/api/latest/") .. path, headers = headers, body = body},
            function(answer, text)
                ended(type(answer) == "string" and ({kind = "unanswered", reason = answer}) or ({kind = "answered", status = answer, body = text}))
            end
        )
    end

    -- What the answer to a log-in says against it; undefined: nothing, its token is held.
    local function logInTrouble(user, answer)
        if answer.kind ~= "answered" then
            return answer
        end
        local ____answer_2 = answer
        local status = ____answer_2.status
        local body = ____answer_2.body
        if status == UNAUTHORIZED or status == FORBIDDEN then
            local reason = string.format("the log-in of \"%s\" is refused (HTTP %d); check centreon_api_user and centreon_api_password, and whether the account is locked", user, status)
            return {kind = "log-in refused", reason = reason}
        end
        if status ~= 200 then
            return answer
        end
        local given = exports.fieldOf(
            exports.fieldOf(
                exports.decodedOf(body),
                "security"
            ),
            "token"
        )
        if type(given) ~= "string" then
            return {kind = "unanswered", reason = "what answers the log-in is not Centreon's API; check centreon_api_url"}
        end
        token = given
        return nil
    end

    local function ask(method, path, body, ended)

        local function askKnown(known, answered)
            askWith(
                {"X-AUTH-TOKEN: " .. known},
                method,
                path,
                body,
                answered
            )
        end
        if account.kind == "token" then
            askKnown(account.token, ended)
            return
        end
        local ____account_3 = account
        local user = ____account_3.user
        local password = ____account_3.password

        local function logIn()
            local credentials = ((("{\"login\":" .. encodeString(user)) .. ",\"password\":") .. encodeString(password)) .. "}"
            askWith(
                {},
                "POST",
                "login",
                ("{\"security\":{\"credentials\":" .. credentials) .. "}}",
                function(answer)
                    local trouble = logInTrouble(user, answer)
                    if trouble ~= nil or token == nil then
                        ended(trouble or answer)
                        return
                    end
                    askKnown(
                        token,
                        function(second)
                            local isStrange = second.kind == "answered" and second.status == UNAUTHORIZED
                            ended(isStrange and ({kind = "unanswered", reason = "HTTP 401, though it took the log-in"}) or second)
                        end
                    )
                end
            )
        end
        if token == nil then
            logIn()
            return
        end
        askKnown(
            token,
            function(answer)
                if answer.kind ~= "answered" or answer.status ~= UNAUTHORIZED then
                    ended(answer)
                    return
                end
                token = nil
                logIn()
            end
        )
    end
    return {
        ask = ask,
        askOpenly = function(path, ended)
            askWith(
                {},
                "GET",
                path,
                "",
                ended
            )
        end,
        isLoggedIn = function() return account.kind == "log-in" and token ~= nil end
    }
end
return exports
 end,

-- -------------------- src/feedback/centreon_api.ts --------------------
["src.feedback.centreon_api"] = function(...)
-- Acknowledges through Centreon's API, and takes that back: what is asked for, and what an answer means. Knows no
-- PagerDuty, and does not wait; who asks is centreon_session.ts'.
--
-- https://docs-api.centreon.com, "Acknowledge resources" (AcknowledgementController; since 21.10).
local exports = {}
local REMEDIES
local ____json = require("src.text.json")
local encodeString = ____json.encodeString

-- A status that is no good, and what to do about it.
function exports.statusText(status)
    -- What leads elsewhere is not Centreon's API.
    local remedy = REMEDIES[status] or (status < 400 and "check centreon_api_url" or nil)
    local text = string.format("HTTP %d", status)
    return remedy == nil and text or (text .. "; ") .. remedy
end
-- The actions that its user needs: each of its own.
exports.ACTIONS = "the actions \"Acknowledge\" and \"Disacknowledge\", each for \"a host\" and \"a service\""
REMEDIES = {[401] = "check centreon_api_token, and whether it has expired", [403] = ("give the user of the API " .. exports.ACTIONS) .. ", access to the resources, and \"Reach API Realtime\"", [404] = "give the user of the API access to the resources, and check centreon_api_url: it is Centreon's address with its path, such as https://centreon.example.com/centreon"}
-- These say nothing of what was asked for.
local LATER = {[401] = true, [408] = true, [429] = true}

local function meaningOf(answer)
    if answer.kind == "unanswered" then
        return {kind = "failed", reason = answer.reason}
    end
    if answer.kind == "log-in refused" then
        return {kind = "kept out", reason = answer.reason}
    end
    local ____answer_0 = answer
    local status = ____answer_0.status
    if status >= 200 and status < 300 then
        return {kind = "taken"}
    end
    local isRefused = status >= 400 and status < 500 and LATER[status] ~= true
    return {
        kind = isRefused and "refused" or "failed",
        reason = exports.statusText(status)
    }
end

-- How Centreon's API names the alert's resource; undefined for what cannot be acknowledged there.
function exports.resourceOf(____bindingPattern0)
    local place
    local resource
    resource = ____bindingPattern0.resource
    place = ____bindingPattern0.place
    if not (resource.hostId ~= nil) then
        return nil
    end
    if resource.kind == "host" then
        return string.format("{\"type\":\"host\",\"id\":%d,\"parent\":null}", resource.hostId)
    end
    if (place and place.metaServiceId) ~= nil then
        return string.format("{\"type\":\"metaservice\",\"id\":%d,\"parent\":null}", place.metaServiceId)
    end
    return string.format("{\"type\":\"service\",\"id\":%d,\"parent\":{\"id\":%d}}", resource.serviceId, resource.hostId)
end

function exports.createCentreonApi(session)

    local function ask(method, path, body, ended)
        session.ask(
            method,
            "monitoring/resources/" .. path,
            body,
            function(answer)
                ended(meaningOf(answer))
            end
        )
    end
    return {
        acknowledge = function(resource, comment, ended)
            local acknowledgement = ("{\"comment\":" .. encodeString(comment)) .. ",\"is_sticky\":true,\"is_notify_contacts\":false,\"is_persistent_comment\":false,\"with_services\":false,\"force_active_checks\":false}"
            local body = ((("{\"acknowledgement\":" .. acknowledgement) .. ",\"resources\":[") .. resource) .. "]}"
            ask("POST", "acknowledge", body, ended)
        end,
        takeBack = function(resource, ended)
            local body = ("{\"disacknowledgement\":{\"with_services\":false},\"resources\":[" .. resource) .. "]}"
            ask("DELETE", "acknowledgements", body, ended)
        end
    }
end
return exports
 end,

-- -------------------- src/commands/centreon_check.ts --------------------
["src.commands.centreon_check"] = function(...)
-- `check`'s look at Centreon's API: whether it is there, takes the token or the log-in, and whether that user may see and
-- acknowledge. Makes GETs only, but for a log-in, which it ends.
local exports = {}
local ____transport = require("src.delivery.transport")
local createTransport = ____transport.createTransport
local ____centreon_api = require("src.feedback.centreon_api")
local ACTIONS = ____centreon_api.ACTIONS
local statusText = ____centreon_api.statusText
local ____centreon_session = require("src.feedback.centreon_session")
local createCentreonSession = ____centreon_session.createCentreonSession
local decodedOf = ____centreon_session.decodedOf
local fieldOf = ____centreon_session.fieldOf
local ____endpoint = require("src.settings.endpoint")
local centreonAccountOf = ____endpoint.centreonAccountOf
local endpointOf = ____endpoint.endpointOf
local ____curl = require("src.commands.curl")
local loadCurl = ____curl.loadCurl
local ____report = require("src.commands.report")
local counted = ____report.counted
local ADDRESS = "centreon_api_url"
-- Longest single wait for the network, in milliseconds.
local WAIT_STEP = 50
local UNTRUSTED = "PEER_FAILED_VERIFICATION"
-- The actions by the names that Centreon's API and its pages give them.
local RIGHTS = {{of = "host", action = "acknowledgement", name = "\"Acknowledge a host\""}, {of = "host", action = "disacknowledgement", name = "\"Disacknowledge a host\""}, {of = "service", action = "acknowledgement", name = "\"Acknowledge a service\""}, {of = "service", action = "disacknowledgement", name = "\"Disacknowledge a service\""}}

-- Centreon's API, past the proxy as the connector asks it, or why it cannot be asked; undefined: it is not to be asked.
local function openCentreon(____bindingPattern0)
    local settings
    settings = ____bindingPattern0.settings
    local account = centreonAccountOf(settings)
    local url = settings.centreon_api_url
    if url == "" or account == nil then
        return nil
    end
    local curl = loadCurl()
    if type(curl) == "string" then
        return curl
    end
    local isMade, transport = pcall(function() return createTransport(
        curl,
        endpointOf(settings, url)
    ) end)
    if not isMade then
        return tostring(transport)
    end
    return {
        session = createCentreonSession(url, account, transport.send),
        wait = function(begin)
            local answer
            begin(function(given)
                answer = given
            end)
            while answer == nil do
                transport.poll()
                transport.wait(WAIT_STEP)
            end
            return answer
        end
    }
end

-- Whether Centreon answers at the address.
local function checkAddress(answer, url, report)

    local function failed(finding, problem, remedy)
        report.find(finding, ADDRESS, (((url .. ": ") .. problem) .. ": ") .. remedy)
        return false
    end
    if answer.kind ~= "answered" then
        local ____answer_0 = answer
        local reason = ____answer_0.reason
        if (string.find(reason, UNTRUSTED, 1, true)) ~= nil then
            return failed("FAILED", reason, "check that http_ca_file or http_ca_path has the authority that signed it")
        end
        local remedy = ("check " .. ADDRESS) .. ", the name resolution and the firewall between this machine and Centreon"
        return failed("WARNING", reason, remedy)
    end
    local ____answer_1 = answer
    local status = ____answer_1.status
    local body = ____answer_1.body
    local remedy = ("check " .. ADDRESS) .. ": it is Centreon's address with its path, such as https://centreon.example.com/centreon"
    if status >= 500 then
        return failed(
            "WARNING",
            string.format("HTTP %d", status),
            remedy .. "; or try again later"
        )
    end
    if status ~= 200 then
        return failed(
            "FAILED",
            string.format("HTTP %d", status),
            remedy
        )
    end
    local version = fieldOf(
        fieldOf(
            decodedOf(body),
            "web"
        ),
        "version"
    )
    if type(version) ~= "string" then
        return failed("FAILED", "what answers there is not Centreon's API", remedy)
    end
    report.find("ok", ADDRESS, (url .. " is Centreon ") .. version)
    return true
end

-- Whether the user is let in, and sees something.
local function checkAccess(get, name, report)
    local answer = get("monitoring/resources?limit=1")
    if answer.kind ~= "answered" then
        report.find(answer.kind == "log-in refused" and "FAILED" or "WARNING", name, answer.reason)
        return false
    end
    if answer.status ~= 200 then
        report.find(
            answer.status >= 500 and "WARNING" or "FAILED",
            name,
            statusText(answer.status)
        )
        return false
    end
    local total = fieldOf(
        fieldOf(
            decodedOf(answer.body),
            "meta"
        ),
        "total"
    )
    if type(total) ~= "number" or total == 0 then
        report.find("WARNING", name, "Centreon takes it, and its user sees no resource: give that user access to the hosts and services (Administration > ACL > Resources Access)")
    else
        report.find(
            "ok",
            name,
            ("Centreon takes it: " .. counted(total, "resource")) .. " to be seen"
        )
    end
    return true
end

-- Whether the user may acknowledge, where Centreon tells that.
local function checkRights(get, name, report)
    local answer = get("users/acl/actions")
    if answer.kind ~= "answered" then
        report.find("WARNING", name, answer.reason)
        return
    end
    if answer.status ~= 200 then
        local status = string.format("HTTP %d", answer.status)
        report.find("ok", name, (("whether its user may acknowledge does not show (" .. status) .. "): Centreon tells that only a user with \"Reach API Configuration\", which is not needed otherwise. See that it has ") .. ACTIONS)
        return
    end
    local actions = decodedOf(answer.body)
    local missing = {}
    for ____, ____value in ipairs(RIGHTS) do
        local what = ____value.of
        local action = ____value.action
        local right = ____value.name
        if fieldOf(
            fieldOf(actions, what),
            action
        ) ~= true then
            missing[#missing + 1] = right
        end
    end
    if #missing == 0 then
        report.find("ok", name, "its user may acknowledge, and take that back")
    else
        report.find(
            "FAILED",
            name,
            ("its user lacks " .. table.concat(missing, ", ")) .. ", and Centreon's API leaves out silently what is not allowed: give it these actions (Administration > ACL > Actions Access)"
        )
    end
end

-- Looks at the API, where it is to be told.
function exports.checkCentreon(setup, report)
    local asking = openCentreon(setup)
    if asking == nil then
        return
    end
    if type(asking) == "string" then
        report.find("FAILED", ADDRESS, asking)
        return
    end
    local session = asking.session
    local wait = asking.wait

    local function get(path)
        return wait(function(ended)
            session.ask("GET", path, "", ended)
        end)
    end
    local version = wait(function(ended)
        session.askOpenly("platform/versions", ended)
    end)
    if not checkAddress(version, setup.settings.centreon_api_url, report) then
        return
    end
    local name = setup.settings.centreon_api_token == "" and "centreon_api_user" or "centreon_api_token"
    if checkAccess(get, name, report) then
        checkRights(get, name, report)
    end
    if session.isLoggedIn() then
        get("logout")
    end
end
return exports
 end,

-- -------------------- src/commands/known.ts --------------------
["src.commands.known"] = function(...)
-- A broker_cache made of the definitions in a file of events: hosts, services, groups, pollers, business activities.
-- The newest definition counts. Knows what each event tells, and nothing of what the connector does with it.
-- The kinds of definitions, by their `_type` in BBDO 2 and 3.
local exports = {}
local KIND_OF_TYPE = {
    [65548] = "host",
    [65566] = "host",
    [65559] = "service",
    [65563] = "service",
    [65551] = "poller",
    [65580] = "poller",
    [65547] = "host group member",
    [65586] = "host group member",
    [65558] = "service group member",
    [65588] = "service group member",
    [65539] = "custom variable",
    [65573] = "custom variable",
    [393223] = "business activity",
    [393241] = "business activity",
    [393226] = "business view",
    [393238] = "business view",
    [393225] = "business view member",
    [393239] = "business view member"
}
-- The macro that holds the criticality level.
local CRITICALITY = "CRITICALITY_LEVEL"

-- A text that stands for one or two ids. BBDO 2 leaves out ids that are 0.
local function keyOf(id, second)
    return string.format("%d %d", id or 0, second or 0)
end

-- Nothing known yet.
function exports.createKnown()
    local hosts = {}
    local services = {}
    local pollers = {}
    local activities = {}
    local views = {}
    local levels = {}
    -- Members in the order they were told of.
    local hostGroupMembers = {}
    local serviceGroupMembers = {}
    local viewMembers = {}

    local function isSame(left, right, names)
        for ____, name in ipairs(names) do
            if left[name] ~= right[name] then
                return false
            end
        end
        return true
    end

    -- `members` with `event` instead of what was known of the same membership.
    local function withMember(members, event, names)
        local others = {}
        for ____, member in ipairs(members) do
            if not isSame(member, event, names) then
                others[#others + 1] = member
            end
        end
        if event.enabled ~= false then
            others[#others + 1] = event
        end
        return others
    end

    local function groupsOf(members, wanted, ids, group)
        local groups = {}
        for ____, member in ipairs(members) do
            if isSame(member, wanted, ids) then
                local ____member_group_1 = member[group]
                local ____member_name_0 = member.name
                if ____member_name_0 == nil then
                    ____member_name_0 = ""
                end
                groups[#groups + 1] = {group_id = ____member_group_1, group_name = ____member_name_0}
            end
        end
        return groups
    end

    local function hostOf(id)
        return hosts[keyOf(id)]
    end

    local function resourceOf(hostId, serviceId)
        local ____temp_2
        if serviceId == nil then
            ____temp_2 = hostOf(hostId)
        else
            ____temp_2 = services[keyOf(hostId, serviceId)]
        end
        return ____temp_2
    end

    local function textOf(fields, name)
        return fields and fields[name]
    end
    local cache = {
        get_hostname = function(self, id)
            return textOf(
                hostOf(id),
                "name"
            )
        end,
        get_service_description = function(self, hostId, serviceId)
            return textOf(
                resourceOf(hostId, serviceId),
                "description"
            )
        end,
        get_hostgroups = function(self, id)
            return groupsOf(hostGroupMembers, {host_id = id}, {"host_id"}, "hostgroup_id")
        end,
        get_servicegroups = function(self, hostId, serviceId)
            local wanted = {host_id = hostId, service_id = serviceId}
            return groupsOf(serviceGroupMembers, wanted, {"host_id", "service_id"}, "servicegroup_id")
        end,
        get_hostgroup_name = function(self)
            return nil
        end,
        get_servicegroup_name = function(self)
            return nil
        end,
        get_instance_name = function(self, id)
            return textOf(
                pollers[keyOf(id)],
                "name"
            )
        end,
        get_severity = function(self, hostId, serviceId)
            return levels[keyOf(hostId, serviceId)]
        end,
        get_notes = function(self, hostId, serviceId)
            return textOf(
                resourceOf(hostId, serviceId),
                "notes"
            )
        end,
        get_notes_url = function(self, hostId, serviceId)
            return textOf(
                resourceOf(hostId, serviceId),
                "notes_url"
            )
        end,
        get_action_url = function(self, hostId, serviceId)
            return textOf(
                resourceOf(hostId, serviceId),
                "action_url"
            )
        end,
        get_host = function(self, id)
            return hostOf(id)
        end,
        get_service = function(self, hostId, serviceId)
            return resourceOf(hostId, serviceId)
        end,
        get_ba = function(self, id)
            return activities[keyOf(id)]
        end,
        get_bv = function(self, id)
            return views[keyOf(id)]
        end,
        get_bvs = function(self, id)
            local found = {}
            for ____, member in ipairs(viewMembers) do
                if member.ba_id == id then
                    found[#found + 1] = member.bv_id
                end
            end
            return found
        end,
        get_index_mapping = function(self)
            return nil
        end,
        get_metric_mapping = function(self)
            return nil
        end
    }
    return {
        cache = cache,
        learn = function(event)
            local fields = event
            local kind = KIND_OF_TYPE[event._type]
            local ____temp_5
            if fields.enabled == false then
                ____temp_5 = nil
            else
                ____temp_5 = fields
            end
            local definition = ____temp_5
            if kind == "host" then
                hosts[keyOf(fields.host_id)] = definition
            elseif kind == "service" then
                services[keyOf(fields.host_id, fields.service_id)] = definition
            elseif kind == "poller" then
                pollers[keyOf(fields.instance_id)] = definition
            elseif kind == "business activity" then
                activities[keyOf(fields.ba_id)] = definition
            elseif kind == "business view" then
                views[keyOf(fields.bv_id)] = definition
            elseif kind == "business view member" then
                viewMembers[#viewMembers + 1] = fields
            elseif kind == "host group member" then
                hostGroupMembers = withMember(hostGroupMembers, fields, {"host_id", "hostgroup_id"})
            elseif kind == "service group member" then
                serviceGroupMembers = withMember(serviceGroupMembers, fields, {"host_id", "service_id", "servicegroup_id"})
            elseif kind == "custom variable" and fields.name == CRITICALITY then
                levels[keyOf(fields.host_id, fields.service_id)] = tonumber(fields.value)
            end
        end
    }
end
return exports
 end,

-- -------------------- src/commands/names_known.ts --------------------
["src.commands.names_known"] = function(...)
-- Whether the broker knows the names of hosts and services, as far as its files tell: a new output knows none until the
-- engines tell their configuration again, and alerts then say "host 2/service 22".
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
local REMEDY = "restart (not reload) the engine of each poller once: nothing else tells a new output what hosts are called"

-- Whether an alert that has a name has one made up of ids, as broker/place makes it.
local function isMadeUp(alert)
    local ____alert_0 = alert
    local resource = ____alert_0.resource
    if not (resource.hostId ~= nil) then
        return false
    end
    local name = nameOf(alert)
    local host = string.format("host %d", resource.hostId)
    return name == host or string.sub(name, 1, #host + 1) == host .. "/" or resource.serviceId ~= 0 and (string.match(name, "/service (%d+)$")) == string.format("%d", resource.serviceId)
end
-- The definition of a host in a recording (BBDO 3, BBDO 2).
local HOST_DEFINITIONS = {"\"_type\":65566", "\"_type\":65548"}

local function hasHosts(recordPath)
    local text = recordPath == "" and "" or ((readFile(recordPath)) or "")
    for ____, part in ipairs(HOST_DEFINITIONS) do
        if (string.find(text, part, 1, true)) ~= nil then
            return true
        end
    end
    return false
end

function exports.namesKnown(sources)
    local named = 0
    local nameless = 0
    for ____, alert in ipairs(sources.alerts) do
        if isMadeUp(alert) then
            nameless = nameless + 1
        elseif nameOf(alert) ~= alert.dedupKey then
            named = named + 1
        end
    end
    local total = named + nameless
    if nameless > 0 then
        return "WARNING", string.format("%d of %d alerts have none: %s", nameless, total, REMEDY)
    end
    if named > 0 then
        return "ok", string.format("the journal has them for all of its %d alerts", total)
    end
    if hasHosts(sources.recordPath) then
        return "ok", ("the recording " .. sources.recordPath) .. " has them"
    end
    if ((readFile(sources.cachePath)) or "") ~= "" then
        return "ok", "the broker kept those it knew in " .. sources.cachePath
    end
    return "WARNING", "nothing shows yet that the broker knows any. If this output is new, " .. REMEDY
end
return exports
 end,

-- -------------------- src/commands/rights.ts --------------------
["src.commands.rights"] = function(...)
-- Whether the broker's user may read and write files: asks the system as that user. Changes nothing.
local exports = {}
local ____shell = require("src.commands.shell")
local linesOf = ____shell.linesOf
local outputOf = ____shell.outputOf
local shellWord = ____shell.shellWord
local succeeds = ____shell.succeeds

-- The folder that a path lies in.
local function folderOf(path)
    local folder = string.match(path, "^(.*)/[^/]*$")
    if folder == nil then
        return "."
    end
    return folder == "" and "/" or folder
end

-- The rights of `user`. Only root can ask as somebody else; where that is not possible the rights are our own, and
-- `user` says whose.
function exports.rightsOf(user)
    local own = linesOf(outputOf("id -un 2>/dev/null"))[1] or ""
    local canBecome = user ~= own and succeeds("id -u " .. shellWord(user)) and succeeds(("runuser -u " .. shellWord(user)) .. " -- true")
    local asked = canBecome and user or own
    local asUser = canBecome and ("runuser -u " .. shellWord(user)) .. " -- " or ""

    local function test(what, path)
        return succeeds((((asUser .. "test ") .. what) .. " ") .. shellWord(path))
    end

    local function whyNoFolder(path)
        local folder = folderOf(path)
        if not succeeds("test -d " .. shellWord(folder)) then
            return (("the folder " .. folder) .. " is not there: make it for ") .. asked
        end
        local ____temp_0
        if test("-w", folder) and test("-x", folder) then
            ____temp_0 = nil
        else
            ____temp_0 = ((((asked .. " may not write in the folder ") .. folder) .. ": let ") .. asked) .. " write there"
        end
        return ____temp_0
    end

    local function whyNotFile(path)
        if test("-d", path) then
            return "it is a folder: name a file"
        end
        local ____test_result_1
        if test("-w", path) then
            ____test_result_1 = nil
        else
            ____test_result_1 = ((asked .. " may not write it: let ") .. asked) .. " write it"
        end
        return ____test_result_1
    end
    return {
        user = asked,
        whyNotReadable = function(path)
            if test("-r", path) then
                return nil
            end
            return succeeds("test -e " .. shellWord(path)) and asked .. " may not read it: correct its rights, and those of its folders" or "it is not there: correct the path"
        end,
        whyNotWritable = function(path)
            local ____test_result_2
            if test("-e", path) then
                ____test_result_2 = whyNotFile(path)
            else
                ____test_result_2 = whyNoFolder(path)
            end
            return ____test_result_2
        end,
        whyNotReplaceable = function(path)
            local ____whyNoFolder_result_4 = whyNoFolder(path)
            if ____whyNoFolder_result_4 == nil then
                local ____test_result_3
                if test("-e", path) then
                    ____test_result_3 = whyNotFile(path)
                else
                    ____test_result_3 = nil
                end
                ____whyNoFolder_result_4 = ____test_result_3
            end
            return ____whyNoFolder_result_4
        end
    }
end

-- Who beside `user` may come at what a secret file holds, and what to do; undefined: nobody but root.
function exports.whoElseReads(path, user)
    local mode, owner = string.match(
        outputOf(("stat -L -c '%a %U' " .. shellWord(path)) .. " 2>/dev/null"),
        "^(%d+) (%S+)"
    )
    if mode == nil or owner == nil then
        return nil
    end
    local remedy = (((("chown " .. user) .. " ") .. path) .. " && chmod 600 ") .. path
    if owner ~= user and owner ~= "root" then
        return (("it belongs to " .. owner) .. ": ") .. remedy
    end
    local group, others = string.match(mode, "(%d)(%d)$")
    if others ~= "0" then
        return (("every local user may read or change it (mode " .. mode) .. "): ") .. remedy
    end
    if group ~= "0" then
        return (("its group may read or change it (mode " .. mode) .. "): ") .. remedy
    end
    return nil
end

-- What to do about a file that every local user may change; undefined: not everybody may.
function exports.whyEverybodyWrites(path)
    local mode = string.match(
        outputOf(("stat -L -c %a " .. shellWord(path)) .. " 2>/dev/null"),
        "(%d)%s*$"
    )
    local others = tonumber(mode or "") or 0
    local ____temp_5
    if others % 4 < 2 then
        ____temp_5 = nil
    else
        ____temp_5 = "every local user may change it: chmod o-w " .. path
    end
    return ____temp_5
end
return exports
 end,

-- -------------------- src/commands/event_file.ts --------------------
["src.commands.event_file"] = function(...)
-- Reads files of events: JSON lines with the fields as Lua sees them, as record_path writes them and
-- tools/brokerhost reads them. Owns what a line may leave out; knows nothing of what events mean.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
local TYPES_PER_CATEGORY = 65536
-- Full statuses: what a hand-written one leaves out has the value that the broker gives it (BBDO 3's defaults).
local STATUS_TYPES = {[65550] = true, [65560] = true, [65565] = true, [65568] = true}
local STATUS_DEFAULTS = {
    state = 0,
    state_type = 0,
    acknowledgement_type = 0,
    scheduled_downtime_depth = 0,
    check_attempt = 0,
    flapping = false,
    acknowledged = false,
    output = "",
    long_output = "",
    perfdata = ""
}

-- What is wrong with a field: of no kind that the broker would give it. Undefined: nothing.
local function problemOf(name, value)
    local isId = (string.find(name, "^id$")) ~= nil or (string.find(name, "_id$")) ~= nil
    local expected = isId and "number" or type(STATUS_DEFAULTS[name])
    local isGood = expected == "nil" or type(value) == expected and (not isId or math.floor(value) == value)
    local ____isGood_0
    if isGood then
        ____isGood_0 = nil
    else
        ____isGood_0 = (name .. " is no ") .. (isId and "whole number" or expected)
    end
    return ____isGood_0
end
-- The fields that tell when something happened.
local TIME_FIELDS = {"last_check", "last_update", "entry_time", "last_state_change"}

-- A text of bytes that are not UTF-8 is written as `{"base64": "…"}` by brokerhost: it is only shown as such.
local function plain(value)
    local ____temp_1
    if type(value) == "table" then
        ____temp_1 = value.base64
    else
        ____temp_1 = nil
    end
    local encoded = ____temp_1
    return type(encoded) == "string" and "(base64) " .. encoded or value
end

-- The event of one line; undefined for a line that steers brokerhost; a text for what is wrong.
local function readLine(text)
    local result = decode(text)
    if not result.ok then
        return result.problem
    end
    if type(result.value) ~= "table" then
        return "it is not a JSON object"
    end
    local fields = result.value
    if fields.control ~= nil then
        return nil
    end
    local event = {}
    for name, value in pairs(fields) do
        local given = plain(value)
        local problem = problemOf(name, given)
        if problem ~= nil then
            return problem
        end
        event[name] = given
    end
    local category = fields.category
    local element = fields.element
    local eventType = fields._type
    if type(eventType) == "number" then
        event.category = math.floor(eventType / TYPES_PER_CATEGORY)
        event.element = eventType % TYPES_PER_CATEGORY
    elseif type(category) == "number" and type(element) == "number" then
        event._type = category * TYPES_PER_CATEGORY + element
    else
        return "neither _type nor category and element say what event it is"
    end
    if STATUS_TYPES[event._type] == true then
        setmetatable(event, {__index = STATUS_DEFAULTS})
    end
    return event
end

-- The text of a file of events; "-" is standard input.
function exports.eventText(path)
    if path ~= "-" then
        return readFile(path)
    end
    return io.read("*a") or "", nil
end
-- Of so many lines the problems are told: a file of something else has one on each.
local MOST_TOLD = 20

-- Reads all lines of a file's `text`. Empty lines and lines that steer brokerhost are passed over.
function exports.readEvents(text)
    local events = {}
    local problems = {}
    local unreadable = 0
    local line = 0
    local time = 0
    for lineText in string.gmatch(text .. "\n", "([^\n]*)\n") do
        line = line + 1
        if (string.find(lineText or "", "%S")) ~= nil then
            local event = readLine(lineText or "")
            if type(event) == "string" then
                unreadable = unreadable + 1
                if unreadable <= MOST_TOLD then
                    problems[#problems + 1] = string.format("line %d: %s", line, event)
                end
            elseif event ~= nil then
                for ____, name in ipairs(TIME_FIELDS) do
                    local value = event[name]
                    if type(value) == "number" and value > time then
                        time = value
                    end
                end
                events[#events + 1] = {line = line, event = event, time = time}
            end
        end
    end
    if unreadable > MOST_TOLD then
        problems[#problems + 1] = string.format("and so on: %d lines cannot be read", unreadable)
    end
    return {events = events, problems = problems}
end
return exports
 end,

-- -------------------- src/broker/events.ts --------------------
["src.broker.events"] = function(...)
-- The kinds of events that matter to us, by the numbers the broker gives them. Owns filter's look-up.
-- `_type` of the events that are read: category * 65536 + element (contracts/broker-host.md).
local exports = {}
exports.EVENT_TYPE = {
    acknowledgement2 = 65537,
    comment2 = 65538,
    customVariable2 = 65539,
    customVariableStatus2 = 65540,
    downtime2 = 65541,
    hostGroup2 = 65546,
    hostGroupMember2 = 65547,
    host2 = 65548,
    hostParent2 = 65549,
    hostStatus2 = 65550,
    instance2 = 65551,
    instanceStatus2 = 65552,
    serviceGroup2 = 65557,
    serviceGroupMember2 = 65558,
    service2 = 65559,
    serviceStatus2 = 65560,
    instanceConfiguration2 = 65561,
    responsiveInstance2 = 65562,
    baStatus2 = 393217,
    dimensionTruncateTableSignal2 = 393227,
    service3 = 65563,
    adaptiveService3 = 65564,
    serviceStatus3 = 65565,
    host3 = 65566,
    adaptiveHost3 = 65567,
    hostStatus3 = 65568,
    severity3 = 65569,
    tag3 = 65570,
    comment3 = 65571,
    downtime3 = 65572,
    customVariables3 = 65573,
    customVariableStatus3 = 65574,
    instanceStatus3 = 65578,
    instance3 = 65580,
    acknowledgement3 = 65581,
    responsiveInstance3 = 65582,
    hostGroup3 = 65585,
    hostGroupMember3 = 65586,
    serviceGroup3 = 65587,
    serviceGroupMember3 = 65588,
    hostParent3 = 65589,
    instanceConfiguration3 = 65590,
    adaptiveServiceStatus3 = 65591,
    adaptiveHostStatus3 = 65592,
    baStatus3 = 393235,
    dimensionTruncateTableSignal3 = 393246
}
local TYPES_PER_CATEGORY = 65536

-- Whether events of a kind are read at all. Make it once: it is asked for every event there is.
function exports.createFilter()
    local wanted = {}
    for ____, eventType in pairs(exports.EVENT_TYPE) do
        local category = math.floor(eventType / TYPES_PER_CATEGORY)
        local elements = wanted[category] or ({})
        elements[eventType % TYPES_PER_CATEGORY] = true
        wanted[category] = elements
    end
    return function(category, element)
        local ____opt_0 = wanted[category]
        return (____opt_0 and ____opt_0[element]) == true
    end
end
return exports
 end,

-- -------------------- src/alerts/observation.ts --------------------
["src.alerts.observation"] = function(...)
-- What a status says of a resource, the same for BBDO 2 and 3: what broker/observe reads, and the book takes.
local exports = {}
return exports
 end,

-- -------------------- src/broker/observe.ts --------------------
["src.broker.observe"] = function(...)
-- Reads events: BBDO 2 or 3, as tables or as read-only objects, into one shape. Owns the differences between the
-- protocols. A field is read only when it is needed: in the broker that costs as much as an empty call.
local exports = {}
-- `state_type` of a HARD state.
exports.HARD = 1
-- The state that last_hard_state has when nothing was ever wrong.
local OK = 0

-- Ids that BBDO 2 leaves out are 0.
function exports.hostResource(hostId)
    return {kind = "host", hostId = hostId or 0, serviceId = 0}
end

function exports.serviceResource(hostId, serviceId)
    return {kind = "service", hostId = hostId or 0, serviceId = serviceId or 0}
end

-- The service that an event names, or the host where it names none.
function exports.hostOrServiceResource(event)
    local serviceId = event.service_id or 0
    return serviceId == 0 and exports.hostResource(event.host_id) or exports.serviceResource(event.host_id, serviceId)
end

-- The part of a full status that the policy needs; `isAcknowledged` is the protocol's own business.
local function observation(event, resource, state, isAcknowledged)
    local isHard = event.state_type == exports.HARD
    return {
        resource = resource,
        state = state,
        isHard = isHard,
        lastHardState = isHard and state or (event.last_hard_state or OK),
        isAcknowledged = isAcknowledged,
        downtimeDepth = event.scheduled_downtime_depth,
        isFlapping = event.flapping,
        lastCheck = event.last_check or 0
    }
end

function exports.isAcknowledged2(event)
    return event.acknowledged
end

function exports.isAcknowledged3(event)
    return event.acknowledgement_type ~= 0
end

-- Whether a status is HARD and says what is known already, but for the time of its check. Makes nothing of it.
function exports.isRepeated(event, known, state, isAcknowledged)
    return state == known.state and isAcknowledged == known.isAcknowledged and event.state_type == exports.HARD and event.scheduled_downtime_depth == known.downtimeDepth and event.flapping == known.isFlapping
end

-- A BBDO 2 status, of which `resource` and `state` were read already.
function exports.observeStatus2(event, resource, state)
    return observation(
        event,
        resource,
        state,
        exports.isAcknowledged2(event)
    )
end

-- A BBDO 3 status, of which `resource` and `state` were read already.
function exports.observeStatus3(event, resource, state)
    return observation(
        event,
        resource,
        state,
        exports.isAcknowledged3(event)
    )
end

-- An adaptive status: what it does not carry has not changed.
function exports.observeAdaptive(event, resource)
    local acknowledgement = event.acknowledgement_type
    local ____resource_1 = resource
    local ____temp_0
    if acknowledgement == nil then
        ____temp_0 = nil
    else
        ____temp_0 = acknowledgement ~= 0
    end
    return {resource = ____resource_1, isAcknowledged = ____temp_0, downtimeDepth = event.scheduled_downtime_depth}
end

function exports.acknowledgementNote(event)
    return {author = event.author, comment = event.comment_data, at = event.entry_time}
end
-- The state of a poller that falls silent, and of a connector whose events do not get through; else they are OK.
local SILENT = 2
local NOT_DELIVERING = 2

-- A state that does not come from a check: it is HARD, and neither acknowledged nor flapping.
local function plainObservation(resource, state, isInDowntime, lastCheck)
    if lastCheck == nil then
        lastCheck = 0
    end
    return {
        resource = resource,
        state = state,
        isHard = true,
        lastHardState = state,
        isAcknowledged = false,
        downtimeDepth = isInDowntime and 1 or 0,
        isFlapping = false,
        lastCheck = lastCheck
    }
end

function exports.observeBusinessActivity(event)
    local resource = {kind = "business activity", id = event.ba_id or 0}
    return plainObservation(resource, event.state, event.in_downtime)
end

-- A poller is heard of, or not any more: the broker says so after about 300 s of silence.
function exports.observePoller(event)
    return plainObservation({kind = "poller", id = event.poller_id}, event.responsive and OK or SILENT, false)
end
-- The connector that runs in this output.
exports.CONNECTOR = {kind = "connector", id = 0}

-- What the connector has seen of itself at `now` (Unix time).
function exports.observeConnector(isDelivering, now)
    return plainObservation(exports.CONNECTOR, isDelivering and OK or NOT_DELIVERING, false, now)
end
return exports
 end,

-- -------------------- src/commands/stand_in.ts --------------------
["src.commands.stand_in"] = function(...)
-- Runs the connector, pagerduty.lua itself, outside the broker: in globals of its own, with stand-ins of what the broker
-- offers. Owns how it is loaded and driven; what it decides is its own.
local exports = {}
local ____lines = require("src.journal.lines")
local headerLine = ____lines.headerLine
local ____rules_file = require("src.rules.rules_file")
local copyPathOf = ____rules_file.copyPathOf
local ____parameters = require("src.settings.parameters")
local PARAMETERS = ____parameters.PARAMETERS
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
-- The level of log lines that say why nothing was sent.
local DEBUG_LEVEL = 3

-- A broker_log that hands on every line.
local function brokerLog(log)

    local function at(kind, level, text)
        log({kind = level == DEBUG_LEVEL and "debug" or kind, text = text})
    end
    return {
        set_parameters = function(self)
        end,
        info = function(self, level, text)
            at("info", level, text)
        end,
        warning = function(self, level, text)
            at("warning", level, text)
        end,
        error = function(self, level, text)
            at("error", level, text)
        end
    }
end

-- The standard globals, with the stand-ins among them.
local function globalsWith(standIns)
    local globals = {}
    for name, value in pairs(_G) do
        globals[name] = value
    end
    globals._G = globals
    globals.broker = {}
    globals.broker_log = brokerLog(standIns.log)
    globals.broker_cache = standIns.cache
    local ____standIns_0 = standIns
    local curl = ____standIns_0.curl
    local time = ____standIns_0.time
    if curl ~= nil then
        globals.require = function(name) return name == "cURL" and curl or require(name) end
    end
    if time ~= nil then
        local system = {}
        for name, value in pairs(os) do
            system[name] = value
        end
        system.time = time
        globals.os = system
    end
    return globals
end

-- Loads the connector at `path`. Gives why it cannot be used as a text.
function exports.loadConnector(path, standIns)
    local globals = globalsWith(standIns)
    local chunk, problem = loadfile(path, "t", globals)
    if chunk == nil then
        return problem or path
    end
    local ____G_1 = _G
    local setfenv = ____G_1.setfenv
    if setfenv ~= nil then
        setfenv(chunk, globals)
    end
    local isRun, failure = pcall(chunk)
    if not isRun then
        return tostring(failure)
    end
    for ____, name in ipairs({"init", "filter", "write", "flush"}) do
        if type(globals[name]) ~= "function" then
            return ((path .. " has no function ") .. name) .. ": it is not the connector"
        end
    end
    return globals
end
-- The parameters that name files of the running output: a copy of the connector must not touch them.
local FILES_OF_ITS_OWN = {"state_path", "quarantine_path", "status_path"}
-- Parameters that would write, or tell, somewhere else than the caller expects.
local SWITCHED_OFF = {"record_path", "log_path", "heartbeat_url"}

-- The last good rules of the running output hold for its copy, too, where the file is bad.
local function keepLastRules(statePath, folder)
    local rules = readFile(copyPathOf(statePath))
    if rules == nil then
        return
    end
    local copy = io.open(
        copyPathOf(folder .. "/state_path"),
        "wb"
    )
    if copy == nil then
        return
    end
    copy:write(rules)
    copy:close()
end

-- The output's parameters for a copy of the connector beside the running one: journal and the other files in
-- `folder`, the log here and complete.
function exports.parametersBeside(parameters, folder)
    local own = {}
    for name, value in pairs(parameters) do
        own[name] = value
    end
    keepLastRules(
        tostring(own.state_path or PARAMETERS.state_path.fallback),
        folder
    )
    for ____, name in ipairs(FILES_OF_ITS_OWN) do
        own[name] = (folder .. "/") .. name
    end
    for ____, name in ipairs(SWITCHED_OFF) do
        own[name] = ""
    end
    -- Its older name.
    own.logfile = nil
    own.log_level = DEBUG_LEVEL
    return own
end

-- Makes the journal of such a copy, with nothing in it: with a journal the connector knows that nothing is open; without
-- one it would have to find out. Gives its path, or why there is none.
function exports.beginJournal(folder)
    local path = folder .. "/state_path"
    local journal, problem = io.open(path, "wb")
    if journal == nil then
        return nil, problem or path
    end
    journal:write(headerLine() .. "\n")
    journal:close()
    return path, nil
end
return exports
 end,

-- -------------------- src/commands/playback.ts --------------------
["src.commands.playback"] = function(...)
-- Gives a file of events to the connector, one after the other, in the time that the file tells, and watches what it
-- decides: its log, what it writes to a journal of its own, what it sends. Decides nothing itself.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf
local nextAction = ____alert.nextAction
local ____lines = require("src.journal.lines")
local createReading = ____lines.createReading
local readLine = ____lines.readLine
local ____events = require("src.broker.events")
local EVENT_TYPE = ____events.EVENT_TYPE
local ____observe = require("src.broker.observe")
local hostResource = ____observe.hostResource
local serviceResource = ____observe.serviceResource
local ____routing_keys = require("src.settings.routing_keys")
local keyParameter = ____routing_keys.keyParameter
local ____known = require("src.commands.known")
local createKnown = ____known.createKnown
local ____journal_view = require("src.commands.journal_view")
local NO_CHOICES = ____journal_view.NO_CHOICES
local ____stand_in = require("src.commands.stand_in")
local beginJournal = ____stand_in.beginJournal
local loadConnector = ____stand_in.loadConnector
local parametersBeside = ____stand_in.parametersBeside
-- Everything that would delay what is sent, or keep it from being sent at all.
local WITHOUT_DELAYS = {
    {"max_events_per_minute", 0},
    {"max_buffer_size", 1},
    {"max_buffer_age", 0},
    {"pdy_host_grace", 0},
    {"send_data_test", 0}
}
-- Only the running connector asks what people did in PagerDuty, and tells Centreon of it.
local NOT_ASKED = {
    "pdy_api_key",
    "centreon_api_url",
    "centreon_api_token",
    "centreon_api_user",
    "centreon_api_password"
}
-- Events that tell of one business activity or poller.
local BUSINESS_ACTIVITY = {[EVENT_TYPE.baStatus2] = true, [EVENT_TYPE.baStatus3] = true}
local POLLER = {[EVENT_TYPE.responsiveInstance2] = true, [EVENT_TYPE.responsiveInstance3] = true}
-- Events that tell of one host or service, and not of its configuration.
local HOST_OR_SERVICE = {
    [EVENT_TYPE.serviceStatus2] = true,
    [EVENT_TYPE.serviceStatus3] = true,
    [EVENT_TYPE.hostStatus2] = true,
    [EVENT_TYPE.hostStatus3] = true,
    [EVENT_TYPE.adaptiveServiceStatus3] = true,
    [EVENT_TYPE.adaptiveHostStatus3] = true,
    [EVENT_TYPE.acknowledgement2] = true,
    [EVENT_TYPE.acknowledgement3] = true,
    [EVENT_TYPE.downtime2] = true,
    [EVENT_TYPE.downtime3] = true
}

-- Whose an event is.
local function subjectOf(event, cache)
    local fields = event
    if BUSINESS_ACTIVITY[event._type] == true then
        local id = fields.ba_id or 0
        local ____opt_0 = cache:get_ba(id)
        local name = ____opt_0 and ____opt_0.ba_name or string.format("%d", id)
        return {
            dedupKey = dedupKeyOf({kind = "business activity", id = id}),
            name = "business activity " .. name
        }
    end
    if POLLER[event._type] == true then
        local id = fields.poller_id or 0
        local name = cache:get_instance_name(id) or string.format("%d", id)
        return {
            dedupKey = dedupKeyOf({kind = "poller", id = id}),
            name = "poller " .. name
        }
    end
    if HOST_OR_SERVICE[event._type] ~= true then
        return {dedupKey = nil, name = ""}
    end
    local hostId = fields.host_id or 0
    local serviceId = fields.service_id or 0
    local host = cache:get_hostname(hostId) or string.format("host %d", hostId)
    if serviceId == 0 then
        return {
            dedupKey = dedupKeyOf(hostResource(hostId)),
            name = host
        }
    end
    local service = cache:get_service_description(hostId, serviceId) or string.format("service %d", serviceId)
    return {
        dedupKey = dedupKeyOf(serviceResource(hostId, serviceId)),
        name = (host .. "/") .. service
    }
end

-- A copy of the connector that has an empty journal, and is ready for events. Gives why there is none as a text.
function exports.beginPlayback(ports, startTime)
    local known = createKnown()
    local journalPath, problem = beginJournal(ports.folder)
    if journalPath == nil then
        return problem
    end
    local fileTime = startTime
    local clockSetAt = os.time()
    local logged = {}
    local isRunning = false
    local connector = loadConnector(
        ports.connector,
        {
            cache = known.cache,
            curl = ports.curl,
            time = function() return ports.clockRuns and fileTime + os.time() - clockSetAt or fileTime end,
            log = function(line)
                if isRunning then
                    logged[#logged + 1] = line
                else
                    ports.complain(line)
                end
            end
        }
    )
    if type(connector) == "string" then
        return connector
    end
    local parameters = parametersBeside(ports.parameters, ports.folder)
    for ____, ____value in ipairs(WITHOUT_DELAYS) do
        local name = ____value[1]
        local value = ____value[2]
        parameters[name] = value
    end
    for ____, name in ipairs(NOT_ASKED) do
        parameters[name] = ""
    end
    parameters.pdy_keys_file = ""
    for label, key in pairs(ports.routingKeys) do
        parameters[keyParameter(label)] = key
    end
    local isStarted, failure = pcall(connector.init, parameters)
    if not isStarted then
        return tostring(failure)
    end
    isRunning = true
    local isWanted = connector.filter
    local reading = createReading(math.huge)
    local readBytes = 0

    -- Takes in what was written to the journal since the last time.
    local function followJournal()
        local file = io.open(journalPath, "rb")
        if file == nil then
            return
        end
        -- Made anew, and so shorter: its lines can be read again.
        local size = file:seek("end")
        if (size or 0) < readBytes then
            readBytes = 0
        end
        file:seek("set", readBytes)
        local text = file:read("*a") or ""
        file:close()
        readBytes = readBytes + #text
        for line in string.gmatch(text, "([^\n]*)\n") do
            if line ~= nil then
                readLine(reading, line)
            end
        end
    end
    followJournal()

    local function takeLog()
        local lines = logged
        logged = {}
        return lines
    end
    return {
        take = function(____bindingPattern0)
            local time
            local line
            local event
            event = ____bindingPattern0.event
            line = ____bindingPattern0.line
            time = ____bindingPattern0.time
            if time > fileTime then
                fileTime = time
                clockSetAt = os.time()
            end
            known.learn(event)
            local subject = subjectOf(event, known.cache)
            local dedupKey = subject.dedupKey
            local ____temp_2
            if dedupKey == nil then
                ____temp_2 = nil
            else
                ____temp_2 = reading.alerts[dedupKey]
            end
            local before = ____temp_2
            local isRead = isWanted(event.category, event.element)
            if isRead then
                connector.write(event)
                connector.flush()
                followJournal()
            end
            local ____temp_3
            if dedupKey == nil then
                ____temp_3 = nil
            else
                ____temp_3 = reading.alerts[dedupKey]
            end
            local alert = ____temp_3
            return {
                line = line,
                event = event,
                dedupKey = dedupKey,
                name = subject.name,
                log = takeLog(),
                alert = alert,
                isRead = isRead,
                isNews = alert ~= before
            }
        end,
        wait = function()
            connector.flush()
            followJournal()
            return takeLog()
        end,
        waiting = function()
            local count = 0
            for ____, alert in pairs(reading.alerts) do
                if alert ~= nil and nextAction(alert, NO_CHOICES) ~= nil then
                    count = count + 1
                end
            end
            return count
        end
    }
end
return exports
 end,

-- -------------------- src/commands/rules_words.ts --------------------
["src.commands.rules_words"] = function(...)
-- Rules in plain words: `when service "Load" and hours "22:00-05:00": no page`. For people; decides nothing.
local exports = {}
local plain
local ____parameters = require("src.settings.parameters")
local PARAMETERS = ____parameters.PARAMETERS

function plain(value)
    return type(value) == "number" and string.format("%d", value) or value
end

local function joined(words, last)
    local count = #words
    if count < 2 then
        return words[1] or ""
    end
    return (((table.concat(words, ", ", 1, count - 1) .. " ") .. last) .. " ") .. (words[count] or "")
end

local function quoted(value)
    if type(value) == "string" then
        return ("\"" .. value) .. "\""
    end
    return type(value) == "number" and math.floor(value) == value and string.format("%d", value) or tostring(value)
end

-- `"web-*" or "db-01"`, `pattern "^db"`, `ONCALL "dba*"`.
local function valueWords(value)
    if type(value) ~= "table" then
        return quoted(value)
    end
    local words = {}
    for ____, item in ipairs(value.items) do
        words[#words + 1] = valueWords(item)
    end
    if #words > 0 then
        return joined(words, "or")
    end
    for ____, field in ipairs(value.fields) do
        words[#words + 1] = (field.name .. " ") .. valueWords(field.value)
    end
    return joined(words, "and")
end

-- A condition, as it stands in `when`.
function exports.conditionWords(____bindingPattern0)
    local value
    local name
    name = ____bindingPattern0.name
    value = ____bindingPattern0.value
    local turned = string.match(name, "^not_(.+)$")
    local condition = turned or name
    if type(value) ~= "boolean" then
        return (((turned == nil and "" or "not ") .. condition) .. " ") .. valueWords(value)
    end
    return turned == nil == value and condition or "not " .. condition
end

-- What a rule says, beside its name and its conditions.
local function sayingWords(____bindingPattern0)
    local value
    local name
    name = ____bindingPattern0.name
    value = ____bindingPattern0.value
    if name == "name" or name == "when" or name == "zone" then
        return nil
    end
    if name == "page" then
        return value == false and "no page" or "page"
    end
    if name == "stop" then
        return value == true and "no later rule" or nil
    end
    if name == "route" then
        return "to " .. valueWords(value)
    end
    if name == "wait" then
        return "wait " .. (type(value) == "number" and quoted(value) .. " s" or tostring(value))
    end
    if name == "severity" then
        return "severity " .. tostring(value)
    end
    if type(value) ~= "table" then
        return (name .. " ") .. quoted(value)
    end
    local names = {}
    for ____, field in ipairs(value.fields) do
        names[#names + 1] = field.name
    end
    for ____, item in ipairs(value.items) do
        local ____temp_2
        if type(item) == "table" then
            local ____quoted_1 = quoted
            local ____item_items__1_0 = item.items[1]
            if ____item_items__1_0 == nil then
                ____item_items__1_0 = ""
            end
            ____temp_2 = ____quoted_1(____item_items__1_0)
        else
            ____temp_2 = quoted(item)
        end
        names[#names + 1] = ____temp_2
    end
    return (name .. " ") .. table.concat(names, ", ")
end

-- The conditions of a rule.
function exports.conditionsOf(rule)
    for ____, ____value in ipairs(rule.fields) do
        local name = ____value.name
        local value = ____value.value
        if name == "when" and type(value) == "table" then
            return value.fields
        end
    end
    return {}
end

-- A rule of the file.
function exports.ruleWords(rule)
    local conditions = {}
    for ____, field in ipairs(exports.conditionsOf(rule)) do
        conditions[#conditions + 1] = exports.conditionWords(field)
    end
    local sayings = {}
    local zone = ""
    for ____, field in ipairs(rule.fields) do
        if field.name == "zone" then
            zone = (" (" .. tostring(field.value)) .. ")"
        end
        local saying = sayingWords(field)
        if saying ~= nil then
            sayings[#sayings + 1] = saying
        end
    end
    local when = #conditions == 0 and "always" or ("when " .. joined(conditions, "and")) .. zone
    return (when .. ": ") .. table.concat(sayings, ", ")
end

-- `name = value` of a parameter; undefined where it is not set.
local function settingWords(name, settings)
    if not (PARAMETERS[name] ~= nil) then
        return nil
    end
    local value = settings[name]
    if value == "" or value == false then
        return nil
    end
    return (name .. " = ") .. (value == true and "1" or plain(value))
end

-- A rule that a parameter was translated into; undefined where the parameter is not set, and so says nothing.
function exports.parameterWords(____bindingPattern0, settings)
    local page
    local origin
    local name
    name = ____bindingPattern0.name
    origin = ____bindingPattern0.origin
    page = ____bindingPattern0.page
    -- Its text is in its name; one is said of several rules.
    if origin == "pdy_routes" then
        return name
    end
    local what = string.match(origin, "^accepted_(.*)$")
    local ____temp_3
    if what == nil then
        ____temp_3 = nil
    else
        ____temp_3 = settingWords("rejected_" .. what, settings)
    end
    local rejected = ____temp_3
    local own = settingWords(origin, settings)
    local ____temp_4
    if own == nil or rejected == nil then
        ____temp_4 = own or rejected
    else
        ____temp_4 = (own .. ", ") .. rejected
    end
    local words = ____temp_4
    return words ~= nil and page == false and words .. ": what it leaves out does not page" or words
end
return exports
 end,

-- -------------------- src/commands/rules_view.ts --------------------
["src.commands.rules_view"] = function(...)
-- The rules of an output, those of its file or of another one before the parameters', and what they would do: to the
-- problems that are held now, and to those of a recording.
local exports = {}
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____from_parameters = require("src.rules.from_parameters")
local rulesWith = ____from_parameters.rulesWith
local ____lua_table = require("src.rules.lua_table")
local readLuaTable = ____lua_table.readLuaTable
local ____rules_file = require("src.rules.rules_file")
local copyPathOf = ____rules_file.copyPathOf
local knowledgeOf = ____rules_file.knowledgeOf
local readCopy = ____rules_file.readCopy
local rulesIn = ____rules_file.rulesIn
local ____curl = require("src.commands.curl")
local createNotingCurl = ____curl.createNotingCurl
local ____event_file = require("src.commands.event_file")
local eventText = ____event_file.eventText
local readEvents = ____event_file.readEvents
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____journal_view = require("src.commands.journal_view")
local READING_ONLY = ____journal_view.READING_ONLY
local ____playback = require("src.commands.playback")
local beginPlayback = ____playback.beginPlayback
local ____rules_words = require("src.commands.rules_words")
local conditionsOf = ____rules_words.conditionsOf
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
local withTemporaryFolder = ____shell.withTemporaryFolder

-- The rules in `text`, as they are at the time that `unixTime` gives; or what is wrong with them.
local function viewOf(text, ____bindingPattern0, unixTime)
    local routingKeys
    local rules
    rules = ____bindingPattern0.rules
    routingKeys = ____bindingPattern0.routingKeys
    local knowledge = knowledgeOf(rules, routingKeys, unixTime)
    local read = rulesIn(text, knowledge)
    if read.problem ~= nil then
        return read.problem
    end
    local ofFile = {}
    local tables = readLuaTable(text)
    for index, rule in ipairs(read.rules) do
        local ____temp_0
        if type(tables) == "string" then
            ____temp_0 = nil
        else
            ____temp_0 = tables.items[index]
        end
        local ____table = ____temp_0
        if type(____table) == "table" then
            ofFile[#ofFile + 1] = {rule = rule, table = ____table}
        end
    end
    return {
        ofFile = ofFile,
        rules = rulesWith(read.rules, rules),
        knowledge = knowledge
    }
end

-- The rules of the file at `path`, none for no path; or what is wrong with it.
function exports.viewRules(path, setup, unixTime)
    if path == "" then
        return viewOf("return {}", setup, unixTime)
    end
    local text, problem = readFile(path)
    return text == nil and withRemedy(problem, "correct the path") or viewOf(text, setup, unixTime)
end

-- How many rules the last good copy of the output's file has; undefined: there is none.
function exports.countLastGood(setup)
    local ____setup_settings_1 = setup.settings
    local path = ____setup_settings_1.pdy_rules_file
    local statePath = ____setup_settings_1.state_path
    local text = readCopy(
        READING_ONLY,
        copyPathOf(statePath),
        path
    )
    local ____temp_2
    if text == nil then
        ____temp_2 = nil
    else
        ____temp_2 = viewOf(text, setup, os.time)
    end
    local view = ____temp_2
    local ____temp_3
    if view == nil or type(view) == "string" then
        ____temp_3 = nil
    else
        ____temp_3 = #view.ofFile
    end
    return ____temp_3
end

-- Which of the problems that rules hold now `rules` would free: all that is known of them is what the journal has.
function exports.wouldFree(alerts, ____bindingPattern0)
    local all
    all = ____bindingPattern0.all
    local count = 0
    local reasons = {}
    local counts = {}
    for ____, alert in ipairs(alerts) do
        local rejection = alert.rejection
        local desired = alert.desired
        local facts = alert.facts
        local ____temp_6 = desired == "held" and rejection ~= nil
        if ____temp_6 then
            local ____opt_4 = alert.verdict
            ____temp_6 = (____opt_4 and ____opt_4.isDropped) ~= true
        end
        local isHeldByRules = ____temp_6
        local ____temp_9 = isHeldByRules and facts.downtimeDepth == 0
        if ____temp_9 then
            local ____opt_7 = all.deciding(alert, "page")
            ____temp_9 = (____opt_7 and ____opt_7.page) ~= false
        end
        if ____temp_9 then
            count = count + 1
            if counts[rejection] == nil then
                reasons[#reasons + 1] = rejection
            end
            counts[rejection] = (counts[rejection] or 0) + 1
        end
    end
    table.sort(reasons)
    local words = {}
    for ____, reason in ipairs(reasons) do
        words[#words + 1] = string.format("%s (%d)", reason, counts[reason] or 0)
    end
    return {count = count, reasons = words}
end

-- What is said of that.
function exports.freedWords(____bindingPattern0)
    local reasons
    local count
    count = ____bindingPattern0.count
    reasons = ____bindingPattern0.reasons
    if count == 0 then
        return "of the problems that are held now they free none"
    end
    local problems = count == 1 and "1 problem" or string.format("%d problems", count)
    return (("they free " .. problems) .. ", to page at once. What holds now: ") .. table.concat(reasons, "; ")
end

local function looksAtMacros(rule)
    for ____, ____value in ipairs(conditionsOf(rule)) do
        local name = ____value.name
        if name == "macro" or name == "not_macro" then
            return true
        end
    end
    return false
end

-- Plays the recording at `path`, with the rules of the file at `rulesPath`. Gives why that is not possible as a text.
function exports.fittingIn(path, rulesPath, setup)
    local text, problem = eventText(path)
    if text == nil then
        return withRemedy(problem, "correct the path")
    end
    local ____readEvents_result_10 = readEvents(text)
    local events = ____readEvents_result_10.events
    local unreadable = ____readEvents_result_10.problems
    local ____opt_11 = events[1]
    local time = ____opt_11 and ____opt_11.time or 0
    local view = exports.viewRules(
        rulesPath,
        setup,
        function() return time end
    )
    if type(view) == "string" then
        return view
    end
    local parameters = {}
    for name, value in pairs(setup.output.parameters) do
        parameters[name] = value
    end
    parameters.pdy_rules_file = rulesPath
    return withTemporaryFolder(function(folder)
        local playback = beginPlayback(
            {
                connector = setup.connector,
                parameters = parameters,
                routingKeys = setup.routingKeys,
                folder = folder,
                curl = createNotingCurl(function() return nil end),
                clockRuns = false,
                complain = function() return nil end
            },
            time
        )
        if type(playback) == "string" then
            return playback
        end
        local left = {}
        for ____, rule in ipairs(view.ofFile) do
            left[#left + 1] = rule
        end
        local seen = {}
        local problems = 0
        for ____, event in ipairs(events) do
            time = math.max(time, event.time)
            local ____playback_take_result_13 = playback.take(event)
            local alert = ____playback_take_result_13.alert
            if alert ~= nil and alert.facts.state ~= STATE.ok then
                if not (seen[alert.dedupKey] ~= nil) then
                    problems = problems + 1
                end
                seen[alert.dedupKey] = true
                local others = {}
                for ____, each in ipairs(left) do
                    if not each.rule.fits(alert) then
                        others[#others + 1] = each
                    end
                end
                left = others
            end
        end
        local neverFitted = {}
        local unjudged = {}
        for ____, ____value in ipairs(left) do
            local rule = ____value.rule
            local ofRule = ____value.table
            local ____temp_14 = looksAtMacros(ofRule) and unjudged or neverFitted
            ____temp_14[#____temp_14 + 1] = rule
        end
        return {
            events = #events,
            unreadable = unreadable,
            problems = problems,
            neverFitted = neverFitted,
            unjudged = unjudged
        }
    end)
end
return exports
 end,

-- -------------------- src/commands/running.ts --------------------
["src.commands.running"] = function(...)
-- Whether a broker runs the output, and since when: somebody holds the lock of its journal. Without the right to see that,
-- any broker counts.
local exports = {}
local ____process = require("src.broker.process")
local hasOpen = ____process.hasOpen
local ____file_problem = require("src.commands.file_problem")
local isMissing = ____file_problem.isMissing
local ____shell = require("src.commands.shell")
local outputOf = ____shell.outputOf
local readFile = ____shell.readFile
local shellWord = ____shell.shellWord
local succeeds = ____shell.succeeds
-- What runs connectors, as the system names it: the broker, or the engine of a poller with an output of its own.
local BROKER = "cbd"
local ENGINE = "centengine"

-- The name of a process; empty when there is none.
local function processName(processId)
    local text = readFile(("/proc/" .. processId) .. "/comm")
    return (string.match(text or "", "^[^\n]*")) or ""
end

-- When a file was last written (Unix time).
function exports.writtenAt(path)
    return tonumber(outputOf(("stat -c %Y " .. shellWord(path)) .. " 2>/dev/null"))
end

-- Whether any broker runs on this machine.
function exports.runsAnyBroker()
    return succeeds(("grep -qx " .. BROKER) .. " /proc/[0-9]*/comm")
end

-- What is known of the broker that runs the output whose journal is at `statePath`.
function exports.runningOutput(statePath)
    local lockPath = statePath .. ".lock"
    local text, problem = readFile(lockPath)
    local owner = string.match(text or "", "^(%d+)\n$")
    if owner == nil then
        local isHidden = text ~= nil or not isMissing(problem)
        return isHidden and exports.runsAnyBroker() and ({kind = "some broker"}) or ({kind = "stopped"})
    end
    local process = processName(owner)
    local isBroker = process == BROKER or process == ENGINE
    -- Only its own user and root see which files a process has open.
    local isHidden = isBroker and not succeeds(("ls /proc/" .. owner) .. "/fd")
    if not hasOpen(owner, lockPath) and not isHidden then
        return {kind = "stopped"}
    end
    -- The lock is written when the output starts, and never again.
    return {
        kind = "runs",
        processId = owner,
        process = process,
        since = exports.writtenAt(lockPath)
    }
end

-- Whether the output whose journal is at `statePath` runs; without a lock any broker counts.
function exports.isOutputRunning(statePath)
    local exports_runningOutput_result_0 = exports.runningOutput(statePath)
    local kind = exports_runningOutput_result_0.kind
    if kind ~= "stopped" then
        return true
    end
    return isMissing(select(
        2,
        readFile(statePath .. ".lock")
    ) or "") and exports.runsAnyBroker()
end
return exports
 end,

-- -------------------- src/commands/surroundings.ts --------------------
["src.commands.surroundings"] = function(...)
-- What of the machine around the connector may be in the way, and where its files do not show it: SELinux, the engine's
-- list of allowed commands, the proxy of the environment.
local exports = {}
local ____shell = require("src.commands.shell")
local linesOf = ____shell.linesOf
local outputOf = ____shell.outputOf
local readFile = ____shell.readFile
local shellWord = ____shell.shellWord
-- 1 while SELinux is enforcing (selinux(8)).
exports.SELINUX_STATE = "/sys/fs/selinux/enforce"

-- What SELinux may have to do with it; undefined: it is not enforcing.
function exports.selinuxFinding(statePath, isOutputRunning)
    if string.sub((readFile(statePath)) or "", 1, 1) ~= "1" then
        return nil, nil
    end
    if isOutputRunning then
        return "ok", "it is enforcing, and lets the broker run the connector"
    end
    return "WARNING", "it is enforcing, and what it forbids the broker does not show here: ausearch -m avc -ts recent -c cbd tells"
end
-- Where the engine's lists of allowed commands are (Centreon Engine, 23.10 and later).
exports.WHITELIST_FOLDERS = {"/etc/centreon-engine-whitelist", "/usr/share/centreon-engine/whitelist.conf.d"}
-- What the plugin's command line begins with.
local PLUGIN = "/usr/bin/centreon-pagerduty"

-- Whether the engine would run the monitoring plugin; undefined: it runs everything, or its lists cannot be read.
function exports.whitelistFinding(folders)
    local listing
    for ____, folder in ipairs(folders) do
        for ____, path in ipairs(linesOf(outputOf(("ls -d " .. shellWord(folder)) .. "/* 2>/dev/null"))) do
            local text = readFile(path)
            if text ~= nil then
                listing = listing or path
                if (string.find(text, "centreon-pagerduty", 1, true)) ~= nil then
                    return "ok", path .. " allows the monitoring plugin"
                end
            end
        end
    end
    if listing == nil then
        return nil, nil
    end
    return "WARNING", ((("the engine runs only what " .. listing) .. " and its like allow: add ") .. PLUGIN) .. " if \"status --plugin\" is to be a service"
end

-- The variable by which the environment names a proxy, which the connector does not use; undefined: none does.
function exports.environmentProxy()
    for ____, name in ipairs({
        "https_proxy",
        "HTTPS_PROXY",
        "http_proxy",
        "all_proxy",
        "ALL_PROXY"
    }) do
        if (os.getenv(name) or "") ~= "" then
            return name
        end
    end
    return nil
end
return exports
 end,

-- -------------------- src/commands/check.ts --------------------
["src.commands.check"] = function(...)
-- `check`: whether alerts could be sent, and what is in the way. Sends nothing, and touches no file of the running
-- output. What the parameters mean is the connector's own word.
local exports = {}
local ____rules_watch = require("src.connector.rules_watch")
local MANY_FREED = ____rules_watch.MANY_FREED
local ____connection = require("src.delivery.connection")
local tryConnection = ____connection.tryConnection
local ____answer = require("src.pagerduty.answer")
local judge = ____answer.judge
local ____endpoint = require("src.settings.endpoint")
local changeServerUrl = ____endpoint.changeServerUrl
local endpointOf = ____endpoint.endpointOf
local serverUrl = ____endpoint.serverUrl
local ____parameters = require("src.settings.parameters")
local PARAMETERS = ____parameters.PARAMETERS
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
local ____version = require("src.version")
local VERSION = ____version.VERSION
local ____api_key_check = require("src.commands.api_key_check")
local checkApiKey = ____api_key_check.checkApiKey
local ____centreon_check = require("src.commands.centreon_check")
local checkCentreon = ____centreon_check.checkCentreon
local ____curl = require("src.commands.curl")
local loadCurl = ____curl.loadCurl
local ____journal_view = require("src.commands.journal_view")
local viewJournal = ____journal_view.viewJournal
local ____known = require("src.commands.known")
local createKnown = ____known.createKnown
local ____names_known = require("src.commands.names_known")
local namesKnown = ____names_known.namesKnown
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____rights = require("src.commands.rights")
local rightsOf = ____rights.rightsOf
local whoElseReads = ____rights.whoElseReads
local whyEverybodyWrites = ____rights.whyEverybodyWrites
local ____rules_view = require("src.commands.rules_view")
local freedWords = ____rules_view.freedWords
local viewRules = ____rules_view.viewRules
local wouldFree = ____rules_view.wouldFree
local ____running = require("src.commands.running")
local runningOutput = ____running.runningOutput
local runsAnyBroker = ____running.runsAnyBroker
local writtenAt = ____running.writtenAt
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
local withTemporaryFolder = ____shell.withTemporaryFolder
local ____stand_in = require("src.commands.stand_in")
local loadConnector = ____stand_in.loadConnector
local parametersBeside = ____stand_in.parametersBeside
local ____surroundings = require("src.commands.surroundings")
local SELINUX_STATE = ____surroundings.SELINUX_STATE
local WHITELIST_FOLDERS = ____surroundings.WHITELIST_FOLDERS
local environmentProxy = ____surroundings.environmentProxy
local selinuxFinding = ____surroundings.selinuxFinding
local whitelistFinding = ____surroundings.whitelistFinding
-- As whom the broker runs on a Centreon server.
local BROKER_USER = "centreon-broker"
exports.CHECK = {
    command = "check",
    purpose = "Looks at the output's parameters, its files, the way to PagerDuty and to Centreon's API. Sends nothing.",
    operands = {},
    options = withOutputOptions({{name = "--user", value = "NAME", meaning = ("as whom the broker runs (" .. BROKER_USER) .. ")"}, {name = "--offline", meaning = "do not connect to PagerDuty, nor to Centreon"}})
}

-- The categories in which the broker sends what the connector reads.
local function checkCategories(____bindingPattern0, report)
    local categories
    categories = ____bindingPattern0.categories
    if categories == nil then
        return
    end
    local hasProblems = false
    for ____, category in ipairs(categories) do
        hasProblems = hasProblems or category == "neb"
    end
    local listed = table.concat(categories, ", ")
    if hasProblems then
        report.find("ok", "categories", listed)
    else
        report.find("FAILED", "categories", ("the output gets " .. listed) .. " only: set its \"Filter category\" to Neb (and Bam for business activities), and export")
    end
end

-- The commands read the connector's files: both must be of one release.
local function checkVersion(path, report)
    local version = string.match((readFile(path)) or "", "^%-%- centreon%-pagerduty ([^ :]+):")
    if version == VERSION then
        report.find("ok", "connector", path)
        return
    end
    local what = version == nil and "does not tell its version" or "is version " .. version
    report.find("WARNING", "connector", ((((path .. " ") .. what) .. ", and this program is version ") .. VERSION) .. ": install both from one release")
end

-- The parameters on which the broker itself ends, before it has started any output.
local function checkNumbers(____bindingPattern0, report)
    local fatalNumbers
    fatalNumbers = ____bindingPattern0.fatalNumbers
    local known = PARAMETERS
    for ____, ____value in ipairs(fatalNumbers) do
        local name = ____value.name
        local text = ____value.text
        local definition = known[name]
        -- A key may have been given the wrong type.
        local isHarmless = definition ~= nil and definition.kind ~= "secret" and definition.isSecret ~= true
        local value = isHarmless and (" \"" .. text) .. "\"" or ""
        report.find("FAILED", "parameters", (("parameter " .. name) .. value) .. " is of type Number, and cbd ENDS on it at its start: give it a whole number up to 2147483647, or the type String, and export")
    end
end

-- Lets the connector itself read the parameters, in a folder of its own, and takes over its complaints.
local function checkParameters(setup, report)
    local ____setup_0 = setup
    local path = ____setup_0.connector
    local output = ____setup_0.output
    local complaints = ____setup_0.complaints
    local told = {}

    local function tell(isError, text)
        if told[text] ~= nil then
            return
        end
        told[text] = true
        report.find(isError and "FAILED" or "WARNING", "parameters", text)
    end
    local isUsable = true
    withTemporaryFolder(function(folder)
        local connector = loadConnector(
            path,
            {
                cache = createKnown().cache,
                log = function(____bindingPattern0)
                    local text
                    local kind
                    kind = ____bindingPattern0.kind
                    text = ____bindingPattern0.text
                    if kind == "error" or kind == "warning" then
                        tell(kind == "error", text)
                    end
                end
            }
        )
        if type(connector) == "string" then
            isUsable = false
            report.find("FAILED", "connector", connector .. ": install it again")
            return
        end
        checkVersion(path, report)
        local isStarted, problem = pcall(
            connector.init,
            parametersBeside(output.parameters, folder)
        )
        if not isStarted and (next(told)) == nil then
            tell(
                true,
                tostring(problem)
            )
        end
    end)
    -- The copy has a log level and files of its own: it does not complain of the output's.
    for ____, ____value in ipairs(complaints) do
        local isError = ____value.isError
        local text = ____value.text
        tell(isError, text)
    end
    if isUsable and (next(told)) == nil then
        report.find("ok", "parameters", "the connector takes them all")
    end
end

-- A file the broker's user must be able to write.
local function checkWritable(what, path, whyNot, report)
    if path == "" then
        return
    end
    local problem = whyNot(path)
    if problem == nil then
        report.find("ok", what, path)
    else
        report.find("FAILED", what, (((path .. ": ") .. problem) .. ", or set ") .. what)
    end
end

local function checkFiles(settings, user, report)
    local rights = rightsOf(user)
    if rights.user ~= user then
        report.find("WARNING", "rights", ((((("what follows was asked as " .. rights.user) .. ", not as ") .. user) .. ": run this as root where ") .. user) .. " exists, or name the broker's user with --user")
    end
    checkWritable("state_path", settings.state_path, rights.whyNotReplaceable, report)
    checkWritable("quarantine_path", settings.quarantine_path, rights.whyNotWritable, report)
    checkWritable("status_path", settings.status_path, rights.whyNotReplaceable, report)
    checkWritable("log_path", settings.log_path, rights.whyNotWritable, report)
    checkWritable("record_path", settings.record_path, rights.whyNotWritable, report)
    for ____, name in ipairs({
        "http_ca_file",
        "http_ca_path",
        "http_client_certificate",
        "http_client_key",
        "custom_code_file",
        "pdy_keys_file",
        "pdy_rules_file"
    }) do
        local path = settings[name]
        local ____temp_1
        if path == "" then
            ____temp_1 = nil
        else
            ____temp_1 = rights.whyNotReadable(path)
        end
        local problem = ____temp_1
        if problem ~= nil then
            report.find("FAILED", name, (path .. ": ") .. problem)
        end
    end
    local keysFile = settings.pdy_keys_file
    local ____temp_2
    if keysFile == "" then
        ____temp_2 = nil
    else
        ____temp_2 = whoElseReads(keysFile, user)
    end
    local exposure = ____temp_2
    if exposure ~= nil then
        report.find("WARNING", "pdy_keys_file", (keysFile .. ": ") .. exposure)
    end
end

-- The rules of the file: what is wrong with them, the connector itself has said by now.
local function checkRules(setup, report)
    local ____setup_settings_3 = setup.settings
    local path = ____setup_settings_3.pdy_rules_file
    local statePath = ____setup_settings_3.state_path
    if path == "" then
        return
    end
    local exposure = whyEverybodyWrites(path)
    if exposure ~= nil then
        report.find("WARNING", "pdy_rules_file", (path .. ": ") .. exposure)
    end
    local view = viewRules(path, setup, os.time)
    if type(view) == "string" then
        return
    end
    local ____viewJournal_result_4 = viewJournal(statePath)
    local alerts = ____viewJournal_result_4.alerts
    local problem = ____viewJournal_result_4.problem
    local freed = wouldFree(alerts, view.rules)
    local held = problem == nil and "; " .. freedWords(freed) or ""
    local finding = freed.count > MANY_FREED and "WARNING" or "ok"
    report.find(
        finding,
        "pdy_rules_file",
        ((counted(#view.ofFile, "rule") .. " in ") .. path) .. held
    )
end

-- Two outputs that write one file destroy each other's: the connector refuses a journal that is in use.
local function checkSharing(____bindingPattern0, report)
    local settings
    local others
    local output
    output = ____bindingPattern0.output
    others = ____bindingPattern0.others
    settings = ____bindingPattern0.settings
    for ____, name in ipairs({"state_path", "quarantine_path", "status_path"}) do
        for ____, other in ipairs(others) do
            local theirs = other.parameters[name] or PARAMETERS[name].fallback
            if theirs ~= "" and theirs == settings[name] then
                report.find("FAILED", name, ((((theirs .. " is that of the output \"") .. other.name) .. "\", too: give \"") .. output.name) .. "\" one of its own")
            end
        end
    end
end

-- Whether a broker runs the output, since when, and whether with what was exported.
local function checkRunning(____bindingPattern0, report)
    local settings
    local output
    output = ____bindingPattern0.output
    settings = ____bindingPattern0.settings
    local running = runningOutput(settings.state_path)
    if running.kind == "runs" then
        local process = running.process
        local processId = running.processId
        local since = running.since
        local exported = writtenAt(output.file) or 0
        local when = since == nil and "" or " since " .. tostring(utcTimestamp(since))
        local later = since ~= nil and exported > since and ("; the configuration was exported after that, at " .. tostring(utcTimestamp(exported))) .. ": what it changed holds after a restart of cbd" or ""
        report.find("ok", "broker", ((((process .. " (process ") .. processId) .. ") runs the output") .. when) .. later)
        return true
    end
    local restart = "restart cbd (on a poller centengine) after the export"
    local text = "a broker runs; whether with this output only root sees: run this as root"
    if running.kind == "stopped" then
        text = "no broker runs this output: " .. restart
        -- It keeps no journal, and so no lock.
        if settings.send_data_test then
            text = "whether a broker runs this output does not show while send_data_test is 1"
        elseif runsAnyBroker() then
            text = ("cbd runs, but not this output: " .. restart) .. ", and look into its log"
        end
    end
    report.find("WARNING", "broker", text)
    return false
end

-- What the machine's own files tell.
local function checkSurroundings(setup, report)
    local isRunning = checkRunning(setup, report)
    local ____setup_5 = setup
    local output = ____setup_5.output
    local settings = ____setup_5.settings
    local ____viewJournal_result_6 = viewJournal(settings.state_path)
    local alerts = ____viewJournal_result_6.alerts
    local finding, text = namesKnown({alerts = alerts, recordPath = settings.record_path, cachePath = output.namesCache})
    report.find(finding, "names", text)
    local selinux, selinuxText = selinuxFinding(SELINUX_STATE, isRunning)
    if selinux ~= nil then
        report.find(selinux, "SELinux", selinuxText)
    end
    local whitelist, whitelistText = whitelistFinding(WHITELIST_FOLDERS)
    if whitelist ~= nil then
        report.find(whitelist, "whitelist", whitelistText)
    end
end

-- Connects as the connector would, and sends nothing.
local function checkConnection(settings, report)
    local curl = loadCurl()
    if type(curl) == "string" then
        report.find("FAILED", "lua-curl", curl)
        return
    end
    local endpoint = endpointOf(settings)
    if changeServerUrl(settings) == nil then
        report.find("WARNING", "http_server_url", endpoint.url .. " does not end in /enqueue, as PagerDuty's address does: right only for a gateway of your own (fire proves it); change events have no way there")
    end
    local outcome = tryConnection(curl, endpoint)
    local through = endpoint.proxy.url == "" and "" or " through the proxy"
    if outcome.kind == "connected" then
        report.find(
            "ok",
            "connection",
            string.format(
                "%s: %s answers%s after %.2f s",
                endpoint.url,
                outcome.address,
                through,
                outcome.seconds
            )
        )
        return
    end
    local verdict = judge(outcome)
    local reason = verdict.reason ~= nil and verdict.reason or outcome.reason
    local remedy = verdict.kind == "misconfigured" and verdict.remedy or "check the name resolution, the firewall and the proxy between this machine and PagerDuty"
    local ____temp_7
    if endpoint.proxy.url == "" then
        ____temp_7 = environmentProxy()
    else
        ____temp_7 = nil
    end
    local variable = ____temp_7
    local unused = variable == nil and "" or ("; " .. variable) .. " of the environment is not used: set http_proxy_string"
    report.find("FAILED", "connection", ((((endpoint.url .. ": ") .. reason) .. ": ") .. remedy) .. unused)
end

function exports.check(given, report)
    local setup = openOutput(given, report)
    if type(setup) == "number" then
        return setup
    end
    local output = setup.output
    local settings = setup.settings
    report.find("ok", "configuration", (("output \"" .. output.name) .. "\" in ") .. output.file)
    local user = given.value("--user") or BROKER_USER
    local unreadable = rightsOf(user).whyNotReadable(output.path)
    if unreadable ~= nil then
        report.find("FAILED", "connector", (("the output's path " .. output.path) .. " cannot be read: ") .. unreadable)
    end
    checkCategories(output, report)
    checkNumbers(output, report)
    checkParameters(setup, report)
    checkFiles(settings, user, report)
    checkRules(setup, report)
    checkSharing(setup, report)
    checkSurroundings(setup, report)
    if not given.has("--offline") then
        checkConnection(settings, report)
        checkApiKey(setup, report)
        checkCentreon(setup, report)
    end
    local problems = report.count("FAILED")
    local warnings = report.count("WARNING")
    local beside = warnings == 0 and "" or ", " .. counted(warnings, "warning")
    if problems > 0 then
        report.print((((("FAILED: " .. counted(problems, "problem")) .. " in the way of alerts from \"") .. output.name) .. "\"") .. beside)
        return EXIT.problem
    end
    report.print(((("ok: \"" .. output.name) .. "\" can send alerts to ") .. serverUrl(settings)) .. beside)
    return EXIT.good
end
return exports
 end,

-- -------------------- src/commands/sender.ts --------------------
["src.commands.sender"] = function(...)
-- Posts single events to PagerDuty for commands, and waits for what each answer means. What is sent is theirs to say.
local exports = {}
local ____transport = require("src.delivery.transport")
local createTransport = ____transport.createTransport
local ____answer = require("src.pagerduty.answer")
local judge = ____answer.judge
local ____endpoint = require("src.settings.endpoint")
local endpointOf = ____endpoint.endpointOf
local ____json = require("src.text.json")
local encode = ____json.encode
-- Longest single wait for the network, in milliseconds.
local WAIT_STEP = 50

-- `url`: where to, if not where the output's alerts go.
function exports.createSender(curl, ____bindingPattern0, url)
    local settings
    settings = ____bindingPattern0.settings
    local transport = createTransport(
        curl,
        endpointOf(settings, url)
    )

    local function post(body)
        transport.start(nil, body)
        while true do
            local finished = transport.poll()[1]
            if finished ~= nil then
                return finished.outcome
            end
            transport.wait(WAIT_STEP)
        end
    end
    return {
        post = post,
        send = function(body) return judge(post(body)) end
    }
end

-- The resolve of the alert with this dedup key, by this routing key.
function exports.resolveBody(routingKey, sentKey)
    return encode({fields = {{"routing_key", routingKey}, {"event_action", "resolve"}, {"dedup_key", sentKey}}})
end
return exports
 end,

-- -------------------- src/commands/smoke.ts --------------------
["src.commands.smoke"] = function(...)
-- `smoke`: sends a change event with each routing key. PagerDuty shows it among the service's changes and tells nobody:
-- it proves key, proxy and TLS.
local exports = {}
local ____answer = require("src.pagerduty.answer")
local judge = ____answer.judge
local ____event = require("src.pagerduty.event")
local takesChangeEvents = ____event.takesChangeEvents
local ____endpoint = require("src.settings.endpoint")
local changeServerUrl = ____endpoint.changeServerUrl
local serverUrl = ____endpoint.serverUrl
local ____json = require("src.text.json")
local encode = ____json.encode
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
local ____curl = require("src.commands.curl")
local loadCurl = ____curl.loadCurl
local ____output = require("src.commands.output")
local noSuchRoute = ____output.noSuchRoute
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local NOT_RETRIED = ____report.NOT_RETRIED
local counted = ____report.counted
local tellDataTest = ____report.tellDataTest
local ____sender = require("src.commands.sender")
local createSender = ____sender.createSender
local ____shell = require("src.commands.shell")
local machineName = ____shell.machineName
exports.SMOKE = {
    command = "smoke",
    purpose = "Sends a change event with each routing key: proves key, proxy and TLS, and wakes nobody.",
    operands = {},
    options = withOutputOptions({{name = "--route", value = "NAME", meaning = "only with this key: default, or a name of pdy_routes"}})
}

local function changeEvent(routingKey, output)
    local host = machineName()
    local detail = {fields = {{"output", output}}}
    return encode({fields = {
        {"routing_key", routingKey},
        {
            "payload",
            {fields = {
                {"summary", ("TEST of the connection from Centreon on " .. host) .. ": nothing has changed"},
                {"source", host},
                {
                    "timestamp",
                    utcTimestamp(os.time())
                },
                {"custom_details", detail}
            }}
        }
    }})
end

-- What to do when a change event was not accepted.
local function remedyFor(verdict, outcome)
    if verdict.kind == "misconfigured" then
        return verdict.remedy
    end
    if verdict.kind == "refused" then
        return "it is the event that it does not take: please report this"
    end
    if outcome.kind == "answered" then
        return "not sent, nothing will be retried: try again later"
    end
    return ((outcome.mayHaveArrived and "not confirmed" or "not sent") .. ", ") .. NOT_RETRIED
end

-- Tries one key.
local function tryKey(curl, setup, url, label, key, report)
    if not takesChangeEvents(key) then
        report.find("FAILED", label, ((("its key is one of an event orchestration (it begins with R), and such a key takes no change events: try it with fire --route '" .. label) .. "', and then clear --route '") .. label) .. "'")
        return
    end
    local outcome = createSender(curl, setup, url).post(changeEvent(key, setup.output.name))
    local verdict = judge(outcome)
    if verdict.kind == "accepted" then
        report.find("ok", label, "PagerDuty accepted a change event with this key")
    else
        report.find(
            "FAILED",
            label,
            (verdict.reason .. ": ") .. remedyFor(verdict, outcome)
        )
    end
end

function exports.smoke(given, report)
    local setup = openOutput(given, report)
    if type(setup) == "number" then
        return setup
    end
    local settings = setup.settings
    local routingKeys = setup.routingKeys
    local curl = loadCurl()
    local url = changeServerUrl(settings)

    local function fail(problem, code)
        if code == nil then
            code = EXIT.problem
        end
        report.print("FAILED smoke: " .. problem)
        return code
    end
    if type(curl) == "string" then
        return fail(curl)
    end
    if not setup.canSend then
        return fail("there is no usable pdy_routing_key: \"check\" tells more")
    end
    if url == nil then
        return fail(serverUrl(settings) .. " does not end in /enqueue, as PagerDuty's does: check http_server_url; where that takes change events is not known")
    end
    local wanted = given.value("--route")
    local labels = {}
    for label in pairs(routingKeys) do
        if wanted == nil or label == wanted then
            labels[#labels + 1] = label
        end
    end
    if #labels == 0 then
        return fail(
            noSuchRoute(wanted or ""),
            EXIT.usage
        )
    end
    table.sort(labels)
    tellDataTest(settings.send_data_test, report)
    for ____, label in ipairs(labels) do
        tryKey(
            curl,
            setup,
            url,
            label,
            routingKeys[label] or "",
            report
        )
    end
    local failures = report.count("FAILED")
    if failures > 0 then
        report.print((((("FAILED smoke: " .. counted(failures, "key")) .. " of ") .. counted(#labels, "key")) .. " not proven at ") .. url)
        return EXIT.problem
    end
    report.print((("ok: " .. url) .. " takes events with ") .. counted(#labels, "routing key"))
    return EXIT.good
end
return exports
 end,

-- -------------------- src/commands/test_alert.ts --------------------
["src.commands.test_alert"] = function(...)
-- `fire` and `clear`: open a test alert and close it again, by the connector's own delivery. It is a copy of the
-- connector with a journal of its own: the running output is not touched, and does not know of the alert.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local ____known = require("src.commands.known")
local createKnown = ____known.createKnown
local ____journal_view = require("src.commands.journal_view")
local viewJournal = ____journal_view.viewJournal
local ____output = require("src.commands.output")
local noSuchRoute = ____output.noSuchRoute
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local NOT_RETRIED = ____report.NOT_RETRIED
local tellDataTest = ____report.tellDataTest
local ____shell = require("src.commands.shell")
local withTemporaryFolder = ____shell.withTemporaryFolder
local ____stand_in = require("src.commands.stand_in")
local beginJournal = ____stand_in.beginJournal
local loadConnector = ____stand_in.loadConnector
local parametersBeside = ____stand_in.parametersBeside
local ROUTE_OPTION = {name = "--route", value = "NAME", meaning = "with this routing key: a name of pdy_routes (default)"}
local SEVERITIES = {"critical", "error", "warning", "info"}
exports.FIRE = {
    command = "fire",
    purpose = "Opens a test alert, which pages like a real one. Close it with clear.",
    operands = {},
    options = withOutputOptions({ROUTE_OPTION, {name = "--severity", value = "NAME", meaning = "critical (default), error, warning or info"}})
}
exports.CLEAR = {
    command = "clear",
    purpose = "Closes the test alert that fire has opened.",
    operands = {},
    options = withOutputOptions({ROUTE_OPTION})
}
-- Ids that no host and service of Centreon have: the largest ones the broker knows.
local HOST_ID = 2147483647
local SERVICE_ID = 2147483647
-- Begins the alert's summary.
local HOST_NAME = "TEST of Centreon's alerts"
local SERVICE_NAME = "no action needed"
local ALERT_NAME = ((("test alert \"" .. HOST_NAME) .. "/") .. SERVICE_NAME) .. "\""
-- The test is sent whatever the administrator's filters, routes and buffers say of real alerts.
local LEFT_OUT = {
    "^accepted_",
    "^rejected_",
    "^pdy_routes$",
    "^pdy_routing_key_",
    "^pdy_keys_file$",
    "^pdy_fallback_routing_key$",
    "^pdy_change_events$",
    "^pdy_summary_format$",
    "^custom_code_file$",
    "^pdy_rules_file$",
    "^respect_notification_settings$",
    "^send_data_test$",
    "^max_buffer_",
    "^hard_only$",
    "^host_status$",
    "^service_status$",
    "_severity_threshold$",
    "^severity_"
}

local function isLeftOut(name)
    for ____, pattern in ipairs(LEFT_OUT) do
        if (string.find(name, pattern)) ~= nil then
            return true
        end
    end
    return false
end
local STATE = {ok = 0, critical = 2}

local function statusEvent(state, output)
    local now = os.time()
    local event = {
        _type = 65565,
        category = 1,
        element = 29,
        host_id = HOST_ID,
        service_id = SERVICE_ID,
        state = state,
        state_type = 1,
        last_hard_state = state,
        last_hard_state_change = now,
        last_check = now,
        last_time_ok = state == STATE.ok and now or 0,
        acknowledgement_type = 0,
        scheduled_downtime_depth = 0,
        flapping = false,
        check_attempt = 1,
        output = output,
        long_output = "",
        perfdata = ""
    }
    return event
end

local function definitionEvents()
    local host = {
        _type = 65566,
        category = 1,
        element = 30,
        host_id = HOST_ID,
        name = HOST_NAME,
        enabled = true
    }
    local service = {
        _type = 65563,
        category = 1,
        element = 27,
        host_id = HOST_ID,
        service_id = SERVICE_ID,
        description = SERVICE_NAME,
        enabled = true
    }
    return {host, service}
end

-- Parameters for a connector that sends with one routing key, and everything.
local function parametersOf(setup, folder, key, severity)
    local all = parametersBeside(setup.output.parameters, folder)
    local own = {}
    for name, value in pairs(all) do
        if not isLeftOut(name) then
            own[name] = value
        end
    end
    own.pdy_routing_key = key
    own.severity_service_critical = severity
    -- The test's host is not checked: there is nothing to wait for.
    own.pdy_host_grace = 0
    return own
end
-- The connector's words for what did not work, and why without what it would do next: here it ends.
local FAILURES = {"was not accepted: (.*); the next try is in", "^no event gets through: (.*)%. No alert is lost", "^(PagerDuty refused the .* for good: .*)$"}

-- What a log line tells of the outcome; undefined: nothing yet.
local function outcomeIn(____bindingPattern0)
    local text
    local kind
    kind = ____bindingPattern0.kind
    text = ____bindingPattern0.text
    if (string.find(text, "PagerDuty accepted the", 1, true)) ~= nil then
        return {kind = "accepted"}
    end
    for ____, pattern in ipairs(FAILURES) do
        local reason = string.match(text, pattern)
        if reason ~= nil then
            return {kind = "failed", reason = reason}
        end
    end
    return kind == "error" and ({kind = "failed", reason = text}) or nil
end

-- The outcome, with what the journal knows of it: a request that failed may have arrived all the same.
local function settled(outcome, journalPath)
    if outcome == nil then
        return {kind = "unknown", reason = "no answer came within the time limit"}
    end
    local alert = viewJournal(journalPath).alerts[1]
    -- What was refused counts as perhaps open, too: a person may send it from the quarantine.
    local isUnknown = (alert and alert.isCertain) == false and alert.refusedSeverity == nil
    return outcome.kind == "failed" and isUnknown and ({kind = "unknown", reason = outcome.reason}) or outcome
end

-- Has the connector send what the test's event calls for, and tells how that ended.
local function deliver(setup, ____bindingPattern0, report)
    local severity
    local key
    local closes
    local event
    event = ____bindingPattern0.event
    closes = ____bindingPattern0.closes
    key = ____bindingPattern0.key
    severity = ____bindingPattern0.severity
    return withTemporaryFolder(function(folder)
        if not closes then
            beginJournal(folder)
        end
        local known = createKnown()
        for ____, definition in ipairs(definitionEvents()) do
            known.learn(definition)
        end
        local outcome
        local complaint
        local isRunning = false
        local connector = loadConnector(
            setup.connector,
            {
                cache = known.cache,
                log = function(line)
                    -- Complaints about parameters are check's to tell, unless there is no start because of them.
                    if not isRunning then
                        if line.kind == "error" then
                            complaint = complaint or line.text
                        end
                        return
                    end
                    outcome = outcomeIn(line) or outcome
                    if line.kind == "warning" and outcome == nil then
                        report.add("warning: " .. line.text)
                    end
                end
            }
        )
        if type(connector) == "string" then
            return {kind = "failed", reason = connector}
        end
        local parameters = parametersOf(setup, folder, key, severity)
        local isStarted, problem = pcall(connector.init, parameters)
        if not isStarted then
            return {
                kind = "failed",
                reason = complaint or tostring(problem)
            }
        end
        isRunning = true
        for ____, definition in ipairs(definitionEvents()) do
            connector.write(definition)
        end
        connector.write(event)
        local ____end = os.time() + setup.settings.http_timeout + 2
        repeat
            do
                connector.flush()
            end
        until not (outcome == nil and os.time() <= ____end)
        return settled(outcome, folder .. "/state_path")
    end)
end

local function run(given, report, command)
    local setup = openOutput(given, report)
    if type(setup) == "number" then
        return setup
    end
    local route = given.value("--route") or DEFAULT_ROUTE
    local severity = given.value("--severity") or "critical"
    local key = setup.routingKeys[route]

    local function fail(problem, code)
        report.print((("FAILED " .. command) .. ": ") .. problem)
        return code
    end
    local isSeverity = false
    for ____, word in ipairs(SEVERITIES) do
        isSeverity = isSeverity or word == severity
    end
    if not isSeverity then
        return fail(
            "--severity is one of " .. table.concat(SEVERITIES, ", "),
            EXIT.usage
        )
    end
    if key == nil then
        return fail(
            noSuchRoute(route),
            EXIT.usage
        )
    end
    if not setup.canSend then
        return fail("there is no usable pdy_routing_key: \"check\" tells more", EXIT.problem)
    end
    local closes = command == "clear"
    local event = closes and statusEvent(STATE.ok, "The test is over.") or statusEvent(STATE.critical, "This is a test of the way from Centreon to PagerDuty.")
    tellDataTest(setup.settings.send_data_test, report)
    local outcome = deliver(setup, {event = event, closes = closes, key = key, severity = severity}, report)
    if outcome.kind == "unknown" then
        return fail(((((("the " .. (closes and "end of the " or "")) .. ALERT_NAME) .. " is not confirmed: ") .. outcome.reason) .. "; ") .. NOT_RETRIED, EXIT.problem)
    end
    if outcome.kind == "failed" then
        return fail((((("the " .. ALERT_NAME) .. " was not sent: ") .. outcome.reason) .. "; ") .. NOT_RETRIED, EXIT.problem)
    end
    report.print(closes and ((("ok: the " .. ALERT_NAME) .. " is closed at PagerDuty (") .. route) .. ")" or ((("ok: the " .. ALERT_NAME) .. " is open at PagerDuty (") .. route) .. "): close it with clear")
    return EXIT.good
end

function exports.fire(given, report)
    return run(given, report, "fire")
end

function exports.clear(given, report)
    return run(given, report, "clear")
end
return exports
 end,

-- -------------------- src/commands/event_words.ts --------------------
["src.commands.event_words"] = function(...)
-- What an event says, in a few words: `CRITICAL, hard, in a downtime`. For people; nothing is decided by it.
local exports = {}
local ____events = require("src.broker.events")
local EVENT_TYPE = ____events.EVENT_TYPE
local SERVICE_STATES = {
    [0] = "OK",
    [1] = "WARNING",
    [2] = "CRITICAL",
    [3] = "UNKNOWN",
    [4] = "PENDING"
}
local HOST_STATES = {[0] = "UP", [1] = "DOWN", [2] = "UNREACHABLE", [4] = "PENDING"}

local function stateName(names, state)
    local number = state or 0
    return names[number] or string.format("state %d", number)
end

local function statusWords(event, names)
    local words = {
        stateName(names, event.state),
        event.state_type == 1 and "hard" or "soft"
    }
    local acknowledgement = event.acknowledgement_type
    if event.acknowledged == true or (acknowledgement or 0) > 0 then
        words[#words + 1] = "acknowledged"
    end
    if (event.scheduled_downtime_depth or 0) > 0 then
        words[#words + 1] = "in a downtime"
    end
    if event.flapping == true then
        words[#words + 1] = "flapping"
    end
    return table.concat(words, ", ")
end

local function adaptiveWords(event)
    local acknowledgement = event.acknowledgement_type
    local depth = event.scheduled_downtime_depth
    local words = {}
    if acknowledgement ~= nil then
        words[#words + 1] = acknowledgement > 0 and "now acknowledged" or "no longer acknowledged"
    end
    if depth ~= nil then
        words[#words + 1] = depth > 0 and "now in a downtime" or "no longer in a downtime"
    end
    return #words == 0 and "changed" or table.concat(words, ", ")
end

local function serviceWords(event)
    return statusWords(event, SERVICE_STATES)
end

local function hostWords(event)
    return statusWords(event, HOST_STATES)
end

local function acknowledgementWords(event)
    return (("acknowledged by " .. tostring(event.author)) .. ": ") .. tostring(event.comment_data)
end

local function downtimeWords(event)
    return (("downtime of " .. tostring(event.author)) .. ": ") .. tostring(event.comment_data)
end

local function businessActivityWords(event)
    return stateName(SERVICE_STATES, event.state) .. (event.in_downtime == true and ", in a downtime" or "")
end

local function pollerWords(event)
    return event.responsive == true and "heard of again" or "silent"
end
local WORDS = {
    [EVENT_TYPE.serviceStatus2] = serviceWords,
    [EVENT_TYPE.serviceStatus3] = serviceWords,
    [EVENT_TYPE.hostStatus2] = hostWords,
    [EVENT_TYPE.hostStatus3] = hostWords,
    [EVENT_TYPE.adaptiveServiceStatus3] = adaptiveWords,
    [EVENT_TYPE.adaptiveHostStatus3] = adaptiveWords,
    [EVENT_TYPE.acknowledgement2] = acknowledgementWords,
    [EVENT_TYPE.acknowledgement3] = acknowledgementWords,
    [EVENT_TYPE.downtime2] = downtimeWords,
    [EVENT_TYPE.downtime3] = downtimeWords,
    [EVENT_TYPE.baStatus2] = businessActivityWords,
    [EVENT_TYPE.baStatus3] = businessActivityWords,
    [EVENT_TYPE.responsiveInstance2] = pollerWords,
    [EVENT_TYPE.responsiveInstance3] = pollerWords
}

-- What `event` says; empty for an event that says nothing of a problem.
function exports.wordsOf(event)
    local words = WORDS[event._type]
    return words == nil and "" or words(event)
end
-- Events that tell of a state.
local STATES = {
    [EVENT_TYPE.serviceStatus2] = true,
    [EVENT_TYPE.serviceStatus3] = true,
    [EVENT_TYPE.hostStatus2] = true,
    [EVENT_TYPE.hostStatus3] = true,
    [EVENT_TYPE.baStatus2] = true,
    [EVENT_TYPE.baStatus3] = true
}

-- Whether `event` tells that something is not well.
function exports.isProblem(event)
    local ____event_0 = event
    local state = ____event_0.state
    local responsive = ____event_0.responsive
    return responsive == false or STATES[event._type] == true and (state or 0) > 0
end
return exports
 end,

-- -------------------- src/commands/explain.ts --------------------
["src.commands.explain"] = function(...)
-- `explain`: what the connector would send for a file of events, to which team, and why or why not. The connector itself
-- decides; its lua-curl only notes what it is given. Nothing is sent.
local exports = {}
local becauseOf
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____json = require("src.text.json")
local decode = ____json.decode
local ____curl = require("src.commands.curl")
local createNotingCurl = ____curl.createNotingCurl
local ____event_file = require("src.commands.event_file")
local eventText = ____event_file.eventText
local readEvents = ____event_file.readEvents
local ____event_words = require("src.commands.event_words")
local isProblem = ____event_words.isProblem
local wordsOf = ____event_words.wordsOf
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____playback = require("src.commands.playback")
local beginPlayback = ____playback.beginPlayback
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____shell = require("src.commands.shell")
local withTemporaryFolder = ____shell.withTemporaryFolder

function becauseOf(____bindingPattern0)
    local rejection
    rejection = ____bindingPattern0.rejection
    return rejection == nil and "" or ": " .. rejection
end
exports.EXPLAIN = {
    command = "explain",
    purpose = "Tells what would be sent for a file of events, to which team, and why or why not. Sends nothing.",
    operands = {"EVENTS"},
    options = withOutputOptions({{name = "--all", meaning = "tell of every event, also of those that change nothing"}, {name = "--bodies", meaning = "show what would be sent in full"}})
}
-- What stands in a shown body for the routing key.
local HIDDEN_KEY = "***"

local function textOf(value)
    return type(value) == "string" and value or ""
end

local function sentOf(body, labels)
    local result = decode(body)
    local fields = result.ok and type(result.value) == "table" and result.value or ({})
    local payload = type(fields.payload) == "table" and fields.payload or ({})
    local key = textOf(fields.routing_key)
    -- A change event has none.
    local action = fields.event_action == nil and "change" or textOf(fields.event_action)
    local route = labels[key] or "?"
    local first, last = string.find(body, key, 1, true)
    local shown = (first == nil or last == nil) and body or (string.sub(body, 1, first - 1) .. HIDDEN_KEY) .. string.sub(body, last + 1)
    local severity = textOf(payload.severity)
    local what = severity == "" and action or ((action .. " (") .. severity) .. ")"
    local summary = textOf(payload.summary)
    local subject = fields.dedup_key == nil and "" or " of " .. textOf(fields.dedup_key)
    local words = (((what .. subject) .. " to ") .. route) .. (summary == "" and "" or ": " .. summary)
    return {action = action, route = route, words = words, body = shown}
end

-- Why nothing was sent for an event of which the connector's log says nothing.
local function whyNot(____bindingPattern0)
    local isNews
    local isRead
    local event
    local alert
    alert = ____bindingPattern0.alert
    event = ____bindingPattern0.event
    isRead = ____bindingPattern0.isRead
    isNews = ____bindingPattern0.isNews
    if not isRead then
        return "the connector does not read such events"
    end
    if alert == nil then
        if not isProblem(event) then
            return "all is well, and no alert is open"
        end
        local isSoft = event.state_type == 0
        return isSoft and "a SOFT state: it waits for the HARD one" or "the connector does not alert for it"
    end
    if alert.desired == "held" then
        return "held: no alert is opened or closed now" .. becauseOf(alert)
    end
    if alert.desired == "acknowledged" then
        return isOpen(alert) and "its alert is acknowledged already" or "acknowledged before an alert was opened: nobody is paged"
    end
    if alert.closing ~= nil then
        return "it was closed in PagerDuty, by " .. (alert.closing.by or "PagerDuty itself")
    end
    if isOpen(alert) then
        return isNews and "its alert is open" or "nothing new, its alert is open"
    end
    return "nothing to send" .. becauseOf(alert)
end

-- The reasons in the log: everything but that a request was accepted, which the requests tell better.
local function reasonsOf(____bindingPattern0)
    local log
    log = ____bindingPattern0.log
    local reasons = {}
    for ____, ____value in ipairs(log) do
        local text = ____value.text
        if (string.find(text, "^PagerDuty accepted the")) == nil then
            reasons[#reasons + 1] = text
        end
    end
    return reasons
end

local function createTally()
    local counts = {}
    return {
        count = function(word)
            counts[word] = (counts[word] or 0) + 1
        end,
        words = function()
            local words = {}
            for word, count in pairs(counts) do
                words[#words + 1] = string.format("%s %d", word, count or 0)
            end
            table.sort(words)
            return table.concat(words, ", ")
        end
    }
end

-- The teams' labels by their keys; of several labels of one key the first.
local function labelsOf(routingKeys)
    local labels = {}
    for label, key in pairs(routingKeys) do
        local known = labels[key]
        if known == nil or label < known then
            labels[key] = label
        end
    end
    return labels
end

-- Tells of one event: what it says, and what is sent for it or why nothing is.
local function tell(effect, sent, given, report)
    local reasons = reasonsOf(effect)
    local isSilent = #sent == 0 and #reasons == 0
    if isSilent and not isProblem(effect.event) and not given.has("--all") then
        return
    end
    local subject = effect.dedupKey == nil and "a definition" or (effect.name .. ": ") .. wordsOf(effect.event)
    report.add(string.format("line %d  %s", effect.line, subject))
    for ____, request in ipairs(sent) do
        report.add("    -> " .. request.words)
        if given.has("--bodies") then
            report.add("       " .. request.body)
        end
    end
    for ____, reason in ipairs(reasons) do
        report.add("    " .. reason)
    end
    if isSilent then
        report.add("    nothing: " .. whyNot(effect))
    end
end

-- Gives the events to the connector, one by one. Gives why that is not possible as a text.
local function play(events, setup, folder, given, report)
    local labels = labelsOf(setup.routingKeys)
    local sent = {}
    local ____beginPlayback_3 = beginPlayback
    local ____temp_2 = {
        connector = setup.connector,
        parameters = setup.output.parameters,
        routingKeys = setup.routingKeys,
        folder = folder,
        curl = createNotingCurl(function(body)
            sent[#sent + 1] = sentOf(body, labels)
        end),
        clockRuns = false,
        complain = function(____bindingPattern0)
            local text
            local kind
            kind = ____bindingPattern0.kind
            text = ____bindingPattern0.text
            if kind == "error" then
                report.find("WARNING", "parameters", text)
            end
        end
    }
    local ____opt_0 = events[1]
    local playback = ____beginPlayback_3(____temp_2, ____opt_0 and ____opt_0.time or 0)
    if type(playback) == "string" then
        return playback
    end
    local summary = {
        sent = 0,
        actions = createTally(),
        routes = createTally(),
        silentProblems = 0
    }
    for ____, event in ipairs(events) do
        local effect = playback.take(event)
        for ____, ____value in ipairs(sent) do
            local action = ____value.action
            local route = ____value.route
            summary.sent = summary.sent + 1
            summary.actions.count(action)
            summary.routes.count(route)
        end
        if #sent == 0 and isProblem(event.event) then
            summary.silentProblems = summary.silentProblems + 1
        end
        tell(effect, sent, given, report)
        sent = {}
    end
    return summary
end

function exports.explain(given, report)
    local setup = openOutput(given, report)
    if type(setup) == "number" then
        return setup
    end
    local path = given.operands[1] or ""

    local function fail(problem)
        report.print("FAILED explain: " .. problem)
        return EXIT.problem
    end
    local text, problem = eventText(path)
    if text == nil then
        return fail(withRemedy(problem, "correct the path"))
    end
    if not setup.canSend then
        return fail("there is no usable pdy_routing_key: \"check\" tells more")
    end
    local ____readEvents_result_4 = readEvents(text)
    local events = ____readEvents_result_4.events
    local problems = ____readEvents_result_4.problems
    for ____, each in ipairs(problems) do
        report.find("FAILED", path, each)
    end
    local summary = withTemporaryFolder(function(folder) return play(
        events,
        setup,
        folder,
        given,
        report
    ) end)
    if type(summary) == "string" then
        return fail(summary)
    end
    local details = summary.sent == 0 and "" or ((" (" .. summary.actions.words()) .. "), to ") .. summary.routes.words()
    local silent = summary.silentProblems == 0 and "" or ("; " .. counted(summary.silentProblems, "problem event")) .. " would send nothing"
    local isGood = #problems == 0
    report.print((((((((isGood and "ok" or "FAILED") .. ": for ") .. counted(#events, "event")) .. " ") .. counted(summary.sent, "request")) .. " would be sent") .. details) .. silent)
    return isGood and EXIT.good or EXIT.problem
end
return exports
 end,

-- -------------------- src/commands/replay.ts --------------------
["src.commands.replay"] = function(...)
-- `replay`: the connector really sends what a file of events calls for, to an address of your choice, such as the
-- sandbox. The true routing keys go to PagerDuty only, and only where that is asked for.
local exports = {}
local ____endpoint = require("src.settings.endpoint")
local serverUrl = ____endpoint.serverUrl
local ____curl = require("src.commands.curl")
local loadCurl = ____curl.loadCurl
local ____event_file = require("src.commands.event_file")
local eventText = ____event_file.eventText
local readEvents = ____event_file.readEvents
local ____event_words = require("src.commands.event_words")
local wordsOf = ____event_words.wordsOf
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____playback = require("src.commands.playback")
local beginPlayback = ____playback.beginPlayback
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____shell = require("src.commands.shell")
local withTemporaryFolder = ____shell.withTemporaryFolder
local ____routing_keys = require("src.settings.routing_keys")
local ROUTING_KEY_LENGTH = ____routing_keys.ROUTING_KEY_LENGTH
exports.REPLAY = {
    command = "replay",
    purpose = "Sends what a file of events calls for to another address, such as the sandbox.",
    operands = {"EVENTS"},
    options = withOutputOptions({{name = "--url", value = "URL", meaning = "where to send to, such as http://127.0.0.1:8080/v2/enqueue"}, {name = "--ca-file", value = "FILE", meaning = "the authorities to trust there"}, {name = "--really", meaning = "send to PagerDuty, with the true keys: this pages people"}})
}
-- Longest time, in seconds, that the rest may take after the last event.
local LONGEST_REST = 30

-- Whether an address is PagerDuty's, or the one that alerts are sent to.
local function isForReal(url, configured)
    local host = string.match(
        string.lower(url),
        "^https?://([^/:]*)"
    )
    return url == configured or (string.find(host or "", "pagerduty%.com%.?$")) ~= nil
end

-- A key that opens nothing, and whose end tells the team: `0000…dba`.
local function harmlessKey(label)
    local letters = string.gsub(
        string.lower(label),
        "[^%w]",
        ""
    )
    local ____end = string.sub(letters, -ROUTING_KEY_LENGTH)
    return string.rep("0", ROUTING_KEY_LENGTH - #____end) .. ____end
end
-- Everything about the way to the real PagerDuty: another address has another way.
local WAY = {
    "^http_proxy_string$",
    "^proxy_",
    "^no_proxy$",
    "^http_ca_",
    "^http_client_",
    "^verify_certificate$",
    "^allow_insecure_connection$"
}

local function isOfTheWay(name)
    for ____, pattern in ipairs(WAY) do
        if (string.find(name, pattern)) ~= nil then
            return true
        end
    end
    return false
end

-- The output's parameters, with a direct way to `url` where it is not the real one.
local function parametersFor(setup, url, isReal, caFile)
    local parameters = {}
    for name, value in pairs(setup.output.parameters) do
        if isReal or not isOfTheWay(name) then
            parameters[name] = value
        end
    end
    parameters.http_server_url = url
    if caFile ~= nil then
        parameters.http_ca_file = caFile
    end
    return parameters
end

-- The output's keys, or harmless ones in their places.
local function keysFor(____bindingPattern0, isReal)
    local routingKeys
    routingKeys = ____bindingPattern0.routingKeys
    local keys = {}
    for label, key in pairs(routingKeys) do
        keys[label] = isReal and key or harmlessKey(label)
    end
    return keys
end

function exports.replay(given, report)
    local url = given.value("--url")
    local setup = openOutput(given, report)
    if type(setup) == "number" then
        return setup
    end

    local function fail(problem, code)
        report.print("FAILED replay: " .. problem)
        return code
    end
    if url == nil or (string.find(url, "^https?://[^%s/]")) == nil then
        return fail("--url URL is needed, such as --url http://127.0.0.1:8080/v2/enqueue", EXIT.usage)
    end
    local isReal = isForReal(
        url,
        serverUrl(setup.settings)
    )
    if isReal and not given.has("--really") then
        return fail(url .. " is where real alerts go: this would page people; say --really if you mean it", EXIT.usage)
    end
    local text, problem = eventText(given.operands[1] or "")
    if text == nil then
        return fail(
            withRemedy(problem, "correct the path"),
            EXIT.problem
        )
    end
    local curl = loadCurl()
    if type(curl) == "string" then
        return fail(curl, EXIT.problem)
    end
    if not setup.canSend then
        return fail("there is no usable pdy_routing_key: \"check\" tells more", EXIT.problem)
    end
    local ____readEvents_result_0 = readEvents(text)
    local events = ____readEvents_result_0.events
    local problems = ____readEvents_result_0.problems
    for ____, each in ipairs(problems) do
        report.find("FAILED", given.operands[1] or "", each)
    end
    local accepted = 0
    local troubles = 0

    local function tell(lines, heading)
        local isHeaded = heading == ""
        for ____, ____value in ipairs(lines) do
            local kind = ____value.kind
            local line = ____value.text
            if (string.find(line, "^PagerDuty accepted the")) ~= nil then
                accepted = accepted + 1
            end
            if kind == "error" or kind == "warning" then
                troubles = troubles + 1
            end
            if kind ~= "debug" then
                if not isHeaded then
                    report.add(heading)
                end
                isHeaded = true
                report.add("    " .. line)
            end
        end
    end
    local outcome = withTemporaryFolder(function(folder)
        local ____beginPlayback_4 = beginPlayback
        local ____temp_3 = {
            connector = setup.connector,
            parameters = parametersFor(
                setup,
                url,
                isReal,
                given.value("--ca-file")
            ),
            routingKeys = keysFor(setup, isReal),
            folder = folder,
            curl = curl,
            clockRuns = true,
            complain = function(____bindingPattern0)
                local complaint
                local kind
                kind = ____bindingPattern0.kind
                complaint = ____bindingPattern0.text
                if kind == "error" then
                    report.find("WARNING", "parameters", complaint)
                end
            end
        }
        local ____opt_1 = events[1]
        local playback = ____beginPlayback_4(____temp_3, ____opt_1 and ____opt_1.time or 0)
        if type(playback) == "string" then
            return playback
        end
        for ____, event in ipairs(events) do
            local effect = playback.take(event)
            tell(
                effect.log,
                string.format(
                    "line %d  %s: %s",
                    effect.line,
                    effect.name,
                    wordsOf(effect.event)
                )
            )
        end
        local ____end = os.time() + LONGEST_REST
        while playback.waiting() > 0 and os.time() < ____end do
            tell(
                playback.wait(),
                ""
            )
        end
        return playback.waiting()
    end)
    if type(outcome) == "string" then
        return fail(outcome, EXIT.problem)
    end
    local done = (((counted(accepted, "request") .. " accepted at ") .. url) .. " for ") .. counted(#events, "event")
    if outcome > 0 then
        return fail(
            ((done .. ", and ") .. counted(outcome, "alert")) .. " not delivered",
            EXIT.problem
        )
    end
    if #problems > 0 or troubles > 0 then
        return fail(done .. ", with trouble on the way", EXIT.problem)
    end
    report.print("ok: " .. done)
    return EXIT.good
end
return exports
 end,

-- -------------------- src/commands/rules_problem.ts --------------------
["src.commands.rules_problem"] = function(...)
-- A problem of which the rules are asked, made of the options of `rules`; what the options leave out, the journal knows, or
-- nobody. Decides nothing.
local exports = {}
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
-- What can be said of a problem.
exports.PROBLEM_OPTIONS = {
    {name = "--host", value = "NAME", meaning = "a problem of this host, or of its service"},
    {name = "--service", value = "NAME", meaning = "of this service"},
    {name = "--business-activity", value = "NAME", meaning = "of a business activity"},
    {name = "--state", value = "STATE", meaning = "its state (CRITICAL, or DOWN)"},
    {name = "--plugin-output", value = "TEXT", meaning = "what the plugin printed"},
    {name = "--host-group", value = "NAMES", meaning = "groups of the host, separated by commas"},
    {name = "--service-group", value = "NAMES", meaning = "groups of the service"},
    {name = "--category", value = "NAMES", meaning = "its categories"},
    {name = "--business-view", value = "NAMES", meaning = "views of the business activity"},
    {name = "--poller", value = "NAME", meaning = "who checks it; alone: a silent poller"},
    {name = "--criticality", value = "LEVEL", meaning = "its criticality"},
    {name = "--macro", value = "NAME=VALUE", meaning = "custom macros, separated by commas"},
    {name = "--metric", value = "NAME=VALUE", meaning = "metrics, separated by commas"},
    {name = "--acknowledged", meaning = "it is acknowledged"},
    {name = "--volatile", meaning = "its service is volatile"},
    {name = "--at", value = "TIME", meaning = "when: \"2026-11-27 03:00\", or \"03:00\" today (now)"}
}

function exports.isProblemAsked(given)
    for ____, name in ipairs({"--host", "--business-activity", "--poller"}) do
        if given.value(name) ~= nil then
            return true
        end
    end
    return false
end

-- The option that only makes sense with a problem; undefined: none is given.
function exports.strayOption(given)
    for ____, ____value in ipairs(exports.PROBLEM_OPTIONS) do
        local name = ____value.name
        if given.has(name) then
            return name
        end
    end
    return nil
end

-- Unix time of `2026-11-27 03:00`, or of `03:00` today, by the system's own clock; undefined for anything else.
function exports.readTime(text, now)
    local year, month, day, rest = string.match(text, "^(%d%d%d%d)%-(%d%d?)%-(%d%d?)[ T](.*)$")
    local hour, minute = string.match(rest or text, "^(%d%d?):(%d%d)$")
    if hour == nil or minute == nil then
        return nil
    end
    local today = os.date("*t", now)
    local hours = tonumber(hour) or 0
    local minutes = tonumber(minute) or 0
    if hours > 23 or minutes > 59 then
        return nil
    end
    return os.time({
        year = tonumber(year) or today.year,
        month = tonumber(month) or today.month,
        day = tonumber(day) or today.day,
        hour = hours,
        min = minutes
    })
end
local HOST_STATES = {DOWN = 1, UNREACHABLE = 2}
local SERVICE_STATES = {WARNING = 1, CRITICAL = 2, UNKNOWN = 3}

-- The state that is meant; a text says what is possible.
local function stateOf(kind, given)
    local states = kind == "host" and HOST_STATES or SERVICE_STATES
    local name = string.upper(given or (kind == "host" and "DOWN" or "CRITICAL"))
    local number = states[name]
    if number ~= nil then
        return {name = name, number = number}
    end
    local possible = kind == "host" and "DOWN or UNREACHABLE" or "WARNING, CRITICAL or UNKNOWN"
    return (("--state \"" .. (given or "")) .. "\": expected ") .. possible
end

-- `NAME=VALUE` pairs; undefined where one is none.
local function pairsOf(text)
    local found = {}
    for ____, item in ipairs(listOf(text or "", ",")) do
        local name, value = string.match(item, "^([^=]+)=(.*)$")
        if name == nil or value == nil then
            return nil
        end
        found[#found + 1] = {name = name, value = value}
    end
    return found
end

-- The problem of that name in the journal.
local function knownAlert(alerts, host, service)
    for ____, alert in ipairs(alerts) do
        local ____opt_0 = alert.place
        if (____opt_0 and ____opt_0.hostName) == host and alert.place.serviceDescription == service then
            return alert
        end
    end
    return nil
end
-- Ids that no resource has.
local RESOURCES = {host = {kind = "host", hostId = 0, serviceId = 0}, service = {kind = "service", hostId = 0, serviceId = 0}, ["business activity"] = {kind = "business activity", id = 0}, poller = {kind = "poller", id = 0}}
local CLASS_NAMES = {["business activity"] = "business_activity"}

-- Whether the names that an option gives; else what is known.
local function namesOf(given, option, known)
    local text = given.value(option)
    return text == nil and (known or ({})) or listOf(text, ",")
end

local function placeWith(given, kind, macros, known)
    local customVariables = {}
    for ____, ____value in ipairs(macros) do
        local name = ____value.name
        local value = ____value.value
        customVariables[#customVariables + 1] = {
            name = string.upper(name),
            value = value
        }
    end
    for ____, variable in ipairs(known and known.customVariables or ({})) do
        customVariables[#customVariables + 1] = variable
    end
    return {
        isKnown = true,
        className = CLASS_NAMES[kind] or kind,
        hostName = given.value("--host") or given.value("--business-activity") or given.value("--poller") or "",
        serviceDescription = given.value("--service") or "",
        hostGroups = namesOf(given, "--host-group", known and known.hostGroups),
        serviceGroups = namesOf(given, "--service-group", known and known.serviceGroups),
        businessViews = namesOf(given, "--business-view", known and known.businessViews),
        categories = namesOf(given, "--category", known and known.categories),
        criticality = tonumber(given.value("--criticality") or "") or known and known.criticality or 0,
        poller = given.value("--poller") or known and known.poller or "",
        customVariables = customVariables,
        hostAlias = known and known.hostAlias or "",
        hostAddress = known and known.hostAddress or ""
    }
end

-- The problem that the options mean, at a time; or what is wrong with them.
function exports.problemOf(given, alerts, at)
    local host = given.value("--host")
    local service = given.value("--service")
    if service ~= nil and host == nil then
        return "--service needs its --host"
    end
    local isActivity = given.value("--business-activity") ~= nil
    local kind = isActivity and "business activity" or "poller"
    if host ~= nil then
        kind = service == nil and "host" or "service"
    end
    local macros = pairsOf(given.value("--macro"))
    if macros == nil then
        return ("--macro \"" .. (given.value("--macro") or "")) .. "\": expected NAME=VALUE"
    end
    local metrics = pairsOf(given.value("--metric"))
    if metrics == nil then
        return ("--metric \"" .. (given.value("--metric") or "")) .. "\": expected NAME=VALUE"
    end
    local level = given.value("--criticality")
    if level ~= nil and tonumber(level) == nil then
        return ("--criticality \"" .. level) .. "\": expected a number"
    end
    local ____temp_20
    if host == nil then
        ____temp_20 = nil
    else
        ____temp_20 = knownAlert(alerts, host, service or "")
    end
    local known = ____temp_20
    local ____temp_23
    if known == nil or known.facts.state == 0 then
        ____temp_23 = nil
    else
        local ____opt_21 = known.report
        ____temp_23 = ____opt_21 and ____opt_21.stateName
    end
    local knownState = ____temp_23
    local state = stateOf(
        kind,
        given.value("--state") or knownState
    )
    if type(state) == "string" then
        return state
    end
    local perfdata = {}
    for ____, ____value in ipairs(metrics) do
        local name = ____value.name
        local value = ____value.value
        perfdata[#perfdata + 1] = (("'" .. name) .. "'=") .. value
    end
    local facts = {
        state = state.number,
        isAcknowledged = given.has("--acknowledged") or (known and known.facts.isAcknowledged) == true,
        downtimeDepth = 0,
        isFlapping = false,
        lastCheck = at,
        staleness = nil
    }
    local ____state_name_40 = state.name
    local ____given_value_result_30 = given.value("--plugin-output")
    if ____given_value_result_30 == nil then
        local ____opt_26 = known and known.report
        ____given_value_result_30 = ____opt_26 and ____opt_26.output
    end
    local ____temp_41 = ____given_value_result_30 or ""
    local ____opt_31 = known and known.report
    local ____temp_42 = ____opt_31 and ____opt_31.longOutput or ""
    local ____temp_39
    if #perfdata == 0 then
        local ____opt_35 = known and known.report
        ____temp_39 = ____opt_35 and ____opt_35.perfdata or ""
    else
        ____temp_39 = table.concat(perfdata, " ")
    end
    local report = {
        stateName = ____state_name_40,
        output = ____temp_41,
        longOutput = ____temp_42,
        perfdata = ____temp_39,
        attempt = 1,
        maximumAttempts = 0,
        lastOk = 0,
        since = at
    }
    local alert = {
        dedupKey = known and known.dedupKey or "",
        resource = known and known.resource or RESOURCES[kind],
        place = placeWith(given, kind, macros, known and known.place),
        facts = facts,
        report = report,
        isVolatile = given.has("--volatile") or (known and known.isVolatile) == true
    }
    return {alert = alert, isInJournal = known ~= nil}
end
return exports
 end,

-- -------------------- src/commands/rules.ts --------------------
["src.commands.rules"] = function(...)
-- `rules`: what the rules say, in plain words and in their order; or, of one problem, which of them decides what, and why
-- the others do not fit. Sends nothing.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local nameOfPlace = ____alert.nameOfPlace
local ____template = require("src.pagerduty.template")
local fillTemplate = ____template.fillTemplate
local ____rule = require("src.rules.rule")
local rejectionBy = ____rule.rejectionBy
local wordsOf = ____rule.wordsOf
local ____table_conditions = require("src.rules.table_conditions")
local readCondition = ____table_conditions.readCondition
local ____json = require("src.text.json")
local encode = ____json.encode
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____journal_view = require("src.commands.journal_view")
local viewJournal = ____journal_view.viewJournal
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____rules_problem = require("src.commands.rules_problem")
local PROBLEM_OPTIONS = ____rules_problem.PROBLEM_OPTIONS
local isProblemAsked = ____rules_problem.isProblemAsked
local problemOf = ____rules_problem.problemOf
local readTime = ____rules_problem.readTime
local strayOption = ____rules_problem.strayOption
local ____rules_view = require("src.commands.rules_view")
local countLastGood = ____rules_view.countLastGood
local fittingIn = ____rules_view.fittingIn
local freedWords = ____rules_view.freedWords
local viewRules = ____rules_view.viewRules
local wouldFree = ____rules_view.wouldFree
local ____rules_words = require("src.commands.rules_words")
local conditionWords = ____rules_words.conditionWords
local conditionsOf = ____rules_words.conditionsOf
local parameterWords = ____rules_words.parameterWords
local ruleWords = ____rules_words.ruleWords
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile

local function options()
    local all = {}
    for ____, option in ipairs(PROBLEM_OPTIONS) do
        all[#all + 1] = option
    end
    all[#all + 1] = {name = "--recording", value = "FILE", meaning = "which rules never fit in it (record_path)"}
    all[#all + 1] = {name = "--json", meaning = "print it as JSON"}
    return withOutputOptions(all)
end
exports.RULES = {
    command = "rules",
    purpose = "Says what the rules say, in plain words; or, of one problem, which of them decides what. Sends nothing.",
    operands = {},
    optional = "FILE",
    options = options()
}

-- The conditions of a rule that do not hold.
local function unmetOf(____bindingPattern0, alert, ____bindingPattern1)
    local ____table
    ____table = ____bindingPattern0.table
    local knowledge
    knowledge = ____bindingPattern1.knowledge
    local zone
    for ____, ____value in ipairs(____table.fields) do
        local name = ____value.name
        local value = ____value.value
        if name == "zone" and type(value) == "string" then
            zone = value
        end
    end
    local ____knowledge_0 = knowledge
    local routes = ____knowledge_0.routes
    local severityOf = ____knowledge_0.severityOf
    local unixTime = ____knowledge_0.unixTime
    local weekClock = ____knowledge_0.weekClock
    local context = {
        routes = routes,
        severityOf = severityOf,
        unixTime = unixTime,
        weekClock = weekClock,
        zone = zone,
        needVariable = function() return nil end
    }
    local unmet = {}
    for ____, field in ipairs(conditionsOf(____table)) do
        local condition = readCondition(
            field.name,
            field.value,
            function() return nil end,
            context
        )
        local answer = condition and condition.test(alert)
        if answer == nil then
            unmet[#unmet + 1] = conditionWords(field) .. " (nobody knows)"
        elseif not answer then
            unmet[#unmet + 1] = conditionWords(field)
        end
    end
    return unmet
end

-- The rules of the file, and how each stands to a problem.
local function fileRules(view, alert)
    local told = {}
    for ____, each in ipairs(view.ofFile) do
        local rule = each.rule
        local ____table = each.table
        local words = ruleWords(____table)
        told[#told + 1] = alert == nil and ({name = rule.name, words = words}) or ({
            name = rule.name,
            words = words,
            fits = rule.fits(alert),
            unmet = unmetOf(each, alert, view)
        })
    end
    return told
end

-- The rules that the parameters are, each once.
local function parameterRules(____bindingPattern0)
    local rules
    local settings
    settings = ____bindingPattern0.settings
    rules = ____bindingPattern0.rules
    local told = {}
    local known = {}
    for ____, rule in ipairs(rules.rules) do
        local words = parameterWords(rule, settings)
        if words ~= nil and not (known[words] ~= nil) then
            known[words] = true
            told[#told + 1] = words
        end
    end
    return told
end
local TEXTS = {
    "summary",
    "source",
    "component",
    "group",
    "class"
}
local LISTS = {"details", "links", "images"}

local function pageDecision(alert, ____bindingPattern0)
    local rules
    rules = ____bindingPattern0.rules
    if alert.resource.kind == "poller" then
        return {thing = "page", value = "yes", by = "a silent poller is nobody's to filter"}
    end
    local rule = rules.all.deciding(alert, "page")
    if rule == nil then
        return {thing = "page", value = "yes", by = "no rule keeps it from paging"}
    end
    return rule.page == false and ({
        thing = "page",
        value = "no",
        by = rejectionBy(rule, alert)
    }) or ({
        thing = "page",
        value = "yes",
        by = wordsOf(rule)
    })
end

local function byRule(rule, otherwise)
    return rule == nil and otherwise or wordsOf(rule)
end

-- The names of what a rule adds.
local function namesIn(rule, list, alert, severity)
    local names = {}
    if list == "details" then
        for ____, ____value in ipairs(rule.details or ({})) do
            local name = ____value.name
            names[#names + 1] = name
        end
    else
        for ____, ____value in ipairs(rule[list] or ({})) do
            local text = ____value.text
            names[#names + 1] = fillTemplate(text, {alert = alert, severity = severity})
        end
    end
    return table.concat(names, ", ")
end

-- What is decided of a problem, each thing by one rule.
local function decisionsOf(alert, view)
    local ____view_rules_3 = view.rules
    local all = ____view_rules_3.all
    local severityOf = ____view_rules_3.severityOf
    local decisions = {pageDecision(alert, view)}
    local ofSeverity = all.deciding(alert, "severity")
    local severity = ofSeverity and ofSeverity.severity or severityOf(alert)
    decisions[#decisions + 1] = {
        thing = "severity",
        value = severity,
        by = byRule(ofSeverity, "its state")
    }
    local ofRoute = all.deciding(alert, "route")
    local ____opt_6 = ofRoute and ofRoute.route
    local route = ____opt_6 and ____opt_6(alert) or DEFAULT_ROUTE
    decisions[#decisions + 1] = {
        thing = "route",
        value = route,
        by = byRule(ofRoute, "no rule says another")
    }
    local ofWait = all.deciding(alert, "wait")
    local wait = ofWait and ofWait.wait or 0
    decisions[#decisions + 1] = {
        thing = "wait",
        value = wait == 0 and "none" or spokenDuration(wait),
        by = byRule(ofWait, "no rule says one")
    }
    for ____, thing in ipairs(TEXTS) do
        local rule = all.deciding(alert, thing)
        local template = rule and rule[thing]
        if rule ~= nil and template ~= nil then
            decisions[#decisions + 1] = {
                thing = thing,
                value = fillTemplate(template, {alert = alert, severity = severity}),
                by = wordsOf(rule)
            }
        end
    end
    for ____, thing in ipairs(LISTS) do
        all.each(
            alert,
            thing,
            function(rule)
                decisions[#decisions + 1] = {
                    thing = thing,
                    value = namesIn(rule, thing, alert, severity),
                    by = wordsOf(rule)
                }
            end
        )
    end
    return decisions
end
-- Width of "severity", so that what is decided stands in columns.
local THING_WIDTH = 10
local VALUE_WIDTH = 10

local function padded(text, width)
    return text .. string.rep(
        " ",
        math.max(1, width - #text)
    )
end

local function tellRule(____bindingPattern0, number, isStopped, report)
    local unmet
    local fits
    local words
    local name
    name = ____bindingPattern0.name
    words = ____bindingPattern0.words
    fits = ____bindingPattern0.fits
    unmet = ____bindingPattern0.unmet
    local start = string.format("  %d. \"%s\"", number, name)
    if fits == nil then
        report.add((start .. ": ") .. words)
    elseif isStopped then
        report.add(start .. " is not asked: a rule before it says stop")
    elseif fits then
        report.add((start .. " fits: ") .. words)
    else
        report.add((start .. " fails on ") .. table.concat(unmet or ({}), "; "))
    end
end

local function namesOf(rules)
    local names = {}
    for ____, ____value in ipairs(rules) do
        local name = ____value.name
        names[#names + 1] = ("\"" .. name) .. "\""
    end
    return table.concat(names, ", ")
end

local function tellFitting(recording, ____bindingPattern0, report)
    local unjudged
    local neverFitted
    local problems
    local unreadable
    local events
    events = ____bindingPattern0.events
    unreadable = ____bindingPattern0.unreadable
    problems = ____bindingPattern0.problems
    neverFitted = ____bindingPattern0.neverFitted
    unjudged = ____bindingPattern0.unjudged
    for ____, each in ipairs(unreadable) do
        report.find("WARNING", recording, each)
    end
    local what = ((((recording .. " (") .. counted(problems, "problem")) .. " in ") .. counted(events, "event")) .. ")"
    if #neverFitted > 0 then
        report.add((("never fitted in " .. what) .. ": ") .. namesOf(neverFitted))
    elseif #unjudged == 0 then
        report.add("every rule of the file fitted in " .. what)
    end
    if #unjudged > 0 then
        report.add((("cannot be judged by " .. what) .. ", since recordings have no macros: ") .. namesOf(unjudged))
    end
end

-- Tells of each rule of the file.
local function tellRules(told, ____bindingPattern0, report)
    local ofFile
    ofFile = ____bindingPattern0.ofFile
    local isStopped = false
    for number, each in ipairs(told) do
        tellRule(each, number, isStopped, report)
        local ____isStopped_17 = isStopped
        if not ____isStopped_17 then
            local ____temp_16 = each.fits == true
            if ____temp_16 then
                local ____opt_14 = ofFile[number]
                ____temp_16 = (____opt_14 and ____opt_14.rule.stop) == true
            end
            ____isStopped_17 = ____temp_16
        end
        isStopped = ____isStopped_17
    end
end

-- Tells of the rules of the parameters, and what all of them lead to.
local function tellFindings(findings, report)
    for number, words in ipairs(findings.ofParameters) do
        report.add(string.format("  %d. %s", #findings.told + number, words))
    end
    if findings.fitting ~= nil then
        tellFitting(findings.recording, findings.fitting, report)
    end
    if findings.freed ~= nil then
        report.add(freedWords(findings.freed))
    end
end

local function listOf(texts)
    local items = {}
    for ____, text in ipairs(texts) do
        items[#items + 1] = text
    end
    return {items = items}
end

local function jsonOfRule(____bindingPattern0)
    local unmet
    local fits
    local words
    local name
    name = ____bindingPattern0.name
    words = ____bindingPattern0.words
    fits = ____bindingPattern0.fits
    unmet = ____bindingPattern0.unmet
    local conditions = unmet and listOf(unmet)
    local fields = {{"name", name}, {"words", words}, {"fits", fits}, {"unmet", conditions}}
    return {fields = fields}
end

local function jsonOf(findings, decisions)
    local rules = {}
    for ____, rule in ipairs(findings.told) do
        rules[#rules + 1] = jsonOfRule(rule)
    end
    local decided = {}
    for ____, ____value in ipairs(decisions) do
        local thing = ____value.thing
        local value = ____value.value
        local by = ____value.by
        decided[#decided + 1] = {fields = {{"thing", thing}, {"value", value}, {"by", by}}}
    end
    local parameters = listOf(findings.ofParameters)
    local all = {{"file", findings.path}, {"rules", {items = rules}}, {"parameters", parameters}}
    if #decided > 0 then
        all[#all + 1] = {"decided", {items = decided}}
    end
    if findings.freed ~= nil then
        all[#all + 1] = {"would_free", findings.freed.count}
    end
    if findings.fitting ~= nil then
        local names = {}
        for ____, ____value in ipairs(findings.fitting.neverFitted) do
            local name = ____value.name
            names[#names + 1] = name
        end
        local neverFitted = listOf(names)
        all[#all + 1] = {"never_fitted", neverFitted}
    end
    return encode({fields = all})
end

-- What a file that is not used yet would free; undefined where nothing is known.
local function freedBy(view, ____bindingPattern0)
    local problem
    local alerts
    alerts = ____bindingPattern0.alerts
    problem = ____bindingPattern0.problem
    return problem == nil and wouldFree(alerts, view.rules) or nil
end

-- What follows from the decisions, in short.
local function outcomeOf(decisions)

    local function valueOf(thing)
        for ____, decision in ipairs(decisions) do
            if decision.thing == thing then
                return decision.value
            end
        end
        return ""
    end
    if valueOf("page") == "no" then
        return "no page"
    end
    local wait = valueOf("wait") == "none" and "" or " if it lasts " .. valueOf("wait")
    return (((("it pages" .. wait) .. ": ") .. valueOf("severity")) .. ", to ") .. valueOf("route")
end

function exports.rules(given, report)
    local setup = openOutput(given, report)
    if type(setup) == "number" then
        return setup
    end
    local settings = setup.settings

    local function fail(problem, code)
        if code == nil then
            code = EXIT.problem
        end
        report.print("FAILED rules: " .. problem)
        return code
    end
    local isAsked = isProblemAsked(given)
    local ____isAsked_18
    if isAsked then
        ____isAsked_18 = nil
    else
        ____isAsked_18 = strayOption(given)
    end
    local stray = ____isAsked_18
    if stray ~= nil then
        return fail(stray .. " is of a problem: name its --host, --business-activity or --poller", EXIT.usage)
    end
    local atText = given.value("--at")
    local now = os.time()
    local at = atText == nil and now or readTime(atText, now)
    if at == nil then
        return fail(("--at \"" .. (atText or "")) .. "\": expected a time, \"2026-11-27 03:00\" or \"03:00\"", EXIT.usage)
    end
    local path = given.operands[1] or settings.pdy_rules_file
    local view = viewRules(
        path,
        setup,
        function() return at end
    )
    if type(view) == "string" then
        local ____temp_19
        if path == settings.pdy_rules_file then
            ____temp_19 = countLastGood(setup)
        else
            ____temp_19 = nil
        end
        local lastGood = ____temp_19
        if lastGood ~= nil then
            report.add("meanwhile the last good one holds, with " .. counted(lastGood, "rule"))
        end
        return fail((path .. ": ") .. view)
    end
    local journal = viewJournal(settings.state_path)
    local asked = isAsked and problemOf(given, journal.alerts, at) or nil
    if type(asked) == "string" then
        return fail(asked, EXIT.usage)
    end
    local alert = asked and asked.alert
    local recording = given.value("--recording") or settings.record_path
    local recorded, unreadable = readFile(recording)
    if recorded == nil and given.value("--recording") ~= nil then
        return fail(withRemedy(unreadable, "correct the path"))
    end
    local isPlayed = recorded ~= nil and #view.ofFile > 0 and not isAsked
    local fitting = isPlayed and fittingIn(recording, path, setup) or nil
    if type(fitting) == "string" then
        return fail(fitting)
    end
    local ____path_23 = path
    local ____fileRules_result_24 = fileRules(view, alert)
    local ____parameterRules_result_25 = parameterRules(setup)
    local ____isAsked_22
    if isAsked then
        ____isAsked_22 = nil
    else
        ____isAsked_22 = freedBy(view, journal)
    end
    local findings = {
        path = ____path_23,
        told = ____fileRules_result_24,
        ofParameters = ____parameterRules_result_25,
        freed = ____isAsked_22,
        recording = recording,
        fitting = fitting
    }
    local decisions = alert == nil and ({}) or decisionsOf(alert, view)
    if given.has("--json") then
        report.print(jsonOf(findings, decisions))
        return EXIT.good
    end
    for ____, ____value in ipairs(decisions) do
        local thing = ____value.thing
        local value = ____value.value
        local by = ____value.by
        report.add((("  " .. padded(thing, THING_WIDTH)) .. padded(value, VALUE_WIDTH)) .. by)
    end
    tellRules(findings.told, view, report)
    if settings.custom_code_file ~= "" then
        report.add("custom_code_file has the last word, and is not asked here")
    end
    local ofFile = path == "" and "no pdy_rules_file is set" or (counted(#findings.told, "rule") .. " in ") .. path
    if alert == nil then
        tellFindings(findings, report)
        local count = #findings.ofParameters
        local ofParameters = path == "" and counted(count, "rule") or "and " .. string.format("%d", count)
        report.print(((("ok: " .. ofFile) .. ", ") .. ofParameters) .. " of the parameters")
        return EXIT.good
    end
    if (asked and asked.isInJournal) == true then
        report.add("what the options do not say is what the journal has of it")
    end
    local when = os.date("%Y-%m-%d %H:%M", at)
    report.print(((((((((("ok: " .. nameOfPlace(alert.place)) .. ", ") .. alert.report.stateName) .. " at ") .. when) .. ": ") .. outcomeOf(decisions)) .. " (") .. ofFile) .. ")")
    return EXIT.good
end
return exports
 end,

-- -------------------- src/alerts/learnt.ts --------------------
["src.alerts.learnt"] = function(...)
-- What is learnt of an alert where PagerDuty's REST API is asked: what that makes of what is delivered (the table "What
-- PagerDuty's people did" of design.md). Pure; who asks, and whether the answer counts, is feedback's to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local recordEnded = ____alert.recordEnded

-- Whether an acknowledgement of Centreon's stands that still counts.
function exports.isAcknowledgedHere(____bindingPattern0)
    local facts
    facts = ____bindingPattern0.facts
    return facts.isAcknowledged and facts.isAcknowledgementOutgrown ~= true
end

-- Whether an acknowledgement of the alert can be one of people: of the rest nobody can acknowledge anything in Centreon.
function exports.isForPeopleToAcknowledge(____bindingPattern0)
    local isAcknowledgedByHold
    local resource
    resource = ____bindingPattern0.resource
    isAcknowledgedByHold = ____bindingPattern0.isAcknowledgedByHold
    return resource.hostId ~= nil and isAcknowledgedByHold ~= true
end

-- As far as is known. What has never been seen there, or is on its way, differs in nothing.
function exports.differingOf(alert)
    local ____alert_0 = alert
    local delivered = ____alert_0.delivered
    local desired = ____alert_0.desired
    local isCertain = ____alert_0.isCertain
    local wantsAcknowledge = ____alert_0.wantsAcknowledge
    if desired == "resolved" then
        return nil
    end
    if delivered == "closed" then
        return "closed there"
    end
    if not isCertain or not exports.isForPeopleToAcknowledge(alert) then
        return nil
    end
    local isHere = exports.isAcknowledgedHere(alert)
    if delivered == "acknowledged" and not isHere then
        return "acknowledged there only"
    end
    local isTakenBackThere = delivered == "triggered" and isHere and alert.incident ~= nil
    return isTakenBackThere and wantsAcknowledge == nil and "acknowledged here only" or nil
end

local function note(alert, incident)
    local ____opt_1 = alert.incident
    if (____opt_1 and ____opt_1.id) == incident.id then
        return "nothing"
    end
    alert.incident = incident
    return "noted"
end

-- An action that brings PagerDuty to where Centreon is, is on its way or will be: its outcome tells more than this.
local function isUnsettled(____bindingPattern0)
    local desired
    local isCertain
    isCertain = ____bindingPattern0.isCertain
    desired = ____bindingPattern0.desired
    return not isCertain and desired ~= "resolved"
end

-- Whoever acknowledges there has seen it as grave as it was told, unlike whoever did in Centreon before it got worse.
local function noteSeverity(alert, isAcknowledged)
    local ____alert_3 = alert
    local facts = ____alert_3.facts
    local deliveredSeverity = ____alert_3.deliveredSeverity
    local acknowledgedThereAs = ____alert_3.acknowledgedThereAs
    local severity = isAcknowledged and deliveredSeverity or nil
    if acknowledgedThereAs ~= severity then
        alert.acknowledgedThereAs = severity
    end
    if isAcknowledged and facts.isAcknowledgementOutgrown == true then
        facts.acknowledgedSeverity = severity
    end
end

-- PagerDuty has the alert open. `now`: the connector's clock.
function exports.learnOpen(alert, incident, isAcknowledged, now)
    local ____alert_4 = alert
    local delivered = ____alert_4.delivered
    local noted = note(alert, incident)
    local state = isAcknowledged and "acknowledged" or "triggered"
    if delivered == state or isUnsettled(alert) then
        return noted
    end
    alert.delivered = state
    -- How grave it is there nobody says: it is raised to what it is here. A person who has it in hand knows.
    if delivered == "none" then
        alert.deliveredSeverity = isAcknowledged and alert.severity or "info"
    end
    noteSeverity(alert, isAcknowledged)
    if isAcknowledged then
        alert.acknowledgedAt = now
    end
    if delivered == "acknowledged" then
        return "triggered again"
    end
    if delivered == "triggered" then
        return "acknowledged"
    end
    if alert.closing ~= nil then
        alert.closing = nil
    end
    return "taken over"
end

-- An alert has been closed, by somebody else than us. Gives whether that is news; of one that is known to be closed it is
-- when nothing but getting worse would have opened it anew.
function exports.learnClosed(alert, ____bindingPattern0, reopening)
    local at
    local by
    by = ____bindingPattern0.by
    at = ____bindingPattern0.at
    local ____temp_7 = alert.delivered == "closed"
    if ____temp_7 then
        local ____opt_5 = alert.closing
        ____temp_7 = (____opt_5 and ____opt_5.lastCheck) == nil
    end
    local isLeftClosed = ____temp_7
    if not (isOpen(alert) or isLeftClosed) or isUnsettled(alert) then
        return false
    end
    if reopening == "at once" then
        recordEnded(alert, nil)
    else
        local ____temp_8
        if reopening == "never" then
            ____temp_8 = nil
        else
            ____temp_8 = alert.facts.lastCheck
        end
        local lastCheck = ____temp_8
        recordEnded(alert, {by = by, at = at, lastCheck = lastCheck})
    end
    return true
end
return exports
 end,

-- -------------------- src/feedback/round.ts --------------------
["src.feedback.round"] = function(...)
-- One round of asking PagerDuty what became of our alerts: the open incidents of our services, the alerts in those that
-- have several, and by its id what was seen open and is open no more. Gives what was found, key by key; what that means
-- for an alert is compare.ts'. Absence from a list is never taken for an end.
local exports = {}
local ____answers = require("src.feedback.answers")
local readAlert = ____answers.readAlert
local readIncident = ____answers.readIncident
local ____queries = require("src.feedback.queries")
local listOpenIncidents = ____queries.listOpenIncidents
-- Alerts have all that we tell of them, unlike incidents: pages are smaller.
local ALERTS_PAGE = 50
-- Most incidents that were merged into one another, one after the other.
local MOST_MERGES = 5

-- Begins a round.
function exports.startRound(serviceIds, known, ports)
    local readOn
    local ____ports_0 = ports
    local api = ____ports_0.api
    local findings = {open = {}, ended = {}}
    local incidents = {}
    -- Incidents whose alerts are to be asked for.
    local several = {}
    local gone = {}
    local hasLookedForGone = false
    -- Where a key stands now that was seen open before: in the incident of then, or what that was merged into.
    local standsIn = {}
    -- The alerts that have ended in incidents that are open, as the incident's id and the key.
    local endedWithin = {}

    local function noteOpen(key, incident, since)
        local all = findings.open[key] or ({})
        all[#all + 1] = {incident = incident, since = since}
        findings.open[key] = all
    end

    local function takeOpen(incident)
        if incidents[incident.id] ~= nil then
            return
        end
        incidents[incident.id] = incident
        if incident.key == nil then
            several[#several + 1] = incident
        else
            noteOpen(incident.key, incident, incident.createdAt)
        end
    end

    local function takeAlerts(incident, alerts)
        for ____, ____value in ipairs(alerts) do
            local key = ____value.key
            local isOpen = ____value.isOpen
            local createdAt = ____value.createdAt
            if isOpen then
                noteOpen(key, incident, createdAt)
            else
                endedWithin[(incident.id .. " ") .. key] = true
            end
        end
    end

    local function finish()
        for key, id in pairs(standsIn) do
            local incident = incidents[id or ""]
            local hasEnded = incident ~= nil and endedWithin[(incident.id .. " ") .. key] ~= nil
            if hasEnded then
                findings.ended[key] = incident
            end
            -- It may be open anew, elsewhere.
            if findings.open[key] ~= nil then
                findings.ended[key] = nil
            end
        end
        for id in pairs(known) do
            if incidents[id] == nil then
                known[id] = nil
            end
        end
        ports.ended(findings, nil)
    end

    -- What was seen open and is not among what is open now. Asked for once the alerts of all of those are known.
    local function lookForGone()
        local keysOf = {}
        for ____, ____value in ipairs(ports.expected()) do
            local key = ____value.key
            local incidentId = ____value.incidentId
            standsIn[key] = incidentId
            if not (findings.open[key] ~= nil) and incidents[incidentId] == nil then
                local keys = keysOf[incidentId] or ({})
                keys[#keys + 1] = key
                keysOf[incidentId] = keys
            end
        end
        for id, keys in pairs(keysOf) do
            if keys ~= nil then
                gone[#gone + 1] = {id = id, keys = keys, merges = 0}
            end
        end
    end

    -- An incident that was read by its id: open still, merged into another, or ended.
    local function takeGone(incident, keys, merges)
        if incident.status ~= "resolved" then
            takeOpen(incident)
        elseif incident.mergedInto == nil then
            for ____, key in ipairs(keys) do
                findings.ended[key] = incident
            end
        else
            for ____, key in ipairs(keys) do
                standsIn[key] = incident.mergedInto
            end
            local isRead = incidents[incident.mergedInto] ~= nil
            if not isRead and merges < MOST_MERGES then
                gone[#gone + 1] = {id = incident.mergedInto, keys = keys, merges = merges + 1}
            end
        end
    end

    local function readAlertsOf(incident)
        local ____incident_1 = incident
        local id = ____incident_1.id
        local signature = ____incident_1.signature
        local alerts = {}
        api.list(
            ("/incidents/" .. id) .. "/alerts",
            "alerts",
            {},
            function(item)
                local alert = readAlert(item)
                if alert ~= nil then
                    alerts[#alerts + 1] = alert
                end
            end,
            function(trouble)
                if trouble == nil then
                    known[id] = {signature = signature, alerts = alerts}
                    takeAlerts(incident, alerts)
                end
                readOn(trouble)
            end,
            ALERTS_PAGE
        )
    end

    local function readGone(____bindingPattern0)
        local merges
        local keys
        local id
        id = ____bindingPattern0.id
        keys = ____bindingPattern0.keys
        merges = ____bindingPattern0.merges
        local read
        api.one(
            "/incidents/" .. id,
            "incident",
            function(record)
                read = readIncident(record)
            end,
            function(trouble)
                if read ~= nil then
                    takeGone(read, keys, merges)
                end
                readOn(trouble)
            end
        )
    end
    --- Reads what is left to read, one after the other. What cannot be read is no finding.
    readOn = function(trouble)
        if (trouble and trouble.kind) == "failed" then
            ports.ended(findings, trouble)
            return
        end
        local mayAsk = (trouble and trouble.kind) ~= "too much"
        while true do
            local incident = table.remove(several)
            if incident == nil then
                break
            end
            local before = known[incident.id]
            if (before and before.signature) == incident.signature then
                takeAlerts(incident, before.alerts)
            elseif mayAsk then
                readAlertsOf(incident)
                return
            end
        end
        if mayAsk and not hasLookedForGone then
            hasLookedForGone = true
            lookForGone()
        end
        local ____mayAsk_8
        if mayAsk then
            ____mayAsk_8 = table.remove(gone)
        else
            ____mayAsk_8 = nil
        end
        local next = ____mayAsk_8
        if next == nil then
            finish()
        else
            readGone(next)
        end
    end
    listOpenIncidents(
        api,
        serviceIds,
        function(incident)
            if incident.status ~= "resolved" then
                takeOpen(incident)
            end
        end,
        function(trouble)
            if trouble ~= nil then
                ports.ended(findings, trouble)
            else
                readOn(nil)
            end
        end
    )
end
return exports
 end,

-- -------------------- src/feedback/compare.ts --------------------
["src.feedback.compare"] = function(...)
-- What PagerDuty was found to have, held against what is known of the alerts: gives facts, and changes nothing. Which
-- facts count is decided here, what follows from one is apply.ts' and the alerts' to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen

-- What a dedup key without prefix is about; undefined: it is none of ours.
function exports.resourceOfKey(key)
    local hostOnly = string.match(key, "^(%d+)_H$")
    if hostOnly ~= nil then
        return {
            kind = "host",
            hostId = tonumber(hostOnly) or 0,
            serviceId = 0
        }
    end
    local hostId, serviceId = string.match(key, "^(%d+)_(%d+)$")
    if hostId ~= nil then
        return {
            kind = "service",
            hostId = tonumber(hostId) or 0,
            serviceId = tonumber(serviceId) or 0
        }
    end
    local kind, id = string.match(key, "^(%a+)_(%d+)$")
    if kind == "ba" then
        return {
            kind = "business activity",
            id = tonumber(id) or 0
        }
    end
    if kind == "poller" then
        return {
            kind = "poller",
            id = tonumber(id) or 0
        }
    end
    local route = string.match(key, "^storm_(.+)$")
    if route ~= nil then
        return {kind = "storm", route = route}
    end
    return key == "pagerduty_connector" and ({kind = "connector", id = 0}) or nil
end

-- The key without `prefix`; undefined: it does not begin so.
local function withoutPrefix(key, prefix)
    return string.sub(key, 1, #prefix) == prefix and string.sub(key, #prefix + 1) or nil
end

function exports.markOf(____bindingPattern0)
    local address
    local number
    local id
    id = ____bindingPattern0.id
    number = ____bindingPattern0.number
    address = ____bindingPattern0.address
    return {id = id, number = number, address = address}
end

-- The one of these that is the alert's: where it was seen before, else at the service that its key leads to.
local function ownOf(alert, all, serviceId)
    for ____, found in ipairs(all) do
        local ____found_incident_id_2 = found.incident.id
        local ____opt_0 = alert.incident
        if ____found_incident_id_2 == (____opt_0 and ____opt_0.id) then
            return found
        end
    end
    for ____, found in ipairs(all) do
        if serviceId == nil or found.incident.serviceId == serviceId then
            return found
        end
    end
    -- Merged into an incident of another service, or moved there: the key says whose it is.
    local ____isOpen_result_3
    if isOpen(alert) then
        ____isOpen_result_3 = all[1]
    else
        ____isOpen_result_3 = nil
    end
    return ____isOpen_result_3
end

function exports.compare(____bindingPattern0, ports)
    local ended
    local open
    open = ____bindingPattern0.open
    ended = ____bindingPattern0.ended
    local facts = {}
    local seen = {}
    local unknown = {}
    local elsewhere = {}
    local ____ports_4 = ports
    local dedupPrefix = ____ports_4.dedupPrefix
    for key, all in pairs(open) do
        local dedupKey = withoutPrefix(key, dedupPrefix)
        local ____temp_5
        if dedupKey == nil then
            ____temp_5 = nil
        else
            ____temp_5 = exports.resourceOfKey(dedupKey)
        end
        local resource = ____temp_5
        if dedupKey ~= nil and resource ~= nil and all ~= nil then
            local alert = ports.find(resource)
            local first = all[1]
            if alert ~= nil then
                local found = ownOf(
                    alert,
                    all,
                    ports.serviceOf(alert.route)
                )
                if found ~= nil then
                    seen[alert] = true
                    if not ports.isRecent(dedupKey, alert) then
                        facts[#facts + 1] = {kind = "open", alert = alert, found = found}
                    end
                end
                for ____, ____value in ipairs(all) do
                    local incident = ____value.incident
                    if incident.id ~= (found and found.incident.id) and not ports.isRecent(dedupKey, alert) then
                        elsewhere[#elsewhere + 1] = incident
                    end
                end
            elseif first ~= nil and not ports.isRecent(dedupKey, nil) then
                unknown[#unknown + 1] = {resource = resource, dedupKey = dedupKey, incident = first.incident}
            end
        end
    end
    for key, found in pairs(ended) do
        local dedupKey = withoutPrefix(key, dedupPrefix)
        local ____temp_8
        if dedupKey == nil then
            ____temp_8 = nil
        else
            ____temp_8 = exports.resourceOfKey(dedupKey)
        end
        local resource = ____temp_8
        local ____temp_9
        if resource == nil then
            ____temp_9 = nil
        else
            ____temp_9 = ports.find(resource)
        end
        local alert = ____temp_9
        -- Nobody knows of an end but where it was seen open before.
        if found ~= nil and (alert and alert.incident) ~= nil and dedupKey ~= nil then
            if not ports.isRecent(dedupKey, alert) then
                facts[#facts + 1] = {kind = "ended", alert = alert, incident = found}
            end
        end
    end
    return {facts = facts, seen = seen, unknown = unknown, elsewhere = elsewhere}
end
return exports
 end,

-- -------------------- src/feedback/apply.ts --------------------
["src.feedback.apply"] = function(...)
-- What follows from a fact: what is known of the alert changes, the book is told, and one line says so. The rules of it
-- are the alerts' (alerts/learnt.ts); who closed what, and whether it is opened anew, is read here.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____learnt = require("src.alerts.learnt")
local learnClosed = ____learnt.learnClosed
local learnOpen = ____learnt.learnOpen
local ____compare = require("src.feedback.compare")
local markOf = ____compare.markOf

local function whereOf(____bindingPattern0)
    local number
    number = ____bindingPattern0.number
    return string.format("incident #%.0f", number)
end

-- Who closed it, in doubt a person: they are believed; undefined: PagerDuty itself, or something that uses its API.
function exports.closerOf(____bindingPattern0)
    local changedBy
    local status
    status = ____bindingPattern0.status
    changedBy = ____bindingPattern0.changedBy
    if status ~= "resolved" or changedBy == nil then
        return "somebody"
    end
    return changedBy.isPerson and changedBy.name or nil
end

function exports.reopeningOf(choice, isByPerson, isQuiet)
    if choice == "never" or choice == "timeout" and isByPerson then
        return "never"
    end
    -- Of a poller that nothing is heard of, only a check can say that the problem lasts.
    return (isByPerson or isQuiet) and "by a later check" or "at once"
end

local function openWords(learnt, incident)
    local where = whereOf(incident)
    local ____incident_0 = incident
    local acknowledgement = ____incident_0.acknowledgement
    local status = ____incident_0.status
    local by = acknowledgement == nil and "" or " by " .. acknowledgement.by
    if learnt == "acknowledged" then
        return ((where .. " was acknowledged") .. by) .. " in PagerDuty"
    end
    if learnt == "triggered again" then
        return where .. " is not acknowledged any more in PagerDuty"
    end
    return (((("PagerDuty has " .. where) .. " open for it (") .. status) .. by) .. "): it is taken over"
end

-- Applies one fact.
function exports.apply(fact, ports)
    local ____fact_1 = fact
    local alert = ____fact_1.alert
    local label = ((nameOf(alert) .. " (") .. alert.dedupKey) .. ")"
    if fact.kind == "ended" then
        local ____fact_2 = fact
        local incident = ____fact_2.incident
        local by = exports.closerOf(incident)
        local reopening = exports.reopeningOf(
            ports.reopen,
            by ~= nil,
            ports.isOfQuietPoller(alert)
        )
        if not learnClosed(alert, {by = by, at = incident.changedAt}, reopening) then
            return
        end
        local whoever = by or "PagerDuty itself (a timeout, or the API)"
        ports.info((((label .. ": ") .. whereOf(incident)) .. " was closed by ") .. whoever)
        ports.learnt(alert)
        return
    end
    local ____fact_found_3 = fact.found
    local incident = ____fact_found_3.incident
    local since = ____fact_found_3.since
    local isAcknowledged = incident.status == "acknowledged"
    local learnt = learnOpen(
        alert,
        markOf(incident),
        isAcknowledged,
        ports.now()
    )
    if learnt == "nothing" then
        return
    end
    if learnt == "noted" then
        ports.noted(alert)
        return
    end
    ports.info((label .. ": ") .. openWords(learnt, incident))
    ports.learnt(alert)
    if learnt == "triggered again" then
        ports.unacknowledged(alert, incident)
    elseif isAcknowledged and incident.acknowledgement ~= nil then
        ports.acknowledged(alert, incident, since)
    end
end
return exports
 end,

-- -------------------- src/feedback/carry.ts --------------------
["src.feedback.carry"] = function(...)
-- Where what people did in PagerDuty is carried to: the seam for telling Centreon. Owns no more than its form.
local exports = {}
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp

-- Whether the acknowledgement is of this problem: the alert was in the incident before it. Times are of UTC and of one form;
-- of others nobody can tell, and they are not believed.
function exports.isOfThisProblem(since, at)

    local function isTime(text)
        return (string.match(text, "^%d%d%d%d%-%d%d%-%d%dT[%d:.]+Z$")) ~= nil
    end
    return isTime(since) and isTime(at) and string.sub(since, 1, 19) <= string.sub(at, 1, 19)
end

-- Whether the problem was there at a time, as PagerDuty writes it: an incident that a person is to end (pdy_resolve 0) may be
-- acknowledged for the one before. Clocks differ: it was not, where neither the poller nor this server can have seen it.
function exports.wasThereAt(____bindingPattern0, at)
    local report
    local facts
    facts = ____bindingPattern0.facts
    report = ____bindingPattern0.report
    local since = math.max(
        0,
        math.min(facts.problemSince or 0, report and report.lastOk or 0)
    )
    return exports.isOfThisProblem(
        utcTimestamp(since) or "",
        at
    )
end
return exports
 end,

-- -------------------- src/rules/action_rules.ts --------------------
["src.rules.action_rules"] = function(...)
-- The administrator's choices about alerts that are open already, as the table of actions takes them.
local exports = {}

function exports.actionRulesOf(settings)
    return {
        resolvesRecoveries = settings.pdy_resolve,
        passesOnAcknowledgements = settings.pdy_acknowledge,
        repageOnEscalation = settings.pdy_repage_on_escalation,
        updatesState = settings.pdy_updates ~= "none",
        updatesOutput = settings.pdy_updates == "output"
    }
end

-- What a downtime does to an open alert; undefined: nothing.
function exports.downtimeActionOf(____bindingPattern0)
    local action
    action = ____bindingPattern0.pdy_downtime_action
    local ____temp_0
    if action == "none" then
        ____temp_0 = nil
    else
        ____temp_0 = action
    end
    return ____temp_0
end
return exports
 end,

-- -------------------- src/commands/open_incidents.ts --------------------
["src.commands.open_incidents"] = function(...)
-- What PagerDuty has open of the output's services, and how that differs from what the journal knows. Changes nothing; what
-- is said of it, and done about it, is the commands' to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local nameOf = ____alert.nameOf
local nextAction = ____alert.nextAction
local ____learnt = require("src.alerts.learnt")
local isAcknowledgedHere = ____learnt.isAcknowledgedHere
local isForPeopleToAcknowledge = ____learnt.isForPeopleToAcknowledge
local ____answers = require("src.feedback.answers")
local readIncident = ____answers.readIncident
local ____apply = require("src.feedback.apply")
local closerOf = ____apply.closerOf
local ____carry = require("src.feedback.carry")
local isOfThisProblem = ____carry.isOfThisProblem
local ____compare = require("src.feedback.compare")
local resourceOfKey = ____compare.resourceOfKey
local ____round = require("src.feedback.round")
local startRound = ____round.startRound
local ____action_rules = require("src.rules.action_rules")
local actionRulesOf = ____action_rules.actionRulesOf
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
local ____file_problem = require("src.commands.file_problem")
local isMissing = ____file_problem.isMissing
local withRemedy = ____file_problem.withRemedy
local ____journal_view = require("src.commands.journal_view")
local viewJournal = ____journal_view.viewJournal
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile

local function byKey(alerts)
    local found = {}
    for ____, alert in ipairs(alerts) do
        found[alert.dedupKey] = alert
    end
    return found
end

-- The one of these that is the alert's: where it was seen, else at the service that its key leads to.
local function ownOf(alert, all, serviceId)
    for ____, found in ipairs(all) do
        local ____found_incident_id_2 = found.incident.id
        local ____opt_0 = alert.incident
        if ____found_incident_id_2 == (____opt_0 and ____opt_0.id) then
            return found
        end
    end
    for ____, found in ipairs(all) do
        if found.incident.serviceId == serviceId then
            return found
        end
    end
    return all[1]
end

-- How an alert that is open at PagerDuty and a problem here is other there.
local function differencesOf(alert, all, ____bindingPattern0, rules)
    local routeOf
    local serviceOf
    serviceOf = ____bindingPattern0.serviceOf
    routeOf = ____bindingPattern0.routeOf
    local serviceId = serviceOf(alert.route)
    local differences = {}
    local own = ownOf(alert, all, serviceId)

    local function note(kind, incident, more, extraBy)
        differences[#differences + 1] = {
            kind = kind,
            dedupKey = alert.dedupKey,
            name = nameOf(alert),
            incident = incident,
            more = more,
            extraBy = extraBy
        }
    end
    if own == nil then
        return differences
    end
    local incident = own.incident
    local isWhereItsKeyLeads = incident.serviceId == serviceId
    for ____, ____value in ipairs(all) do
        local other = ____value.incident
        if other.id ~= incident.id then
            -- At one service a resolve ends its own.
            local isExtra = isWhereItsKeyLeads and other.serviceId ~= serviceId
            local ____isExtra_3
            if isExtra then
                ____isExtra_3 = routeOf(other.serviceId)
            else
                ____isExtra_3 = nil
            end
            local by = ____isExtra_3
            note(
                "open more than once",
                other,
                "its own is #" .. string.format("%.0f", incident.number),
                by
            )
        end
    end
    -- One that was followed there was merged, or moved.
    local ____opt_4 = alert.incident
    local isFollowed = (____opt_4 and ____opt_4.id) == incident.id
    if not isFollowed and serviceId ~= nil and not isWhereItsKeyLeads then
        note("at another service than its key's", incident, incident.serviceName)
    end
    if not isForPeopleToAcknowledge(alert) then
        return differences
    end
    local isAcknowledgedThere = incident.status == "acknowledged"
    if isAcknowledgedThere and not isAcknowledgedHere(alert) then
        local ____opt_6 = incident.acknowledgement
        local by = ____opt_6 and ____opt_6.by
        note("acknowledged there only", incident, by == nil and "" or "by " .. by)
    elseif not isAcknowledgedThere and isAcknowledgedHere(alert) and rules.passesOnAcknowledgements then
        local ____opt_8 = alert.acknowledgement
        local author = ____opt_8 and ____opt_8.author or ""
        note("acknowledged here only", incident, author == "" and "" or "by " .. author)
    end
    return differences
end

-- A problem of which PagerDuty has closed the alert, with this incident where it was read now.
local function closedThere(alert, incident, ending)
    return {
        kind = "closed there, a problem here",
        dedupKey = alert.dedupKey,
        name = nameOf(alert),
        incident = incident,
        more = (("by " .. (ending.by or "PagerDuty itself, or the API")) .. ", ") .. ending.at,
        ending = ending
    }
end

local function endingOf(incident)
    return {
        by = closerOf(incident),
        at = incident.changedAt
    }
end

-- Alerts that PagerDuty had, and has closed.
local function closedOnes(alerts, findings, prefix)
    local closed = {}
    for ____, alert in ipairs(alerts) do
        local dedupKey = alert.dedupKey
        local closing = alert.closing
        local key = prefix .. dedupKey
        local ended = findings.ended[key]
        if alert.desired ~= "resolved" and not (findings.open[key] ~= nil) then
            if closing ~= nil then
                closed[#closed + 1] = closedThere(alert, nil, {by = closing.by, at = closing.at})
            elseif ended ~= nil and isOpen(alert) then
                closed[#closed + 1] = closedThere(
                    alert,
                    ended,
                    endingOf(ended)
                )
            end
        end
    end
    return closed
end

-- Asks for what is open, or gives what went wrong.
function exports.askOpenIncidents(____bindingPattern0)
    local services
    local asking
    local setup
    setup = ____bindingPattern0.setup
    asking = ____bindingPattern0.asking
    services = ____bindingPattern0.services
    local ____setup_10 = setup
    local settings = ____setup_10.settings
    local ____services_11 = services
    local known = ____services_11.known
    local prefix = settings.pdy_dedup_prefix
    -- One that is missing was lost, or is to come; of one that is hidden nobody can say what it lacks.
    local unreadable = select(
        2,
        readFile(settings.state_path)
    )
    if unreadable ~= nil and not isMissing(unreadable) then
        return "the journal cannot be read: " .. withRemedy(unreadable, "")
    end
    local before = viewJournal(settings.state_path)
    local read = {}
    local ____asking_12 = asking
    local api = ____asking_12.api

    local function listing(path, name, query, take, ended, pageSize)

        local function noteAndTake(item)
            local ____temp_13
            if name == "incidents" then
                ____temp_13 = readIncident(item)
            else
                ____temp_13 = nil
            end
            local incident = ____temp_13
            if incident ~= nil then
                read[incident.id] = incident
            end
            take(item)
        end
        api.list(
            path,
            name,
            query,
            noteAndTake,
            ended,
            pageSize
        )
    end
    local findings = {open = {}, ended = {}}
    local problem = asking.wait(function(ended)
        startRound(
            known.asked,
            {},
            {
                api = {list = listing, one = api.one},
                expected = function()
                    local expected = {}
                    for ____, alert in ipairs(before.alerts) do
                        if alert.incident ~= nil and isOpen(alert) then
                            expected[#expected + 1] = {key = prefix .. alert.dedupKey, incidentId = alert.incident.id}
                        end
                    end
                    return expected
                end,
                ended = function(found, trouble)
                    findings = found
                    ended(trouble)
                end
            }
        )
    end)
    if problem ~= nil then
        return problem.text
    end
    -- What came or ended meanwhile is no difference.
    local after = viewJournal(settings.state_path)
    local alertsBefore, alertsAfter = byKey(before.alerts), byKey(after.alerts)
    local rules = actionRulesOf(settings)

    -- Nothing is on its way that would change what PagerDuty has.
    local function isSettledHere(alert)
        return nextAction(alert, rules) == nil
    end

    local function isOurs(incident)
        return known.isOurs(incident.serviceId) or #known.asked == 0 and prefix ~= ""
    end
    local keysOf = {}
    local differences = {}
    for key, all in pairs(findings.open) do
        local dedupKey = string.sub(key, #prefix + 1)
        local isKeyOfOurs = string.sub(key, 1, #prefix) == prefix and resourceOfKey(dedupKey) ~= nil
        if isKeyOfOurs and all ~= nil then
            local alert = alertsAfter[dedupKey]
            for ____, ____value in ipairs(all) do
                local incident = ____value.incident
                local keys = keysOf[incident.id] or ({})
                keys[#keys + 1] = {
                    dedupKey = dedupKey,
                    name = alert == nil and incident.title or nameOf(alert)
                }
                keysOf[incident.id] = keys
                local isUnknown = alert == nil and alertsBefore[dedupKey] == nil
                -- Where people end incidents (pdy_resolve 0), those of what is over are theirs.
                if isUnknown and rules.resolvesRecoveries and isOurs(incident) then
                    differences[#differences + 1] = {
                        kind = "open there, fine here",
                        dedupKey = dedupKey,
                        name = incident.title,
                        incident = incident,
                        more = ""
                    }
                end
            end
            if alert ~= nil and isSettledHere(alert) then
                for ____, one in ipairs(differencesOf(alert, all, known, rules)) do
                    differences[#differences + 1] = one
                end
            end
        end
    end
    local settled = {}
    for ____, alert in ipairs(after.alerts) do
        if isSettledHere(alert) then
            settled[#settled + 1] = alert
        end
    end
    for ____, one in ipairs(closedOnes(settled, findings, prefix)) do
        differences[#differences + 1] = one
    end
    table.sort(
        differences,
        function(left, right)
            local ____temp_14
            if left.dedupKey == right.dedupKey then
                ____temp_14 = left.kind < right.kind
            else
                ____temp_14 = left.dedupKey < right.dedupKey
            end
            return ____temp_14
        end
    )
    local notSeen = {}
    for ____, alert in ipairs(settled) do
        local key = prefix .. alert.dedupKey
        if isOpen(alert) and not (findings.open[key] ~= nil) and findings.ended[key] == nil then
            notSeen[#notSeen + 1] = alert
        end
    end
    local incidents = {}
    for id, incident in pairs(read) do
        local keys = keysOf[id] or ({})
        table.sort(
            keys,
            function(left, right) return left.dedupKey < right.dedupKey end
        )
        if incident ~= nil and (#keys > 0 or known.isOurs(incident.serviceId)) then
            incidents[#incidents + 1] = {incident = incident, keys = keys}
        end
    end
    table.sort(
        incidents,
        function(left, right) return left.incident.number < right.incident.number end
    )
    return {incidents = incidents, differences = differences, notSeen = notSeen, journalProblem = after.problem}
end
-- Most keys that are asked for one by one.
local MOST_ASKED_ALONE = 100

-- Where an alert is that is in no incident that is to be seen: asks for its key, whatever the service. Undefined: nobody can tell.
local function whereIs(alert, ____bindingPattern0)
    local setup
    local asking
    asking = ____bindingPattern0.asking
    setup = ____bindingPattern0.setup
    local ____asking_15 = asking
    local api = ____asking_15.api
    local wait = ____asking_15.wait
    local ____alert_16 = alert
    local dedupKey = ____alert_16.dedupKey
    local last
    local problem = wait(function(ended)
        api.list(
            "/incidents",
            "incidents",
            {{"incident_key", setup.settings.pdy_dedup_prefix .. dedupKey}, {"date_range", "all"}, {"sort_by", "incident_number:asc"}},
            function(item)
                last = readIncident(item) or last
            end,
            ended
        )
    end)
    if problem ~= nil then
        return problem.text
    end
    if last == nil or last.mergedInto ~= nil then
        return nil
    end
    if last.status == "resolved" then
        -- One that ended before was of an earlier problem: where this one is, nobody can tell.
        local isOfThis = isOfThisProblem(
            utcTimestamp(alert.triggeredAt) or "",
            last.changedAt
        )
        return isOfThis and closedThere(
            alert,
            last,
            endingOf(last)
        ) or nil
    end
    return {
        kind = "at another service than its key's",
        dedupKey = dedupKey,
        name = nameOf(alert),
        incident = last,
        more = last.serviceName
    }
end

-- Asks for each of the alerts that are not to be seen by its key. Gives what is known then, or what went wrong.
function exports.askForUnseen(notSeen, opened)
    local differences = {}
    local still = {}
    for index, alert in ipairs(notSeen) do
        local ____temp_17
        if index > MOST_ASKED_ALONE then
            ____temp_17 = nil
        else
            ____temp_17 = whereIs(alert, opened)
        end
        local found = ____temp_17
        if type(found) == "string" then
            return found
        end
        if found == nil then
            still[#still + 1] = alert
        else
            differences[#differences + 1] = found
        end
    end
    return {differences = differences, notSeen = still}
end
return exports
 end,

-- -------------------- src/commands/incidents.ts --------------------
["src.commands.incidents"] = function(...)
-- `incidents`: the open incidents of the output's services, who works on them, and what differs from Centreon; with --plugin
-- in the form of a monitoring plugin.
local exports = {}
local ____json = require("src.text.json")
local encode = ____json.encode
local ____arguments = require("src.commands.arguments")
local numberOf = ____arguments.numberOf
local ____health_report = require("src.commands.health_report")
local LEVEL = ____health_report.LEVEL
local LEVEL_WORDS = ____health_report.LEVEL_WORDS
local ____open_incidents = require("src.commands.open_incidents")
local askOpenIncidents = ____open_incidents.askOpenIncidents
local ____output = require("src.commands.output")
local withOutputOptions = ____output.withOutputOptions
local ____plugin = require("src.commands.plugin")
local PLUGIN_OPTION = ____plugin.PLUGIN_OPTION
local cannotTell = ____plugin.cannotTell
local pluginLine = ____plugin.pluginLine
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____rest_asking = require("src.commands.rest_asking")
local openAsked = ____rest_asking.openAsked
local THRESHOLDS = {{name = "--warning-triggered", fallback = 0, meaning = "warn when nobody works on so many incidents (0: never)"}, {name = "--critical-triggered", fallback = 0, meaning = "critical from so many on (0: never)"}, {name = "--warning-differing", fallback = 1, meaning = "warn when so much differs from Centreon (1; 0: never)"}, {name = "--critical-differing", fallback = 0, meaning = "critical from so many on (0: never)"}}
exports.INCIDENTS = {
    command = "incidents",
    purpose = "Tells what is open in PagerDuty, who works on it, and what differs from Centreon.",
    operands = {},
    options = withOutputOptions({
        PLUGIN_OPTION,
        {name = "--json", meaning = "the same as one JSON object"},
        {name = THRESHOLDS[1].name, value = "N", meaning = THRESHOLDS[1].meaning},
        {name = THRESHOLDS[2].name, value = "N", meaning = THRESHOLDS[2].meaning},
        {name = THRESHOLDS[3].name, value = "N", meaning = THRESHOLDS[3].meaning},
        {name = THRESHOLDS[4].name, value = "N", meaning = THRESHOLDS[4].meaning}
    })
}

-- Who has it in hand, or whom PagerDuty calls.
local function whoOf(____bindingPattern0)
    local assignees
    local acknowledgement
    acknowledgement = ____bindingPattern0.acknowledgement
    assignees = ____bindingPattern0.assignees
    if acknowledgement ~= nil then
        return acknowledgement.by
    end
    local ____temp_0
    if #assignees == 0 then
        ____temp_0 = nil
    else
        ____temp_0 = table.concat(assignees, ", ")
    end
    return ____temp_0
end

-- Since when it is in this state, as PagerDuty writes times.
local function sinceOf(____bindingPattern0)
    local createdAt
    local changedAt
    local acknowledgement
    acknowledgement = ____bindingPattern0.acknowledgement
    changedAt = ____bindingPattern0.changedAt
    createdAt = ____bindingPattern0.createdAt
    if acknowledgement ~= nil then
        return acknowledgement.at
    end
    return changedAt == "" and createdAt or changedAt
end

local function incidentLine(____bindingPattern0)
    local keys
    local incident
    incident = ____bindingPattern0.incident
    keys = ____bindingPattern0.keys
    local names = {}
    for ____, ____value in ipairs(keys) do
        local name = ____value.name
        local dedupKey = ____value.dedupKey
        names[#names + 1] = ((name .. " (") .. dedupKey) .. ")"
    end
    local what = #names == 0 and incident.title .. " (not from Centreon)" or table.concat(names, ", ")
    local who = whoOf(incident)
    local hand = incident.status == "acknowledged" and "by" or "assigned to"
    local whose = who == nil and "" or ((" " .. hand) .. " ") .. who
    local number = string.format("#%.0f", incident.number)
    return ((((((((((number .. "  ") .. incident.status) .. whose) .. " since ") .. sinceOf(incident)) .. ": ") .. what) .. ", ") .. incident.serviceName) .. "  ") .. incident.address
end

-- `open there, fine here: web-01/Load (11_22), #12  https://…`.
function exports.differenceLine(____bindingPattern0)
    local more
    local incident
    local dedupKey
    local name
    local kind
    kind = ____bindingPattern0.kind
    name = ____bindingPattern0.name
    dedupKey = ____bindingPattern0.dedupKey
    incident = ____bindingPattern0.incident
    more = ____bindingPattern0.more
    local detail = more == "" and "" or (" (" .. more) .. ")"
    local where = incident == nil and "" or string.format(", #%.0f  %s", incident.number, incident.address)
    return ((((((kind .. detail) .. ": ") .. name) .. " (") .. dedupKey) .. ")") .. where
end

local function differenceJson(____bindingPattern0)
    local more
    local incident
    local name
    local dedupKey
    local kind
    kind = ____bindingPattern0.kind
    dedupKey = ____bindingPattern0.dedupKey
    name = ____bindingPattern0.name
    incident = ____bindingPattern0.incident
    more = ____bindingPattern0.more
    local ____temp_1
    if more == "" then
        ____temp_1 = nil
    else
        ____temp_1 = more
    end
    local detail = ____temp_1
    return {fields = {
        {"kind", kind},
        {"dedup_key", dedupKey},
        {"resource", name},
        {"incident_number", incident and incident.number},
        {"url", incident and incident.address},
        {"detail", detail}
    }}
end

-- The list of differences, as programs read it.
function exports.differencesJson(differences)
    local items = {}
    for ____, difference in ipairs(differences) do
        items[#items + 1] = differenceJson(difference)
    end
    return {items = items}
end

local function incidentJson(____bindingPattern0)
    local keys
    local incident
    incident = ____bindingPattern0.incident
    keys = ____bindingPattern0.keys
    local alerts = {}
    for ____, ____value in ipairs(keys) do
        local dedupKey = ____value.dedupKey
        local name = ____value.name
        alerts[#alerts + 1] = {fields = {{"dedup_key", dedupKey}, {"resource", name}}}
    end
    return {fields = {
        {"number", incident.number},
        {"id", incident.id},
        {"status", incident.status},
        {"title", incident.title},
        {"service", incident.serviceName},
        {
            "who",
            whoOf(incident)
        },
        {
            "since",
            sinceOf(incident)
        },
        {"created_at", incident.createdAt},
        {"url", incident.address},
        {"alerts", {items = alerts}}
    }}
end

local function jsonOf(____bindingPattern0)
    local differences
    local incidents
    incidents = ____bindingPattern0.incidents
    differences = ____bindingPattern0.differences
    local items = {}
    for ____, incident in ipairs(incidents) do
        items[#items + 1] = incidentJson(incident)
    end
    return encode({fields = {
        {"incidents", {items = items}},
        {
            "differences",
            exports.differencesJson(differences)
        }
    }})
end

local function levelOf(count, warning, critical)
    if critical > 0 and count >= critical then
        return LEVEL.critical
    end
    return warning > 0 and count >= warning and LEVEL.warning or LEVEL.ok
end

-- A count as plugins tell it; a limit of 0 is none.
local function measured(name, count, warning, critical)

    local function limit(value)
        return value == 0 and "" or string.format("%d", value)
    end
    return string.format(
        "%s=%d;%s;%s;0",
        name,
        count,
        limit(warning),
        limit(critical)
    )
end

function exports.incidents(given, report)
    local isPlugin = given.has("--plugin")
    local limits = {}
    for ____, ____value in ipairs(THRESHOLDS) do
        local name = ____value.name
        local fallback = ____value.fallback
        local limit = numberOf(given, name, fallback)
        if limit == nil then
            local code = cannotTell(exports.INCIDENTS.command, name .. " needs a whole number", isPlugin, report)
            return isPlugin and code or EXIT.usage
        end
        limits[#limits + 1] = limit
    end
    local opened = openAsked(exports.INCIDENTS.command, given, report)
    if type(opened) == "number" then
        return opened
    end
    local found = askOpenIncidents(opened)
    if type(found) == "string" then
        return cannotTell(exports.INCIDENTS.command, found, isPlugin, report)
    end
    local triggered = 0
    for ____, ____value in ipairs(found.incidents) do
        local incident = ____value.incident
        if incident.status == "triggered" then
            triggered = triggered + 1
        end
    end
    local open = #found.incidents
    local differing = #found.differences
    local warningTriggered, criticalTriggered = limits[1] or 0, limits[2] or 0
    local warningDiffering, criticalDiffering = limits[3] or 0, limits[4] or 0
    local ofTriggered = levelOf(triggered, warningTriggered, criticalTriggered)
    local ofDiffering = levelOf(differing, warningDiffering, criticalDiffering)
    local level = ofTriggered > ofDiffering and ofTriggered or ofDiffering
    local differs = differing == 0 and "nothing differs from Centreon" or tostring(differing) .. " differing from Centreon"
    local text = (((((counted(open, "open incident") .. ": ") .. tostring(triggered)) .. " triggered, ") .. tostring(open - triggered)) .. " acknowledged; ") .. differs
    if isPlugin then
        local first = found.differences[1]
        local example = first == nil and "" or ((", such as " .. first.name) .. ": ") .. first.kind
        local performance = {
            measured("incidents.open.count", open, 0, 0),
            measured("incidents.triggered.count", triggered, warningTriggered, criticalTriggered),
            measured("incidents.differing.count", differing, warningDiffering, criticalDiffering)
        }
        report.print(pluginLine(
            level,
            text .. example,
            table.concat(performance, " ")
        ))
        return level
    end
    local code = level == LEVEL.ok and EXIT.good or EXIT.problem
    if given.has("--json") then
        report.print(jsonOf(found))
        return code
    end
    for ____, incident in ipairs(found.incidents) do
        report.add(incidentLine(incident))
    end
    if differing > 0 then
        report.add(("differing (" .. tostring(differing)) .. ")")
    end
    for ____, difference in ipairs(found.differences) do
        report.add("  " .. exports.differenceLine(difference))
    end
    if found.journalProblem ~= nil then
        report.find("WARNING", "journal", found.journalProblem)
    end
    report.print(((level == LEVEL.ok and "ok" or LEVEL_WORDS[level]) .. ": ") .. text)
    return code
end
return exports
 end,

-- -------------------- src/commands/oncall.ts --------------------
["src.commands.oncall"] = function(...)
-- `oncall`: who is on call for what each team's routing key pages, by PagerDuty's REST API; with --plugin in the form of a
-- monitoring plugin.
local exports = {}
local ____queries = require("src.feedback.queries")
local listOnCalls = ____queries.listOnCalls
local ____json = require("src.text.json")
local encode = ____json.encode
local ____health_report = require("src.commands.health_report")
local LEVEL = ____health_report.LEVEL
local LEVEL_WORDS = ____health_report.LEVEL_WORDS
local ____output = require("src.commands.output")
local withOutputOptions = ____output.withOutputOptions
local ____plugin = require("src.commands.plugin")
local PLUGIN_OPTION = ____plugin.PLUGIN_OPTION
local cannotTell = ____plugin.cannotTell
local pluginLine = ____plugin.pluginLine
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____rest_asking = require("src.commands.rest_asking")
local isOrchestrations = ____rest_asking.isOrchestrations
local labelsOf = ____rest_asking.labelsOf
local openAsked = ____rest_asking.openAsked
exports.ONCALL = {
    command = "oncall",
    purpose = "Tells who is on call for each routing key's service. With --plugin as a plugin does.",
    operands = {},
    options = withOutputOptions({PLUGIN_OPTION, {name = "--json", meaning = "the same as one JSON object"}})
}

local function teamsOf(services, routingKeys)
    local teams = {}
    local isNamed = {}
    for ____, label in ipairs(labelsOf(routingKeys)) do
        local service = services.find(services.known.serviceOf(label) or "")
        if service ~= nil then
            isNamed[service.id] = true
        end
        teams[#teams + 1] = {
            label = label,
            service = service,
            escalationPolicyId = service and service.escalationPolicyId,
            isOrchestrations = isOrchestrations(routingKeys[label] or "")
        }
    end
    for ____, id in ipairs(services.given) do
        local service = services.find(id)
        if service ~= nil and not (isNamed[id] ~= nil) then
            teams[#teams + 1] = {label = nil, service = service, escalationPolicyId = service.escalationPolicyId, isOrchestrations = false}
        end
    end
    return teams
end

-- Fills in who is on call for the policies in `byPolicy`.
local function askOnCall(____bindingPattern0, byPolicy)
    local wait
    local api
    api = ____bindingPattern0.api
    wait = ____bindingPattern0.wait
    local policyIds = {}
    for id in pairs(byPolicy) do
        policyIds[#policyIds + 1] = id
    end

    local function take(onCall)
        local ____opt_2 = byPolicy[onCall.escalationPolicyId]
        if ____opt_2 ~= nil then
            local ____byPolicy_onCall_escalationPolicyId_3 = byPolicy[onCall.escalationPolicyId]
            ____byPolicy_onCall_escalationPolicyId_3[#____byPolicy_onCall_escalationPolicyId_3 + 1] = onCall
        end
    end
    local problem = wait(function(ended)
        listOnCalls(api, policyIds, take, ended)
    end)
    for ____, all in pairs(byPolicy) do
        table.sort(
            all or ({}),
            function(left, right)
                local ____temp_5
                if left.level == right.level then
                    ____temp_5 = left.person < right.person
                else
                    ____temp_5 = left.level < right.level
                end
                return ____temp_5
            end
        )
    end
    return problem
end

local function untilWords(____bindingPattern0)
    local ____until
    ____until = ____bindingPattern0["until"]
    return ____until == nil and "always" or "until " .. ____until
end

local function titleOf(____bindingPattern0)
    local service
    local label
    label = ____bindingPattern0.label
    service = ____bindingPattern0.service
    local name = service == nil and "" or ((("\"" .. service.name) .. "\" (") .. service.id) .. ")"
    if label == nil then
        return "service " .. name
    end
    return service == nil and label or (label .. ": ") .. name
end

local function jsonOf(teams, onCallOf)
    local items = {}
    for ____, team in ipairs(teams) do
        local onCall = {}
        for ____, ____value in ipairs(onCallOf(team)) do
            local level = ____value.level
            local person = ____value.person
            local schedule = ____value.schedule
            local ____until = ____value["until"]
            onCall[#onCall + 1] = {fields = {{"level", level}, {"person", person}, {"schedule", schedule}, {"until", ____until}}}
        end
        local label = team.label
        local service = team.service
        local ____temp_7 = {"route", label}
        local ____temp_6
        if service == nil then
            ____temp_6 = nil
        else
            ____temp_6 = {fields = {{"id", service.id}, {"name", service.name}}}
        end
        items[#items + 1] = {fields = {____temp_7, {"service", ____temp_6}, {"on_call", {items = onCall}}}}
    end
    return encode({fields = {{"teams", {items = items}}}})
end

local function coverageOf(teams, onCallOf)
    local covered = {}
    local uncovered = {}
    local unseen = {}
    local lines = {}
    for ____, team in ipairs(teams) do
        local label = team.label
        local service = team.service
        local title = titleOf(team)
        local onCall = onCallOf(team)
        local first = onCall[1]
        if service == nil then
            unseen[#unseen + 1] = title
            lines[#lines + 1] = team.isOrchestrations and title .. ": an event orchestration's key, of no one service: pdy_service_ids names those that count" or title .. ": pdy_api_key sees no service that has this key"
        elseif first == nil then
            uncovered[#uncovered + 1] = title
            lines[#lines + 1] = title .. ": NOBODY is on call"
        else
            covered[#covered + 1] = ((((label or service.name) .. ": ") .. first.person) .. " ") .. untilWords(first)
            lines[#lines + 1] = title
            for ____, one in ipairs(onCall) do
                local schedule = one.schedule == nil and "" or ", schedule " .. one.schedule
                lines[#lines + 1] = string.format(
                    "  level %.0f  %s, %s%s",
                    one.level,
                    one.person,
                    untilWords(one),
                    schedule
                )
            end
        end
    end
    return {covered = covered, uncovered = uncovered, unseen = unseen, lines = lines}
end

local function levelOf(____bindingPattern0)
    local uncovered
    local covered
    covered = ____bindingPattern0.covered
    uncovered = ____bindingPattern0.uncovered
    if #uncovered > 0 then
        return LEVEL.critical
    end
    return #covered > 0 and LEVEL.ok or LEVEL.unknown
end

local function wordsOf(____bindingPattern0, isPlugin)
    local unseen
    local uncovered
    local covered
    covered = ____bindingPattern0.covered
    uncovered = ____bindingPattern0.uncovered
    unseen = ____bindingPattern0.unseen
    if #uncovered > 0 then
        return "nobody is on call for " .. table.concat(uncovered, ", ")
    end
    if #covered == 0 then
        return "pdy_api_key sees no service of our keys: " .. table.concat(unseen, ", ")
    end
    if isPlugin then
        return table.concat(covered, ", ")
    end
    return "somebody is on call for " .. counted(#covered, "service")
end

function exports.oncall(given, report)
    local isPlugin = given.has("--plugin")
    local opened = openAsked(exports.ONCALL.command, given, report)
    if type(opened) == "number" then
        return opened
    end
    local setup = opened.setup
    local asking = opened.asking
    local services = opened.services
    local teams = teamsOf(services, setup.routingKeys)
    local byPolicy = {}
    for ____, ____value in ipairs(teams) do
        local escalationPolicyId = ____value.escalationPolicyId
        if escalationPolicyId ~= nil then
            byPolicy[escalationPolicyId] = {}
        end
    end
    -- Without a policy that is named, those of the whole account would come.
    local isAny = (next(byPolicy)) ~= nil
    local ____isAny_8
    if isAny then
        ____isAny_8 = askOnCall(asking, byPolicy)
    else
        ____isAny_8 = nil
    end
    local problem = ____isAny_8
    if problem ~= nil then
        return cannotTell(exports.ONCALL.command, problem.text, isPlugin, report)
    end

    local function onCallOf(____bindingPattern0)
        local escalationPolicyId
        escalationPolicyId = ____bindingPattern0.escalationPolicyId
        return byPolicy[escalationPolicyId or ""] or ({})
    end
    local coverage = coverageOf(teams, onCallOf)
    local level = levelOf(coverage)
    local text = wordsOf(coverage, isPlugin)
    if isPlugin then
        local performance = string.format("services.covered.count=%d;;;0 services.uncovered.count=%d;;1;0", #coverage.covered, #coverage.uncovered)
        report.print(pluginLine(level, text, performance))
        return level
    end
    if given.has("--json") then
        report.print(jsonOf(teams, onCallOf))
    else
        for ____, line in ipairs(coverage.lines) do
            report.add(line)
        end
        report.print(((level == LEVEL.ok and "ok" or LEVEL_WORDS[level]) .. ": ") .. text)
    end
    return level == LEVEL.ok and EXIT.good or EXIT.problem
end
return exports
 end,

-- -------------------- src/commands/quarantine_file.ts --------------------
["src.commands.quarantine_file"] = function(...)
-- Reads the quarantine: the events that PagerDuty refused, as delivery/quarantine wrote them. Changes nothing.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local ____json = require("src.text.json")
local decode = ____json.decode
local ____file_problem = require("src.commands.file_problem")
local isMissing = ____file_problem.isMissing
local withRemedy = ____file_problem.withRemedy
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
-- Stands before the body, the last field of a line. In a text its quotes would be escaped.
local BEFORE_BODY = ",\"event\":"

local function fieldsOf(value)
    return type(value) == "table" and value or ({})
end

local function textOf(value)
    return type(value) == "string" and value or ""
end

local function readLine(line)
    local result = decode(line)
    local ____, bodyStart = string.find(line, BEFORE_BODY, 1, true)
    if not result.ok or bodyStart == nil then
        return nil
    end
    local fields = fieldsOf(result.value)
    local event = fieldsOf(fields.event)
    local payload = fieldsOf(event.payload)
    local dedupKey = textOf(fields.dedup_key)
    local action = textOf(fields.action)
    if dedupKey == "" or action == "" then
        return nil
    end
    local ____textOf_result_2 = textOf(fields.at)
    local ____dedupKey_3 = dedupKey
    local ____textOf_result_4 = textOf(event.dedup_key)
    local ____textOf_1 = textOf
    local ____fields_route_0 = fields.route
    if ____fields_route_0 == nil then
        ____fields_route_0 = DEFAULT_ROUTE
    end
    return {
        at = ____textOf_result_2,
        dedupKey = ____dedupKey_3,
        sentKey = ____textOf_result_4,
        route = ____textOf_1(____fields_route_0),
        action = action,
        severity = textOf(payload.severity),
        summary = textOf(payload.summary),
        reason = textOf(fields.reason),
        body = string.sub(line, bodyStart + 1, -2),
        line = line
    }
end

-- What the lines of a quarantine say, in their order.
function exports.readQuarantineText(text)
    local events = {}
    local unreadable = {}
    for line in string.gmatch(text, "[^\n]+") do
        local ____temp_5
        if line == nil then
            ____temp_5 = nil
        else
            ____temp_5 = readLine(line)
        end
        local event = ____temp_5
        if event ~= nil then
            events[#events + 1] = event
        elseif line ~= nil then
            unreadable[#unreadable + 1] = line
        end
    end
    return {events = events, unreadable = unreadable}
end

-- The quarantine at `path`, or why it cannot be read. No file is an empty one.
function exports.readQuarantine(path)
    local text, problem = readFile(path)
    if text ~= nil then
        return exports.readQuarantineText(text)
    end
    return isMissing(problem) and ({events = {}, unreadable = {}}) or withRemedy(problem, "")
end
return exports
 end,

-- -------------------- src/commands/status.ts --------------------
["src.commands.status"] = function(...)
-- `status`: what is open, waiting, held and quarantined, and how the connector fares; with --plugin in the form of a
-- monitoring plugin. Reads files of the running output, and changes none.
local exports = {}
local ____alert = require("src.alerts.alert")
local gatheredWords = ____alert.gatheredWords
local nameOf = ____alert.nameOf
local nextAction = ____alert.nextAction
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____action_rules = require("src.rules.action_rules")
local actionRulesOf = ____action_rules.actionRulesOf
local ____parameters = require("src.settings.parameters")
local PARAMETERS = ____parameters.PARAMETERS
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local ____arguments = require("src.commands.arguments")
local numberOf = ____arguments.numberOf
local ____health_report = require("src.commands.health_report")
local LEVEL = ____health_report.LEVEL
local LEVEL_WORDS = ____health_report.LEVEL_WORDS
local differingWords = ____health_report.differingWords
local judgeHealth = ____health_report.judgeHealth
local readStatus = ____health_report.readStatus
local ____journal_view = require("src.commands.journal_view")
local countsOf = ____journal_view.countsOf
local deliveredWords = ____journal_view.deliveredWords
local standingOf = ____journal_view.standingOf
local viewJournal = ____journal_view.viewJournal
local NO_CHOICES = ____journal_view.NO_CHOICES
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____plugin = require("src.commands.plugin")
local PLUGIN_OPTION = ____plugin.PLUGIN_OPTION
local pluginLine = ____plugin.pluginLine
local ____quarantine_file = require("src.commands.quarantine_file")
local readQuarantine = ____quarantine_file.readQuarantine
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____running = require("src.commands.running")
local isOutputRunning = ____running.isOutputRunning
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
exports.STATUS = {
    command = "status",
    purpose = "Tells what is open, waiting, held and quarantined, and the last answer. With --plugin as a plugin does.",
    operands = {},
    options = withOutputOptions({
        PLUGIN_OPTION,
        {name = "--all", meaning = "all alerts, not only the first of each kind"},
        {name = "--warning-oldest", value = "S", meaning = "warn when an alert has waited so many seconds (60; 0: never)"},
        {name = "--critical-oldest", value = "S", meaning = "critical from so many seconds on (300; 0: never)"},
        {name = "--warning-waiting", value = "N", meaning = "warn when so many alerts wait (0: never)"},
        {name = "--critical-waiting", value = "N", meaning = "critical from so many on (0: never)"},
        {name = "--warning-refused", value = "N", meaning = "warn when so many events are in quarantine (1; 0: never)"},
        {name = "--critical-refused", value = "N", meaning = "critical from so many on (0: never)"},
        {name = "--stale", value = "S", meaning = "critical when the status file is older than this while the broker runs (60)"},
        {name = "--status-path", value = "FILE", meaning = "the status file: with it the configuration is not read"},
        {name = "--state-path", value = "FILE", meaning = "the journal, in addition to --status-path"},
        {name = "--quarantine-path", value = "FILE", meaning = "the quarantine, in addition to --status-path"}
    })
}
-- Most alerts of a kind that are shown without --all.
local MOST_SHOWN = 20

-- The thresholds that the options give, or the option that is no number.
local function thresholdsOf(given)
    local defaults = {
        {"--warning-oldest", 60},
        {"--critical-oldest", 300},
        {"--warning-waiting", 0},
        {"--critical-waiting", 0},
        {"--warning-refused", 1},
        {"--critical-refused", 0},
        {"--stale", 60}
    }
    local values = {}
    for ____, ____value in ipairs(defaults) do
        local option = ____value[1]
        local fallback = ____value[2]
        local value = numberOf(given, option, fallback)
        if value == nil then
            return option
        end
        values[#values + 1] = value
    end

    local function valueAt(index)
        return values[index + 1] or 0
    end
    return {
        oldest = {
            warning = valueAt(0),
            critical = valueAt(1)
        },
        waiting = {
            warning = valueAt(2),
            critical = valueAt(3)
        },
        refused = {
            warning = valueAt(4),
            critical = valueAt(5)
        },
        stale = valueAt(6)
    }
end

local function readEvidence(files, actionRules)
    local text, problem = readFile(files.status)
    local status = text == nil and withRemedy(problem, "has the broker run this output yet?") or readStatus(text)
    local quarantine = readQuarantine(files.quarantine)
    local quarantined = {}
    if type(quarantine) ~= "string" then
        for ____, ____value in ipairs(quarantine.events) do
            local dedupKey = ____value.dedupKey
            quarantined[dedupKey] = true
        end
    end
    return {
        status = type(status) == "string" and text ~= nil and (files.status .. ": ") .. status or status,
        journal = viewJournal(files.state),
        quarantine = quarantine,
        quarantined = quarantined,
        actionRules = actionRules
    }
end

local function judge(files, evidence, thresholds)
    local ____evidence_0 = evidence
    local status = ____evidence_0.status
    local journal = ____evidence_0.journal
    local quarantine = ____evidence_0.quarantine
    local quarantined = ____evidence_0.quarantined
    local actionRules = ____evidence_0.actionRules

    local function isWaiting(alert)
        return nextAction(alert, actionRules) ~= nil
    end
    local ____judgeHealth_6 = judgeHealth
    local ____status_2 = status
    local ____temp_3 = journal.problem == nil and countsOf(journal.alerts, quarantined, isWaiting) or nil
    local ____isOutputRunning_result_4 = isOutputRunning(files.state)
    local ____os_time_result_5 = os.time()
    local ____temp_1
    if type(quarantine) == "string" then
        ____temp_1 = nil
    else
        ____temp_1 = #quarantine.events
    end
    return ____judgeHealth_6({
        status = ____status_2,
        counts = ____temp_3,
        isRunning = ____isOutputRunning_result_4,
        now = ____os_time_result_5,
        quarantined = ____temp_1
    }, thresholds)
end

-- How asking PagerDuty what people did fares.
local function readingWords(____bindingPattern0)
    local problem
    local readAt
    readAt = ____bindingPattern0.readAt
    problem = ____bindingPattern0.problem
    local read = readAt == nil and "not read yet" or "last read " .. readAt
    return problem == nil and read or (read .. ", and cannot be read now: ") .. problem
end

-- What is known of the delivery as a whole.
local function tellDelivery(____bindingPattern0, report)
    local status
    status = ____bindingPattern0.status
    if type(status) == "string" then
        return
    end
    report.add(string.format(
        "connector    %s, started %s; written %d s ago",
        status.version,
        status.startedAt,
        os.time() - status.writtenAt
    ))
    report.add(string.format("accepted     %d since the start, refused %d", status.accepted, status.refused))
    if status.lastAnswer ~= nil then
        report.add((("last answer  " .. status.lastAnswer) .. ", ") .. (status.lastAnswerAt or ""))
    end
    if status.failingSince ~= nil then
        report.add((("failing      since " .. status.failingSince) .. ": ") .. (status.reason or ""))
    end
    if status.remedy ~= nil then
        report.add("remedy       " .. status.remedy)
    end
    if status.feedback ~= nil then
        report.add("REST API     " .. readingWords(status.feedback))
        report.add("differing    " .. differingWords(status.feedback))
    end
    if status.openOfQuietPollers > 0 then
        report.add(("pollers      nothing is heard of those that " .. counted(status.openOfQuietPollers, "open alert")) .. " are of: what is gone there, \"resolve\" ends")
    end
end

-- One kind of alerts, each on a line.
local function tellAlerts(heading, lines, showsAll, report)
    if #lines == 0 then
        return
    end
    report.add(string.format("%s (%d)", heading, #lines))
    for index, line in ipairs(lines) do
        if showsAll or index <= MOST_SHOWN then
            report.add("  " .. line)
        end
    end
    if not showsAll and #lines > MOST_SHOWN then
        report.add(("  and " .. counted(#lines - MOST_SHOWN, "more alert")) .. ": --all shows them")
    end
end
-- No poller has this number.
local NO_POLLER = -1

-- The pollers of which nothing is heard: their engines stopped, or they are silent by their own alerts.
local function quietPollersOf(____bindingPattern0)
    local stoppedPollers
    local alerts
    alerts = ____bindingPattern0.alerts
    stoppedPollers = ____bindingPattern0.stoppedPollers
    local quiet = {}
    for ____, pollerId in ipairs(stoppedPollers) do
        quiet[pollerId] = true
    end
    for ____, ____value in ipairs(alerts) do
        local resource = ____value.resource
        local facts = ____value.facts
        if resource.kind == "poller" and facts.state ~= STATE.ok then
            quiet[resource.id] = true
        end
    end
    return quiet
end
-- What holds it whatever surrounds it.
local GONE = "its engine no longer names it"
local IN_DOWNTIME = "it is in a downtime"

-- Why the alert is held, as far as the journal tells.
local function heldWords(____bindingPattern0)
    local facts
    local gathered
    local wait
    local rejection
    rejection = ____bindingPattern0.rejection
    wait = ____bindingPattern0.wait
    gathered = ____bindingPattern0.gathered
    facts = ____bindingPattern0.facts
    if facts.goneAt ~= nil then
        return ", " .. GONE
    end
    if facts.downtimeDepth > 0 then
        return ", " .. IN_DOWNTIME
    end
    if rejection ~= nil then
        return ", " .. rejection
    end
    if gathered ~= nil then
        return ", " .. gatheredWords(gathered)
    end
    if wait == nil or facts.problemSince == nil then
        return ""
    end
    local left = facts.problemSince + wait - os.time()
    return left > 0 and (", pages in " .. spokenDuration(left)) .. " at the earliest, if it lasts" or ""
end

-- What storms stand for, each on a line.
local function stormLines(alerts)
    local gathered = {}
    for ____, ____value in ipairs(alerts) do
        local by = ____value.gathered
        if by ~= nil then
            gathered[by.route] = (gathered[by.route] or 0) + 1
        end
    end
    local lines = {}
    for ____, ____value in ipairs(alerts) do
        local resource = ____value.resource
        local dedupKey = ____value.dedupKey
        local severity = ____value.severity
        local ____temp_7
        if resource.kind == "storm" then
            ____temp_7 = gathered[resource.route]
        else
            ____temp_7 = nil
        end
        local count = ____temp_7
        if count ~= nil then
            lines[#lines + 1] = ((((dedupKey .. "  stands for ") .. counted(count, "problem")) .. ", ") .. severity) .. " at worst"
        end
    end
    return lines
end

local function tellJournal(evidence, showsAll, report)
    local ____evidence_8 = evidence
    local journal = ____evidence_8.journal
    local quarantined = ____evidence_8.quarantined
    local actionRules = ____evidence_8.actionRules
    if journal.problem ~= nil then
        report.find("WARNING", "journal", journal.problem)
    end
    local open = {}
    local unconfirmed = {}
    local waiting = {}
    local held = {}
    local closed = {}
    local quietPollers = quietPollersOf(journal)
    for ____, alert in ipairs(journal.alerts) do
        local label = (alert.dedupKey .. "  ") .. nameOf(alert)
        local action = nextAction(alert, actionRules)
        local standing = standingOf(alert, quarantined)
        local ____opt_9 = alert.place
        local isQuiet = quietPollers[____opt_9 and ____opt_9.pollerId or NO_POLLER] ~= nil
        local quiet = isQuiet and "; nothing is heard of its poller" or ""
        local delivered = ((((label .. ": ") .. deliveredWords(alert)) .. ", to ") .. alert.route) .. quiet
        if standing == "open" then
            open[#open + 1] = delivered
        end
        if standing == "not confirmed" then
            unconfirmed[#unconfirmed + 1] = delivered
        end
        if action ~= nil then
            waiting[#waiting + 1] = (((((label .. ": ") .. action) .. " (") .. alert.severity) .. "), to ") .. alert.route
        end
        if alert.closing ~= nil then
            closed[#closed + 1] = (((label .. ": by ") .. (alert.closing.by or "PagerDuty")) .. ", ") .. alert.closing.at
        end
        if alert.desired == "held" then
            held[#held + 1] = ((label .. ": ") .. alert.severity) .. heldWords(alert)
        end
    end
    tellAlerts(
        "storms",
        stormLines(journal.alerts),
        showsAll,
        report
    )
    tellAlerts("open", open, showsAll, report)
    tellAlerts("sent, not confirmed", unconfirmed, showsAll, report)
    tellAlerts("waiting", waiting, showsAll, report)
    tellAlerts("held", held, showsAll, report)
    tellAlerts("closed in PagerDuty, and not well", closed, showsAll, report)
end

local function tellQuarantine(____bindingPattern0, path, showsAll, report)
    local quarantine
    quarantine = ____bindingPattern0.quarantine
    if type(quarantine) == "string" then
        report.find("WARNING", "quarantine", quarantine)
        return
    end
    local lines = {}
    for ____, ____value in ipairs(quarantine.events) do
        local dedupKey = ____value.dedupKey
        local action = ____value.action
        local at = ____value.at
        local reason = ____value.reason
        local route = ____value.route
        lines[#lines + 1] = (((((((dedupKey .. "  ") .. action) .. " to ") .. route) .. ", ") .. at) .. ": ") .. reason
    end
    tellAlerts("quarantined", lines, showsAll, report)
    if #quarantine.unreadable > 0 then
        report.find(
            "WARNING",
            "quarantine",
            ((counted(#quarantine.unreadable, "line") .. " of ") .. path) .. " cannot be read"
        )
    end
end

-- The files by the options, or by the output's parameters.
local function filesOf(given, setup)
    local settings = setup and setup.settings
    return {
        status = given.value("--status-path") or settings and settings.status_path or PARAMETERS.status_path.fallback,
        state = given.value("--state-path") or settings and settings.state_path or PARAMETERS.state_path.fallback,
        quarantine = given.value("--quarantine-path") or settings and settings.quarantine_path or PARAMETERS.quarantine_path.fallback
    }
end

function exports.status(given, report)
    local isPlugin = given.has("--plugin")
    local thresholds = thresholdsOf(given)
    if type(thresholds) == "string" then
        local text = thresholds .. " needs a whole number"
        report.print(isPlugin and (LEVEL_WORDS[LEVEL.unknown] .. " - ") .. text or "FAILED status: " .. text)
        return isPlugin and LEVEL.unknown or EXIT.usage
    end
    local setup
    if not isPlugin or given.value("--status-path") == nil then
        local complaint = isPlugin and LEVEL_WORDS[LEVEL.unknown] .. " -" or "FAILED configuration:"
        local opened = openOutput(given, report, {complaint = complaint, needsSecrets = false})
        if type(opened) == "number" then
            return isPlugin and LEVEL.unknown or opened
        end
        setup = opened
    end
    local files = filesOf(given, setup)
    if files.status == "" then
        local text = "status_path is empty: the connector writes no status file"
        report.print(isPlugin and (LEVEL_WORDS[LEVEL.unknown] .. " - ") .. text or "FAILED status: " .. text)
        return isPlugin and LEVEL.unknown or EXIT.problem
    end
    local evidence = readEvidence(
        files,
        setup == nil and NO_CHOICES or actionRulesOf(setup.settings)
    )
    local judgement = judge(files, evidence, thresholds)
    if isPlugin or setup == nil then
        report.print(pluginLine(judgement.level, judgement.text, judgement.performance))
        return judgement.level
    end
    local showsAll = given.has("--all")
    tellDelivery(evidence, report)
    tellJournal(evidence, showsAll, report)
    tellQuarantine(evidence, files.quarantine, showsAll, report)
    report.print(((judgement.level == LEVEL.ok and "ok" or LEVEL_WORDS[judgement.level]) .. ": ") .. judgement.text)
    return judgement.level == LEVEL.ok and EXIT.good or EXIT.problem
end
return exports
 end,

-- -------------------- src/feedback/told_closed.ts --------------------
["src.feedback.told_closed"] = function(...)
-- What follows where an administrator's command, and not a round, has read that PagerDuty closed an alert: the same rules, for
-- an alert that was never seen open, or closed when other rules held. Changes what is known of that alert, and nothing else.
local exports = {}
local ____learnt = require("src.alerts.learnt")
local learnClosed = ____learnt.learnClosed
local ____apply = require("src.feedback.apply")
local reopeningOf = ____apply.reopeningOf
-- Seconds: PagerDuty may take its time with what it has accepted; the rounds wait for as long (pdy_sync_interval).
local GETTING_TO_IT = 60

-- `askedAt`: when PagerDuty was asked, by the clock of `triggeredAt`.
function exports.takeClosed(alert, ending, choice, isOfQuietPoller, askedAt)
    if alert.desired == "resolved" then
        return "ended"
    end
    if alert.inFlight ~= nil or alert.triggeredAt > askedAt - GETTING_TO_IT then
        return "sent too lately"
    end
    learnClosed(
        alert,
        ending,
        reopeningOf(choice, ending.by ~= nil, isOfQuietPoller)
    )
    if alert.desired ~= "triggered" then
        return "held here"
    end
    if alert.delivered ~= "closed" then
        return "opened anew"
    end
    local ____temp_2 = alert.resource.hostId ~= nil
    if ____temp_2 then
        local ____opt_0 = alert.closing
        ____temp_2 = (____opt_0 and ____opt_0.lastCheck) ~= nil
    end
    local isChecked = ____temp_2
    return isChecked and "by its next check" or "left closed"
end
return exports
 end,

-- -------------------- src/connector/order_lines.ts --------------------
["src.connector.order_lines"] = function(...)
-- What stands in the two files through which an administrator's orders reach the running connector, and what became of them
-- comes back: JSON, one line for each. Owns their form and their places, to and fro; the connector reads orders and the
-- commands read answers.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local encode = ____json.encode

-- Where orders are put, and their answers, for the output whose journal is at `statePath`.
function exports.orderPaths(statePath)
    return {orders = statePath .. ".orders", answers = statePath .. ".answers"}
end
local KINDS = {resolve = true, forget = true, close = true}
local OUTCOMES = {
    resolved = true,
    ended = true,
    forgotten = true,
    ["under way"] = true,
    unknown = true,
    ["a problem here"] = true,
    ["opened anew"] = true,
    ["by its next check"] = true,
    ["left closed"] = true,
    ["held here"] = true,
    ["sent too lately"] = true
}

function exports.orderLine(____bindingPattern0)
    local ____until
    local closed
    local route
    local key
    local kind
    local id
    id = ____bindingPattern0.id
    kind = ____bindingPattern0.kind
    key = ____bindingPattern0.key
    route = ____bindingPattern0.route
    closed = ____bindingPattern0.closed
    ____until = ____bindingPattern0["until"]
    return encode({fields = {
        {"id", id},
        {"order", kind},
        {"key", key},
        {"route", route},
        {"closed_by", closed and closed.by},
        {"closed_at", closed and closed.at},
        {"asked_at", closed and closed.askedAt},
        {"until", ____until}
    }})
end

function exports.answerLine(____bindingPattern0)
    local outcome
    local name
    local key
    local id
    id = ____bindingPattern0.id
    key = ____bindingPattern0.key
    name = ____bindingPattern0.name
    outcome = ____bindingPattern0.outcome
    return encode({fields = {{"id", id}, {"key", key}, {"name", name}, {"outcome", outcome}}})
end

-- What `read` makes of each line; what it makes nothing of is left out.
local function readLines(text, read)
    local items = {}
    for line in string.gmatch(text, "[^\n]+") do
        local result = decode(line or "")
        local ____temp_6
        if result.ok and type(result.value) == "table" then
            ____temp_6 = read(result.value)
        else
            ____temp_6 = nil
        end
        local item = ____temp_6
        if item ~= nil then
            items[#items + 1] = item
        end
    end
    return items
end

-- The orders in `text`; a line that is none is left out.
function exports.readOrders(text)
    return readLines(
        text,
        function(____bindingPattern0)
            local askedAt
            local at
            local by
            local ____until
            local route
            local key
            local order
            local id
            id = ____bindingPattern0.id
            order = ____bindingPattern0.order
            key = ____bindingPattern0.key
            route = ____bindingPattern0.route
            ____until = ____bindingPattern0["until"]
            by = ____bindingPattern0.closed_by
            at = ____bindingPattern0.closed_at
            askedAt = ____bindingPattern0.asked_at
            local isOrder = type(id) == "string" and type(order) == "string" and KINDS[order] ~= nil and type(key) == "string" and type(____until) == "number"
            if not isOrder then
                return nil
            end

            local function textOf(value)
                return type(value) == "string" and value or nil
            end
            local closed = type(at) == "string" and type(askedAt) == "number" and ({
                by = textOf(by),
                at = at,
                askedAt = askedAt
            }) or nil
            return {
                id = id,
                kind = order,
                key = key,
                route = textOf(route),
                closed = closed,
                ["until"] = ____until
            }
        end
    )
end

-- The answers in `text`; a line that is none is left out.
function exports.readAnswers(text)
    return readLines(
        text,
        function(____bindingPattern0)
            local outcome
            local name
            local key
            local id
            id = ____bindingPattern0.id
            key = ____bindingPattern0.key
            name = ____bindingPattern0.name
            outcome = ____bindingPattern0.outcome
            local isAnswer = type(id) == "string" and type(key) == "string" and type(name) == "string" and type(outcome) == "string" and OUTCOMES[outcome] ~= nil
            return isAnswer and ({id = id, key = key, name = name, outcome = outcome}) or nil
        end
    )
end
return exports
 end,

-- -------------------- src/alerts/open_unknown.ts --------------------
["src.alerts.open_unknown"] = function(...)
-- The alert of what PagerDuty has, or may have, open while nothing is known of it here, and all is well: to be resolved.
local exports = {}
local ____alert = require("src.alerts.alert")
local createAlert = ____alert.createAlert
local factsOfState = ____alert.factsOfState
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE

-- It goes by `route`.
function exports.createOpenUnknown(resource, route)
    local alert = createAlert(
        resource,
        factsOfState(STATE.ok),
        "critical"
    )
    alert.delivered = "triggered"
    alert.isCertain = false
    alert.route = route
    return alert
end
return exports
 end,

-- -------------------- src/journal/lock.ts --------------------
["src.journal.lock"] = function(...)
-- Who owns a journal: a small file beside it, held open, so that two outputs with one state_path are refused
-- instead of overwriting each other's. Lua has no file locks; but a file is closed with the Lua state or the
-- process that holds it, however that ends, and the system tells who has a file open.
local exports = {}
-- Lock files that are held, for as long as the Lua state lives.
local held = {}

-- Claims the journal at `path` for this Lua state. Gives false when another output holds it.
function exports.lockJournal(path, ports)
    local lockPath = path .. ".lock"
    local before = ports.files.open(lockPath, "r")
    if before ~= nil then
        local owner = string.match(
            before:read("*a") or "",
            "^(%d+)\n$"
        )
        before:close()
        if owner ~= nil and ports.hasOpen(owner, lockPath) then
            return false
        end
    end
    local file = ports.files.open(lockPath, "w")
    -- Where the journal cannot be written, this cannot either; the journal says so.
    if file == nil then
        return true
    end
    file:write(ports.processId .. "\n")
    file:flush()
    held[#held + 1] = file
    return true
end
return exports
 end,

-- -------------------- src/commands/order_delivery.ts --------------------
["src.commands.order_delivery"] = function(...)
-- How orders get to the output: to the running connector by a file beside its journal, and back by another; or, where no
-- broker runs it, into the journal itself, for the next start. Knows the files and who may use them; what is ordered is the
-- command's to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local nameOf = ____alert.nameOf
local setDesired = ____alert.setDesired
local ____open_unknown = require("src.alerts.open_unknown")
local createOpenUnknown = ____open_unknown.createOpenUnknown
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____process = require("src.broker.process")
local hasOpen = ____process.hasOpen
local processId = ____process.processId
local ____order_lines = require("src.connector.order_lines")
local orderLine = ____order_lines.orderLine
local orderPaths = ____order_lines.orderPaths
local readAnswers = ____order_lines.readAnswers
local ____compare = require("src.feedback.compare")
local resourceOfKey = ____compare.resourceOfKey
local ____told_closed = require("src.feedback.told_closed")
local takeClosed = ____told_closed.takeClosed
local ____lines = require("src.journal.lines")
local alertLine = ____lines.alertLine
local forgottenLine = ____lines.forgottenLine
local ____lock = require("src.journal.lock")
local lockJournal = ____lock.lockJournal
local ____files = require("src.text.files")
local writeAndClose = ____files.writeAndClose
local ____file_problem = require("src.commands.file_problem")
local withRemedy = ____file_problem.withRemedy
local ____journal_view = require("src.commands.journal_view")
local viewJournal = ____journal_view.viewJournal
local ____running = require("src.commands.running")
local runningOutput = ____running.runningOutput
local ____shell = require("src.commands.shell")
local outputOf = ____shell.outputOf
local readFile = ____shell.readFile
local shellWord = ____shell.shellWord
local succeeds = ____shell.succeeds
-- Seconds for which the running connector is waited for. It looks every two seconds; but a flush() may take some, and under
-- continuous load it looks once in a thousand events.
local LONGEST_WAIT = 10
-- Seconds between looks.
local LOOK_INTERVAL = "0.1"

-- Waits until `isDone`, for LONGEST_WAIT seconds at most. Gives whether it is.
local function waitUntil(isDone)
    local ____end = os.time() + LONGEST_WAIT
    while not isDone() do
        if os.time() >= ____end then
            return false
        end
        outputOf("sleep " .. LOOK_INTERVAL)
    end
    return true
end

-- Writes a file that whoever owns the one at `model` can read, and nobody else. Gives what went wrong.
local function writeFor(model, path, text)
    local owner, to = shellWord(model), shellWord(path)
    local problem = outputOf(((((("{ umask 077; : > " .. to) .. " && chown --reference=") .. owner) .. " ") .. to) .. "; } 2>&1")
    if problem ~= "" then
        return withRemedy((string.gsub(problem, "%s+$", "")), "is state_path right?")
    end
    local file, openProblem = io.open(path, "wb")
    return file == nil and (openProblem or path) or writeAndClose(file, text)
end

-- Hands the orders to the connector that runs, and waits for its answers.
local function handOver(statePath, orders)
    local paths = orderPaths(statePath)
    local ____opt_0 = orders[1]
    local id = ____opt_0 and ____opt_0.id or ""
    local fresh = (paths.orders .. "-") .. id
    local lines = {}
    for ____, order in ipairs(orders) do
        lines[#lines + 1] = orderLine(order) .. "\n"
    end
    local problem = writeFor(
        statePath .. ".lock",
        fresh,
        table.concat(lines)
    )
    -- A link, unlike a new name, never takes the place of somebody else's orders.
    local isPut = problem == nil and waitUntil(function() return succeeds((("ln " .. shellWord(fresh)) .. " ") .. shellWord(paths.orders)) end)
    os.remove(fresh)
    if problem ~= nil then
        return "the order cannot be written: " .. problem
    end
    if not isPut then
        return ("the connector has not taken " .. paths.orders) .. " of before yet: look into its log"
    end
    local answers = {}
    local isAnswered = waitUntil(function()
        local text = readFile(paths.answers)
        answers = {}
        for ____, answer in ipairs(readAnswers(text or "")) do
            if answer.id == id then
                answers[#answers + 1] = answer
            end
        end
        return #answers > 0
    end)
    if isAnswered then
        os.remove(paths.answers)
        return {answers = answers, isForNextStart = false}
    end
    local isStillThere = (string.find((readFile(paths.orders)) or "", id, 1, true)) ~= nil
    if isStillThere then
        os.remove(paths.orders)
    end
    return isStillThere and ("the connector did not take the order within " .. tostring(LONGEST_WAIT)) .. " s, and it is withdrawn: look into its log; one of an older version takes none until cbd is restarted" or "the connector took the order, and did not answer: look into its log"
end

-- What an order does to the alert that the journal holds, and the line that says so there; undefined: none is needed.
local function changed(____bindingPattern0, alert, reopen)
    local closed
    local kind
    kind = ____bindingPattern0.kind
    closed = ____bindingPattern0.closed
    if closed ~= nil then
        local outcome = takeClosed(
            alert,
            closed,
            reopen,
            false,
            closed.askedAt
        )
        local isKnown = outcome == "ended" or outcome == "sent too lately"
        local ____outcome_3 = outcome
        local ____isKnown_2
        if isKnown then
            ____isKnown_2 = nil
        else
            ____isKnown_2 = alertLine(alert, nil, nil)
        end
        return {outcome = ____outcome_3, line = ____isKnown_2}
    end
    if kind == "forget" then
        return {
            outcome = "forgotten",
            line = forgottenLine(alert)
        }
    end
    if not isOpen(alert) then
        return {
            outcome = "ended",
            line = forgottenLine(alert)
        }
    end
    alert.facts.state = STATE.ok
    alert.facts.isFlapping = false
    setDesired(alert, "resolved", alert.severity)
    alert.isResolveOrdered = true
    -- Place and report stand there already.
    return {
        outcome = "resolved",
        line = alertLine(alert, nil, nil)
    }
end

-- Adds whole lines to the file at `path`, in the place of one that a crash has torn. Gives what went wrong.
local function append(path, text, lines)
    if #lines == 0 then
        return nil
    end
    local wholeLines = (string.match(text, "^(.*\n)")) or ""
    local start = #wholeLines
    local added = table.concat(lines, "\n")
    local file, problem = io.open(path, "r+b")
    if file == nil then
        return withRemedy(problem or path, "")
    end
    file:seek("set", start)
    -- Space after a line means nothing.
    local padding = string.rep(
        " ",
        math.max(0, #text - start - #added - 1)
    )
    return writeAndClose(file, (added .. padding) .. "\n")
end
local FILES = {
    open = function(path, mode) return io.open(path, mode) end,
    rename = function(from, to) return os.rename(from, to) end,
    makePrivate = function() return nil end
}

-- Changes the journal as the orders say. Undefined when a broker runs the output after all.
local function changeJournal(____bindingPattern0, orders)
    local pdy_reopen
    local statePath
    statePath = ____bindingPattern0.state_path
    pdy_reopen = ____bindingPattern0.pdy_reopen
    local lock = statePath .. ".lock"
    local own = processId()
    local text, unreadable = readFile(statePath)
    if text == nil then
        return withRemedy(unreadable, "the broker has not run this output yet")
    end
    if not lockJournal(statePath, {files = FILES, processId = own, hasOpen = hasOpen}) then
        return nil
    end
    succeeds((("chown --reference=" .. shellWord(statePath)) .. " ") .. shellWord(lock))
    local alerts = {}
    for ____, alert in ipairs(viewJournal(statePath).alerts) do
        alerts[alert.dedupKey] = alert
    end
    local answers = {}
    local lines = {}
    for ____, order in ipairs(orders) do
        local id = order.id
        local key = order.key
        local route = order.route
        local alert = alerts[key]
        local ____temp_4
        if route == nil then
            ____temp_4 = nil
        else
            ____temp_4 = resourceOfKey(key)
        end
        local resource = ____temp_4
        if alert == nil and route ~= nil and resource ~= nil then
            lines[#lines + 1] = alertLine(
                createOpenUnknown(resource, route),
                nil,
                nil
            )
            answers[#answers + 1] = {id = id, key = key, name = "", outcome = "resolved"}
        elseif alert == nil then
            answers[#answers + 1] = {id = id, key = key, name = "", outcome = "unknown"}
        elseif route ~= nil then
            answers[#answers + 1] = {
                id = id,
                key = key,
                name = nameOf(alert),
                outcome = "a problem here"
            }
        else
            local ____changed_result_5 = changed(order, alert, pdy_reopen)
            local outcome = ____changed_result_5.outcome
            local line = ____changed_result_5.line
            if outcome ~= "resolved" then
                alerts[key] = nil
            end
            if line ~= nil then
                lines[#lines + 1] = line
            end
            answers[#answers + 1] = {
                id = id,
                key = key,
                name = nameOf(alert),
                outcome = outcome
            }
        end
    end
    local problem = append(statePath, text, lines)
    if problem ~= nil then
        return "the journal cannot be changed: " .. problem
    end
    -- The broker's user does not see that root holds the lock: one that has started meanwhile may have read the journal before.
    local running = runningOutput(statePath)
    local isTaken = running.kind == "runs" and running.processId ~= own
    local ____isTaken_6
    if isTaken then
        ____isTaken_6 = nil
    else
        ____isTaken_6 = {answers = answers, isForNextStart = true}
    end
    return ____isTaken_6
end

-- Has this carried out, or says why that is not possible.
function exports.deliverOrders(output, wanted)
    local id = string.format(
        "%s-%d",
        processId(),
        os.time()
    )
    local orders = {}
    -- Time to be put there, and to be answered.
    local ____until = os.time() + 2 * LONGEST_WAIT
    for ____, ____value in ipairs(wanted) do
        local kind = ____value.kind
        local key = ____value.key
        local route = ____value.route
        local closed = ____value.closed
        orders[#orders + 1] = {
            id = id,
            kind = kind,
            key = key,
            route = route,
            closed = closed,
            ["until"] = ____until
        }
    end
    local isStopped = runningOutput(output.state_path).kind == "stopped"
    local ____isStopped_7
    if isStopped then
        ____isStopped_7 = changeJournal(output, orders)
    else
        ____isStopped_7 = nil
    end
    local changes = ____isStopped_7
    return changes or handOver(output.state_path, orders)
end
return exports
 end,

-- -------------------- src/commands/reconcile.ts --------------------
["src.commands.reconcile"] = function(...)
-- `reconcile`: holds the journal against what PagerDuty has open, and lists what is not the same; with --fix what is open there
-- and fine here is resolved, and what is closed there is made known, through the running connector or the journal. Whether
-- that is opened anew, and when, is the connector's to say, by pdy_reopen.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____endpoint = require("src.settings.endpoint")
local secretsOf = ____endpoint.secretsOf
local ____log = require("src.text.log")
local presentable = ____log.presentable
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local ____json = require("src.text.json")
local encode = ____json.encode
local ____curl = require("src.commands.curl")
local loadCurl = ____curl.loadCurl
local ____incidents = require("src.commands.incidents")
local differenceLine = ____incidents.differenceLine
local differencesJson = ____incidents.differencesJson
local ____open_incidents = require("src.commands.open_incidents")
local askForUnseen = ____open_incidents.askForUnseen
local askOpenIncidents = ____open_incidents.askOpenIncidents
local ____order_delivery = require("src.commands.order_delivery")
local deliverOrders = ____order_delivery.deliverOrders
local ____output = require("src.commands.output")
local withOutputOptions = ____output.withOutputOptions
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____rest_asking = require("src.commands.rest_asking")
local openAsked = ____rest_asking.openAsked
local ____running = require("src.commands.running")
local runningOutput = ____running.runningOutput
local ____sender = require("src.commands.sender")
local createSender = ____sender.createSender
local resolveBody = ____sender.resolveBody
exports.RECONCILE = {
    command = "reconcile",
    purpose = "Lists where the journal and PagerDuty differ. With --fix it mends what is open there and fine here, or closed there and a problem here.",
    operands = {},
    options = withOutputOptions({{name = "--fix", meaning = "resolve what is open there and fine here, have opened anew what is closed there"}, {name = "--yes", meaning = "needed with --fix when the broker has run for less than 15 min, or does not run"}, {name = "--json", meaning = "what differs, as one JSON object; not with --fix"}})
}
-- Seconds after which each host and service should have been checked: thrice Centreon's usual interval.
local EVERYTHING_CHECKED = 900

-- Where only people are at work, nothing is to be put right.
local function isOfPeople(____bindingPattern0)
    local kind
    kind = ____bindingPattern0.kind
    return kind == "acknowledged there only" or kind == "acknowledged here only"
end

-- Why nobody can know yet that what has no alert here is fine; undefined: it was checked since.
local function whyUnproved(____bindingPattern0)
    local setup
    setup = ____bindingPattern0.setup
    local running = runningOutput(setup.settings.state_path)
    if running.kind == "stopped" then
        return "no broker runs the output"
    end
    local age = running.kind == "runs" and running.since ~= nil and os.time() - running.since or nil
    if age == nil or age >= EVERYTHING_CHECKED then
        return nil
    end
    return ("the broker has run for " .. spokenDuration(age)) .. " only"
end

-- What follows for each kind of difference that is there.
local function tellWhatToDo(differences, opened, report)
    local kinds = {}
    for ____, ____value in ipairs(differences) do
        local kind = ____value.kind
        kinds[kind] = true
    end
    if kinds["open there, fine here"] ~= nil then
        local unproved = whyUnproved(opened)
        local care = unproved == nil and "" or ("; but " .. unproved) .. ": a problem that was not checked since would be closed, and page again"
        report.add("open there, fine here: reconcile --fix resolves it" .. care)
    end
    if kinds["closed there, a problem here"] ~= nil then
        local ____opened_setup_settings_0 = opened.setup.settings
        local pdy_reopen = ____opened_setup_settings_0.pdy_reopen
        report.add(("closed there, a problem here: the connector opens it anew as pdy_reopen says (\"" .. pdy_reopen) .. "\"); of what it has not seen, reconcile --fix tells it")
    end
    if kinds["open more than once"] ~= nil then
        report.add("open more than once: it was sent with another key before: reconcile --fix resolves what is too much at other services of our keys; resolve the rest in PagerDuty")
    end
    if kinds["at another service than its key's"] ~= nil then
        report.add("at another service: it was sent with another key before, or moved; its end goes by today's key, and leaves it open there: then it is fine here, and reconcile --fix resolves it, or pdy_resolve_orphans does")
    end
end

-- What became of one order, in words, and whether that mends the difference, now or in due time.
local function wordsOf(____bindingPattern0, reopen)
    local outcome
    outcome = ____bindingPattern0.outcome
    if outcome == "resolved" or outcome == "ended" or outcome == "opened anew" then
        return outcome, true
    end
    if outcome == "by its next check" then
        return "taken for closed, and opened anew by the next check that still finds the problem", true
    end
    if outcome == "held here" then
        return "taken for closed, and opened anew when its acknowledgement or hold in Centreon ends", true
    end
    if outcome == "left closed" then
        return ("left closed, until it gets worse: pdy_reopen is \"" .. reopen) .. "\"", false
    end
    if outcome == "sent too lately" then
        return "not mended, something was sent of it just now: try again in a minute", false
    end
    return "not mended, " .. outcome, false
end

-- What is to be ordered for the differences that an order mends; says of the others why not.
local function ordersFor(differences, askedAt, ____bindingPattern0, report)
    local services
    services = ____bindingPattern0.services
    local wanted = {}
    local resolved = {}
    for ____, ____value in ipairs(differences) do
        local kind = ____value.kind
        local dedupKey = ____value.dedupKey
        local name = ____value.name
        local incident = ____value.incident
        local ending = ____value.ending
        if kind == "open there, fine here" and not (resolved[dedupKey] ~= nil) then
            local route = services.known.routeOf(incident and incident.serviceId or "")
            if route == nil then
                report.add(((("not resolved: " .. name) .. " (") .. dedupKey) .. "): no routing key of ours leads to its service: resolve it in PagerDuty")
            else
                resolved[dedupKey] = true
                wanted[#wanted + 1] = {kind = "resolve", key = dedupKey, route = route}
            end
        elseif ending ~= nil then
            wanted[#wanted + 1] = {kind = "close", key = dedupKey, closed = {by = ending.by, at = ending.at, askedAt = askedAt}}
        end
    end
    return wanted
end

-- Resolves what is open more than once, by another key than the alert's: the connector has no part in it. Gives how many.
local function resolveExtra(differences, ____bindingPattern0, report)
    local setup
    setup = ____bindingPattern0.setup
    local ____setup_3 = setup
    local settings = ____setup_3.settings
    local routingKeys = ____setup_3.routingKeys
    local extra = {}
    for ____, one in ipairs(differences) do
        if one.extraBy ~= nil then
            extra[#extra + 1] = one
        end
    end
    local curl = #extra == 0 and "" or loadCurl()
    if type(curl) == "string" then
        return 0
    end
    local sender = createSender(curl, setup)
    local resolved = 0
    for ____, ____value in ipairs(extra) do
        local dedupKey = ____value.dedupKey
        local name = ____value.name
        local incident = ____value.incident
        local extraBy = ____value.extraBy
        local verdict = sender.send(resolveBody(routingKeys[extraBy or ""] or "", settings.pdy_dedup_prefix .. dedupKey))
        local isResolved = verdict.kind == "accepted"
        if isResolved then
            resolved = resolved + 1
        end
        local words = isResolved and "resolved" or "not resolved, " .. presentable(
            verdict.reason,
            secretsOf(settings, routingKeys)
        )
        report.add((((((words .. ": ") .. name) .. " (") .. dedupKey) .. "), #") .. string.format("%.0f", incident and incident.number or 0))
    end
    return resolved
end

-- Mends what can be mended. Gives how many differences are, or what went wrong.
local function fix(differences, askedAt, opened, report)
    local ____opened_setup_6 = opened.setup
    local settings = ____opened_setup_6.settings
    local mended = resolveExtra(differences, opened, report)
    local wanted = ordersFor(differences, askedAt, opened, report)
    if #wanted == 0 then
        return mended
    end
    local delivered = deliverOrders(settings, wanted)
    if type(delivered) == "string" then
        return delivered
    end
    local names = {}
    for ____, ____value in ipairs(differences) do
        local dedupKey = ____value.dedupKey
        local name = ____value.name
        names[dedupKey] = name
    end
    for ____, answer in ipairs(delivered.answers) do
        local words, isMended = wordsOf(answer, settings.pdy_reopen)
        if isMended then
            mended = mended + 1
        end
        report.add(((((words .. ": ") .. (names[answer.key] or "")) .. " (") .. answer.key) .. ")")
    end
    if delivered.isForNextStart then
        report.add("no broker runs the output: that takes effect at its next start")
    end
    return mended
end

function exports.reconcile(given, report)

    local function fail(problem, code)
        report.print("FAILED reconcile: " .. problem)
        return code
    end
    local fixes = given.has("--fix")
    if fixes and given.has("--json") then
        return fail("--json only lists: leave out --fix", EXIT.usage)
    end
    local opened = openAsked(exports.RECONCILE.command, given, report)
    if type(opened) == "number" then
        return opened
    end
    if opened.setup.settings.send_data_test then
        return fail("send_data_test is 1: the output keeps no journal, and PagerDuty has nothing", EXIT.problem)
    end
    local askedAt = os.time()
    local found = askOpenIncidents(opened)
    if type(found) == "string" then
        return fail(found, EXIT.problem)
    end
    local asked = askForUnseen(found.notSeen, opened)
    if type(asked) == "string" then
        return fail(asked, EXIT.problem)
    end
    local differences = {}
    for ____, one in ipairs(found.differences) do
        if not isOfPeople(one) then
            differences[#differences + 1] = one
        end
    end
    for ____, one in ipairs(asked.differences) do
        differences[#differences + 1] = one
    end
    if given.has("--json") then
        report.print(encode({fields = {{
            "differences",
            differencesJson(differences)
        }}}))
        return #differences == 0 and EXIT.good or EXIT.problem
    end
    local ____fixes_7
    if fixes then
        ____fixes_7 = whyUnproved(opened)
    else
        ____fixes_7 = nil
    end
    local unproved = ____fixes_7
    if unproved ~= nil and not given.has("--yes") then
        return fail(
            ((unproved .. ": what was not checked since may be a problem still, and would be closed: wait until ") .. spokenDuration(EVERYTHING_CHECKED)) .. " after its start, or add --yes",
            EXIT.usage
        )
    end
    for ____, one in ipairs(differences) do
        report.add(differenceLine(one))
    end
    for ____, alert in ipairs(asked.notSeen) do
        report.add(((("not to be seen: " .. nameOf(alert)) .. " (") .. alert.dedupKey) .. "): taken, and in no incident: suppressed, in maintenance, or pdy_api_key sees too little. That proves nothing")
    end
    if found.journalProblem ~= nil then
        report.find("WARNING", "journal", found.journalProblem)
    end
    local count = #differences
    if not fixes then
        tellWhatToDo(differences, opened, report)
        report.print(count == 0 and "ok: the journal and PagerDuty agree" or ("WARNING: " .. counted(count, "difference")) .. " between the journal and PagerDuty")
        return count == 0 and EXIT.good or EXIT.problem
    end
    local done = fix(differences, askedAt, opened, report)
    if type(done) == "string" then
        return fail(done, EXIT.problem)
    end
    local left = count - done
    report.print(((((left == 0 and "ok" or "WARNING") .. ": ") .. counted(done, "difference")) .. " mended") .. (left == 0 and "" or (", " .. tostring(left)) .. " left"))
    return left == 0 and EXIT.good or EXIT.problem
end
return exports
 end,

-- -------------------- src/delivery/quarantine.ts --------------------
["src.delivery.quarantine"] = function(...)
-- The quarantine: a file of the events that PagerDuty will never take, one JSON line each with the reason, where a
-- person finds them. Holds no routing key.
local exports = {}
local ____json = require("src.text.json")
local encode = ____json.encode
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
-- What stands in a quarantined event for the routing key.
exports.NO_ROUTING_KEY = "(not kept)"

-- The line of an event, without its end.
function exports.quarantineLine(event)
    local head = encode({fields = {
        {
            "at",
            utcTimestamp(event.at)
        },
        {"dedup_key", event.dedupKey},
        {"route", event.route},
        {"action", event.action},
        {"reason", event.reason}
    }})
    -- The body is JSON already: it goes in as the last field.
    return ((string.sub(head, 1, -2) .. ",\"event\":") .. event.body) .. "}"
end
-- Largest file, in bytes: some ten thousand events, which nobody looks through any more, and no disk is filled.
exports.LARGEST_QUARANTINE = 10 * 1024 * 1024

-- Appends `event` to the file at `path`, as far as it is not full. Gives what went wrong, or undefined.
function exports.quarantine(path, event)
    local file, problem = io.open(path, "ab")
    if file == nil then
        return problem or "unknown reason"
    end
    local size = file:seek("end")
    if (size or 0) >= exports.LARGEST_QUARANTINE then
        file:close()
        return string.format("it is full (%d MB): centreon-pagerduty retry takes back what is in it", exports.LARGEST_QUARANTINE / 1024 / 1024)
    end
    local isWritten, writeProblem = file:write(exports.quarantineLine(event) .. "\n")
    -- A full disk shows only here: close gives nil then, though it is typed as a boolean.
    local isClosed = file:close()
    if isWritten == nil then
        return writeProblem
    end
    local ____temp_0
    if isClosed == true then
        ____temp_0 = nil
    else
        ____temp_0 = "the system refused to write (is the disk full?)"
    end
    return ____temp_0
end
return exports
 end,

-- -------------------- src/commands/retry.ts --------------------
["src.commands.retry"] = function(...)
-- `retry`: takes the quarantine back. Sends again what PagerDuty refused and Centreon still calls for; keeps what is
-- refused again, with the new reason, and drops the rest. The running output is not touched: it takes a refused
-- trigger for one that a person may have sent, and closes it with its problem (alerts/alert).
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local isOpen = ____alert.isOpen
local ____log = require("src.text.log")
local presentable = ____log.presentable
local ____quarantine = require("src.delivery.quarantine")
local NO_ROUTING_KEY = ____quarantine.NO_ROUTING_KEY
local quarantineLine = ____quarantine.quarantineLine
local ____endpoint = require("src.settings.endpoint")
local secretsOf = ____endpoint.secretsOf
local ____json = require("src.text.json")
local encodeString = ____json.encodeString
local ____curl = require("src.commands.curl")
local loadCurl = ____curl.loadCurl
local ____file_problem = require("src.commands.file_problem")
local isMissing = ____file_problem.isMissing
local withRemedy = ____file_problem.withRemedy
local ____journal_view = require("src.commands.journal_view")
local viewJournal = ____journal_view.viewJournal
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____quarantine_file = require("src.commands.quarantine_file")
local readQuarantineText = ____quarantine_file.readQuarantineText
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____sender = require("src.commands.sender")
local createSender = ____sender.createSender
local resolveBody = ____sender.resolveBody
local ____shell = require("src.commands.shell")
local readFile = ____shell.readFile
local shellWord = ____shell.shellWord
local succeeds = ____shell.succeeds
exports.RETRY = {
    command = "retry",
    purpose = "Sends the events in quarantine again, as far as Centreon still calls for them.",
    operands = {},
    options = withOutputOptions({{name = "--dry-run", meaning = "tell what would be done, and do nothing"}})
}
-- Added to the quarantine's name while its events are being sent again.
local TAKEN = ".retrying"

-- Why an event is not to be sent any more; undefined: it is. `isLast`: there is no later one of its alert.
local function whyDropped(event, alert, isLast)
    if not isLast then
        return "a later event of the same alert is in quarantine, too"
    end
    if event.action == "resolve" then
        return alert ~= nil and alert.desired ~= "resolved" and "the problem is back" or nil
    end
    if alert == nil or alert.desired == "resolved" then
        return "it has recovered"
    end
    if event.action == "acknowledge" then
        local ____temp_0
        if alert.desired == "acknowledged" and isOpen(alert) then
            ____temp_0 = nil
        else
            ____temp_0 = "it is not acknowledged any more"
        end
        return ____temp_0
    end
    if alert.desired == "held" then
        return "it must open no alert now (a downtime, flapping, its host); the connector sends it when that ends"
    end
    if alert.desired == "acknowledged" then
        return "somebody has acknowledged it"
    end
    if alert.refusedSeverity ~= alert.severity or alert.severity ~= event.severity then
        return "it has changed, and the connector sends it by itself"
    end
    return nil
end

-- The body with the routing key in its place; undefined: it has no place for one.
local function withKey(body, key)
    local placeholder = "\"routing_key\":" .. encodeString(NO_ROUTING_KEY)
    local first, last = string.find(body, placeholder, 1, true)
    if first == nil or last == nil then
        return nil
    end
    return ((string.sub(body, 1, first - 1) .. "\"routing_key\":") .. encodeString(key)) .. string.sub(body, last + 1)
end

-- The alerts of the journal by their dedup keys; undefined and why, when that is not known.
local function alertsOf(setup)
    local ____viewJournal_result_1 = viewJournal(setup.settings.state_path)
    local alerts = ____viewJournal_result_1.alerts
    local problem = ____viewJournal_result_1.problem
    if problem ~= nil then
        return problem
    end
    local byKey = {}
    for ____, alert in ipairs(alerts) do
        byKey[alert.dedupKey] = alert
    end
    return byKey
end

-- Takes the quarantine for us alone: under another name, so that what the connector adds meanwhile is not lost. One
-- that an earlier run left behind comes first.
local function takeQuarantine(path)
    local taken = path .. TAKEN
    local left = readFile(taken)
    if left == nil then
        local isMoved, problem = os.rename(path, taken)
        if isMoved ~= true then
            return nil, problem or "unknown reason"
        end
    end
    return readFile(taken)
end

-- Makes sure that the file at `path` exists, with the owner and the rights of the one at `model`.
local function recreateLike(model, path)
    local from, to, fresh = shellWord(model), shellWord(path), shellWord(path .. ".new")
    succeeds(((((((((((("test -e " .. to) .. " || { cp -p ") .. from) .. " ") .. fresh) .. " && : > ") .. fresh) .. " && mv -n ") .. fresh) .. " ") .. to) .. "; }")
end

-- Appends lines to the quarantine. Gives what went wrong.
local function putBack(path, lines)
    if #lines == 0 then
        return nil
    end
    recreateLike(path .. TAKEN, path)
    local file, problem = io.open(path, "ab")
    if file == nil then
        return problem or "unknown reason"
    end
    local isWritten, writeProblem = file:write(table.concat(lines, "\n") .. "\n")
    local isClosed = file:close()
    if isWritten == nil then
        return writeProblem
    end
    local ____temp_2
    if isClosed == true then
        ____temp_2 = nil
    else
        ____temp_2 = "the system refused to write (is the disk full?)"
    end
    return ____temp_2
end

-- What the connector appended to the quarantine at the very moment it was taken: `read` is what was read of it.
local function latecomers(path, read)
    local text = readFile(path .. TAKEN)
    local lines = {}
    for line in string.gmatch(
        string.sub(text or "", #read + 1),
        "[^\n]+"
    ) do
        if line ~= nil then
            lines[#lines + 1] = line
        end
    end
    return lines
end

local function planFor(events, alerts)
    local lastOf = {}
    for ____, event in ipairs(events) do
        lastOf[event.dedupKey] = event
    end
    local plans = {}
    for ____, event in ipairs(events) do
        local alert = alerts[event.dedupKey]
        local isLast = lastOf[event.dedupKey] == event
        plans[#plans + 1] = {
            event = event,
            whyDropped = whyDropped(event, alert, isLast)
        }
    end
    return plans
end

local function wordsOf(____bindingPattern0)
    local summary
    local route
    local action
    local dedupKey
    dedupKey = ____bindingPattern0.dedupKey
    action = ____bindingPattern0.action
    route = ____bindingPattern0.route
    summary = ____bindingPattern0.summary
    return ((((dedupKey .. " ") .. action) .. " to ") .. route) .. (summary == "" and "" or ": " .. summary)
end

-- Sends one event, and records in `outcome` what became of it.
local function retryEvent(event, setup, sender, outcome, report)
    local ____setup_3 = setup
    local settings = ____setup_3.settings
    local routingKeys = ____setup_3.routingKeys
    local key = routingKeys[event.route] or routingKeys[DEFAULT_ROUTE] or ""
    local body = withKey(event.body, key)
    if body == nil then
        local ____outcome_kept_4 = outcome.kept
        ____outcome_kept_4[#____outcome_kept_4 + 1] = event.line
        report.find(
            "FAILED",
            "kept",
            wordsOf(event) .. ": its line has no place for the routing key"
        )
        return
    end
    local verdict = sender.send(body)
    if verdict.kind == "accepted" then
        outcome.accepted = outcome.accepted + 1
        report.find(
            "ok",
            "accepted",
            wordsOf(event)
        )
        local alerts = event.action == "trigger" and alertsOf(setup) or ""
        local ____temp_5
        if type(alerts) == "string" then
            ____temp_5 = nil
        else
            ____temp_5 = alerts[event.dedupKey]
        end
        local alert = ____temp_5
        if type(alerts) ~= "string" and (alert == nil or alert.desired == "resolved") then
            -- The connector's resolve may have come before this trigger.
            sender.send(resolveBody(key, event.sentKey))
            report.add("        it has recovered meanwhile: resolved again")
        end
    elseif verdict.kind == "refused" then
        local reason = presentable(
            verdict.reason,
            secretsOf(settings, routingKeys)
        )
        local ____event_6 = event
        local dedupKey = ____event_6.dedupKey
        local route = ____event_6.route
        local action = ____event_6.action
        local ____outcome_kept_7 = outcome.kept
        ____outcome_kept_7[#____outcome_kept_7 + 1] = quarantineLine({
            at = os.time(),
            dedupKey = dedupKey,
            route = route,
            action = action,
            reason = reason,
            body = event.body
        })
        report.find(
            "FAILED",
            "kept",
            (wordsOf(event) .. ": PagerDuty refused it again: ") .. reason
        )
    else
        local ____outcome_kept_8 = outcome.kept
        ____outcome_kept_8[#____outcome_kept_8 + 1] = event.line
        outcome.obstacle = verdict.kind == "misconfigured" and (verdict.reason .. "; ") .. verdict.remedy or verdict.reason
        report.find(
            "FAILED",
            "kept",
            (wordsOf(event) .. ": ") .. outcome.obstacle
        )
    end
end

local function tellPlan(plans, report)
    local sending = 0
    for ____, ____value in ipairs(plans) do
        local event = ____value.event
        local reason = ____value.whyDropped
        if reason == nil then
            sending = sending + 1
        end
        report.add(reason == nil and "send    " .. wordsOf(event) or (("drop    " .. wordsOf(event)) .. ": ") .. reason)
    end
    report.print(((("ok: " .. counted(sending, "event")) .. " would be sent, ") .. counted(#plans - sending, "event")) .. " dropped (dry run)")
    return EXIT.good
end

function exports.retry(given, report)
    local setup = openOutput(given, report)
    if type(setup) == "number" then
        return setup
    end
    local ____setup_settings_9 = setup.settings
    local path = ____setup_settings_9.quarantine_path

    local function fail(problem)
        report.print("FAILED retry: " .. problem)
        return EXIT.problem
    end
    local isTaken = (readFile(path .. TAKEN)) ~= nil
    local present, unreadable = readFile(path)
    if present == nil and not isTaken then
        if not isMissing(unreadable) then
            return fail(withRemedy(unreadable, ""))
        end
        report.print("ok: nothing is in quarantine")
        return EXIT.good
    end
    local alerts = alertsOf(setup)
    if type(alerts) == "string" then
        return fail(("whether the problems still exist is not known: " .. alerts) .. "; let the broker run this output, and try again")
    end
    if given.has("--dry-run") then
        local left = isTaken and ((readFile(path .. TAKEN)) or "") or ""
        return tellPlan(
            planFor(
                readQuarantineText(left .. (present or "")).events,
                alerts
            ),
            report
        )
    end
    local curl = loadCurl()
    if type(curl) == "string" then
        return fail(curl)
    end
    if not setup.canSend then
        return fail("there is no usable pdy_routing_key: \"check\" tells more")
    end
    local text, problem = takeQuarantine(path)
    if text == nil then
        return fail("the quarantine cannot be taken: " .. withRemedy(problem, ""))
    end
    local ____readQuarantineText_result_10 = readQuarantineText(text)
    local events = ____readQuarantineText_result_10.events
    local strange = ____readQuarantineText_result_10.unreadable
    if #strange > 0 then
        report.find(
            "FAILED",
            "kept",
            ((counted(#strange, "line") .. " that cannot be read: look at ") .. path) .. ", and take out by hand what is torn"
        )
    end
    local sender = createSender(curl, setup)
    local outcome = {accepted = 0, dropped = 0, kept = strange, obstacle = nil}
    for ____, ____value in ipairs(planFor(events, alerts)) do
        local event = ____value.event
        local reason = ____value.whyDropped
        if reason ~= nil then
            outcome.dropped = outcome.dropped + 1
            report.add((("dropped " .. wordsOf(event)) .. ": ") .. reason)
        elseif outcome.obstacle ~= nil then
            local ____outcome_kept_11 = outcome.kept
            ____outcome_kept_11[#____outcome_kept_11 + 1] = event.line
            report.add(("kept    " .. wordsOf(event)) .. ": not tried")
        else
            retryEvent(
                event,
                setup,
                sender,
                outcome,
                report
            )
        end
    end
    for ____, line in ipairs(latecomers(path, text)) do
        local ____outcome_kept_12 = outcome.kept
        ____outcome_kept_12[#____outcome_kept_12 + 1] = line
    end
    local writeProblem = putBack(path, outcome.kept)
    if writeProblem ~= nil then
        return fail(((("what stays in quarantine could not be written: " .. writeProblem) .. "; all of it is still in ") .. path) .. TAKEN)
    end
    os.remove(path .. TAKEN)
    if isTaken and present ~= nil then
        report.add("an earlier run was interrupted, and this one took up its events: run retry again for newer ones")
    end
    local counts = ((((counted(outcome.accepted, "event") .. " accepted, ") .. counted(outcome.dropped, "event")) .. " dropped, ") .. counted(#outcome.kept, "event")) .. " kept"
    if #outcome.kept > 0 then
        return fail(counts)
    end
    report.print("ok: " .. counts)
    return EXIT.good
end
return exports
 end,

-- -------------------- src/commands/orders.ts --------------------
["src.commands.orders"] = function(...)
-- `resolve` and `forget`: end what Centreon no longer knows of and never told. Reads which alerts are meant, and says what
-- became of each; how that gets to the output is order_delivery's.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____utf8 = require("src.text.utf8")
local validUtf8 = ____utf8.validUtf8
local ____journal_view = require("src.commands.journal_view")
local viewJournal = ____journal_view.viewJournal
local ____order_delivery = require("src.commands.order_delivery")
local deliverOrders = ____order_delivery.deliverOrders
local ____output = require("src.commands.output")
local openOutput = ____output.openOutput
local withOutputOptions = ____output.withOutputOptions
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local counted = ____report.counted
local ____shell = require("src.commands.shell")
local succeeds = ____shell.succeeds
local REPEATED = "KEY"
exports.RESOLVE = {
    command = "resolve",
    purpose = "Ends alerts of what Centreon no longer has, and closes them at PagerDuty.",
    operands = {},
    repeated = REPEATED,
    options = withOutputOptions({{name = "--poller", value = "NAME", meaning = "in place of keys: all alerts of this poller, and its own"}, {name = "--yes", meaning = "needed on a terminal where more than 20 alerts are of the poller"}})
}
exports.FORGET = {
    command = "forget",
    purpose = "Lets go of alerts without a word to PagerDuty.",
    operands = {},
    repeated = REPEATED,
    options = withOutputOptions({})
}
-- Alerts of a poller up to which a person needs no --yes.
local MOST_WITHOUT_YES = 20
-- The forms of dedup keys (alerts/alert).
local KEY_FORMS = {
    "^%d+_%d+$",
    "^%d+_H$",
    "^ba_%d+$",
    "^poller_%d+$",
    "^pagerduty_connector$",
    "^storm_[%w_]+$"
}

local function hasKeyForm(text)
    for ____, form in ipairs(KEY_FORMS) do
        if (string.match(text, form)) ~= nil then
            return true
        end
    end
    return false
end

-- The alert's own key of one that is given as PagerDuty shows it, or without the prefix; undefined: it is none.
local function ownKey(text, prefix)
    local shown = validUtf8(prefix)
    local rest = string.sub(text, #shown + 1)
    if string.sub(text, 1, #shown) == shown and hasKeyForm(rest) then
        return rest
    end
    return hasKeyForm(text) and text or nil
end

local function givenKeys(____bindingPattern0, prefix)
    local operands
    operands = ____bindingPattern0.operands
    local keys = {}
    for ____, text in ipairs(operands) do
        local key = ownKey(text, prefix)
        if key == nil then
            return {problem = ("\"" .. text) .. "\" is not a key. \"status --all\" shows them: 11_22 for a service, 11_H for a host, ba_5 for a business activity, poller_3 for a poller", code = EXIT.usage}
        end
        keys[#keys + 1] = key
    end
    return keys
end

-- The poller that an alert is of, by its name; empty when nobody knows.
local function pollerOf(alert)
    local ____temp_2
    if alert.resource.kind == "poller" then
        ____temp_2 = nameOf(alert)
    else
        local ____opt_0 = alert.place
        ____temp_2 = ____opt_0 and ____opt_0.poller or ""
    end
    return ____temp_2
end

-- The names in `names`, in order, for a message.
local function listed(names)
    local all = {}
    for name in pairs(names) do
        if name ~= "" then
            all[#all + 1] = ("\"" .. name) .. "\""
        end
    end
    table.sort(all)
    return #all == 0 and "of no poller" or "of " .. table.concat(all, ", ")
end

local function keysOfPoller(name, ____bindingPattern0)
    local settings
    settings = ____bindingPattern0.settings
    local ____viewJournal_result_3 = viewJournal(settings.state_path)
    local alerts = ____viewJournal_result_3.alerts
    local problem = ____viewJournal_result_3.problem
    local keys = {}
    local pollers = {}
    for ____, alert in ipairs(alerts) do
        local poller = pollerOf(alert)
        pollers[poller] = true
        if poller == name then
            keys[#keys + 1] = alert.dedupKey
        end
    end
    if #keys > 0 then
        return keys
    end
    local known = #alerts == 0 and (problem or "it has no alerts") or "its alerts are " .. listed(pollers)
    return {problem = (("the journal has no alert of a poller called \"" .. name) .. "\": ") .. known, code = EXIT.problem}
end

local function keysOf(given, setup)
    local poller = given.value("--poller")
    if poller == nil then
        if #given.operands > 0 then
            return givenKeys(given, setup.settings.pdy_dedup_prefix)
        end
        return {problem = "it needs a KEY, as PagerDuty or status shows it", code = EXIT.usage}
    end
    if #given.operands > 0 then
        return {problem = "--poller NAME stands in place of keys, not beside them", code = EXIT.usage}
    end
    local keys = keysOfPoller(poller, setup)
    if keys.problem ~= nil or #keys <= MOST_WITHOUT_YES or given.has("--yes") then
        return keys
    end
    -- A script has decided already.
    if not succeeds("test -t 0") then
        return keys
    end
    return {
        problem = ((counted(#keys, "alert") .. " are of the poller \"") .. poller) .. "\": add --yes to resolve them all",
        code = EXIT.usage
    }
end

-- What became of one alert, and whether that was what was ordered.
local function wordsOf(____bindingPattern0)
    local outcome
    local name
    local key
    key = ____bindingPattern0.key
    name = ____bindingPattern0.name
    outcome = ____bindingPattern0.outcome
    local alert = ((name .. " (") .. key) .. ")"
    if outcome == "unknown" then
        return ("unknown key: " .. key) .. ": no alert has it (\"status --all\" shows those there are)", false
    end
    if outcome == "under way" then
        return ("being sent: " .. alert) .. ": nothing is done; try again in a moment", false
    end
    if outcome == "ended" then
        return ("ended: " .. alert) .. ": PagerDuty had nothing of it", true
    end
    return (outcome .. ": ") .. alert, true
end

local function run(given, report, kind)

    local function fail(problem, code)
        report.print((("FAILED " .. kind) .. ": ") .. problem)
        return code
    end
    local setup = openOutput(given, report, {complaint = "FAILED configuration:", needsSecrets = false})
    if type(setup) == "number" then
        return setup
    end
    local settings = setup.settings
    if settings.send_data_test then
        return fail("send_data_test is 1: the output keeps no journal, and PagerDuty has nothing", EXIT.problem)
    end
    local keys = keysOf(given, setup)
    if keys.problem ~= nil then
        return fail(keys.problem, keys.code)
    end
    local wanted = {}
    for ____, key in ipairs(keys) do
        wanted[#wanted + 1] = {kind = kind, key = key}
    end
    local delivered = deliverOrders(settings, wanted)
    if type(delivered) == "string" then
        return fail(delivered, EXIT.problem)
    end
    local done = 0
    for ____, answer in ipairs(delivered.answers) do
        local words, isDone = wordsOf(answer)
        if isDone then
            done = done + 1
        end
        report.add(words)
    end
    local when = delivered.isForNextStart and done > 0 and ": no broker runs the output; it takes effect at its next start" or ""
    local counts = (counted(done, "alert") .. " ") .. (kind == "resolve" and "resolved" or "forgotten")
    local left = #keys - done
    if left > 0 then
        local ____viewJournal_result_4 = viewJournal(settings.state_path)
        local problem = ____viewJournal_result_4.problem
        if problem ~= nil then
            report.find("WARNING", "journal", problem)
        end
        return fail(
            (((counts .. ", ") .. tostring(left)) .. " not") .. when,
            EXIT.problem
        )
    end
    report.print(("ok: " .. counts) .. when)
    return EXIT.good
end

function exports.resolve(given, report)
    return run(given, report, "resolve")
end

function exports.forget(given, report)
    return run(given, report, "forget")
end
return exports
 end,

-- -------------------- src/commands/main.ts --------------------
["src.commands.main"] = function(...)
-- The commands of centreon-pagerduty: finds the one that is asked for, and ends with its exit code. Runs in plain Lua
-- with lua-curl, outside the broker: `lua centreon-pagerduty.lua COMMAND [options]`.
local exports = {}
local ____arguments = require("src.commands.arguments")
local readArguments = ____arguments.readArguments
local usageOf = ____arguments.usageOf
local ____check = require("src.commands.check")
local CHECK = ____check.CHECK
local check = ____check.check
local ____smoke = require("src.commands.smoke")
local SMOKE = ____smoke.SMOKE
local smoke = ____smoke.smoke
local ____test_alert = require("src.commands.test_alert")
local CLEAR = ____test_alert.CLEAR
local FIRE = ____test_alert.FIRE
local clear = ____test_alert.clear
local fire = ____test_alert.fire
local ____explain = require("src.commands.explain")
local EXPLAIN = ____explain.EXPLAIN
local explain = ____explain.explain
local ____replay = require("src.commands.replay")
local REPLAY = ____replay.REPLAY
local replay = ____replay.replay
local ____rules = require("src.commands.rules")
local RULES = ____rules.RULES
local rules = ____rules.rules
local ____incidents = require("src.commands.incidents")
local INCIDENTS = ____incidents.INCIDENTS
local incidents = ____incidents.incidents
local ____oncall = require("src.commands.oncall")
local ONCALL = ____oncall.ONCALL
local oncall = ____oncall.oncall
local ____status = require("src.commands.status")
local STATUS = ____status.STATUS
local status = ____status.status
local ____plugin = require("src.commands.plugin")
local PLUGIN_OPTION = ____plugin.PLUGIN_OPTION
local ____reconcile = require("src.commands.reconcile")
local RECONCILE = ____reconcile.RECONCILE
local reconcile = ____reconcile.reconcile
local ____retry = require("src.commands.retry")
local RETRY = ____retry.RETRY
local retry = ____retry.retry
local ____orders = require("src.commands.orders")
local FORGET = ____orders.FORGET
local RESOLVE = ____orders.RESOLVE
local forget = ____orders.forget
local resolve = ____orders.resolve
local ____report = require("src.commands.report")
local EXIT = ____report.EXIT
local createReport = ____report.createReport
local COMMANDS = {
    {syntax = CHECK, run = check},
    {syntax = SMOKE, run = smoke},
    {syntax = FIRE, run = fire},
    {syntax = CLEAR, run = clear},
    {syntax = EXPLAIN, run = explain},
    {syntax = REPLAY, run = replay},
    {syntax = RULES, run = rules},
    {syntax = STATUS, run = status},
    {syntax = INCIDENTS, run = incidents},
    {syntax = ONCALL, run = oncall},
    {syntax = RETRY, run = retry},
    {syntax = RECONCILE, run = reconcile},
    {syntax = RESOLVE, run = resolve},
    {syntax = FORGET, run = forget}
}
-- The exit code of a monitoring plugin that cannot do its work: 1 and 2 would speak of what it watches.
local UNKNOWN = 3
-- Width of the longest command, and the space behind it: completion looks for two.
local NAME_WIDTH = 11
local USAGE = "usage: centreon-pagerduty COMMAND [options]"

local function overview()
    local lines = {USAGE, ""}
    for ____, ____value in ipairs(COMMANDS) do
        local syntax = ____value.syntax
        local gap = string.rep(" ", NAME_WIDTH - #syntax.command)
        lines[#lines + 1] = (("  " .. syntax.command) .. gap) .. syntax.purpose
    end
    lines[#lines + 1] = ""
    lines[#lines + 1] = "centreon-pagerduty COMMAND --help tells more. Exit codes: 0 good, 1 a problem was found, 2 usage."
    return table.concat(lines, "\n")
end

local function commandOf(name)
    for ____, command in ipairs(COMMANDS) do
        if command.syntax.command == name then
            return command
        end
    end
    return nil
end

local function complain(text)
    io.stderr:write(text .. "\n")
    return EXIT.usage
end
-- Why standard output took something not, such as a full disk; undefined: it took all.
local writeProblem

local function write(text)
    local isWritten, problem = io.stdout:write(text)
    if isWritten == nil then
        writeProblem = writeProblem or problem
    end
end

local function ____print(text)
    write(text .. "\n")
    return EXIT.good
end

-- `code`, unless the reader got less than it says.
local function finish(code)
    if writeProblem == nil then
        return code
    end
    complain("centreon-pagerduty: the result cannot be written: " .. writeProblem)
    return code == EXIT.good and EXIT.problem or code
end

-- Whether the command can be a monitoring plugin.
local function hasPlugin(____bindingPattern0)
    local options
    options = ____bindingPattern0.options
    for ____, ____value in ipairs(options) do
        local name = ____value.name
        if name == PLUGIN_OPTION.name then
            return true
        end
    end
    return false
end

-- The words after the first one.
local function rest(words)
    local others = {}
    for index = 1, #words - 1 do
        others[#others + 1] = words[index + 1] or ""
    end
    return others
end

local function run(words)
    local first = words[1]
    if first == nil then
        return complain(overview())
    end
    local ____commandOf_1 = commandOf
    local ____temp_0
    if first == "help" then
        ____temp_0 = words[2]
    else
        ____temp_0 = first
    end
    local command = ____commandOf_1(____temp_0)
    if command == nil then
        local isHelp = first == "help" or first == "--help" or first == "-h"
        if isHelp and (first ~= "help" or words[2] == nil) then
            return ____print(overview())
        end
        local unknown = words[(isHelp and 1 or 0) + 1] or ""
        -- The shell part has commands of its own.
        return complain((("centreon-pagerduty: there is no command \"" .. unknown) .. "\": centreon-pagerduty --help lists them\n") .. USAGE)
    end
    local syntax = command.syntax
    local others = rest(words)
    local isHelpWanted = first == "help"
    for ____, word in ipairs(others) do
        if word == "--help" or word == "-h" then
            isHelpWanted = true
        end
    end
    if isHelpWanted then
        return ____print(usageOf(syntax))
    end
    local given = readArguments(syntax, others)
    local isPlugin = false
    for ____, word in ipairs(others) do
        isPlugin = isPlugin or word == "--plugin" and hasPlugin(syntax)
    end
    if type(given) == "string" then
        complain((((("centreon-pagerduty " .. syntax.command) .. ": ") .. given) .. "\n") .. usageOf(syntax))
        if not isPlugin then
            return EXIT.usage
        end
        ____print("UNKNOWN - " .. given)
        return UNKNOWN
    end
    local report = createReport(write)
    local isDone, result = pcall(command.run, given, report)
    if isDone then
        return result
    end
    -- Whatever it was, the secrets must not be in it: the report knows them.
    report.print(((isPlugin and "UNKNOWN -" or ("FAILED " .. syntax.command) .. ":") .. " ") .. tostring(result))
    return isPlugin and UNKNOWN or EXIT.problem
end
-- What cannot be written must show at once, not when nobody looks any more.
io.stdout:setvbuf("no")
os.exit(finish(run(arg or ({}))))
return exports
 end,
}
local ____entry = require("src.commands.main", ...)
return ____entry
