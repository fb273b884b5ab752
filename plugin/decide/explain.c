/*
 * The refusal is read by a developer whose `docker run` has just failed, behind "Error response from daemon:". So: what
 * decided, what was found, worst first, and the least that has to change. When room is short the messages of the later
 * findings go first, then their names; what has to change and the decision's id stay.
 */
#include "docksill/decide/explain.h"

#include "docksill/decide/wrap.h"
#include "refusal.h"
#include <assert.h>
#include <stdio.h>

#define SCRATCH        (256 * 1024)
#define FINDINGS_LEAST 250 /* bytes kept for the findings, and the decision's id */
#define LINES          12  /* of a refusal in lines, where it can be */
#define LABEL_BYTES    100 /* bytes of labels, breaks and indents around the phrases */
#define LABEL_COLUMNS  7   /* columns of "Allow: " */
#define BREAKS         4   /* bytes of the empty lines around the findings */

static const char *add_label(const struct refusal *r) {
        static const char *const first[] = { [EXPLAIN_FLAGS] = "Add",
                                             [EXPLAIN_COMPOSE] = "Add under the service",
                                             [EXPLAIN_API] = "Add to the body" },
                                 *const then[] = { [EXPLAIN_FLAGS] = "Then add",
                                                   [EXPLAIN_COMPOSE] = "Then add under the service",
                                                   [EXPLAIN_API] = "Then add to the body" };

        return r->remedy.n_by_hand ? then[r->style->words] : first[r->style->words];
}

/* -- one line -- */

static void add_phrase(struct text *out, const char *label, struct str phrase) {
        if (phrase.n == 0)
                return;
        text_addf(out, " %s%" STR_FMT ".", label, STR_ARG(phrase));
}

/* All phrases that say what has to change; each is NUL-terminated in the refusal's arena. */
struct phrases {
        struct text retry, lapse, unlifted, fixes, flags, caution, allow, next;
};

static void phrases_fill(struct phrases *p, struct refusal *r, size_t taken, const char *between) {
        struct text *const all[] = { &p->retry, &p->lapse,   &p->unlifted, &p->fixes,
                                     &p->flags, &p->caution, &p->allow,    &p->next };

        for (size_t i = 0; i < ARRAY_SIZE(all); ++i)
                text_init_arena(all[i], &r->arena);
        /* To whom the operation is closed nothing opens it. */
        if (r->d->gate == GATE_ACCESS)
                return;
        refusal_add_retry(&p->retry, r);
        refusal_add_lapse(&p->lapse, r);
        refusal_add_unlifted(&p->unlifted, r);
        refusal_add_fixes(&p->fixes, r);
        refusal_add_flags(&p->flags, r, between);
        refusal_add_caution(&p->caution, r);
        refusal_add_next(&p->next, r);
        taken += FINDINGS_LEAST + LABEL_BYTES + r->style->contact.n + p->retry.n + p->lapse.n + p->unlifted.n +
                 p->fixes.n + p->flags.n + p->caution.n + p->next.n;
        refusal_add_allow(&p->allow, r, taken < EXPLAIN_MAX ? EXPLAIN_MAX - taken : 0);
        for (size_t i = 0; i < ARRAY_SIZE(all); ++i)
                if (all[i]->failed)
                        text_reset(all[i]);
}

static void add_line(struct text *out, struct refusal *r, const struct text *head, const struct phrases *p) {
        struct text tail;
        char label[40];

        text_init_arena(&tail, &r->arena);
        add_phrase(&tail, "", text_str(&p->retry));
        add_phrase(&tail, "", text_str(&p->lapse));
        add_phrase(&tail, "", text_str(&p->unlifted));
        add_phrase(&tail, "Fix: ", text_str(&p->fixes));
        add_phrase(&tail, "To allow it, ", text_str(&p->allow));
        snprintf(label, sizeof(label), "%s: ", add_label(r));
        add_phrase(&tail, label, text_str(&p->flags));
        add_phrase(&tail, "", text_str(&p->caution));
        add_phrase(&tail, "Next: ", text_str(&p->next));
        text_addz(&tail, " Decision ");
        decision_id_add(&tail, r->d->id);
        text_add_char(&tail, '.');
        add_phrase(&tail, "Ask: ", r->style->contact);

        text_add(out, text_str(head));
        if (r->n_listed && head->n + tail.n < EXPLAIN_MAX)
                refusal_add_findings(out, r, EXPLAIN_MAX - head->n - tail.n);
        text_add(out, text_str(&tail));
}

