#include "capture-folder-priv.h"

#include "docksill/base/clock.h"
#include "docksill/decide/decision.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define PATH_MOST 4096

/* What a crash may have left of a file that was not whole yet. */
#define UNFINISHED ".unfinished"

/* -- the folder -- */

static int say(struct text *why, struct str folder, const char *what, int error) {
        text_add_visible(why, folder, PATH_MOST);
        text_addf(why, ": %s", what);
        return error;
}

static int check_open(int fd, struct str folder, struct text *why) {
        struct stat st;

        if (fstat(fd, &st) < 0)
                return say(why, folder, strerror(errno), -errno);
        if (st.st_uid != geteuid())
                return say(why, folder, "it belongs to another user; it must be docksill's own (chown)", -EPERM);
        if (st.st_mode & 077)
                return say(why, folder, "others may look into it; close it with chmod 700", -EPERM);
        return 0;
}

/* A descriptor, or a negative errno. */
static int open_folder(struct str folder, bool make, struct text *why) {
        char path[PATH_MOST];
        int fd, r;

        if (!str_to_z(folder, path, sizeof(path)))
                return say(why, folder, strerror(ENAMETOOLONG), -ENAMETOOLONG);
        if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
                return say(why, folder, strerror(errno), -errno);
        fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
                return say(why, folder, "not a folder, or a link, which is not followed", -ENOTDIR);
        if (fd < 0)
                return say(why, folder, strerror(errno), -errno);
        r = check_open(fd, folder, why);
        if (r < 0) {
                close(fd);
                return r;
        }
        return fd;
}

int capture_folder_check(struct str folder, bool make, struct text *why) {
        struct text unsaid;
        int fd;

        text_init(&unsaid);
        fd = open_folder(folder, make, &unsaid);
        if (fd >= 0)
                close(fd);
        if (fd < 0 && !(fd == -ENOENT && !make))
                text_add(why, text_str(&unsaid));
        text_deinit(&unsaid);
        return fd >= 0 || (fd == -ENOENT && !make) ? 0 : fd;
}

/* -- names -- */

static void name_make(char *out, uint64_t id, int64_t wall) {
        time_t seconds = (time_t)(wall / 1000000);
        struct text t;
        struct tm tm;

        text_init_fixed(&t, out, CAPTURE_NAME);
        gmtime_r(&seconds, &tm);
        text_addf(&t, "%04d%02d%02dT%02d%02d%02d.%06dZ-", (tm.tm_year + 1900) % 10000, tm.tm_mon + 1, tm.tm_mday,
                  tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(wall % 1000000));
        decision_id_add(&t, id);
        text_addz(&t, ".json");
        assert(!t.failed);
}

/* By its shape: d for a digit, x for a hexadecimal one. */
static bool is_ours(const char *name) {
        static const char shape[] = "ddddddddTdddddd.ddddddZ-xxxxxxxxxxxxxxxx.json";

        if (strlen(name) != sizeof(shape) - 1)
                return false;
        for (size_t i = 0; i < sizeof(shape) - 1; ++i) {
                bool digit = ascii_digit(name[i]);

                if (shape[i] == 'd'   ? !digit
                    : shape[i] == 'x' ? !digit && !(name[i] >= 'a' && name[i] <= 'f')
                                      : name[i] != shape[i])
                        return false;
        }
        return true;
}

/* -- the ring -- */

static struct captured_file *file_at(struct capture_folder *f, size_t i) {
        return &f->files[(f->first + i) % f->keep];
}

static void remove_oldest(struct capture_folder *f) {
        struct captured_file *oldest = file_at(f, 0);

        (void)unlinkat(f->fd, oldest->name, 0);
        f->size -= oldest->size;
        f->first = (f->first + 1) % f->keep;
        --f->n;
}

static void make_room(struct capture_folder *f, uint64_t size) {
        while (f->n && (f->n == f->keep || f->size + size > f->max))
                remove_oldest(f);
}

