#include "explain-client.h"
#include "client-calls.h"
#include "docksill/serve/server-limits.h"
#include "frame/output.h"
#include "frame/terminal.h"
#include <errno.h>
#include <stdio.h>

#define SHOWN_MAX  1000
#define SAID_LINES 8 /* of what the client said last */

struct told {
        struct text text;
        json_t *list; /* of calls, for --format json */
        size_t listed, refused;
};

/* -- where it would go -- */

static bool is_named(const char *program, const char *const *names, size_t n) {
        size_t slash = str_find_last(str_from(program), '/');
        const char *name = program[slash] ? program + slash + 1 : program;

        for (size_t i = 0; i < n; ++i)
                if (strcmp(name, names[i]) == 0)
                        return true;
        return false;
}

static bool is_docker(const char *program) {
        static const char *const names[] = { "docker", "docker-compose" };

        return is_named(program, names, ARRAY_SIZE(names));
}

/* Global options stand before the first word that is none. */
static bool is_led_elsewhere(const char *const *argv) {
        static const char *const with_value[] = {
                "--config", "-l", "--log-level",    "--tlscacert",         "--tlscert",  "--tlskey",  "-f",
                "--file",   "-p", "--project-name", "--project-directory", "--env-file", "--profile", "--ansi"
        };
        static const char *const elsewhere[] = { "-H", "--host", "-c", "--context" };

        for (; *argv && (*argv)[0] == '-'; ++argv) {
                struct str option = str_from(*argv);

                for (size_t i = 0; i < ARRAY_SIZE(elsewhere); ++i)
                        if (str_starts(option, str_from(elsewhere[i])))
                                return true;
                if (is_named(*argv, with_value, ARRAY_SIZE(with_value)) && argv[1])
                        ++argv;
        }
        return false;
}

const char *explain_client_misled(const char *const *argv) {
        static const char *const others[] = { "podman", "nerdctl", "ctr", "crictl", "buildah" };
        static const char *const cleaners[] = { "sudo", "doas", "su", "ssh" };

        if (is_named(argv[0], others, ARRAY_SIZE(others)))
                return "is no Docker client: it would do what it is told";
        if (is_named(argv[0], cleaners, ARRAY_SIZE(cleaners)))
                return "may keep DOCKER_HOST from the client, which then would do what it is told; leave it out";
        if (is_docker(argv[0]) && is_led_elsewhere(argv + 1))
                return "is told which engine to talk to; leave out -H, --host, -c and --context, or it would do it "
                       "there";
        return NULL;
}

/* -- calls -- */

static void add_call(struct text *out, const struct sent_call *call) {
        if (out->n)
                text_add_char(out, '\n');
        text_addz(out, "call:        ");
        text_add_visible(out, call->method, 20);
        text_add_char(out, ' ');
        text_add_visible(out, call->target, SHOWN_MAX);
        if (call->service.n) {
                text_addz(out, "\nservice:     ");
                text_add_visible(out, call->service, 200);
        }
        text_add_char(out, '\n');
}

static int add_text(struct told *told, const struct explained *e, const struct sent_call *call,
                    const struct asked *asked) {
        add_call(&told->text, call);
        if (e->decision.verdict == VERDICT_ALLOW && e->decision.n_findings == 0) {
                text_addz(&told->text, "verdict:     allow, no findings\n");
                return told->text.failed ? -ENOMEM : 0;
        }
        if (explained_text(&told->text, e, asked->arena, terminal_colour(STDOUT_FILENO)) < 0)
                return -ENOMEM;
        return road_add(&told->text, e, call->call, &asked->from, asked->arena);
}

static int add_json(struct told *told, const struct explained *e, const struct sent_call *call,
                    const struct asked *asked) {
        json_t *made = json_pack(
                "{s:o, s:o, s:o, s:o, s:o}", "method", printable_json(call->method), "target",
                printable_json(call->target), "service", call->service.n ? printable_json(call->service) : json_null(),
                "call", json_loadb(call->call.p, call->call.n, 0, NULL), "explained", explained_json(e, asked->arena));

        return json_array_append_new(told->list, made) < 0 ? -ENOMEM : 0;
}

