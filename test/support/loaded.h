#pragma once
/*
 * loaded: rules at hand as text, written to a folder of their own and loaded.
 */
#include "docksill/rules/ruleset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct loaded {
        struct arena arena;
        struct diag diag;
        struct ruleset *rules;
        char path[64];
};

/* @text: a whole file of kind rules, without the two lines at its head. */
static inline void loaded_init(struct loaded *l, const char *text) {
        const char *paths[] = { l->path };
        FILE *file;
        int fd;

        *l = (struct loaded){ .path = "/tmp/docksill-loaded-XXXXXX" };
        fd = mkstemp(l->path);
        assert_true(fd >= 0);
        file = fdopen(fd, "w");
        assert_non_null(file);
        fprintf(file, "docksill: v1\nkind: rules\n%s", text);
        assert_int_equal(fclose(file), 0);
        arena_init(&l->arena, (size_t)64 << 20);
        diag_init(&l->diag);
        if (ruleset_load_rules(&l->rules, paths, 1, &l->diag) < 0)
                fail_msg("line %u: %s", l->diag.items[0].line, l->diag.items[0].message.p);
        unlink(l->path);
}

static inline void loaded_deinit(struct loaded *l) {
        ruleset_unref(l->rules);
        diag_deinit(&l->diag);
        arena_deinit(&l->arena);
}
