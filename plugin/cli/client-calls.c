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

struct run {
        char folder[80]; /* 0700; "": none yet */
        char socket[108];
        struct stand_in *stand_in;
        struct client client;
        sigset_t before; /* the mask */
        int signals;     /* signalfd(2) */
        int ended_by;    /* the signal that is to end us; 0: none */
        bool timed_out;
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
                if (c->ended_by || c->timed_out)
                        return 0;
                if (poll(fds, ARRAY_SIZE(fds),
                         done                     ? 0
                         : due >= 0 && due < left ? due
                                                  : (int)left) < 0 &&
                    errno != EINTR)
                        return -errno;
                if (stand_in_run(c->stand_in) < 0)
                        return -ENOMEM;
                if (done)
                        return 0;
                if (fds[1].revents)
                        read_signals(c);
        }
}

static int begin(struct run *c, struct arena *arena) {
        sigset_t ours;
        int r;

        sigemptyset(&ours);
        sigaddset(&ours, SIGCHLD);
        sigaddset(&ours, SIGINT);
        sigaddset(&ours, SIGTERM);
        sigaddset(&ours, SIGHUP);
        (void)sigprocmask(SIG_BLOCK, &ours, &c->before);
        c->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
        if (c->signals < 0)
                return -errno;
        r = folder_make(c);
        return r < 0 ? r : stand_in_new(&c->stand_in, c->socket, arena);
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

/* Frees what it takes, on all ways out. Returns 0 or a negative errno; @what: what that was of. */
static int run_client(struct run *c, struct client_calls *out, struct arena *arena, char *const *argv, unsigned seconds,
                      const char **what) {
        int r = begin(c, arena);

        *what = "the socket";
        if (r < 0)
                return r;
        *what = argv[0];
        r = client_start(&c->client, argv, c->socket, c->folder);
        if (r < 0)
                return r;
        *what = "the calls";
        r = serve(c, seconds);
        if (r < 0)
                return r;
        out->sent = *stand_in_calls(c->stand_in);
        out->said = client_said(&c->client, arena);
        return 0;
}

int client_calls(struct client_calls *out, struct arena *arena, char *const *argv, unsigned seconds) {
        struct run c = { .signals = -1, .client = { .said = -1, .terminal = -1 } };
        struct client_calls made = { 0 };
        const char *what;
        int r = run_client(&c, &made, arena, argv, seconds, &what);

        end(&c);
        if (r < 0) {
                fprintf(stderr, "docksill explain: %s: %s\n", what, strerror(-r));
                return EXIT_ENVIRONMENT;
        }
        made.timed_out = c.timed_out;
        made.exit_code = WIFEXITED(c.client.status) ? WEXITSTATUS(c.client.status) : 128 + WTERMSIG(c.client.status);
        *out = made;
        return EXIT_FINE;
}
