/* What a generation says of others than the judge: the engine that is asked, where calls are captured, and who gets
 * records beside the file; and whether the host is looked at. */
#include "docksill/base/clock.h"
#include "log-line.h"
#include "server-priv.h"

/* The engine that the generation in force says. */
static void use_engine(struct server *s) {
        struct str socket = s->context.generation->lookups.engine;
        int r = engine_client_use(&s->lookups.engine_client, socket);

        if (r < 0)
                (void)log_warning("the engine at %" STR_FMT " can't be asked: %s; its facts are unknown",
                                  STR_ARG(socket), strerror(-r));
}

/* Where the generation in force wants calls captured. */
static void use_capture(struct server *s) {
        const struct generation *g = s->context.generation;
        int r = capture_use(s->context.capture, &g->capturing.place, g->rules);

        if (r < 0)
                (void)log_warning("calls can't be captured: %s", strerror(-r));
}

/* Whether the generation in force wants records in the journal. Its writer waits for it no longer than calls may wait
 * for the writer. */
static void use_journal(struct server *s) {
        const struct recording *recording = &s->context.generation->recording;
        bool drop = recording->full == RECORD_FULL_DROP;

        if (s->context.writer)
                writer_use_journal(s->context.writer, recording->journal,
                                   drop                                 ? 0
                                   : recording->wait < JOURNAL_PATIENCE ? recording->wait
                                                                        : JOURNAL_PATIENCE);
}

void in_force_use(struct server *s) {
        use_engine(s);
        use_capture(s);
        use_journal(s);
        host_watch_use(&s->host_watch, s->context.generation->host_audit, clock_monotonic());
}
