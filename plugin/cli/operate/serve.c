#include "docksill/base/clock.h"
#include "docksill/base/say.h"
#include "docksill/cli/command.h"
#include "docksill/serve/notify.h"
#include "docksill/serve/server.h"
#include "fewer.h"
#include "frame/setup.h"
#include "last-good.h"
#include "places.h"
#include <errno.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "limits and rules in force; default production" },
        { "rules", "FOLDER", "folder of the rules and environments; default " DOCKSILL_RULES },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "socket", "PATH", "where dockerd finds docksill; default " CONFIG_SOCKET },
        { "control", "PATH|off", "where metrics, health and status are told; default " CONFIG_CONTROL },
        { "mode", "audit|enforce-hard|enforce",
          "audit: allow all, record what would be refused; enforce-hard: refuse what is hard alone" },
        { "paths", "on|off", "follow host paths; off: where docksill does not see the host's files; default on" },
        { "records", "FILE|-", "where to write decisions as lines of JSON; default " CONFIG_RECORDS },
        { NULL },
};

/* Before anything else: whoever rotates logs or reloads while we start must not end us. They are heard once we
 * serve. */
static void block_early(void) {
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGUSR1);
        sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Before any thread is made, so that each inherits it: signals are read by the server's loop, not delivered anywhere. A
 * start that hangs can be ended until then. */
static void block_signals(void) {
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGPIPE, SIG_IGN); /* a client that hangs up, a reader of the records that ends */
        signal(SIGXFSZ, SIG_IGN); /* a file of records as large as a limit lets it be: a full disk by another name */
}

/* Makes the folder above when only its last part is missing: a bare `docksill serve` works on a fresh machine. */
static int folder_make(const char *path) {
        struct str folder = str_first(str_from(path), str_find_last(str_from(path), '/'));
        char name[4096];

        if (folder.n == strlen(path) || folder.n == 0 || !str_to_z(folder, name, sizeof(name)))
                return 0;
        return mkdir(name, 0750) < 0 && errno != EEXIST ? -errno : 0;
}

static int records_open(struct writer **out, const char *path, const struct chain_head *after) {
        int r = strcmp(path, "-") == 0 ? 0 : folder_make(path);
        bool folder = r < 0;

        if (r == 0)
                r = writer_new(out, path, after);
        if (r == 0)
                return EXIT_FINE;
        if (r == WRITER_E_THREAD) {
                say(SAY_ERROR, "no thread can be started to write records; allow more threads (TasksMax=, ulimit -u) "
                               "or memory");
                return EXIT_ENVIRONMENT;
        }
        say(SAY_ERROR, "records %s: %s: %s; choose another file with --records, or - for stdout", path,
            folder ? "its folder can't be made" : "can't be written",
            r == -ELOOP ? "it is a link, which is not followed" : strerror(-r));
        return EXIT_ENVIRONMENT;
}

/* Nobody but us may look into what is captured. Returns EXIT_FINE or EXIT_ENVIRONMENT. */
static int capture_check(const struct config *c) {
        cleanup_(text_deinit) struct text why;

        text_init(&why);
        if (!c->capture)
                return EXIT_FINE;
        (void)folder_make(c->capture); /* why it can't be made is said of what is to be in it */
        if (capture_folder_check(str_from(c->capture), true, &why) == 0)
                return EXIT_FINE;
        say(SAY_ERROR, "capture: %s", why.p ? why.p : "no memory");
        return EXIT_ENVIRONMENT;
}

/* What serving takes, in the order in which it is opened. */
struct opened {
        struct listener listener;
        struct listener control; /* where .controlled */
        bool controlled;
        struct record_last last;
        struct writer *writer;
};

static int socket_open(struct listener *out, const char *path) {
        cleanup_(text_deinit) struct text why;

        text_init(&why);
        if (listener_open(out, path, &why) == 0)
                return EXIT_FINE;
        say(SAY_ERROR, "%s", why.p ? why.p : path);
        return EXIT_ENVIRONMENT;
}

/* Whoever may watch is of this group (packaging/systemd). Nothing that fails here keeps us from serving. */
#define CONTROL_GROUP "docksill"

/* With fewer descriptors each is needed for dockerd. */
#define CONTROL_DESCRIPTORS 128

static bool has_descriptors(void) {
        struct rlimit limit;

        return getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max >= CONTROL_DESCRIPTORS;
}

static void control_open(struct opened *o, const char *path) {
        cleanup_(text_deinit) struct text why;

        text_init(&why);
        o->control.fd = o->control.watch = -1;
        if (!path)
                return;
        if (!has_descriptors())
                say(SAY_WARNING, "control: off, since fewer than %d descriptors may be open (LimitNOFILE=, ulimit -n)",
                    CONTROL_DESCRIPTORS);
        else if (listener_open_shared(&o->control, path, CONTROL_GROUP, &why) == 0)
                o->controlled = true;
        else
                say(SAY_WARNING,
                    "control: %s; metrics, health and status are not to be had (control: off says that they need not "
                    "be)",
                    why.p ? why.p : path);
}

