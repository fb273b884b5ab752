#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "told.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_MOST 1000 /* of who was refused what, and of rules */
#define DAYS_MOST 31   /* more than that are told by month */
#define DAY       10   /* bytes of "2026-01-31" */
#define MONTH     7    /* bytes of "2026-01" */
#define MINUTE    16   /* of "2026-01-31T12:00" */

/* -- a table -- */

static struct report_table *begin(struct report *r, const char *id, const char *title, const char *const *columns,
                                  uint64_t numbers) {
        struct report_table *t = ARENA_PUSH(r->arena, &r->tables);
        size_t n = 0;

        if (!t)
                return NULL;
        while (columns[n])
                ++n;
        *t = (struct report_table){ .id = str_from(id), .title = str_from(title), .numbers = numbers, .bar = n };
        t->columns = ARENA_ARRAY(r->arena, struct str, n);
        for (size_t i = 0; t->columns && i < n; ++i)
                t->columns[t->n_columns++] = str_from(columns[i]);
        return t;
}

static void add(struct report *r, struct report_table *t, struct str cell) {
        ARENA_ADD(r->arena, &t->cells, report_keep(r, cell));
}

static void add_number(struct report *r, struct report_table *t, size_t n) {
        char digits[24];

        snprintf(digits, sizeof(digits), "%zu", n);
        add(r, t, str_from(digits));
}

/* To the minute: a list of seconds is hard to read, and the findings have them. */
static void add_time(struct report *r, struct report_table *t, const char *time) {
        char shown[RECORD_TIME];

        snprintf(shown, sizeof(shown), "%.*s", MINUTE, time);
        if (shown[0] && shown[10] == 'T')
                shown[10] = ' ';
        add(r, t, shown[0] ? str_from(shown) : STR_C("-"));
}

static void note(struct report *r, struct report_table *t, size_t left_out, const char *of) {
        struct text text;

        if (!left_out)
                return;
        text_init_arena(&text, r->arena);
        text_add(&text, t->note);
        text_addf(&text, "%s%zu more %s are left out.", t->note.n ? " " : "", left_out, of);
        t->note = text_str(&text);
}

/* -- in order -- */

struct placed {
        size_t index;
        struct str name;
        size_t weight, more; /* the greater first; then by name */
};

static int by_weight(const void *a, const void *b) {
        const struct placed *x = a, *y = b;

        if (x->weight != y->weight)
                return x->weight > y->weight ? -1 : 1;
        if (x->more != y->more)
                return x->more > y->more ? -1 : 1;
        return str_cmp(x->name, y->name);
}

static void sort(struct placed *all, size_t n) {
        if (n)
                qsort(all, n, sizeof(*all), by_weight);
}

/* -- days -- */

static void add_day(struct report *r, struct report_table *t, struct str name, const struct day_sum *day) {
        add(r, t, name);
        add_number(r, t, day->decisions);
        add_number(r, t, day->warned);
        add_number(r, t, day->would);
        add_number(r, t, day->refused);
}

static void add_days(struct report *r, const struct history *h, struct placed *all) {
        static const char *const days[] = { "Day (UTC)", "Decisions", "Warned", "Would refuse", "Refused", NULL },
                                 *const months[] = { "Month (UTC)",  "Decisions", "Warned",
                                                     "Would refuse", "Refused",   NULL };
        bool by_day = h->day_sums.n <= DAYS_MOST;
        struct report_table *t = begin(r, by_day ? "by-day" : "by-month", by_day ? "Trend by day" : "Trend by month",
                                       by_day ? days : months, 0x1e);
        size_t end;

        for (size_t i = 0; i < h->day_sums.n; ++i)
                all[i] = (struct placed){ .index = i, .name = h->days.items[i] };
        sort(all, h->day_sums.n);
        for (size_t i = 0; t && i < h->day_sums.n; i = end) {
                struct str name = by_day ? all[i].name : str_first(all[i].name, MONTH);
                struct day_sum sum = { 0 };

                for (end = i; end < h->day_sums.n && str_starts(all[end].name, name); ++end) {
                        const struct day_sum *one = &h->day_sums.items[all[end].index];

                        sum.decisions += one->decisions;
                        sum.warned += one->warned;
                        sum.would += one->would;
                        sum.refused += one->refused;
                }
                add_day(r, t, name, &sum);
        }
        if (t)
                t->bar = h->all.refused ? 4 : h->all.would ? 3 : 1;
}

