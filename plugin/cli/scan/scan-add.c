#include "docksill/base/file.h"
#include "docksill/base/text.h"
#include "docksill/engine/scan.h"
#include "docksill/host/docker.h"
#include "docksill/host/engine-api.h"
#include "docksill/host/scans.h"
#include "frame/setup.h"
#include "scan-commands.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

#define ADD_MEMORY (4 * SCAN_FILE_MOST)
#define CATALOGUE  "known_exploited_vulnerabilities.json"

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "folder", "FOLDER", "where reports are; default: scans.folder of the configuration" },
        { "image", "IMAGE",
          "on which image it is, for a report that does not say: an id, a digest, or a name that the "
          "engine knows" },
        { NULL },
};

struct adding {
        const struct invocation *in;
        const char *folder, *path;
        const char *engine; /* its socket */
        struct arena arena;
        struct scan_report report;
};

static int failed(const struct adding *a, const char *what, const char *why, int code) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_add_visible(&t, str_from(what), 500);
        fprintf(stderr, "docksill %s: %s: %s\n", a->in->command->name, t.failed ? "the report" : t.p, why);
        return code;
}

/* -- on which image -- */

static void add_id(struct adding *a, const char *id) {
        struct str hex = scan_image_hex(str_from(id)), kept;

        if (!hex.p || str_is_among(hex, a->report.images.items, a->report.images.n) ||
            a->report.images.n == SCAN_KEYS_MOST || arena_str(&a->arena, hex, &kept) < 0)
                return;
        ARENA_ADD(&a->arena, &a->report.images, kept);
}

static int take_ids(struct adding *a, const struct engine_answer *answer, const char *name) {
        json_t *image = json_loadb(answer->body.p ? answer->body.p : "", answer->body.n, 0, NULL), *digest;
        size_t i;

        if (answer->status != 200 || !image) {
                json_decref(image);
                return failed(a, name, "the engine has no such image; pull it first, or give its id or digest",
                              EXIT_ENVIRONMENT);
        }
        add_id(a, json_string_value(json_object_get(image, "Id")));
        json_array_foreach(json_object_get(image, "RepoDigests"), i, digest) add_id(a, json_string_value(digest));
        json_decref(image);
        return EXIT_FINE;
}

static int ask_engine(struct adding *a, const char *name) {
        cleanup_(engine_api_freep) struct engine_api *engine = NULL;
        struct engine_answer answer = { 0 };
        struct text target;
        int r = engine_api_new(&engine, a->engine, NULL);

        text_init_arena(&target, &a->arena);
        text_addz(&target, "/images/");
        engine_target_add(&target, str_from(name));
        text_addz(&target, "/json");
        if (r == 0 && !target.failed)
                r = engine_api_call(engine, &answer,
                                    &(struct engine_call){ .method = "GET", .target = text_str(&target) });
        if (r < 0)
                r = failed(a, a->engine,
                           r == -ENOTSUP ? "this docksill was built without libcurl and can't ask the engine; give "
                                           "--image an id or a digest"
                                         : "the engine does not answer; give --image an id or a digest",
                           EXIT_ENVIRONMENT);
        else
                r = take_ids(a, &answer, name);
        engine_answer_deinit(&answer);
        return r;
}

static struct scan_keys keys_of(const struct scan_report *report) {
        struct scan_keys keys = { .n = report->images.n };

        for (size_t i = 0; i < keys.n; ++i)
                keys.items[i] = report->images.items[i];
        return keys;
}

/* What --image says must not be another one than the report speaks of. */
static int take_image(struct adding *a) {
        const char *name = invocation_option(a->in, "image");
        struct str hex = scan_image_hex(str_from(name));
        const struct scan_keys before = keys_of(&a->report);
        int r = EXIT_FINE;

        if (!name && before.n == 0)
                return failed(a, a->path, "it does not say on which image it is; say so with --image", EXIT_INVALID);
        if (!name)
                return EXIT_FINE;
        a->report.images.n = 0;
        if (hex.p)
                add_id(a, name);
        else
                r = ask_engine(a, name);
        if (r != EXIT_FINE)
                return r;
        for (size_t i = 0; i < before.n; ++i)
                if (str_is_among(before.items[i], a->report.images.items, a->report.images.n))
                        return EXIT_FINE;
        return before.n == 0 ? EXIT_FINE : failed(a, a->path, "it is on another image than --image says", EXIT_INVALID);
}

