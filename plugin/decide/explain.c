/*
 * The refusal is read by a developer whose `docker run` has just failed, behind "Error response from daemon:". So: what
 * decided, what was found, worst first, and something to paste that passes. When room is short the messages of the
 * later findings go first, then their names; the flags and the decision id stay.
 */
#include "docksill/decide/explain.h"

#include <assert.h>
#include <errno.h>

#define LISTED         6   /* findings named in a refusal */
#define FIXES          2   /* findings whose remedy is a sentence */
#define NAME_SHOWN     80  /* bytes shown of a name */
#define MESSAGE_MAX    200 /* bytes shown of a message */
#define FIX_MAX        200
#define TELLING_MAX    1023 /* bytes of a finding with its separator */
#define FLAGS_MAX      700  /* bytes of all flags */
#define FINDINGS_LEAST 250  /* bytes kept for the findings, and the decision's id */
#define SCRATCH        (256 * 1024)
#define MORE_ROOM      sizeof("; 4294967295 more.")

/* Findings of a refusal in the order they are told. */
struct listing {
        const struct finding *items[LISTED];
        size_t n, more;
};

/* Refused by the enforced findings, the others would only confuse; they are all that explains a verdict no one
 * enforces. */
static bool enforced_only(const struct decision *d) {
        return d->would == VERDICT_DENY;
}

/* Counts towards the gate that decided. Findings without points do so only where the severity gate asks for them. */
static bool tells(const struct finding *f, const struct decision *d, const struct limits *limits) {
        if (f->exempted_by || (enforced_only(d) && f->audit))
                return false;
        return f->points > 0 || f->hard || (f->severity != SEVERITY_NONE && f->severity >= limits->deny_severity);
}

static void listing_add(struct listing *l, const struct finding *f) {
        if (l->n < LISTED)
                l->items[l->n++] = f;
        else
                ++l->more;
}

/* Where a hard finding decides, the hard ones come first, whatever their severity. */
static void listing_fill(struct listing *l, const struct decision *d, const struct limits *limits) {
        bool hard_first = d->gate == GATE_HARD;

        *l = (struct listing){ 0 };
        for (size_t i = 0; hard_first && i < d->n_findings; ++i)
                if (d->findings[i].hard && tells(&d->findings[i], d, limits))
                        listing_add(l, &d->findings[i]);
        for (size_t i = 0; i < d->n_findings; ++i)
                if (!(hard_first && d->findings[i].hard) && tells(&d->findings[i], d, limits))
                        listing_add(l, &d->findings[i]);
}

static void add_points(struct text *out, unsigned points) {
        text_add_int(out, points);
        text_addz(out, points == 1 ? " point" : " points");
}

static void add_hard_rules(struct text *out, const struct decision *d) {
        const struct finding *first = NULL;
        size_t n = 0;

        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (!f->hard || f->exempted_by || (enforced_only(d) && f->audit))
                        continue;
                if (n++ == 0)
                        first = f;
        }
        if (!first)
                return;
        text_addz(out, n > 1 ? " by hard rules " : " by hard rule ");
        text_add_visible(out, first->rule->id, NAME_SHOWN);
        if (n > 1) {
                text_addz(out, " and ");
                text_add_int(out, (int64_t)(n - 1));
                text_addz(out, " more");
        }
}

static enum severity worst_severity(const struct decision *d) {
        enum severity worst = SEVERITY_NONE;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].severity > worst && !d->findings[i].exempted_by &&
                    !(enforced_only(d) && d->findings[i].audit))
                        worst = d->findings[i].severity;
        return worst;
}

