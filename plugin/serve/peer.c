#include "peer.h"
#include "docksill/base/clock.h"
#include <sys/ioctl.h>
#include <sys/socket.h>

/* How long a new connection may be without its call before it counts as idle. */
#define FRESH_PERIOD (200 * INT64_C(1000))

struct peer *peer_add(struct list *peers, int fd) {
        struct peer *peer = calloc(1, sizeof(*peer));

        if (!peer)
                return NULL;
        peer->fd = fd;
        peer->since = clock_monotonic();
        list_prepend(peers, &peer->link);
        return peer;
}

void peer_remove(struct list *peers, struct peer *peer) {
        list_remove(peers, &peer->link);
        free(peer);
}

static bool is_fresh(const struct peer *peer, int64_t now) {
        return !peer->served && now - peer->since < FRESH_PERIOD;
}

static bool has_bytes(const struct peer *peer) {
        int waiting = 0;

        return ioctl(peer->fd, FIONREAD, &waiting) < 0 || waiting > 0;
}

static void shut(struct peer *peer) {
        (void)shutdown(peer->fd, SHUT_RD);
        peer->shut = true;
}

bool peers_shut_idle(const struct list *peers) {
        const int64_t now = clock_monotonic();
        bool any = false;

        LIST_FOREACH(at, peers) {
                struct peer *peer = LIST_ENTRY(at, struct peer, link);

                if (peer->calling || is_fresh(peer, now))
                        continue;
                any = true;
                if (!peer->shut && !has_bytes(peer))
                        shut(peer);
        }
        return any;
}

/* Idle before calling, then the older. */
static bool is_better(const struct peer *a, const struct peer *b) {
        if (!b || a->calling != b->calling)
                return !b || b->calling;
        return a->since < b->since;
}

static bool can_be_missed(const struct peer *peer, int64_t now) {
        if (peer->shut || is_fresh(peer, now))
                return false;
        return !peer->calling || (!peer->whole && now - peer->since >= PEER_CALL_PERIOD);
}

bool peers_shut_one(const struct list *peers, int64_t now) {
        struct peer *best = NULL;

        LIST_FOREACH(at, peers) {
                struct peer *peer = LIST_ENTRY(at, struct peer, link);

                if (can_be_missed(peer, now) && is_better(peer, best) && (peer->calling || !has_bytes(peer)))
                        best = peer;
        }
        if (best)
                shut(best);
        return best;
}
