#include "mask-json.h"

#include "docksill/base/text.h"
#include "docksill/wire/base64.h"
#include "docksill/wire/json.h"
#include <errno.h>
#include <openssl/evp.h>

#define DEPTH_MOST 10000 /* Go's */

/* What an object or a list stands under. */
struct level {
        bool object;
        struct str key;  /* of an object: the last one read; of a list: what the list is the value of */
        struct str last; /* of a list: the element before, where that is a string */
        const struct command_program *program; /* of a list: the last one in it that is known */
};

struct walk {
        struct masking *k;
        enum mask_kind kind;
        struct json json;
        struct text out;
        const char *copied; /* up to here the input is in the output */
        struct {
                struct level *items;
                size_t n, capacity;
        } levels;
};

static struct level *top(struct walk *w) {
        return w->levels.n ? &w->levels.items[w->levels.n - 1] : NULL;
}

static void copy_to(struct walk *w, const char *at) {
        text_add(&w->out, (struct str){ w->copied, (size_t)(at - w->copied) });
        w->copied = at;
}

/* -- where a string stands -- */

/* Under these people write what they like. */
static bool is_free(struct str key) {
        static const struct str keys[] = { STR("Env"),        STR("Cmd"),     STR("Entrypoint"), STR("Args"),
                                           STR("Command"),    STR("Test"),    STR("Shell"),      STR("OnBuild"),
                                           STR("Labels"),     STR("Options"), STR("DriverOpts"), STR("Config"),
                                           STR("Annotations") };

        for (size_t i = 0; i < ARRAY_SIZE(keys); ++i)
                if (str_eq_fold(key, keys[i]))
                        return true;
        return false;
}

static bool stands_free(const struct walk *w) {
        if (w->kind == MASK_FREE)
                return true;
        for (size_t i = w->levels.n; i > 0 && i + 2 > w->levels.n; --i)
                if (is_free(w->levels.items[i - 1].key))
                        return true;
        return w->levels.n == 1 && !w->levels.items[0].object; /* settings of an engine plugin */
}

static bool is_variable_list(const struct level *l) {
        return l && !l->object && (str_empty(l->key) || str_eq_fold(l->key, STR_C("Env")));
}

/* "NAME=value": the value goes by the name. */
static struct str mask_variable(struct masking *k, struct str text) {
        struct str value = text, name = str_cut(&value, '=');
        struct str masked;
        struct text t;

        if (!value.p)
                return mask_text(k, text, (struct mask_place){ .free = true });
        masked = mask_text(k, value, (struct mask_place){ .name = name, .free = true });
        if (str_eq(masked, value))
                return text;
        text_init_arena(&t, k->arena);
        text_add(&t, name);
        text_add_char(&t, '=');
        text_add(&t, masked);
        /* What matches may begin in a name that nobody would give. */
        k->failed = k->failed || t.failed || !mask_is_alike(k, text, text_str(&t));
        return text_str(&t);
}

/* -- data of a swarm -- */

static struct str encoded(struct masking *k, struct str text) {
        char *to = arena_bytes(k->arena, (text.n + 2) / 3 * 4 + 1);

        if (!to || text.n > INT32_MAX) {
                k->failed = true;
                return (struct str){ 0 };
        }
        return (struct str){ to,
                             (size_t)EVP_EncodeBlock((unsigned char *)to, (const unsigned char *)text.p, (int)text.n) };
}

/* Go's decoder passes over line ends. */
static struct str decoded(struct masking *k, struct str text) {
        char *from = arena_bytes(k->arena, text.n + 1), *to = arena_bytes(k->arena, base64_size(text.n) + 1);
        size_t n = 0, length;

        if (!from || !to) {
                k->failed = true;
                return (struct str){ 0 };
        }
        for (size_t i = 0; i < text.n; ++i)
                if (text.p[i] != '\n' && text.p[i] != '\r')
                        from[n++] = text.p[i];
        return base64_decode(to, &length, (struct str){ from, n }) == 0 ? (struct str){ to, length }
                                                                        : (struct str){ NULL, 0 };
}

static struct str mask_data(struct walk *w, struct str text) {
        struct str plain, masked;