/* Up to the first full stop: who refuses, by which gate, how many points of which limit. */
static void add_headline(struct text *out, const struct decision *d, const struct ruleset *rules) {
        const struct limits *limits = ruleset_limits(rules);

        text_addz(out, "docksill (");
        text_add_visible(out, ruleset_name(rules), NAME_SHOWN);
        text_addz(out, d->allow ? "): would be refused" : "): refused");
        switch (d->gate) {
        case GATE_ACCESS: text_addz(out, " by access, whatever the request holds, "); break;
        case GATE_HARD:
                add_hard_rules(out, d);
                text_addz(out, " (as in every environment), ");
                break;
        case GATE_DENY_SEVERITY:
                text_addz(out, ", a finding of severity ");
                text_add(out, severity_name(worst_severity(d)));
                text_addz(out, " (limit ");
                text_add(out, severity_name(limits->deny_severity));
                text_addz(out, "), ");
                break;
        case GATE_MEMORY: text_addz(out, ", too large to judge in the memory one request may have, "); break;
        default: text_addz(out, ", "); break;
        }
        add_points(out, enforced_only(d) ? d->enforced_points : d->points);
        if (d->gate == GATE_DENY_POINTS) {
                text_addz(out, ", limit ");
                text_add_int(out, limits->deny_points);
        }
        text_add_char(out, '.');
}

/* "(HostConfig.Binds[2], and 2 more)": the field, and how many other places there are. */
static void add_place(struct text *out, const struct finding *f) {
        struct str where = f->n_evidence ? f->evidence[0].where : (struct str){ 0 };
        bool more = f->instances > 1;

        if (str_empty(where) && !more)
                return;
        text_addz(out, " (");
        text_add_visible(out, where, NAME_SHOWN);
        if (more) {
                text_addz(out, str_empty(where) ? "and " : ", and ");
                text_add_int(out, (int64_t)(f->instances - 1));
                text_addz(out, " more");
        }
        text_add_char(out, ')');
}

static struct str without_full_stop(struct str s) {
        s = str_trim(s);
        while (s.n > 0 && s.p[s.n - 1] == '.')
                --s.n;
        return s;
}

/* " user-root +10": ids hold letters, digits and dashes, 63 at most. */
static void add_name(struct text *out, const struct finding *f) {
        text_add_char(out, ' ');
        text_add(out, f->rule->id);
        text_add(out, STR_C(" +"));
        text_add_int(out, f->points);
}

static void add_message(struct text *out, const struct finding *f) {
        struct str said;

        if (!f->n_evidence)
                return;
        said = without_full_stop(f->evidence[0].message);
        if (said.n)
                text_add_char(out, ' ');
        text_add_visible(out, said, MESSAGE_MAX);
        add_place(out, f);
}

/* A finding as it may be told, without the separator behind it. */
struct telling {
        struct str whole;
        size_t name; /* bytes of its name and points, with which it begins */
};

/* Without memory it is not told. */
static struct telling telling_of(const struct finding *f, struct arena *scratch) {
        struct telling telling = { 0 };
        struct text t;

        text_init_arena(&t, scratch);
        add_name(&t, f);
        telling.name = t.n;
        add_message(&t, f);
        telling.whole = text_str(&t);
        return t.failed ? (struct telling){ 0 } : telling;
}

static void add_rest(struct text *out, const struct listing *l, size_t left) {
        bool some = left < l->n + l->more;

        text_addz(out, some ? " " : " findings: ");
        text_add_int(out, (int64_t)left);
        text_addz(out, some ? " more" : "");
}

/* As many findings as @room bytes hold, and how many are left. A message may not push out the name of a later finding.
 */
static void add_findings(struct text *out, const struct listing *l, size_t room, struct arena *scratch) {
        size_t left = l->n + l->more, names = 0; /* bytes without messages of those to come */
        struct telling tellings[LISTED];

        room = room > MORE_ROOM ? room - MORE_ROOM : 0;
        for (size_t i = 0; i < l->n; ++i) {
                tellings[i] = telling_of(l->items[i], scratch);
                if (tellings[i].name + 1 <= room)
                        names += tellings[i].name + 1;
        }

        for (size_t i = 0; i < l->n; ++i, --left) {
                const struct telling *telling = &tellings[i];
                size_t name = telling->name + 1, whole = telling->whole.n + 1;

                if (telling->name == 0 || name > room)
                        break;
                names -= name;
                if (whole > TELLING_MAX || whole > (room > names ? room - names : 0))
                        whole = name;
                text_add(out, str_first(telling->whole, whole - 1));
                text_add_char(out, ';');
                room -= whole;
        }

        if (left)
                add_rest(out, l, left);
        else
                text_cut(out, out->n - 1); /* the last separator */
        text_add_char(out, '.');
}