/* Which socket dockerd must know, and whether it will find it. */
static void warn_of_socket(const struct setup *s, const struct listener *listener) {
        const struct setting_origin *given = &s->config.origins.socket;

        if (listener->activated && (given->flag || given->at.source))
                say(SAY_WARNING, "using the socket that systemd opened; %s of %s is ignored", s->config.socket,
                    given->flag ? given->flag : given->at.source->name.p);
        if (!listener->activated && !place_is_found(listener->path))
                say(SAY_WARNING,
                    "dockerd looks for plugins only in /run/docker/plugins, unless "
                    "/etc/docker/plugins/NAME.spec says unix://%s",
                    listener->path);
}

/* One line that tells an administrator, reading a journal, all that is in force; and one of what becomes stricter. */
static void announce(const struct setup *s, const struct opened *o, enum mode mode) {
        const struct listener *listener = &o->listener;
        cleanup_(text_deinit) struct text steps;

        say(SAY_NOTICE,
            DOCKSILL_VERSION " serving: environment %" STR_FMT ", mode %" STR_FMT
                             ", %zu rules, socket %s, control %s, records %s, lookups.docker %s, capture %s",
            STR_ARG(ruleset_name(s->rules)), STR_ARG(mode_name(mode)), ruleset_rules(s->rules).n,
            listener->activated ? "from systemd" : listener->path, o->controlled ? o->control.path : "off",
            s->config.records, s->config.lookup_docker ? s->config.lookup_docker : "off",
            s->config.capture ? s->config.capture : "off");
        text_init(&steps);
        steps_add(&steps, ruleset_steps(s->rules), clock_wall());
        if (steps.n)
                say(SAY_NOTICE, "denied is %" STR_FMT, STR_ARG(text_str(&steps)));
}

static int make_generation(struct generation **out, const struct setup *s) {
        cleanup_(scans_unrefp) struct scans *scans = NULL;
        int r = !s->config.scans_folder
                        ? 0
                        : scans_new(&scans, str_from(s->config.scans_folder), s->config.ignored, s->config.n_ignored);
        const struct generation_options generation_options = {
                .rules = s->rules,
                .mode = s->config.mode_given ? s->config.mode : ruleset_mode(s->rules),
                .config_digest = s->config.digest,
                .record_reads = s->config.record_reads,
                .recording = s->config.recording,
                .lookups = { .deadline = s->config.lookup_deadline,
                             .paths = s->config.lookup_paths,
                             .engine = str_from(s->config.lookup_docker),
                             .scans = scans },
                .capturing = { .place = { .folder = str_from(s->config.capture),
                                          .keep = s->config.capture_keep,
                                          .max = s->config.capture_max },
                               .reads = s->config.capture_reads },
                .refusal = s->config.refusal,
                .host_audit = s->config.host_audit == CONFIG_HOST_AUDIT_DAILY,
                .contact = str_from(s->config.contact),
                .warnings = s->diag.warnings,
                .last_good = s->last_good,
        };

        return r < 0 ? r : generation_new(out, &generation_options);
}

/* What a reload starts from. The flags are of the command line and live as long as the process. */
struct again {
        struct config_flags flags;
        char *socket, *control, *records; /* as the settings had them at the start; control "off": none */
        char *activated;                  /* systemd's socket; NULL: ours */
        struct ruleset *rules;            /* in force, or about to be */
};

static void again_free(void *context) {
        struct again *again = context;

        if (!again)
                return;
        free(again->socket);
        free(again->control);
        free(again->records);
        free(again->activated);
        ruleset_unref(again->rules);
        free(again);
}

static const char *control_word(const struct config *c) {
        return c->control ? c->control : "off";
}

static int again_new(struct again **out, const struct setup *s) {
        struct again *again = calloc(1, sizeof(*again));

        if (!again)
                return -ENOMEM;
        again->flags = s->flags;
        again->rules = ruleset_ref(s->rules);
        again->socket = strdup(s->config.socket);
        again->control = strdup(control_word(&s->config));
        again->records = strdup(s->config.records);
        if (s->in_use.socket)
                again->activated = strdup(s->in_use.socket);
        if (!again->socket || !again->control || !again->records || (s->in_use.socket && !again->activated)) {
                again_free(again);
                return -ENOMEM;
        }
        *out = again;
        return 0;
}

