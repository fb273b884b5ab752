#pragma once
/*
 * recorded: decisions of the past, looked up in a file of records by the id that a refusal names.
 */
#include "docksill/rules/ruleset.h"
#include <jansson.h>

#define RECORDED_ID_LEAST 6  /* digits of an id that are enough */
#define RECORDED_MOST     20 /* that are listed when several fit */

struct recorded {
        json_t *items[RECORDED_MOST]; /* whole records */
        size_t n, more;
};

/* Whether @text can be an id or the beginning of one: 6 to 16 hex digits. */
bool recorded_is_id(struct str text);

/**
 * recorded_find() - all decisions whose id begins so
 * @out:  recorded_deinit() it
 * @path: "-": standard input
 * @id:   any case
 *
 * Lines that are no records are passed over: the last one may be half written. Returns 0, -ENOMEM, or what
 * record_file_open() and record_file_next() do.
 */
must_check_ int recorded_find(struct recorded *out, const char *path, struct str id);
void recorded_deinit(struct recorded *r);

/* A member that is a text, shown to people as it is; empty when it is none. */
struct str recorded_text(const json_t *map, const char *key);

/* The decision at length, findings with what the rules of today say of them; a rule that is gone is told so.
 * Returns 0 or -ENOMEM. */
must_check_ int recorded_add_text(struct text *out, const json_t *record, const struct ruleset *rules,
                                  struct arena *arena);

/* "docksill.explain-record/1"; NULL when there is no memory. */
json_t *recorded_json(json_t *record, const struct ruleset *rules, struct arena *arena);
