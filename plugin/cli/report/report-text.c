#include "docksill/decide/wrap.h"
#include "format.h"
#include <errno.h>

#define COLUMNS 80

int report_text(struct text *out, const struct report *r, bool verbose) {
        (void)verbose;
        text_add_visible(out, r->title, 200);
        text_addz(out, "\n\n");
        for (size_t i = 0; i < r->findings.n; ++i) {
                const struct report_finding *f = &r->findings.items[i];

                text_addf(out, "%-14" STR_FMT " %-8" STR_FMT " ", STR_ARG(report_state_name(f->state)),
                          STR_ARG(severity_name(f->severity)));
                text_add_visible(out, r->checks.items[f->check].id, 100);
                text_addz(out, "  ");
                text_add_visible(out, r->subjects.items[f->subject].name, 100);
                text_addz(out, ": ");
                text_add_visible(out, f->message.n ? f->message : f->why, 400);
                text_add_char(out, '\n');
        }
        return out->failed ? -ENOMEM : 0;
}

int report_text_coloured(struct text *out, const struct report *r, bool verbose) {
        return report_text(out, r, verbose);
}
