/* What the files of the module "cURL" share: the records behind its objects, and what each file offers the
 * others. The names that Lua sees are in tables.h. */
#ifndef LCURL_H
#define LCURL_H

#include <stdbool.h>

#include <curl/curl.h>
#include <lauxlib.h>
#include <lua.h>

/* Kinds of values: the names of their metatables. An easy and a multi are tables, as in Lua-cURLv3. Their
 * fields keep the userdata with libcurl's handle, and every Lua value that libcurl will need later. */
#define EASY "lcurl easy"
#define MULTI "lcurl multi"
#define EASY_HANDLE "lcurl easy handle"
#define MULTI_HANDLE "lcurl multi handle"
#define STRING_LIST "lcurl string list"
#define ERROR "lcurl error"

/** An error, a userdata. */
typedef struct {
  bool of_multi;
  int code; /* a CURLMcode when of_multi, else a CURLcode */
} Error;

typedef struct Easy Easy;
typedef struct Multi Multi;

/** The userdata in an easy. */
struct Easy {
  CURL *curl;           /* NULL once closed */
  bool safe;            /* made by cURL.safe: methods return nil and the error instead of raising */
  lua_State *running;   /* the state inside easy:perform, else NULL */
  bool callback_raised; /* an error, since that perform began */
  Multi *multi;         /* the one it was added to, else NULL */
  Easy *next;           /* in that multi */
};

/** The userdata in a multi. */
struct Multi {
  CURLM *curl; /* NULL once closed */
  bool safe;
  lua_State *running; /* the state inside multi:perform, else NULL */
  Easy *easies;       /* for the collector, which cannot read the object's table any more */
};

/* While libcurl runs, the object whose perform was called is at this index of the running state. */
#define RUNNING_OBJECT 1

/* ---- errors.c ---- */

Error easy_error(CURLcode code);
Error multi_error(CURLMcode code);
void push_error(lua_State *L, Error error);
/** Ends a method with `error`: returns nil and the error when `safe`, else raises it. */
int fail(lua_State *L, bool safe, Error error);
extern const luaL_Reg ERROR_METHODS[];

/* ---- objects.c ---- */

/** Pushes a new object around a new, zeroed userdata, which is returned. */
void *push_object(lua_State *L, const char *kind, const char *handle_kind, size_t size);
/** The userdata of the object at `index`; raises when something else is there. */
void *check_handle(lua_State *L, int index, const char *handle_kind);
/** Ends a constructor: sets the options at index 1, if any, on the new object at the top, and returns it. */
int construct(lua_State *L);
/** object:setopt{ name = value, ... } and object:setopt(cURL.OPT_<NAME>, value); fails with `unknown` when
 *  there is no such option. */
int set_options(lua_State *L, bool safe, Error unknown);

/* ---- easy.c ---- */

int new_easy(lua_State *L);
int set_easy_option(lua_State *L);
int unset_easy_option(lua_State *L);
int get_easy_info(lua_State *L);
int collect_easy(lua_State *L);
int collect_string_list(lua_State *L);
extern const luaL_Reg EASY_METHODS[];

/* ---- multi.c ---- */

int new_multi(lua_State *L);
int set_multi_option(lua_State *L);
int collect_multi(lua_State *L);
/** Takes the easy at `index` out of its multi, if it is in one. */
CURLMcode detach_easy(lua_State *L, int index, Easy *easy);
/** The same for the collector: without the objects' tables. */
CURLMcode unlink_easy(Easy *easy);
/** Pushes the object of an easy of the multi at `index`. */
void push_easy_of_multi(lua_State *L, int index, Easy *easy);
extern const luaL_Reg MULTI_METHODS[];

#endif
