#include "call.h"
#include "docksill/engine/response.h"
#include <assert.h>
#include <errno.h>

struct call *call_new(struct call_pool *pool, enum route route, size_t announced) {
        struct call *call = pool->free;

        if (call) {
                pool->free = call->next;
                --pool->n;
        } else {
                call = malloc(sizeof(*call));
                if (!call)
                        return NULL;
        }

        /* Not the buffer: zeroing 12 KB would cost more than the call. */
        call->next = NULL;
        call->peer = NULL;
        call->work = NULL;
        call->route = route;
        call->keeps = route_keeps(route);
        call->announced = announced;
        call->seen = 0;
        call->p = call->small;
        call->n = 0;
        call->size = sizeof(call->small);
        call->too_large = route == ROUTE_REQUEST && announced > call->keeps;
        call->no_memory = false;
        return call;
}

static void storage_free(struct call *call) {
        if (call->p != call->small)
                free(call->p);
        call->p = call->small;
        call->size = sizeof(call->small);
        call->n = 0;
}

void call_free(struct call_pool *pool, struct call *call) {
        if (!call)
                return;
        storage_free(call);
        if (pool->n >= CALLS_KEPT) {
                free(call);
                return;
        }
        call->next = pool->free;
        pool->free = call;
        ++pool->n;
}

void call_pool_deinit(struct call_pool *pool) {
        while (pool->free) {
                struct call *call = pool->free;

                pool->free = call->next;
                free(call);
        }
        pool->n = 0;
}

/* Room for @n bytes. The announced length is believed up to the cap: the pages are only taken when bytes come. */
static int storage_grow(struct call *call, size_t n) {
        size_t size = call->size * 2;
        char *p;

        if (n <= call->size)
                return 0;
        if (size < n)
                size = n;
        if (size < call->announced)
                size = call->announced;
        if (size > call->keeps)
                size = call->keeps;

        p = realloc(call->p == call->small ? NULL : call->p, size);
        if (!p)
                return -ENOMEM;
        if (call->p == call->small)
                memcpy(p, call->small, call->n);
        call->p = p;
        call->size = size;
        return 0;
}

/* More of a response has come than a look needs: the look is taken, once, and says whether the rest is worth keeping.
 */
static struct str look(struct call *call, struct str piece) {
        size_t room = call->keeps - call->n;

        static_assert(RESPONSE_LOOK < CALL_SMALL, "a look needs no storage of its own");
        memcpy(call->p + call->n, piece.p, room);
        call->n += room;
        if (call->announced <= ROUTE_RESPONSE_MAX && response_tells(call_body(call)))
                call->keeps = ROUTE_RESPONSE_MAX;
        return str_skip(piece, room);
}

int call_append(struct call *call, struct str piece) {
        size_t room;

        if (piece.n > CALL_DRAIN_MAX - call->seen)
                return -EFBIG;
        call->seen += piece.n;
        if (call->too_large)
                return 0;

        room = call->keeps - call->n;
        if (call->route == ROUTE_RESPONSE && call->keeps == RESPONSE_LOOK && room > 0 && piece.n > room)
                piece = look(call, piece);
        room = call->keeps - call->n;
        if (piece.n > room && call->route == ROUTE_REQUEST)
                call->too_large = true;
        else if (storage_grow(call, call->n + (piece.n < room ? piece.n : room)) < 0)
                call->too_large = call->no_memory = true;
        if (call->too_large) {
                storage_free(call);
                return 0;
        }

        piece = str_first(piece, room);
        if (piece.n)
                memcpy(call->p + call->n, piece.p, piece.n);
        call->n += piece.n;
        return 0;
}

struct str call_body(const struct call *call) {
        return call->too_large ? (struct str){ NULL, 0 } : (struct str){ call->p, call->n };
}