/* -- filing it -- */

/* Whoever owns the folder owns what is in it, and the service reads it. */
static int put(struct adding *a, struct str name, struct str text) {
        struct stat like;
        struct text path;
        int r;

        text_init_arena(&path, &a->arena);
        text_addf(&path, "%s/%" STR_FMT, a->folder, STR_ARG(name));
        text_add_char(&path, '\0');
        if (path.failed)
                return failed(a, a->folder, strerror(ENOMEM), EXIT_ENVIRONMENT);
        if (stat(a->folder, &like) < 0)
                return failed(a, a->folder, strerror(errno), EXIT_ENVIRONMENT);
        like.st_mode = 0644;
        r = file_replace(path.p, text, &like);
        return r < 0 ? failed(a, path.p, strerror(-r), EXIT_ENVIRONMENT) : EXIT_FINE;
}

static int put_report(struct adding *a) {
        struct text name, form;
        int r = EXIT_FINE;

        text_init_arena(&form, &a->arena);
        scan_report_add(&form, &a->report);
        for (size_t i = 0; i < a->report.images.n && r == EXIT_FINE; ++i) {
                text_init_arena(&name, &a->arena);
                text_addf(&name, "%" STR_FMT "%s", STR_ARG(a->report.images.items[i]),
                          a->report.looked ? ".json" : ".cdx.json");
                r = name.failed || form.failed ? failed(a, a->path, strerror(ENOMEM), EXIT_ENVIRONMENT)
                                               : put(a, text_str(&name), text_str(&form));
        }
        return r;
}

static void tell(const struct adding *a) {
        unsigned levels[SCAN_LEVELS] = { 0 };

        for (size_t i = 0; i < a->report.flaws.n; ++i)
                ++levels[a->report.flaws.items[i].level];
        printf("image %.12s: ", a->report.images.items[0].p);
        if (a->report.looked)
                printf("%u critical, %u high, %u medium, %u low", levels[SCAN_CRITICAL], levels[SCAN_HIGH],
                       levels[SCAN_MEDIUM], levels[SCAN_LOW]);
        if (a->report.packages.n)
                printf("%s%zu packages", a->report.looked ? "; " : "", a->report.packages.n);
        printf("; in %s\n", a->folder);
}

static int add(struct adding *a) {
        struct scan_ids catalogue = { 0 };
        const char *why;
        struct str json;
        int r = file_read(&a->arena, a->path, SCAN_FILE_MOST, &json);

        if (r < 0)
                return failed(a, a->path, r == -EFBIG ? "it is larger than 64 MiB" : strerror(-r), EXIT_ENVIRONMENT);
        if (scan_exploited_read(&catalogue, &a->arena, json)) {
                r = put(a, STR_C(CATALOGUE), json);
                if (r == EXIT_FINE)
                        printf("%zu vulnerabilities known to be exploited; in %s\n", catalogue.n, a->folder);
                return r;
        }
        why = scan_report_read(&a->report, &a->arena, json);
        if (why)
                return failed(a, a->path, why, EXIT_INVALID);
        r = take_image(a);
        if (r == EXIT_FINE)
                r = put_report(a);
        if (r == EXIT_FINE)
                tell(a);
        return r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        struct adding adding = { .in = in, .path = in->arguments[0] };
        int r = setup_open(&setup, in);

        if (r != EXIT_FINE)
                return r;
        adding.folder = scan_commands_folder(in, &setup.config);
        if (!adding.folder)
                return EXIT_USAGE;
        adding.engine = setup.config.lookup_docker ? setup.config.lookup_docker : DOCKER_SOCKET;
        arena_init(&adding.arena, ADD_MEMORY);
        r = add(&adding);
        arena_deinit(&adding.arena);
        return r;
}

const struct command command_scan_add = {
        .name = "scan add",
        .arguments = "FILE",
        .least = 1,
        .most = 1,
        .takes = "one report",
        .doc = "Check a scanner's report and put it into the folder of reports.\n"
               "It is a report of Trivy, Grype or Clair as JSON, or of any scanner in SARIF; a list of the image's "
               "packages in CycloneDX, SPDX or Syft's form; or CISA's catalogue of known exploited vulnerabilities. "
               "What rules ask for is kept of it, under the image's id and digests.\n"
               "Exit status: 0 it is there, 3 it is no such report, 4 a file or the engine can't be had.",
        .options = options,
        .run = run,
};
