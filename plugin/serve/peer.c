#include "peer.h"
#include "docksill/base/clock.h"
#include <sys/ioctl.h>
#include <sys/socket.h>

/* How long a new connection may be without its call before it counts as idle. */
#define FRESH_PERIOD (200 * INT64_C(1000))

struct peer *peer_add(struct peer **list, int fd) {
        struct peer *peer = calloc(1, sizeof(*peer));

        if (!peer)
                return NULL;
        peer->fd = fd;
        peer->opened = clock_monotonic();
        peer->next = *list;
        if (*list)
                (*list)->previous = peer;
        *list = peer;
        return peer;
}

void peer_remove(struct peer **list, struct peer *peer) {
        if (peer->previous)
                peer->previous->next = peer->next;
        else
                *list = peer->next;
        if (peer->next)
                peer->next->previous = peer->previous;
        free(peer);
}

bool peers_shut_idle(struct peer *list) {
        const int64_t now = clock_monotonic();
        bool any = false;

        for (struct peer *peer = list; peer; peer = peer->next) {
                int waiting = 0;

                if (peer->calling || (!peer->served && now - peer->opened < FRESH_PERIOD))
                        continue;
                any = true;
                if (peer->shut || ioctl(peer->fd, FIONREAD, &waiting) < 0 || waiting > 0)
                        continue;
                (void)shutdown(peer->fd, SHUT_RD);
                peer->shut = true;
        }
        return any;
}
