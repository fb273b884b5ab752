#pragma once
/*
 * stub-engine: an engine's socket that answers as its name says, in threads of its own.
 *
 * /missing 404 · /error 500 · …/attestations 501 · /redirect 301 to /other · /garbage no HTTP · /midway closes within
 * the answer · /large announces 2 MiB · /megabyte has almost one · /endless never ends · /continue never begins ·
 * /chunked and /close as servers may · /slow once the door is open · anything else 200 with {"Id":"<target>"}.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define STUB_CONNECTIONS 256

struct stub_connection {
        struct stub_engine *stub;
        pthread_t thread;
        int fd;
};

struct stub_engine {
        char folder[64], socket[96];
        int fd;
        pthread_t thread;
        struct stub_connection connections[STUB_CONNECTIONS];
        atomic_int n, now, most, requests; /* connections: all, at once, the most at once */
        atomic_bool stop;
        pthread_mutex_t lock;
        pthread_cond_t opened;
        bool open;
        char head[4096]; /* of the last request */
};

static inline void stub_door(struct stub_engine *s, bool open) {
        pthread_mutex_lock(&s->lock);
        s->open = open;
        pthread_cond_broadcast(&s->opened);
        pthread_mutex_unlock(&s->lock);
}

static inline void stub_wait(struct stub_engine *s) {
        pthread_mutex_lock(&s->lock);
        while (!s->open && !s->stop)
                pthread_cond_wait(&s->opened, &s->lock);
        pthread_mutex_unlock(&s->lock);
}

static inline bool stub_send(int fd, const char *text, size_t n) {
        return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static inline bool stub_sendz(int fd, const char *text) {
        return stub_send(fd, text, strlen(text));
}

static inline bool stub_endless(struct stub_engine *s, int fd) {
        static const char blanks[4096];

        (void)stub_sendz(fd, "HTTP/1.1 200 OK\r\n\r\n{");
        while (!s->stop && stub_send(fd, blanks, sizeof(blanks)))
                ;
        return false;
}

static inline bool stub_continue(struct stub_engine *s, int fd) {
        while (!s->stop && stub_sendz(fd, "HTTP/1.1 100 Continue\r\n\r\n"))
                ;
        return false;
}

static inline bool stub_megabyte(int fd) {
        static const char blanks[1024 * 1024 - 2];

        return stub_sendz(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n{}") &&
               stub_send(fd, blanks, sizeof(blanks));
}

/* Says whether the connection stays. */
static inline bool stub_answer(struct stub_engine *s, int fd, const char *target) {
        char text[2048];

        if (strcmp(target, "/missing") == 0)
                return stub_sendz(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 16\r\n\r\n{\"message\":\"no\"}");
        if (strstr(target, "/attestations"))
                return stub_sendz(fd, "HTTP/1.1 501 Not Implemented\r\nContent-Length: 2\r\n\r\n{}");
        if (strcmp(target, "/error") == 0)
                return stub_sendz(fd, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n{}");
        if (strcmp(target, "/redirect") == 0)
                return stub_sendz(fd, "HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 2\r\n\r\n{}");
        if (strcmp(target, "/large") == 0)
                return stub_sendz(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2097152\r\n\r\n{") && false;
        if (strcmp(target, "/endless") == 0)
                return stub_endless(s, fd);
        if (strcmp(target, "/continue") == 0)
                return stub_continue(s, fd);
        if (strcmp(target, "/megabyte") == 0)
                return stub_megabyte(fd);
        if (strcmp(target, "/garbage") == 0)
                return stub_sendz(fd, "garbage\r\n\r\n") && false;
        if (strcmp(target, "/midway") == 0)
                return stub_sendz(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":") && false;
        if (strcmp(target, "/close") == 0)
                return stub_sendz(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"Id\":\"/close\"}") && false;
        if (strcmp(target, "/chunked") == 0)
                return stub_sendz(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                      "2\r\n{\"\r\n11\r\nId\":\"/chunked\"}  \r\n0\r\n\r\n");
        if (strncmp(target, "/slow", 5) == 0)
                stub_wait(s);
        snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n{\"Id\":\"%s\"}",
                 strlen(target) + 9, target);
        return stub_sendz(fd, text);
}

/* One request's head: clients here wait for each answer. */
static inline bool stub_receive(int fd, char *head, size_t size) {
        size_t n = 0;

        while (n + 1 < size) {
                ssize_t got = recv(fd, head + n, size - 1 - n, 0);

                if (got <= 0)
                        return false;
                n += (size_t)got;
                head[n] = '\0';
                if (strstr(head, "\r\n\r\n"))
                        return true;
        }
        return false;
}

static inline void *stub_serve(void *context) {
        struct stub_connection *c = context;
        char head[4096], target[1024];
        int now = atomic_fetch_add(&c->stub->now, 1) + 1;

        if (now > c->stub->most)
                c->stub->most = now;
        while (stub_receive(c->fd, head, sizeof(head)) && sscanf(head, "%*s %1023s", target) == 1) {
                pthread_mutex_lock(&c->stub->lock);
                memcpy(c->stub->head, head, sizeof(head));
                pthread_mutex_unlock(&c->stub->lock);
                atomic_fetch_add(&c->stub->requests, 1);
                if (!stub_answer(c->stub, c->fd, target))
                        break;
        }
        shutdown(c->fd, SHUT_RDWR);
        atomic_fetch_sub(&c->stub->now, 1);
        return NULL;
}

static inline void *stub_accept(void *context) {
        struct stub_engine *s = context;
        int fd;

        while (s->n < STUB_CONNECTIONS && (fd = accept(s->fd, NULL, NULL)) >= 0) {
                struct stub_connection *c = &s->connections[s->n];

                *c = (struct stub_connection){ .stub = s, .fd = fd };
                if (pthread_create(&c->thread, NULL, stub_serve, c) != 0)
                        abort();
                ++s->n;
        }
        return NULL;
}

static inline int stub_listen(struct stub_engine *s) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        memcpy(address.sun_path, s->socket, strlen(s->socket) + 1);
        s->stop = false;
        s->n = s->now = 0;
        s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(s->fd, 128) < 0)
                return -1;
        return pthread_create(&s->thread, NULL, stub_accept, s) == 0 ? 0 : -1;
}

/* The socket's file stays, as of an engine that was killed. */
static inline void stub_silence(struct stub_engine *s) {
        s->stop = true;
        stub_door(s, true);
        shutdown(s->fd, SHUT_RDWR);
        pthread_join(s->thread, NULL);
        close(s->fd);
        for (int i = 0; i < s->n; ++i) {
                shutdown(s->connections[i].fd, SHUT_RDWR);
                pthread_join(s->connections[i].thread, NULL);
                close(s->connections[i].fd);
        }
        s->n = 0;
}

static inline int stub_begin(struct stub_engine *s) {
        memset(s, 0, sizeof(*s));
        pthread_mutex_init(&s->lock, NULL);
        pthread_cond_init(&s->opened, NULL);
        strcpy(s->folder, "/tmp/docksill-stub-XXXXXX");
        if (!mkdtemp(s->folder))
                return -1;
        snprintf(s->socket, sizeof(s->socket), "%s/docker.sock", s->folder);
        return stub_listen(s);
}

static inline void stub_end(struct stub_engine *s) {
        if (!s->stop)
                stub_silence(s);
        unlink(s->socket);
        rmdir(s->folder);
        pthread_cond_destroy(&s->opened);
        pthread_mutex_destroy(&s->lock);
}
