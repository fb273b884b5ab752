#include "audit-diff.h"
#include "auditing.h"
#include "docksill/base/clock.h"
#include "engine-text.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "frameworks.h"
#include "known.h"
#include "report/changes.h"
#include "report/format.h"
#include "report/headline.h"
#include "report/identity.h"
#include "since.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define AUDIT_MEMORY ((size_t)512 * 1024 * 1024)
#define ENGINE       "/run/docker.sock"
#define NAME_MOST    ((size_t)4096)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "only", "AREA,AREA",
          "of host, daemon, containers, images, volumes, networks, services, secrets, configs, "
          "plugins and swarm; default all" },
        { "container", "NAME", "this container alone, by name or id" },
        { "inspect", "FILE",
          "what `docker inspect` printed of containers and images, and no engine; more files may follow" },
        { "root", "FOLDER", "the host's files are below it: a mounted image, a fixture; default /" },
        { "host", "URL",
          "the engine that is asked: unix:///PATH or tcp://HOST:PORT; default where the docker client would look "
          "(DOCKER_HOST, its context), that of lookups.docker, or " ENGINE },
        { "engine", "SOCKET", "its socket alone; as --host" },
        { "environment", "NAME|FILE", "whose rules and overrides judge; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "framework", "ID", "ask only the rules that serve it, such as cis-docker, and show its controls" },
        { "baseline", "FILE", "an earlier report in JSON: what it has found does not count for the exit status" },
        { "records", "FILE", "decision records that tell since when; default those of the configuration" },
        { "fail-on", "info|low|medium|high|critical", "exit status 1 from this severity on; default low" },
        { "verbose", NULL, "show what passes, what does not apply and the controls, too" },
        OPTION_ROW_REPORT_FORMAT,
        OPTION_ROW_REPORT_OUTPUT,
        { NULL },
};

/* -- what is asked for -- */

static int read_areas(struct auditing *a, const char *given) {
        struct str rest = str_from(given);

        while (rest.p) {
                struct str word = str_trim(str_cut(&rest, ','));
                struct nearest nearest;
                bool known = false;

                nearest_init(&nearest, word);
                for (unsigned area = 0; area < AREAS; ++area) {
                        nearest_offer(&nearest, audit_area_name(area));
                        if (str_eq(word, audit_area_name(area)))
                                known = a->asked[area] = true;
                }
                if (!known)
                        return command_misnamed(&command_audit, "area", "", &nearest);
        }
        return EXIT_FINE;
}

/* `docksill audit diff OLD NEW`. */
static int compare(const struct invocation *in, enum severity fail_on) {
        static const char *const allowed[] = { "fail-on", "format", NULL };

        for (const struct option_row *row = options; row->name; ++row)
                if (invocation_option(in, row->name) && !str_is_one_of(str_from(row->name), allowed))
                        return command_misused(in->command,
                                               "diff goes with --fail-on and --format alone, not with --%s", row->name);
        if (!in->json && invocation_option(in, "format") && strcmp(invocation_option(in, "format"), "text") != 0)
                return command_misused(in->command, "diff prints text or json");
        if (in->n != 3)
                return command_misused(in->command, "diff takes two reports in JSON: the older and the newer");
        return audit_diff(in, in->arguments[1], in->arguments[2], fail_on);
}

/* What the other options leave to be seen. */
static int read_subjects(struct auditing *a, const struct invocation *in) {
        const char *only = invocation_option(in, "only"), *inspect = invocation_option(in, "inspect");

        a->container = invocation_option(in, "container");
        if (a->container && !*a->container)
                return command_misused(in->command, "--container takes a name or an id");
        if (in->n && !inspect)
                return command_misused(in->command, "files are of `docker inspect`: say --inspect before them");
        if (inspect && (only || a->container || invocation_option(in, "root") || invocation_option(in, "engine") ||
                        invocation_option(in, "host")))
                return command_misused(in->command, "--inspect is all that is looked at: it stands without --only, "
                                                    "--container, --root, --host and --engine");
        if (a->container && only)
                return command_misused(in->command, "--container is of one area: it stands without --only");
        if (only)
                return read_areas(a, only);
        for (unsigned area = 0; area < AREAS; ++area)
                a->asked[area] = area == AREA_CONTAINERS || (!inspect && !a->container);
        if (inspect)
                a->asked[AREA_IMAGES] = true;
        return EXIT_FINE;
}

