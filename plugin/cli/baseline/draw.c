#include "draw.h"
#include "docksill/base/text.h"
#include <time.h>

#define NAME_SHOWN  80
#define NAMES_SHOWN 10
#define ID_DIGITS   12
#define ID_MOST     63

static void add_today(struct text *out) {
        draft_add_day(out, 0);
}

/* -- the environment -- */

void draw_environment(struct text *out, const struct draw *draw, const struct plan *p) {
        text_addz(out, "# What the containers of this host use of it, as of ");
        add_today(out);
        text_addf(out, ": written by `docksill baseline` from %zu container%s of\n# ", draw->containers->n,
                  draw->containers->n == 1 ? "" : "s");
        text_add_visible(out, draw->source, 200);
        text_addz(
                out,
                ".\n#\n# Each item stands for itself alone, but a host path lets in what is below it. A list lets its "
                "items in for every image: take\n# out what only one needs, and leave that to the exemptions "
                "beside this file. What refuses a thing whatever is listed still does.\n"
                "# yaml-language-server: $schema=" DOCKSILL_RULES
                "/schema/environment.json\ndocksill: v1\nkind: environment\nname: ");
        text_add(out, draw->name);
        text_addz(out, "\nextends: ");
        text_add_yaml(out, draw->extends);
        text_addz(out, p->lists.n ? "\noverride:\n" : "\n");
        for (size_t i = 0; i < p->lists.n; ++i) {
                const struct explain_list *list = &p->lists.items[i];

                text_addf(out, "  - list: %" STR_FMT "\n    append:\n", STR_ARG(list->name));
                for (size_t k = 0; k < list->n; ++k) {
                        text_addz(out, "      - ");
                        text_add_yaml(out, list->items[k]);
                        text_add_char(out, '\n');
                }
        }
}

/* -- exemptions -- */

static const char head[] =
        "#\n"
        "# It lets through what runs today and would be refused, and nothing worse:\n"
        "#   - match is the image's content: the id of what its name leads to, which is looked up (lookups.docker in "
        "the configuration).\n"
        "#     What a hard rule refuses hangs on the id or digest in the request itself, or on one container.\n"
        "#   - of a container that is refused all that counts is lifted, with its very values under only:. So each "
        "thing more is found anew.\n"
        "#   - up-to: nothing worse than it is today. remaining-points: as soon as anything else costs something, none "
        "of this holds.\n"
        "#   - containers of one image share what stands here for it, whatever command, variables or named volumes "
        "they "
        "run with.\n"
        "#\n"
        "# Owner and reason are for a person to fill in; `docksill check` warns while they are not. Take out what is "
        "mended;\n"
        "# `docksill baseline --shrink RECORDS FILE` takes out what no decision used.\n";

static void add_head(struct text *out, const struct draw *draw) {
        text_addz(out, "# From today on until ");
        text_add(out, draw->day);
        text_addz(out, ": written by `docksill baseline` on ");
        add_today(out);
        text_addf(out, " from %zu container%s of\n# ", draw->containers->n, draw->containers->n == 1 ? "" : "s");
        text_add_visible(out, draw->source, 200);
        text_addz(out, ".\n");
        text_addz(out, head);
        drafts_begin(out);
}

static struct str short_id(struct str id) {
        return str_first(str_starts(id, STR_C("sha256:")) ? str_skip(id, 7) : id, ID_DIGITS);
}

/* "  # nginx:1.25: web, api" */
static void add_names(struct text *out, const struct draw *draw, const struct plan_image *image) {
        size_t n = 0;

        for (size_t i = 0; i < draw->containers->n; ++i) {
                const struct container *c = &draw->containers->items[i];

                if (!str_eq(c->image_id, image->id))
                        continue;
                if (n == 0) {
                        text_addz(out, "\n  # ");
                        text_add_visible(out, c->image, NAME_SHOWN);
                }
                if (n < NAMES_SHOWN) {
                        text_addz(out, n ? ", " : ": ");
                        text_add_visible(out, c->name, NAME_SHOWN);
                }
                ++n;
        }
        if (n > NAMES_SHOWN)
                text_addf(out, " and %zu more", n - NAMES_SHOWN);
        text_add_char(out, '\n');
}

static bool is_whole(const struct plan_entry *e) {
        return e->whole && !e->container.n;
}