/* -- lines -- */

static void add_labelled(struct text *out, const char *label, struct str phrase, bool wrapped) {
        if (phrase.n == 0)
                return;
        text_addf(out, "\n%-*s", LABEL_COLUMNS, label);
        if (wrapped)
                wrap_add(out, phrase, LABEL_COLUMNS, REFUSAL_COLUMNS, 3);
        else
                text_add(out, phrase);
}

static void add_sentence(struct text *out, struct str phrase) {
        if (phrase.n == 0)
                return;
        text_add_char(out, '\n');
        wrap_add(out, phrase, 0, REFUSAL_COLUMNS, 2);
        text_add_char(out, '.');
}

/* Flags on one line, to be pasted; keys and members each on its own. */
static void add_flag_lines(struct text *out, const struct refusal *r, const struct phrases *p) {
        if (p->flags.n == 0)
                return;
        if (r->style->words == EXPLAIN_FLAGS)
                add_labelled(out, r->remedy.n_by_hand ? "Then:" : "Add:", text_str(&p->flags), false);
        else
                text_addf(out, "\n%s:\n  %" STR_FMT, add_label(r), STR_ARG(text_str(&p->flags)));
        if (r->style->words == EXPLAIN_FLAGS)
                add_labelled(out, "", text_str(&p->caution), true);
        else
                add_sentence(out, text_str(&p->caution));
}

static void add_lines(struct text *out, struct refusal *r, const struct text *head, const struct phrases *p) {
        struct text tail;
        size_t lines = 3; /* the first, and two that are empty */

        text_init_arena(&tail, &r->arena);
        add_sentence(&tail, text_str(&p->retry));
        add_sentence(&tail, text_str(&p->lapse));
        add_sentence(&tail, text_str(&p->unlifted));
        add_labelled(&tail, "Fix:", text_str(&p->fixes), true);
        add_flag_lines(&tail, r, p);
        add_labelled(&tail, "Allow:", text_str(&p->allow), false);
        add_labelled(&tail, "Next:", text_str(&p->next), true);
        text_addf(&tail, "\n%-*sdocksill explain ", LABEL_COLUMNS, "More:");
        decision_id_add(&tail, r->d->id);
        if (r->style->contact.n)
                text_addf(&tail, "; ask %" STR_FMT, STR_ARG(r->style->contact));
        for (size_t i = 0; i < tail.n; ++i)
                lines += tail.p[i] == '\n';

        text_add(out, text_str(head));
        if (r->n_listed && head->n + tail.n + FINDINGS_LEAST / 2 < EXPLAIN_MAX) {
                text_add_char(out, '\n');
                refusal_add_table(out, r, EXPLAIN_MAX - BREAKS - head->n - tail.n, lines < LINES ? LINES - lines : 2);
        }
        text_add_char(out, '\n');
        text_add(out, text_str(&tail));
}

void explain_refusal(struct text *out, const struct decision *d, const struct request *request,
                     const struct ruleset *rules, const struct explain_style *style) {
        struct refusal r = {
                .d = d,
                .request = request,
                .rules = rules,
                .limits = d->limits,
                .style = style,
        };
        struct phrases phrases;
        struct text head;

        assert(d->verdict == VERDICT_DENY);
        arena_init(&r.arena, SCRATCH);
        text_init_arena(&head, &r.arena);
        refusal_list(&r);
        refusal_add_head(&head, &r);
        if (remedy_find(&r.remedy, d, request, r.limits, &r.arena) < 0)
                r.remedy = (struct remedy){ 0 };
        if (explain_lists(&r.lists, d, NULL, request, r.limits, &r.arena) < 0)
                r.lists = (struct explain_lists){ 0 };
        phrases_fill(&phrases, &r, head.n, style->lines && style->words != EXPLAIN_FLAGS ? "\n  " : "; ");
        if (style->lines)
                add_lines(out, &r, &head, &phrases);
        else
                add_line(out, &r, &head, &phrases);
        arena_deinit(&r.arena);
}

void explain_no_request(struct text *out, enum envelope_refusal refusal) {
        text_addz(out, "docksill: refused: ");
        text_addz(out, envelope_refusal_text(refusal));
        text_add_char(out, '.');
}
