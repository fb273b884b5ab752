/*
 * Of a report docksill's own form is kept, which has only what is asked for: some megabytes of a scanner's become some
 * kilobytes, and reading them again is quick.
 */
#include "docksill/host/scans.h"
#include "docksill/base/file.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#define READING_MEMORY (4 * SCAN_FILE_MOST) /* the text, and what is read out of it */
#define EXPLOITED_FILE "known_exploited_vulnerabilities.json"
#define HEX_DIGITS     64

/* What a file is known by. */
struct identity {
        dev_t device;
        ino_t number;
        off_t size;
        struct timespec changed;
};

struct kept {
        struct identity identity;
        const char *why; /* it can't be used; NULL: it can; static */
        char *text;      /* docksill's own form; NULL where why is not */
        size_t n;
        uint64_t used; /* when last */
};

struct scans {
        atomic_uint references;
        struct str folder;
        struct arena arena; /* of the next two */
        struct scan_ignored *ignored;
        size_t n_ignored;

        pthread_mutex_t lock; /* of what follows */
        struct kept kept[SCANS_KEPT];
        size_t n_kept, held;
        uint64_t clock;
        struct identity catalogue;
        struct arena exploited_arena;
        struct scan_ids exploited;
};

/* -- life -- */

static int copy_ignored(struct scans *s, const struct scan_ignored *ignored, size_t n) {
        s->ignored = ARENA_ARRAY(&s->arena, struct scan_ignored, n);
        if (!s->ignored)
                return -ENOMEM;
        for (size_t i = 0; i < n; ++i) {
                s->ignored[i].until = ignored[i].until;
                if (arena_str(&s->arena, ignored[i].id, &s->ignored[i].id) < 0 ||
                    arena_str(&s->arena, ignored[i].package, &s->ignored[i].package) < 0)
                        return -ENOMEM;
        }
        s->n_ignored = n;
        return 0;
}

int scans_new(struct scans **out, struct str folder, const struct scan_ignored *ignored, size_t n_ignored) {
        cleanup_(scans_unrefp) struct scans *s = calloc(1, sizeof(*s));

        if (!s)
                return -ENOMEM;
        atomic_init(&s->references, 1);
        arena_init(&s->arena, SCANS_MEMORY);
        arena_init(&s->exploited_arena, READING_MEMORY);
        pthread_mutex_init(&s->lock, NULL);
        if (arena_str(&s->arena, folder, &s->folder) < 0 || copy_ignored(s, ignored, n_ignored) < 0)
                return -ENOMEM;
        *out = TAKE(s);
        return 0;
}

struct scans *scans_ref(struct scans *s) {
        if (s)
                atomic_fetch_add_explicit(&s->references, 1, memory_order_relaxed);
        return s;
}

void scans_unref(struct scans *s) {
        if (!s || atomic_fetch_sub_explicit(&s->references, 1, memory_order_acq_rel) > 1)
                return;
        for (size_t i = 0; i < s->n_kept; ++i)
                free(s->kept[i].text);
        pthread_mutex_destroy(&s->lock);
        arena_deinit(&s->exploited_arena);
        arena_deinit(&s->arena);
        free(s);
}

struct str scans_folder(const struct scans *s) {
        return s->folder;
}

/* -- what is kept -- */

