// Reads event-fields.txt, which build.sh puts into the program as text.
#include "event_schema.hpp"

#include <cstdio>
#include <map>
#include <sstream>

namespace {

const char* const eventFields =
#include "event-fields.inc"
    ;

Kind kindOf(const std::string& type) {
    if (type == "bool") return Kind::boolean;
    if (type == "double") return Kind::real;
    if (type == "string") return Kind::text;
    return Kind::integer;  // every integer width, times, and enumerations, which reach Lua as integers
}

NilWhen nilRuleOf(const std::string& line) {
    if (line.find("(nil when 0 or empty)") != std::string::npos) return NilWhen::zeroOrEmpty;
    if (line.find("(nil when -1)") != std::string::npos) return NilWhen::minusOne;
    return NilWhen::never;
}

// Lines look like "  uint host_id  (nil when 0 or empty)" or "  optional int32 notification_number = 4".
// A field without a Lua name ("bool #12 (no Lua name)") gets an empty name.
Field readField(const std::string& line) {
    std::istringstream words(line);
    Field field;
    std::string type;
    words >> type;
    field.optional = type == "optional";
    field.repeated = type == "repeated";
    if (field.optional || field.repeated) words >> type;
    words >> field.name;
    if (field.name[0] == '#') field.name.clear();
    field.kind = kindOf(type);
    field.nilWhen = nilRuleOf(line);
    return field;
}

std::vector<Schema> readSchemas() {
    constexpr size_t fieldIndent = 2;  // members of a message are further in
    std::vector<Schema> all;
    std::istringstream lines(eventFields);
    for (std::string line; std::getline(lines, line);) {
        const size_t indent = line.find_first_not_of(' ');
        if (indent == std::string::npos) continue;
        char name[64];
        unsigned category = 0;
        unsigned element = 0;
        if (indent == 0) {
            if (std::sscanf(line.c_str(), "%63s category=%u element=%u", name, &category, &element) == 3)
                all.push_back({name, category, element, true, all.size(), {{"_type"}, {"category"}, {"element"}}});
            continue;
        }
        Schema& schema = all.back();
        if (line.find(" = ") != std::string::npos) schema.legacy = false;
        Field field = readField(line);
        if (field.name.empty()) continue;
        if (indent == fieldIndent) {
            schema.fields.push_back(field);
        } else {
            schema.fields.back().kind = Kind::message;
            schema.fields.back().members.push_back(field);
        }
    }
    for (Schema& schema : all)
        for (size_t i = 0; i < schema.fields.size(); ++i) schema.positions[schema.fields[i].name] = i;
    return all;
}

}  // namespace

const std::vector<Schema>& schemas() {
    static const std::vector<Schema> all = readSchemas();
    return all;
}

const Schema* findSchema(uint32_t type) {
    static const std::map<uint32_t, const Schema*> byType = [] {
        std::map<uint32_t, const Schema*> found;
        for (const Schema& schema : schemas()) found[schema.type()] = &schema;
        return found;
    }();
    const auto found = byType.find(type);
    return found == byType.end() ? nullptr : found->second;
}
