/*
 * Reading a regular expression for what it can't do without. A branch is a row of atoms; neighbouring atoms that are
 * one certain byte (or one of a few) make a run, and the longest run of the branch is what it needs. A group that must
 * take part needs what each of its branches needs.
 */
#include "literals.h"
#include "docksill/base/cleanup.h"

#define RUN_MOST   16 /* texts that a run may stand for: "gh[pousr]_" is five */
#define CLASS_MOST 8
#define DEPTH_MOST 20

/* What two looks at a place may cost, in the steps that regex.c counts: a table each, and at worst a compare. */
#define LITERAL_STEPS 24

struct set {
        struct literal items[LITERALS_MOST];
        size_t n; /* 0: nothing is needed */
};

struct scan {
        struct str rest;
        bool lost; /* something was met that is not understood */
};

struct atom {
        char bytes[CLASS_MOST];
        size_t n;          /* 0: no certain byte */
        struct set needed; /* of a group */
};

static void alternatives(struct scan *s, unsigned depth, struct set *out);

static size_t shortest(const struct set *set) {
        size_t n = set->n ? SIZE_MAX : 0;

        for (size_t i = 0; i < set->n; ++i)
                if (set->items[i].n < n)
                        n = set->items[i].n;
        return n;
}

/* Keeps what turns more texts away: longer literals, then fewer. */
static void keep_better(struct set *best, const struct set *other) {
        size_t a = shortest(best), b = shortest(other);

        if (b >= LITERAL_SHORT && (b > a || (b == a && other->n < best->n)))
                *best = *other;
}

/* The class at hand, after its bracket. More than a few certain bytes are as good as any byte. */
static void read_class(struct scan *s, struct atom *atom) {
        bool any = false, first = true;

        if (s->rest.n > 0 && s->rest.p[0] == '^') {
                any = true;
                s->rest = str_skip(s->rest, 1);
        }
        for (; s->rest.n > 0; first = false) {
                char c = s->rest.p[0];

                s->rest = str_skip(s->rest, 1);
                if (c == ']' && !first)
                        break;
                if (c == '[' && s->rest.n > 0 && s->rest.p[0] == ':') {
                        s->lost = true;
                        return;
                }
                if (c == '\\' && s->rest.n > 0) {
                        c = s->rest.p[0];
                        s->rest = str_skip(s->rest, 1);
                        any = any || ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
                }
                if (s->rest.n > 1 && s->rest.p[0] == '-' && s->rest.p[1] != ']')
                        any = true;
                if (atom->n == CLASS_MOST)
                        any = true;
                else
                        atom->bytes[atom->n++] = c;
        }
        if (any)
                atom->n = 0;
}

