#include "address.h"
#include <arpa/inet.h>

#define ADDRESS_MOST 1024 /* bytes; a name has 253 */

static bool is_number(struct str s, size_t most) {
        for (size_t i = 0; i < s.n; ++i)
                if (!ascii_digit(s.p[i]))
                        return false;
        return s.n > 0 && s.n <= most;
}

/* Letters, digits, dots, dashes, underlines: what a name is made of, in any engine. */
static bool is_name(struct str host) {
        for (size_t i = 0; i < host.n; ++i) {
                char c = ascii_lower(host.p[i]);

                if (!ascii_digit(c) && !(c >= 'a' && c <= 'z') && c != '.' && c != '-' && c != '_')
                        return false;
        }
        return host.n > 0;
}

/* 127.1, 2130706433, 0x7f000001: some resolvers take them for an address. A name's last part has a letter. */
static bool looks_like_number(struct str host) {
        size_t dot = str_find_last(host, '.');
        struct str last = dot < host.n ? str_skip(host, dot + 1) : host;

        return last.n > 0 &&
               (is_number(last, last.n) || (last.n > 1 && last.p[0] == '0' && ascii_lower(last.p[1]) == 'x'));
}

/* Where clouds have their metadata beside 169.254.169.254: Alibaba, Azure, Oracle. */
static enum word reach_of_v4(const unsigned char *a) {
        static const unsigned char metadata[][4] = { { 100, 100, 100, 200 }, { 168, 63, 129, 16 }, { 192, 0, 0, 192 } };

        if (a[0] == 127 || a[0] == 0)
                return WORD_LOOPBACK;
        for (size_t i = 0; i < ARRAY_SIZE(metadata); ++i)
                if (memcmp(a, metadata[i], 4) == 0)
                        return WORD_LINK_LOCAL;
        return a[0] == 169 && a[1] == 254 ? WORD_LINK_LOCAL : WORD_ELSEWHERE;
}

/* In version six Amazon and Google have addresses of their own. */
static enum word reach_of_v6(const unsigned char *a) {
        static const unsigned char zeros[15] = { 0 }, nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
        static const unsigned char metadata[][16] = { { 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54 },
                                                      { 0xfd, 0x20, 0x00, 0xce, [14] = 0x02, [15] = 0x54 } };

        for (size_t i = 0; i < ARRAY_SIZE(metadata); ++i)
                if (memcmp(a, metadata[i], 16) == 0)
                        return WORD_LINK_LOCAL;
        if (memcmp(a, nat64, sizeof(nat64)) == 0)
                return reach_of_v4(a + 12);
        if (address_is_mapped(a) || memcmp(a, zeros, 12) == 0)
                return memcmp(a, zeros, sizeof(zeros)) == 0 ? WORD_LOOPBACK : reach_of_v4(a + 12);
        return a[0] == 0xfe && (a[1] & 0xc0) == 0x80 ? WORD_LINK_LOCAL : WORD_ELSEWHERE;
}

static bool is_local_name(struct str host) {
        return str_empty(host) || str_eqz(host, "localhost") || str_ends(host, STR_C(".localhost")) ||
               str_eqz(host, "localhost.localdomain") || str_eqz(host, "localhost4") || str_eqz(host, "localhost6") ||
               str_eqz(host, "localhost4.localdomain4") || str_eqz(host, "localhost6.localdomain6") ||
               str_eqz(host, "ip6-localhost") || str_eqz(host, "ip6-loopback") ||
               /* as Docker Desktop and its engine's own resolver have the host */
               str_eqz(host, "host.docker.internal") || str_eqz(host, "gateway.docker.internal") ||
               str_eqz(host, "docker.for.mac.localhost") || str_eqz(host, "kubernetes.docker.internal");
}

static bool is_metadata_name(struct str host) {
        static const char *const names[] = {
                "instance-data",
                "instance-data.ec2.internal",
                "metadata",
                "metadata.azure.internal",
                "metadata.goog",
                "metadata.google.internal",
                "metadata.packet.net",
                "metadata.platformequinix.com",
                "metadata.tencentyun.com",
                NULL,
        };

        return str_is_one_of(host, names);
}

/* @host: in lower case, without brackets, ended by a NUL. */
static enum word reach_of(struct str host, bool bracketed) {
        unsigned char a[16];

        if (bracketed)
                return inet_pton(AF_INET6, host.p, a) == 1 ? reach_of_v6(a) : WORD_UNREADABLE;
        if (is_local_name(host))
                return WORD_LOOPBACK;
        if (inet_pton(AF_INET, host.p, a) == 1)
                return reach_of_v4(a);
        if (!is_name(host) || looks_like_number(host))
                return WORD_UNREADABLE;
        return is_metadata_name(host) ? WORD_LINK_LOCAL : WORD_ELSEWHERE;
}

/* A name may end in a dot, and means the same. */
static struct str lower(struct arena *arena, struct str s) {
        char *p;

        while (s.n > 1 && s.p[s.n - 1] == '.')
                --s.n;
        p = arena_bytes(arena, s.n + 1);
        if (!p)
                return (struct str){ 0 };
        for (size_t i = 0; i < s.n; ++i)
                p[i] = ascii_lower(s.p[i]);
        p[s.n] = '\0';
        return (struct str){ p, s.n };
}

/* "HOST", "HOST:PORT", "[V6]", "[V6]:PORT"; false: none of these. */
static bool split(struct str authority, struct str *host, struct str *port, bool *bracketed) {
        struct str rest = authority;

        *bracketed = str_starts(authority, STR_C("["));
        *port = (struct str){ 0 };
        if (*bracketed) {
                size_t close = str_find(authority, ']');

                if (close == authority.n)
                        return false;
                *host = str_first(str_skip(authority, 1), close - 1);
                rest = str_skip(authority, close + 1);
                if (str_empty(rest))
                        return true;
                if (rest.p[0] != ':')
                        return false;
                *port = str_skip(rest, 1);
                return is_number(*port, 5);
        }
        *host = str_cut(&rest, ':');
        if (!rest.p)
                return true;
        *port = rest;
        return is_number(rest, 5);
}

void address_read(struct address *out, struct arena *arena, struct str authority) {
        struct str host;

        *out = (struct address){ .reach = WORD_UNREADABLE };
        if (authority.n > ADDRESS_MOST)
                return;
        if (str_find(authority, '\0') < authority.n || !split(authority, &host, &out->port, &out->bracketed))
                return;
        out->host = lower(arena, host);
        if (out->host.p)
                out->reach = reach_of(out->host, out->bracketed);
}

struct str url_authority(struct str rest) {
        size_t n = 0;

        while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?' && rest.p[n] != '#')
                ++n;
        return str_first(rest, n);
}
