// Lua's headers and the few differences between 5.1, LuaJIT, 5.3 and 5.4 that the host meets.
// Every C function given to Lua here has the connector's record as its first upvalue: see contextOf.
#pragma once

#include <lua.hpp>

#include <string>

// A function of the host, by the name that Lua sees.
struct LuaFunction {
    const char* name;
    lua_CFunction run;
};

// Adds the functions to the table on the top of the stack, each with `context` as its first upvalue.
template <size_t Count>
void addFunctions(lua_State* L, const LuaFunction (&functions)[Count], void* context) {
    for (const LuaFunction& function : functions) {
        lua_pushlightuserdata(L, context);
        lua_pushcclosure(L, function.run, 1);
        lua_setfield(L, -2, function.name);
    }
}

// The record that was given to addFunctions.
template <typename Context>
Context& contextOf(lua_State* L) {
    return *static_cast<Context*>(lua_touserdata(L, lua_upvalueindex(1)));
}

// An object for Lua: userdata whose methods are added to the table that is then on the top of the stack.
inline void beginObject(lua_State* L, const char* type) {
    lua_newuserdata(L, 1);
    luaL_newmetatable(L, type);
}

inline void endObject(lua_State* L, const char* global) {
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setglobal(L, global);
}

inline void pushText(lua_State* L, const std::string& text) { lua_pushlstring(L, text.data(), text.size()); }

// Only 5.3 and later tell integers from floats; before, the broker takes any number.
inline bool isInteger(lua_State* L, int index) {
#if LUA_VERSION_NUM >= 503
    return lua_isinteger(L, index) != 0;
#else
    return lua_type(L, index) == LUA_TNUMBER;
#endif
}
