#define PCRE2_CODE_UNIT_WIDTH 8

#include "regex.h"

#include "literals.h"
#include "shown.h"
#include <assert.h>
#include <pcre2.h>

#define PATTERN_MOST 4096
#define MATCH_LIMIT  100000
#define DEPTH_LIMIT  10000
#define HEAP_LIMIT   256 /* KiB; PCRE2 keeps what it once needed */
#define WORK_FLOOR   20000
#define WORK_A_BYTE  64

struct regex {
        struct regex_engine *engine;
        struct regex *next; /* of the engine's expressions */
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

        /* Of the match that runs. */
        PCRE2_SIZE at;
        size_t work, bound;
};

/*
 * Called before each item of the expression (PCRE2_AUTO_CALLOUT). PCRE2's own match limit begins anew at each place in
 * the text, so that "[a-z]*x" would read a megabyte of letters a million times; steps and bytes passed over are counted
 * here instead, over all places.
 */
static int count_work(pcre2_callout_block *block, void *data) {
        struct regex_engine *e = data;
        PCRE2_SIZE now = block->current_position;

        e->work += 1 + (now > e->at ? now - e->at : e->at - now);
        e->at = now;
        return e->work > e->bound ? PCRE2_ERROR_MATCHLIMIT : 0;
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
        pcre2_set_match_limit(e->match, MATCH_LIMIT);
        pcre2_set_depth_limit(e->match, DEPTH_LIMIT);
        pcre2_set_heap_limit(e->match, HEAP_LIMIT);
        pcre2_set_callout(e->match, count_work, e);
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

int regex_new(const struct regex **out, struct regex_engine *engine, struct arena *arena, struct str pattern,
              struct position at, struct diag *diag) {
        uint32_t options = PCRE2_AUTO_CALLOUT | PCRE2_NEVER_BACKSLASH_C;
        struct regex *r = ARENA_NEW(arena, struct regex);
        PCRE2_SIZE offset = 0;
        int error = 0;

        if (!r)
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

bool regex_filtered(const struct regex *regex) {
        return regex->filtered;
}

bool regex_candidate(const struct regex *regex, struct str text) {
        return !regex->filtered || literals_in(&regex->literals, text);
}

bool regex_matches(const struct regex *regex, struct str text) {
        struct regex_engine *e = regex->engine;
        int r;

        if (!regex_candidate(regex, text))
                return false;
        e->at = 0;
        e->work = 0;
        e->bound = text.n > (SIZE_MAX - WORK_FLOOR) / WORK_A_BYTE ? SIZE_MAX : WORK_FLOOR + text.n * WORK_A_BYTE;
        r = pcre2_match(regex->code, (PCRE2_SPTR)(text.n ? text.p : ""), text.n, 0, 0, e->data, e->match);
        /* Every limit, and every other failure, counts as matched. */
        return r != PCRE2_ERROR_NOMATCH;
}
