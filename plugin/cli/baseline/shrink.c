/*
 * A file that people edit is changed by lines, so that their comments and their order stay. What does not stand on
 * lines of its own (two exemptions on one line) is kept.
 */
#include "shrink.h"
#include "baseline-files.h"
#include "docksill/base/file.h"
#include "docksill/rules/yaml.h"
#include "exemption/use.h"
#include "frame/output.h"
#include "frame/terminal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define SHRINK_MEMORY ((size_t)64 << 20)

struct line {
        struct str text; /* without its end */
        bool gone;
};

struct shrink {
        const struct invocation *in;
        struct arena *arena;
        const char *path;
        const struct yaml_node *root;
        struct {
                struct line *items;
                size_t n, capacity;
        } lines;
        struct use use;
        struct text told; /* what goes, a line each */
        size_t dropped, kept, unsure;
};

/* -- lines -- */

static bool split(struct shrink *s, struct str text) {
        while (text.p && text.n) {
                struct line *slot = ARENA_PUSH(s->arena, &s->lines);

                if (!slot)
                        return false;
                slot->text = str_cut(&text, '\n');
        }
        return true;
}

static struct line *line_at(struct shrink *s, unsigned line) {
        return line >= 1 && line <= s->lines.n ? &s->lines.items[line - 1] : NULL;
}

static bool is_remark(struct str line) {
        line = str_trim(line);
        return line.n == 0 || line.p[0] == '#';
}

/* From the dash of @item to what comes next: the last line that says something. */
static unsigned last_line(const struct shrink *s, const struct yaml_node *list, size_t i, unsigned end) {
        unsigned line = i + 1 < list->n ? list->items[i + 1]->at.line - 1 : end;

        while (line > list->items[i]->at.line && is_remark(s->lines.items[line - 1].text))
                --line;
        return line;
}

/* Does the item begin its line, behind a dash? */
static bool is_alone(const struct shrink *s, const struct yaml_node *list, size_t i) {
        const struct yaml_node *item = list->items[i];
        struct str before = str_first(s->lines.items[item->at.line - 1].text, item->at.column - 1);

        return str_eqz(str_trim(before), "-") && (i + 1 == list->n || list->items[i + 1]->at.line > item->at.line);
}

static void drop_lines(struct shrink *s, unsigned from, unsigned to) {
        for (unsigned l = from; l <= to; ++l)
                if (line_at(s, l))
                        line_at(s, l)->gone = true;
}

static void tell(struct shrink *s, struct str what, struct str of) {
        text_addz(&s->told, "  ");
        text_add_visible(&s->told, what, 200);
        if (of.n) {
                text_addz(&s->told, ": ");
                text_add_visible(&s->told, of, 200);
        }
        text_add_char(&s->told, '\n');
        ++s->dropped;
}

/* -- exemptions -- */

static struct str text_of(const struct yaml_node *map, const char *key) {
        const struct yaml_node *node = map->kind == NODE_MAP ? yaml_get(map, key) : NULL;

        return node && node->kind == NODE_SCALAR ? node->text : (struct str){ 0 };
}

/* "rules: [a, b]" on a line of its own, without those of which none was lifted. */
static void drop_rules(struct shrink *s, struct str id, const struct yaml_node *rules) {
        struct line *line = line_at(s, rules->at.line);
        struct str before = line ? str_first(line->text, rules->at.column - 1) : (struct str){ 0 };
        size_t used = 0;
        struct text t;

        if (!line || !str_eqz(str_trim(before), "rules:") || !str_ends(str_trim(line->text), STR_C("]")))
                return;
        text_init_arena(&t, s->arena);
        text_add(&t, before);
        text_add_char(&t, '[');
        for (size_t i = 0; i < rules->n; ++i) {
                if (use_count(&s->use, id, rules->items[i]->text) == 0)
                        continue;
                text_addz(&t, used++ ? ", " : "");
                text_add(&t, rules->items[i]->text);
        }
        text_add_char(&t, ']');
        if (t.failed || used == 0)
                return;
        for (size_t i = 0; i < rules->n; ++i)
                if (use_count(&s->use, id, rules->items[i]->text) == 0)
                        tell(s, id, rules->items[i]->text);
        line->text = text_str(&t);
}

