/*
 * libyaml's events become nodes; everything libyaml leaves open (aliases, duplicates, depth, tags, documents) is
 * settled here. Positions are counted from the text itself: libyaml counts columns in characters and takes U+2028 for a
 * line end, diagnostics count bytes and lines as editors do.
 */
#include "docksill/rules/yaml.h"

#include "docksill/base/file.h"
#include "docksill/base/utf8.h"
#include "printable.h"
#include <assert.h>
#include <yaml.h>

struct anchor {
        struct str name;
        struct yaml_node *node;
        bool open; /* its node is still being read: an alias to it would hold itself */
};

/* How far positions have been counted. Events come in order, so each byte is looked at about once. */
struct cursor {
        size_t character, byte, line_start;
        unsigned line;
};

struct builder {
        yaml_parser_t parser;
        yaml_event_t event; /* the one at hand */
        const struct yaml *y;
        const struct source *source;
        struct cursor cursor;
        struct {
                struct anchor *items;
                size_t n, capacity;
        } anchors;
        size_t weight; /* nodes so far, aliases unfolded */
        bool faulty;   /* something was reported that reading can go on after */
};

static void builder_deinit(struct builder *b) {
        yaml_event_delete(&b->event);
        yaml_parser_delete(&b->parser);
}

static size_t character_length(const struct source *source, size_t at) {
        const char *p = source->text.p + at;
        size_t n = utf8_length(p, source->text.p + source->text.n);

        return n ? n : 1;
}

/* The position of the character with this number, from 0. */
static struct position locate(struct builder *b, size_t character) {
        struct cursor *c = &b->cursor;

        if (character < c->character)
                *c = (struct cursor){ 0 };
        while (c->character < character && c->byte < b->source->text.n) {
                size_t n = character_length(b->source, c->byte);
                bool line_end = b->source->text.p[c->byte] == '\n';

                c->byte += n;
                ++c->character;
                if (line_end) {
                        ++c->line;
                        c->line_start = c->byte;
                }
        }
        return (struct position){ b->source, c->line + 1, (unsigned)(c->byte - c->line_start) + 1 };
}

static struct position locate_byte(const struct builder *b, size_t byte) {
        struct position at = { b->source, 1, 1 };

        for (size_t i = 0; i < byte && i < b->source->text.n; ++i) {
                ++at.column;
                if (b->source->text.p[i] == '\n') {
                        ++at.line;
                        at.column = 1;
                }
        }
        return at;
}

/* The reader fails at a byte, the scanner and the parser at a character. */
static struct position locate_problem(struct builder *b) {
        if (b->parser.error == YAML_READER_ERROR)
                return locate_byte(b, b->parser.problem_offset);
        return locate(b, b->parser.problem_mark.index);
}

static int report_syntax(struct builder *b) {
        const yaml_parser_t *p = &b->parser;

        if (p->error == YAML_MEMORY_ERROR)
                return -ENOMEM;
        return diag_error(b->y->diag, locate_problem(b), DIAG_YAML_SYNTAX, "%s%s%s", p->context ? p->context : "",
                          p->context ? ": " : "", p->problem ? p->problem : "the text is not YAML");
}

static int next_event(struct builder *b) {
        yaml_event_delete(&b->event);
        return yaml_parser_parse(&b->parser, &b->event) ? 0 : report_syntax(b);
}

/* The text of a scalar is mostly in the file just as it is meant: then it needs no copy. */
static int scalar_text(struct builder *b, struct yaml_node *node) {
        const char *value = (const char *)b->event.data.scalar.value;
        struct str text = { value, b->event.data.scalar.length };
        struct str there = str_skip(b->source->text, b->cursor.byte);

        if (node->quoted)
                there = str_skip(there, 1);
        if (str_starts(there, text)) {
                node->text = str_first(there, text.n);
                return 0;
        }
        return arena_str(b->y->keep, text, &node->text);
}

static int limit(struct builder *b, struct position at, const char *what) {
        return diag_error(b->y->diag, at, DIAG_YAML_LIMIT, "%s", what);
}

/* Counts @weight nodes against the bound. */
static int weigh(struct builder *b, struct position at, size_t weight) {
        b->weight += weight;
        if (b->weight > YAML_NODES_MOST)
                return limit(b, at, "more than 100000 nodes, aliases counted as what they stand for");
        return 0;
}

