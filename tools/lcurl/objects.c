/* Objects: the tables that Lua sees, around a userdata with libcurl's handle. Owns how they are made and
 * checked, and setopt, which finds the method that sets one option; knows nothing of what options do. */
#include <string.h>

#include "lcurl.h"

#define HANDLE "_handle"

void *push_object(lua_State *L, const char *kind, const char *handle_kind, size_t size) {
  lua_newtable(L);
  luaL_getmetatable(L, kind);
  lua_setmetatable(L, -2);
  void *handle = lua_newuserdata(L, size);
  memset(handle, 0, size);
  luaL_getmetatable(L, handle_kind);
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, HANDLE);
  return handle;
}

void *check_handle(lua_State *L, int index, const char *handle_kind) {
  luaL_checktype(L, index, LUA_TTABLE);
  lua_getfield(L, index, HANDLE);
  void *handle = luaL_checkudata(L, -1, handle_kind);
  lua_pop(L, 1);
  return handle;
}

int construct(lua_State *L) {
  if (lua_isnoneornil(L, 1)) return 1;
  lua_getfield(L, -1, "setopt");
  lua_insert(L, -2);
  lua_pushvalue(L, 1);
  lua_call(L, 2, LUA_MULTRET);
  return lua_gettop(L) - 1;
}

/** Calls the method of the object at index 1 that sets the option named by the key at `key`, "url" or
 *  cURL.OPT_URL, with the value above it. Gives how many results setopt has to return, 0 when all was well. */
static int set_option(lua_State *L, int key, bool safe, Error unknown) {
  if (lua_type(L, key) == LUA_TSTRING) {
    lua_pushfstring(L, "setopt_%s", lua_tostring(L, key));
  } else {
    lua_pushvalue(L, key);
  }
  lua_gettable(L, 1);
  if (lua_isnil(L, -1)) return fail(L, safe, unknown);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, key + 1);
  lua_call(L, 2, 2);
  return lua_isnil(L, -2) ? 2 : 0;
}

int set_options(lua_State *L, bool safe, Error unknown) {
  int results = 0;
  if (lua_istable(L, 2)) {
    lua_settop(L, 2);
    lua_pushnil(L);
    while (results == 0 && lua_next(L, 2) != 0) {
      results = set_option(L, 3, safe, unknown);
      if (results == 0) lua_settop(L, 3);
    }
  } else {
    luaL_checktype(L, 2, LUA_TNUMBER);
    lua_settop(L, 3);
    results = set_option(L, 2, safe, unknown);
  }
  if (results != 0) return results;
  lua_settop(L, 1);
  return 1;
}
