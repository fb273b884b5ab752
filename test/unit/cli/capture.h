#pragma once
/*
 * capture: what a function writes to stdout or stderr. Include it after cmocka's own headers.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Catches what a function writes to @stream_fd. */
struct capture {
        int fd, saved, file;
        char text[8192];
};

static inline void capture_begin(struct capture *c, int fd) {
        char name[] = "/tmp/docksill-command-XXXXXX";

        c->fd = fd;
        c->file = mkstemp(name);
        assert_true(c->file >= 0);
        unlink(name);
        fflush(NULL);
        c->saved = dup(fd);
        dup2(c->file, fd);
}

static inline const char *capture_end(struct capture *c) {
        ssize_t n;

        fflush(NULL);
        dup2(c->saved, c->fd);
        close(c->saved);
        n = pread(c->file, c->text, sizeof(c->text) - 1, 0);
        c->text[n < 0 ? 0 : n] = '\0';
        close(c->file);
        return c->text;
}

static inline int count(char **argv) {
        int n = 0;

        while (argv[n])
                ++n;
        return n;
}

static inline void assert_says(const char *text, const char *words) {
        if (!strstr(text, words))
                fail_msg("\"%s\" does not say \"%s\"", text, words);
}
