/*
 * A profile ends in flags that somebody pastes, so each value must be one that these flags take, and none may give a
 * program more than Docker itself gives to any.
 */
#include "profile-priv.h"

#include "docksill/base/date.h"
#include "docksill/base/path.h"
#include "docksill/rules/schema.h"
#include "printable.h"

#define USER_DIGITS 10

enum {
        PROFILE_DOCKSILL,
        PROFILE_KIND,
        PROFILE_NAME,
        PROFILE_IMAGES,
        PROFILE_SOURCE,
        PROFILE_AS_OF,
        PROFILE_SURE,
        PROFILE_USERS,
        PROFILE_CAPABILITIES,
        PROFILE_TMPFS,
        PROFILE_VOLUMES,
        PROFILE_PROCESSES,
        PROFILE_MEMORY,
        PROFILE_KEYS,
};

static const char *const sure_words[] = { "high", "medium", "low", NULL };

static const struct schema user_schema;

static const struct schema_key profile_keys[PROFILE_KEYS + 1] = {
        [PROFILE_DOCKSILL] = { "docksill", SHAPE_TEXT, .required = true, .doc = "v1" },
        [PROFILE_KIND] = { "kind", SHAPE_TEXT, .required = true, .doc = "profile" },
        [PROFILE_NAME] = { "name", SHAPE_NAME, .required = true, .doc = "what people call it" },
        [PROFILE_IMAGES] = { "images", SHAPE_TEXTS, .required = true, .doc = "normalised, without tag" },
        [PROFILE_SOURCE] = { "source", SHAPE_TEXT, .required = true, .doc = "where it can be read" },
        [PROFILE_AS_OF] = { "as_of", SHAPE_TEXT, .required = true, .doc = "the day it was written, YYYY-MM-DD" },
        [PROFILE_SURE] = { "sure", SHAPE_CHOICE, .required = true, .choices = sure_words, .doc = "how sure it is" },
        [PROFILE_USERS] = { "users", SHAPE_SEQUENCE, .of = &user_schema,
                            .doc = "tag, user; the first that fits counts" },
        [PROFILE_CAPABILITIES] = { "capabilities", SHAPE_TEXTS, .doc = "what a start as root needs; []: none" },
        [PROFILE_TMPFS] = { "tmpfs", SHAPE_TEXTS, .doc = "folders it writes to, gone with the container; []: none" },
        [PROFILE_VOLUMES] = { "volumes", SHAPE_TEXTS, .doc = "folders it writes to that are to stay" },
        [PROFILE_PROCESSES] = { "processes", SHAPE_NUMBER, .doc = "a limit with room to spare" },
        [PROFILE_MEMORY] = { "memory", SHAPE_TEXT, .doc = "a limit with room to spare: 512m" },
};
const struct schema schema_profile = { "a profile", profile_keys };

enum { USER_TAG, USER_USER, USER_KEYS };

static const struct schema_key user_keys[USER_KEYS + 1] = {
        [USER_TAG] = { "tag", SHAPE_TEXT, .doc = "a word of the tag; none: any tag" },
        [USER_USER] = { "user", SHAPE_TEXT, .required = true, .doc = "999:999" },
};
static const struct schema user_schema = { "a user", user_keys };

/* One load of one file. */
struct reading {
        const struct yaml *y;
        struct profile profile;
        int result;
};

static void wrong(struct reading *in, const struct yaml_node *node, const char *what) {
        in->result = worse(in->result, diag_error(in->y->diag, node->at, DIAG_PROFILE_VALUE, "\"%s\": %s",
                                                  PRINTABLE(node->text), what));
}

static bool is_number(struct str s) {
        size_t n = 0;

        while (n < s.n && ascii_digit(s.p[n]))
                ++n;
        return n > 0 && n == s.n && n <= USER_DIGITS;
}

static bool is_zero(struct str s) {
        size_t n = 0;

        while (n < s.n && s.p[n] == '0')
                ++n;
        return n == s.n;
}

