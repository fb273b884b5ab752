#define PCRE2_CODE_UNIT_WIDTH 8

#include "regex.h"

#include "literals.h"
#include "printable.h"
#include <assert.h>
#include <pcre2.h>

#define PATTERN_MOST 4096
#define DEPTH_LIMIT  10000
#define HEAP_LIMIT   256 /* KiB; PCRE2 keeps what it once needed */
#define ITEM_STEPS   8
#define SCAN_BYTES   16   /* of a text that are looked through for a literal in a step */
#define LONG_TEXT    4096 /* bytes: a text worth remembering */
#define REMEMBERED   8

struct regex {
        struct regex_engine *engine;
        struct regex *next; /* of the engine's expressions */
        struct str pattern;
        pcre2_code *code;
        bool filtered;
        struct literals literals;
};

/* The match data grows at a first hard match and stays: nothing is allocated for a match after that. */
struct regex_engine {
        struct regex *all;
        pcre2_compile_context *compile;
        pcre2_match_context *match;
        pcre2_match_data *data;

        PCRE2_SIZE at; /* of the match that runs */
        int64_t left;  /* steps */

        /* Long texts of this request, and what came of them: rules share expressions. */
        struct {
                const struct regex *regex;
                struct str text;
                bool matched;
        } remembered[REMEMBERED];
        unsigned next_remembered;
};

/*
 * Called before each item of the expression (PCRE2_AUTO_CALLOUT). PCRE2's own match limit begins anew at each place in
 * the text, so that "[a-z]*x" would read a megabyte of letters a million times; steps and bytes passed over are counted
 * here instead, over all places.
 */
static int count_work(pcre2_callout_block *block, void *data) {
        struct regex_engine *e = data;
        PCRE2_SIZE now = block->current_position;

        e->left -= ITEM_STEPS + (int64_t)(now > e->at ? now - e->at : e->at - now);
        e->at = now;
        return e->left < 0 ? PCRE2_ERROR_MATCHLIMIT : 0;
}

void regex_engine_begin(struct regex_engine *e, size_t bytes) {
        e->left = REGEX_STEPS(bytes);
        memset(e->remembered, 0, sizeof(e->remembered));
        e->next_remembered = 0;
}

bool regex_engine_spent(const struct regex_engine *e) {
        return e->left < 0;
}

int regex_engine_new(struct regex_engine **out, struct arena *arena) {
        struct regex_engine *e = ARENA_NEW(arena, struct regex_engine);

        if (!e)
                return -ENOMEM;
        e->compile = pcre2_compile_context_create(NULL);
        e->match = pcre2_match_context_create(NULL);
        e->data = pcre2_match_data_create(1, NULL);
        if (!e->compile || !e->match || !e->data) {
                regex_engine_free(e);
                return -ENOMEM;
        }
        pcre2_set_max_pattern_length(e->compile, PATTERN_MOST);
        pcre2_set_match_limit(e->match, UINT32_MAX); /* count_work() has a better one */
        pcre2_set_depth_limit(e->match, DEPTH_LIMIT);
        pcre2_set_heap_limit(e->match, HEAP_LIMIT);
        pcre2_set_callout(e->match, count_work, e);
        regex_engine_begin(e, 0);
        *out = e;
        return 0;
}

void regex_engine_free(struct regex_engine *e) {
        if (!e)
                return;
        for (const struct regex *r = e->all; r; r = r->next)
                pcre2_code_free(r->code);
        pcre2_match_data_free(e->data);
        pcre2_match_context_free(e->match);
        pcre2_compile_context_free(e->compile);
}

static bool is_ascii(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if ((unsigned char)s.p[i] >= 0x80)
                        return false;
        return true;
}

