#pragma once
/*
 * place: a folder with a file of records in it, and the name that a rotation gives to that.
 */
#include "docksill/base/arena.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct place {
        struct arena arena;
        char folder[64], path[96], other[96];
};

static inline struct place *place_new(const char *rotated) {
        struct place *p = calloc(1, sizeof(*p));

        assert_non_null(p);
        arena_init(&p->arena, 64 << 20);
        snprintf(p->folder, sizeof(p->folder), "/tmp/docksill-records-XXXXXX");
        assert_non_null(mkdtemp(p->folder));
        snprintf(p->path, sizeof(p->path), "%s/decisions.jsonl", p->folder);
        snprintf(p->other, sizeof(p->other), "%s/decisions.jsonl%s", p->folder, rotated);
        return p;
}

/* Nothing else may be left there. */
static inline void place_free(struct place *p) {
        unlink(p->path);
        unlink(p->other);
        assert_int_equal(rmdir(p->folder), 0);
        arena_deinit(&p->arena);
        free(p);
}