/* A name tells nothing without the image; and root is whom the remedy is to do without. */
static bool is_user(struct str s) {
        struct str group = s, user = str_cut(&group, ':');

        return is_number(user) && !is_zero(user) && (!group.p || (is_number(group) && !is_zero(group)));
}

/* What Docker gives to any container: more would be no remedy. */
static bool is_default_capability(struct str s) {
        static const struct str names[] = {
                STR("AUDIT_WRITE"), STR("CHOWN"),   STR("DAC_OVERRIDE"),     STR("FOWNER"),     STR("FSETID"),
                STR("KILL"),        STR("MKNOD"),   STR("NET_BIND_SERVICE"), STR("NET_RAW"),    STR("SETFCAP"),
                STR("SETGID"),      STR("SETPCAP"), STR("SETUID"),           STR("SYS_CHROOT"),
        };

        return str_is_among(s, names, ARRAY_SIZE(names));
}

/* One that a flag can say, and that a mount may cover. */
static bool is_folder(struct str s) {
        static const struct str not_over[] = { STR("/proc"), STR("/sys"), STR("/dev") };

        if (s.n < 2 || s.p[0] != '/' || s.p[s.n - 1] == '/')
                return false;
        for (size_t i = 0; i < s.n; ++i)
                if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !ascii_digit(s.p[i]) && !strchr("/._-", s.p[i]))
                        return false;
        for (size_t i = 0; i < ARRAY_SIZE(not_over); ++i)
                if (path_matches(s, not_over[i], PATH_WITHIN))
                        return false;
        return str_search(s, STR_C("//")) == s.n && str_search(s, STR_C("/.")) == s.n;
}

/* "512m", in bytes; 0: it is none. */
static int64_t bytes_of(struct str s) {
        static const char units[] = "kmg";
        const char *unit = s.n > 1 ? strchr(units, s.p[s.n - 1]) : NULL;
        int64_t n;

        if (!unit || !*unit || s.n > 6 || str_int(str_first(s, s.n - 1), &n) < 0 || n <= 0)
                return 0;
        return n << 10 * (unit - units + 1);
}

/* As struct image_ref has it (engine/image-ref.h): a registry with a dot or a port, then a path; no tag, no digest. */
static bool is_image(struct str s) {
        struct str path = s, registry = str_cut(&path, '/');

        if (str_find(registry, '.') == registry.n && str_find(registry, ':') == registry.n &&
            !str_eqz(registry, "localhost"))
                return false;
        for (size_t i = 0; i < path.n; ++i)
                if (!(path.p[i] >= 'a' && path.p[i] <= 'z') && !ascii_digit(path.p[i]) && !strchr("/._-", path.p[i]))
                        return false;
        /* "nginx" of Docker Hub is "library/nginx" by its whole name. */
        return path.n > 0 && (!str_eqz(registry, "docker.io") || str_find(path, '/') < path.n);
}

static void check_image(struct reading *in, const struct yaml_node *node) {
        if (!is_image(node->text))
                wrong(in, node, "an image is named with its registry and without its tag: docker.io/library/nginx");
}

static void check_capability(struct reading *in, const struct yaml_node *node) {
        if (!is_default_capability(node->text))
                wrong(in, node, "a capability is one that Docker gives to any container, such as CHOWN");
}

static void check_folder(struct reading *in, const struct yaml_node *node) {
        if (!is_folder(node->text))
                wrong(in, node, "a folder is a plain path from /, and none of /proc, /sys or /dev: /var/cache/nginx");
}

/* Kept for as long as the profile. */
static struct str keep(struct reading *in, const struct yaml_node *node) {
        struct str kept = { 0 };

        if (node && arena_str(in->y->keep, node->text, &kept) < 0)
                in->result = -ENOMEM;
        return kept;
}

static void read_items(struct reading *in, const struct yaml_node *node, struct profile_items *out,
                       void (*check)(struct reading *in, const struct yaml_node *node)) {
        const struct yaml_node *const *nodes = node && node->kind == NODE_SEQUENCE ? node->items : &node;
        size_t n = !node ? 0 : node->kind == NODE_SEQUENCE ? node->n : 1;
        struct str *items = ARENA_ARRAY(in->y->keep, struct str, n);

        if (!items) {
                in->result = -ENOMEM;
                return;
        }
        for (size_t i = 0; i < n; ++i) {
                check(in, nodes[i]);
                items[i] = keep(in, nodes[i]);
        }
        *out = (struct profile_items){ items, n, node != NULL };
}

