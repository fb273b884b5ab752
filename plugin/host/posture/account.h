#pragma once
/*
 * account: names of users and groups, by /etc/passwd and /etc/group of the host; nobody else is asked, so what a
 * directory service knows has numbers alone.
 */
#include "host-survey.h"

struct accounts {
        struct str passwd, group; /* the files; empty where they can't be read */
        int passwd_error, group_error;
};

/* In .scratch. */
void accounts_read(struct accounts *out, struct survey *s);

/* The name, else the number; kept. */
struct str account_user(const struct accounts *a, struct survey *s, unsigned uid);
struct str account_group(const struct accounts *a, struct survey *s, unsigned gid);
