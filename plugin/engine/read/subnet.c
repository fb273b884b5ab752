#include "subnet.h"
#include "facts/cell.h"
#include <arpa/inet.h>

static const enum word words[] = {
        [SUBNET_ORDINARY] = WORD_ORDINARY,     [SUBNET_PUBLIC] = WORD_PUBLIC,         [SUBNET_LOOPBACK] = WORD_LOOPBACK,
        [SUBNET_LINK_LOCAL] = WORD_LINK_LOCAL, [SUBNET_UNREADABLE] = WORD_UNREADABLE,
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
        /* Where clouds have their metadata elsewhere, as address.c knows: Alibaba, Azure, Oracle, Amazon, Google. */
        { { { [10] = 0xff, [11] = 0xff, [12] = 100, [13] = 100, [14] = 100, [15] = 200 }, 128 }, SUBNET_LINK_LOCAL },
        { { { [10] = 0xff, [11] = 0xff, [12] = 168, [13] = 63, [14] = 129, [15] = 16 }, 128 }, SUBNET_LINK_LOCAL },
        { { { [10] = 0xff, [11] = 0xff, [12] = 192, [15] = 192 }, 128 }, SUBNET_LINK_LOCAL },
        { { { 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54 }, 128 }, SUBNET_LINK_LOCAL },
        { { { 0xfd, 0x20, 0x00, 0xce, [14] = 0x02, [15] = 0x54 }, 128 }, SUBNET_LINK_LOCAL },
        { { { 0xfe, 0x80 }, 10 }, SUBNET_LINK_LOCAL },
};

/* What nobody has on the Internet: RFC 1918, 6598, 2544, 5737, 1112. */
static const struct prefix at_home[] = {
        { MAPPED(10, 0), 96 + 8 },
        { MAPPED(172, 16), 96 + 12 },
        { MAPPED(192, 168), 96 + 16 },
        { MAPPED(100, 64), 96 + 10 },
        { MAPPED(198, 18), 96 + 15 },
        { { [10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2 }, 96 + 24 },
        { { [10] = 0xff, [11] = 0xff, [12] = 198, [13] = 51, [14] = 100 }, 96 + 24 },
        { { [10] = 0xff, [11] = 0xff, [12] = 203, [14] = 113 }, 96 + 24 },
        { MAPPED(240, 0), 96 + 4 },
};

static bool overlap(const struct prefix *a, const struct prefix *b) {
        unsigned bits = a->bits < b->bits ? a->bits : b->bits;

        for (unsigned i = 0; i < bits; ++i)
                if ((a->ip[i / 8] ^ b->ip[i / 8]) & (0x80u >> i % 8))
                        return false;
        return true;
}

/* Version six has addresses for everyone: a site's own are ordinary there. */
static bool is_public(const struct prefix *p) {
        static const struct prefix mapped = { MAPPED(0, 0), 96 };

        if (p->bits < 96 || !overlap(p, &mapped))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(at_home); ++i)
                if (p->bits >= at_home[i].bits && overlap(p, &at_home[i]))
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

/* Into 16 bytes; @most: how long a prefix of its version may be. */
static bool read_address(struct str text, struct prefix *out, unsigned *most) {
        static const struct prefix mapped = { MAPPED(0, 0), 96 };
        char z[INET6_ADDRSTRLEN + 1];

        if (text.n == 0 || !str_to_z(text, z, sizeof(z)) || memchr(z, '\0', text.n))
                return false;
        *most = 128;
        if (inet_pton(AF_INET6, z, out->ip) == 1) {
                out->bits = 0;
                return true;
        }
        *out = mapped;
        *most = 32;
        return inet_pton(AF_INET, z, out->ip + 12) == 1;
}

static bool read_prefix(struct str text, struct prefix *out) {
        struct str rest = text, address = str_cut(&rest, '/');
        unsigned most, bits;

        if (!read_address(address, out, &most) || !read_bits(rest, most, &bits))
                return false;
        out->bits += bits;
        return true;
}

static enum subnet_range range_of(const struct prefix *prefix) {
        enum subnet_range range = is_public(prefix) ? SUBNET_PUBLIC : SUBNET_ORDINARY;

        for (size_t i = 0; i < ARRAY_SIZE(ranges); ++i)
                if (overlap(prefix, &ranges[i].prefix))
                        range = ranges[i].range;
        return range;
}

enum subnet_range subnet_range(struct str text) {
        struct prefix prefix;

        return read_prefix(text, &prefix) ? range_of(&prefix) : SUBNET_UNREADABLE;
}

enum subnet_range address_range(struct str text) {
        struct prefix prefix;
        unsigned most;

        if (!read_address(text, &prefix, &most))
                return SUBNET_UNREADABLE;
        prefix.bits = 128;
        return range_of(&prefix);
}

struct fact_word subnet_range_cell(enum subnet_range range) {
        return cell_word(words[range]);
}

static void add(struct arena *arena, struct fact_list *out, struct origin origin, struct str text,
                enum subnet_range range) {
        if (!str_empty(text))
                FACT_ADD(arena, out, (struct subnet_fact){ origin, cell_str(text), subnet_range_cell(range) });
}

void subnet_add(struct arena *arena, struct fact_list *out, struct origin origin, struct str text) {
        add(arena, out, origin, text, subnet_range(text));
}

void subnet_add_address(struct arena *arena, struct fact_list *out, struct origin origin, struct str text) {
        add(arena, out, origin, text, address_range(text));
}
