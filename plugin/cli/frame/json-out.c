#include "json-out.h"

/* Bytes of one text that are shown. */
#define SHOWN_MAX 4096

void json_out_init(struct json_out *j, struct text *out) {
        *j = (struct json_out){ .out = out };
        text_init(&j->scratch);
}

void json_out_deinit(struct json_out *j) {
        text_add_char(j->out, '\n');
        text_deinit(&j->scratch);
}

static void line(struct json_out *j) {
        text_addf(j->out, "\n%*s", (int)(2 * j->depth), "");
}

static void add_text(struct json_out *j, struct str value) {
        text_reset(&j->scratch);
        text_add_visible(&j->scratch, value, SHOWN_MAX);
        text_add_json(j->out, text_str(&j->scratch));
        j->out->failed = j->out->failed || j->scratch.failed;
}

static void add_key(struct json_out *j, struct str key) {
        if (j->begun)
                text_add_char(j->out, ',');
        if (j->depth)
                line(j);
        j->begun = true;
        if (!key.p)
                return;
        add_text(j, key);
        text_addz(j->out, ": ");
}

static void open(struct json_out *j, struct str key, char bracket) {
        add_key(j, key);
        text_add_char(j->out, bracket);
        ++j->depth;
        j->begun = false;
}

static void end(struct json_out *j, char bracket) {
        --j->depth;
        if (j->begun)
                line(j);
        text_add_char(j->out, bracket);
        j->begun = true;
}

void json_out_object(struct json_out *j, const char *key) {
        open(j, str_from(key), '{');
}

void json_out_end_object(struct json_out *j) {
        end(j, '}');
}

void json_out_list(struct json_out *j, const char *key) {
        open(j, str_from(key), '[');
}

void json_out_list_of(struct json_out *j, struct str key) {
        open(j, key, '[');
}

void json_out_end_list(struct json_out *j) {
        end(j, ']');
}

void json_out_text(struct json_out *j, const char *key, struct str value) {
        add_key(j, str_from(key));
        add_text(j, value);
}

void json_out_words(struct json_out *j, const char *key, const char *value) {
        json_out_text(j, key, str_from(value));
}

void json_out_number(struct json_out *j, const char *key, int64_t value) {
        add_key(j, str_from(key));
        text_add_int(j->out, value);
}

void json_out_bool(struct json_out *j, const char *key, bool value) {
        add_key(j, str_from(key));
        text_addz(j->out, value ? "true" : "false");
}

void json_out_null(struct json_out *j, const char *key) {
        add_key(j, str_from(key));
        text_addz(j->out, "null");
}

void json_out_optional(struct json_out *j, const char *key, struct str value) {
        if (value.n)
                json_out_text(j, key, value);
        else
                json_out_null(j, key);
}
