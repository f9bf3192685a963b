// broker.json_encode and broker.json_decode, with the broker's quirks: what it does not escape, does not escape
// here either.
#include "connector.hpp"

#include <nlohmann/json.hpp>

#include <cstring>

using nlohmann::json;

namespace {

// Appends the JSON of the value on the top of the stack. Returns nullptr, or what to raise: a Lua error must not
// jump over `out`.
const char* encode(lua_State* L, std::string& out);

// Only these five are escaped, and the string ends at a NUL.
void encodeText(const char* text, std::string& out) {
    out += '"';
    for (; *text != '\0'; ++text) {
        const char* place = std::strchr("\\\"\t\r\n", *text);
        if (place == nullptr) {
            out += *text;
            continue;
        }
        out += '\\';
        out += "\\\"trn"[place - std::strchr("\\\"\t\r\n", '\\')];
    }
    out += '"';
}

// The first key decides: 1 makes an array (other keys are lost), none makes [], anything else an object.
// The broker turns number keys of an object into strings in place, and so breaks its own iteration.
const char* encodeTable(lua_State* L, std::string& out) {
    lua_pushnil(L);
    if (lua_next(L, -2) == 0) {
        out += "[]";
        return nullptr;
    }
    const bool isArray = isInteger(L, -2) && lua_tointeger(L, -2) == 1;
    out += isArray ? '[' : '{';
    bool first = true;
    do {
        if (isArray && !isInteger(L, -2)) {
            lua_pop(L, 1);
            continue;
        }
        if (!first) out += ',';
        first = false;
        if (!isArray) {
            if (lua_type(L, -2) != LUA_TSTRING) return "invalid key to 'next'";
            out += '"';
            out += lua_tostring(L, -2);  // not escaped
            out += "\":";
        }
        if (const char* problem = encode(L, out)) return problem;
        lua_pop(L, 1);
    } while (lua_next(L, -2) != 0);
    out += isArray ? ']' : '}';
    return nullptr;
}

const char* encode(lua_State* L, std::string& out) {
    if (lua_checkstack(L, 4) == 0) return "json_encode: too deeply nested";
    switch (lua_type(L, -1)) {
        case LUA_TNUMBER:
            // A copy is converted: lua_tostring would change a number that is a table's value.
            lua_pushvalue(L, -1);
            out += lua_tostring(L, -1);
            lua_pop(L, 1);
            return nullptr;
        case LUA_TSTRING: encodeText(lua_tostring(L, -1), out); return nullptr;
        case LUA_TBOOLEAN: out += lua_toboolean(L, -1) ? "true" : "false"; return nullptr;
        case LUA_TTABLE: return encodeTable(L, out);
        case LUA_TUSERDATA:
            if (const EventPointer* event = eventAt(L, -1)) {
                pushEvent(L, *event, 1);
                const char* problem = encodeTable(L, out);
                lua_pop(L, 1);
                return problem;
            }
            break;
        default: break;
    }
    return "json_encode: type not implemented";
}

int jsonEncode(lua_State* L) {
    luaL_checkany(L, 1);
    const char* problem = nullptr;
    {
        std::string out;
        problem = encode(L, out);
        if (problem == nullptr) pushText(L, out);
    }
    return problem == nullptr ? 1 : luaL_error(L, "%s", problem);
}

// The parser has undone the escapes already; the broker undoes them once more.
std::string unescapeAgain(std::string text) {
    for (size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at + 1)) {
        const char* place = at + 1 < text.size() ? std::strchr("\\\"trn", text[at + 1]) : nullptr;
        if (place != nullptr) text.replace(at, 2, 1, "\\\"\t\r\n"[place - std::strchr("\\\"trn", '\\')]);
    }
    return text;
}

void decode(lua_State* L, const json& value) {
    luaL_checkstack(L, 4, "json_decode: too deeply nested");
    switch (value.type()) {
        case json::value_t::string: pushText(L, unescapeAgain(value.get<std::string>())); break;
        // Cut to 32 bits.
        case json::value_t::number_unsigned: lua_pushinteger(L, value.get<uint32_t>()); break;
        case json::value_t::number_integer: lua_pushinteger(L, value.get<int32_t>()); break;
        case json::value_t::number_float: lua_pushnumber(L, value.get<double>()); break;
        case json::value_t::boolean: lua_pushboolean(L, value.get<bool>()); break;
        case json::value_t::array: {
            lua_newtable(L);
            int count = 0;
            for (const json& item : value) {
                decode(L, item);
                lua_rawseti(L, -2, ++count);
            }
            break;
        }
        case json::value_t::object:
            lua_newtable(L);
            for (const auto& [name, item] : value.items()) {
                pushText(L, name);
                decode(L, item);
                lua_settable(L, -3);
            }
            break;
        default: lua_pushnil(L); break;
    }
}

int jsonDecode(lua_State* L) {
    const char* text = luaL_checkstring(L, -1);
    try {
        decode(L, json::parse(text));
        return 1;
    } catch (const json::parse_error& error) {
        lua_pushnil(L);
        lua_pushstring(L, error.what());
        return 2;
    }
}

}  // namespace

void addJsonFunctions(lua_State* L) {
    addFunctions(L, {{"json_encode", jsonEncode}, {"json_decode", jsonDecode}}, nullptr);
}