static bool flags_hold(const struct explain_flags *flags, struct str flag) {
        for (size_t i = 0; i < flags->n; ++i)
                if (str_eq(flags->items[i], flag))
                        return true;
        return false;
}

/* The flags that lift what @fix is of. Services have commands, and so flags, of their own. */
struct fix_flags {
        const struct template *const *items;
        size_t n;
};

static struct fix_flags fix_flags(const struct fix *fix, const struct request *r) {
        if (r->operation && r->operation->yields & GROUP_SERVICE)
                return (struct fix_flags){ fix->service, fix->n_service };
        return (struct fix_flags){ fix->flags, fix->n_flags };
}

static int flags_of_evidence(struct explain_flags *out, const struct evidence *e, const struct request *r,
                             struct arena *arena) {
        struct scope scope = { .facts = &r->facts, .element = e->element, .spelling = e->spelling };
        struct fix_flags flags = fix_flags(e->cause->fix, r);

        for (size_t i = 0; i < flags.n; ++i) {
                const struct template *template = flags.items[i];
                struct str flag = template_words(template), *slot;
                struct text t;

                /* What an unknown list may hold besides what was seen has no element to fill in. */
                if (!e->element && template_of_element(template))
                        continue;
                if (!flag.p) {
                        text_init_arena(&t, arena);
                        template_add(&t, template, &scope);
                        if (t.failed)
                                return -ENOMEM;
                        flag = text_str(&t);
                }
                if (flag.n == 0 || flags_hold(out, flag))
                        continue;
                slot = ARENA_PUSH(arena, out);
                if (!slot)
                        return -ENOMEM;
                *slot = flag;
        }
        return 0;
}

static int flags_of_finding(struct explain_flags *out, const struct finding *f, const struct request *r,
                            struct arena *arena) {
        for (size_t i = 0; i < f->n_evidence; ++i) {
                int error = flags_of_evidence(out, &f->evidence[i], r, arena);

                if (error < 0)
                        return error;
        }
        return 0;
}

int explain_flags(struct explain_flags *out, const struct decision *d, const struct request *r, struct arena *arena) {
        struct explain_flags flags = { 0 };

        for (size_t i = 0; i < d->n_findings; ++i) {
                int error = d->findings[i].exempted_by ? 0 : flags_of_finding(&flags, &d->findings[i], r, arena);

                if (error < 0)
                        return error;
        }
        *out = flags;
        return 0;
}

/* -- what an admin may let in -- */

/* Refuses whatever the points are. */
static bool is_barring(const struct finding *f, const struct decision *d, const struct limits *limits) {
        return !f->exempted_by && !(enforced_only(d) && f->audit) &&
               (f->hard || (f->severity != SEVERITY_NONE && f->severity >= limits->deny_severity));
}

static const struct evidence *evidence_of(const struct finding *f, const void *element) {
        for (size_t i = 0; i < f->n_evidence; ++i)
                if (f->evidence[i].element == element)
                        return &f->evidence[i];
        return NULL;
}

/* Whether it refuses the element of @of as well, and no list has a say in that. */
static bool bars_too(const struct finding *f, const struct finding *of, const void *element, const struct decision *d,
                     const struct limits *limits) {
        const struct evidence *same = f != of && element ? evidence_of(f, element) : NULL;

        return same && !same->cause->fix->list && is_barring(f, d, limits);
}

static int add_exempt(struct explain_lists *out, const struct rule *rule, struct arena *arena) {
        const struct rule **slot;

        for (size_t i = 0; i < out->exempt.n; ++i)
                if (out->exempt.items[i] == rule)
                        return 0;
        slot = ARENA_PUSH(arena, &out->exempt);
        if (!slot)
                return -ENOMEM;
        *slot = rule;
        return 0;
}

static int note_unfit(struct explain_lists *out, struct str value, const char *why, struct arena *arena) {
        struct explain_unfit *slot;

        for (size_t i = 0; i < out->unfit.n; ++i)
                if (str_eq(out->unfit.items[i].value, value))
                        return 0;
        slot = ARENA_PUSH(arena, &out->unfit);
        if (!slot)
                return -ENOMEM;
        *slot = (struct explain_unfit){ value, why };
        return 0;
}

