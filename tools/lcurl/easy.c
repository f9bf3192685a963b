/* An easy: one transfer. Owns its options, its callbacks into Lua, and what it tells afterwards. */
#include <stdio.h>

#include "lcurl.h"
#include "tables.h"

/* Inside easy:perform, what a callback raised is at this index. */
#define RAISED_VALUE 2

static Easy *check_easy(lua_State *L) { return check_handle(L, 1, EASY_HANDLE); }

/** Ends a method: returns the easy, or fails with `code`. */
static int finish(lua_State *L, const Easy *easy, CURLcode code) {
  if (code != CURLE_OK) return fail(L, easy->safe, easy_error(code));
  lua_settop(L, 1);
  return 1;
}

/** Whether libcurl is at work for `easy`, that is, whether we are inside one of its callbacks. */
static bool is_running(const Easy *easy) {
  return easy->running != NULL || (easy->multi != NULL && easy->multi->running != NULL);
}

/* ---- callbacks ---- */

/** Hands `size` bytes to the callback that the easy keeps as `field`. Returns `size` when it took them (it
 *  returned nothing, something true, or the count), else the count it gave or 0, which libcurl makes a
 *  WRITE_ERROR. Of what the callback raised only a blocking transfer tells: in a multi there is nothing but
 *  the WRITE_ERROR, as in Lua-cURLv3. */
static size_t deliver(Easy *easy, const char *field, const char *bytes, size_t size) {
  bool blocking = easy->multi == NULL;
  lua_State *L = blocking ? easy->running : easy->multi->running;
  if (L == NULL) return 0;
  int top = lua_gettop(L);
  size_t taken = size;
  if (blocking) {
    lua_pushvalue(L, RUNNING_OBJECT);
  } else {
    push_easy_of_multi(L, RUNNING_OBJECT, easy);
  }
  lua_getfield(L, -1, field);
  int first = lua_gettop(L);
  lua_pushlstring(L, bytes, size);
  if (lua_pcall(L, 1, LUA_MULTRET, 0) != 0) {
    taken = 0;
    if (blocking) {
      easy->callback_raised = true;
      lua_replace(L, RAISED_VALUE);
    }
  } else if (lua_isnumber(L, first)) {
    taken = (size_t)lua_tonumber(L, first);
  } else if (!lua_isnone(L, first) && !lua_toboolean(L, first)) {
    taken = 0;
  }
  lua_settop(L, top);
  return taken;
}

static size_t deliver_body(char *bytes, size_t size, size_t count, void *easy) {
  return deliver(easy, "_writefunction", bytes, size * count);
}

static size_t deliver_header(char *bytes, size_t size, size_t count, void *easy) {
  return deliver(easy, "_headerfunction", bytes, size * count);
}

/* ---- options ---- */

/** Makes the function at index 2 the callback; when it is nil, libcurl prints bodies and drops headers again. */
static CURLcode set_callback(lua_State *L, Easy *easy, CURLoption option) {
  bool body = option == CURLOPT_WRITEFUNCTION;
  bool unset = lua_isnil(L, 2);
  CURLcode code = curl_easy_setopt(easy->curl, option, unset ? NULL : body ? deliver_body : deliver_header);
  if (code != CURLE_OK) return code;
  curl_easy_setopt(easy->curl, body ? CURLOPT_WRITEDATA : CURLOPT_HEADERDATA,
                   !unset ? (void *)easy : body ? (void *)stdout : NULL);
  lua_setfield(L, 1, body ? "_writefunction" : "_headerfunction");
  return CURLE_OK;
}

/** Makes a string list of the array at index 2, or none when it is nil. libcurl does not copy it: the easy's
 *  table keeps it until it is replaced. */
