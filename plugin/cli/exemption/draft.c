#include "draft.h"
#include "docksill/base/text.h"
#include <time.h>

bool draft_only_add(struct draft_only *only, struct arena *arena, const struct pins *pins) {
        struct text t;

        text_init_arena(&t, arena);
        pins_add_yaml(&t, pins);
        if (t.failed || str_is_among(text_str(&t), only->items, only->n))
                return false;
        ARENA_ADD(arena, only, text_str(&t));
        return true;
}

void drafts_begin(struct text *out) {
        text_addz(out, "# yaml-language-server: $schema=" DOCKSILL_RULES
                       "/schema/exemptions.json\ndocksill: v1\nkind: exemptions\nexemptions:\n");
}

static void add_only(struct text *out, const struct draft_only *only) {
        bool several = only && only->n > 1;

        if (!only || only->n == 0)
                return;
        text_addz(out, several ? "    only: {any: [" : "    only: {");
        for (size_t i = 0; i < only->n; ++i) {
                text_addz(out, !several ? "" : i ? ", {" : "{");
                text_add(out, only->items[i]);
                text_addz(out, several ? "}" : "");
        }
        text_addz(out, several ? "]}\n" : "}\n");
}

static void add_text(struct text *out, struct str text, const char *blank) {
        if (text.n)
                text_add_yaml(out, text);
        else
                text_addf(out, "\"%s\"", blank);
        text_add_char(out, '\n');
}

void draft_add(struct text *out, const struct draft *d) {
        text_addf(out, "  - id: %" STR_FMT "\n    rules: [", STR_ARG(d->id));
        for (size_t i = 0; i < d->n_rules; ++i)
                text_addf(out, "%s%" STR_FMT, i ? ", " : "", STR_ARG(d->rules[i]));
        text_addf(out, "]\n    match: {%" STR_FMT "}\n", STR_ARG(d->match));
        add_only(out, d->only);
        if (d->up_to != SEVERITY_NONE)
                text_addf(out, "    up-to: %" STR_FMT "\n", STR_ARG(severity_name(d->up_to)));
        if (d->bounded)
                text_addf(out, "    remaining-points: %u\n", d->remaining_points);
        text_addz(out, "    owner: ");
        add_text(out, d->owner, EXEMPTION_OWNER_BLANK);
        text_addz(out, "    reason: ");
        add_text(out, d->reason, EXEMPTION_REASON_BLANK);
        text_addf(out, "    expires: %" STR_FMT "\n", STR_ARG(d->day));
}

void draft_add_day(struct text *out, unsigned days) {
        time_t until = time(NULL) + (time_t)days * 24 * 3600;
        char day[16];
        struct tm tm;

        if (gmtime_r(&until, &tm) && strftime(day, sizeof(day), "%Y-%m-%d", &tm) > 0)
                text_addz(out, day);
}
