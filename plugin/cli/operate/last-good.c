#include "last-good.h"
#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include "docksill/rules/bundle.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define KEPT   "last-good"
#define FIRST  "docksill last-good 1\nrules "
#define LAST   "sha256 "
#define MOST   ((size_t)32 * 1024 * 1024)
#define MEMORY (MOST * 3)

#define DIGEST 64 /* digits of a SHA-256 */

/* systemd's word first: it holds also where the settings, which may say otherwise, can't be read. */
static struct str folder_of(const struct config *c) {
        struct str given = str_from(getenv("STATE_DIRECTORY"));

        if (given.n > 0)
                return str_first(given, str_find(given, ':'));
        return str_from(c->state ? c->state : CONFIG_STATE);
}

static int path_of(struct arena *arena, const struct config *c, const char **folder, const char **path) {
        struct str named = folder_of(c), copy;
        struct text t;

        text_init_arena(&t, arena);
        text_addf(&t, "%" STR_FMT "/" KEPT, STR_ARG(named));
        if (t.failed || arena_str(arena, named, &copy) < 0)
                return -ENOMEM;
        *folder = copy.p;
        *path = t.p;
        return 0;
}

static void add_digest(struct text *out, struct str of) {
        unsigned char hash[EVP_MAX_MD_SIZE];
        unsigned n = 0;

        if (!EVP_Digest(of.p, of.n, hash, &n, EVP_sha256(), NULL))
                out->failed = true;
        for (unsigned i = 0; i < n; ++i)
                text_addf(out, "%02x", hash[i]);
}

/* The whole file. */
static void write_kept(struct text *out, const struct setup *s) {
        cleanup_(text_deinit) struct text digest;

        text_init(&digest);
        text_addz(out, FIRST);
        text_add(out, ruleset_digest(s->rules));
        text_add_char(out, '\n');
        bundle_write(out, &s->config.files);
        bundle_write(out, ruleset_files(s->rules));
        add_digest(&digest, text_str(out));
        text_addf(out, LAST "%" STR_FMT "\n", STR_ARG(text_str(&digest)));
        out->failed = out->failed || digest.failed;
}

static int make_folder(const struct config *c, const char *folder) {
        struct stat st;

        if (stat(folder, &st) == 0)
                return 0;
        if (!getenv("STATE_DIRECTORY") && !c->origins.state.at.source)
                return -ENOENT;
        return mkdir(folder, 0750) < 0 && errno != EEXIST ? -errno : 0;
}

static int keep(const struct setup *s, struct arena *arena, const char *folder, const char *path) {
        cleanup_(text_deinit) struct text now;
        struct str before;
        int r = make_folder(&s->config, folder);

        text_init(&now);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        write_kept(&now, s);
        if (now.failed)
                return -ENOMEM;
        if (now.n > MOST)
                return -EFBIG;
        if (file_read_regular(arena, path, MOST, &before) == 0 && str_eq(before, text_str(&now)))
                return 0;
        return file_replace(path, text_str(&now), NULL);
}

void last_good_keep(const struct setup *s) {
        cleanup_(arena_deinit) struct arena arena;
        const char *folder, *path = KEPT;
        int r;

        arena_init(&arena, MEMORY);
        r = path_of(&arena, &s->config, &folder, &path);
        if (r == 0)
                r = keep(s, &arena, folder, path);
        if (r < 0)
                fprintf(stderr,
                        "docksill: what is in force can't be kept in %s: %s; the next start will need files that are "
                        "right\n",
                        path, strerror(-r));
}

/* "rules HEX" and the files behind it; false: it is not as it was written. */
static bool read_kept(struct arena *arena, struct str text, struct str *rules, struct bundle *files) {
        static const struct str first = STR(FIRST), last = STR(LAST);
        const size_t tail = last.n + DIGEST + 1;
        cleanup_(text_deinit) struct text digest;
        struct str body;

        text_init(&digest);
        if (text.n < first.n + DIGEST + 1 + tail || !str_starts(text, first))
                return false;
        body = str_first(text, text.n - tail);
        text_add(&digest, last);
        add_digest(&digest, body);
        text_add_char(&digest, '\n');
        if (digest.failed || !str_eq(text_str(&digest), str_skip(text, body.n)))
                return false;
        *rules = str_first(str_skip(body, first.n), DIGEST);
        return bundle_parse(files, arena, str_skip(body, first.n + DIGEST + 1)) == 0;
}

/* What follows "docksill: " where there is nothing to fall back on. */
static int none(const char *path, const char *why) {
        fprintf(stderr, "docksill: there is no last good set to start with instead: %s: %s\n", path, why);
        return EXIT_INVALID;
}

static void announce(const char *path, struct str rules, size_t files) {
        cleanup_(text_deinit) struct text when;
        struct stat st;

        text_init(&when);
        clock_add_rfc3339(&when, stat(path, &st) == 0 ? (int64_t)st.st_mtime * 1000000 : 0);
        fprintf(stderr,
                "docksill: STARTING WITH THE LAST GOOD SET: the files above can't be used, so what was in force before "
                "is in force again (kept in %s since %s: %zu files, rules digest %.16s); mend the files, then send "
                "SIGHUP (systemctl reload docksill)\n",
                path, when.p ? when.p : "?", files, rules.p);
}

/* Into a set-up of its own: what the caller has stays until this one is whole. */
static int load(struct setup *out, const struct setup *failed, const struct bundle *files, struct str rules) {
        struct config_flags from_kept = failed->flags;
        int r;

        from_kept.from = files;
        r = setup_read(out, &from_kept);
        out->in_use = failed->in_use;
        if (r == EXIT_FINE)
                r = setup_rules(out);
        if (r == EXIT_FINE && !str_eq(ruleset_digest(out->rules), rules))
                r = EXIT_INVALID;
        out->flags.from = NULL;
        out->last_good = true;
        return r;
}

int last_good_load(struct setup *setup) {
        cleanup_(setup_close) struct setup kept = { 0 };
        cleanup_(arena_deinit) struct arena arena;
        const char *folder, *path = KEPT;
        struct bundle files;
        struct str text, rules;
        int r;

        arena_init(&arena, MEMORY);
        if (path_of(&arena, &setup->config, &folder, &path) < 0)
                return none(path, strerror(ENOMEM));
        r = file_read_regular(&arena, path, MOST, &text);
        if (r != 0)
                return none(path, r < 0 ? strerror(-r) : "it is no regular file");
        if (!read_kept(&arena, text, &rules, &files))
                return none(path, "it is not as it was written");
        if (load(&kept, setup, &files, rules) != EXIT_FINE)
                return none(path, "what it holds does not go with the flags of this start, or with this docksill");
        announce(path, rules, files.n);
        setup_close(setup);
        *setup = kept;
        kept = (struct setup){ 0 };
        return EXIT_FINE;
}
