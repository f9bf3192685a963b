-- Reads a JSON document from standard input, for the shell. Knows nothing of what is in it. Numbers, true, false and
-- null are read as text.
--
--   lua read_json.lua at KEYS                 the text at these keys, such as security.token; nothing when there is none
--   lua read_json.lua rows KEY VALUE WANTED   of the rows below "result" whose KEY is VALUE, their WANTED, one a line
--   lua read_json.lua list                    the texts below "result", one a line
--
-- A document that is nothing but a text counts as its own "message". Exits with 1 when this is not JSON.
local text, position, read = io.read("*a"), 1, nil
local ESCAPED = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function skip_space() position = text:find("%S", position) or error("unfinished") end

local function utf8_of(code)
    if code < 0x80 then return string.char(code) end
    local tail, first = "", 0x3f
    repeat
        tail = string.char(0x80 + code % 0x40) .. tail
        code, first = math.floor(code / 0x40), math.floor(first / 2)
    until code <= first
    return string.char(0xfe - 2 * first + code) .. tail
end

local function read_escape()
    local letter = text:sub(position + 1, position + 1)
    if letter ~= "u" then
        position = position + 2
        return ESCAPED[letter] or letter
    end
    local code = tonumber(text:sub(position + 2, position + 5), 16) or error("no number")
    position = position + 6
    local low = code >= 0xd800 and code < 0xdc00 and tonumber(text:match("^\\u(%x%x%x%x)", position) or "", 16)
    if not low then return utf8_of(code) end
    position = position + 6
    return utf8_of(0x10000 + (code - 0xd800) * 0x400 + low - 0xdc00)
end

local function read_string()
    local parts = {}
    position = position + 1
    while true do
        local plain = text:match("^[^\"\\]*", position)
        position = position + #plain
        parts[#parts + 1] = plain
        local ending = text:sub(position, position)
        if ending == "" then error("unfinished") end
        if ending == "\"" then break end
        parts[#parts + 1] = read_escape()
    end
    position = position + 1
    return table.concat(parts)
end

local function read_members(closing)
    local members = {}
    position = position + 1
    while true do
        skip_space()
        local first = text:sub(position, position)
        if first == closing then break end
        if first == "," then
            position = position + 1
        elseif closing == "]" then
            members[#members + 1] = read()
        else
            local name = read()
            skip_space()
            position = position + 1
            members[name] = read()
        end
    end
    position = position + 1
    return members
end

function read()
    skip_space()
    local first = text:sub(position, position)
    if first == "\"" then return read_string() end
    if first == "{" then return read_members("}") end
    if first == "[" then return read_members("]") end
    local word = text:match("^[%w.+-]+", position) or error("not JSON")
    position = position + #word
    return word
end

local is_json, document = pcall(read)
if not is_json then os.exit(1) end
if type(document) == "string" then document = { message = document } end

local function is_table(value) return type(value) == "table" end

if arg[1] == "at" then
    local value = document
    for key in arg[2]:gmatch("[^.]+") do value = is_table(value) and value[key] or nil end
    if type(value) == "string" then print(value) end
else
    local key, wanted_value, wanted = arg[2], arg[3], arg[4]
    for _, row in ipairs(is_table(document.result) and document.result or {}) do
        if type(row) == "string" and arg[1] == "list" then print(row) end
        if is_table(row) and arg[1] == "rows" and row[key] == wanted_value then print(row[wanted]) end
    end
end