static void shrink_exemptions(struct shrink *s, const struct yaml_node *list) {
        size_t gone = 0;

        for (size_t i = 0; i < list->n; ++i) {
                struct str id = text_of(list->items[i], "id");
                const struct yaml_node *rules =
                        list->items[i]->kind == NODE_MAP ? yaml_get(list->items[i], "rules") : NULL;
                bool used = use_count(&s->use, id, (struct str){ 0 }) > 0;

                if (used && rules && rules->kind == NODE_SEQUENCE && rules->n > 1)
                        drop_rules(s, id, rules);
                if (used || id.n == 0 || !is_alone(s, list, i)) {
                        ++s->kept;
                        continue;
                }
                tell(s, id, (struct str){ 0 });
                drop_lines(s, list->items[i]->at.line, last_line(s, list, i, (unsigned)s->lines.n));
                ++gone;
        }
        if (gone && gone == list->n)
                for (size_t i = 0; i < s->lines.n; ++i)
                        if (str_eqz(str_trim(s->lines.items[i].text), "exemptions:"))
                                s->lines.items[i].text = STR_C("exemptions: []");
}

/* -- lists -- */

/* Those of which each item in use shows in some rule's evidence. */
static bool shows(struct str list) {
        return str_eqz(list, "allowed-host-paths") || str_eqz(list, "allowed-host-paths-read-only") ||
               str_eqz(list, "allowed-devices");
}

static void shrink_list(struct shrink *s, struct str name, const struct yaml_node *items, const struct yaml_node *at) {
        size_t gone = 0;

        for (size_t i = 0; i < items->n; ++i) {
                bool unused = items->items[i]->kind == NODE_SCALAR && !use_has_value(&s->use, items->items[i]->text);

                if (!shows(name) || !unused || !is_alone(s, items, i)) {
                        s->unsure += !shows(name);
                        ++s->kept;
                        continue;
                }
                tell(s, name, items->items[i]->text);
                drop_lines(s, items->items[i]->at.line, items->items[i]->at.line);
                ++gone;
        }
        /* Nothing would be no list. */
        if (gone && gone == items->n)
                drop_lines(s, at->at.line, items->items[items->n - 1]->at.line);
}

static void shrink_lists(struct shrink *s, const struct yaml_node *overrides) {
        bool any = false;

        for (size_t i = 0; i < overrides->n; ++i) {
                const struct yaml_node *one = overrides->items[i], *items;

                items = one->kind == NODE_MAP ? yaml_get(one, "append") : NULL;
                if (items && items->kind == NODE_SEQUENCE && is_alone(s, overrides, i))
                        shrink_list(s, text_of(one, "list"), items, one);
                any = any || !s->lines.items[one->at.line - 1].gone;
        }
        for (size_t i = 0; !any && overrides->n && i < s->lines.n; ++i)
                if (str_eqz(str_trim(s->lines.items[i].text), "override:"))
                        s->lines.items[i].text = STR_C("override: []");
}

/* -- the file -- */

/* A remark on what is gone says nothing any more: one between blank lines that were not both blank before. */
static void drop_headings(struct shrink *s) {
        for (size_t i = 1; i < s->lines.n; ++i) {
                size_t next = i + 1;
                bool gone = false;

                if (!str_starts(s->lines.items[i].text, STR_C("  # ")) || s->lines.items[i - 1].text.n > 0)
                        continue;
                while (next < s->lines.n && s->lines.items[next].gone) {
                        gone = true;
                        ++next;
                }
                if (gone && (next == s->lines.n || s->lines.items[next].text.n == 0))
                        s->lines.items[i].gone = s->lines.items[i - 1].gone = true;
        }
}

static int write_back(struct shrink *s) {
        cleanup_(text_deinit) struct text t;
        struct stat st;
        int r;

        drop_headings(s);
        text_init(&t);
        for (size_t i = 0; i < s->lines.n; ++i) {
                if (s->lines.items[i].gone)
                        continue;
                text_add(&t, s->lines.items[i].text);
                text_add_char(&t, '\n');
        }
        r = t.failed ? -ENOMEM : stat(s->path, &st) < 0 ? -errno : 0;
        if (r == 0)
                r = baseline_file_write(s->path, text_str(&t), st.st_mode & 07777, true);
        if (r == 0)
                return EXIT_FINE;
        fprintf(stderr, "docksill baseline: %s: %s\n", s->path, strerror(-r));
        return EXIT_ENVIRONMENT;
}

