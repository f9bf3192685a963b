// Events as values, and the lines of an events file: JSON in, events and control lines out.
// Not how an event looks in Lua (event_lua) nor what is done with it (output).
#pragma once

#include "event_schema.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

struct Value;
using Record = std::vector<Value>;  // a message's members in the schema's order, or an array's items

// monostate is an unset field: nil in Lua.
struct Value : std::variant<std::monostate, bool, int64_t, double, std::string, std::shared_ptr<const Record>> {
    using variant::variant;
};

struct Event {
    const Schema* schema;
    Record values;  // in the order of schema->fields

    // 0, or "", where the event has no such field or it is unset.
    int64_t integer(std::string_view fieldName) const;
    std::string text(std::string_view fieldName) const;
    // false only where the event says so.
    bool enabled() const;
};

using EventPointer = std::shared_ptr<const Event>;

// A line such as {"control":"wait","seconds":1.5}. README.md lists them.
struct Control {
    std::string name;
    double seconds = 0;
    int64_t advance = 0;  // whole seconds
    bool value = false;
    std::string text;  // "name" or "file"
};

using Line = std::variant<EventPointer, Control>;

// Reads one line of an events file. Throws std::runtime_error with what is wrong: not JSON, an event or a
// field the broker does not have, a value of the wrong type, an unknown control.
Line readLine(const std::string& text);

std::string base64Encode(const std::string& bytes);
// Stops at the first character that is not of the base64 alphabet.
std::string base64Decode(const std::string& text);
