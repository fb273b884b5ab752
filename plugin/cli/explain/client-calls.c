#include "client-calls.h"
#include "client.h"
#include "docksill/base/clock.h"
#include "docksill/cli/command.h"
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#define FOLDER "docksill-explain.XXXXXX"

/* How many networks and volumes a client may need, and one. */
#define RUNS_MOST 20

struct run {
        char folder[80]; /* 0700; "": none yet */
        char socket[108];
        struct stand_in *stand_in;
        struct client client;
        sigset_t before; /* the mask */
        int signals;     /* signalfd(2) */
        int ended_by;    /* the signal that is to end us; 0: none */
        bool timed_out, watches;
};

/* -- the folder -- */

static bool folder_make_in(struct run *c, const char *parent) {
        if (!parent || parent[0] != '/' ||
            snprintf(c->folder, sizeof(c->folder), "%s/" FOLDER, parent) >= (int)sizeof(c->folder))
                return false;
        return mkdtemp(c->folder) != NULL;
}

static int folder_make(struct run *c) {
        if (!folder_make_in(c, getenv("XDG_RUNTIME_DIR")) && !folder_make_in(c, "/tmp")) {
                c->folder[0] = '\0';
                return -errno;
        }
        snprintf(c->socket, sizeof(c->socket), "%s/docker.sock", c->folder);
        return 0;
}

static int remove_one(const char *path, const struct stat *st unused_, int type unused_, struct FTW *at unused_) {
        (void)remove(path);
        return 0;
}

/* -- the run -- */

static void read_signals(struct run *c) {
        struct signalfd_siginfo info;

        while (read(c->signals, &info, sizeof(info)) == sizeof(info))
                if (info.ssi_signo != SIGCHLD)
                        c->ended_by = (int)info.ssi_signo;
}

/* What came before the client ended is served still. Returns 0 or a negative errno. */
static int serve(struct run *c, unsigned seconds) {
        const int64_t until = clock_monotonic() + (int64_t)seconds * 1000000;

        for (;;) {
                struct pollfd fds[] = { { .fd = stand_in_fd(c->stand_in), .events = POLLIN },
                                        { .fd = c->signals, .events = POLLIN } };
                int64_t left = (until - clock_monotonic()) / 1000;
                int due = stand_in_timeout(c->stand_in);
                bool done = client_is_done(&c->client);

                c->timed_out = !done && left <= 0;
                c->watches = !done && stand_in_is_watched(c->stand_in);
                if (c->ended_by || c->timed_out || c->watches)
                        return 0;
                if (due < 0 || due > left)
                        due = (int)left;
                if (poll(fds, ARRAY_SIZE(fds), done ? 0 : due) < 0 && errno != EINTR)
                        return -errno;
                if (stand_in_run(c->stand_in) < 0)
                        return -ENOMEM;
                if (done)
                        return 0;
                if (fds[1].revents)
                        read_signals(c);
        }
}

static int begin(struct run *c, json_t *there, struct arena *arena) {
        sigset_t ours;
        int r;

        sigemptyset(&ours);
        sigaddset(&ours, SIGCHLD);
        sigaddset(&ours, SIGINT);
        sigaddset(&ours, SIGTERM);
        sigaddset(&ours, SIGHUP);
        sigaddset(&ours, SIGQUIT);
        (void)sigprocmask(SIG_BLOCK, &ours, &c->before);
        c->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
        if (c->signals < 0)
                return -errno;
        r = folder_make(c);
        return r < 0 ? r : stand_in_new(&c->stand_in, c->socket, there, arena);
}

static void end(struct run *c) {
        client_end(&c->client);
        stand_in_free(c->stand_in);
        if (c->folder[0])
                (void)nftw(c->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        if (c->signals >= 0) {
                read_signals(c);
                close(c->signals);
        }
        if (c->ended_by) {
                (void)signal(c->ended_by, SIG_DFL);
                (void)raise(c->ended_by);
        }
        (void)sigprocmask(SIG_SETMASK, &c->before, NULL);
}

/* What is asked of a run, and what a run leaves for a second one. */
struct errand {
        struct arena *arena;
        const struct client_command *command;
        json_t *there;
        json_t *missing;
};

/* Returns 0 or a negative errno; @what: what that was of. end() it. */
static int run_client(struct run *c, struct client_calls *out, struct errand *e, const char **what) {
        int r = begin(c, e->there, e->arena);

        *what = "the socket";
        if (r < 0)
                return r;
        *what = e->command->argv[0];
        r = client_start(&c->client, e->command->argv, c->socket, c->folder);
        if (r < 0)
                return r;
        *what = "the calls";
        r = serve(c, e->command->seconds);
        if (r < 0)
                return r;
        out->sent = *stand_in_calls(c->stand_in);
        out->said = client_said(&c->client, e->arena);
        e->missing = stand_in_missing(c->stand_in);
        return e->missing ? 0 : -ENOMEM;
}

/* One that watched would have gone on, and was ended by us. */
static int exit_code(const struct run *c) {
        if (c->watches)
                return 0;
        return WIFEXITED(c->client.status) ? WEXITSTATUS(c->client.status) : 128 + WTERMSIG(c->client.status);
}

static int run_once(struct client_calls *out, struct errand *e) {
        struct run c = { .signals = -1, .client = { .said = -1, .terminal = -1 } };
        struct client_calls made = { 0 };
        const char *what;
        int r = run_client(&c, &made, e, &what);

        end(&c);
        if (r < 0) {
                fprintf(stderr, "docksill explain: %s: %s\n", what, strerror(-r));
                return EXIT_ENVIRONMENT;
        }
        made.timed_out = c.timed_out;
        made.exit_code = exit_code(&c);
        *out = made;
        return EXIT_FINE;
}

/* Whether what a client has read can be read once more, from @from on. */
static bool may_read_again(off_t from) {
        return isatty(STDIN_FILENO) || lseek(STDIN_FILENO, from, SEEK_SET) == from;
}

/* A network or a volume that a client wants to create, or one that it needs? Only that one fails without it can tell:
 * it looked for it last. */
int client_calls(struct client_calls *out, struct arena *arena, const struct client_command *command) {
        json_auto_t *there = json_array();
        off_t input = lseek(STDIN_FILENO, 0, SEEK_CUR);
        int r;

        for (int runs = 1;; ++runs) {
                struct errand e = { arena, command, there, NULL };
                size_t missing;

                r = run_once(out, &e);
                missing = json_array_size(e.missing);
                if (missing)
                        (void)json_array_append(there, json_array_get(e.missing, missing - 1));
                json_decref(e.missing);
                if (r != EXIT_FINE || out->exit_code == 0 || out->timed_out || missing == 0 || !command->again ||
                    runs == RUNS_MOST || !may_read_again(input))
                        return r;
        }
}
