#include "server/tls/authority.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cvm::tls {

namespace {

namespace fs = std::filesystem;

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const
    {
        free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;

constexpr std::chrono::days authority_life{3650};
constexpr std::chrono::days certificate_life{397};

// A certificate is valid from this long before its issue, for clients whose clock is slow.
constexpr std::chrono::days grace{1};

std::string last_error()
{
    std::array<char, 256> text;
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

// For calls that can fail only for lack of memory.
template <class T>
T checked(T result)
{
    if (!result)
        throw std::runtime_error{"OpenSSL: " + last_error()};
    return result;
}

std::string text_of(BIO* memory)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate)
{
    const Memory memory{checked(BIO_new(BIO_s_mem()))};
    checked(PEM_write_bio_X509(memory.get(), certificate));
    return text_of(memory.get());
}

std::string to_pem(EVP_PKEY* key)
{
    const Memory memory{checked(BIO_new(BIO_s_mem()))};
    checked(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr));
    return text_of(memory.get());
}

bool is_address(const std::string& name)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address(name, ec);
    return !ec;
}

std::string alternative_name(const std::string& name) { return (is_address(name) ? "IP:" : "DNS:") + name; }

// "*.domain" permits the domain and everything below it; an address permits only itself.
std::string permitted(const std::string& name)
{
    if (!is_address(name))
        return "permitted;DNS:" + (name.starts_with("*.") ? name.substr(2) : name);
    const bool v6 = name.find(':') != std::string::npos;
    return "permitted;IP:" + name + (v6 ? "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "/255.255.255.255");
}

// The names without those that another one covers: "*.a.b" permits everything that "*.x.a.b" does.
std::vector<std::string> without_narrower(std::span<const std::string> names)
{
    std::vector<std::string> kept;
    std::ranges::copy_if(names, std::back_inserter(kept), [&](const std::string& name) {
        return std::ranges::none_of(names, [&](const std::string& wider) {
            return wider.starts_with("*.") && name.size() > wider.size() && name.ends_with(wider.substr(1));
        });
    });
    return kept;
}

std::string joined(std::span<const std::string> names, std::string (*say)(const std::string&))
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ",") + say(name);
    return text;
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509V3_set_ctx_nodb(&context);
    const Extension extension{checked(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()))};
    checked(X509_add_ext(certificate, extension.get(), -1));
}

void set_serial(X509* certificate)
{
    std::array<unsigned char, 16> bytes;
    checked(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40); // positive, and of a fixed length
    const std::unique_ptr<BIGNUM, Free<BN_free>> number{checked(BN_bin2bn(bytes.data(), bytes.size(), nullptr))};
    checked(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)));
}

// A version 3 certificate for the key, without names, extensions and signature.
Certificate begin_certificate(EVP_PKEY* key, Seconds now, std::chrono::days life)
{
    Certificate certificate{checked(X509_new())};
    checked(X509_set_version(certificate.get(), X509_VERSION_3));
    set_serial(certificate.get());
    const auto at = [](Seconds time) { return static_cast<std::time_t>(time.time_since_epoch().count()); };
    checked(ASN1_TIME_set(X509_getm_notBefore(certificate.get()), at(now - grace)));
    checked(ASN1_TIME_set(X509_getm_notAfter(certificate.get()), at(now + life)));
    checked(X509_set_pubkey(certificate.get(), key));
    return certificate;
}

void set_subject(X509* certificate, const std::string& name)
{
    checked(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                                       reinterpret_cast<const unsigned char*>(name.data()),
                                       static_cast<int>(name.size()), -1, 0));
}

// The beginning of a digest of the certificate's key, in hexadecimal.
std::string fingerprint(X509* certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    checked(X509_pubkey_digest(certificate, EVP_sha256(), digest.data(), &size));
    std::array<char, 9> text;
    std::snprintf(text.data(), text.size(), "%02x%02x%02x%02x", digest[0], digest[1], digest[2], digest[3]);
    return text.data();
}

// The server cannot use a private key with a passphrase; OpenSSL would ask for it on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

std::string what_to_do(const fs::path& key) { return "; remove it to have a new authority made: " + key.string(); }

// Creates a file that only its owner can read. The file gets its name only when it is complete; false if it already
// exists.
bool write_new(const fs::path& path, const std::string& content)
{
    const fs::path half = path.string() + "." + std::to_string(::getpid());
    const auto fail = [&](const char* what) {
        throw BadTlsFile{path.string() + ": cannot be " + what + ": " + std::generic_category().message(errno)};
    };
    ::unlink(half.c_str());
    const int file = ::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        fail("made");
    const bool written = ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    const bool closed = ::close(file) == 0;
    const bool named = written && closed && ::link(half.c_str(), path.c_str()) == 0;
    const int problem = errno;
    ::unlink(half.c_str());
    errno = problem;
    if (!written || !closed || (!named && errno != EEXIST))
        fail("written");
    return named;
}