static int read_file(struct shrink *s) {
        struct diag diag;
        struct yaml y = { .keep = s->arena, .scratch = s->arena, .diag = &diag };
        struct str text;
        int r;

        diag_init(&diag);
        r = yaml_read(&y, s->path, (struct position){ 0 }, &s->root);
        terminal_diag(&diag);
        diag_deinit(&diag);
        if (r == 0)
                r = file_read(s->arena, s->path, YAML_FILE_MOST, &text);
        if (r == 0 && !split(s, text))
                r = -ENOMEM;
        return r == 0 ? EXIT_FINE : EXIT_INVALID;
}

static int print(struct shrink *s) {
        cleanup_(text_deinit) struct text out;
        json_t *lines;

        text_init(&out);
        if (s->in->json) {
                lines = json_array();
                for (struct str rest = text_str(&s->told); rest.p && rest.n;) {
                        struct str line = str_cut(&rest, '\n');

                        if (json_array_append_new(lines, printable_json(str_trim(line))) < 0)
                                return output_json(s->in->command, NULL);
                }
                return output_json(s->in->command, json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:o}", "schema",
                                                             "docksill.baseline-shrink/1", "from", s->use.first, "to",
                                                             s->use.end, "decisions", (int)s->use.decisions, "kept",
                                                             (int)s->kept, "untold", (int)s->unsure, "dropped", lines));
        }
        text_addf(&out, "%zu decisions from %s to %s used %zu of what is there", s->use.decisions, s->use.first,
                  s->use.end, s->kept - s->unsure);
        text_addf(&out, s->dropped ? "; not used, and taken out of %s:\n" : "; nothing is taken out of %s\n", s->path);
        text_add(&out, text_str(&s->told));
        if (s->unsure)
                text_addf(&out, "%zu item%s kept: no record tells whether such a list let something in\n", s->unsure,
                          s->unsure == 1 ? " is" : "s are");
        if (s->dropped)
                text_addz(&out,
                          "A container that was neither made nor started in that time may be refused when it is.\n");
        return output_text(s->in->command, &out);
}

static int shrink(struct shrink *s) {
        const struct yaml_node *list;
        int r = read_file(s);

        for (size_t i = 0; r == EXIT_FINE && i + 1 < s->in->n; ++i)
                r = use_read_file(&s->use, s->in->arguments[i], s->in->command);
        if (r != EXIT_FINE)
                return r;
        if (s->use.decisions == 0) {
                fprintf(stderr, "docksill baseline: no decision in the records: nothing can be told\n");
                return EXIT_ENVIRONMENT;
        }
        list = s->root->kind == NODE_MAP ? yaml_get(s->root, "exemptions") : NULL;
        if (list && list->kind == NODE_SEQUENCE)
                shrink_exemptions(s, list);
        else if ((list = s->root->kind == NODE_MAP ? yaml_get(s->root, "override") : NULL) &&
                 list->kind == NODE_SEQUENCE)
                shrink_lists(s, list);
        else
                return command_misused(s->in->command, "%s holds neither exemptions nor overrides", s->path);
        r = s->dropped ? write_back(s) : EXIT_FINE;
        return r == EXIT_FINE ? print(s) : r;
}

int shrink_run(const struct invocation *in) {
        cleanup_(arena_deinit) struct arena arena;
        struct shrink s = { .in = in, .arena = &arena };
        int r;

        arena_init(&arena, SHRINK_MEMORY);
        if (in->n < 2)
                return command_misused(in->command,
                                       "--shrink takes files of records, and behind them the file to shrink");
        s.path = in->arguments[in->n - 1];
        text_init(&s.told);
        r = use_init(&s.use) < 0 ? EXIT_ENVIRONMENT : shrink(&s);
        use_deinit(&s.use);
        text_deinit(&s.told);
        return r;
}