/* Of a rule's name, or of a severity for rules that are lifted as a whole. */
static struct str id_of(struct plan *p, const struct plan_entry *e, struct str what) {
        bool one = e->container.n;
        struct text t;

        text_init_arena(&t, p->arena);
        text_addf(&t, "baseline-%s%" STR_FMT "-", one ? "c" : "", STR_ARG(short_id(one ? e->container : e->image)));
        text_add(&t, what);
        text_addz(&t, e->hard && !one ? "-hard" : is_whole(e) && !e->made ? "-start" : "");
        if (t.n > ID_MOST) {
                text_cut(&t, ID_MOST - 6);
                text_addf(&t, "-%zu", (size_t)(e - p->entries.items) % 10000);
        }
        return text_str(&t);
}

static void add_pair(struct text *t, const char *key, struct str value) {
        text_addz(t, key);
        text_add_yaml(t, value);
}

/* What is hard is lifted for what the request itself names; else what the engine finds behind a name is enough. */
static void add_match(struct text *t, const struct plan_image *image, const struct plan_entry *e) {
        if (e->container.n) {
                add_pair(t, "target.id: ", e->container);
        } else if (!e->hard) {
                add_pair(t, "image.found.id: ", image->id);
        } else if (image->digest.n == 0) {
                add_pair(t, "image.id: ", image->id);
        } else {
                add_pair(t, "any: [{image.digest: ", image->digest);
                add_pair(t, "}, {image.id: ", image->id);
                text_addz(t, "}]");
        }
        if (e->hard && !e->container.n)
                text_addz(t, ", image.as_built: true");
        /* Who enters it later is nobody that runs today. */
        if (!e->made)
                text_addz(t, ", request.operation: {in: [container.start, container.restart]}");
}

static unsigned lines_of(const struct text *t) {
        unsigned n = 1;

        for (size_t i = 0; i < t->n; ++i)
                n += t->p[i] == '\n';
        return n;
}

/* Those that are lifted as a whole, up to the same severity, are one. */
static bool is_with(const struct plan_entry *e, const struct plan_entry *first) {
        if (e == first)
                return true;
        return is_whole(first) && is_whole(e) && !e->dead && e->made == first->made && str_eq(e->image, first->image) &&
               e->up_to == first->up_to;
}

static void add_entry(struct text *out, const struct draw *draw, struct plan *p, const struct plan_image *image,
                      struct plan_entry *first) {
        struct plan_entry *end = p->entries.items + p->entries.n;
        struct str *rules = ARENA_ARRAY(p->arena, struct str, p->entries.n);
        struct draft d = {
                .id = id_of(p, first, is_whole(first) ? severity_name(first->up_to) : first->rule),
                .rules = rules,
                .only = is_whole(first) ? NULL : &first->only,
                .up_to = first->up_to,
                .bounded = p->bounded,
                .remaining_points = image->remaining,
                .owner = draw->owner,
                .reason = draw->reason,
                .day = draw->day,
        };
        unsigned line = lines_of(out);
        struct text match;

        text_init_arena(&match, p->arena);
        add_match(&match, image, first);
        d.match = text_str(&match);
        for (struct plan_entry *e = first; rules && e < end; ++e)
                if (is_with(e, first))
                        rules[d.n_rules++] = e->rule;
        draft_add(out, &d);
        for (struct plan_entry *e = first; e < end; ++e)
                if (is_with(e, first)) {
                        e->id = d.id;
                        e->first_line = line;
                        e->last_line = lines_of(out) - 1;
                }
        out->failed = out->failed || !rules || match.failed || !d.id.p;
}

/* Is it told with one before it? */
static bool is_told(const struct plan *p, const struct plan_entry *e) {
        for (const struct plan_entry *before = p->entries.items; before < e; ++before)
                if (!before->dead && is_with(e, before))
                        return true;
        return false;
}

void draw_exemptions(struct text *out, const struct draw *draw, struct plan *p) {
        add_head(out, draw);
        for (size_t i = 0; i < p->images.n; ++i) {
                bool named = false;

                for (size_t k = 0; k < p->entries.n; ++k) {
                        struct plan_entry *e = &p->entries.items[k];

                        if (e->dead || !str_eq(e->image, p->images.items[i].id) || is_told(p, e))
                                continue;
                        if (!named)
                                add_names(out, draw, &p->images.items[i]);
                        named = true;
                        add_entry(out, draw, p, &p->images.items[i], e);
                }
        }
}
