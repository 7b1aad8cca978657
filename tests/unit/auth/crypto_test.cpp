#include "server/auth/crypto.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm::auth;

namespace {

std::string bytes(std::size_t count, unsigned char value) { return std::string(count, static_cast<char>(value)); }

// 0x01, 0x02, ... 0x19: a key of both RFCs.
std::string counting_key()
{
    std::string key;
    for (char c = 1; c <= 25; ++c)
        key += c;
    return key;
}

} // namespace

TEST_CASE("SHA-256 gives the known answers of FIPS 180")
{
    struct Case {
        std::string_view what;
        std::string data;
        std::string_view expected;
    };
    const Case cases[] = {
        {"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"a million a", std::string(1'000'000, 'a'),
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
        {"a NUL", bytes(1, 0), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(sha256(c.data).size() == 32);
        CHECK(hex(sha256(c.data)) == c.expected);
    }
    CHECK(hex(sha256(std::string_view{})) == cases[0].expected);
}

TEST_CASE("HMAC-SHA256 gives the known answers of RFC 4231")
{
    struct Case {
        std::string_view what;
        std::string key;
        std::string data;
        std::string_view expected;
    };
    const Case cases[] = {
        {"1", bytes(20, 0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"2", "Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"3", bytes(20, 0xaa), bytes(50, 0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"4", counting_key(), bytes(50, 0xcd), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {"6", bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {"7", bytes(131, 0xaa),
         "This is a test using a larger than block-size key and a larger than block-size data. "
         "The key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(hmac_sha256(c.key, c.data).size() == 32);
        CHECK(hex(hmac_sha256(c.key, c.data)) == c.expected);
    }
    // Case 5 of the RFC is cut to 128 bits.
    CHECK(hex(hmac_sha256(bytes(20, 0x0c), "Test With Truncation")).starts_with("a3b6167473100ee06e0c796c2955552b"));
}

TEST_CASE("HMAC-SHA1 gives the known answers of RFC 2202")
{
    struct Case {
        std::string_view what;
        std::string key;
        std::string data;
        std::string_view expected;
    };
    const Case cases[] = {
        {"1", bytes(20, 0x0b), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"},
        {"2", "Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {"3", bytes(20, 0xaa), bytes(50, 0xdd), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
        {"4", counting_key(), bytes(50, 0xcd), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"},
        {"5", bytes(20, 0x0c), "Test With Truncation", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"},
        {"6", bytes(80, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
         "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
        {"7", bytes(80, 0xaa), "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
         "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(hmac_sha1(c.key, c.data).size() == 20);
        CHECK(hex(hmac_sha1(c.key, c.data)) == c.expected);
    }
}

TEST_CASE("an HMAC of nothing with no key is defined")
{
    CHECK(hex(hmac_sha256("", "")) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    CHECK(hex(hmac_sha256(std::string_view{}, std::string_view{})) ==
          "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    CHECK(hex(hmac_sha1(std::string_view{}, std::string_view{})) == "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

TEST_CASE("hex is lower case and two digits a byte")
{
    CHECK(hex("") == "");
    CHECK(hex(std::string_view{"\x00\x01\x0f\x10\x7f\x80\xab\xff", 8}) == "00010f107f80abff");
}

TEST_CASE("base64 gives the known answers of RFC 4648")
{
    struct Case {
        std::string_view data;
        std::string_view expected;
    };
    const Case cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+"},
        {std::string_view{"\0\0\0", 3}, "AAAA"},
        {std::string_view{"\0", 1}, "AA=="},
    };
    for (const Case& c : cases) {
        CAPTURE(c.data);
        CHECK(base64(c.data) == c.expected);
    }
    // No line breaks in long ones, and nothing behind the end.
    CHECK(base64(std::string(300, '\0')) == std::string(400, 'A'));
}

TEST_CASE("texts are equal only when every byte is")
{
    struct Case {
        std::string_view what;
        std::string_view a;
        std::string_view b;
        bool expected;
    };
    const Case cases[] = {
        {"both empty", "", "", true},
        {"both nothing", {}, {}, true},
        {"empty and nothing", "", {}, true},
        {"equal", "abc", "abc", true},
        {"equal with a NUL", {"a\0c", 3}, {"a\0c", 3}, true},
        {"different behind a NUL", {"a\0c", 3}, {"a\0d", 3}, false},
        {"first byte", "xbc", "abc", false},
        {"last byte", "abx", "abc", false},
        {"case", "abC", "abc", false},
        {"shorter", "ab", "abc", false},
        {"longer", "abcd", "abc", false},
        {"empty and not", "", "a", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(equal_constant_time(c.a, c.b) == c.expected);
        CHECK(equal_constant_time(c.b, c.a) == c.expected);
    }
}