static bool is_identical(const struct identity *a, const struct identity *b) {
        return a->device == b->device && a->number == b->number && a->size == b->size &&
               a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static struct kept *find_kept(struct scans *s, const struct identity *identity) {
        for (size_t i = 0; i < s->n_kept; ++i)
                if (is_identical(&s->kept[i].identity, identity)) {
                        s->kept[i].used = ++s->clock;
                        return &s->kept[i];
                }
        return NULL;
}

static void drop_oldest(struct scans *s) {
        size_t oldest = 0;

        for (size_t i = 1; i < s->n_kept; ++i)
                if (s->kept[i].used < s->kept[oldest].used)
                        oldest = i;
        s->held -= s->kept[oldest].n;
        free(s->kept[oldest].text);
        s->kept[oldest] = s->kept[--s->n_kept];
}

/* Takes @text. */
static struct kept *keep(struct scans *s, const struct identity *identity, const char *why, char *text, size_t n) {
        while (s->n_kept == SCANS_KEPT || (s->n_kept > 0 && s->held + n > SCANS_MEMORY))
                drop_oldest(s);
        s->kept[s->n_kept] = (struct kept){ *identity, why, text, n, ++s->clock };
        s->held += n;
        return &s->kept[s->n_kept++];
}

/* -- one file -- */

static int open_report(const char *path, struct identity *out, int64_t *changed) {
        cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        struct stat st;
        int r;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        *out = (struct identity){ st.st_dev, st.st_ino, st.st_size, st.st_mtim };
        *changed = (int64_t)st.st_mtim.tv_sec * 1000000;
        r = S_ISREG(st.st_mode) ? fd : FILE_E_NOT_REGULAR - 1000;
        if (r >= 0)
                fd = -1;
        return r;
}

static bool is_on(const struct scan_report *report, struct str key) {
        return str_is_among(key, report->images.items, report->images.n);
}

/* NULL, and *text in docksill's own form; or why not. */
static const char *digest(struct text *text, struct arena *arena, struct str json, int64_t changed) {
        struct scan_report report = { 0 };
        const char *why = scan_report_read(&report, arena, json);

        if (why)
                return why;
        if (report.images.n == 0)
                return "it does not say on which image it is (docksill scan add --image)";
        if (report.at == 0)
                report.at = changed;
        scan_report_add(text, &report);
        return text->failed ? "it is too large" : NULL;
}

static struct kept *read_report(struct scans *s, int fd, const struct identity *identity, int64_t changed) {
        cleanup_(text_deinit) struct text text;
        struct arena arena;
        struct str json;
        const char *why;
        int r;

        text_init(&text);
        arena_init(&arena, READING_MEMORY);
        r = file_read_fd(&arena, fd, SCAN_FILE_MOST, &json);
        if (r == -EFBIG)
                why = "it is larger than 64 MiB";
        else if (r < 0)
                why = "it can't be read";
        else
                why = digest(&text, &arena, json, changed);
        arena_deinit(&arena);
        if (why)
                return keep(s, identity, why, NULL, 0);
        return keep(s, identity, NULL, TAKE(text.p), text.n);
}

static void say(struct scan_trouble *trouble, const char *path, const char *why, bool news) {
        struct text t;

        if (trouble->text[0])
                return;
        text_init_fixed(&t, trouble->text, sizeof(trouble->text));
        text_add_visible(&t, str_from(path), 200);
        text_addf(&t, ": %s", why);
        trouble->news = news;
}

/* What is to be had of one file; NULL: nothing. @news: it was not known yet. */
static const struct kept *look(struct scans *s, const char *path, struct scan_trouble *trouble, bool *news) {
        struct identity identity;
        int64_t changed = 0;
        const struct kept *kept;
        cleanup_(closep) int fd = open_report(path, &identity, &changed);

        if (fd < 0) {
                if (fd != -ENOENT)
                        say(trouble, path, fd == FILE_E_NOT_REGULAR - 1000 ? "it is no file" : strerror(-fd), true);
                return NULL;
        }
        kept = find_kept(s, &identity);
        *news = !kept;
        if (!kept)
                kept = read_report(s, fd, &identity, changed);
        if (kept->why)
                say(trouble, path, kept->why, *news);
        return kept->why ? NULL : kept;
}

/* -- the catalogue -- */

static void read_catalogue(struct scans *s, struct scan_trouble *trouble) {
        char path[4096];
        struct identity identity;
        int64_t changed;
        struct text t;
        struct str json;
        cleanup_(closep) int fd = -1;

        text_init_fixed(&t, path, sizeof(path));
        text_addf(&t, "%" STR_FMT "/" EXPLOITED_FILE, STR_ARG(s->folder));
        fd = t.failed ? -ENAMETOOLONG : open_report(path, &identity, &changed);
        if (fd >= 0 && is_identical(&identity, &s->catalogue))
                return;
        arena_reset(&s->exploited_arena);
        s->exploited = (struct scan_ids){ 0 };
        s->catalogue = (struct identity){ 0 };
        if (fd < 0)
                return;
        s->catalogue = identity;
        if (file_read_fd(&s->exploited_arena, fd, SCAN_FILE_MOST, &json) < 0 ||
            !scan_exploited_read(&s->exploited, &s->exploited_arena, json)) {
                s->exploited = (struct scan_ids){ 0 };
                say(trouble, path, "it is not CISA's catalogue of known exploited vulnerabilities", true);
        }
}

/* -- an image -- */

/* What was kept, read again into the asker's memory: it may be dropped once the lock is given back. */
static int take(struct scan_report *out, struct arena *arena, const struct kept *kept) {
        struct str text;

        *out = (struct scan_report){ 0 };
        if (arena_str(arena, (struct str){ kept->text, kept->n }, &text) < 0 || scan_report_read(out, arena, text))
                return -ENOMEM;
        return 0;
}

struct found {
        struct scan_report report;   /* the latest that looked for vulnerabilities */
        struct scan_report packages; /* a list of packages alone */
        bool any;
};

static int find_by(struct scans *s, struct found *f, struct arena *arena, struct str key, const char *suffix,
                   struct scan_trouble *trouble) {
        char path[4096];
        const struct kept *kept;
        struct scan_report report;
        struct text t;
        bool news;
        int r;

        text_init_fixed(&t, path, sizeof(path));
        text_addf(&t, "%" STR_FMT "/%" STR_FMT "%s", STR_ARG(s->folder), STR_ARG(key), suffix);
        kept = t.failed ? NULL : look(s, path, trouble, &news);
        if (!kept)
                return 0;
        r = take(&report, arena, kept);
        if (r < 0)
                return r;
        /* Asked each time: one file may have several names. */
        if (!is_on(&report, key)) {
                say(trouble, path, "it is on another image", news);
                return 0;
        }
        if (report.looked && (!f->report.looked || report.at > f->report.at))
                f->report = report;
        if (report.packages.n > f->packages.packages.n)
                f->packages = report;
        f->any = true;
        return 0;
}

static int sum(struct scans *s, struct scan *out, struct arena *arena, struct found *f, int64_t now) {
        const struct scan_filter filter = { s->ignored, s->n_ignored, s->exploited.items, s->exploited.n };
        struct scan_report *report = f->report.looked ? &f->report : &f->packages;

        if (report->packages.n == 0)
                report->packages = f->packages.packages;
        return scan_sum(out, arena, report, &filter, now);
}

int scans_find(struct scans *s, struct scan *out, struct arena *arena, const struct scan_keys *keys, int64_t now,
               struct scan_trouble *trouble) {
        static const char *const suffixes[] = { ".json", ".cdx.json", ".spdx.json" };
        struct found f = { 0 };
        int r = 0;

        *trouble = (struct scan_trouble){ 0 };
        pthread_mutex_lock(&s->lock);
        read_catalogue(s, trouble);
        for (size_t i = 0; i < keys->n && r == 0; ++i)
                for (size_t k = 0; k < ARRAY_SIZE(suffixes) && r == 0; ++k)
                        r = find_by(s, &f, arena, keys->items[i], suffixes[k], trouble);
        if (r == 0 && f.any)
                r = sum(s, out, arena, &f, now);
        pthread_mutex_unlock(&s->lock);
        return r < 0 ? r : f.any;
}
