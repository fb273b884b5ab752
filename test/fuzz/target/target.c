/*
 * The input is a request target.
 */
#include "docksill/base/text.h"
#include "docksill/engine/operation.h"
#include "docksill/wire/target.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY ((size_t)4 << 20)

/* A path without a flaw is one that every router in between takes as it is. */
static void check_path(struct str path) {
        assert(path.n > 0 && path.p[0] == '/');
        assert(str_search(path, STR_C("//")) == path.n);
        assert(str_search(path, STR_C("/./")) == path.n);
        assert(str_search(path, STR_C("/../")) == path.n);
        assert(!str_ends(path, STR_C("/.")) && !str_ends(path, STR_C("/..")));
        for (size_t i = 0; i < path.n; ++i)
                assert((unsigned char)path.p[i] >= 0x20 && path.p[i] != 0x7f && path.p[i] != '\\');
}

/* What was decoded, escaped in full, decodes to the same. */
static void check_again(struct arena *arena, const struct target *target) {
        struct flaws flaws = { 0 };
        struct target again;
        struct text t;

        text_init_arena(&t, arena);
        if (target->version > 0)
                text_addf(&t, "/v1.%u", target->version);
        for (size_t i = 0; i < target->path.n; ++i)
                text_addf(&t, target->path.p[i] == '/' ? "/" : "%%%02x", (unsigned char)target->path.p[i]);
        if (t.failed || target_parse(&again, arena, &flaws, text_str(&t)) < 0)
                return;
        assert(!flaws_any(&flaws));
        assert(again.version == target->version && str_eq(again.path, target->path));
}

static void check_operation(const struct target *target) {
        static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS" };

        for (size_t i = 0; i < ARRAY_SIZE(methods); ++i) {
                struct operation_variables variables = { 0 };
                const struct operation *o = operation_match(str_from(methods[i]), target->path, &variables);

                assert(variables.n <= OPERATION_VARIABLES && (o || variables.n == 0));
                for (size_t j = 0; j < variables.n; ++j)
                        assert(variables.items[j].n < target->path.n);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct flaws flaws = { 0 };
        struct target target;
        struct arena arena;

        arena_init(&arena, MEMORY);
        if (target_parse(&target, &arena, &flaws, (struct str){ (const char *)data, size }) == 0) {
                for (size_t i = 0; i < target.n_parameters; ++i)
                        assert(target_parameter(&target, target.parameters[i].key).p);
                (void)target_bool(&target, STR_C("force"));
                if (!str_empty(target.path))
                        check_operation(&target);
                if (!flaws_any(&flaws)) {
                        check_path(target.path);
                        check_again(&arena, &target);
                }
        }
        arena_deinit(&arena);
        return 0;
}