static CURLcode set_list(lua_State *L, Easy *easy, const struct curl_easyoption *option) {
  struct curl_slist **list = lua_newuserdata(L, sizeof(*list));
  *list = NULL;
  luaL_getmetatable(L, STRING_LIST);
  lua_setmetatable(L, -2);
  for (int i = 1; lua_istable(L, 2); i++) {
    lua_rawgeti(L, 2, i);
    if (lua_isnil(L, -1)) break;
    luaL_argcheck(L, lua_isstring(L, -1), 2, "array of strings expected");
    struct curl_slist *longer = curl_slist_append(*list, lua_tostring(L, -1));
    if (longer == NULL) return CURLE_OUT_OF_MEMORY;
    *list = longer;
    lua_pop(L, 1);
  }
  lua_settop(L, 3);
  CURLcode code = curl_easy_setopt(easy->curl, option->id, *list);
  if (code == CURLE_OK) lua_setfield(L, 1, option->name);
  return code;
}

int collect_string_list(lua_State *L) {
  curl_slist_free_all(*(struct curl_slist **)lua_touserdata(L, 1));
  return 0;
}

/** Sets the body, of which libcurl takes a copy; `length` -1 says that it has none of its own. */
static CURLcode set_body(Easy *easy, const char *body, curl_off_t length) {
  CURLcode code = curl_easy_setopt(easy->curl, CURLOPT_POSTFIELDSIZE_LARGE, length);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(easy->curl, body == NULL ? CURLOPT_POSTFIELDS : CURLOPT_COPYPOSTFIELDS, body);
}

static CURLcode set_number(lua_State *L, Easy *easy, CURLoption option) {
  if (lua_isboolean(L, 2)) return curl_easy_setopt(easy->curl, option, (long)lua_toboolean(L, 2));
  luaL_argcheck(L, lua_type(L, 2) == LUA_TNUMBER, 2, "number or boolean expected");
  return curl_easy_setopt(easy->curl, option, (long)luaL_checkinteger(L, 2));
}

/** easy:setopt_<name>(value). */
int set_easy_option(lua_State *L) {
  const struct curl_easyoption *option = lua_touserdata(L, lua_upvalueindex(1));
  Easy *easy = check_easy(L);
  lua_settop(L, 2);
  if (option->id == CURLOPT_POSTFIELDS) {
    size_t length;
    const char *body = luaL_checklstring(L, 2, &length);
    return finish(L, easy, set_body(easy, body, (curl_off_t)length));
  }
  switch (option->type) {
    case CURLOT_FUNCTION:
      luaL_checktype(L, 2, LUA_TFUNCTION);
      return finish(L, easy, set_callback(L, easy, option->id));
    case CURLOT_SLIST:
      luaL_argcheck(L, lua_istable(L, 2), 2, "array expected");
      return finish(L, easy, set_list(L, easy, option));
    case CURLOT_STRING:
      luaL_argcheck(L, lua_type(L, 2) == LUA_TSTRING, 2, "string expected");
      return finish(L, easy, curl_easy_setopt(easy->curl, option->id, lua_tostring(L, 2)));
    default:
      return finish(L, easy, set_number(L, easy, option->id));
  }
}

/** easy:unsetopt_<name>(), for all but numbers. */
int unset_easy_option(lua_State *L) {
  const struct curl_easyoption *option = lua_touserdata(L, lua_upvalueindex(1));
  Easy *easy = check_easy(L);
  lua_settop(L, 1);
  lua_pushnil(L);
  if (option->id == CURLOPT_POSTFIELDS) return finish(L, easy, set_body(easy, NULL, -1));
  switch (option->type) {
    case CURLOT_FUNCTION:
      return finish(L, easy, set_callback(L, easy, option->id));
    case CURLOT_SLIST:
      return finish(L, easy, set_list(L, easy, option));
    default:
      return finish(L, easy, curl_easy_setopt(easy->curl, option->id, NULL));
  }
}

static int easy_setopt(lua_State *L) {
  return set_options(L, check_easy(L)->safe, easy_error(CURLE_UNKNOWN_OPTION));
}

/* ---- what an easy tells ---- */

