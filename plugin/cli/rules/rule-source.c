#include "rule-source.h"
#include <errno.h>

/* It was read without errors before, so nothing is said about it now. */
static int parse(struct arena *arena, const struct source *source, const struct yaml_node **out) {
        const struct yaml_node *root = NULL;
        struct diag unheard;
        struct yaml y = { .keep = arena, .scratch = arena, .diag = &unheard };
        int r;

        diag_init(&unheard);
        r = yaml_parse(&y, source, &root);
        diag_deinit(&unheard);
        if (r == 0)
                *out = yaml_get(root, "rules");
        return r;
}

static int file_of(struct rule_sources *sources, const struct source *source, const struct yaml_node **out) {
        struct rule_source_file *slot;
        int r;

        for (size_t i = 0; i < sources->n; ++i)
                if (sources->items[i].source == source) {
                        *out = sources->items[i].rules;
                        return 0;
                }
        r = parse(sources->arena, source, out);
        if (r < 0)
                return r;
        slot = ARENA_PUSH(sources->arena, sources);
        if (!slot)
                return -ENOMEM;
        *slot = (struct rule_source_file){ source, *out };
        return 0;
}

int rule_source_entry(struct rule_sources *sources, const struct rule *rule, const struct yaml_node **out) {
        const struct yaml_node *rules = NULL;
        int r = file_of(sources, rule->at.source, &rules);

        if (r < 0)
                return r;
        for (size_t i = 0; rules && i < rules->n; ++i)
                if (str_eq(rule_source_scalar(rules->items[i], "id"), rule->id)) {
                        *out = rules->items[i];
                        return 0;
                }
        return -EINVAL;
}

struct str rule_source_scalar(const struct yaml_node *map, const char *key) {
        const struct yaml_node *node = map && map->kind == NODE_MAP ? yaml_get(map, key) : NULL;

        return node && node->kind == NODE_SCALAR ? node->text : (struct str){ NULL, 0 };
}

struct str rule_source_words(struct arena *arena, const struct yaml_node *map, const char *key) {
        struct str text = rule_source_scalar(map, key), rest = text;
        struct text t;

        text_init_arena(&t, arena);
        while (rest.n > 0) {
                bool twice = rest.n > 1 && (rest.p[0] == '{' || rest.p[0] == '}') && rest.p[1] == rest.p[0];

                text_add_char(&t, rest.p[0]);
                rest = str_skip(rest, twice ? 2 : 1);
        }
        return t.failed || t.n == text.n ? text : text_str(&t);
}

struct str rule_source_list(struct arena *arena, const struct yaml_node *fix) {
        const struct yaml_node *list = fix && fix->kind == NODE_MAP ? yaml_get(fix, "list") : NULL;
        struct text t;

        if (!list || list->kind != NODE_MAP || list->n != 1)
                return (struct str){ 0 };
        text_init_arena(&t, arena);
        text_add(&t, list->pairs[0].key->text);
        text_addz(&t, ", by ");
        text_add(&t, list->pairs[0].value->text);
        return t.failed ? list->pairs[0].key->text : text_str(&t);
}

/* Where a position stands in its text. */
static size_t offset_of(struct position at) {
        struct str text = at.source->text;
        size_t offset = 0;

        for (unsigned line = 1; line < at.line && offset < text.n; ++line)
                offset += str_find(str_skip(text, offset), '\n') + 1;
        return offset + at.column - 1 < text.n ? offset + at.column - 1 : text.n;
}

/* Indentation, and how a comment or the next entry of a list begins. */
static bool is_foreign(struct str line) {
        struct str rest = str_trim(line);

        return rest.n == 0 || rest.p[0] == '#' || str_eqz(rest, "-");
}

/* Takes away the lines behind the value: comments of what follows, its dash, blanks; and a comma between keys. */
static struct str cut_tail(struct str text) {
        for (;;) {
                size_t line = str_find_last(text, '\n');

                if (line == text.n || !is_foreign(str_skip(text, line + 1)))
                        break;
                text = str_first(text, line);
        }
        text = str_trim(text);
        while (text.n && text.p[text.n - 1] == ',')
                text = str_trim(str_first(text, text.n - 1));
        return text;
}

/* The value ends where the line's indentation falls back to the key's, or left of it. */
static size_t block_end(struct str text, size_t start, size_t indent) {
        size_t at = start + str_find(str_skip(text, start), '\n');

        while (at < text.n) {
                struct str line = str_skip(text, at + 1);
                size_t blanks = 0;

                line = str_first(line, str_find(line, '\n'));
                while (blanks < line.n && line.p[blanks] == ' ')
                        ++blanks;
                if (blanks <= indent && !is_foreign(line) && !(blanks == indent && line.p[blanks] == '-'))
                        break;
                at += line.n + 1;
        }
        return at < text.n ? at : text.n;
}

static int unindented(struct arena *arena, struct str text, size_t indent, struct str *out) {
        struct text t;

        text_init_arena(&t, arena);
        while (text.p) {
                struct str line = str_cut(&text, '\n');

                text_add(&t, line);
                if (!text.p)
                        break;
                text_add_char(&t, '\n');
                for (size_t i = 0; i < indent && text.n && text.p[0] == ' '; ++i)
                        text = str_skip(text, 1);
        }
        *out = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

int rule_source_text(struct rule_sources *sources, const struct yaml_node *entry, const char *key, struct str *out) {
        *out = (struct str){ NULL, 0 };
        for (size_t i = 0; i < entry->n; ++i) {
                const struct yaml_node *name = entry->pairs[i].key;
                struct str text = name->at.source->text;
                size_t start, end;

                if (!str_eqz(name->text, key))
                        continue;
                start = offset_of(name->at);
                end = block_end(text, start, name->at.column - 1);
                if (i + 1 < entry->n && offset_of(entry->pairs[i + 1].key->at) < end)
                        end = offset_of(entry->pairs[i + 1].key->at);
                return unindented(sources->arena, cut_tail(str_first(str_skip(text, start), end - start)),
                                  name->at.column - 1, out);
        }
        return 0;
}
