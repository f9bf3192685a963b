// Events in Lua: see event_lua.hpp.
#include "event_lua.hpp"

#include <new>

namespace {

constexpr const char* eventType = "broker_event";

void pushRecord(lua_State* L, const Field& field, const Record& record);

void pushValue(lua_State* L, const Field& field, const Value& value, bool legacy) {
    if (const auto* boolean = std::get_if<bool>(&value)) {
        lua_pushboolean(L, *boolean);
    } else if (const auto* integer = std::get_if<int64_t>(&value)) {
        lua_pushinteger(L, static_cast<lua_Integer>(*integer));
    } else if (const auto* real = std::get_if<double>(&value)) {
        lua_pushnumber(L, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        // BBDO 2 texts end at a NUL.
        if (legacy) lua_pushstring(L, text->c_str());
        else pushText(L, *text);
    } else if (const auto* record = std::get_if<std::shared_ptr<const Record>>(&value)) {
        pushRecord(L, field, **record);
    } else {
        lua_pushnil(L);
    }
}

// Only BBDO 3 has arrays and messages.
void pushRecord(lua_State* L, const Field& field, const Record& record) {
    lua_createtable(L, field.repeated ? static_cast<int>(record.size()) : 0, 0);
    if (field.repeated) {
        Field item = field;
        item.repeated = false;
        for (size_t i = 0; i < record.size(); ++i) {
            pushValue(L, item, record[i], false);
            lua_rawseti(L, -2, static_cast<int>(i + 1));
        }
        return;
    }
    for (size_t i = 0; i < record.size(); ++i) {
        pushValue(L, field.members[i], record[i], false);
        lua_setfield(L, -2, field.members[i].name.c_str());
    }
}

void pushTable(lua_State* L, const Event& event) {
    const Schema& schema = *event.schema;
    lua_createtable(L, 0, static_cast<int>(schema.fields.size()));
    for (size_t i = 0; i < schema.fields.size(); ++i) {
        pushValue(L, schema.fields[i], event.values[i], schema.legacy);
        lua_setfield(L, -2, schema.fields[i].name.c_str());
    }
}

EventPointer& checkEvent(lua_State* L) {
    return *static_cast<EventPointer*>(luaL_checkudata(L, 1, eventType));
}

int destroyEvent(lua_State* L) {
    checkEvent(L).reset();
    return 0;
}

// event.name
int readField(lua_State* L) {
    const Event& event = *checkEvent(L);
    const char* name = luaL_checkstring(L, 2);
    const Schema& schema = *event.schema;
    FieldReads& reads = contextOf<FieldReads>(L);
    ++reads.total;
    ++reads.byOrdinal[schema.ordinal].reads;
    const int position = schema.positionOf(name);
    if (position < 0) lua_pushnil(L);
    else pushValue(L, schema.fields[position], event.values[position], schema.legacy);
    return 1;
}

// The step of pairs(event). An unset field of a BBDO 3 event ends it; one of a BBDO 2 object comes with nil.
int nextField(lua_State* L) {
    const Event& event = *checkEvent(L);
    const Schema& schema = *event.schema;
    const char* key = lua_tostring(L, 2);
    const size_t next = key == nullptr ? 0 : static_cast<size_t>(schema.positionOf(key) + 1);
    const bool ended = next >= schema.fields.size() ||
                       (!schema.legacy && std::holds_alternative<std::monostate>(event.values[next]));
    if (ended) {
        lua_pushnil(L);
        return 1;
    }
    pushText(L, schema.fields[next].name);
    pushValue(L, schema.fields[next], event.values[next], schema.legacy);
    return 2;
}

int iterateEvent(lua_State* L) {
    checkEvent(L);
    luaL_getmetafield(L, 1, "__next");
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

#if LUA_VERSION_NUM == 501
// pairs of API 2 on Lua 5.1: a value with __next in its metatable is stepped through by it.
int pairsWithNext(lua_State* L) {
    if (!luaL_getmetafield(L, 1, "__next")) lua_getglobal(L, "next");
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}
#endif

}  // namespace

void registerEvents(lua_State* L, FieldReads& reads) {
    luaL_newmetatable(L, eventType);
    addFunctions(L,
                 {{"__gc", destroyEvent}, {"__index", readField}, {"__next", nextField}, {"__pairs", iterateEvent}},
                 &reads);
    lua_pop(L, 1);
}

void replacePairs(lua_State* L) {
#if LUA_VERSION_NUM == 501
    lua_pushcfunction(L, pairsWithNext);
    lua_setglobal(L, "pairs");
#else
    (void)L;
#endif
}

void pushEvent(lua_State* L, const EventPointer& event, int apiVersion) {
    if (apiVersion == 1) {
        pushTable(L, *event);
        return;
    }
    new (lua_newuserdata(L, sizeof(EventPointer))) EventPointer(event);
    luaL_getmetatable(L, eventType);
    lua_setmetatable(L, -2);
}

const EventPointer* eventAt(lua_State* L, int index) {
    if (!lua_isuserdata(L, index) || !lua_getmetatable(L, index)) return nullptr;
    luaL_getmetatable(L, eventType);
    const bool same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    return same ? static_cast<EventPointer*>(lua_touserdata(L, index)) : nullptr;
}
