#include "server/auth/authorization.hpp"
#include "server/auth/tc3.hpp"
#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

namespace cvm::fuzz {

namespace {

std::string written(const auth::Authorization& a)
{
    return "TC3-HMAC-SHA256 Credential=" + a.secret_id + "/" + auth::tc3_scope(a.date, a.service) +
           ", SignedHeaders=" + auth::joined(a.signed_headers) + ", Signature=" + a.signature;
}

} // namespace

// An Authorization header. If it is accepted, writing and reading it again gives the same result.
void authorization(std::string_view input)
{
    const auto read = auth::parse_authorization(input);
    if (!read)
        return expect_told(read.error());
    const auto again = auth::parse_authorization(written(*read));
    expect(again.has_value(), "what is read can be read again", written(*read));
    expect(written(*again) == written(*read), "it is read alike", written(*again));
}

} // namespace cvm::fuzz
