#include "doctor.h"
#include "docksill/host/engine-api.h"
#include "frame/output.h"
#include "probe.h"
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#define TRY_SECONDS 20 /* longer than an engine waits for a plugin that is dead */

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        OPTION_ROWS_REGISTRATION,
        { "root", "FOLDER", "look below this folder instead of /; then no engine is asked unless --engine names one" },
        { "probe", NULL, "only whether dockerd asks docksill: for a timer" },
        { "metrics", "FILE", "also write it and docksill's metrics, for node_exporter's textfile collector" },
        OPTION_ROW_FORMAT,
        { NULL },
};

void doctor_find(struct doctor *d, const char *id, const char *remedy, const char *what, ...) {
        struct doctor_finding *slot = ARENA_PUSH(&d->r.arena, &d->findings);
        struct text t;
        va_list args;

        text_init_arena(&t, &d->r.arena);
        va_start(args, what);
        text_addv(&t, what, args);
        va_end(args);
        if (!slot || t.failed) {
                d->failed = true;
                return;
        }
        *slot = (struct doctor_finding){ id, text_str(&t), str_from(remedy) };
}

bool doctor_path(const struct doctor *d, const char *path, char *out, size_t size) {
        return snprintf(out, size, "%s%s", d->r.root, path) < (int)size;
}

/* -- what is looked at -- */

static void ask_version(struct doctor *d) {
        cleanup_(engine_api_freep) struct engine_api *engine = NULL;
        struct engine_answer answer = { 0 };
        json_auto_t *body = NULL;
        const char *version;
        struct text visible;

        if (engine_api_new(&engine, d->r.engine, NULL) < 0 ||
            engine_api_call(engine, &answer,
                            &(struct engine_call){ .method = "GET", .target = STR_C("/version"), .seconds = 20 }) < 0) {
                engine_answer_deinit(&answer);
                return;
        }
        body = json_loadb(answer.body.p ? answer.body.p : "", answer.body.n, 0, NULL);
        engine_answer_deinit(&answer);
        version = json_string_value(json_object_get(body, "Version"));
        if (!version)
                return;
        text_init_arena(&visible, &d->r.arena);
        text_add_visible(&visible, str_from(version), 60);
        if (!visible.failed)
                d->version = text_str(&visible);
}

/* What is wrong with docksill's own files `docksill check` says; here is only that something is. */
static void read_own(struct doctor *d, const struct invocation *in) {
        const struct config_flags flags = { .config = invocation_option(in, "config") };
        const struct ruleset_options load = { .rules = d->r.config.rules,
                                              .environment = d->r.config.environment,
                                              .exemptions = d->r.config.exemptions,
                                              .at = { 0 } };

        d->setup.flags = flags;
        diag_init(&d->setup.diag);
        if (d->r.config_read)
                d->rules_read = ruleset_load(&d->setup.rules, &load, &d->setup.diag) == 0;
}

static int open_doctor(struct doctor *d, const struct invocation *in) {
        int result;

        *d = (struct doctor){ .asked = { .asked = ASKED_SILENT }, .own = { .asked = ASKED_SILENT } };
        diag_init(&d->setup.diag);
        result = registration_open(&d->r, in);
        if (result != EXIT_FINE)
                return result;
        d->engine = !*d->r.root || invocation_option(in, "engine");
        if (d->engine)
                asked_engine(&d->asked, d->r.engine, TRY_SECONDS);
        return EXIT_FINE;
}

static void close_doctor(struct doctor *d) {
        asked_deinit(&d->asked);
        asked_deinit(&d->own);
        ruleset_unref(d->setup.rules);
        diag_deinit(&d->setup.diag);
        registration_close(&d->r);
}

static void look_at_all(struct doctor *d, const struct invocation *in) {
        char socket[PATH_MAX];

        read_own(d, in);
        if (doctor_path(d, d->r.socket, socket, sizeof(socket)))
                asked_plugin(&d->own, socket, 5);
        if (d->engine)
                ask_version(d);
        doctor_look_at_registration(d);
        doctor_look_at_engine(d);
        doctor_look_at_docksill(d);
}

/* -- what is said -- */

static int print_json(const struct doctor *d) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < d->findings.n; ++i) {
                const struct doctor_finding *f = &d->findings.items[i];

                if (json_array_append_new(list,
                                          json_pack("{s:s, s:o, s:o}", "id", f->id, "what", printable_json(f->what),
                                                    "remedy", printable_json(f->remedy))) < 0)
                        return output_json(d->r.command, NULL);
        }
        return output_json(d->r.command, json_pack("{s:s, s:b, s:O}", "schema", "docksill.doctor/1", "asked",
                                                   d->asked.asked == ASKED_YES, "findings", list));
}

static int print_text(const struct doctor *d) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        for (size_t i = 0; i < d->findings.n; ++i) {
                const struct doctor_finding *f = &d->findings.items[i];

                text_addf(&t, "%s: %" STR_FMT "\n    %" STR_FMT "\n", f->id, STR_ARG(f->what), STR_ARG(f->remedy));
        }
        if (d->findings.n == 0)
                text_addz(&t, d->asked.asked == ASKED_YES ? "nothing is wrong; dockerd asks docksill\n"
                                                          : "nothing is wrong, as far as could be seen\n");
        return output_text(d->r.command, &t);
}

static int write_metrics(const struct doctor *d, const char *path) {
        char control[PATH_MAX];
        bool known = d->r.control && doctor_path(d, d->r.control, control, sizeof(control));

        return probe_write(path, &(struct probe){ .r = &d->r,
                                                  .control = known ? control : NULL,
                                                  .asked = d->asked.asked,
                                                  .findings = &d->findings.n });
}

static int report(struct doctor *d, const struct invocation *in) {
        const char *metrics = invocation_option(in, "metrics");
        int result = in->json ? print_json(d) : print_text(d);

        if (metrics && result == EXIT_FINE)
                result = write_metrics(d, metrics);
        if (result != EXIT_FINE)
                return result;
        return d->failed ? EXIT_FAULT : d->findings.n ? EXIT_FINDINGS : EXIT_FINE;
}

static int run(const struct invocation *in) {
        cleanup_(close_doctor) struct doctor d;
        int result = open_doctor(&d, in);

        if (result != EXIT_FINE)
                return result;
        if (invocation_option(in, "probe"))
                doctor_look_at_registration(&d);
        else
                look_at_all(&d, in);
        return report(&d, in);
}

const struct command command_doctor = {
        .name = "doctor",
        .arguments = "",
        .doc = "Look for what keeps docksill from being asked, and for what passes beside it; each with its remedy.\n"
               "Exit code 1 if something was found.",
        .options = options,
        .run = run,
};
