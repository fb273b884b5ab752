#pragma once
/*
 * json-out: JSON written as it goes, for what would be too large as a tree.
 *
 * Two blanks an indent, members in the order they are written. Texts are made visible as in printable_json(), so what
 * strangers wrote hides and reorders nothing.
 */
#include "docksill/base/text.h"

struct json_out {
        struct text *out;
        unsigned depth;
        bool begun; /* something stands in what is open */
        struct text scratch;
};

/* @out: borrowed; what it fails with sticks. */
void json_out_init(struct json_out *j, struct text *out);

/* Ends the last line. */
void json_out_deinit(struct json_out *j);

/* @key: NULL in a list and for the whole. */
void json_out_object(struct json_out *j, const char *key);
void json_out_end_object(struct json_out *j);
void json_out_list(struct json_out *j, const char *key);
void json_out_end_list(struct json_out *j);

void json_out_text(struct json_out *j, const char *key, struct str value);
void json_out_words(struct json_out *j, const char *key, const char *value);
void json_out_number(struct json_out *j, const char *key, int64_t value);
void json_out_bool(struct json_out *j, const char *key, bool value);
void json_out_null(struct json_out *j, const char *key);

/* null when it is empty. */
void json_out_optional(struct json_out *j, const char *key, struct str value);

/* An object whose key is a stranger's. */
void json_out_list_of(struct json_out *j, struct str key);
