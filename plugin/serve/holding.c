#include "holding.h"
#include <limits.h>

static size_t size_of(const struct held *held) {
        return sizeof(*held) + held->answer.n + held->line.n;
}

bool holding_keep(const struct holding *h, struct work *work, struct str answer, struct str line) {
        size_t size = sizeof(struct held) + answer.n + line.n;
        struct held *held;
        char *texts;

        if (h->n >= h->most || size > HOLDING_MEMORY - h->memory)
                return false;
        held = malloc(size);
        if (!held)
                return false;
        texts = (char *)(held + 1);
        *held = (struct held){ .answer = { texts, answer.n }, .line = { texts + answer.n, line.n } };
        memcpy(texts, answer.p, answer.n);
        memcpy(texts + answer.n, line.p, line.n);
        work->held = held;
        return true;
}

void holding_add(struct holding *h, struct work *work) {
        list_append(&h->works, &work->link);
        h->memory += size_of(work->held);
        ++h->n;
}

static struct work *take_out(struct holding *h, struct work *work) {
        list_remove(&h->works, &work->link);
        h->memory -= size_of(work->held);
        --h->n;
        return work;
}

bool holding_waits(const struct holding *h, enum record_class class) {
        LIST_FOREACH(at, &h->works) {
                const struct held *held = LIST_ENTRY(at, struct work, link)->held;

                if (held->number == 0 && held->class <= class)
                        return true;
        }
        return false;
}

/* Has it what it waits for? @full: the highest class that found no room in this round; those below it find none either,
 * and must not overtake. */
static bool is_served(struct held *held, struct writer *w, uint64_t written, enum record_class *full) {
        if (held->number == 0) {
                if (held->class >= *full)
                        return false;
                held->number = writer_put(w, held->line, held->class);
                if (held->number == 0)
                        *full = held->class;
                else if (held->first)
                        writer_hurry(w);
        }
        return held->number && (!held->first || written >= held->number);
}

struct work *holding_next(struct holding *h, struct writer *w, int64_t now) {
        enum record_class full = RECORD_READ + 1;
        uint64_t written;

        if (list_empty(&h->works))
                return NULL;
        written = writer_counts(w).written;
        LIST_FOREACH(at, &h->works) {
                struct work *work = LIST_ENTRY(at, struct work, link);

                if (is_served(work->held, w, written, &full))
                        return take_out(h, work);
                if (work->held->deadline <= now) {
                        work->held->late = true;
                        return take_out(h, work);
                }
        }
        return NULL;
}

int holding_timeout(const struct holding *h, int64_t now) {
        int64_t due = INT64_MAX;

        if (list_empty(&h->works))
                return -1;
        LIST_FOREACH(at, &h->works) {
                int64_t deadline = LIST_ENTRY(at, struct work, link)->held->deadline;

                due = deadline < due ? deadline : due;
        }
        due -= now;
        if (due <= 0)
                return 0;
        return due / 1000 >= INT_MAX ? INT_MAX : (int)((due + 999) / 1000);
}