static struct anchor *anchor_find(struct builder *b, struct str name) {
        for (size_t i = b->anchors.n; i > 0; --i)
                if (str_eq(b->anchors.items[i - 1].name, name))
                        return &b->anchors.items[i - 1];
        return NULL;
}

static int anchor_add(struct builder *b, const yaml_char_t *name, struct yaml_node *node) {
        struct anchor *slot;
        struct str copy;

        if (!name)
                return 0;
        /* Each alias looks through all anchors, so their number is bounded as well. */
        if (b->anchors.n >= 1000)
                return limit(b, node->at, "more than 1000 anchors");
        if (arena_str(b->y->scratch, str_from((const char *)name), &copy) < 0)
                return -ENOMEM;
        slot = ARENA_PUSH(b->y->scratch, &b->anchors);
        if (!slot)
                return -ENOMEM;
        *slot = (struct anchor){ .name = copy, .node = node, .open = true };
        return 0;
}

static void anchor_close(struct builder *b, const struct yaml_node *node) {
        for (size_t i = b->anchors.n; i > 0; --i)
                if (b->anchors.items[i - 1].node == node)
                        b->anchors.items[i - 1].open = false;
}

/* An alias costs what it stands for: nine lines of nine aliases each would otherwise unfold to a billion nodes. */
static int use_alias(struct builder *b, struct position at, unsigned depth, const struct yaml_node **out) {
        struct str name = str_from((const char *)b->event.data.alias.anchor);
        const struct anchor *anchor = anchor_find(b, name);
        int r;

        if (!anchor)
                return diag_error(b->y->diag, at, DIAG_YAML_SYNTAX, "no anchor \"%s\" stands above", PRINTABLE(name));
        if (anchor->open)
                return limit(b, at, "an alias inside what it stands for");
        if (depth + anchor->node->height > YAML_DEPTH_MOST)
                return limit(b, at, "nested deeper than 64 levels");
        r = weigh(b, at, anchor->node->weight);
        if (r < 0)
                return r;
        *out = anchor->node;
        return 0;
}

static int read_node(struct builder *b, unsigned depth, const struct yaml_node **out);

static void add_child(struct yaml_node *parent, const struct yaml_node *child) {
        parent->weight += child->weight;
        if (parent->height < child->height + 1)
                parent->height = child->height + 1;
}

static int read_sequence(struct builder *b, struct yaml_node *node, unsigned depth) {
        for (;;) {
                const struct yaml_node **slot;
                struct {
                        const struct yaml_node **items;
                        size_t n, capacity;
                } list = { node->items, node->n, node->capacity };
                const struct yaml_node *item;
                int r = next_event(b);

                if (r < 0)
                        return r;
                if (b->event.type == YAML_SEQUENCE_END_EVENT)
                        return 0;
                r = read_node(b, depth + 1, &item);
                if (r < 0)
                        return r;
                slot = ARENA_PUSH(b->y->scratch, &list);
                if (!slot)
                        return -ENOMEM;
                *slot = item;
                add_child(node, item);
                node->items = list.items;
                node->n = list.n;
                node->capacity = list.capacity;
        }
}

static int by_text(const void *a, const void *b) {
        const struct yaml_node *x = *(const struct yaml_node *const *)a, *y = *(const struct yaml_node *const *)b;
        int order = str_cmp(x->text, y->text);

        if (order != 0)
                return order;
        return x->at.line != y->at.line ? (x->at.line > y->at.line) - (x->at.line < y->at.line)
                                        : (x->at.column > y->at.column) - (x->at.column < y->at.column);
}

/* Sorted rather than each against each: a map may have fifty thousand keys. */
static int check_duplicates(struct builder *b, const struct yaml_node *map) {
        const struct yaml_node **keys = ARENA_ARRAY(b->y->scratch, const struct yaml_node *, map->n);

        if (!keys)
                return -ENOMEM;
        for (size_t i = 0; i < map->n; ++i)
                keys[i] = map->pairs[i].key;
        if (map->n > 1)
                qsort(keys, map->n, sizeof(const struct yaml_node *), by_text);
        for (size_t i = 1; i < map->n; ++i)
                if (str_eq(keys[i]->text, keys[i - 1]->text)) {
                        diag_error(b->y->diag, keys[i]->at, DIAG_YAML_DUPLICATE_KEY,
                                   "\"%s\" stands twice in this map; first at line %u", PRINTABLE(keys[i]->text),
                                   keys[i - 1]->at.line);
                        b->faulty = true;
                }
        return 0;
}

