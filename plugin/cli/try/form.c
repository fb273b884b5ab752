#include "form.h"
#include <errno.h>
#include <stdio.h>

#define CPUS_BILLIONTHS 1000000000

static bool is_conceded(const struct form *f, size_t i) {
        return f->conceded & UINT64_C(1) << i;
}

static bool has(const struct form *f, enum concession_kind kind) {
        for (size_t i = 0; i < f->n; ++i)
                if (f->items[i].kind == kind)
                        return true;
        return false;
}

/* Whether a restriction of this kind is in force: it is among the items, and one of them is not conceded. */
static bool restricts(const struct form *f, enum concession_kind kind) {
        for (size_t i = 0; i < f->n; ++i)
                if (f->items[i].kind == kind && !is_conceded(f, i))
                        return true;
        return false;
}

/* -- words -- */

const char *concession_kind_name(enum concession_kind kind) {
        static const char *const names[] = {
                [CONCEDE_USER] = "user",
                [CONCEDE_CAPABILITY] = "capability",
                [CONCEDE_FOLDER] = "folder",
                [CONCEDE_MEMORY] = "memory",
                [CONCEDE_PROCESSES] = "processes",
                [CONCEDE_CPUS] = "cpus",
                [CONCEDE_PRIVILEGES] = "privileges",
                [CONCEDE_PROFILE] = "profile",
                [CONCEDE_NETWORK] = "network",
                [CONCEDE_ROOTFS] = "root-filesystem",
        };

        return names[kind];
}

void concession_add(struct text *out, const struct concession *c) {
        static const char *const words[] = {
                [CONCEDE_USER] = "start as ",
                [CONCEDE_CAPABILITY] = "capability ",
                [CONCEDE_FOLDER] = "write to ",
                [CONCEDE_MEMORY] = "more memory",
                [CONCEDE_PROCESSES] = "more processes",
                [CONCEDE_CPUS] = "more processor time",
                [CONCEDE_PRIVILEGES] = "new privileges (setuid programs)",
                [CONCEDE_PROFILE] = "profile ",
                [CONCEDE_NETWORK] = "a network",
                [CONCEDE_ROOTFS] = "write to its root file system",
        };

        text_addz(out, words[c->kind]);
        text_add_visible(out, c->kind == CONCEDE_USER && c->name.n == 0 ? STR_C("root") : c->name, 200);
}

/* -- the body -- */

static json_t *string(struct str s) {
        return json_stringn(s.p ? s.p : "", s.n);
}

/* The object's member, made where it is none of that type. */
static json_t *member(json_t *of, const char *key, json_type type) {
        json_t *m = json_object_get(of, key);

        if (m && json_typeof(m) == type)
                return m;
        m = type == JSON_ARRAY ? json_array() : json_object();
        return json_object_set_new(of, key, m) == 0 ? m : NULL;
}

static int set(json_t *of, const char *key, json_t *value) {
        return json_object_set_new(of, key, value) == 0 ? 0 : -ENOMEM;
}

static int apply_capabilities(const struct form *f, json_t *host) {
        json_t *add = json_array();
        int r = set(host, "CapDrop", json_pack("[s]", "ALL"));

        for (size_t i = 0; r == 0 && i < f->n; ++i)
                if (f->items[i].kind == CONCEDE_CAPABILITY && is_conceded(f, i))
                        r = json_array_append_new(add, string(f->items[i].name)) == 0 ? 0 : -ENOMEM;
        if (r < 0) {
                json_decref(add);
                return r;
        }
        return set(host, "CapAdd", add);
}

/* Options that undo a profile go, unless they are conceded. */
static int apply_options(const struct form *f, json_t *host) {
        json_t *options = member(host, "SecurityOpt", JSON_ARRAY);

        if (!options)
                return -ENOMEM;
        for (size_t i = 0; i < f->n; ++i) {
                if (f->items[i].kind != CONCEDE_PROFILE || is_conceded(f, i))
                        continue;
                for (size_t k = json_array_size(options); k-- > 0;) {
                        const char *option = json_string_value(json_array_get(options, k));

                        if (option && str_eqz(f->items[i].name, option))
                                json_array_remove(options, k);
                }
        }
        if (restricts(f, CONCEDE_PRIVILEGES) &&
            json_array_append_new(options, json_string("no-new-privileges:true")) < 0)
                return -ENOMEM;
        return 0;
}

/* The options of a folder's tmpfs, in @buffer. Over a folder that is there runc mounts it with that one's mode,
 * whatever mode= says, so who is to write to it has to own it. */
static const char *tmpfs_options(const struct form *f, char *buffer, size_t size) {
        struct str gid = str_from(f->user), uid = str_cut(&gid, ':');

        buffer[0] = '\0';
        if (f->user && (restricts(f, CONCEDE_USER) || !f->root))
                snprintf(buffer, size, "uid=%" STR_FMT ",gid=%" STR_FMT, STR_ARG(uid), STR_ARG(gid));
        return buffer;
}

static int apply_read_only(const struct form *f, json_t *host) {
        json_t *tmpfs = member(host, "Tmpfs", JSON_OBJECT);
        int r = set(host, "ReadonlyRootfs", json_true());

        if (!tmpfs || r < 0)
                return -ENOMEM;
        return f->tmp ? set(tmpfs, "/tmp", json_string("")) : 0;
}