/* A read is passed over unless it is refused. Returns EXIT_FINE, EXIT_FINDINGS or worse. */
static int explain_call(struct told *told, const struct sent_call *call, const struct asked *asked) {
        struct explained e = { .rules = asked->rules };
        cleanup_(arena_deinit) struct arena judged;
        bool reads = call->operation && call->operation->flags & OPERATION_READ;
        int r;

        arena_init(&judged, SERVER_REQUEST_MEMORY);
        r = judge(&e, &judged, asked, call->call);
        if (r != EXIT_FINE || (reads && e.decision.allow))
                return r;
        ++told->listed;
        told->refused += !e.decision.allow;
        r = asked->json ? add_json(told, &e, call, asked) : add_text(told, &e, call, asked);
        if (r < 0)
                return judge_failed(&command_explain, -ENOMEM, "printing");
        return e.decision.allow ? EXIT_FINE : EXIT_FINDINGS;
}

/* -- the client -- */

/* Whether it did what it was asked to, as far as that can be told. */
static bool is_done(const struct client_calls *calls) {
        return calls->exit_code == 0 && !calls->timed_out;
}

static size_t lines(struct str s) {
        size_t n = 0;

        while (s.p) {
                (void)str_cut(&s, '\n');
                ++n;
        }
        return n;
}

static void complain(const char *client, const struct client_calls *calls, const char *what) {
        cleanup_(text_deinit) struct text t;
        struct str said = calls->said;

        text_init(&t);
        text_addz(&t, "docksill explain: ");
        text_add_visible(&t, str_from(client), 200);
        text_addf(&t, " %s", what);
        if (calls->timed_out)
                text_addz(&t, ": it had not ended in time, and was ended (--timeout)");
        else
                text_addf(&t, ": it ended with exit code %d", calls->exit_code);
        text_addz(&t, said.n ? "; it said:\n" : "\n");
        for (size_t before = lines(said); before > SAID_LINES; --before)
                (void)str_cut(&said, '\n');
        while (said.n) {
                text_addz(&t, "    ");
                text_add_visible(&t, str_cut(&said, '\n'), 500);
                text_add_char(&t, '\n');
        }
        (void)!terminal_write(STDERR_FILENO, &t);
}

static int print(struct told *told, const struct client_calls *calls, const struct asked *asked) {
        json_t *tree;

        if (!asked->json) {
                if (told->listed)
                        text_addf(&told->text, "\n%zu of %zu calls would be refused\n", told->refused, told->listed);
                else
                        text_addz(&told->text, "it only reads: no call would be refused\n");
                return output_text(&command_explain, &told->text);
        }
        tree = json_pack("{s:s, s:O, s:I, s:{s:i, s:b}}", "schema", "docksill.explain-client/1", "calls", told->list,
                         "refused", (json_int_t)told->refused, "client", "exit_code", calls->exit_code, "timed_out",
                         calls->timed_out);
        return output_json(&command_explain, tree);
}

static int explain_sent(struct told *told, const struct client_calls *calls, const char *client,
                        const struct asked *asked) {
        int r = EXIT_FINE, printed;

        for (size_t i = 0; r <= EXIT_FINDINGS && i < calls->sent.n; ++i) {
                int one = explain_call(told, &calls->sent.items[i], asked);

                r = one > r ? one : r;
        }
        if (r > EXIT_FINDINGS)
                return r;
        if (calls->sent.n == 0 || (!is_done(calls) && told->listed == 0)) {
                complain(client, calls, "sent nothing to be judged");
                return EXIT_ENVIRONMENT;
        }
        printed = print(told, calls, asked);
        if (!is_done(calls))
                complain(client, calls, "may not have sent all");
        return printed > r ? printed : r;
}

int explain_client(const struct asked *asked, char *const *argv, unsigned seconds) {
        const struct client_command command = { argv, seconds, is_docker(argv[0]) };
        json_auto_t *list = json_array();
        struct told told = { .list = list };
        struct client_calls calls;
        int r;

        if (!list)
                return judge_failed(&command_explain, -ENOMEM, "printing");
        r = client_calls(&calls, asked->arena, &command);
        if (r != EXIT_FINE)
                return r;
        text_init(&told.text);
        r = explain_sent(&told, &calls, argv[0], asked);
        text_deinit(&told.text);
        return r;
}
