#include "subnet.h"
#include <arpa/inet.h>

const struct str subnet_range_names[] = {
        [SUBNET_ORDINARY] = STR("ordinary"),
        [SUBNET_LOOPBACK] = STR("loopback"),
        [SUBNET_LINK_LOCAL] = STR("link-local"),
        [SUBNET_UNREADABLE] = STR("unreadable"),
};

/* A prefix in 16 bytes: IPv4 as the addresses that are mapped into IPv6. */
struct prefix {
        uint8_t ip[16];
        unsigned bits;
};

#define MAPPED(a, b)                                                                                                   \
        { [10] = 0xff, [11] = 0xff, [12] = (a), [13] = (b) }

/* Where two overlap the later counts. */
static const struct {
        struct prefix prefix;
        enum subnet_range range;
} ranges[] = {
        { { MAPPED(127, 0), 96 + 8 }, SUBNET_LOOPBACK },
        { { { [15] = 1 }, 128 }, SUBNET_LOOPBACK },
        { { MAPPED(169, 254), 96 + 16 }, SUBNET_LINK_LOCAL },
        { { { 0xfe, 0x80 }, 10 }, SUBNET_LINK_LOCAL },
};

static bool overlap(const struct prefix *a, const struct prefix *b) {
        unsigned bits = a->bits < b->bits ? a->bits : b->bits;

        for (unsigned i = 0; i < bits; ++i)
                if ((a->ip[i / 8] ^ b->ip[i / 8]) & (0x80u >> i % 8))
                        return false;
        return true;
}

static bool read_bits(struct str text, unsigned most, unsigned *out) {
        unsigned n = 0;

        if (text.n == 0 || text.n > 3)
                return false;
        for (size_t i = 0; i < text.n; ++i) {
                if (!ascii_digit(text.p[i]))
                        return false;
                n = 10 * n + (unsigned)(text.p[i] - '0');
        }
        *out = n;
        return n <= most;
}

static bool read_prefix(struct str text, struct prefix *out) {
        static const struct prefix mapped = { MAPPED(0, 0), 96 };
        struct str rest = text, address = str_cut(&rest, '/');
        char z[INET6_ADDRSTRLEN + 1];

        if (address.n == 0 || address.n >= sizeof(z) || memchr(address.p, '\0', address.n))
                return false;
        memcpy(z, address.p, address.n);
        z[address.n] = '\0';
        if (inet_pton(AF_INET6, z, out->ip) == 1)
                return read_bits(rest, 128, &out->bits);
        *out = mapped;
        if (inet_pton(AF_INET, z, out->ip + 12) != 1 || !read_bits(rest, 32, &out->bits))
                return false;
        out->bits += 96;
        return true;
}

enum subnet_range subnet_range(struct str text) {
        enum subnet_range range = SUBNET_ORDINARY;
        struct prefix prefix;

        if (!read_prefix(text, &prefix))
                return SUBNET_UNREADABLE;
        for (size_t i = 0; i < ARRAY_SIZE(ranges); ++i)
                if (overlap(&prefix, &ranges[i].prefix))
                        range = ranges[i].range;
        return range;
}