static bool read_fail_on(const char *given, enum severity *out) {
        return severity_parse(str_from(given ? given : "low"), out);
}

/* -- the head -- */

/* This machine's, or what the files below the root say; else the root itself. */
static struct str name_of(struct auditing *a, struct arena *arena) {
        struct str text = { 0 };
        char name[256] = "";

        if (a->files.live && gethostname(name, sizeof(name) - 1) == 0 && *name)
                return report_keep(a->report, str_from(name));
        if (!a->files.live && host_root_read(&a->files, arena, "/etc/hostname", NAME_MOST, &text) == 0)
                text = str_trim(text);
        return report_keep(a->report, text.n ? text : str_from(a->root));
}

static void add_fact(struct report *r, const char *name, struct str value) {
        if (value.n)
                ARENA_ADD(r->arena, &r->facts, (struct report_fact){ str_from(name), report_keep(r, value) });
}

static void begin(struct auditing *a, bool offline, struct arena *arena) {
        struct report *r = a->report;
        struct text title;

        r->kind = STR_C("audit");
        r->at = a->at;
        r->scored = true;
        r->program = STR_C(DOCKSILL_VERSION);
        r->environment = report_keep(r, ruleset_name(a->rules));
        r->host = offline     ? STR_C("files of docker inspect")
                  : a->remote ? report_keep(r, str_from(a->socket))
                              : name_of(a, arena);
        text_init_arena(&title, r->arena);
        text_addz(&title, "Audit of ");
        text_add(&title, r->host);
        r->title = text_str(&title);
        report_identify(r);
        add_fact(r, "environment", r->environment);
        add_fact(r, "rules", ruleset_digest(a->rules));
        if (!offline)
                add_fact(r, "root", str_from(a->root));
        if (a->socket)
                add_fact(r, "engine", str_from(a->socket));
        if (a->place.chosen)
                add_fact(r, "engine chosen by", str_from(a->place.chosen));
}

/* -- the audit -- */

static int open_root(struct auditing *a) {
        cleanup_(text_deinit) struct text path;
        int r;

        text_init(&path);
        r = host_root_open(&a->files, a->root);
        if (r == 0)
                return EXIT_FINE;
        text_add_visible(&path, str_from(a->root), 200);
        fprintf(stderr, "docksill audit: %s can't be looked at: %s\n", path.p ? path.p : "",
                r == -ENOSYS ? "openat2(2) is refused: it takes Linux 5.6, and in a unit no RestrictSUIDSGID="
                             : strerror(-r));
        return EXIT_ENVIRONMENT;
}

/* What can't be seen because of where the engine is. */
static void note_place(struct auditing *a) {
        const json_t *security = json_object_get(a->told.info, "SecurityOptions"), *one;
        size_t i;

        if (a->remote)
                a->told.folders = (struct engine_folders){ 0 }; /* this machine's */
        json_array_foreach(security, i,
                           one) if (json_is_string(one) && strcmp(json_string_value(one), "name=rootless") == 0)
                auditing_gap(a, STR_C("folders of a rootless engine"),
                             STR_C("it keeps daemon.json, sockets and data in its user's home; what is judged "
                                   "of /etc/docker, units and the group docker is not its own"));
}

static void note_remote(struct auditing *a) {
        const struct str why = STR_C("it is asked over TCP: its files are another machine's; run the audit there");

        if (a->asked[AREA_HOST])
                auditing_gap(a, STR_C("the host"), why);
        if (a->asked[AREA_DAEMON])
                auditing_gap(a, STR_C("daemon.json, units and dockerd's command line"), why);
        auditing_gap(a, STR_C("where host paths lead, and what containers' images and volumes are"),
                     STR_C("this is looked up through the engine's own socket alone"));
}

/* NULL: it did not tell, and that is noted. */
static json_t *get_list(struct auditing *a, const char *target, const char *what) {
        bool seen = a->seen;
        json_t *list = auditing_get_json(a, target, what);

        if (!list || json_is_array(list))
                return list;
        auditing_gap(a, str_from(what), STR_C("the engine's answer is not what engines write"));
        a->seen = seen;
        json_decref(list);
        return NULL;
}

