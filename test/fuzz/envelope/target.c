/*
 * The input is an AuthZReq call as it comes over the socket.
 */
#include "../judge.h"
#include "docksill/wire/envelope.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
        (void)argc;
        (void)argv;
        judge_init();
        return 0;
}

static void read_envelope(struct str text) {
        struct flaws flaws = { 0 };
        struct envelope e;
        struct arena arena;
        struct str body;

        arena_init(&arena, JUDGE_MEMORY);
        if (envelope_parse(&e, &arena, &flaws, text) == ENVELOPE_READ) {
                assert(e.method.given && e.uri.given);
                assert(envelope_header(&e, STR_C("content-type")).n == envelope_header(&e, STR_C("Content-Type")).n);
                if (envelope_body(&e, &arena, &flaws, &body) == 0 && body.p) {
                        assert(!flaws_have(&flaws, FLAW_BAD_BASE64));
                        /* Four characters for three bytes, without a spelling to spare. */
                        assert((body.n + 2) / 3 * 4 == e.body.value.n);
                }
        }
        arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct str text = { (const char *)data, size };

        read_envelope(text);
        judge_call(text);
        return 0;
}
