// MD5: see md5.hpp. Names follow RFC 1321.
#include "md5.hpp"

#include <cmath>
#include <cstdint>

namespace {

constexpr int shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

uint32_t wordAt(const std::string& bytes, size_t at) {
    uint32_t word = 0;
    for (size_t i = 0; i < 4; ++i) word |= uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return word;
}

void addBlock(uint32_t (&state)[4], const std::string& message, size_t start) {
    auto [a, b, c, d] = state;
    for (int i = 0; i < 64; ++i) {
        const uint32_t mixed[4] = {(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d)};
        const int words[4] = {i, 5 * i + 1, 3 * i + 5, 7 * i};
        const int round = i / 16;
        const auto constant = static_cast<uint32_t>(std::fabs(std::sin(i + 1.0)) * 4294967296.0);
        const uint32_t sum = a + mixed[round] + constant + wordAt(message, start + 4 * (words[round] % 16));
        const int shift = shifts[round][i % 4];
        a = d;
        d = c;
        c = b;
        b += sum << shift | sum >> (32 - shift);
    }
    const uint32_t added[4] = {a, b, c, d};
    for (int i = 0; i < 4; ++i) state[i] += added[i];
}

}  // namespace

std::string md5(std::string message) {
    const uint64_t bits = uint64_t{message.size()} * 8;
    message += '\x80';
    while (message.size() % 64 != 56) message += '\0';
    for (int i = 0; i < 64; i += 8) message += static_cast<char>(bits >> i);
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    for (size_t at = 0; at < message.size(); at += 64) addBlock(state, message, at);
    constexpr char digits[] = "0123456789abcdef";
    std::string digest;
    for (const uint32_t word : state)
        for (int i = 0; i < 32; i += 8) digest += {digits[word >> (i + 4) & 0xf], digits[word >> i & 0xf]};
    return digest;
}
