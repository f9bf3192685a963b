// MD5 (RFC 1321), for broker.md5.
#pragma once

#include <string>

// The digest in lower-case hexadecimal digits.
std::string md5(std::string message);
