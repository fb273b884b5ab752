/*
 * floor: the least that a plugin can do, for docksill to be measured against.
 *
 * libmicrohttpd driven from its own loop, as in docksill's server: it reads each call's body without looking at it and answers a
 * constant. What docksill takes beyond this is its own.
 */
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char allow[] = "{\"Allow\":true}";

static enum MHD_Result on_call(void *closure, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *version, const char *piece, size_t *n, void **state) {
        static char begun;

        (void)path;
        (void)method;
        (void)version;
        (void)piece;
        if (!*state) {
                *state = &begun;
                return MHD_YES;
        }
        if (*n > 0) {
                *n = 0;
                return MHD_YES;
        }
        return MHD_queue_response(connection, MHD_HTTP_OK, closure);
}

static int listen_on(const char *path) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
                return -1;
        strcpy(address.sun_path, path);
        if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, SOMAXCONN) < 0) {
                close(fd);
                return -1;
        }
        return fd;
}

static int serve(struct MHD_Daemon *daemon, int signals) {
        struct pollfd fds[] = {
                { .fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, .events = POLLIN },
                { .fd = signals, .events = POLLIN },
        };

        while (!fds[1].revents) {
                MHD_UNSIGNED_LONG_LONG due;
                const int timeout = MHD_get_timeout(daemon, &due) == MHD_YES ? (int)due : -1;

                if ((poll(fds, 2, timeout) < 0 && errno != EINTR) || MHD_run(daemon) != MHD_YES)
                        return EXIT_FAILURE;
        }
        return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
        struct MHD_Response *response;
        struct MHD_Daemon *daemon;
        sigset_t ends;
        int socket, r;

        if (argc != 2) {
                fprintf(stderr, "usage: floor SOCKET\n");
                return 2;
        }
        socket = listen_on(argv[1]);
        if (socket < 0) {
                perror(argv[1]);
                return EXIT_FAILURE;
        }
        sigemptyset(&ends);
        sigaddset(&ends, SIGTERM);
        sigprocmask(SIG_BLOCK, &ends, NULL);

        response = MHD_create_response_from_buffer(strlen(allow), (void *)(uintptr_t)allow, MHD_RESPMEM_PERSISTENT);
        assert(response);
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
        daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0, NULL, NULL, on_call, response,
                                  MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_END);
        assert(daemon);
        r = serve(daemon, signalfd(-1, &ends, SFD_CLOEXEC));
        MHD_stop_daemon(daemon);
        MHD_destroy_response(response);
        unlink(argv[1]);
        return r;
}