static int read_pair(struct builder *b, struct yaml_node *node, unsigned depth) {
        struct {
                struct yaml_pair *items;
                size_t n, capacity;
        } list = { node->pairs, node->n, node->capacity };
        struct yaml_pair pair, *slot;
        int r = read_node(b, depth + 1, &pair.key);

        if (r < 0)
                return r;
        if (pair.key->kind != NODE_SCALAR)
                return diag_error(b->y->diag, pair.key->at, DIAG_WRONG_TYPE, "a key is a word, not a map or a list");
        r = next_event(b);
        if (r == 0)
                r = read_node(b, depth + 1, &pair.value);
        if (r < 0)
                return r;
        slot = ARENA_PUSH(b->y->scratch, &list);
        if (!slot)
                return -ENOMEM;
        *slot = pair;
        add_child(node, pair.key);
        add_child(node, pair.value);
        node->pairs = list.items;
        node->n = list.n;
        node->capacity = list.capacity;
        return 0;
}

static int read_map(struct builder *b, struct yaml_node *node, unsigned depth) {
        for (;;) {
                int r = next_event(b);

                if (r < 0)
                        return r;
                if (b->event.type == YAML_MAPPING_END_EVENT)
                        return check_duplicates(b, node);
                r = read_pair(b, node, depth);
                if (r < 0)
                        return r;
        }
}

/* Tags would let a file type its values against our schema. "!" alone only says "not plain", as quotes do. */
static void check_tag(struct builder *b, struct position at, const yaml_char_t *tag) {
        if (!tag || strcmp((const char *)tag, "!") == 0)
                return;
        diag_error(b->y->diag, at, DIAG_YAML_TAG, "the tag \"%s\" is not read", PRINTABLE(str_from((const char *)tag)));
        b->faulty = true;
}

static int read_scalar(struct builder *b, struct yaml_node *node) {
        const yaml_event_t *e = &b->event;
        int r;

        check_tag(b, node->at, e->data.scalar.tag);
        node->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        r = scalar_text(b, node);
        return r == 0 ? anchor_add(b, e->data.scalar.anchor, node) : r;
}

