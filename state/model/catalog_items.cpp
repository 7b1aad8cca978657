#include "state/model/catalog_items.hpp"

#include <array>
#include <charconv>
#include <concepts>

namespace cvm::state {

namespace {

// FNV-1a (64 bits) of everything that is added, in order.
class Digest {
public:
    void add(std::string_view text)
    {
        add(static_cast<std::int64_t>(text.size()));
        for (const char c : text)
            add_byte(static_cast<unsigned char>(c));
    }
    void add(const std::string& text) { add(std::string_view{text}); }
    void add(const char*) = delete;

    template <std::integral T>
    void add(T number)
    {
        auto left = static_cast<std::uint64_t>(number);
        for (int byte = 0; byte < 8; ++byte, left >>= 8U)
            add_byte(left & 0xffU);
    }
    void add(double number)
    {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        add(std::string_view{digits.data(), end});
    }
    void add(Cents cents) { add(cents.value); }
    void add(Instant instant) { add(instant.time_since_epoch().count()); }
    void add(const DisplayName& name) { add_all(name.en, name.zh); }
    void add(const KeyValue& pair) { add_all(pair.key, pair.value); }
    void add(const Snapshot& s) { add_all(s.id, s.usage, s.size_gib); }
    void add(const Zone& z) { add_all(z.name, z.id, z.region, z.names, z.available); }
    void add(const Host& h) { add_all(h.id, h.zone); }
    void add(const Role& r) { add_all(r.name, r.id, r.allowed); }
    void add(const Image& i)
    {
        add_all(i.id, i.name, i.os_name, i.type, i.created_at, i.description, i.source, i.creator, i.state, i.format,
                i.architecture, i.platform, i.size_gib, i.license_type, i.family, i.snapshots, i.tags);
    }
    void add(const InstanceType& t)
    {
        add_all(t.name, t.family, t.description, t.cpu, t.memory_gib, t.gpu, t.gpu_type, t.architecture, t.cpu_type,
                t.frequency, t.bandwidth_gbps, t.pps, t.month);
    }

    template <class T>
    void add(const std::optional<T>& value)
    {
        add(value.has_value());
        if (value)
            add(*value);
    }
    template <class T>
    void add(const std::vector<T>& list)
    {
        add(static_cast<std::int64_t>(list.size()));
        for (const T& item : list)
            add(item);
    }

    std::uint64_t value() const { return value_; }
    std::string hexadecimal() const
    {
        std::array<char, 16> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value_, 16).ptr;
        return {digits.data(), end};
    }

private:
    template <class... T>
    void add_all(const T&... values)
    {
        (add(values), ...);
    }
    void add_byte(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }

    std::uint64_t value_ = 0xcbf29ce484222325U;
};

} // namespace

std::string default_role_id(std::string_view name)
{
    // The vendor's role ids start from 2^62.
    Digest digest;
    digest.add(name);
    return std::to_string((std::uint64_t{1} << 62U) + digest.value() % 100'000'000);
}

std::string digest_of(const Additions& additions)
{
    if (additions.empty())
        return {};
    Digest digest;
    digest.add(additions.types);
    digest.add(additions.images);
    digest.add(additions.zones);
    digest.add(additions.hosts);
    digest.add(additions.roles);
    return digest.hexadecimal();
}

} // namespace cvm::state