static void read_user(struct reading *in, const struct yaml_node *node, struct profile_user *out, bool last) {
        const struct yaml_node *values[USER_KEYS];

        in->result = worse(in->result, schema_read(&user_schema, node, values, in->y->diag));
        if (values[USER_USER] && !is_user(values[USER_USER]->text))
                wrong(in, values[USER_USER], "user and group are given in numbers, and are not root: 999:999");
        if (node->kind == NODE_MAP && !values[USER_TAG] && !last)
                in->result = worse(in->result, diag_error(in->y->diag, node->at, DIAG_UNREACHABLE_CASE,
                                                          "what stands behind a user of any tag never counts"));
        *out = (struct profile_user){ .tag = keep(in, values[USER_TAG]), .user = keep(in, values[USER_USER]) };
}

static void read_users(struct reading *in, const struct yaml_node *node) {
        size_t n = node ? node->n : 0;
        struct profile_user *users = ARENA_ARRAY(in->y->keep, struct profile_user, n);

        if (!users) {
                in->result = -ENOMEM;
                return;
        }
        for (size_t i = 0; i < n; ++i)
                read_user(in, node->items[i], &users[i], i + 1 == n);
        in->profile.users = users;
        in->profile.n_users = n;
}

static void check_day(struct reading *in, const struct yaml_node *node) {
        int64_t day;

        if (date_parse(node->text, &day) < 0)
                wrong(in, node, "a day is written 2026-12-31");
}

static void read_memory(struct reading *in, const struct yaml_node *node) {
        in->profile.memory = keep(in, node);
        in->profile.memory_bytes = node ? bytes_of(node->text) : 0;
        if (node && in->profile.memory_bytes == 0)
                wrong(in, node, "memory is a whole number with k, m or g behind it: 512m");
}

int profile_read(const struct yaml *y, const struct yaml_node *root, struct profiles *out) {
        const struct yaml_node *values[PROFILE_KEYS];
        struct reading in = { .y = y };
        struct profile *p = &in.profile, *slot;

        in.result = schema_read(&schema_profile, root, values, y->diag);
        p->name = keep(&in, values[PROFILE_NAME]);
        p->source = keep(&in, values[PROFILE_SOURCE]);
        p->as_of = keep(&in, values[PROFILE_AS_OF]);
        p->sure = keep(&in, values[PROFILE_SURE]);
        p->at = root->at;
        p->processes = schema_number(values[PROFILE_PROCESSES]);
        if (values[PROFILE_AS_OF])
                check_day(&in, values[PROFILE_AS_OF]);
        if (values[PROFILE_PROCESSES] && p->processes == 0)
                wrong(&in, values[PROFILE_PROCESSES], "no process at all can't run");
        read_memory(&in, values[PROFILE_MEMORY]);
        read_items(&in, values[PROFILE_IMAGES], &p->images, check_image);
        read_items(&in, values[PROFILE_CAPABILITIES], &p->capabilities, check_capability);
        read_items(&in, values[PROFILE_TMPFS], &p->tmpfs, check_folder);
        read_items(&in, values[PROFILE_VOLUMES], &p->volumes, check_folder);
        read_users(&in, values[PROFILE_USERS]);
        if (in.result < 0)
                return in.result;
        slot = ARENA_PUSH(y->keep, out);
        if (!slot)
                return -ENOMEM;
        *slot = *p;
        return 0;
}

struct str profile_user(const struct profile *profile, struct str tag, bool any) {
        for (size_t i = 0; i < profile->n_users; ++i) {
                const struct profile_user *user = &profile->users[i];

                if (user->tag.n == 0 || (!any && str_search(tag, user->tag) < tag.n))
                        return user->user;
                if (any)
                        break;
        }
        return (struct str){ 0 };
}