/* The engine is asked what everything else hangs on. */
static int meet_engine(struct auditing *a) {
        struct engine_answer answer = { 0 };
        int r;

        if (!a->socket) {
                a->silent = a->files.live ? STR_C("no engine was asked")
                                          : STR_C("the files are another host's: its engine can't be asked");
                return 0;
        }
        r = engine_place_open(&a->place, &a->engine);
        if (r < 0) {
                a->silent = r == -ENOTSUP ? STR_C("this docksill was built without libcurl and can't ask an engine")
                                          : STR_C("its address can't be used: it is too long, or no absolute path and "
                                                  "no HOST:PORT");
                auditing_gap(a, STR_C("the engine"), a->silent);
                return 0;
        }
        r = auditing_get(a, &answer, "/_ping", NULL);
        engine_answer_deinit(&answer);
        if (!a->silent.n && told_engine_ask(&a->told, a->engine, a->command) != EXIT_FINE)
                return 0;
        note_place(a);
        a->bodies = json_object();
        if (a->asked[AREA_HOST] || a->asked[AREA_CONTAINERS] || a->asked[AREA_IMAGES])
                a->containers = get_list(a, "/containers/json?all=1", "the list of containers");
        if (a->asked[AREA_HOST] || a->asked[AREA_IMAGES])
                a->images = get_list(a, "/images/json?manifests=1", "the list of images");
        return auditing_index(a);
}

static int look_at_host(struct auditing *a) {
        int r = meet_engine(a);

        add_fact(a->report, "engine version", engine_text(a->told.info, "ServerVersion"));
        add_fact(a->report, "system", engine_text(a->told.info, "OperatingSystem"));
        if (a->remote)
                note_remote(a);
        if (r == 0 && !a->remote && (a->asked[AREA_HOST] || a->asked[AREA_DAEMON]))
                r = audit_host(a);
        if (r == 0 && a->asked[AREA_DAEMON])
                r = audit_daemon(a);
        if (r == 0 && a->asked[AREA_CONTAINERS])
                r = audit_containers(a);
        if (r == 0 && a->asked[AREA_IMAGES])
                r = audit_images(a);
        return r == 0 ? audit_things(a) : r;
}

static int look_at_files(struct auditing *a, const struct invocation *in) {
        int r = audit_inspected(a, invocation_option(in, "inspect"));

        for (size_t i = 0; r == 0 && i < in->n; ++i)
                r = audit_inspected(a, in->arguments[i]);
        return r;
}

/* The numbers that the bench prints are those of one standard. */
static const char *framework_of(const struct invocation *in) {
        const char *framework = invocation_option(in, "framework"), *format = invocation_option(in, "format");

        return !framework && format && strcmp(format, "bench") == 0 ? "cis-docker" : framework;
}

/* Returns 0 or -ENOMEM. */
static int look(struct auditing *a, const struct invocation *in, struct arena *arena) {
        bool offline = invocation_option(in, "inspect");
        int r;

        arena_latch(arena);
        begin(a, offline, arena);
        r = auditing_begin(a, arena);
        if (r == 0)
                r = offline ? look_at_files(a, in) : look_at_host(a);
        if (r == 0)
                r = report_finish(a->report);
        if (r == 0)
                r = report_changes(a->report);
        if (r == 0)
                r = frameworks_tell(a, framework_of(in));
        if (r == 0)
                r = since_tell(a, in);
        if (r == 0 && a->baseline.path)
                known_mark(a->report, &a->baseline);
        if (r == 0)
                report_headline(a->report);
        return arena_unlatch(arena) ? -ENOMEM : r;
}

static bool fails(const struct report *r, enum severity on) {
        for (size_t i = 0; i < r->findings.n; ++i) {
                const struct report_finding *f = &r->findings.items[i];

                if (f->state == REPORT_FAIL && !f->known && f->severity >= on)
                        return true;
        }
        return false;
}

/* Was anything seen at all? */
static bool has_seen(const struct auditing *a) {
        const size_t *states = a->report->states;

        return a->seen || states[REPORT_FAIL] || states[REPORT_EXEMPT] || states[REPORT_NOT_APPLICABLE] ||
               states[REPORT_PASS];
}

static int tell(const struct auditing *a, const struct invocation *in, enum severity fail_on) {
        int r = report_write(a->report, in);

        if (r != EXIT_FINE)
                return r;
        if (a->container && a->seen && a->report->subjects.n == 0) {
                fprintf(stderr, "docksill audit: the engine has no such container; docker ps -a lists their names\n");
                return EXIT_ENVIRONMENT;
        }
        if (!has_seen(a)) {
                fprintf(stderr, "docksill audit: nothing could be seen; the report says why\n");
                return EXIT_ENVIRONMENT;
        }
        return fails(a->report, fail_on) ? EXIT_FINDINGS : EXIT_FINE;
}