static int read_collection(struct builder *b, struct yaml_node *node, unsigned depth) {
        const yaml_event_t *e = &b->event;
        bool map = e->type == YAML_MAPPING_START_EVENT;
        int r;

        check_tag(b, node->at, map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
        node->kind = map ? NODE_MAP : NODE_SEQUENCE;
        r = anchor_add(b, map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor, node);
        if (r < 0)
                return r;
        return map ? read_map(b, node, depth) : read_sequence(b, node, depth);
}

/* The node that begins with the event at hand. Recursion: YAML_DEPTH_MOST deep. */
static int read_node(struct builder *b, unsigned depth, const struct yaml_node **out) {
        struct position at = locate(b, b->event.start_mark.index);
        struct yaml_node *node;
        int r;

        if (depth > YAML_DEPTH_MOST)
                return limit(b, at, "nested deeper than 64 levels");
        if (b->event.type == YAML_ALIAS_EVENT)
                return use_alias(b, at, depth, out);
        r = weigh(b, at, 1);
        if (r < 0)
                return r;
        node = ARENA_NEW(b->y->scratch, struct yaml_node);
        if (!node)
                return -ENOMEM;
        node->at = at;
        node->weight = 1;
        r = b->event.type == YAML_SCALAR_EVENT ? read_scalar(b, node) : read_collection(b, node, depth);
        if (r < 0)
                return r;
        anchor_close(b, node);
        *out = node;
        return 0;
}

/* Stream start, document start, the root, document end, stream end. */
static int read_document(struct builder *b, const struct yaml_node **out) {
        const struct yaml_node *root = NULL;
        int r;

        do {
                r = next_event(b);
                if (r < 0)
                        return r;
                if (b->event.type != YAML_DOCUMENT_START_EVENT)
                        continue;
                if (root)
                        return diag_error(b->y->diag, locate(b, b->event.start_mark.index), DIAG_WRONG_DOCUMENT,
                                          "a second document begins here; one file is one document");
                r = next_event(b);
                if (r == 0)
                        r = read_node(b, 1, &root);
                if (r < 0)
                        return r;
        } while (b->event.type != YAML_STREAM_END_EVENT);

        if (!root)
                return diag_error(b->y->diag, (struct position){ b->source, 0, 0 }, DIAG_WRONG_DOCUMENT,
                                  "the file is empty");
        if (b->faulty)
                return -EINVAL;
        *out = root;
        return 0;
}

/*
 * libyaml ends a line, and with it a comment, at a lone CR, NEL, U+2028 and U+2029; YAML 1.2 and most editors do not,
 * so that a rule could hide behind what looks like a comment. Between quotes they can be escaped.
 */
static int check_line_ends(struct builder *b) {
        const char *p = b->source->text.p, *end = p + b->source->text.n;

        for (const char *q = p; q < end; ++q) {
                struct str rest = { q, (size_t)(end - q) };

                if ((*q != '\r' || (rest.n > 1 && q[1] == '\n')) && !str_starts(rest, STR_C("\xc2\x85")) &&
                    !str_starts(rest, STR_C("\xe2\x80\xa8")) && !str_starts(rest, STR_C("\xe2\x80\xa9")))
                        continue;
                return diag_error(b->y->diag, locate_byte(b, (size_t)(q - p)), DIAG_YAML_SYNTAX,
                                  "a line end that only some readers take for one; use a newline");
        }
        return 0;
}

int yaml_parse(const struct yaml *y, const struct source *source, const struct yaml_node **out) {
        cleanup_(builder_deinit) struct builder b = { .y = y, .source = source };
        int r;

        if (!yaml_parser_initialize(&b.parser))
                return -ENOMEM;
        /* Said rather than guessed: a UTF-16 mark at the front would move every position. */
        yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&b.parser, (const unsigned char *)(source->text.n ? source->text.p : ""),
                                     source->text.n);
        r = check_line_ends(&b);
        return r < 0 ? r : read_document(&b, out);
}

/* Of a bundle a copy, so that positions live on without it. */
static int read_text(const struct yaml *y, const char *path, struct str *out) {
        const struct bundle_file *file;

        if (!y->from)
                return file_read_regular(y->keep, path, YAML_FILE_MOST, out);
        file = bundle_find(y->from, str_from(path));
        return file ? arena_str(y->keep, file->text, out) : -ENOENT;
}

int yaml_read(const struct yaml *y, const char *path, struct position named, const struct yaml_node **out) {
        struct source *source = ARENA_NEW(y->keep, struct source);
        int r;

        if (!source || arena_str(y->keep, str_from(path), &source->name) < 0)
                return -ENOMEM;
        r = read_text(y, path, &source->text);
        if (r == -ENOMEM)
                return r;
        if (!named.source)
                named = (struct position){ source, 0, 0 };
        if (r == -EFBIG)
                return diag_error(y->diag, named, DIAG_FILE_TOO_LARGE, "\"%s\" is larger than 1 MiB",
                                  PRINTABLE(source->name));
        if (r == FILE_E_NOT_REGULAR)
                return diag_error(y->diag, named, DIAG_FILE_UNREADABLE, "\"%s\" is no regular file",
                                  PRINTABLE(source->name));
        if (r < 0)
                return diag_error(y->diag, named, DIAG_FILE_UNREADABLE, "\"%s\": %s", PRINTABLE(source->name),
                                  strerror(-r));
        if (y->into && bundle_add(y->into, y->keep, source->name, source->text) < 0)
                return -ENOMEM;
        return yaml_parse(y, source, out);
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key) {
        if (map->kind != NODE_MAP)
                return NULL;
        for (size_t i = 0; i < map->n; ++i)
                if (str_eqz(map->pairs[i].key->text, key))
                        return map->pairs[i].value;
        return NULL;
}

bool yaml_is_null(const struct yaml_node *node) {
        static const char *const spellings[] = { "", "~", "null", "Null", "NULL", NULL };

        if (node->kind != NODE_SCALAR || node->quoted)
                return false;
        return str_is_one_of(node->text, spellings);
}
