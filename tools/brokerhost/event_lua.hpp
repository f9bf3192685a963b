// How an event looks to a connector: a table with every field copied (broker API 1), or read-only userdata
// whose fields are read when asked for (API 2).
#pragma once

#include "events.hpp"
#include "lua_api.hpp"
#include "report.hpp"

// Makes the type of API 2 events known to a new state. `reads` must outlive the state.
void registerEvents(lua_State* L, FieldReads& reads);

// On Lua 5.1 `pairs` knows no __pairs: the broker replaces it for connectors of API 2. Elsewhere does nothing.
void replacePairs(lua_State* L);

// Pushes the event in the form of the API version.
void pushEvent(lua_State* L, const EventPointer& event, int apiVersion);

// The API 2 event at the index, or nullptr. Valid while the userdata lives.
const EventPointer* eventAt(lua_State* L, int index);
