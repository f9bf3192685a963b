// JSON lines to events: see events.hpp. Absent fields get what the broker gives: a BBDO 3 field its default
// (nil when optional), a BBDO 2 field nil where its mapping says so.
#include "events.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <stdexcept>

using nlohmann::json;

namespace {

[[noreturn]] void complain(const std::string& text) { throw std::runtime_error(text); }

Value unsetValue(const Field& field) {
    if (field.optional || field.nilWhen != NilWhen::never) return std::monostate{};
    if (field.repeated) return std::make_shared<const Record>();
    switch (field.kind) {
        case Kind::boolean: return false;
        case Kind::real: return 0.0;
        case Kind::text: return std::string();
        case Kind::message: {
            Record members;
            for (const Field& member : field.members) members.push_back(unsetValue(member));
            return std::make_shared<const Record>(std::move(members));
        }
        default: return int64_t{0};
    }
}

// JSON has no bytes that are not UTF-8, and plugin output does: {"base64":"..."} stands for any bytes.
std::string readText(const Field& field, const json& given) {
    if (given.is_string()) return given.get<std::string>();
    if (given.is_object() && given.size() == 1 && given.contains("base64"))
        return base64Decode(given["base64"].get<std::string>());
    complain("field " + field.name + " is a string (or {\"base64\":\"...\"} for any bytes)");
}

Value readValue(const Field& field, const json& given);

std::shared_ptr<const Record> readMembers(const Field& field, const json& given) {
    if (!given.is_object()) complain("field " + field.name + " is an object");
    Record members;
    for (const Field& member : field.members)
        members.push_back(given.contains(member.name) ? readValue(member, given[member.name]) : unsetValue(member));
    return std::make_shared<const Record>(std::move(members));
}

Value readScalar(const Field& field, const json& given) {
    switch (field.kind) {
        case Kind::boolean:
            if (!given.is_boolean()) complain("field " + field.name + " is a boolean");
            return given.get<bool>();
        case Kind::real:
            if (!given.is_number()) complain("field " + field.name + " is a number");
            return given.get<double>();
        case Kind::text: return readText(field, given);
        case Kind::message: return readMembers(field, given);
        default:
            if (!given.is_number_integer()) complain("field " + field.name + " is an integer");
            return given.get<int64_t>();
    }
}

bool readsNil(const Field& field, const Value& value) {
    if (field.nilWhen == NilWhen::zeroOrEmpty) return value == Value(int64_t{0}) || value == Value(std::string());
    return field.nilWhen == NilWhen::minusOne && value == Value(int64_t{-1});
}

Value readValue(const Field& field, const json& given) {
    if (given.is_null()) return unsetValue(field);
    if (!field.repeated) {
        Value value = readScalar(field, given);
        if (readsNil(field, value)) return std::monostate{};
        return value;
    }
    // {} is how Lua's JSON libraries write an empty array.
    if (!given.is_array() && given != json::object()) complain("field " + field.name + " is an array");
    Record items;
    for (const json& item : given) items.push_back(readScalar(field, item));
    return std::make_shared<const Record>(std::move(items));
}

uint32_t typeOf(const json& given) {
    const uint32_t named = given.value("category", 0U) << 16 | given.value("element", 0U);
    const uint32_t type = given.value("_type", named);
    if (named != 0 && named != type) complain("_type does not fit category and element");
    return type;
}

EventPointer readEvent(const json& given) {
    const uint32_t type = typeOf(given);
    const Schema* schema = findSchema(type);
    if (schema == nullptr)
        complain("the broker has no event " + std::to_string(type >> 16) + ":" + std::to_string(type & 0xffff));
    auto event = std::make_shared<Event>();
    event->schema = schema;
    for (const Field& field : schema->fields) event->values.push_back(unsetValue(field));
    for (const auto& [name, value] : given.items()) {
        const int position = schema->positionOf(name);
        if (position < 0) complain("event " + schema->name + " has no field " + name);
        event->values[position] = readValue(schema->fields[position], value);
    }
    const uint32_t header[headerFields] = {type, schema->category, schema->element};
    for (size_t i = 0; i < headerFields; ++i) event->values[i] = int64_t{header[i]};
    return event;
}

Control readControl(const json& given) {
    static const std::set<std::string> known = {"flush",   "wait",       "wait_until_acknowledged", "idle_until",
                                                "mark",    "restart",    "cache_only",              "kill",
                                                "collect", "report",     "stop",                    "clock",
                                                "settle"};
    Control control;
    control.name = given["control"].get<std::string>();
    if (known.count(control.name) == 0) complain("unknown control " + control.name);
    constexpr double defaultSeconds = 10;
    control.seconds = given.value("seconds", defaultSeconds);
    control.advance = given.value("advance", int64_t{0});
    control.value = given.value("value", true);
    control.text = given.value(control.name == "mark" ? "name" : "file", std::string());
    return control;
}

constexpr std::string_view base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

int64_t Event::integer(std::string_view fieldName) const {
    const int position = schema->positionOf(fieldName);
    if (position < 0) return 0;
    const auto* found = std::get_if<int64_t>(&values[position]);
    return found == nullptr ? 0 : *found;
}

std::string Event::text(std::string_view fieldName) const {
    const int position = schema->positionOf(fieldName);
    if (position < 0) return "";
    const auto* found = std::get_if<std::string>(&values[position]);
    return found == nullptr ? "" : *found;
}

bool Event::enabled() const {
    const int position = schema->positionOf("enabled");
    return position < 0 || values[position] != Value(false);
}

Line readLine(const std::string& text) {
    try {
        const json given = json::parse(text);
        if (!given.is_object()) complain("a line is a JSON object");
        if (given.contains("control")) return readControl(given);
        return readEvent(given);
    } catch (const json::exception& error) {
        complain(error.what());
    }
}

std::string base64Encode(const std::string& bytes) {
    std::string text;
    for (size_t i = 0; i < bytes.size(); i += 3) {
        uint32_t group = 0;
        for (size_t j = 0; j < 3; ++j)
            group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0);
        for (size_t j = 0; j < 4; ++j)
            text += i + j > bytes.size() ? '=' : base64Alphabet[group >> (18 - 6 * j) & 0x3f];
    }
    return text;
}

std::string base64Decode(const std::string& text) {
    std::string bytes;
    uint32_t bits = 0;
    int pending = 0;
    for (const char character : text) {
        const size_t digit = base64Alphabet.find(character);
        if (digit == std::string_view::npos) break;
        bits = bits << 6 | static_cast<uint32_t>(digit);
        pending += 6;
        if (pending < 8) continue;
        pending -= 8;
        bytes += static_cast<char>(bits >> pending & 0xff);
    }
    return bytes;
}
