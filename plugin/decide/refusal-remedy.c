#include "docksill/decide/explain-flags.h"
#include "refusal.h"

#define FIXES     6   /* sentences of what to do by hand */
#define FIX_MAX   200 /* bytes of one */
#define FIXES_MAX 400 /* bytes of all */
#define FLAGS_MAX 500 /* bytes of all flags */
#define WORDS_MAX 850 /* the same in keys or members, which are longer */
#define UNLIFTED  3   /* names of findings that no flag lifts */
#define CAUTIONED 3   /* names of flags that may stop a program */

/* What stands around the entries for an admin: on one line, or on lines that are YAML as they stand. */
struct allow_marks {
        const char *head, *first, *next; /* of entries */
        const char *aside, *aside_too;   /* of what is none */
};

void refusal_add_retry(struct text *out, const struct refusal *r) {
        for (size_t i = 0; i < r->n_listed; ++i)
                if (r->listed[i]->unknown) {
                        text_addz(out, "If the engine or the host was too slow to answer, try again");
                        return;
                }
}

void refusal_add_lapse(struct text *out, const struct refusal *r) {
        const struct lapse *l = &r->d->lapse;

        if (!l->exemption)
                return;
        for (size_t i = 0; i < l->n_rules; ++i)
                text_addf(out, "%s%" STR_FMT, i ? ", " : "Without ", STR_ARG(l->rules[i]->id));
        if (l->n_more)
                text_addf(out, " and %zu more", l->n_more);
        text_addz(out, " it would pass: exemption ");
        text_add_visible(out, l->exemption->id, REFUSAL_NAME);
        if (l->exemption->remaining_points)
                text_addf(out, " bears %u points beside it", l->exemption->remaining_points);
        else
                text_addz(out, " holds beside nothing else");
}

void refusal_add_unlifted(struct text *out, const struct refusal *r) {
        const struct remedy *remedy = &r->remedy;

        for (size_t i = 0; i < remedy->n_by_hand && i < UNLIFTED; ++i) {
                if (i == 0)
                        text_addz(out,
                                  r->style->words == EXPLAIN_FLAGS ? "No flag lifts " : "Nothing that is added lifts ");
                else
                        text_addz(out, ", ");
                text_add_visible(out, remedy->by_hand[i]->rule->id, REFUSAL_NAME);
        }
        if (remedy->n_by_hand > UNLIFTED)
                text_addf(out, " and %zu more", remedy->n_by_hand - UNLIFTED);
}

/* Sentences told already. */
struct sentences {
        struct str items[FIXES];
        size_t n, bytes, more;
};

/* Of "use a named volume, or copy the file in" the first half need not be told again. */
static bool is_said(const struct sentences *said, struct str s) {
        for (size_t i = 0; i < said->n; ++i)
                if (str_starts(said->items[i], s) &&
                    (said->items[i].n == s.n || said->items[i].p[s.n] == ',' || said->items[i].p[s.n] == ';'))
                        return true;
        return false;
}

static void add_sentence(struct text *out, struct sentences *said, struct str s) {
        if (is_said(said, s))
                return;
        if (said->n == FIXES || (said->n > 0 && said->bytes + s.n > FIXES_MAX)) {
                ++said->more;
                return;
        }
        said->bytes += s.n;
        text_addz(out, said->n ? "; " : "");
        text_add_visible(out, s, FIX_MAX);
        said->items[said->n++] = s;
}

/* For each thing that must change its own sentence: a port, a folder. */
static void add_fixes_of(struct text *out, struct sentences *said, struct refusal *r, const struct finding *f) {
        for (size_t i = 0; i < f->n_evidence; ++i) {
                struct str phrase;
                struct text t;

                text_init_arena(&t, &r->arena);
                explain_add_fix(&t, &f->evidence[i], r->request, r->style->words == EXPLAIN_COMPOSE);
                phrase = t.failed ? (struct str){ 0 } : refusal_phrase(text_str(&t));
                if (phrase.n)
                        add_sentence(out, said, phrase);
        }
}

void refusal_add_fixes(struct text *out, struct refusal *r) {
        struct sentences said = { 0 };

        for (size_t i = 0; i < r->remedy.n_by_hand; ++i)
                add_fixes_of(out, &said, r, r->remedy.by_hand[i]);
        /* Nothing can be promised: what is told of it may help all the same. */
        for (size_t i = 0; !r->remedy.found && i < r->n_listed; ++i)
                add_fixes_of(out, &said, r, r->listed[i]);
        if (said.more)
                text_addf(out, "; and %zu more", said.more);
}

static void add_shell(struct text *out, struct refusal *r) {
        const struct flags *flags = &r->remedy.flags;
        size_t start = out->n, shown = 0;

        for (; shown < flags->n; ++shown) {
                size_t before = out->n;
                struct text visible;

                text_init_arena(&visible, &r->arena);
                text_add_visible(&visible, flags->items[shown], FLAGS_MAX);
                text_addz(out, shown ? " " : "");
                flag_add_shell(out, text_str(&visible));
                if (out->n - start > FLAGS_MAX) {
                        text_cut(out, before);
                        break;
                }
        }
        if (shown < flags->n)
                text_addf(out, " (and %zu more)", flags->n - shown);
}

static enum flag_words words_of(const struct refusal *r) {
        const struct operation *operation = r->request->operation;