static struct explain_list *list_named(struct explain_lists *out, struct str name, struct arena *arena) {
        struct explain_list *slot;

        for (size_t i = 0; i < out->n; ++i)
                if (str_eq(out->items[i].name, name))
                        return &out->items[i];
        slot = ARENA_PUSH(arena, out);
        if (slot)
                *slot = (struct explain_list){ .name = name };
        return slot;
}

static int add_item(struct explain_lists *out, struct str name, struct str value, struct arena *arena) {
        struct explain_list *list = list_named(out, name, arena);
        struct str *slot;

        if (!list)
                return -ENOMEM;
        for (size_t i = 0; i < list->n; ++i)
                if (str_eq(list->items[i], value))
                        return 0;
        slot = ARENA_PUSH(arena, list);
        if (!slot)
                return -ENOMEM;
        *slot = value;
        return 0;
}

/* A spelling for which the rule does not hold is let in already. */
static bool is_asked(const struct rule *rule, const struct scope *scope) {
        enum truth t = rule->when ? condition_holds(rule->when, scope) : TRUTH_YES;

        return t == TRUTH_YES || t == TRUTH_UNKNOWN;
}

/* Returns how many values it has that would have to be listed, or -ENOMEM; of one that can't be, all are of no use. */
static int values_of(struct explain_lists *out, const struct rule *rule, const struct evidence *e,
                     const struct request *r, struct arena *arena, struct str *values) {
        struct scope scope = { .facts = &r->facts, .element = e->element };
        unsigned spellings = let_in_spellings(e->cause->fix->list, &scope);
        int n = 0;

        for (; scope.spelling < spellings && scope.spelling < FACT_SPELLINGS; ++scope.spelling) {
                struct str value = let_in_value(e->cause->fix->list, &scope);
                const char *why;

                if (value.n == 0 || !is_asked(rule, &scope))
                        continue;
                why = let_in_unfit(e->cause->fix->list, value);
                if (why)
                        return note_unfit(out, value, why, arena);
                values[n++] = value;
        }
        return n;
}

static int lists_of_evidence(struct explain_lists *out, const struct decision *d, const struct finding *f,
                             const struct evidence *e, const struct request *r, const struct limits *limits,
                             struct arena *arena) {
        struct str values[FACT_SPELLINGS];
        int n, error = 0;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (bars_too(&d->findings[i], f, e->element, d, limits) && d->findings[i].rule->fixed)
                        return 0;
        n = values_of(out, f->rule, e, r, arena, values);
        for (int i = 0; i < n && error == 0; ++i)
                error = add_item(out, let_in_list(e->cause->fix->list), values[i], arena);
        for (size_t i = 0; n > 0 && error == 0 && i < d->n_findings; ++i)
                if (bars_too(&d->findings[i], f, e->element, d, limits))
                        error = add_exempt(out, d->findings[i].rule, arena);
        return n < 0 ? n : error;
}

int explain_lists(struct explain_lists *out, const struct decision *d, const struct finding *of,
                  const struct request *r, const struct limits *limits, struct arena *arena) {
        struct explain_lists lists = { 0 };

        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (of ? f != of : !tells(f, d, limits))
                        continue;
                for (size_t k = 0; k < f->n_evidence; ++k) {
                        const struct evidence *e = &f->evidence[k];

                        if (e->cause->fix->list && lists_of_evidence(&lists, d, f, e, r, limits, arena) < 0)
                                return -ENOMEM;
                }
        }
        *out = lists;
        return 0;
}

void explain_add_list(struct text *out, const struct explain_list *list) {
        text_addz(out, "- {list: ");
        text_add(out, list->name);
        text_addz(out, ", append: [");
        for (size_t i = 0; i < list->n; ++i) {
                text_addz(out, i ? ", " : "");
                text_add_yaml(out, list->items[i]);
        }
        text_addz(out, "]}");
}

void explain_add_exempt(struct text *out, const struct explain_lists *lists) {
        for (size_t i = 0; i < lists->exempt.n; ++i) {
                text_addz(out, i ? ", " : "and exempts it from ");
                text_add(out, lists->exempt.items[i]->id);
        }
}

