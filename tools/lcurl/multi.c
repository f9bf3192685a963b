/* A multi: transfers side by side over shared connections. Owns which easies are in it, and for how long. */
#include "lcurl.h"
#include "tables.h"

/* Of an easy: the multi that it is in. */
#define MULTI_OF_EASY "_multi"
/* Of a multi: its easies, which it keeps alive, by the address of their Easy. */
#define EASIES_OF_MULTI "_easy"

static Multi *check_multi(lua_State *L) { return check_handle(L, 1, MULTI_HANDLE); }

/** Ends a method: returns the multi, or fails with `code`. */
static int finish(lua_State *L, const Multi *multi, CURLMcode code) {
  if (code != CURLM_OK) return fail(L, multi->safe, multi_error(code));
  lua_settop(L, 1);
  return 1;
}

/** Ends a method: returns `number`, a float on 5.3 as in Lua-cURLv3, or fails with `code`. */
static int finish_with(lua_State *L, const Multi *multi, CURLMcode code, long number) {
  if (code != CURLM_OK) return fail(L, multi->safe, multi_error(code));
  lua_pushnumber(L, (lua_Number)number);
  return 1;
}

/* ---- its easies ---- */

void push_easy_of_multi(lua_State *L, int index, Easy *easy) {
  lua_getfield(L, index, EASIES_OF_MULTI);
  lua_pushlightuserdata(L, easy);
  lua_rawget(L, -2);
}

CURLMcode unlink_easy(Easy *easy) {
  CURLMcode code = curl_multi_remove_handle(easy->multi->curl, easy->curl);
  if (code != CURLM_OK) return code;
  Easy **link = &easy->multi->easies;
  while (*link != easy) link = &(*link)->next;
  *link = easy->next;
  easy->multi = NULL;
  return CURLM_OK;
}

CURLMcode detach_easy(lua_State *L, int index, Easy *easy) {
  if (easy->multi == NULL) return CURLM_OK;
  CURLMcode code = unlink_easy(easy);
  if (code != CURLM_OK) return code;
  lua_getfield(L, index, MULTI_OF_EASY);
  lua_getfield(L, -1, EASIES_OF_MULTI);
  lua_pushlightuserdata(L, easy);
  lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 2);
  lua_pushnil(L);
  lua_setfield(L, index, MULTI_OF_EASY);
  return CURLM_OK;
}

/** multi:add_handle(easy): the transfer starts with the next perform. */
static int multi_add_handle(lua_State *L) {
  Multi *multi = check_multi(L);
  Easy *easy = check_handle(L, 2, EASY_HANDLE);
  if (easy->multi != NULL) /* Lua-cURLv3 returns this error when it is the same multi, and raises it for another */
    return fail(L, multi->safe || easy->multi == multi, multi_error(CURLM_ADDED_ALREADY));
  CURLMcode code = curl_multi_add_handle(multi->curl, easy->curl);
  if (code == CURLM_OK) {
    easy->multi = multi;
    easy->next = multi->easies;
    multi->easies = easy;
    lua_pushvalue(L, 1);
    lua_setfield(L, 2, MULTI_OF_EASY);
    lua_getfield(L, 1, EASIES_OF_MULTI);
    lua_pushlightuserdata(L, easy);
    lua_pushvalue(L, 2);
    lua_rawset(L, -3);
  }
  return finish(L, multi, code);
}

/** multi:remove_handle(easy): ends the transfer if it is under way; nothing when the easy is not in it. */
static int multi_remove_handle(lua_State *L) {
  Multi *multi = check_multi(L);
  Easy *easy = check_handle(L, 2, EASY_HANDLE);
  return finish(L, multi, easy->multi == multi ? detach_easy(L, 2, easy) : CURLM_OK);
}

/** multi:info_read([remove]): easy, true | easy, nil, error | 0 when no further transfer has ended. */
static int multi_info_read(lua_State *L) {
  Multi *multi = check_multi(L);
  bool remove = lua_toboolean(L, 2);
  int left = 0;
  CURLMsg *message = curl_multi_info_read(multi->curl, &left);
  if (message == NULL) return finish_with(L, multi, CURLM_OK, left);
  CURLcode result = message->data.result;
  Easy *easy = multi->easies;
  while (easy->curl != message->easy_handle) easy = easy->next;
  push_easy_of_multi(L, 1, easy);
  if (remove) detach_easy(L, lua_gettop(L), easy);
  if (result == CURLE_OK) {
    lua_pushboolean(L, true);
    return 2;
  }
  lua_pushnil(L);
  push_error(L, easy_error(result));
  return 3;
}