static void read_escape(struct scan *s, struct atom *atom) {
        char c;

        if (s->rest.n == 0) {
                s->lost = true;
                return;
        }
        c = s->rest.p[0];
        s->rest = str_skip(s->rest, 1);
        if (strchr("bBdDsSwWhHvVRAzZGnrtfae", c))
                return; /* any byte of a kind, or none: ends a run */
        if (ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'))
                s->lost = true;
        else
                atom->bytes[atom->n++] = c;
}

/* A look-around takes no byte, so that what it wants is not counted: one that forbids names what must not be there. */
static bool skip_look_around(struct scan *s) {
        static const struct str starts[] = { STR("?="), STR("?!"), STR("?<="), STR("?<!") };

        for (size_t i = 0; i < ARRAY_SIZE(starts); ++i)
                if (str_starts(s->rest, starts[i])) {
                        s->rest = str_skip(s->rest, starts[i].n);
                        return true;
                }
        return false;
}

static void read_group(struct scan *s, unsigned depth, struct atom *atom) {
        bool beside = skip_look_around(s);

        if (!beside && str_starts(s->rest, STR_C("?:")))
                s->rest = str_skip(s->rest, 2);
        else if (s->rest.n > 0 && (s->rest.p[0] == '?' || s->rest.p[0] == '*'))
                s->lost = true; /* options, names, verbs */
        if (s->lost || depth >= DEPTH_MOST) {
                s->lost = true;
                return;
        }
        alternatives(s, depth + 1, &atom->needed);
        if (beside)
                atom->needed.n = 0;
        if (s->rest.n == 0 || s->rest.p[0] != ')')
                s->lost = true;
        s->rest = str_skip(s->rest, 1);
}

static void read_atom(struct scan *s, unsigned depth, struct atom *atom) {
        char c = s->rest.p[0];

        *atom = (struct atom){ 0 };
        s->rest = str_skip(s->rest, 1);
        switch (c) {
        case '(': read_group(s, depth, atom); break;
        case '[': read_class(s, atom); break;
        case '\\': read_escape(s, atom); break;
        case '.':
        case '^':
        case '$': break;
        case '*':
        case '+':
        case '?': s->lost = true; break;
        default:
                if ((unsigned char)c >= 0x80)
                        s->lost = true;
                atom->bytes[atom->n++] = c;
        }
}

/* {n}, {n,}, {n,m}: its lowest count; -1 when the brace is an ordinary one. */
static int64_t read_count(struct scan *s, bool *exact) {
        struct str inner = str_first(s->rest, str_find(s->rest, '}')), low;
        int64_t n, m;

        if (inner.n == s->rest.n)
                return -1;
        *exact = str_find(inner, ',') == inner.n;
        low = str_first(inner, str_find(inner, ','));
        if (low.n < 2 || str_int(str_skip(low, 1), &n) < 0 || !ascii_digit(low.p[1]))
                return -1;
        if (!*exact && inner.n > low.n + 1 && str_int(str_skip(inner, low.n + 1), &m) < 0)
                return -1;
        s->rest = str_skip(s->rest, inner.n + 1);
        return n;
}

/* How often the atom before must occur; @exact: that often and no more. */
static int64_t read_quantifier(struct scan *s, bool *exact) {
        int64_t least = 1;

        *exact = true;
        if (s->rest.n == 0)
                return 1;
        switch (s->rest.p[0]) {
        case '*':
        case '?': least = 0; break;
        case '+': break;
        case '{':
                least = read_count(s, exact);
                if (least < 0) {
                        *exact = true;
                        return 1;
                }
                goto lazy;
        default: return 1;
        }
        *exact = false;
        s->rest = str_skip(s->rest, 1);
lazy:
        if (s->rest.n > 0 && (s->rest.p[0] == '?' || s->rest.p[0] == '+'))
                s->rest = str_skip(s->rest, 1);
        return least;
}

static void end_run(struct set *run, struct set *best) {
        keep_better(best, run);
        *run = (struct set){ .n = 1 };
}

static void extend_run(struct set *run, const struct atom *atom, struct set *best) {
        struct set longer = { .n = 0 };

        if (run->n * atom->n > RUN_MOST || run->items[0].n == LITERAL_LONG)
                end_run(run, best);
        for (size_t i = 0; i < run->n; ++i)
                for (size_t j = 0; j < atom->n; ++j) {
                        struct literal *l = &longer.items[longer.n++];

                        *l = run->items[i];
                        l->p[l->n++] = atom->bytes[j];
                }
        *run = longer;
}

/* One row of atoms, up to | or ) or the end. */
static void branch(struct scan *s, unsigned depth, struct set *best) {
        struct set run = { .n = 1 };

        *best = (struct set){ 0 };
        while (s->rest.n > 0 && s->rest.p[0] != '|' && s->rest.p[0] != ')' && !s->lost) {
                struct atom atom;
                int64_t least;
                bool exact;

                read_atom(s, depth, &atom);
                least = read_quantifier(s, &exact);
                if (least > 0 && atom.n > 0)
                        extend_run(&run, &atom, best);
                if (least != 1 || !exact || atom.n == 0)
                        end_run(&run, best);
                if (least > 0)
                        keep_better(best, &atom.needed);
        }
        end_run(&run, best);
}

static void alternatives(struct scan *s, unsigned depth, struct set *out) {
        bool all = true;

        *out = (struct set){ 0 };
        for (;;) {
                struct set one;

                branch(s, depth, &one);
                all = all && one.n > 0 && out->n + one.n <= LITERALS_MOST;
                for (size_t i = 0; all && i < one.n; ++i)
                        out->items[out->n++] = one.items[i];
                if (s->rest.n == 0 || s->rest.p[0] != '|' || s->lost)
                        break;
                s->rest = str_skip(s->rest, 1);
        }
        if (!all)
                out->n = 0;
}

static unsigned pair_of(const char *p) {
        return (unsigned)(p[0] & 0x7f) << 7 | (unsigned)(p[1] & 0x7f);
}

static void add_pair(struct literals *out, char a, char b) {
        unsigned pair = pair_of((char[]){ a, b });

        out->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
}

static void add_row(struct literals *out, size_t i) {
        const char *p = out->items[i].p;

        for (size_t k = 0; k < LITERAL_SHORT; ++k) {
                out->rows[k][(unsigned char)p[k]] |= (uint16_t)(1u << i % 16);
                if (out->fold)
                        out->rows[k][(unsigned char)ascii_upper(p[k])] |= (uint16_t)(1u << i % 16);
        }
        for (size_t k = 0; k + 1 < LITERAL_SHORT; ++k) {
                add_pair(out, p[k], p[k + 1]);
                if (!out->fold)
                        continue;
                add_pair(out, ascii_upper(p[k]), p[k + 1]);
                add_pair(out, p[k], ascii_upper(p[k + 1]));
                add_pair(out, ascii_upper(p[k]), ascii_upper(p[k + 1]));
        }
}

bool literals_find(struct str pattern, struct literals *out) {
        struct scan s = { .rest = pattern };
        struct set set;

        *out = (struct literals){ .fold = str_starts(pattern, STR_C("(?i)")) };
        if (out->fold)
                s.rest = str_skip(s.rest, 4);
        alternatives(&s, 0, &set);
        if (s.lost || s.rest.n > 0 || set.n == 0)
                return false;

        for (size_t i = 0; i < set.n; ++i) {
                out->items[i] = set.items[i];
                for (size_t k = 0; out->fold && k < set.items[i].n; ++k)
                        out->items[i].p[k] = ascii_lower(set.items[i].p[k]);
        }
        out->n = set.n;
        for (size_t i = 0; i < out->n; ++i)
                add_row(out, i);
        return true;
}

static bool stands_at(const struct literals *l, struct str text, unsigned bits) {
        for (size_t i = 0; i < l->n; ++i) {
                struct str literal = { l->items[i].p, l->items[i].n };

                if (!(bits >> i % 16 & 1) || literal.n > text.n)
                        continue;
                if (l->fold ? str_eq_fold(str_first(text, literal.n), literal) : str_starts(text, literal))
                        return true;
        }
        return false;
}

static bool begins_at(const struct literals *l, struct str text, size_t i) {
        const unsigned char *p = (const unsigned char *)text.p + i;
        unsigned bits;

        if (text.n - i < LITERAL_SHORT)
                return false;
        bits = l->rows[0][p[0]] & l->rows[1][p[1]] & l->rows[2][p[2]];
        return bits && stands_at(l, str_skip(text, i), bits);
}

static inline unsigned is_pair(const struct literals *l, const char *p) {
        unsigned pair = pair_of(p);

        return (unsigned)(l->pairs[pair / 64] >> pair % 64) & 1;
}

/* Of three bytes in a row two stand at an even place and the one behind it, so that every other place is enough to look
 * at: a literal begins there, or the byte before. */
bool literals_in(const struct literals *l, struct str text, int64_t *left) {
        for (size_t i = 0; i + 2 <= text.n; i += 2) {
                while (i + 8 <= text.n && !(is_pair(l, text.p + i) | is_pair(l, text.p + i + 2) |
                                            is_pair(l, text.p + i + 4) | is_pair(l, text.p + i + 6)))
                        i += 8;
                if (i + 2 > text.n)
                        break;
                if (!is_pair(l, text.p + i))
                        continue;
                *left -= LITERAL_STEPS;
                if (*left < 0 || begins_at(l, text, i) || (i > 0 && begins_at(l, text, i - 1)))
                        return true;
        }
        return false;
}
