#include "headline.h"
#include "docksill/base/text.h"

/* The first of them: findings are in order. Returns whether there is one. */
static bool add_critical(struct text *line, const struct report *r) {
        const struct report_finding *f = r->findings.items;
        size_t more = r->severities[SEVERITY_CRITICAL];

        if (more == 0 || r->findings.n == 0)
                return false;
        text_addz(line, "Critical: ");
        text_add(line, r->checks.items[f->check].title);
        text_addz(line, " (");
        text_add(line, r->subjects.items[f->subject].kind);
        text_add_char(line, ' ');
        text_add(line, r->subjects.items[f->subject].name);
        text_add_char(line, ')');
        if (more > 1)
                text_addf(line, ", and %zu more", more - 1);
        return true;
}

static void add_others(struct text *line, const struct report *r) {
        bool critical = add_critical(line, r), any = false;
        size_t n = 0;

        for (unsigned s = SEVERITY_CRITICAL; s-- > SEVERITY_INFO;) {
                if (r->severities[s] == 0)
                        continue;
                text_addf(line, "%s%zu %" STR_FMT,
                          any        ? ", "
                          : critical ? "; "
                                     : "",
                          r->severities[s], STR_ARG(severity_name(s)));
                n += r->severities[s];
                any = true;
        }
        if (any)
                text_addz(line, n == 1 ? " finding" : " findings");
        else if (!critical)
                text_addz(line, r->blank ? "Nothing was judged" : "No finding");
}

void report_headline(struct report *r) {
        size_t unknown = r->states[REPORT_UNKNOWN];
        struct text line;

        text_init_arena(&line, r->arena);
        add_others(&line, r);
        if (r->scored)
                text_addf(&line, "; hardening score %u of 100", r->score);
        if (unknown)
                text_addf(&line, "; %zu check%s could not be told", unknown, unknown == 1 ? "" : "s");
        if (r->known)
                text_addf(&line, "; %zu finding%s known from the baseline", r->known, r->known == 1 ? " is" : "s are");
        text_add_char(&line, '.');
        r->headline = text_str(&line);
}
