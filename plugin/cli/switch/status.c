#include "asked.h"
#include "docksill/base/clock.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "frame/table.h"
#include "probe.h"
#include "registration.h"
#include "unconfirmed.h"
#include "watched.h"
#include <stdio.h>

#define TRY_SECONDS 20

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        OPTION_ROWS_REGISTRATION,
        { "metrics", "FILE", "also write this and docksill's metrics, for node_exporter's textfile collector" },
        OPTION_ROW_FORMAT,
        { NULL },
};

struct status {
        struct registration r;
        struct asked_answer asked, own; /* through the engine; straight */
        json_t *watched;                /* what it says at its control socket; NULL: nothing */
        char why[256];                  /* it does not; empty: there is no such socket */
};

static const struct asked_answer *told(const struct status *s) {
        return s->asked.asked == ASKED_YES ? &s->asked : &s->own;
}

static const char *asked_word(const struct status *s) {
        static const char *const words[] = { [ASKED_YES] = "yes", [ASKED_NO] = "no", [ASKED_SILENT] = "unknown" };

        return words[s->asked.asked];
}

static void add_row(struct table *t, const char *name, struct str value) {
        table_add(t, str_from(name));
        table_add(t, value);
}

static void add_registration(struct table *t, const struct status *s) {
        const struct registration *r = &s->r;

        table_add(t, STR_C("registered"));
        if (registration_position(r))
                table_addf(t, "yes: in %s, %zu of %zu", r->settings, registration_position(r), r->file.plugins.n);
        else if (registration_by_flag(r))
                table_addf(t, "by a flag of dockerd alone, which its next SIGHUP drops");
        else
                table_addf(t, "no: not in %s", r->settings);
        table_add(t, STR_C("asked"));
        table_addf(t, "%s%s%s", asked_word(s), s->asked.asked == ASKED_SILENT ? ": " : "",
                   s->asked.asked == ASKED_SILENT ? s->asked.why : "");
        table_add(t, STR_C("dockerd"));
        if (r->dockerd.pid)
                table_addf(t, "process %ld", (long)r->dockerd.pid);
        else
                table_add(t, STR_C("none runs with these settings"));
}

static long long number(const json_t *object, const char *key) {
        return (long long)json_integer_value(json_object_get(object, key));
}

/* The service's own words; foreign to us, so made visible. */
static struct str visible(struct status *s, const json_t *object, const char *key) {
        const char *text = json_string_value(json_object_get(object, key));
        struct text t;

        text_init_arena(&t, &s->r.arena);
        text_add_visible(&t, str_from(text ? text : ""), 200);
        return text_str(&t);
}

static void add_watched(struct table *t, struct status *s) {
        const json_t *requests = json_object_get(s->watched, "requests");
        const json_t *records = json_object_get(s->watched, "records");
        struct str unready = visible(s, s->watched, "unready"), started = visible(s, s->watched, "started");

        if (!s->watched) {
                table_add(t, STR_C("control"));
                table_add(t, s->why[0] ? str_from(s->why) : STR_C("off"));
                return;
        }
        table_add(t, STR_C("ready"));
        table_addf(t, "%s%" STR_FMT, unready.n ? "no: " : "yes", STR_ARG(unready));
        table_add(t, STR_C("since"));
        table_add(t, started);
        table_add(t, STR_C("requests"));
        table_addf(t, "%lld: %lld allowed, %lld with a warning, %lld denied, %lld would be denied",
                   number(requests, "total"), number(requests, "allowed"), number(requests, "warned"),
                   number(requests, "denied"), number(requests, "would_deny"));
        table_add(t, STR_C("records"));
        table_addf(t, "%lld written, %lld lost", number(records, "written"), number(records, "lost"));
        if (json_is_true(json_object_get(json_object_get(s->watched, "reloads"), "last_failed")))
                add_row(t, "reload", STR_C("the last one changed nothing: what it read was bad"));
}