/* None can be changed under way: dockerd knows the socket, and records are in its writer's hands. */
static void warn_of_what_stays(const struct again *again, const struct config *config) {
        if (strcmp(again->socket, config->socket) != 0)
                say(SAY_WARNING, "SIGHUP: the socket stays %s until a restart", again->socket);
        if (strcmp(again->control, control_word(config)) != 0)
                say(SAY_WARNING, "SIGHUP: control stays %s until a restart", again->control);
        if (strcmp(again->records, config->records) != 0)
                say(SAY_WARNING, "SIGHUP: records stay in %s until a restart", again->records);
}

/* In the reload's thread: it may wait for the disk and for whoever reads stderr. */
static int read_again(void *context, struct generation **out) {
        struct again *again = context;
        cleanup_(setup_close) struct setup setup;
        int r;

        if (setup_read(&setup, &again->flags) != EXIT_FINE)
                return -EINVAL;
        setup.in_use.serving = true;
        setup.in_use.socket = again->activated ? again->activated : again->socket;
        setup.in_use.control = strcmp(again->control, "off") == 0 ? NULL : again->control;
        setup.in_use.records = again->records;
        if (setup_rules(&setup) != EXIT_FINE)
                return -EINVAL;
        if (capture_check(&setup.config) != EXIT_FINE)
                return -EINVAL;
        r = fewer_check(again->rules, setup.rules, setup.config.state);
        if (r == 0)
                r = make_generation(out, &setup);
        if (r < 0)
                return r;
        warn_of_what_stays(again, &setup.config);
        ruleset_unref(again->rules);
        again->rules = ruleset_ref(setup.rules);
        last_good_keep(&setup);
        notify_status("");
        return 0;
}

static int run_server(struct server *server, const struct setup *s, const struct opened *o, enum mode mode) {
        int r;

        warn_of_socket(s, &o->listener);
        announce(s, o, mode);
        notify_status(s->last_good ? "The files are bad: in force is the last good set. See the journal." : "");
        notify_ready();
        r = server_run(server);
        if (r == 0)
                return EXIT_FINE;
        say(SAY_ERROR, "the server failed: %s", strerror(-r));
        return EXIT_ENVIRONMENT;
}

static int make_server(struct server **out, struct generation *generation, struct opened *o, struct again *again) {
        const struct server_options server_options = {
                .listener = &o->listener,
                .control = o->controlled ? &o->control : NULL,
                .generation = generation,
                .writer = o->writer,
                .last = o->last,
                .reload = { .read = read_again, .free = again_free, .context = again },
        };

        return server_new(out, &server_options);
}

static int serve(const struct setup *s, struct opened *o) {
        cleanup_(generation_unrefp) struct generation *generation = NULL;
        cleanup_(server_freep) struct server *server = NULL;
        struct again *again;
        int r = make_generation(&generation, s);

        if (r == 0)
                r = again_new(&again, s);
        if (r == 0)
                r = make_server(&server, generation, o, again);
        if (r < 0) {
                say(SAY_ERROR, "the server can't start: %s", strerror(-r));
                return EXIT_ENVIRONMENT;
        }
        last_good_keep(s);
        return run_server(server, s, o, generation->mode);
}

static int open_and_serve(const struct setup *s) {
        struct opened o = { 0 };
        int r;

        block_signals();
        r = capture_check(&s->config);
        if (r != EXIT_FINE)
                return r;
        r = socket_open(&o.listener, s->config.socket);
        if (r != EXIT_FINE)
                return r;
        control_open(&o, s->config.control);
        o.last = record_last(s->config.records);
        r = records_open(&o.writer, s->config.records, &o.last.head);
        if (r == EXIT_FINE)
                r = serve(s, &o);
        listener_close(&o.listener);
        listener_close(&o.control);
        writer_free(o.writer);
        return r;
}

/* A reload that is under way at the end is left behind in its thread: libcrypto must not clear up under its feet. */
static void keep_crypto(void) {
        (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        char activated[LISTENER_PATH];
        int r;

        block_early();
        keep_crypto();
        r = setup_open(&setup, in);
        setup.in_use.serving = true;
        if (listener_activated(activated))
                setup.in_use.socket = activated;
        if (r == EXIT_FINE)
                r = setup_rules(&setup);
        if (r == EXIT_INVALID)
                r = last_good_load(&setup);
        return r == EXIT_FINE ? open_and_serve(&setup) : r;
}

const struct command command_serve = {
        .name = "serve",
        .arguments = "",
        .doc = "Answer dockerd's authorization calls.\n"
               "Without a configuration file or flags: environment production, mode audit. A flag wins over the "
               "file.\n"
               "SIGTERM stops it once the calls in flight are answered. SIGHUP reloads configuration and rules; if "
               "the new ones\n"
               "are wrong, the old ones stay. SIGUSR1 reopens the record file.",
        .options = options,
        .run = run,
};