static bool shell_safe(char c) {
        switch (c) {
        case '_':
        case '@':
        case '%':
        case '+':
        case '=':
        case ':':
        case ',':
        case '.':
        case '/':
        case '-': return true;
        default: return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ascii_digit(c);
        }
}

/* One word for a shell, in single quotes when it needs them. */
static void add_word(struct text *out, struct str word) {
        size_t safe = 0;

        while (safe < word.n && shell_safe(word.p[safe]))
                ++safe;
        if (safe == word.n && word.n > 0) {
                text_add(out, word);
                return;
        }
        text_add_char(out, '\'');
        for (size_t i = 0; i < word.n; ++i)
                if (word.p[i] == '\'')
                        text_addz(out, "'\\''");
                else
                        text_add_char(out, word.p[i]);
        text_add_char(out, '\'');
}

void explain_add_flag(struct text *out, struct str flag) {
        size_t name = 0;

        while (name < flag.n && (flag.p[name] == '-' || (name > 0 && shell_safe(flag.p[name]) && flag.p[name] != '=')))
                ++name;
        if (name == 0 || name == flag.n || (flag.p[name] != ' ' && flag.p[name] != '=')) {
                add_word(out, flag);
                return;
        }
        text_add(out, str_first(flag, name + 1));
        add_word(out, str_skip(flag, name + 1));
}

/* " Add: --read-only --user 10001:10001." */
static void add_flags(struct text *out, const struct decision *d, const struct request *r, const struct limits *limits,
                      struct arena *scratch) {
        struct explain_flags flags = { 0 };
        size_t start = out->n, shown = 0;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (tells(&d->findings[i], d, limits) && flags_of_finding(&flags, &d->findings[i], r, scratch) < 0)
                        break;
        if (flags.n == 0)
                return;

        text_addz(out, " Add:");
        for (; shown < flags.n; ++shown) {
                size_t before = out->n;
                struct text visible;

                text_init_arena(&visible, scratch);
                text_add_visible(&visible, flags.items[shown], FLAGS_MAX);
                text_add_char(out, ' ');
                explain_add_flag(out, text_str(&visible));
                if (out->n - start > FLAGS_MAX) {
                        text_cut(out, before);
                        break;
                }
        }
        if (shown < flags.n) {
                text_addz(out, " (and ");
                text_add_int(out, (int64_t)(flags.n - shown));
                text_addz(out, " more)");
        }
        text_add_char(out, '.');
}

static bool is_among(struct str s, const struct str *items, size_t n) {
        for (size_t i = 0; i < n; ++i)
                if (str_eq(s, items[i]))
                        return true;
        return false;
}

/* " Fix: drop --privileged; use a named volume." for what no flag lifts; what lifts two is said once. */
static void add_fixes(struct text *out, const struct listing *l, const struct request *r, struct arena *scratch) {
        struct str told[FIXES];
        size_t said = 0;

        for (size_t i = 0; i < l->n && said < FIXES; ++i) {
                const struct finding *f = l->items[i];
                const struct fix *fix = f->cause->fix;
                struct scope scope = { .facts = &r->facts };
                struct str remedy;
                struct text t;

                if (fix_flags(fix, r).n > 0 || !fix->cli || f->n_evidence == 0)
                        continue;
                scope.element = f->evidence[0].element;
                scope.spelling = f->evidence[0].spelling;
                if (!scope.element && template_of_element(fix->cli))
                        continue;
                text_init_arena(&t, scratch);
                template_add(&t, fix->cli, &scope);
                remedy = without_full_stop(text_str(&t));
                if (t.failed || remedy.n == 0 || is_among(remedy, told, said))
                        continue;
                told[said] = remedy;
                text_addz(out, said++ ? ". Fix: " : " Fix: ");
                text_add_visible(out, remedy, FIX_MAX);
        }
        if (said)
                text_add_char(out, '.');
}

/* " To allow it, an admin adds under override: - {list: log-servers, append: ["logs.example:514"]}". Cut short the
 * lines would be wrong, so without @room for them their lists alone are named. */
