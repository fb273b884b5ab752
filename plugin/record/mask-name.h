#pragma once
/*
 * mask-name: whether what is called so is a secret.
 */
#include "docksill/rules/search.h"

/* The rules' own expressions, by their names; NULL: they have none. */
struct mask_searches {
        struct search *name;       /* secret-name: of variables */
        struct search *data_name;  /* secret-data-name */
        struct search *credential; /* in any text */
        struct search *far;        /* which of these cost more */
};

enum naming {
        NAMES_NOTHING, /* or where a secret lies, and the like: "DB_PASSWORD_FILE" */
        NAMES_PERHAPS, /* it sounds so: "cookie-salt" */
        NAMES_SECRET,  /* to the rules */
};
enum naming naming_of(const struct mask_searches *s, struct str name);

/* For who walks over names and texts. */
static inline bool is_alpha(char c) {
        return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static inline bool is_alnum(char c) {
        return is_alpha(c) || ascii_digit(c);
}

static inline bool is_blank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool is_quote(char c) {
        return c == '"' || c == '\'' || c == '`';
}

static inline struct str between(struct str s, size_t start, size_t end) {
        return str_first(str_skip(s, start), end - start);
}
