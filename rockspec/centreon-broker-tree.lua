-- LuaRocks configuration (LUAROCKS_CONFIG) with one tree: the folder where Centreon Broker looks for connectors and
-- for the modules they require, `?.lua` and `lib/?.so`; not `?/init.lua`, so luatz must come from elsewhere. DESTDIR puts it
-- below a scratch root.
local scripts = (os_getenv("DESTDIR") or "") .. "/usr/share/centreon-broker/lua"

rocks_trees = {
   { name = "centreon-broker", root = scripts .. "/luarocks", lua_dir = scripts, lib_dir = scripts .. "/lib" },
}
