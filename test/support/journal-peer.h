#pragma once
/*
 * journal-peer: a socket that takes entries as journald does, and what is in one.
 *
 * For cmocka's tests; include it behind <cmocka.h>.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

struct journal_peer {
        char folder[64], path[96];
        int fd;
};

/* One entry as it came; of a sealed memfd what is in it. */
struct journal_got {
        char *p;
        size_t n;
        bool sealed;
};

static inline void peer_listen(struct journal_peer *peer) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        memcpy(address.sun_path, peer->path, strlen(peer->path) + 1);
        peer->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        assert_true(peer->fd >= 0);
        assert_int_equal(bind(peer->fd, (const struct sockaddr *)&address, sizeof(address)), 0);
}

static inline void peer_close(struct journal_peer *peer) {
        if (peer->fd >= 0)
                close(peer->fd);
        peer->fd = -1;
        unlink(peer->path);
}

static inline int peer_set_up(void **state) {
        struct journal_peer *peer = calloc(1, sizeof(*peer));

        snprintf(peer->folder, sizeof(peer->folder), "/tmp/docksill-journal-XXXXXX");
        assert_non_null(mkdtemp(peer->folder));
        snprintf(peer->path, sizeof(peer->path), "%s/socket", peer->folder);
        peer_listen(peer);
        *state = peer;
        return 0;
}

static inline int peer_tear_down(void **state) {
        struct journal_peer *peer = *state;

        peer_close(peer);
        assert_int_equal(rmdir(peer->folder), 0);
        free(peer);
        return 0;
}

/* False: nothing is there. free() got.p. */
static inline bool peer_take(struct journal_peer *peer, struct journal_got *got) {
        char control[CMSG_SPACE(sizeof(int))];
        char *room = malloc(1 << 20);
        struct iovec to = { room, 1 << 20 };
        struct msghdr m = {
                .msg_iov = &to, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
        };
        ssize_t n = recvmsg(peer->fd, &m, MSG_CMSG_CLOEXEC);
        const struct cmsghdr *header = n < 0 ? NULL : CMSG_FIRSTHDR(&m);

        *got = (struct journal_got){ room, n < 0 ? 0 : (size_t)n, header != NULL };
        if (n < 0) {
                free(room);
                *got = (struct journal_got){ 0 };
                return false;
        }
        if (header) {
                struct stat st;
                int fd;

                memcpy(&fd, CMSG_DATA(header), sizeof(fd));
                assert_int_equal(fcntl(fd, F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
                assert_int_equal(fstat(fd, &st), 0);
                assert_true(st.st_size < 1 << 20);
                got->n = (size_t)pread(fd, room, 1 << 20, 0);
                close(fd);
        }
        return true;
}

/* The value of the field after so many of its name; p == NULL when there are no more. Fails on what is no entry. */
static inline struct str field_nth(struct str entry, const char *name, unsigned nth) {
        while (entry.n) {
                struct str key = str_cut(&entry, '\n'), value;
                uint64_t size = 0;

                assert_true(entry.n >= 9);
                for (int i = 0; i < 8; ++i)
                        size |= (uint64_t)(unsigned char)entry.p[i] << (8 * i);
                entry = str_skip(entry, 8);
                assert_true(size < entry.n);
                value = str_first(entry, size);
                assert_int_equal(entry.p[size], '\n');
                entry = str_skip(entry, size + 1);
                if (str_eqz(key, name) && nth-- == 0)
                        return value;
        }
        return (struct str){ NULL, 0 };
}

static inline struct str field(struct str entry, const char *name) {
        return field_nth(entry, name, 0);
}

static inline void assert_field(struct str entry, const char *name, const char *wanted) {
        struct str value = field(entry, name);

        if (str_eqz(value, wanted))
                return;
        fail_msg("%s is \"%.*s\", not \"%s\"", name, (int)value.n, value.p ? value.p : "", wanted);
}
