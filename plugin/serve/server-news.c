#include "docksill/base/clock.h"
#include "log-line.h"
#include "server-priv.h"

/* Once, and not for every request. */
void server_tell_news(struct server *s, int64_t now) {
        const struct engine_client *engine_client = &s->lookups.engine_client;
        unsigned stuck;

        switch (engine_client_news(&s->lookups.engine_client, now)) {
        case COMPLAINT_NONE: break;
        case COMPLAINT_BEGUN:
                (void)log_warning("the engine at %s does not answer: %s; its facts are unknown until it does",
                                  engine_client->socket, engine_client->trouble);
                break;
        case COMPLAINT_OVER: (void)log_line("the engine at %s answers again", engine_client->socket); break;
        }
        switch (lookup_queue_news(&s->lookups, now, &stuck)) {
        case COMPLAINT_NONE: break;
        case COMPLAINT_BEGUN:
                (void)log_warning(
                        "%u of %u helpers that follow host paths %s stuck, one at %s: a mount does not answer; host "
                        "paths there are "
                        "refused until it does",
                        stuck, LOOKUP_HELPERS, stuck == 1 ? "is" : "are", s->lookups.stuck);
                break;
        case COMPLAINT_OVER: (void)log_line("no helper that follows host paths is stuck any more"); break;
        }
        if (lookup_queue_bad_report(&s->lookups, now))
                (void)log_warning("a scanner's report can't be used, and counts as absent: %s", s->lookups.report);
}

void server_tell_of_places(struct server *s, int64_t now) {
        switch (intake_news(&s->intake, now)) {
        case COMPLAINT_NONE: break;
        case COMPLAINT_BEGUN:
                (void)log_warning(
                        "all %u places for connections are taken%s; an idle one is closed for each new one, and while "
                        "none is idle new ones wait",
                        s->intake.n,
                        s->intake.starved ? ", since no more descriptors are to be had (LimitNOFILE=)" : "");
                break;
        case COMPLAINT_OVER: (void)log_line("there are places for connections again"); break;
        }
}

/* A reload is counted by who puts it in force; what was not read anew changes nothing. */
void server_use_tally(struct server *s) {
        const struct generation *g = s->context.generation;
        const struct tally_of of = {
                .rules = g->rules, .mode = g->mode, .config_digest = g->config_digest, .last_good = g->last_good
        };

        if (metrics_use(&s->context.metrics, &of) < 0)
                (void)log_error("out of memory: /metrics goes on to tell of the rules before");
        counter_set(&s->context.metrics.reloads.done_at, (uint64_t)clock_wall());
}

/* A few stores: it is done each time round. */
void server_publish(struct server *s) {
        struct metrics_now *now = &s->context.metrics.now;

        counter_set(&now->connections, s->intake.n);
        counter_set(&now->places, s->intake.most);
        counter_set(&now->opened, s->intake.opened);
        counter_set(&now->knocked, s->intake.waited);
        counter_set(&now->looked_up, s->lookups.n);
        counter_set(&now->held, s->holding.n);
        counter_set(&now->stuck, s->lookups.stuck_helpers);
}

void server_control(struct server *s, const struct listener *listener) {
        const struct control_view view = { .metrics = &s->context.metrics,
                                           .writer = s->context.writer,
                                           .vital = &s->vital };
        int r = vital_init(&s->vital);

        if (r == 0)
                r = control_new(&s->control, listener, &view);
        if (r < 0)
                (void)log_warning(
                        "the control socket can't be served: %s; metrics, health and status are not to be had",
                        strerror(-r));
}
