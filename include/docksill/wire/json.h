#pragma once
/*
 * json: a strict tokeniser with Go's idea of syntax (encoding/json scanner).
 *
 * Reads straight from the bytes, allocates only for strings with escapes. White space is space, tab, CR, LF. Numbers
 * and literals are checked in full. Nothing is decoded into a tree.
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"

enum json_token {
        TOKEN_END,   /* of the text */
        TOKEN_ERROR, /* no JSON; json.at is where */
        TOKEN_OBJECT,
        TOKEN_OBJECT_END,
        TOKEN_ARRAY,
        TOKEN_ARRAY_END,
        TOKEN_COMMA,
        TOKEN_COLON,
        TOKEN_STRING,
        TOKEN_NUMBER,
        TOKEN_TRUE,
        TOKEN_FALSE,
        TOKEN_NULL,
};

struct json {
        const char *at, *end;
        const char *start;   /* where the last token begins */
        struct arena *arena; /* for strings with escapes */
        size_t values, most; /* passed over by json_skip(), and by whoever counts them; how many may be */

        /* of the last token */
        struct str text; /* TOKEN_STRING: decoded, perhaps a view of the input; TOKEN_NUMBER: as spelt */
        bool bad_utf8;   /* the string had bytes that are no UTF-8 or a lone surrogate (shown as U+FFFD, as Go does) */
        bool nul;        /* the string had \u0000 */
        bool no_memory;  /* TOKEN_ERROR because the arena is full */
};

/* Borrows @arena and @text. */
void json_init(struct json *j, struct arena *arena, struct str text);

/* The next token. */
enum json_token json_next(struct json *j);

/**
 * json_skip() - the rest of a value whose first token was @token, unread
 * @depth: how deep the value stands (1 for a member of the top object)
 * @max:   deepest allowed; Go's is 10000
 *
 * Checks syntax, UTF-8 and NUL of everything passed over; does not recurse. Returns 0, -EINVAL (syntax), -ENOMEM,
 * -ELOOP (too deep) or -E2BIG (more values than json.most). bad_utf8 and nul tell whether any string within had one,
 * the first token too.
 */
must_check_ int json_skip(struct json *j, enum json_token token, unsigned depth, unsigned max);
