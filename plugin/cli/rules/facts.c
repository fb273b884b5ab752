/*
 * Printed from the facts table alone: a fact that is not shown here does not exist.
 */
#include "docksill/engine/facts.h"
#include "docksill/base/diag.h"
#include "frame/output.h"
#include "frame/table.h"

#define FACTS_MEMORY (8u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_FORMAT,
        { NULL },
};

/* An enum's values are often the best half of its documentation; where it does not name them, they are added. */
static void add_meaning(struct table *t, const struct fact *f) {
        struct str doc = str_from(f->doc);
        struct text meaning;

        text_init_arena(&meaning, t->arena);
        text_add(&meaning, doc);
        for (size_t i = 0; f->values && f->values[i] && str_find(doc, '|') == doc.n; ++i)
                text_addf(&meaning, "%s%s", i ? " | " : ": ", f->values[i]);
        table_add(t, text_str(&meaning));
}

/* @list: whose element's row it is; NULL: a fact itself. */
static void add_row(struct table *t, const struct fact *f, const struct fact *list) {
        if (list)
                table_addf(t, "  %" STR_FMT "[].%" STR_FMT, STR_ARG(list->name), STR_ARG(f->name));
        else
                table_add(t, f->name);
        table_addf(t, "%s%s%s", fact_type_name(f->type), f->confidential ? ", confidential" : "",
                   f->bound ? ", bound" : "");
        table_add(t, str_from(f->standard));
        table_add(t, str_from(f->off));
        table_add(t, str_from(f->from));
        add_meaning(t, f);
}

/* What is asked for: facts whose names begin so; or of a list's elements the members that do; or what has the word. */
struct asked {
        struct str fact, member;
        bool of_element; /* .fact is the whole name of the list, or what a rule calls its element */
        bool anywhere;   /* .fact is a word, in the name or the meaning */
};

static bool has_word(const struct fact *f, struct str word) {
        return str_search(f->name, word) < f->name.n || str_search(str_from(f->doc), word) < strlen(f->doc);
}

/* "mounts[].engine" as it is printed here, or "mount.engine" as rules print it. */
static struct asked asked_new(struct str prefix) {
        size_t brackets = str_search(prefix, STR_C("[]")), dot = str_find_last(prefix, '.');
        struct asked asked = { .fact = prefix };

        for (size_t i = 0; i < fact_table_n; ++i)
                if (str_starts(fact_table[i].name, prefix))
                        return asked;
        if (brackets < prefix.n)
                return (struct asked){ str_first(prefix, brackets), str_skip(prefix, brackets + 3), true };
        if (dot < prefix.n)
                return (struct asked){ str_first(prefix, dot), str_skip(prefix, dot + 1), true };
        return asked;
}

/* A rule that walks container.ports or log_options mostly says "port" or "option" for one of them. */
static bool is_element_of(struct str name, const struct fact *list) {
        struct str last = str_skip(list->name, str_find_last(list->name, '.') + 1), one = str_first(last, last.n - 1);

        if (list->name.n == 0 || !list->element)
                return false;
        if (str_find_last(list->name, '.') == list->name.n)
                one = str_first(list->name, list->name.n - 1);
        return str_eq(name, list->name) || str_eq(name, one) ||
               (str_ends(one, name) && one.n > name.n && one.p[one.n - name.n - 1] == '_');
}

static bool shows_member(const struct asked *asked, const struct fact *member) {
        if (asked->anywhere)
                return has_word(member, asked->fact);
        return !asked->of_element || str_starts(member->name, asked->member);
}

static bool shows(const struct asked *asked, const struct fact *f) {
        if (!asked->of_element && !asked->anywhere)
                return str_starts(f->name, asked->fact);
        if (asked->anywhere && has_word(f, asked->fact))
                return true;
        for (const struct fact *e = asked->anywhere ? f->element : NULL; e && e->name.n; ++e)
                if (has_word(e, asked->fact))
                        return true;
        if (asked->anywhere)
                return false;
        for (const struct fact *e = is_element_of(asked->fact, f) ? f->element : NULL; e && e->name.n; ++e)
                if (shows_member(asked, e))
                        return true;
        return false;
}

