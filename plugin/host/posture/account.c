#include "account.h"
#include <errno.h>

void accounts_read(struct accounts *out, struct survey *s) {
        *out = (struct accounts){ 0 };
        out->passwd_error = survey_read(s, "/etc/passwd", &out->passwd);
        out->group_error = survey_read(s, "/etc/group", &out->group);
}

/* Field @i of a line "name:x:0:…". */
static struct str field(struct str line, size_t i) {
        struct str part = str_cut(&line, ':');

        while (i-- > 0)
                part = line.p ? str_cut(&line, ':') : (struct str){ 0 };
        return part;
}

/* The first line counts, as for getpwuid(3). */
static struct str name_of(struct survey *s, struct str file, unsigned id) {
        struct text number;

        text_init_arena(&number, s->keep);
        text_addf(&number, "%u", id);
        while (file.p) {
                struct str line = str_trim(str_cut(&file, '\n'));

                if (str_eq(field(line, 2), text_str(&number)) && field(line, 0).n > 0)
                        return survey_keep(s, field(line, 0));
        }
        return text_str(&number);
}

struct str account_user(const struct accounts *a, struct survey *s, unsigned uid) {
        return name_of(s, a->passwd, uid);
}

struct str account_group(const struct accounts *a, struct survey *s, unsigned gid) {
        return name_of(s, a->group, gid);
}

/* Those whose first group it is stand in passwd alone. */
static void add_first_members(struct survey *s, struct str passwd, struct str gid) {
        while (passwd.p) {
                struct str line = str_trim(str_cut(&passwd, '\n'));

                if (gid.n > 0 && str_eq(field(line, 3), gid) && field(line, 0).n > 0)
                        fact_set_add(s->keep, &s->facts->host.docker_group, survey_keep(s, field(line, 0)));
        }
}

static void add_members(struct survey *s, struct str list) {
        while (list.p) {
                struct str name = str_trim(str_cut(&list, ','));

                if (name.n > 0)
                        fact_set_add(s->keep, &s->facts->host.docker_group, survey_keep(s, name));
        }
}

void survey_group(struct survey *s) {
        struct fact_head *cell = &s->facts->host.docker_group.head;
        struct accounts accounts;
        struct str file, line = { 0 };
        bool found = false;

        accounts_read(&accounts, s);
        if (accounts.group_error == -ENOENT)
                survey_off(s, cell, "there is no /etc/group");
        else if (accounts.group_error)
                survey_unread(s, cell, "/etc/group", accounts.group_error);
        if (accounts.group_error)
                return;
        for (file = accounts.group; file.p && !found;) {
                line = str_trim(str_cut(&file, '\n'));
                found = str_eqz(field(line, 0), "docker");
        }
        if (!found) {
                survey_off(s, cell, "/etc/group has no group docker");
                return;
        }
        add_members(s, field(line, 3));
        add_first_members(s, accounts.passwd, field(line, 2));
        survey_found(cell);
        if (accounts.passwd_error)
                survey_unread(s, cell, "/etc/passwd", accounts.passwd_error);
}
