#include "docksill/decide/explain-style.h"

struct explain_style explain_style_of(const struct request *request, enum explain_form form, struct str contact) {
        static const struct {
                struct str agent; /* what its User-Agent begins with */
                enum explain_words words;
                bool lines;
        } clients[] = {
                { STR("Docker-Client/"), EXPLAIN_FLAGS, true },
                { STR("compose/"), EXPLAIN_COMPOSE, true },
                { STR("docker-compose/"), EXPLAIN_COMPOSE, false },
        };
        struct str agent = envelope_header(&request->envelope, STR_C("User-Agent"));
        /* Without a name it is a body at hand, that somebody asks about. */
        struct explain_style style = { .words = agent.n ? EXPLAIN_API : EXPLAIN_FLAGS, .contact = contact };

        for (size_t i = 0; i < ARRAY_SIZE(clients); ++i)
                if (str_starts(agent, clients[i].agent)) {
                        style.words = clients[i].words;
                        style.lines = clients[i].lines;
                }
        /* No compose file makes services; and flags of other commands have no words of their own yet. */
        if (!request->operation || !(str_eqz(request->operation->id, "container.create") ||
                                     (style.words == EXPLAIN_API && request->operation->yields & GROUP_SERVICE)))
                style.words = EXPLAIN_FLAGS;
        if (form != EXPLAIN_AUTO)
                style.lines = form == EXPLAIN_LINES;
        return style;
}