static bool any_shown(const struct asked *asked) {
        for (size_t i = 0; i < fact_table_n; ++i)
                if (shows(asked, &fact_table[i]))
                        return true;
        return false;
}

static int print_text(const struct command *command, const struct asked *asked) {
        static const char *const titles[] = { "FACT", "TYPE", "DEFAULT", "WHEN OFF", "FROM", "MEANING" };
        cleanup_(text_deinit) struct text out;
        cleanup_(arena_deinit) struct arena arena;
        struct table t;

        arena_init(&arena, FACTS_MEMORY);
        table_init(&t, &arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *f = &fact_table[i];

                if (!shows(asked, f))
                        continue;
                add_row(&t, f, NULL);
                for (const struct fact *e = f->element; e && e->name.n; ++e)
                        if (shows_member(asked, e))
                                add_row(&t, e, f);
        }
        text_init(&out);
        table_render(&t, &out);
        return output_text(command, &out);
}

static json_t *optional(const char *text) {
        return text ? json_string(text) : json_null();
}

static json_t *values_json(const struct fact *f) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && f->values && f->values[i]; ++i)
                if (json_array_append_new(list, json_string(f->values[i])) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *row_json(const struct fact *f) {
        return json_pack("{s:s%, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:o}", "name", f->name.p, f->name.n, "type",
                         fact_type_name(f->type), "values", values_json(f), "from", optional(f->from), "default",
                         optional(f->standard), "off", optional(f->off), "confidential", f->confidential, "bound",
                         f->bound, "doc", optional(f->doc));
}

static json_t *fact_json(const struct fact *f, const struct asked *asked) {
        json_auto_t *row = row_json(f), *elements = json_array();

        for (const struct fact *e = f->element; elements && e && e->name.n; ++e)
                if (shows_member(asked, e) && json_array_append_new(elements, row_json(e)) < 0)
                        return NULL;
        if (!row || (f->element && json_object_set(row, "elements", elements) < 0))
                return NULL;
        return TAKE(row);
}

static json_t *facts_json(const struct asked *asked) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < fact_table_n; ++i) {
                if (shows(asked, &fact_table[i]) && json_array_append_new(list, fact_json(&fact_table[i], asked)) < 0)
                        return NULL;
        }
        return list ? json_pack("{s:s, s:O}", "schema", "docksill.facts/1", "facts", list) : NULL;
}

static int no_such(const struct command *command, struct str prefix) {
        struct nearest nearest;

        nearest_init(&nearest, prefix);
        for (size_t i = 0; i < fact_table_n; ++i)
                nearest_offer(&nearest, fact_table[i].name);
        return command_misnamed(command, "fact has", "", &nearest);
}

static int run(const struct invocation *in) {
        struct str prefix = in->n ? str_from(in->arguments[0]) : STR_C("");
        struct asked asked = asked_new(prefix);

        if (!any_shown(&asked))
                asked = (struct asked){ .fact = prefix, .anywhere = true };
        if (!any_shown(&asked))
                return no_such(in->command, prefix);
        return in->json ? output_json(in->command, facts_json(&asked)) : print_text(in->command, &asked);
}

static const struct command command_list = {
        .name = "facts list",
        .arguments = "[WORD]",
        .most = 1,
        .takes = "one word at most",
        .doc = "List the facts that a rule can test.\n"
               "With WORD, only facts whose names begin with it, such as container.sec. If there are none: facts "
               "with WORD in their\n"
               "name or meaning. The members of a list's elements are listed below it; ask for one as "
               "mounts[].engine, or as\n"
               "mount.engine as in a rule.\n"
               "The caller can't choose facts marked \"bound\"; an exemption must test one of them.",
        .options = options,
        .run = run,
};

const struct command command_facts = {
        .name = "facts",
        .doc = "List the facts that rules can test.",
        .commands = (const struct command *const[]){ &command_list, NULL },
};