/* -- who was refused what -- */

static void add_refused(struct report *r, const struct history *h, struct placed *all) {
        static const char *const columns[] = { "Caller", "Rule", "Refused", "Would", "Last (UTC)", NULL };
        struct report_table *t = begin(r, "refused", "Who was refused what", columns, 0xc);

        if (!t)
                return;
        t->note = STR_C(
                "\"Would\": allowed, and mode enforce would have refused it. A refusal counts for each of its rules.");
        for (size_t i = 0; i < h->pair_sums.n; ++i) {
                const struct pair_sum *p = &h->pair_sums.items[i];

                all[i] = (struct placed){ i, told_caller(h, p->caller), p->sum.refused, p->sum.would };
        }
        sort(all, h->pair_sums.n);
        for (size_t i = 0; i < h->pair_sums.n && i < ROWS_MOST; ++i) {
                const struct pair_sum *p = &h->pair_sums.items[all[i].index];

                add(r, t, all[i].name);
                add(r, t, h->rules.items[p->rule]);
                add_number(r, t, p->sum.refused);
                add_number(r, t, p->sum.would);
                add_time(r, t, p->sum.span.last);
        }
        note(r, t, h->pair_sums.n > ROWS_MOST ? h->pair_sums.n - ROWS_MOST : 0, "pairs");
}

/* -- rules -- */

static void add_rules(struct report *r, const struct history *h, struct placed *all) {
        static const char *const columns[] = { "Rule", "Worst", "Found", "Refused", "Would", "Exempted", NULL };
        struct report_table *t = begin(r, "rules", "Rules that found something", columns, 0x3c);

        for (size_t i = 0; i < h->rule_sums.n; ++i) {
                const struct sum *s = &h->rule_sums.items[i].sum;

                all[i] = (struct placed){ i, h->rules.items[i], s->refused + s->would, s->found };
        }
        sort(all, h->rule_sums.n);
        for (size_t i = 0; t && i < h->rule_sums.n && i < ROWS_MOST; ++i) {
                const struct rule_sum *s = &h->rule_sums.items[all[i].index];

                add(r, t, all[i].name);
                add(r, t, severity_name(s->worst));
                add_number(r, t, s->sum.found);
                add_number(r, t, s->sum.refused);
                add_number(r, t, s->sum.would);
                add_number(r, t, s->sum.exempted);
        }
        if (t)
                note(r, t, h->rule_sums.n > ROWS_MOST ? h->rule_sums.n - ROWS_MOST : 0, "rules");
}

/* -- exemptions -- */

static void add_exemption(struct report *r, struct report_table *t, const struct exemption *e, struct str id,
                          const struct exemption_sum *sum, int64_t now) {
        add(r, t, id);
        add(r, t, !e ? STR_C("gone") : now >= e->until ? STR_C("expired") : sum ? STR_C("used") : STR_C("unused"));
        add_number(r, t, sum ? sum->lifted : 0);
        add_time(r, t, sum ? sum->span.last : "");
        add(r, t, e ? e->expires : STR_C("-"));
        add(r, t, e ? e->owner : STR_C("-"));
}

static bool is_loaded(const struct exemption_view *view, struct str id) {
        for (size_t i = 0; i < view->n; ++i)
                if (str_eq(view->items[i]->id, id))
                        return true;
        return false;
}

