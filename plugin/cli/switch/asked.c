#include "asked.h"
#include "docksill/host/engine-api.h"
#include "docksill/serve/proof.h"
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#define WORD_BYTES 12

/* What stands before the plugin's own reason in dockerd's. */
#define DENIED "authorization denied by plugin "

/* A word that nobody can have known before. */
static bool make_word(char *out) {
        unsigned char bytes[WORD_BYTES];

        if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
                return false;
        for (size_t i = 0; i < sizeof(bytes); ++i)
                sprintf(out + 2 * i, "%02x", bytes[i]);
        return true;
}

static void silent(struct asked_answer *out, const char *why) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_add_visible(&t, str_from(why), sizeof(out->why) - 8);
        out->asked = ASKED_SILENT;
        snprintf(out->why, sizeof(out->why), "%s", t.p ? t.p : "");
}

/* The proof in a reason, if it says the word. */
static bool take_proof(struct asked_answer *out, const char *reason, const char *word) {
        const char *json = reason ? strstr(reason, PROOF_MARK) : NULL;
        const char *said;

        if (!json)
                return false;
        out->proof = json_loads(json + strlen(PROOF_MARK), JSON_DISABLE_EOF_CHECK, NULL);
        said = json_string_value(json_object_get(out->proof, "word"));
        if (!said || strcmp(said, word) != 0)
                return false;
        out->asked = ASKED_YES;
        return true;
}

static void take_name(struct asked_answer *out, const char *reason) {
        struct str rest = str_from(reason), name;

        if (!str_starts(rest, STR_C(DENIED)))
                return;
        rest = str_skip(rest, strlen(DENIED));
        name = str_first(rest, str_find(rest, ':'));
        (void)str_to_z(name, out->plugin, sizeof(out->plugin));
}

/* Returns 0 when there is an answer, and what it says in @answer. */
static int call(struct asked_answer *out, struct engine_answer *answer, const char *socket,
                const struct engine_call *how) {
        cleanup_(engine_api_freep) struct engine_api *engine = NULL;
        int r = engine_api_new(&engine, socket, NULL);

        if (r == 0)
                r = engine_api_call(engine, answer, how);
        if (r == -ENOTSUP)
                silent(out, "this docksill was built without libcurl, by which it would ask");
        else if (r < 0)
                silent(out, answer->why ? answer->why : strerror(-r));
        return r;
}

/* 200 without us; 403 by us, or by another plugin, or by something before the engine. */
void asked_engine(struct asked_answer *out, const char *socket, unsigned seconds) {
        struct engine_answer answer = { 0 };
        json_auto_t *body = NULL;
        char word[2 * WORD_BYTES + 1], target[128];
        const char *message;

        *out = (struct asked_answer){ .asked = ASKED_SILENT };
        if (!make_word(word)) {
                silent(out, "no random word is to be had");
                return;
        }
        snprintf(target, sizeof(target), "/_ping?docksill-proof=%s", word);
        if (call(out, &answer, socket,
                 &(struct engine_call){ .method = "GET", .target = str_from(target), .seconds = seconds }) == 0) {
                body = json_loadb(answer.body.p ? answer.body.p : "", answer.body.n, 0, NULL);
                message = json_string_value(json_object_get(body, "message"));
                if (answer.status == 200)
                        out->asked = ASKED_NO;
                else if (take_proof(out, message, word))
                        take_name(out, message);
                else
                        silent(out, message ? message : "the engine refuses a ping, and does not say why");
        }
        engine_answer_deinit(&answer);
}

void asked_plugin(struct asked_answer *out, const char *socket, unsigned seconds) {
        struct engine_answer answer = { 0 };
        json_auto_t *body = NULL;
        char word[2 * WORD_BYTES + 1], text[256];

        *out = (struct asked_answer){ .asked = ASKED_SILENT };
        if (!make_word(word)) {
                silent(out, "no random word is to be had");
                return;
        }
        snprintf(text, sizeof(text), "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping?docksill-proof=%s\"}", word);
        if (call(out, &answer, socket,
                 &(struct engine_call){ .method = "POST",
                                        .target = STR_C("/AuthZPlugin.AuthZReq"),
                                        .body = str_from(text),
                                        .seconds = seconds }) == 0) {
                body = json_loadb(answer.body.p ? answer.body.p : "", answer.body.n, 0, NULL);
                if (!take_proof(out, json_string_value(json_object_get(body, "Msg")), word))
                        silent(out, "who listens there is no docksill of this version");
        }
        engine_answer_deinit(&answer);
}

const char *asked_text(const struct asked_answer *a, const char *key) {
        const char *text = json_string_value(json_object_get(a->proof, key));

        return text ? text : "";
}

void asked_deinit(struct asked_answer *a) {
        json_decref(a->proof);
        a->proof = NULL;
}