static int find_engine(struct auditing *a, const struct invocation *in, struct arena *arena) {
        bool told = invocation_option(in, "engine") || invocation_option(in, "host");
        int r;

        if (invocation_option(in, "inspect") || (!told && !a->files.live))
                return EXIT_FINE;
        r = engine_place_find(&a->place, arena, in, a->config->lookup_docker ? a->config->lookup_docker : ENGINE);
        a->remote = r == EXIT_FINE && !a->place.socket;
        a->socket = a->place.socket ? a->place.socket : a->place.url;
        return r;
}

static int audit(struct auditing *a, const struct invocation *in, enum severity fail_on, struct arena *arena) {
        int r = open_root(a);

        if (r != EXIT_FINE)
                return r;
        r = find_engine(a, in, arena);
        if (r != EXIT_FINE) {
                host_root_close(&a->files);
                return r;
        }
        if (look(a, in, arena) < 0) {
                fprintf(stderr, "docksill audit: not enough memory\n");
                r = EXIT_FAULT;
        } else {
                r = tell(a, in, fail_on);
        }
        host_root_close(&a->files);
        engine_api_free(a->engine);
        told_engine_deinit(&a->told);
        json_decref(a->images);
        json_decref(a->containers);
        json_decref(a->users);
        json_decref(a->tags);
        json_decref(a->bodies);
        return r;
}

static int read_baseline(struct auditing *a, const char *path, struct arena *arena) {
        return path ? earlier_read(&a->baseline, arena, a->command, path) : EXIT_FINE;
}

static int look_and_tell(const struct invocation *in, enum severity fail_on) {
        cleanup_(setup_close) struct setup setup;
        cleanup_(arena_deinit) struct arena arena;
        const char *root = invocation_option(in, "root");
        struct report report;
        struct auditing a = {
                .command = in->command, .root = root ? root : "/", .at = clock_wall(), .terminal = isatty(STDERR_FILENO)
        };
        int r = setup_load(&setup, in);

        arena_init(&arena, AUDIT_MEMORY);
        if (r == EXIT_FINE)
                r = read_subjects(&a, in);
        if (r != EXIT_FINE)
                return r;
        report_init(&report, &arena);
        a.report = &report;
        a.config = &setup.config;
        a.rules = setup.rules;
        r = frameworks_ask(&a, framework_of(in), &setup.diag, &arena);
        if (r == EXIT_FINE)
                r = read_baseline(&a, invocation_option(in, "baseline"), &arena);
        return r == EXIT_FINE ? audit(&a, in, fail_on, &arena) : r;
}

static int run(const struct invocation *in) {
        enum severity fail_on;

        if (!read_fail_on(invocation_option(in, "fail-on"), &fail_on))
                return command_misused(in->command, "--fail-on is one of info, low, medium, high, critical");
        if (in->n && strcmp(in->arguments[0], "diff") == 0 && !invocation_option(in, "inspect"))
                return compare(in, fail_on);
        if (report_can_write(in) != EXIT_FINE)
                return EXIT_USAGE;
        return look_and_tell(in, fail_on);
}

const struct command command_audit = {
        .name = "audit",
        .arguments = "[diff OLD NEW | FILE…]",
        .doc = "Judge what exists on this host as it would have been judged when it was made.\n"
               "Asks the engine for its containers, images, volumes, networks and settings, with GETs alone, and "
               "reads\n"
               "the host's files: daemon.json, units, permissions, groups, sysctls, audit rules, mounts. It changes\n"
               "nothing and runs nothing; as root it sees most, and what it can't see is listed.\n"
               "Each check ends as fail, unknown (it could not be told: no pass), exempt, not-applicable or pass.\n"
               "`docksill audit diff OLD NEW` compares two reports that were printed with --format json: what is new, "
               "gone\n"
               "and changed; exit status 1 when something is new or worse from --fail-on on.\n"
               "Exit status: 0 no finding from --fail-on on, 1 findings, 4 nothing could be seen.",
        .least = 0,
        .most = ARGUMENTS_ANY,
        .takes = "files that docker inspect printed, behind --inspect, or diff and two reports",
        .options = options,
        .run = run,
};
