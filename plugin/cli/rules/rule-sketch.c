#include "rule-sketch.h"

#include <string.h>

/* -- bodies -- */

/* "HostConfig.Memory" of "HostConfig.Memory, ?memory="; empty: it is no member of a body. */
static struct str member_of(const struct fact *fact) {
        struct str rest = str_from(fact->from), member = str_cut(&rest, ',');

        for (size_t i = 0; i < member.n; ++i)
                if (!(ascii_lower(member.p[i]) >= 'a' && ascii_lower(member.p[i]) <= 'z') && member.p[i] != '.')
                        return (struct str){ 0 };
        return member;
}

static bool is_number(const struct fact *fact) {
        return fact->type == FACT_INT || fact->type == FACT_BYTES || fact->type == FACT_DURATION;
}

static bool is_set(const struct fact *fact) {
        return fact_item_type(fact->type) != FACT_TYPES;
}

static void add_value(struct text *out, const struct fact *fact, struct str value, int64_t beside) {
        int64_t n;

        if (is_number(fact) && str_int(value, &n) == 0) {
                text_add_int(out, n + beside);
                return;
        }
        if (fact->type == FACT_BOOL) {
                text_addz(out, str_eqz(value, "true") == (beside == 0) ? "true" : "false");
                return;
        }
        text_addz(out, is_set(fact) ? "[" : "");
        text_add_json(out, value);
        text_addz(out, is_set(fact) ? "]" : "");
}

/* {HostConfig: {Memory: VALUE}} */
static struct str body_of(const struct rule_sketch *s, int64_t beside, struct arena *arena) {
        struct str member = member_of(s->fact);
        unsigned depth = 0;
        struct text t;

        text_init_arena(&t, arena);
        text_addz(&t, "{Image: a");
        while (member.n) {
                struct str part = str_cut(&member, '.');

                text_addf(&t, "%s%" STR_FMT ": ", depth ? "{" : ", ", STR_ARG(part));
                ++depth;
        }
        add_value(&t, s->fact, s->value, beside);
        for (unsigned i = 1; i < depth; ++i)
                text_add_char(&t, '}');
        text_add_char(&t, '}');
        return t.failed ? (struct str){ 0 } : text_str(&t);
}

/* What to add to the value so that the operator holds for it, and so that it just does not. */
static bool neighbours(const struct rule_sketch *s, int64_t *firing, int64_t *quiet) {
        static const struct {
                const char *operator;
                int64_t firing, quiet;
        } rows[] = { { "eq", 0, 1 },  { "gt", 1, 0 }, { "ge", 0, -1 },
                     { "lt", -1, 0 }, { "le", 0, 1 }, { "contains", 0, 1 } };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (str_eqz(s->operator, rows[i].operator)) {
                        *firing = rows[i].firing;
                        *quiet = rows[i].quiet;
                        return true;
                }
        return false;
}

bool rule_sketch_bodies(struct rule_sketch *s, struct arena *arena) {
        int64_t firing, quiet;

        if (s->firing.n && s->quiet.n)
                return true;
        if (!s->fact || !neighbours(s, &firing, &quiet) || member_of(s->fact).n == 0 ||
            !str_eqz(s->operation, "container.create"))
                return false;
        if (!s->firing.n)
                s->firing = body_of(s, firing, arena);
        if (!s->quiet.n)
                s->quiet = is_number(s->fact) || s->fact->type == FACT_BOOL ? body_of(s, quiet, arena)
                                                                            : STR_C("{Image: a}");
        return s->firing.n && s->quiet.n;
}

/* -- the file -- */

static void add_condition(struct text *out, const struct rule_sketch *s) {
        bool raw = s->value.n && (s->value.p[0] == '[' || s->value.p[0] == '$');
        int64_t n;

        if (!s->fact) {
                text_add(out, s->when);
                return;
        }
        text_addf(out, "{%" STR_FMT ": ", STR_ARG(s->fact->name));
        if (!str_eqz(s->operator, "eq"))
                text_addf(out, "{%" STR_FMT ": ", STR_ARG(s->operator));
        if (raw || s->fact->type == FACT_BOOL || (is_number(s->fact) && str_int(s->value, &n) == 0))
                text_add(out, s->value);
        else
                text_add_json(out, s->value);
        text_addz(out, str_eqz(s->operator, "eq") ? "}" : "}}");
}

static void add_text(struct text *out, const char *key, struct str value) {
        text_addf(out, "    %s: ", key);
        text_add_json(out, value);
        text_add_char(out, '\n');
}

/* Of a fact that must not be shown, or has no value of its own, its name alone. */
static void add_message(struct text *out, const struct rule_sketch *s) {
        if (s->message.n) {
                add_text(out, "message", s->message);
                return;
        }
        if (!s->fact || s->fact->confidential || s->fact->type == FACT_LIST)
                text_addf(out, "    message: \"is what rule %" STR_FMT " is about\"\n", STR_ARG(s->id));
        else
                text_addf(out, "    message: \"%" STR_FMT " is {%" STR_FMT "}\"\n", STR_ARG(s->fact->name),
                          STR_ARG(s->fact->name));
}

/* "no-big-memory" is "No big memory". */
static void add_title(struct text *out, const struct rule_sketch *s) {
        text_addz(out, "    title: \"");
        for (size_t i = 0; i < s->id.n; ++i) {
                char c = s->id.p[i] == '-' ? ' ' : s->id.p[i];

                text_add_char(out, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        }
        text_addz(out, "\"\n");
}

static void add_test(struct text *out, const char *name, const struct rule_sketch *s, struct str body,
                     struct str expect) {
        text_addf(out,
                  "      - name: %s\n        operation: %" STR_FMT "\n        body: %" STR_FMT
                  "\n        expect: %" STR_FMT "\n",
                  name, STR_ARG(s->operation), STR_ARG(body), STR_ARG(expect));
}

void rule_sketch_add(struct text *out, const struct rule_sketch *s) {
        text_addz(out, "# yaml-language-server: $schema=" DOCKSILL_RULES "/schema/rules.json\ndocksill: v1\nkind: "
                       "rules\n\nrules:\n");
        text_addf(out, "  - id: %" STR_FMT "    # permanent: records and exemptions name it\n", STR_ARG(s->id));
        if (s->title.n)
                add_text(out, "title", s->title);
        else
                add_title(out, s);
        text_addz(out, "    when: ");
        add_condition(out, s);
        text_addf(out, "\n    severity: %" STR_FMT "    # info 0 points, low 3, medium 10, high 40, critical 100\n",
                  STR_ARG(s->severity));
        add_message(out, s);
        text_addz(out, "    fix:\n      cli: ");
        text_add_json(out, s->fix.n ? s->fix : STR_C("TO BE WRITTEN: what to do instead"));
        text_addz(out, "\n      flags: []    # of docker run, that lift the finding\n");
        add_text(out, "why", s->why.n ? s->why : STR_C("TO BE WRITTEN: what somebody gains by it"));
        text_addf(out, "    references: {site: [%" STR_FMT "]}\n    tests:\n", STR_ARG(s->id));
        add_test(out, "fires", s, s->firing, s->severity);
        add_test(out, "just does not", s, s->quiet, STR_C("none"));
}