/* ---- work ---- */

/** multi:perform(): does what can be done without waiting; returns how many transfers are still running. */
static int multi_perform(lua_State *L) {
  Multi *multi = check_multi(L);
  int transfers = 0;
  lua_State *outer = multi->running;
  multi->running = L;
  CURLMcode code = curl_multi_perform(multi->curl, &transfers);
  multi->running = outer;
  return finish_with(L, multi, code, transfers);
}

/** multi:timeout(): in how many milliseconds libcurl wants perform to be called; -1 when it does not mind. */
static int multi_timeout(lua_State *L) {
  Multi *multi = check_multi(L);
  long milliseconds = 0;
  CURLMcode code = curl_multi_timeout(multi->curl, &milliseconds);
  return finish_with(L, multi, code, milliseconds);
}

/** multi:wait([milliseconds]): waits for a socket, as long as multi:timeout says when nothing is given (1 s if
 *  that does not mind); returns how many sockets are ready. Returns at once when there is no socket yet. */
static int multi_wait(lua_State *L) {
  Multi *multi = check_multi(L);
  long milliseconds = -1;
  CURLMcode code = CURLM_OK;
  if (lua_isnoneornil(L, 2)) {
    code = curl_multi_timeout(multi->curl, &milliseconds);
  } else {
    milliseconds = (long)luaL_checkinteger(L, 2);
  }
  if (milliseconds < 0) milliseconds = 1000;
  int sockets = 0;
  if (code == CURLM_OK) code = curl_multi_wait(multi->curl, NULL, 0, (int)milliseconds, &sockets);
  return finish_with(L, multi, code, sockets);
}

/* ---- options and life ---- */

/** multi:setopt_<name>(value). */
int set_multi_option(lua_State *L) {
  const Name *option = lua_touserdata(L, lua_upvalueindex(1));
  Multi *multi = check_multi(L);
  luaL_argcheck(L, lua_isboolean(L, 2) || lua_type(L, 2) == LUA_TNUMBER, 2, "number or boolean expected");
  long value = lua_isboolean(L, 2) ? lua_toboolean(L, 2) : (long)luaL_checkinteger(L, 2);
  return finish(L, multi, curl_multi_setopt(multi->curl, (CURLMoption)option->value, value));
}

static int multi_setopt(lua_State *L) {
  return set_options(L, check_multi(L)->safe, multi_error(CURLM_UNKNOWN_OPTION));
}

/** cURL.multi([options]). */
int new_multi(lua_State *L) {
  lua_settop(L, 1);
  Multi *multi = push_object(L, MULTI, MULTI_HANDLE, sizeof(Multi));
  multi->safe = lua_toboolean(L, lua_upvalueindex(1));
  multi->curl = curl_multi_init();
  if (multi->curl == NULL) return fail(L, multi->safe, multi_error(CURLM_INTERNAL_ERROR));
  lua_newtable(L);
  lua_setfield(L, -2, EASIES_OF_MULTI);
  return construct(L);
}

static void close_multi(Multi *multi) {
  while (multi->easies != NULL) unlink_easy(multi->easies);
  curl_multi_cleanup(multi->curl);
  multi->curl = NULL;
}

/** multi:close(): its easies stay usable; the second time, nothing happens. */
static int multi_close(lua_State *L) {
  Multi *multi = check_multi(L);
  if (multi->running != NULL) return fail(L, multi->safe, multi_error(CURLM_RECURSIVE_API_CALL));
  close_multi(multi);
  lua_newtable(L);
  lua_setfield(L, 1, EASIES_OF_MULTI);
  return 0;
}

int collect_multi(lua_State *L) {
  close_multi(lua_touserdata(L, 1));
  return 0;
}

const luaL_Reg MULTI_METHODS[] = {
    {"setopt", multi_setopt},
    {"add_handle", multi_add_handle},
    {"remove_handle", multi_remove_handle},
    {"info_read", multi_info_read},
    {"perform", multi_perform},
    {"timeout", multi_timeout},
    {"wait", multi_wait},
    {"close", multi_close},
    {NULL, NULL},
};