static void add_lists(struct text *out, const struct explain_lists *lists) {
        text_addz(out, " To allow it, an admin adds under override: ");
        for (size_t i = 0; i < lists->n; ++i) {
                text_addz(out, i ? " and " : "");
                explain_add_list(out, &lists->items[i]);
        }
        text_addz(out, lists->exempt.n ? " " : "");
        explain_add_exempt(out, lists);
        text_add_char(out, '.');
}

static void add_list_names(struct text *out, const struct explain_lists *lists) {
        text_addz(out, " To allow it, an admin adds more than has room here to the list ");
        for (size_t i = 0; i < lists->n; ++i) {
                text_addz(out, i ? ", " : "");
                text_add(out, lists->items[i].name);
        }
        text_addz(out, ": docksill explain shows what.");
}

/* One is enough to see why the others are not there either. */
static void add_unfit(struct text *out, const struct explain_lists *lists) {
        text_addz(out, " \"");
        text_add_visible(out, lists->unfit.items[0].value, NAME_SHOWN);
        text_addf(out, "\" can't be listed: %s.", lists->unfit.items[0].why);
}

/* What @room holds of it as a whole. */
static void add_letting_in(struct text *out, const struct explain_lists *lists, size_t room) {
        char buffer[EXPLAIN_MAX];
        struct text t;

        text_init_fixed(&t, buffer, room < sizeof(buffer) ? room : sizeof(buffer));
        if (lists->n)
                add_lists(&t, lists);
        if (t.failed) {
                text_reset(&t);
                add_list_names(&t, lists);
        }
        if (t.failed)
                text_reset(&t);
        text_add(out, text_str(&t));
        room = t.n < room ? room - t.n : 0;
        text_init_fixed(&t, buffer, room < sizeof(buffer) ? room : sizeof(buffer));
        if (lists->unfit.n)
                add_unfit(&t, lists);
        if (!t.failed)
                text_add(out, text_str(&t));
}

/* The remedies below are for what is so; an engine that was slow, or a dead mount, is none of the requester's making.
 */
static void add_retry(struct text *out, const struct listing *l) {
        for (size_t i = 0; i < l->n; ++i)
                if (l->items[i]->unknown) {
                        text_addz(out, " If the engine or the host was too slow to answer, try again.");
                        return;
                }
}

void explain_refusal(struct text *out, const struct decision *d, const struct request *r, const struct ruleset *rules) {
        const struct limits *limits = ruleset_limits(rules);
        struct explain_lists lists = { 0 };
        struct listing listing;
        struct arena scratch;
        struct text head, tail, flags;

        assert(d->verdict == VERDICT_DENY);
        arena_init(&scratch, SCRATCH);
        text_init_arena(&head, &scratch);
        text_init_arena(&tail, &scratch);
        text_init_arena(&flags, &scratch);
        listing_fill(&listing, d, limits);
        add_headline(&head, d, rules);
        /* To whom the operation is closed no flag opens it. */
        if (d->gate != GATE_ACCESS) {
                add_retry(&tail, &listing);
                add_fixes(&tail, &listing, r, &scratch);
                add_flags(&flags, d, r, limits, &scratch);
        }
        if (d->gate != GATE_ACCESS && explain_lists(&lists, d, NULL, r, limits, &scratch) == 0) {
                size_t taken = head.n + tail.n + flags.n + FINDINGS_LEAST;

                add_letting_in(&tail, &lists, taken < EXPLAIN_MAX ? EXPLAIN_MAX - taken : 0);
        }
        if (!flags.failed)
                text_add(&tail, text_str(&flags));
        text_addz(&tail, " Decision ");
        decision_id_add(&tail, d->id);
        text_add_char(&tail, '.');

        text_add(out, text_str(&head));
        if (listing.n && head.n + tail.n < EXPLAIN_MAX)
                add_findings(out, &listing, EXPLAIN_MAX - head.n - tail.n, &scratch);
        text_add(out, text_str(&tail));
        arena_deinit(&scratch);
}

void explain_no_request(struct text *out, enum envelope_refusal refusal) {
        text_addz(out, "docksill: refused: ");
        text_addz(out, envelope_refusal_text(refusal));
        text_add_char(out, '.');
}
