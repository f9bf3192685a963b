/* The modules "cURL" and "cURL.safe": the part of Lua-cURLv3 0.3.13's API that a connector uses, over the
 * real libcurl (README.md says what it is for). Owns what Lua finds under which name; does nothing else. */
#include <ctype.h>

#include "lcurl.h"
#include "tables.h"

/** Sets the methods of the table at the top. */
static void set_methods(lua_State *L, const luaL_Reg *methods) {
  for (; methods->name != NULL; methods++) {
    lua_pushcfunction(L, methods->func);
    lua_setfield(L, -2, methods->name);
  }
}

/** Sets `<prefix><name in lower case>` to `method`, which gets `row` as its upvalue. */
static void set_row_method(lua_State *L, const char *prefix, const char *name, lua_CFunction method,
                           const void *row) {
  luaL_Buffer lower_case;
  luaL_buffinit(L, &lower_case);
  luaL_addstring(&lower_case, prefix);
  for (; *name != '\0'; name++) luaL_addchar(&lower_case, (char)tolower((unsigned char)*name));
  luaL_pushresult(&lower_case);
  lua_pushlightuserdata(L, (void *)row);
  lua_pushcclosure(L, method, 1);
  lua_rawset(L, -3);
}

/** Sets `setopt_<name>` like that, and the same method under the option's number, where setopt looks for it. */
static void set_setter(lua_State *L, const char *name, int number, lua_CFunction method, const void *row) {
  set_row_method(L, "setopt_", name, method, row);
  lua_pushlightuserdata(L, (void *)row);
  lua_pushcclosure(L, method, 1);
  lua_rawseti(L, -2, number);
}

/** Creates the metatable of a kind, its own __index, and leaves it at the top. */
static void push_new_kind(lua_State *L, const char *kind, const luaL_Reg *methods) {
  luaL_newmetatable(L, kind);
  set_methods(L, methods);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
}

static void create_collected_kind(lua_State *L, const char *kind, lua_CFunction collect) {
  luaL_newmetatable(L, kind);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
}

static void create_kinds(lua_State *L) {
  create_collected_kind(L, EASY_HANDLE, collect_easy);
  create_collected_kind(L, MULTI_HANDLE, collect_multi);
  create_collected_kind(L, STRING_LIST, collect_string_list);
  push_new_kind(L, ERROR, ERROR_METHODS);
  push_new_kind(L, MULTI, MULTI_METHODS);
  for (size_t i = 0; i < COUNT(MULTI_OPTIONS); i++)
    set_setter(L, MULTI_OPTIONS[i].name, (int)MULTI_OPTIONS[i].value, set_multi_option, &MULTI_OPTIONS[i]);
  push_new_kind(L, EASY, EASY_METHODS);
  for (size_t i = 0; i < COUNT(INFOS); i++)
    set_row_method(L, "getinfo_", INFOS[i].name, get_easy_info, &INFOS[i]);
  for (size_t i = 0; i < COUNT(EASY_OPTIONS); i++) {
    const struct curl_easyoption *option = curl_easy_option_by_name(EASY_OPTIONS[i]);
    set_setter(L, option->name, (int)option->id, set_easy_option, option);
    if (option->type != CURLOT_LONG && option->type != CURLOT_VALUES)
      set_row_method(L, "unsetopt_", option->name, unset_easy_option, option);
  }
  lua_pop(L, 3);
}

/** Sets the constant `<prefix><name>` of the table at the top: a float on 5.3, as in Lua-cURLv3. */
static void set_constant(lua_State *L, const char *prefix, const char *name, long value) {
  lua_pushfstring(L, "%s%s", prefix, name);
  lua_pushnumber(L, (lua_Number)value);
  lua_rawset(L, -3);
}

static void set_constants(lua_State *L, const char *prefix, const Name *names, size_t count) {
  for (size_t i = 0; i < count; i++) set_constant(L, prefix, names[i].name, names[i].value);
}

/** Sets `name` of the table at the top to a constructor that knows whether its objects are to be safe. */
static void set_constructor(lua_State *L, const char *name, lua_CFunction constructor, bool safe) {
  lua_pushboolean(L, safe);
  lua_pushcclosure(L, constructor, 1);
  lua_setfield(L, -2, name);
}

/** cURL.version(): libcurl and the libraries that it uses, as text. */
static int version(lua_State *L) {
  lua_pushstring(L, curl_version());
  return 1;
}

/** cURL.version_info([field]): a table of version (text), version_num (0xMMmmpp), ssl_version (text) and features
 *  (name to boolean), or that field of it. */
static int version_info(lua_State *L) {
  const curl_version_info_data *data = curl_version_info(CURLVERSION_NOW);
  lua_settop(L, 1);
  lua_newtable(L);
  lua_pushstring(L, data->version);
  lua_setfield(L, 2, "version");
  lua_pushnumber(L, data->version_num);
  lua_setfield(L, 2, "version_num");
  lua_pushstring(L, data->ssl_version);
  lua_setfield(L, 2, "ssl_version");
  lua_newtable(L);
  for (size_t i = 0; i < COUNT(FEATURES); i++) {
    lua_pushboolean(L, (data->features & FEATURES[i].value) != 0);
    lua_setfield(L, 3, FEATURES[i].name);
  }
  lua_setfield(L, 2, "features");
  if (lua_isstring(L, 1)) {
    lua_pushvalue(L, 1);
    lua_rawget(L, 2);
  }
  return 1;
}

static int open_module(lua_State *L, bool safe) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return luaL_error(L, "libcurl cannot be initialised");
  create_kinds(L);
  lua_newtable(L);
  set_constructor(L, "easy", new_easy, safe);
  set_constructor(L, "multi", new_multi, safe);
  lua_pushcfunction(L, version);
  lua_setfield(L, -2, "version");
  lua_pushcfunction(L, version_info);
  lua_setfield(L, -2, "version_info");
  for (size_t i = 0; i < COUNT(EASY_OPTIONS); i++)
    set_constant(L, "OPT_", EASY_OPTIONS[i], (long)curl_easy_option_by_name(EASY_OPTIONS[i])->id);
  set_constants(L, "OPT_MULTI_", MULTI_OPTIONS, COUNT(MULTI_OPTIONS));
  set_constants(L, "INFO_", INFOS, COUNT(INFOS));
  set_constants(L, "E_", EASY_CODES, COUNT(EASY_CODES));
  set_constants(L, "E_MULTI_", MULTI_CODES, COUNT(MULTI_CODES));
  set_constants(L, "", VALUES, COUNT(VALUES));
  return 1;
}

/** require "cURL": errors are raised. */
int luaopen_cURL(lua_State *L);
int luaopen_cURL(lua_State *L) { return open_module(L, false); }

/** require "cURL.safe": methods return nil and the error. Lua finds it in cURL.so by itself. */
int luaopen_cURL_safe(lua_State *L);
int luaopen_cURL_safe(lua_State *L) { return open_module(L, true); }