static void push(struct capture_folder *f, const char *name, uint64_t size) {
        struct captured_file *slot = file_at(f, f->n++);

        memcpy(slot->name, name, CAPTURE_NAME);
        slot->size = size;
        f->size += size;
}

/* -- what is there already -- */

struct found {
        struct captured_file *items;
        size_t n, capacity;
};

static int take(struct found *found, int fd, const char *name) {
        struct captured_file *items;
        struct stat st;

        if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
                return 0;
        if (found->n == found->capacity) {
                size_t capacity = found->capacity ? 2 * found->capacity : 256;

                items = reallocarray(found->items, capacity, sizeof(*items));
                if (!items)
                        return -ENOMEM;
                found->items = items;
                found->capacity = capacity;
        }
        memcpy(found->items[found->n].name, name, CAPTURE_NAME);
        found->items[found->n++].size = (uint64_t)st.st_size;
        return 0;
}

static int read_folder(struct found *found, int fd) {
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        DIR *dir = copy < 0 ? NULL : fdopendir(copy);
        struct dirent *entry;
        int r = 0;

        if (!dir) {
                r = -errno;
                if (copy >= 0)
                        close(copy);
                return r;
        }
        while (r == 0 && (entry = readdir(dir))) {
                if (is_ours(entry->d_name))
                        r = take(found, fd, entry->d_name);
                else if (strcmp(entry->d_name, UNFINISHED) == 0)
                        (void)unlinkat(fd, UNFINISHED, 0);
        }
        closedir(dir);
        return r;
}

static int by_name(const void *a, const void *b) {
        return strcmp(((const struct captured_file *)a)->name, ((const struct captured_file *)b)->name);
}

static int take_over(struct capture_folder *f) {
        struct found found = { 0 };
        int r = read_folder(&found, f->fd);

        if (found.n > 1)
                qsort(found.items, found.n, sizeof(found.items[0]), by_name);
        for (size_t i = 0; i < found.n && r == 0; ++i) {
                make_room(f, found.items[i].size);
                push(f, found.items[i].name, found.items[i].size);
        }
        free(found.items);
        return r;
}

int capture_folder_open(struct capture_folder *out, const struct capture_place *place, struct text *why) {
        struct capture_folder f = { .keep = place->keep, .max = place->max };
        int r;

        f.fd = open_folder(place->folder, true, why);
        if (f.fd < 0)
                return f.fd;
        f.files = calloc(place->keep, sizeof(f.files[0]));
        r = f.files ? take_over(&f) : -ENOMEM;
        if (r < 0) {
                (void)say(why, place->folder, strerror(-r), r);
                capture_folder_close(&f);
                return r;
        }
        *out = f;
        return 0;
}

void capture_folder_close(struct capture_folder *f) {
        if (f->fd >= 0)
                close(f->fd);
        free(f->files);
        *f = (struct capture_folder){ .fd = -1 };
}

/* -- one more -- */

static int write_all(int fd, struct str s) {
        while (s.n) {
                ssize_t n = write(fd, s.p, s.n);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -EIO;
                s = str_skip(s, (size_t)n);
        }
        return 0;
}

/* Under a name of its own first, so that who reads along never sees half a call. */
int capture_folder_add(struct capture_folder *f, uint64_t id, int64_t wall, struct str call) {
        char name[CAPTURE_NAME];
        int fd, r;

        if (call.n > f->max)
                return -EFBIG;
        name_make(name, id, wall);
        make_room(f, call.n);
        (void)unlinkat(f->fd, UNFINISHED, 0);
        fd = openat(f->fd, UNFINISHED, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return -errno;
        r = write_all(fd, call);
        if (close(fd) < 0 && r == 0)
                r = -errno;
        if (r == 0 && renameat(f->fd, UNFINISHED, f->fd, name) < 0)
                r = -errno;
        if (r < 0) {
                (void)unlinkat(f->fd, UNFINISHED, 0);
                return r;
        }
        push(f, name, call.n);
        return 0;
}
