#include "audited.h"
#include "docksill/base/clock.h"
#include "frame/output.h"
#include "frame/setup.h"
#include <errno.h>
#include <stdio.h>

#define AUDIT_MEMORY ((size_t)256 * 1024 * 1024)
#define ENGINE       "/run/docker.sock"

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "only", "AREA,AREA", "of host and daemon; default both" },
        { "root", "FOLDER", "the host's files are below it: a mounted image, a fixture; default /" },
        { "engine", "SOCKET", "socket of the engine that is asked; default " ENGINE },
        { "environment", "NAME|FILE", "whose rules and overrides judge; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "fail-on", "info|low|medium|high|critical", "exit status 1 from this severity on; default low" },
        { "verbose", NULL, "show what passes, what does not apply and the controls, too" },
        OPTION_ROW_FORMAT,
        { NULL },
};

/* -- what is asked for -- */

static int read_areas(const char *given, bool *areas) {
        struct str rest = str_from(given ? given : "host,daemon");

        while (rest.p) {
                struct str word = str_trim(str_cut(&rest, ','));
                struct nearest nearest;
                bool known = false;

                nearest_init(&nearest, word);
                for (unsigned area = 0; area < AREAS; ++area) {
                        nearest_offer(&nearest, audit_area_name(area));
                        if (str_eq(word, audit_area_name(area)))
                                known = areas[area] = true;
                }
                if (!known)
                        return command_misnamed(&command_audit, "area", "", &nearest);
        }
        return EXIT_FINE;
}

static bool read_fail_on(const char *given, enum severity *out) {
        return severity_parse(str_from(given ? given : "low"), out);
}

/* -- the audit -- */

struct audit {
        struct audited audited;
        struct request request;
        struct arena arena;
        struct host_root root;
        const char *engine; /* NULL: none is asked */
        int64_t at;
};

static int open_root(struct audit *a) {
        int r = host_root_open(&a->root, a->audited.root);
        struct text path;

        if (r == 0)
                return EXIT_FINE;
        text_init_arena(&path, &a->arena);
        text_add_visible(&path, str_from(a->audited.root), 200);
        fprintf(stderr, "docksill audit: %s can't be looked at: %s\n", path.p,
                r == -ENOSYS ? "this needs Linux 5.6 (openat2)" : strerror(-r));
        return EXIT_ENVIRONMENT;
}

/* Returns 0 or -ENOMEM. */
static int look(struct audit *a) {
        int r;

        host_request_init(&a->request);
        a->request.now = a->at;
        r = posture_read(&a->audited.posture, &a->request, &a->arena, &a->root);
        if (r == 0)
                r = audited_inventory(&a->audited, &a->request, a->engine, &a->arena);
        if (r == 0 && a->audited.areas[AREA_DAEMON])
                r = audited_daemon(&a->audited, &a->request, a->engine, a->at, &a->arena);
        if (r == 0)
                r = audited_host(&a->audited, &a->request, a->at, &a->arena);
        audited_finish(&a->audited);
        return r;
}

static bool fails(const struct audited *a, enum severity on) {
        for (size_t i = 0; i < a->n; ++i)
                if (a->items[i].state == AUDIT_FAIL && a->items[i].finding->severity >= on)
                        return true;
        return false;
}

static int print(const struct audit *a, const struct invocation *in, enum severity fail_on) {
        cleanup_(text_deinit) struct text out;
        int r;

        text_init(&out);
        if (in->json) {
                r = output_json(&command_audit, audit_json(&a->audited));
        } else {
                audit_text(&out, &a->audited, invocation_option(in, "verbose"));
                r = output_text(&command_audit, &out);
        }
        return r != EXIT_FINE ? r : fails(&a->audited, fail_on) ? EXIT_FINDINGS : EXIT_FINE;
}

static int audit(struct audit *a, const struct invocation *in, enum severity fail_on) {
        const char *engine = invocation_option(in, "engine");
        int r = open_root(a);

        if (r != EXIT_FINE)
                return r;
        a->engine = engine ? engine : a->root.live ? ENGINE : NULL;
        if (look(a) < 0) {
                fprintf(stderr, "docksill audit: not enough memory\n");
                r = EXIT_FAULT;
        } else {
                r = print(a, in, fail_on);
        }
        host_root_close(&a->root);
        return r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        const char *root = invocation_option(in, "root");
        struct audit a = { .audited = { .root = root ? root : "/" }, .at = clock_wall() };
        enum severity fail_on;
        int r = setup_load(&setup, in);

        if (r == EXIT_FINE)
                r = read_areas(invocation_option(in, "only"), a.audited.areas);
        if (r != EXIT_FINE)
                return r;
        if (!read_fail_on(invocation_option(in, "fail-on"), &fail_on))
                return command_misused(in->command, "--fail-on is one of info, low, medium, high, critical");
        a.audited.rules = setup.rules;
        arena_init(&a.arena, AUDIT_MEMORY);
        r = audit(&a, in, fail_on);
        arena_deinit(&a.arena);
        return r;
}

const struct command command_audit = {
        .name = "audit",
        .doc = "Judge how this host and its engine are set up.\n"
               "Reads the host's files (daemon.json, units, permissions, groups, sysctls, audit rules, mounts) and "
               "asks "
               "the engine\n"
               "for /info, /version and its default network. It changes nothing and runs nothing; as root it sees "
               "most.\n"
               "Each rule ends as fail, unknown (it could not be told: no pass), exempt, not-applicable or pass.\n"
               "Exit status: 0 no finding from --fail-on on, 1 findings.",
        .options = options,
        .run = run,
};
