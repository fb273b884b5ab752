#include "docksill/decide/explain.h"
#include "docksill/base/file.h"
#include "docksill/cli/command.h"
#include "docksill/serve/server.h"
#include "explain.h"
#include "setup.h"
#include "terminal.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>

/* The input, the call made of it, and what is printed. */
#define EXPLAIN_MEMORY (64u * 1024 * 1024)

enum { OPTION_CONFIG, OPTION_ENVIRONMENT, OPTION_RULES, OPTION_MODE, OPTION_FORMAT, OPTIONS };
static const struct option_row options[] = {
        [OPTION_CONFIG] = { "config", "FILE", "settings; default " CONFIG_FILE },
        [OPTION_ENVIRONMENT] = { "environment", "NAME|FILE", "limits and rules to judge by; default production" },
        [OPTION_RULES] = { "rules", "FOLDER", "where rules and environments are" },
        [OPTION_MODE] = { "mode", "audit|enforce", "the answer in this mode; default enforce" },
        [OPTION_FORMAT] = { "format", "text|json", "how to print it; default text" },
        [OPTIONS] = { NULL },
};

static int input_read(struct arena *arena, const char *path, struct str *out) {
        int r = strcmp(path, "-") == 0 ? file_read_fd(arena, STDIN_FILENO, SERVER_CALL_MAX, out)
                                       : file_read(arena, path, SERVER_CALL_MAX, out);

        if (r < 0)
                fprintf(stderr, "docksill explain: %s: %s\n", path, strerror(-r));
        return r;
}

/* An AuthZ call is told from a create body by a key that no create body has. What is no JSON object is taken for a
 * body, so that the finding says what is wrong with it. */
static bool is_envelope(struct arena *arena, struct str text) {
        enum json_token token;
        struct json j;

        json_init(&j, arena, text);
        if (json_next(&j) != TOKEN_OBJECT)
                return false;
        while ((token = json_next(&j)) == TOKEN_STRING) {
                if (str_eq_fold(j.text, STR_C("RequestMethod")))
                        return true;
                if (json_next(&j) != TOKEN_COLON || json_skip(&j, json_next(&j), 1, GOJSON_DEPTH) < 0 ||
                    json_next(&j) != TOKEN_COMMA)
                        return false;
        }
        return false;
}

/* The call that dockerd would make of it: docker's own client, the oldest API version whose engine is supported. */
static int wrap_body(struct arena *arena, struct str body, struct str *out) {
        unsigned char *encoded;
        struct text t;

        if (body.n > INT32_MAX)
                return -EFBIG;
        encoded = arena_alloc(arena, (body.n + 2) / 3 * 4 + 1);
        if (!encoded)
                return -ENOMEM;
        text_init_arena(&t, arena);
        text_addf(&t,
                  "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/create\",\"RequestHeaders\":"
                  "{\"Content-Length\":\"%zu\",\"Content-Type\":\"application/json\"}",
                  body.n);
        if (body.n) {
                int n = EVP_EncodeBlock(encoded, (const unsigned char *)body.p, (int)body.n);

                text_addz(&t, ",\"RequestBody\":\"");
                text_add(&t, (struct str){ (const char *)encoded, (size_t)n });
                text_addz(&t, "\"");
        }
        text_addz(&t, "}");
        if (t.failed)
                return -ENOMEM;
        *out = text_str(&t);
        return 0;
}

static int judge(struct explained *e, struct arena *arena, struct str call, enum mode mode) {
        enum envelope_refusal refusal;
        struct decision_ids ids;

        refusal = request_read(&e->request, arena, call);
        if (refusal != ENVELOPE_READ) {
                fprintf(stderr, "docksill explain: %s\n", envelope_refusal_text(refusal));
                return EXIT_ENVIRONMENT;
        }
        decide(&e->decision, e->rules, &e->request, mode, arena);
        e->decision.id = decision_ids_init(&ids) == 0 ? decision_ids_next(&ids) : 0;
        return EXIT_FINE;
}

static int print(const struct explained *e, struct arena *arena, bool json) {
        cleanup_(text_deinit) struct text t;
        int r;

        text_init(&t);
        if (json)
                r = explained_json(&t, e, arena);
        else
                r = explained_text(&t, e, arena, terminal_colour(STDOUT_FILENO));
        if (r == 0)
                r = terminal_write(STDOUT_FILENO, &t);
        if (r == 0)
                return EXIT_FINE;
        fprintf(stderr, "docksill explain: %s\n", strerror(-r));
        return EXIT_ENVIRONMENT;
}

static int explain(const struct ruleset *rules, const char *path, enum mode mode, bool json) {
        struct explained e = { .rules = rules };
        cleanup_(arena_deinit) struct arena arena, judged;
        struct str input, call;
        int r;

        arena_init(&arena, EXPLAIN_MEMORY);
        arena_init(&judged, SERVER_REQUEST_MEMORY);
        if (input_read(&arena, path, &input) < 0)
                return EXIT_ENVIRONMENT;
        call = input;
        if (!is_envelope(&arena, input) && wrap_body(&arena, input, &call) < 0) {
                fputs("docksill explain: no memory\n", stderr);
                return EXIT_ENVIRONMENT;
        }
        r = judge(&e, &judged, call, mode);
        if (r == EXIT_FINE)
                r = print(&e, &arena, json);
        if (r != EXIT_FINE)
                return r;
        return e.decision.allow ? EXIT_FINE : EXIT_FINDINGS;
}

static int run(int argc, char **argv) {
        cleanup_(freep) const char **rest = calloc((size_t)argc, sizeof(*rest));
        const char *values[OPTIONS], *format;
        struct config_flags flags;
        struct setup setup;
        size_t n;
        int r;

        if (!rest || options_read(&command_explain, argc, argv, values, rest, &n) < 0)
                return EXIT_USAGE;
        if (n != 1)
                return command_misused(&command_explain, "takes one file, or - for standard input");
        format = values[OPTION_FORMAT] ? values[OPTION_FORMAT] : "text";
        if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
                return command_misused(&command_explain, "--format is text or json");

        flags = (struct config_flags){
                .config = values[OPTION_CONFIG],
                .environment = values[OPTION_ENVIRONMENT],
                .rules = values[OPTION_RULES],
                .mode = values[OPTION_MODE],
        };
        r = setup_open(&setup, &command_explain, &flags);
        if (r != EXIT_FINE)
                return r;
        r = setup_rules(&setup);
        /* The question is what would be refused, so a host's audit mode is no answer to it unless it is asked for. */
        if (r == EXIT_FINE)
                r = explain(setup.rules, rest[0], flags.mode ? setup.config.mode : MODE_ENFORCE,
                            strcmp(format, "json") == 0);
        setup_close(&setup);
        return r;
}

const struct command command_explain = {
        .name = "explain",
        .arguments = "FILE|-",
        .doc = "Judge one request and explain the verdict.\n"
               "The input is the body of a container create, or a whole AuthZ call (an object with RequestMethod).\n"
               "Exit status: 0 allowed, 1 denied.",
        .options = options,
        .run = run,
};
