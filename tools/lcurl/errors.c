/* Errors: what they tell, and the forms in which methods give them. Owns no libcurl handle. */
#include "lcurl.h"
#include "tables.h"

Error easy_error(CURLcode code) { return (Error){.of_multi = false, .code = (int)code}; }
Error multi_error(CURLMcode code) { return (Error){.of_multi = true, .code = (int)code}; }

static const char *category_of(Error error) { return error.of_multi ? "CURL-MULTI" : "CURL-EASY"; }

static const char *name_of(Error error) {
  const Name *names = error.of_multi ? MULTI_CODES : EASY_CODES;
  size_t count = error.of_multi ? COUNT(MULTI_CODES) : COUNT(EASY_CODES);
  for (size_t i = 0; i < count; i++)
    if (names[i].value == error.code) return names[i].name;
  return "UNKNOWN";
}

static const char *message_of(Error error) {
  return error.of_multi ? curl_multi_strerror((CURLMcode)error.code) : curl_easy_strerror((CURLcode)error.code);
}

static void push_text(lua_State *L, Error error) {
  lua_pushfstring(L, "[%s][%s] %s (%d)", category_of(error), name_of(error), message_of(error), error.code);
}

void push_error(lua_State *L, Error error) {
  *(Error *)lua_newuserdata(L, sizeof(Error)) = error;
  luaL_getmetatable(L, ERROR);
  lua_setmetatable(L, -2);
}

int fail(lua_State *L, bool safe, Error error) {
  if (safe) {
    lua_pushnil(L);
    push_error(L, error);
    return 2;
  }
#if LUA_VERSION_NUM < 502 /* Lua-cURLv3 raises text there: a standalone Lua 5.1 prints no other error */
  push_text(L, error);
#else
  push_error(L, error);
#endif
  return lua_error(L);
}

static Error check_error(lua_State *L, int index) { return *(Error *)luaL_checkudata(L, index, ERROR); }

static int no(lua_State *L) {
  lua_pushinteger(L, check_error(L, 1).code);
  return 1;
}

static int name(lua_State *L) {
  lua_pushstring(L, name_of(check_error(L, 1)));
  return 1;
}

static int msg(lua_State *L) {
  lua_pushstring(L, message_of(check_error(L, 1)));
  return 1;
}

static int category(lua_State *L) {
  lua_pushstring(L, category_of(check_error(L, 1)));
  return 1;
}

static int to_string(lua_State *L) {
  push_text(L, check_error(L, 1));
  return 1;
}

static int equal(lua_State *L) {
  Error left = check_error(L, 1);
  Error right = check_error(L, 2);
  lua_pushboolean(L, left.of_multi == right.of_multi && left.code == right.code);
  return 1;
}

const luaL_Reg ERROR_METHODS[] = {
    {"no", no},
    {"name", name},
    {"msg", msg},
    {"category", category},
    {"__tostring", to_string},
    {"__eq", equal},
    {NULL, NULL},
};
