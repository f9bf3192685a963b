// The global `broker`: perfdata, URL, digest, file and base64 helpers, each with the broker's own quirks.
#include "connector.hpp"
#include "host_log.hpp"
#include "md5.hpp"
#include "perfdata.hpp"

#include <sys/stat.h>

#include <cctype>
#include <cerrno>
#include <cstring>

namespace {

// The text argument of a function that kills the broker when it is given none.
const char* textOrCrash(lua_State* L, int index, const char* function, size_t* length = nullptr) {
    const char* text = lua_tolstring(L, index, length);
    if (text == nullptr) crash(std::string("broker.") + function + "(nil)", "segmentation fault");
    return text;
}

int urlEncode(lua_State* L) {
    const char* text = textOrCrash(L, 1, "url_encode");
    constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (; *text != '\0'; ++text) {
        const auto byte = static_cast<unsigned char>(*text);
        if (std::isalnum(byte) != 0 || std::strchr("-_.~", byte) != nullptr) encoded += *text;
        else encoded.append({'%', digits[byte >> 4], digits[byte & 0xf]});
    }
    pushText(L, encoded);
    return 1;
}

int digest(lua_State* L) {
    size_t length = 0;
    const char* text = textOrCrash(L, 1, "md5", &length);
    pushText(L, md5(std::string(text, length)));
    return 1;
}

int fileStatus(lua_State* L) {
    struct stat status {};
    if (stat(lua_tostring(L, 1), &status) != 0) {
        lua_pushnil(L);
        lua_pushstring(L, std::strerror(errno));
        return 2;
    }
    const std::pair<const char*, int64_t> fields[] = {
        {"uid", status.st_uid},     {"gid", status.st_gid},     {"size", status.st_size},
        {"atime", status.st_atime}, {"mtime", status.st_mtime}, {"ctime", status.st_ctime}};
    lua_newtable(L);
    for (const auto& [name, value] : fields) {
        lua_pushinteger(L, static_cast<lua_Integer>(value));
        lua_setfield(L, -2, name);
    }
    return 1;
}

int encodeBase64(lua_State* L) {
    size_t length = 0;
    const char* bytes = lua_tolstring(L, 1, &length);
    pushText(L, base64Encode(std::string(bytes == nullptr ? "" : bytes, length)));
    return 1;
}

int decodeBase64(lua_State* L) {
    const char* text = lua_tostring(L, 1);
    pushText(L, base64Decode(text == nullptr ? "" : text));
    return 1;
}

int bbdoVersion(lua_State* L) {
    pushText(L, contextOf<Connector>(L).bbdoVersion);
    return 1;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    size_t start = 0;
    for (size_t end = text.find(separator); end != std::string::npos; end = text.find(separator, start)) {
        parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    parts.push_back(text.substr(start));
    return parts;
}

void setTexts(lua_State* L, const char* name, const std::vector<std::string>& texts, size_t from) {
    lua_newtable(L);
    for (size_t i = from; i < texts.size(); ++i) {
        pushText(L, texts[i]);
        lua_rawseti(L, -2, static_cast<int>(i - from + 1));
    }
    lua_setfield(L, -2, name);
}

// Centreon's names are instance~subinstance~...#metric.fields.unit
void pushFullMetric(lua_State* L, const Metric& metric) {
    const size_t hash = metric.name.find('#');
    const bool hasInstance = hash != std::string::npos;
    const std::string name = hasInstance ? metric.name.substr(hash + 1) : metric.name;
    const std::vector<std::string> instances = split(hasInstance ? metric.name.substr(0, hash) : "", '~');
    const std::pair<const char*, std::string> texts[] = {
        {"uom", metric.unit},
        {"metric_name", name},
        {"metric_unit", metric.name.substr(metric.name.rfind('.') + 1)},
        {"instance", instances.front()}};
    const std::pair<const char*, float> numbers[] = {
        {"value", metric.value},        {"min", metric.min},
        {"max", metric.max},            {"warning_low", metric.warning.low},
        {"warning_high", metric.warning.high}, {"critical_low", metric.critical.low},
        {"critical_high", metric.critical.high}};
    lua_newtable(L);
    for (const auto& [field, text] : texts) {
        pushText(L, text);
        lua_setfield(L, -2, field);
    }
    for (const auto& [field, number] : numbers) {
        lua_pushnumber(L, number);
        lua_setfield(L, -2, field);
    }
    setTexts(L, "subinstance", instances, 1);
    setTexts(L, "metric_fields", split(name, '.'), 0);
    lua_pushboolean(L, metric.warning.inside);
    lua_setfield(L, -2, "warning_mode");
    lua_pushboolean(L, metric.critical.inside);
    lua_setfield(L, -2, "critical_mode");
}

// Order and duplicates are lost: the result is a table by name.
int perfdata(lua_State* L) {
    const char* text = textOrCrash(L, 1, "parse_perfdata");
    const bool full = lua_toboolean(L, 2) != 0;
    lua_newtable(L);
    for (const Metric& metric : parsePerfdata(text)) {
        if (full) pushFullMetric(L, metric);
        else lua_pushnumber(L, metric.value);
        lua_setfield(L, -2, metric.name.c_str());
    }
    return 1;
}

}  // namespace

void registerBroker(Connector& connector) {
    lua_State* L = connector.state;
    lua_newtable(L);
    addJsonFunctions(L);
    addFunctions(L,
                 {{"parse_perfdata", perfdata},
                  {"url_encode", urlEncode},
                  {"md5", digest},
                  {"stat", fileStatus},
                  {"base64_encode", encodeBase64},
                  {"base64_decode", decodeBase64},
                  {"bbdo_version", bbdoVersion}},
                 &connector);
    lua_setglobal(L, "broker");
}
