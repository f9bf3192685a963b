-- The connector as a rock: `luarocks make rockspec/centreon-pagerduty-0.2.0-1.rockspec`. Installs one file, builds
-- nothing. To have it where the broker looks, use the tree of rockspec/centreon-broker-tree.lua.
rockspec_format = "3.0"
package = "centreon-pagerduty"
version = "0.2.0-1"
source = {
   -- Not published yet: `luarocks make` takes the files around it, and fetches nothing.
   url = "git+file://.",
}
description = {
   summary = "Centreon stream connector that keeps PagerDuty equal to Centreon",
   license = "Apache-2.0",
}
dependencies = {
   "lua >= 5.1",
   "lua-curl >= 0.3.13",
   "luatz >= 0.4",
}
build = {
   type = "builtin",
   modules = {
      pagerduty = "dist/pagerduty.lua",
   },
}
