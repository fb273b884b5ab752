#include "bodies.h"
#include "effects.h"

static const char *text_of(const struct text *t) {
        return t->p ? t->p : "";
}

/* The part of @value that stands for $, $1, $2 or $3: nothing where it has fewer. */
static struct str part_of(const char *value, char which) {
        struct str rest = str_from(value), part = rest;

        if (which < '1' || which > '3')
                return rest;
        for (char c = '0'; c < which; ++c)
                part = str_cut(&rest, '|');
        return part;
}

static void fill(struct text *out, const char *pattern, const char *value) {
        for (const char *p = pattern; *p; ++p) {
                if (*p != '$') {
                        text_add_char(out, *p);
                        continue;
                }
                text_add(out, part_of(value, p[1]));
                if (p[1] >= '1' && p[1] <= '3')
                        ++p;
        }
}

static json_t *json_filled(const char *pattern, const char *value) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        fill(&t, pattern, value);
        return json_from(text_of(&t));
}

/* In a target the value is escaped: all but what may stand in a path and a query's value. */
static void fill_target(struct text *out, const char *pattern, const char *value) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        fill(&t, pattern, value);
        for (size_t i = 0; i < t.n; ++i) {
                char c = t.p[i] == '\'' ? '"' : t.p[i];

                if (strchr(" \"`{}[]+%\\", c))
                        text_addf(out, "%%%02X", (unsigned)c);
                else
                        text_add_char(out, c);
        }
}

static const char *version_of(enum spelling spelling) {
        switch (spelling) {
        case NO_VERSION: return "";
        case OLD_VERSION: return "/v1.24";
        case NEW_VERSION: return "/v1.51";
        default: return "/v1.44";
        }
}

static void add_target(struct text *out, const struct door *door, const char *value, enum spelling spelling,
                       bool with) {
        const struct frame_row *frame = &frames[door->frame];
        const char *own = with ? door->target : door->plain;
        const char *target = spelling == OTHER_CALL ? frame->other : frame->target;

        text_addz(out, version_of(spelling));
        if (!own || own[0] == '&')
                text_addz(out, target);
        if (own)
                fill_target(out, own, value);
}

/* Keys that begin with a capital are Go's, which takes them in any case; the others are names in maps. */
static void add_key(struct text *out, const char *key, enum spelling spelling) {
        bool go = key[0] >= 'A' && key[0] <= 'Z';

        for (; *key; ++key)
                if (go && spelling == FOLDED_KEYS && (*key == 's' || *key == 'S'))
                        text_addz(out, "\u017f");
                else if (go && spelling == FOLDED_KEYS && (*key == 'k' || *key == 'K'))
                        text_addz(out, "\u212a");
                else
                        text_add_char(out, go ? ascii_lower(*key) : *key);
}

static json_t *json_spelt(const json_t *value, enum spelling spelling) {
        json_t *out, *item;
        const char *key;
        size_t i;

        if (json_is_array(value)) {
                out = json_array();
                json_array_foreach(value, i, item) json_array_append_new(out, json_spelt(item, spelling));
                return out;
        }
        if (!json_is_object(value))
                return json_deep_copy(value);
        out = json_object();
        json_object_foreach((json_t *)value, key, item) {
                cleanup_(text_deinit) struct text t;

                text_init(&t);
                add_key(&t, key, spelling);
                json_object_set_new(out, text_of(&t), json_spelt(item, spelling));
        }
        return out;
}

void json_lay_over(json_t *body, const json_t *over) {
        const char *key;
        json_t *item;

        if (json_is_array(body)) {
                json_array_extend(body, (json_t *)over);
                return;
        }
        json_object_foreach((json_t *)over, key, item) {
                json_t *old = json_object_get(body, key);

                if (key[0] == '!')
                        json_object_set(body, key + 1, item);
                else if (old && json_typeof(old) == json_typeof(item) && (json_is_object(old) || json_is_array(old)))
                        json_lay_over(old, item);
                else
                        json_object_set_new(body, key, json_deep_copy(item));
        }
}

static json_t *body_of(const struct door *door, const char *value, enum spelling spelling, bool with) {
        const struct frame_row *frame = &frames[door->frame];
        const char *over = with ? door->with : door->without;
        json_t *body, *spelt;

        if (!frame->body)
                return NULL;
        body = json_from(frame->body);
        if (over) {
                json_t *laid = json_filled(over, value);

                json_lay_over(body, laid);
                json_decref(laid);
        }
        if (spelling != LOWER_KEYS && spelling != FOLDED_KEYS)
                return body;
        spelt = json_spelt(body, spelling);
        json_decref(body);
        return spelt;
}

bool door_spelt(const struct door *door, enum spelling spelling) {
        const struct frame_row *frame = &frames[door->frame];

        switch (spelling) {
        case LOWER_KEYS:
        case FOLDED_KEYS: return frame->body != NULL;
        case OTHER_CALL: return frame->other != NULL;
        default: return true;
        }
}

void door_judge(struct judged *j, const struct road *road, const struct door *door, const char *value,
                enum spelling spelling, bool with) {
        cleanup_(text_deinit) struct text target;
        json_t *body = body_of(door, value, spelling, with);
        struct told told[DOOR_TALES];
        char *said[DOOR_TALES];
        size_t n = 0;

        for (; n < DOOR_TALES && door->tales[n].kind; ++n) {
                const struct tale *tale = &door->tales[n];
                json_t *json = json_filled(with || !tale->plain ? tale->says : tale->plain, value);

                said[n] = json_dumps(json, JSON_COMPACT);
                told[n] = (struct told){ tale->kind, tale->name, said[n] };
                json_decref(json);
        }
        text_init(&target);
        add_target(&target, door, value, spelling, with);
        judge_full(j, road,
                   &(struct call){ .method = door->method,
                                   .target = text_of(&target),
                                   .type = frames[door->frame].type,
                                   .body = body,
                                   .length = frames[door->frame].length,
                                   .asked = n > 0,
                                   .told = told,
                                   .n_told = n });
        while (n > 0)
                free(said[--n]);
        json_decref(body);
}