static int report(struct position at, struct diag *diag, int error, PCRE2_SIZE offset) {
        PCRE2_UCHAR message[200];

        if (error == PCRE2_ERROR_NOMEMORY)
                return -ENOMEM;
        if (pcre2_get_error_message(error, message, sizeof(message)) < 0)
                message[0] = '\0';
        return diag_error(diag, at, DIAG_BAD_REGEX, "at offset %zu of the expression: %s", (size_t)offset,
                          (const char *)message);
}

/* One that is compiled already: rules share expressions. */
static const struct regex *find(const struct regex_engine *engine, struct str pattern) {
        const struct regex *r = engine->all;

        while (r && !str_eq(r->pattern, pattern))
                r = r->next;
        return r;
}

int regex_new(const struct regex **out, struct regex_engine *engine, struct arena *arena, struct str pattern,
              struct position at, struct diag *diag) {
        uint32_t options = PCRE2_AUTO_CALLOUT | PCRE2_NEVER_BACKSLASH_C;
        struct regex *r;
        PCRE2_SIZE offset = 0;
        int error = 0;

        *out = find(engine, pattern);
        if (*out)
                return 0;
        r = ARENA_NEW(arena, struct regex);
        if (!r || arena_str(arena, pattern, &r->pattern) < 0)
                return -ENOMEM;
        /* A text may hold bytes that are not UTF-8; they are passed over rather than an error. */
        options |= is_ascii(pattern) ? PCRE2_NEVER_UTF : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
        r->code = pcre2_compile((PCRE2_SPTR)(pattern.n ? pattern.p : ""), pattern.n, options, &error, &offset,
                                engine->compile);
        if (!r->code)
                return report(at, diag, error, offset);
        r->engine = engine;
        r->next = engine->all;
        engine->all = r;
        r->filtered = literals_find(pattern, &r->literals);
        *out = r;
        return 0;
}

struct str regex_pattern(const struct regex *regex) {
        return regex->pattern;
}

bool regex_filtered(const struct regex *regex) {
        return regex->filtered;
}

bool regex_candidate(const struct regex *regex, struct str text) {
        struct regex_engine *e = regex->engine;

        if (!regex->filtered)
                return true;
        e->left -= (int64_t)(text.n / SCAN_BYTES);
        return e->left < 0 || literals_in(&regex->literals, text, &e->left);
}

/* What the engine gives up for another reason, depth or memory, ends the steps as well. */
static bool match(const struct regex *regex, struct str text) {
        struct regex_engine *e = regex->engine;
        int r;

        if (e->left < 0)
                return true;
        if (!regex_candidate(regex, text))
                return false;
        if (e->left < 0)
                return true;
        e->at = 0;
        r = pcre2_match(regex->code, (PCRE2_SPTR)(text.n ? text.p : ""), text.n, 0, 0, e->data, e->match);
        if (r < 0 && r != PCRE2_ERROR_NOMATCH)
                e->left = -1;
        return r != PCRE2_ERROR_NOMATCH;
}

bool regex_matches(const struct regex *regex, struct str text) {
        struct regex_engine *e = regex->engine;
        bool matched;

        if (text.n < LONG_TEXT)
                return match(regex, text);
        for (unsigned i = 0; i < REMEMBERED; ++i)
                if (e->remembered[i].regex == regex && e->remembered[i].text.p == text.p &&
                    e->remembered[i].text.n == text.n)
                        return e->remembered[i].matched;
        matched = match(regex, text);
        e->remembered[e->next_remembered].regex = regex;
        e->remembered[e->next_remembered].text = text;
        e->remembered[e->next_remembered].matched = matched;
        e->next_remembered = (e->next_remembered + 1) % REMEMBERED;
        return matched;
}

bool regex_find(const struct regex *regex, struct str text, size_t *start, size_t *end) {
        struct regex_engine *e = regex->engine;
        const PCRE2_SIZE *at = pcre2_get_ovector_pointer(e->data);

        if (!match(regex, text))
                return false;
        *start = e->left < 0 ? 0 : at[0];
        *end = e->left < 0 ? text.n : at[1];
        return true;
}
