// The fields of every event, their order and their types, as event-fields.txt lists them (printed by the
// broker's own code). Knows nothing of JSON, of Lua, or of values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

enum class Kind { boolean, integer, real, text, message };

// When a field of a BBDO 2 object reads nil.
enum class NilWhen { never, zeroOrEmpty, minusOne };

struct Field {
    std::string name;
    Kind kind = Kind::integer;
    bool optional = false;  // BBDO 3: reads nil until it is set; all others have a default
    bool repeated = false;  // BBDO 3: an array
    NilWhen nilWhen = NilWhen::never;
    std::vector<Field> members{};  // of a message
};

struct Schema {
    std::string name;
    uint32_t category = 0;
    uint32_t element = 0;
    bool legacy = true;   // BBDO 2 object; otherwise a BBDO 3 protobuf message
    size_t ordinal = 0;   // its place among all schemas
    std::vector<Field> fields{};  // _type, category and element first
    std::unordered_map<std::string_view, size_t> positions{};  // of the fields, by name

    uint32_t type() const { return category << 16 | element; }
    // The field's position in `fields`, or -1.
    int positionOf(std::string_view fieldName) const {
        const auto found = positions.find(fieldName);
        return found == positions.end() ? -1 : static_cast<int>(found->second);
    }
};

// _type, category and element: what every event begins with.
constexpr size_t headerFields = 3;

// Every schema, in the order of event-fields.txt.
const std::vector<Schema>& schemas();

// The schema of an event type (category << 16 | element), or nullptr when the broker has no such event.
const Schema* findSchema(uint32_t type);