static void add_exemptions(struct report *r, const struct history *h, const struct ruleset *rules, int64_t now) {
        static const char *const columns[] = { "Exemption", "State", "Lifted", "Last (UTC)", "Until", "Owner", NULL };
        struct exemption_view view = ruleset_exemptions(rules);
        struct report_table *t;

        if (view.n + h->exemption_sums.n == 0)
                return;
        t = begin(r, "exemptions", "Exemptions, used and unused", columns, 0x4);
        if (!t)
                return;
        t->note =
                STR_C("\"unused\" lifted nothing in this time: nobody may need it any more. \"gone\" lifted something, "
                      "and is configured no longer.");
        for (size_t i = 0; i < view.n; ++i) {
                const struct exemption *e = view.items[i];
                size_t at;

                add_exemption(r, t, e, e->id,
                              names_find(&h->exemptions, e->id, &at) ? &h->exemption_sums.items[at] : NULL, now);
        }
        for (size_t i = 0; i < h->exemption_sums.n; ++i)
                if (!is_loaded(&view, h->exemptions.items[i]))
                        add_exemption(r, t, NULL, h->exemptions.items[i], &h->exemption_sums.items[i], now);
}

/* -- what was not enforced -- */

/* Between the first and the last: was docksill asked at all? */
static size_t days_without(const struct history *h, struct span *span) {
        int64_t day, last;
        size_t n = 0;

        if (date_parse(str_first(str_from(h->span.first), DAY), &day) < 0 ||
            date_parse(str_first(str_from(h->span.last), DAY), &last) < 0)
                return 0;
        for (; day < last; day += DATE_DAY) {
                char time[RECORD_TIME];
                struct text text;
                size_t at;

                text_init_fixed(&text, time, sizeof(time));
                clock_add_rfc3339(&text, day);
                if (names_find(&h->days, str_first(text_str(&text), DAY), &at))
                        continue;
                snprintf(n++ ? span->last : span->first, RECORD_TIME, "%.*s", DAY, time);
        }
        return n;
}

static void add_event(struct report *r, struct report_table **t, const char *what, size_t n, const struct span *span) {
        static const char *const columns[] = { "What", "Times", "First (UTC)", "Last (UTC)", NULL };

        if (!n)
                return;
        if (!*t)
                *t = begin(r, "enforcement", "Gaps in what is enforced and recorded", columns, 0x2);
        if (!*t)
                return;
        add(r, *t, str_from(what));
        add_number(r, *t, n);
        add_time(r, *t, span->first);
        add_time(r, *t, span->last[0] ? span->last : span->first);
}

static void add_events(struct report *r, const struct history *h) {
        static const char *const says[EVENTS] = {
                [EVENT_WOULD] = "allowed; mode enforce would refuse",
                [EVENT_AUDITED] = "findings of rules in mode audit",
                [EVENT_STARTED] = "starts of docksill",
                [EVENT_UNORDERLY] = "starts after a kill or a crash",
                [EVENT_LAST_GOOD] = "ran with the last good rules",
                [EVENT_LOST] = "records lost",
                [EVENT_LOST_REFUSED] = "records lost, of refusals",
                [EVENT_TORN] = "lines torn by a kill",
                [EVENT_FOREIGN] = "lines that are no records",
                [EVENT_CUT] = "lines longer than any record",
        };
        struct report_table *t = NULL;
        struct span span = { 0 };
        size_t without = h->day_sums.n < HISTORY_DAYS ? days_without(h, &span) : 0;

        for (size_t i = 0; i < EVENTS; ++i)
                add_event(r, &t, says[i], h->events[i].n, &h->events[i].span);
        add_event(r, &t, "days without any decision", without, &span);
}

int told_tables(struct report *r, const struct history *h, const struct ruleset *rules, int64_t now) {
        size_t most = h->day_sums.n + h->pair_sums.n + h->rule_sums.n + 1;
        struct placed *all = calloc(most, sizeof(*all));

        if (!all)
                return -ENOMEM;
        if (h->pair_sums.n)
                add_refused(r, h, all);
        if (h->rule_sums.n)
                add_rules(r, h, all);
        if (h->day_sums.n)
                add_days(r, h, all);
        free(all);
        add_exemptions(r, h, rules, now);
        add_events(r, h);
        return 0;
}
