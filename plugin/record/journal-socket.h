#pragma once
/*
 * journal-socket: entries to systemd-journald by its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL).
 *
 * Not through libsystemd: sd_journal_sendv(3) waits where journald is slow, and keeps silent where there is none.
 */
#include "docksill/base/text.h"

struct journal_socket {
        const char *path; /* borrowed */
        int fd;           /* -1: not connected */
};

void journal_socket_init(struct journal_socket *s, const char *path);
void journal_socket_deinit(struct journal_socket *s);

/* One field, with the length of its value before it: whatever it holds, it is that one field. */
void journal_field_add(struct text *entry, const char *name, struct str value);

/**
 * journal_socket_send() - one entry
 *
 * Never waits. One that is larger than a datagram may be goes as a sealed memfd(2). Returns 0, -EAGAIN (journald has
 * enough at hand: try again when journal_socket_wait() says so), or the errno of socket(2), connect(2), memfd_create(2)
 * or sendmsg(2).
 */
must_check_ int journal_socket_send(struct journal_socket *s, struct str entry);

/* Waits until journald takes more, at most so many milliseconds. */
void journal_socket_wait(struct journal_socket *s, int milliseconds);
