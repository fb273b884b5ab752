#include "told-engine.h"
#include "docksill/base/clock.h"
#include "docksill/engine/response.h"
#include "docksill/host/engine-files.h"
#include <openssl/evp.h>

#define MEMORY ((size_t)16 << 20)

/* As dockerd would hand the answer to a plugin. */
static void take(struct told_engine *t, const char *target, const struct text *body) {
        cleanup_(arena_deinit) struct arena arena;
        struct request response;
        struct text call;
        unsigned char *encoded;

        arena_init(&arena, MEMORY);
        encoded = arena_alloc(&arena, (body->n + 2) / 3 * 4 + 1);
        if (!encoded)
                return;
        text_init_arena(&call, &arena);
        text_addf(&call,
                  "{\"RequestMethod\":\"GET\",\"RequestUri\":\"%s\",\"ResponseStatusCode\":200,\"ResponseBody\":\"",
                  target);
        text_add(&call, (struct str){ (const char *)encoded,
                                      (size_t)EVP_EncodeBlock(encoded, (const unsigned char *)body->p, (int)body->n) });
        text_addz(&call, "\"}");
        if (!call.failed && response_read(&response, &arena, text_str(&call)) == ENVELOPE_READ)
                engine_state_take(&t->state, &response, clock_monotonic());
}

static int ask(struct told_engine *t, struct engine_api *engine, const char *target, const struct command *command) {
        struct engine_answer answer = { 0 };
        int r = engine_api_call(engine, &answer, &(struct engine_call){ .method = "GET", .target = str_from(target) });

        if (r < 0) {
                r = engine_failed(command, engine_api_socket(engine), r, &answer);
        } else if (answer.status == 200 && answer.body.n < MEMORY / 4) {
                take(t, target, &answer.body);
                if (strcmp(target, "/info") == 0)
                        t->info = json_loadb(answer.body.p, answer.body.n, JSON_ALLOW_NUL, NULL);
        }
        engine_answer_deinit(&answer);
        return r;
}

int told_engine_ask(struct told_engine *out, struct engine_api *engine, const struct command *command) {
        int r;

        *out = (struct told_engine){ 0 };
        engine_files_look(&out->folders, NULL);
        r = ask(out, engine, "/info", command);
        return r == EXIT_FINE ? ask(out, engine, "/version", command) : r;
}

void told_engine_deinit(struct told_engine *t) {
        json_decref(t->info);
        t->info = NULL;
}

void told_engine_tell(const struct told_engine *t, struct request *request) {
        engine_state_tell(&t->state, request);
        engine_folders_mark(&t->state.folders, request);
        engine_folders_mark(&t->folders, request);
}
