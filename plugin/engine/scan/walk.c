#include "walk.h"
#include "docksill/base/cleanup.h"

/* No scanner nests so deep; a walk recurses. */
#define DEPTH_MOST 32
#define SKIP_MOST  1000

void walk_init(struct walk *w, struct arena *arena, struct str text) {
        *w = (struct walk){ 0 };
        json_init(&w->json, arena, text);
}

/* The rest of the value that @token begins. */
static bool skip(struct walk *w, enum json_token token) {
        return json_skip(&w->json, token, w->depth, SKIP_MOST) == 0;
}

bool walk_skip(struct walk *w) {
        return skip(w, json_next(&w->json));
}

bool walk_string(struct walk *w, struct str *out) {
        enum json_token token = json_next(&w->json);

        if (token != TOKEN_STRING)
                return skip(w, token);
        *out = w->json.text;
        return true;
}

bool walk_flag(struct walk *w, bool *out) {
        enum json_token token = json_next(&w->json);

        if (token != TOKEN_TRUE && token != TOKEN_FALSE)
                return skip(w, token);
        *out = token == TOKEN_TRUE;
        return true;
}

bool walk_count(struct walk *w, unsigned *out) {
        enum json_token token = json_next(&w->json);
        int64_t value;

        if (token != TOKEN_NUMBER)
                return skip(w, token);
        if (str_int(w->json.text, &value) == 0 && value >= 0 && value <= UINT32_MAX)
                *out = (unsigned)value;
        return true;
}

/* Members behind the brace. */
static bool members(struct walk *w, void *to, walk_member *member) {
        enum json_token token = json_next(&w->json);

        if (token == TOKEN_OBJECT_END)
                return true;
        for (;; token = json_next(&w->json)) {
                struct str key = w->json.text;

                if (token != TOKEN_STRING || json_next(&w->json) != TOKEN_COLON || !member(w, to, key))
                        return false;
                token = json_next(&w->json);
                if (token != TOKEN_COMMA)
                        return token == TOKEN_OBJECT_END;
        }
}

/* Items behind the bracket. An empty list is told from one with items by the token that comes first, which the item
 * then reads again. */
static bool items(struct walk *w, void *to, walk_item *item) {
        struct json first = w->json;
        enum json_token token = json_next(&w->json);

        if (token == TOKEN_ARRAY_END)
                return true;
        w->json = first;
        for (;;) {
                if (!item(w, to))
                        return false;
                token = json_next(&w->json);
                if (token != TOKEN_COMMA)
                        return token == TOKEN_ARRAY_END;
        }
}

static bool deeper(struct walk *w) {
        return ++w->depth < DEPTH_MOST;
}

bool walk_object(struct walk *w, void *to, walk_member *member) {
        enum json_token token = json_next(&w->json);
        bool read;

        if (token != TOKEN_OBJECT)
                return skip(w, token);
        read = deeper(w) && members(w, to, member);
        --w->depth;
        return read;
}

bool walk_array(struct walk *w, void *to, walk_item *item) {
        enum json_token token = json_next(&w->json);
        bool read;

        if (token != TOKEN_ARRAY)
                return skip(w, token);
        read = deeper(w) && items(w, to, item);
        --w->depth;
        return read;
}

struct each {
        void *to;
        walk_item *item;
};

static bool each_member(struct walk *w, void *to, struct str key unused_) {
        const struct each *e = to;

        return e->item(w, e->to);
}

bool walk_each(struct walk *w, void *to, walk_item *item) {
        struct each e = { to, item };
        struct json first = w->json;
        enum json_token token = json_next(&w->json);

        w->json = first;
        switch (token) {
        case TOKEN_OBJECT: return walk_object(w, &e, each_member);
        case TOKEN_ARRAY: return walk_array(w, to, item);
        default: return item(w, to);
        }
}

bool walk_ended(struct walk *w) {
        return json_next(&w->json) == TOKEN_END;
}