static int print_text(struct status *s) {
        static const char *const titles[] = { "WHAT", "IS" };
        const struct asked_answer *a = told(s);
        cleanup_(text_deinit) struct text out;
        int64_t until = unconfirmed_until(&s->r);
        struct table t;

        table_init(&t, &s->r.arena, titles, ARRAY_SIZE(titles));
        add_registration(&t, s);
        if (a->asked == ASKED_YES) {
                add_row(&t, "environment", str_from(asked_text(a, "environment")));
                add_row(&t, "mode", str_from(asked_text(a, "mode")));
                table_add(&t, STR_C("rules"));
                table_addf(&t, "%lld, digest %.16s", (long long)json_integer_value(json_object_get(a->proof, "rules")),
                           asked_text(a, "rules_digest"));
                add_row(&t, "version", str_from(asked_text(a, "version")));
                if (json_is_true(json_object_get(a->proof, "last_good")))
                        add_row(&t, "files", STR_C("bad: in force is the last good set"));
        } else {
                table_add(&t, STR_C("docksill"));
                table_addf(&t, "does not answer at %s: %s", s->r.socket, a->why);
        }
        if (s->watched || a->asked == ASKED_YES)
                add_watched(&t, s);
        if (until) {
                struct text when;

                text_init_arena(&when, &s->r.arena);
                clock_add_rfc3339(&when, until);
                table_add(&t, STR_C("confirmed"));
                table_addf(&t, "not yet: it is undone at %s", when.p ? when.p : "?");
        }
        text_init(&out);
        table_render(&t, &out);
        return output_text(s->r.command, &out);
}

static int print_json(const struct status *s) {
        const struct registration *r = &s->r;
        json_auto_t *plugins = json_array();
        const struct asked_answer *a = told(s);

        for (size_t i = 0; plugins && i < r->file.plugins.n; ++i)
                if (json_array_append_new(plugins, printable_json(r->file.plugins.items[i].name)) < 0)
                        return output_json(r->command, NULL);
        return output_json(r->command,
                           json_pack("{s:s, s:b, s:b, s:O, s:s, s:I, s:b, s:O?, s:O?}", "schema", "docksill.status/1",
                                     "registered", registration_position(r) > 0, "by_flag", registration_by_flag(r),
                                     "plugins", plugins, "asked", asked_word(s), "dockerd_pid",
                                     (json_int_t)r->dockerd.pid, "unconfirmed", unconfirmed_until(r) != 0, "docksill",
                                     a->asked == ASKED_YES ? a->proof : NULL, "control", s->watched));
}

static void close_status(struct status *s) {
        asked_deinit(&s->asked);
        asked_deinit(&s->own);
        json_decref(s->watched);
        registration_close(&s->r);
}

static void watch(struct status *s) {
        cleanup_(text_deinit) struct text why;

        text_init(&why);
        s->watched = watched_status(s->r.control, &why);
        if (!s->watched)
                snprintf(s->why, sizeof(s->why), "nobody answers: %s", why.p ? why.p : "no memory");
}

static int run(const struct invocation *in) {
        const char *metrics = invocation_option(in, "metrics");
        cleanup_(close_status) struct status s = { 0 };
        int result = registration_open(&s.r, in);

        if (result != EXIT_FINE)
                return result;
        asked_engine(&s.asked, s.r.engine, TRY_SECONDS);
        if (s.asked.asked != ASKED_YES)
                asked_plugin(&s.own, s.r.socket, 5);
        if (s.r.control)
                watch(&s);
        result = in->json ? print_json(&s) : print_text(&s);
        if (metrics && result == EXIT_FINE)
                result = probe_write(metrics,
                                     &(struct probe){ .r = &s.r, .control = s.r.control, .asked = s.asked.asked });
        if (result != EXIT_FINE)
                return result;
        return s.asked.asked == ASKED_YES && registration_position(&s.r) ? EXIT_FINE : EXIT_FINDINGS;
}

const struct command command_status = {
        .name = "status",
        .arguments = "",
        .doc = "Show whether dockerd asks docksill, and what is in force there.\n"
               "Exit code 1 if it does not ask, or if the next start of dockerd will not.",
        .options = options,
        .run = run,
};
