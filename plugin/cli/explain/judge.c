#include "judge.h"
#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/host/machine.h"
#include "explain-lookup.h"
#include <errno.h>
#include <stdio.h>

int judge_failed(const struct command *command, int error, const char *what) {
        fprintf(stderr, "docksill %s: %s: %s\n", command->name, what, strerror(-error));
        return EXIT_ENVIRONMENT;
}

/* Of what a later step will refuse as it will be refused then. */
static int find_remedy(struct explained *e, struct arena *arena) {
        struct decision d = e->decision;

        if (d.due)
                d.would = VERDICT_DENY;
        else if (d.verdict != VERDICT_DENY)
                return 0;
        return remedy_find(&e->remedy, &d, &e->request, remedy_limits(&d), arena);
}

int judge(struct explained *e, struct arena *arena, const struct asked *asked, struct str call) {
        enum envelope_refusal refusal;
        struct decision_ids ids;

        refusal = request_read(&e->request, arena, call);
        if (refusal != ENVELOPE_READ) {
                fprintf(stderr, "docksill %s: %s\n", asked->command->name, envelope_refusal_text(refusal));
                return EXIT_ENVIRONMENT;
        }
        /* What comes with another container may have host paths too. */
        if (asked->engine && lookup_engine(&e->request, arena, asked->engine, asked->command) != EXIT_FINE)
                return EXIT_ENVIRONMENT;
        if (asked->engine || asked->resolve)
                lookup_scans(&e->request, arena, asked->config, asked->command);
        /* serve would ask; what it would be told nobody knows here, and what hangs on it is off. */
        if (!asked->engine && asked->config->lookup_docker)
                e->request.facts.reached.asked = (struct fact_bool){ .head.given = true, .value = true };
        if (asked->resolve) {
                struct host_size size;

                lookup_paths(&e->request, arena);
                machine_size(&size);
                host_size_tell(&size, &e->request);
        }
        decide_at(&e->decision, e->rules, &e->request, asked->mode, asked->at ? asked->at : clock_wall(), arena);
        e->style = explain_style_of(&e->request, asked->config->refusal, str_from(asked->config->contact));
        e->decision.id = decision_ids_init(&ids) == 0 ? decision_ids_next(&ids) : 0;
        if (find_remedy(e, asked->arena) < 0)
                return judge_failed(asked->command, -ENOMEM, "the smallest set of flags");
        return EXIT_FINE;
}