/** Pushes what libcurl knows of the last transfer: nil for a text that is not there. */
static int push_info(lua_State *L, Easy *easy, CURLINFO info) {
  CURLcode code;
  char *text = NULL;
  double seconds = 0;
  long number = 0;
  curl_off_t size = 0;
  switch (info & CURLINFO_TYPEMASK) {
    case CURLINFO_STRING:
      code = curl_easy_getinfo(easy->curl, info, &text);
      lua_pushstring(L, text);
      break;
    case CURLINFO_DOUBLE:
      code = curl_easy_getinfo(easy->curl, info, &seconds);
      lua_pushnumber(L, seconds);
      break;
    case CURLINFO_LONG:
      code = curl_easy_getinfo(easy->curl, info, &number);
      lua_pushinteger(L, (lua_Integer)number);
      break;
    default:
      code = curl_easy_getinfo(easy->curl, info, &size);
      lua_pushinteger(L, (lua_Integer)size);
  }
  return code == CURLE_OK ? 1 : fail(L, easy->safe, easy_error(code));
}

/** easy:getinfo_<name>(). */
int get_easy_info(lua_State *L) {
  const Name *info = lua_touserdata(L, lua_upvalueindex(1));
  return push_info(L, check_easy(L), (CURLINFO)info->value);
}

/** easy:getinfo(cURL.INFO_<NAME>). */
static int easy_getinfo(lua_State *L) {
  Easy *easy = check_easy(L);
  long info = (long)luaL_checkinteger(L, 2);
  for (size_t i = 0; i < COUNT(INFOS); i++)
    if (INFOS[i].value == info) return push_info(L, easy, (CURLINFO)info);
  return fail(L, easy->safe, easy_error(CURLE_UNKNOWN_OPTION));
}

/* ---- life ---- */

/** cURL.easy([options]). */
int new_easy(lua_State *L) {
  lua_settop(L, 1);
  Easy *easy = push_object(L, EASY, EASY_HANDLE, sizeof(Easy));
  easy->safe = lua_toboolean(L, lua_upvalueindex(1));
  easy->curl = curl_easy_init();
  if (easy->curl == NULL) return fail(L, easy->safe, easy_error(CURLE_FAILED_INIT));
  return construct(L);
}

/** easy:perform([options]): waits until the transfer has ended. */
static int easy_perform(lua_State *L) {
  Easy *easy = check_easy(L);
  if (is_running(easy)) return fail(L, easy->safe, easy_error(CURLE_RECURSIVE_API_CALL));
  if (!lua_isnoneornil(L, 2)) {
    int results = easy_setopt(L);
    if (results != 1) return results;
  }
  lua_settop(L, RAISED_VALUE);
  easy->callback_raised = false;
  easy->running = L;
  CURLcode code = curl_easy_perform(easy->curl);
  easy->running = NULL;
  return easy->callback_raised ? lua_error(L) : finish(L, easy, code);
}

/** easy:reset(): all options back to their defaults; connections are kept. */
static int easy_reset(lua_State *L) {
  Easy *easy = check_easy(L);
  if (easy->curl == NULL) return fail(L, easy->safe, easy_error(CURLE_BAD_FUNCTION_ARGUMENT));
  curl_easy_reset(easy->curl);
  return finish(L, easy, CURLE_OK);
}

/** easy:close(): the second time, nothing happens. libcurl would crash if a callback closed its own transfer. */
static int easy_close(lua_State *L) {
  Easy *easy = check_easy(L);
  if (is_running(easy)) return fail(L, easy->safe, easy_error(CURLE_RECURSIVE_API_CALL));
  detach_easy(L, 1, easy);
  curl_easy_cleanup(easy->curl);
  easy->curl = NULL;
  return 0;
}

int collect_easy(lua_State *L) {
  Easy *easy = lua_touserdata(L, 1);
  if (easy->multi != NULL) unlink_easy(easy);
  curl_easy_cleanup(easy->curl);
  easy->curl = NULL;
  return 0;
}

const luaL_Reg EASY_METHODS[] = {
    {"setopt", easy_setopt}, {"getinfo", easy_getinfo}, {"perform", easy_perform},
    {"reset", easy_reset},   {"close", easy_close},     {NULL, NULL},
};
