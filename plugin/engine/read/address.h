#pragma once
/*
 * address: a host, and perhaps its port, where dockerd itself is to connect; read so that every engine goes there.
 *
 * What is not written plainly is "unreadable", and so is what a resolver may take for another address, such as 127.1 or
 * 0x7f000001.
 */
#include "facts/word.h"

struct address {
        enum word
                reach; /* loopback: this host | link-local: the cloud's metadata among them | elsewhere | unreadable */
        struct str host; /* in lower case, without brackets; empty: none, or unreadable */
        struct str port; /* p == NULL: none */
        bool bracketed;  /* written as an address of version six */
};

/* Whether @a, of version six in 16 bytes, stands for one of version four: ::ffff:a.b.c.d. */
static inline bool address_is_mapped(const unsigned char *a) {
        static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

        return memcmp(a, mapped, sizeof(mapped)) == 0;
}

/* "HOST", "HOST:PORT", "[V6]", "[V6]:PORT". */
void address_read(struct address *out, struct arena *arena, struct str authority);

/* What stands between "scheme://" and the path, of the text behind the former. */
struct str url_authority(struct str rest);
