#include "exemptions.h"

#include "docksill/base/date.h"

#define SOON       30 /* days */
#define WORD_SHOWN 80

static void add_days(struct text *t, const struct exemption *e, int64_t now) {
        int64_t days = (e->until - now) / DATE_DAY;

        if (now >= e->until)
                text_addz(t, "expired, no effect");
        else if (days == 0)
                text_addz(t, "the last day");
        else
                text_addf(t, "%lld day%s left", (long long)days, days == 1 ? "" : "s");
}

/* "; lifted 12 findings, the last 2026-12-01T08:00:00Z" */
static void add_use(struct text *t, const struct exemption *e, const struct use *use) {
        size_t n = use_count(use, e->id, (struct str){ 0 });

        text_addf(t, n == 0 ? "; lifted nothing since " : "; lifted %zu finding%s, the last ", n, n == 1 ? "" : "s");
        text_add_visible(t, n == 0 ? str_from(use->first) : use_last(use, e->id), WORD_SHOWN);
}

static void add_exemption(struct text *t, const struct exemption *e, const struct use *use, int64_t now) {
        text_addz(t, "exemption ");
        text_add_visible(t, e->id, WORD_SHOWN);
        text_addz(t, ": ");
        for (size_t i = 0; i < e->n_rules; ++i) {
                text_addz(t, i ? ", " : "");
                text_add_visible(t, e->rules[i], WORD_SHOWN);
        }
        text_addz(t, "; ");
        text_add_visible(t, e->owner, WORD_SHOWN);
        text_addz(t, ", until ");
        text_add_visible(t, e->expires, WORD_SHOWN);
        text_addz(t, " (");
        add_days(t, e, now);
        text_add_char(t, ')');
        if (use)
                add_use(t, e, use);
        text_add_char(t, '\n');
}

void exemptions_add(struct text *out, const struct ruleset *rules, const struct use *use, int64_t now,
                    struct diag *diag) {
        struct exemption_view view = ruleset_exemptions(rules);

        for (size_t i = 0; i < view.n; ++i) {
                const struct exemption *e = view.items[i];

                add_exemption(out, e, use, now);
                if (now < e->until && e->until - now < SOON * DATE_DAY)
                        diag_warning(diag, e->at, DIAG_EXEMPTION_SOON,
                                     "the exemption \"%" STR_FMT "\" ends within %d days", STR_ARG(e->id), SOON);
        }
}