        if (r->style->words == EXPLAIN_COMPOSE)
                return FLAG_COMPOSE;
        return operation && operation->yields & GROUP_SERVICE ? FLAG_TASK : FLAG_API;
}

void refusal_add_flags(struct text *out, struct refusal *r, const char *between) {
        size_t begin = out->n;
        bool other = r->style->words != EXPLAIN_FLAGS;

        if (!r->remedy.found || r->remedy.flags.n == 0)
                return;
        if (other && flags_add_words(out, &r->remedy.flags, words_of(r), between)) {
                if (out->n - begin <= WORDS_MAX)
                        return;
                text_cut(out, begin);
        }
        if (other)
                text_addf(out, "what docker %s says by ", words_of(r) == FLAG_TASK ? "service" : "run");
        add_shell(out, r);
}

/* "ReadOnly" of "TaskTemplate.ContainerSpec.ReadOnly" */
static struct str last_part(struct str key) {
        size_t dot = str_find_last(key, '.');

        return dot < key.n ? str_skip(key, dot + 1) : key;
}

/* Its name, once. */
static void add_flag_name(struct text *out, const struct refusal *r, size_t i, size_t *n) {
        const struct flags *flags = &r->remedy.flags;
        struct str name = flag_name(flags->items[i]), shown = name;

        if (!flag_may_stop(flags->items[i]))
                return;
        for (size_t k = 0; k < i; ++k)
                if (str_eq(flag_name(flags->items[k]), name))
                        return;
        if ((*n)++ >= CAUTIONED)
                return;
        if (r->style->words != EXPLAIN_FLAGS)
                shown = last_part(flag_key(flags->items[i], words_of(r)));
        text_addz(out, *n > 1 ? ", " : "");
        text_add_visible(out, shown.n ? shown : name, REFUSAL_NAME);
}

void refusal_add_caution(struct text *out, const struct refusal *r) {
        struct text names;
        size_t n = 0;
        char buffer[CAUTIONED * (REFUSAL_NAME + 8)];

        text_init_fixed(&names, buffer, sizeof(buffer));
        for (size_t i = 0; r->remedy.found && i < r->remedy.flags.n; ++i)
                add_flag_name(&names, r, i, &n);
        if (n == 0)
                return;
        text_addf(out, "May stop the program: %" STR_FMT "%s; try with docksill suggest --try",
                  STR_ARG(text_str(&names)), n > CAUTIONED ? ", …" : "");
}

/* Cut short the entries would be wrong, so without room for them their lists alone are named. */
static void add_lists(struct text *out, const struct explain_lists *lists, const struct allow_marks *marks) {
        text_addz(out, marks->head);
        for (size_t i = 0; i < lists->n; ++i) {
                text_addz(out, i ? marks->next : marks->first);
                explain_add_list(out, &lists->items[i]);
        }
        text_addz(out, lists->exempt.n ? marks->aside : "");
        explain_add_exempt(out, lists);
}

static void add_list_names(struct text *out, const struct explain_lists *lists,
                           const struct allow_marks *marks unused_) {
        text_addz(out, "an admin adds more than has room here to the list ");
        for (size_t i = 0; i < lists->n; ++i) {
                text_addz(out, i ? ", " : "");
                text_add(out, lists->items[i].name);
        }
        text_addz(out, ": docksill explain shows what");
}

/* One is enough to see why the others are not there either. */
static void add_unfit(struct text *out, const struct explain_lists *lists, const struct allow_marks *marks) {
        text_addz(out, lists->n ? marks->aside_too : "");
        text_addz(out, "\"");
        text_add_visible(out, lists->unfit.items[0].value, REFUSAL_NAME);
        text_addf(out, "\" can't be listed: %s", lists->unfit.items[0].why);
}

/* Adds what @add writes, or nothing of it where @room is short; returns what room is left. */
static size_t add_whole(struct text *out, const struct refusal *r,
                        void (*add)(struct text *out, const struct explain_lists *lists,
                                    const struct allow_marks *marks),
                        size_t room) {
        static const struct allow_marks line = { "an admin adds under override: ", "", " and ", " ", "; " },
                                        lines = { "an admin adds under override:", "\n  ", "\n  ", "  # ", "\n  # " };
        char buffer[EXPLAIN_MAX];
        struct text t;

        text_init_fixed(&t, buffer, room < sizeof(buffer) ? room : sizeof(buffer));
        add(&t, &r->lists, r->style->lines ? &lines : &line);
        if (t.failed)
                return room;
        text_add(out, text_str(&t));
        return room - t.n;
}

void refusal_add_allow(struct text *out, const struct refusal *r, size_t room) {
        size_t left = room;

        if (r->lists.n)
                left = add_whole(out, r, add_lists, room);
        if (r->lists.n && left == room)
                left = add_whole(out, r, add_list_names, room);
        if (r->lists.unfit.n)
                (void)add_whole(out, r, add_unfit, left);
}

void refusal_add_next(struct text *out, const struct refusal *r) {
        const struct step *next = r->d->next;

        if (!next)
                return;
        text_addf(out, "from %" STR_FMT " on, ", STR_ARG(next->day));
        limits_add_deny(out, &next->limits);
        text_addz(out, " (today: ");
        limits_add_deny(out, r->limits);
        text_add_char(out, ')');
}
