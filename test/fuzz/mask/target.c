/*
 * The input is the body of a create that is captured: where it can be masked, the rules find in it what they found
 * before, and masking it once more changes nothing that they look at either.
 */
#include "../judge.h"
#include "docksill/record/mask.h"
#include <errno.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct masker *masker;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
        (void)argc;
        (void)argv;
        judge_init();
        assert(masker_new(&masker, judge_rules) == 0);
        return 0;
}

static void decide_call(struct decision *out, struct arena *arena, struct str call) {
        static struct request request; /* texts of the decision may point into it */

        assert(request_read(&request, arena, call) == ENVELOPE_READ);
        decide_at(out, judge_rules, &request, MODE_ENFORCE, 0, arena);
}

static void assert_alike(struct str call, struct str masked) {
        struct decision before, after;
        struct arena arena;

        arena_init(&arena, 2 * JUDGE_MEMORY);
        decide_call(&before, &arena, call);
        decide_call(&after, &arena, masked);
        assert(before.n_findings == after.n_findings);
        for (size_t i = 0; i < before.n_findings; ++i) {
                const struct finding *was = &before.findings[i], *is = &after.findings[i];

                assert(was->rule == is->rule && was->severity == is->severity && was->hard == is->hard);
        }
        arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct str masked, again;
        struct arena arena;
        struct text call;
        int r;

        arena_init(&arena, MASK_MEMORY);
        text_init(&call);
        envelope_add(&call, (struct sent){ STR_C("POST"), STR_C("/v1.41/containers/create?name=web"),
                                           size ? (struct str){ (const char *)data, size } : (struct str){ 0 } });
        r = mask_call(masker, &masked, &arena, text_str(&call));
        assert(r == 0 || r == -ENOTRECOVERABLE);
        if (r == 0) {
                assert_alike(text_str(&call), masked);
                if (mask_call(masker, &again, &arena, masked) == 0)
                        assert_alike(masked, again);
        }
        text_deinit(&call);
        arena_deinit(&arena);
        return 0;
}