std::string read_file(const fs::path& path)
{
    std::ifstream in{path, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    if (!in)
        throw BadTlsFile{path.string() + ": cannot be read"};
    return content;
}

// A file for clients to read, replaced atomically.
void replace_file(const fs::path& path, const std::string& content)
{
    const fs::path half = path.string() + "." + std::to_string(::getpid());
    std::ofstream out{half, std::ios::binary};
    out << content;
    out.close();
    std::error_code ec;
    if (out)
        fs::rename(half, path, ec);
    if (!out || ec)
        throw BadTlsFile{path.string() + ": cannot be written"};
}

} // namespace

struct Authority::Impl {
    Key key;
    Certificate certificate;
};

Authority::Authority(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

Authority Authority::make(std::span<const std::string> names, Seconds now)
{
    Key key{checked(EVP_EC_gen("P-256"))};
    Certificate certificate = begin_certificate(key.get(), now, authority_life);
    X509* const it = certificate.get();
    // Named after its key, so that the authorities of two installations can be distinguished.
    set_subject(it, "cvm-renewal-emulator CA " + fingerprint(it));
    checked(X509_set_issuer_name(it, X509_get_subject_name(it)));
    add_extension(it, it, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(it, it, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(it, it, NID_ext_key_usage, "serverAuth");
    add_extension(it, it, NID_subject_key_identifier, "hash");
    add_extension(it, it, NID_name_constraints, "critical," + joined(without_narrower(names), permitted));
    checked(X509_sign(it, key.get(), EVP_sha256()));
    return Authority{std::make_unique<Impl>(Impl{std::move(key), std::move(certificate)})};
}

Authority Authority::read(const std::string& pem, const std::string& origin)
{
    const Memory memory{checked(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())))};
    Certificate certificate{PEM_read_bio_X509(memory.get(), nullptr, no_passphrase, nullptr)};
    const Memory again{checked(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())))};
    Key key{PEM_read_bio_PrivateKey(again.get(), nullptr, no_passphrase, nullptr)};
    if (!certificate || !key || X509_check_private_key(certificate.get(), key.get()) != 1) {
        ERR_clear_error();
        throw BadTlsFile{origin + ": does not hold a certificate with its private key" + what_to_do(origin)};
    }
    return Authority{std::make_unique<Impl>(Impl{std::move(key), std::move(certificate)})};
}

Issued Authority::issue(std::span<const std::string> names, Seconds now) const
{
    const Key key{checked(EVP_EC_gen("P-256"))};
    const Certificate certificate = begin_certificate(key.get(), now, certificate_life);
    X509* const it = certificate.get();
    set_subject(it, "cvm-renewal-emulator");
    X509* const issuer = impl_->certificate.get();
    checked(X509_set_issuer_name(it, X509_get_subject_name(issuer)));
    add_extension(it, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(it, issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(it, issuer, NID_ext_key_usage, "serverAuth");
    add_extension(it, issuer, NID_subject_key_identifier, "hash");
    add_extension(it, issuer, NID_authority_key_identifier, "keyid:always");
    add_extension(it, issuer, NID_subject_alt_name, joined(names, alternative_name));
    checked(X509_sign(it, impl_->key.get(), EVP_sha256()));

    // An existing authority may be restricted to other names, or expired. It is better to report that here than in
    // every client.
    const Store store{checked(X509_STORE_new())};
    checked(X509_STORE_add_cert(store.get(), issuer));
    const StoreContext context{checked(X509_STORE_CTX_new())};
    checked(X509_STORE_CTX_init(context.get(), store.get(), it, nullptr));
    X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(now.time_since_epoch().count()));
    if (X509_verify_cert(context.get()) != 1) {
        const int why = X509_STORE_CTX_get_error(context.get());
        ERR_clear_error();
        throw BadTlsFile{why == X509_V_ERR_PERMITTED_VIOLATION ? "it was made for other names than those of --tls-name"
                                                               : std::string{X509_verify_cert_error_string(why)}};
    }
    return {to_pem(it), to_pem(key.get())};
}

std::string Authority::certificate() const { return to_pem(impl_->certificate.get()); }

std::string Authority::pem() const { return to_pem(impl_->key.get()) + certificate(); }

Authority kept_authority(const fs::path& certificate, const fs::path& key, std::span<const std::string> names,
                         Seconds now)
{
    std::error_code ec;
    if (!fs::exists(key, ec)) {
        Authority made = Authority::make(names, now);
        if (write_new(key, made.pem())) {
            replace_file(certificate, made.certificate());
            return made;
        }
    }
    Authority kept = Authority::read(read_file(key), key.string());
    try {
        kept.issue(names, now);
    } catch (const BadTlsFile& e) {
        throw BadTlsFile{key.string() + ": " + e.what() + what_to_do(key)};
    }
    if (!fs::exists(certificate, ec) || read_file(certificate) != kept.certificate())
        replace_file(certificate, kept.certificate());
    return kept;
}

} // namespace cvm::tls
