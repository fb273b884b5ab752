#include "journal-socket.h"
#include "docksill/base/cleanup.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

void journal_socket_init(struct journal_socket *s, const char *path) {
        *s = (struct journal_socket){ .path = path, .fd = -1 };
}

void journal_socket_deinit(struct journal_socket *s) {
        if (s->fd >= 0)
                close(s->fd);
        s->fd = -1;
}

void journal_field_add(struct text *entry, const char *name, struct str value) {
        char size[8];

        for (size_t i = 0; i < sizeof(size); ++i)
                size[i] = (char)((uint64_t)value.n >> (8 * i));
        text_addz(entry, name);
        text_add_char(entry, '\n');
        text_add(entry, (struct str){ size, sizeof(size) });
        text_add(entry, value);
        text_add_char(entry, '\n');
}

/* Connected, since poll(2) tells of a datagram socket only then whether its peer takes more. */
static int connect_again(struct journal_socket *s) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        journal_socket_deinit(s);
        if (!str_to_z(str_from(s->path), address.sun_path, sizeof(address.sun_path)))
                return -ENAMETOOLONG;
        s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (s->fd < 0)
                return -errno;
        if (connect(s->fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
                int error = errno;

                journal_socket_deinit(s);
                return -error;
        }
        return 0;
}

static int seal(struct str entry) {
        int fd = memfd_create("docksill-entry", MFD_CLOEXEC | MFD_ALLOW_SEALING), error;

        if (fd < 0)
                return -errno;
        errno = EIO;
        if (write(fd, entry.p, entry.n) == (ssize_t)entry.n &&
            fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
                return fd;
        error = errno;
        close(fd);
        return -error;
}

/* An empty datagram with the descriptor of what it would hold. */
static int send_sealed(int to, struct str entry) {
        union {
                struct cmsghdr header;
                char room[CMSG_SPACE(sizeof(int))];
        } control = { 0 };
        struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
        cleanup_(closep) int fd = seal(entry);

        if (fd < 0)
                return fd;
        control.header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
                                           .cmsg_type = SCM_RIGHTS,
                                           .cmsg_len = CMSG_LEN(sizeof(int)) };
        memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
        return sendmsg(to, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int send_once(const struct journal_socket *s, struct str entry) {
        if (send(s->fd, entry.p, entry.n, MSG_NOSIGNAL) >= 0)
                return 0;
        if (errno == EMSGSIZE || errno == ENOBUFS)
                return send_sealed(s->fd, entry);
        return -errno;
}

int journal_socket_send(struct journal_socket *s, struct str entry) {
        int r = s->fd >= 0 ? send_once(s, entry) : -ENOTCONN;

        /* Somebody else listens there by now, or does again. */
        if (r < 0 && r != -EAGAIN) {
                r = connect_again(s);
                if (r == 0)
                        r = send_once(s, entry);
        }
        return r;
}

void journal_socket_wait(struct journal_socket *s, int milliseconds) {
        struct pollfd ready = { .fd = s->fd, .events = POLLOUT };

        (void)poll(&ready, 1, milliseconds);
}
