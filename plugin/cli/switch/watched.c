#include "watched.h"
#include "docksill/host/engine-api.h"
#include <errno.h>

#define ANSWER_MAX ((size_t)4 * 1024 * 1024)
#define SECONDS    5

/* Says whether the answer is 200, and in @answer. */
static bool get(struct engine_answer *answer, const char *control, struct str page, struct text *why) {
        cleanup_(engine_api_freep) struct engine_api *engine = NULL;
        const struct engine_call call = { .method = "GET", .target = page, .seconds = SECONDS, .most = ANSWER_MAX };
        int r = engine_api_new(&engine, control, NULL);

        if (r == 0)
                r = engine_api_call(engine, answer, &call);
        if (r == -ENOTSUP)
                text_addz(why, "this docksill was built without libcurl, by which it would ask");
        else if (r < 0)
                text_add_visible(why, str_from(answer->why ? answer->why : strerror(-r)), 200);
        else if (answer->status != 200)
                text_addf(why, "it answers with status %ld", answer->status);
        return r == 0 && answer->status == 200;
}

json_t *watched_status(const char *control, struct text *why) {
        struct engine_answer answer = { 0 };
        json_t *status = NULL;
        const char *schema;

        if (get(&answer, control, STR_C("/status"), why)) {
                status = json_loadb(answer.body.p ? answer.body.p : "", answer.body.n, 0, NULL);
                schema = json_string_value(json_object_get(status, "schema"));
                if (!schema || strcmp(schema, "docksill.control-status/1") != 0) {
                        text_addz(why, "who listens there is no docksill of this version");
                        json_decref(status);
                        status = NULL;
                }
        }
        engine_answer_deinit(&answer);
        return status;
}

/* "# HELP process_…", "process_…" */
static bool is_of_any_process(struct str line) {
        static const struct str prefixes[] = { STR("process_"), STR("# HELP process_"), STR("# TYPE process_") };

        for (size_t i = 0; i < ARRAY_SIZE(prefixes); ++i)
                if (str_starts(line, prefixes[i]))
                        return true;
        return false;
}

bool watched_metrics(const char *control, struct text *out) {
        cleanup_(text_deinit) struct text unheard;
        struct engine_answer answer = { 0 };
        struct str rest;
        bool told;

        text_init(&unheard);
        told = get(&answer, control, STR_C("/metrics"), &unheard);
        rest = told ? text_str(&answer.body) : (struct str){ NULL, 0 };
        while (rest.p) {
                struct str line = str_cut(&rest, '\n');

                if (line.n == 0 || is_of_any_process(line))
                        continue;
                text_add(out, line);
                text_add_char(out, '\n');
        }
        engine_answer_deinit(&answer);
        return told;
}