/* Those that are conceded, under a read-only root or not: a tmpfs has another owner too. */
static int apply_folders(const struct form *f, json_t *config, json_t *host) {
        json_t *tmpfs = member(host, "Tmpfs", JSON_OBJECT), *volumes = member(config, "Volumes", JSON_OBJECT);
        char options[64];
        int r = tmpfs && volumes ? 0 : -ENOMEM;

        for (size_t i = 0; r == 0 && i < f->n; ++i) {
                const struct concession *c = &f->items[i];

                if (c->kind != CONCEDE_FOLDER || !is_conceded(f, i))
                        continue;
                r = set(c->volume ? volumes : tmpfs, c->name.p,
                        c->volume ? json_object() : json_string(tmpfs_options(f, options, sizeof(options))));
        }
        return r;
}

/* "512m" in bytes: our own words. */
static int64_t bytes_of(const char *words) {
        char unit;
        long n = strtol(words, NULL, 10);

        unit = words[strlen(words) - 1];
        return (int64_t)n << (unit == 'g' ? 30 : 20);
}

/* How much memory it may have, "512m"; NULL: as the original. */
static const char *memory_of(const struct form *f) {
        return restricts(f, CONCEDE_MEMORY) ? FORM_MEMORY : has(f, CONCEDE_MEMORY) ? f->memory : NULL;
}

static int64_t processes_of(const struct form *f) {
        return restricts(f, CONCEDE_PROCESSES) ? FORM_PROCESSES : has(f, CONCEDE_PROCESSES) ? f->processes : 0;
}

static int apply_limits(const struct form *f, json_t *host) {
        const char *memory = memory_of(f);
        int64_t processes = processes_of(f);
        int r = memory ? set(host, "Memory", json_integer(bytes_of(memory))) : 0;

        if (r == 0 && processes)
                r = set(host, "PidsLimit", json_integer(processes));
        if (r == 0 && restricts(f, CONCEDE_CPUS))
                r = set(host, "NanoCpus", json_integer(CPUS_BILLIONTHS));
        return r;
}

int form_apply(const struct form *f, json_t *config, json_t *host) {
        int r = 0;

        if (restricts(f, CONCEDE_USER))
                r = set(config, "User", json_string(f->user));
        if (r == 0 && restricts(f, CONCEDE_CAPABILITY))
                r = apply_capabilities(f, host);
        if (r == 0)
                r = apply_options(f, host);
        if (r == 0 && restricts(f, CONCEDE_ROOTFS))
                r = apply_read_only(f, host);
        if (r == 0 && has(f, CONCEDE_FOLDER))
                r = apply_folders(f, config, host);
        return r == 0 ? apply_limits(f, host) : r;
}

/* -- flags -- */

printf_(3, 4) static int add(struct flags *out, struct arena *arena, const char *fmt, ...) {
        struct str *slot = ARENA_PUSH(arena, out);
        struct text t;
        va_list args;

        text_init_arena(&t, arena);
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        if (t.failed || !slot)
                return -ENOMEM;
        *slot = text_str(&t);
        return 0;
}

/* Those of what is conceded to a restriction that is in force. */
static int add_conceded(struct flags *out, struct arena *arena, const struct form *f, enum concession_kind kind) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < f->n; ++i) {
                const struct concession *c = &f->items[i];
                char options[64];

                if (c->kind != kind || !is_conceded(f, i))
                        continue;
                (void)tmpfs_options(f, options, sizeof(options));
                if (kind == CONCEDE_CAPABILITY)
                        r = add(out, arena, "--cap-add=%s", c->name.p);
                else if (c->volume)
                        r = add(out, arena, "--volume %s", c->name.p);
                else
                        r = add(out, arena, "--tmpfs %s%s%s", c->name.p, options[0] ? ":" : "", options);
        }
        return r;
}

static int add_limits(struct flags *out, struct arena *arena, const struct form *f) {
        const char *memory = memory_of(f);
        int64_t processes = processes_of(f);
        int r = memory ? add(out, arena, "-m %s", memory) : 0;

        if (r == 0 && processes)
                r = add(out, arena, "--pids-limit %lld", (long long)processes);
        if (r == 0 && restricts(f, CONCEDE_CPUS))
                r = add(out, arena, "--cpus " FORM_CPUS);
        return r;
}

int form_flags(struct flags *out, struct arena *arena, const struct form *f) {
        int r = 0;

        if (restricts(f, CONCEDE_USER))
                r = add(out, arena, "--user %s", f->user);
        if (r == 0 && restricts(f, CONCEDE_CAPABILITY)) {
                r = add(out, arena, "--cap-drop=ALL");
                if (r == 0)
                        r = add_conceded(out, arena, f, CONCEDE_CAPABILITY);
        }
        if (r == 0 && restricts(f, CONCEDE_PRIVILEGES))
                r = add(out, arena, "--security-opt no-new-privileges:true");
        if (r == 0 && restricts(f, CONCEDE_ROOTFS)) {
                r = add(out, arena, "--read-only");
                if (r == 0 && f->tmp)
                        r = add(out, arena, "--tmpfs /tmp");
        }
        if (r == 0)
                r = add_conceded(out, arena, f, CONCEDE_FOLDER);
        return r == 0 ? add_limits(out, arena, f) : r;
}
