#include "docksill/serve/proof.h"
#include <unistd.h>

#define WORD_MOST 64

static bool is_word(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
                        return false;
        return s.n > 0 && s.n <= WORD_MOST;
}

struct str proof_word(const struct request *request) {
        const struct target *target = &request->target;

        if (!request->operation || !str_eqz(request->operation->id, "system.ping") || flaws_any(&request->flaws) ||
            !str_eqz(request->envelope.method.value, "GET") || target->n_parameters != 1 ||
            !str_eqz(target->parameters[0].key, "docksill-proof") || !is_word(target->parameters[0].value))
                return (struct str){ 0 };
        return target->parameters[0].value;
}

static void add_member(struct text *out, const char *key, struct str value) {
        text_addf(out, ",\"%s\":", key);
        text_add_json(out, value);
}

void proof_add(struct text *out, struct str word, const struct generation *g) {
        text_addz(out, PROOF_MARK "{\"schema\":\"docksill.proof/1\"");
        add_member(out, "word", word);
        add_member(out, "version", STR_C(DOCKSILL_VERSION));
        add_member(out, "environment", ruleset_name(g->rules));
        add_member(out, "mode", mode_name(g->mode));
        text_addf(out, ",\"rules\":%zu", ruleset_rules(g->rules).n);
        add_member(out, "rules_digest", ruleset_digest(g->rules));
        add_member(out, "config_digest", g->config_digest);
        text_addf(out, ",\"last_good\":%s,\"pid\":%ld}", g->last_good ? "true" : "false", (long)getpid());
}