        if (w->kind == MASK_SECRET)
                return text.n ? encoded(w->k, STR_C("masked")) : text;
        plain = decoded(w->k, text);
        if (!plain.p)
                return text.n ? STR_C("masked!") : text; /* nor is this base64 */
        masked = mask_text(w->k, plain, (struct mask_place){ .free = true });
        return str_eq(masked, plain) ? text : encoded(w->k, masked);
}

/* -- strings -- */

static struct str mask_string(struct walk *w, struct str text) {
        struct level *l = top(w);

        if (l && l->object && (w->kind == MASK_CONFIG || w->kind == MASK_SECRET) && str_eq_fold(l->key, STR_C("Data")))
                return mask_data(w, text);
        if (is_variable_list(l))
                return mask_variable(w->k, text);
        if (l && !l->object && stands_free(w))
                return mask_argument(w->k, l->program, l->last, text);
        return mask_text(
                w->k, text,
                (struct mask_place){ .name = l && l->object ? l->key : (struct str){ 0 }, .free = stands_free(w) });
}

/* A string that had what is no character has it still. */
static void add_string(struct walk *w, struct str text) {
        text_add_json(&w->out, text);
        if (!w->json.bad_utf8 && !w->json.nul)
                return;
        text_cut(&w->out, w->out.n - 1);
        text_addz(&w->out, w->json.bad_utf8 ? "\xff\"" : "\\u0000\"");
}

static void replace(struct walk *w, struct str before, struct str after) {
        if (str_eq(before, after))
                return;
        copy_to(w, w->json.start);
        add_string(w, after);
        w->copied = w->json.at;
}

/* A key is a key when a colon follows. */
static bool is_key(struct walk *w) {
        const char *at = w->json.at;

        while (at < w->json.end && strchr(" \t\r\n", *at))
                ++at;
        return top(w) && top(w)->object && at < w->json.end && *at == ':';
}

static void on_string(struct walk *w) {
        struct str text = w->json.text;

        if (is_key(w)) {
                top(w)->key = text;
                replace(w, text, mask_text(w->k, text, (struct mask_place){ 0 }));
                return;
        }
        replace(w, text, mask_string(w, text));
        if (top(w) && !top(w)->object) {
                const struct command_program *program = command_program(text);

                top(w)->last = text;
                top(w)->program = program ? program : top(w)->program;
        }
}

static void push(struct walk *w, bool object) {
        const struct level *over = top(w);
        struct str key = over && !object ? over->key : (struct str){ 0 };
        struct level *slot = w->levels.n < DEPTH_MOST ? ARENA_PUSH(w->k->arena, &w->levels) : NULL;

        if (!slot) {
                w->k->failed = true;
                return;
        }
        *slot = (struct level){ .object = object, .key = key };
}

/* From where it is no JSON on nobody reads it: neither does who reads the masked one. */
static void cut_short(struct walk *w, const char *at) {
        copy_to(w, at);
        text_add_char(&w->out, '\x01');
        w->k->failed = w->k->failed || w->json.no_memory;
}

struct str mask_json(struct masking *k, struct str json, enum mask_kind kind) {
        struct walk w = { .k = k, .kind = kind, .copied = json.p };
        enum json_token token;

        json_init(&w.json, k->arena, json);
        text_init_arena(&w.out, k->arena);
        do {
                const char *before = w.json.at;

                token = json_next(&w.json);
                switch (token) {
                case TOKEN_OBJECT: push(&w, true); break;
                case TOKEN_ARRAY: push(&w, false); break;
                case TOKEN_OBJECT_END:
                case TOKEN_ARRAY_END: w.levels.n -= w.levels.n > 0; break;
                case TOKEN_STRING: on_string(&w); break;
                case TOKEN_ERROR: cut_short(&w, before); break;
                case TOKEN_END: copy_to(&w, w.json.end); break;
                case TOKEN_COMMA:
                case TOKEN_COLON:
                case TOKEN_NUMBER:
                case TOKEN_TRUE:
                case TOKEN_FALSE:
                case TOKEN_NULL: break;
                }
        } while (!k->failed && token != TOKEN_END && token != TOKEN_ERROR);
        k->failed = k->failed || w.out.failed;
        return text_str(&w.out);
}
