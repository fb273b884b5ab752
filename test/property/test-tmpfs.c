/*
 * File systems in memory: every word of mount(8) and mount(2) and what looks like one, through each door that takes
 * options of a tmpfs, and every spelling of a place. What is no tmpfs's own is refused in every environment, and so is
 * a place among the kernel's files; what is ordinary is let through.
 */
#include "effects.h"
#include <stdio.h>

#define TEXT_ROOM 256

/* The test's own copy of what a tmpfs may be given, by what stands before the =. */
static const char *const allowed[] = {
        "atime",  "defaults",    "dev",       "diratime",      "exec",       "gid",    "huge",
        "mode",   "mpol",        "noatime",   "nodev",         "nodiratime", "noexec", "norelatime",
        "nosuid", "nr_blocks",   "nr_inodes", "nostrictatime", "relatime",   "ro",     "rw",
        "size",   "strictatime", "suid",      "uid",
};

/* Words as they stand; = where one has a value. */
static const char *const words[] = {
        /* mount(8) and moby's table of flags. */
        "async",
        "atime",
        "noatime",
        "auto",
        "noauto",
        "context=x",
        "fscontext=x",
        "defcontext=x",
        "rootcontext=x",
        "defaults",
        "dev",
        "nodev",
        "diratime",
        "nodiratime",
        "dirsync",
        "exec",
        "noexec",
        "group",
        "iversion",
        "noiversion",
        "mand",
        "nomand",
        "_netdev",
        "nofail",
        "relatime",
        "norelatime",
        "strictatime",
        "nostrictatime",
        "lazytime",
        "nolazytime",
        "suid",
        "nosuid",
        "silent",
        "loud",
        "owner",
        "remount",
        "ro",
        "rw",
        "sync",
        "user",
        "nouser",
        "users",
        "x-systemd.automount",
        "X-mount.mkdir",
        "nosymfollow",
        "symfollow",
        "bind",
        "rbind",
        "move",
        "private",
        "rprivate",
        "shared",
        "rshared",
        "slave",
        "rslave",
        "unbindable",
        "runbindable",
        "loop",
        "loop=/dev/loop0",
        "offset=1",
        "sizelimit=1",
        "encryption=aes",
        "helper=x",
        "comment=x",
        "verity.hashdevice=/x",
        /* tmpfs's and its neighbours'. */
        "size=1m",
        "size=0",
        "size=50%",
        "nr_blocks=1k",
        "nr_inodes=10",
        "mode=1777",
        "mode=777",
        "uid=0",
        "gid=0",
        "mpol=default",
        "mpol=bind:0",
        "huge=always",
        "noswap",
        "inode32",
        "inode64",
        "quota",
        "usrquota",
        "grpquota",
        "usrquota_block_hardlimit=1",
        "casefold",
        "casefold=utf8-12.1.0",
        "strict_encoding",
        "acl",
        "noacl",
        "user_xattr",
        "nouser_xattr",
        "seclabel",
        "smackfsdef=x",
        "lowerdir=/",
        "upperdir=/etc",
        "workdir=/x",
        "source=/",
        "data=x",
        "fd=3",
        "subvol=/",
        "addr=127.0.0.1",
        "ip=127.0.0.1",
        "username=x",
        "password=x",
        "trans=virtio",
        "errors=panic",
        /* runc's. */
        "tmpcopyup",
        "idmap",
        "ridmap",
        "rro",
        "rrw",
        "rnosuid",
        "rsuid",
        "rnodev",
        "rdev",
        "rnoexec",
        "rexec",
        "rnoatime",
        "rrelatime",
        "rnosymfollow",
        "copy-up",
        /* What is no word. */
        "BIND",
        "Bind",
        "REMOUNT",
        "Remount",
        "RW",
        "NoExec",
        "SIZE=1m",
        " remount",
        "remount ",
        "remount\\t",
        "\\nremount",
        " rw",
        "rw ",
        "remount=1",
        "bind=1",
        "=",
        "=x",
        "=remount",
        "x",
        "x=y",
        "rw;remount",
        "rw:remount",
        "rw remount",
        "rw\\u00a0",
        "\\u212aind",
};

/* Around it: what a word may hide among. */
static const char *const around[] = {
        "$", "size=1m,$", "$,size=1m", "rw,noexec,$,nosuid,size=1m", ",,$,", "ro,$,$,rw"
};

static const char *const safe_places[] = { "/tmp",        "/run",         "/var/run/x", "/dev/shm", "/dev/shm/x",
                                           "/dev/mqueue", "//dev/./shm/", "/system",    "/device",  "/process",
                                           "/procx/1",    "/sysx",        "/devshm",    "/x/proc",  "/x/sys",
                                           "/srv/dev",    "/PROC",        "/Sys",       "/proc.d",  "/.dev" };
static const char *const kernel_places[] = { "/proc",         "/proc/acpi", "/proc/sys",      "/proc/net",
                                             "/proc/self",    "/sys",       "/sys/fs/cgroup", "/sys/kernel",
                                             "/sys/firmware", "/dev",       "/dev/pts",       "/dev/shmx",
                                             "/dev/mqueue2",  "/dev/sh",    "/dev/mem" };
/* @ is the place without its slash. */
static const char *const spellings[] = { "/@",
                                         "/@/",
                                         "//@",
                                         "/./@",
                                         "/@/.",
                                         "/x/../@",
                                         "/../@",
                                         "/@/x/..",
                                         "///@///",
                                         "/tmp/..//./@//",
                                         "/dev/shm/../../@",
                                         "/proc/../@",
                                         "/sys/../@" };

struct bench {
        struct road road;
        struct judged judged;
        const struct effect *options, *places;
};

static int open_bench(void **state) {
        static struct bench bench;

        road_open(&bench.road);
        judged_init(&bench.judged);
        bench.options = effect_named("an option of a tmpfs");
        bench.places = effect_named("a tmpfs over the kernel's files");
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->judged);
        road_close(&b->road);
        return 0;
}

static void fail_tmpfs(struct bench *b, const struct door *door, const char *value, size_t environment,
                       const char *what) {
        struct text t;

        text_init(&t);
        text_addf(&t, "\"%s\" at %s in %s: %s\n", value, door->name, environment_names[environment], what);
        findings_say(&t, &b->judged.decisions[environment]);
        fail_with(&t);
}

static const struct finding *told(const struct decision *d, const char *rule) {
        return finding_of(d, str_from(rule));
}

static void put(char *out, const char *pattern, char mark, const char *value) {
        size_t n = 0;

        for (const char *p = pattern; *p; ++p)
                n += (size_t)snprintf(out + n, TEXT_ROOM - n, *p == mark ? "%s" : "%.1s", *p == mark ? value : p);
        assert_true(n < TEXT_ROOM);
}

/* -- options -- */

static bool is_allowed(const char *word) {
        size_t n = strcspn(word, "=");

        for (size_t i = 0; i < ARRAY_SIZE(allowed); ++i)
                if (strlen(allowed[i]) == n && memcmp(allowed[i], word, n) == 0)
                        return true;
        return false;
}

static bool is_bind(const char *word) {
        return strcmp(word, "bind") == 0 || strcmp(word, "rbind") == 0;
}

static bool is_volume(const struct door *door) {
        return strstr(door->name, "olume") != NULL && strcmp(door->name, "VolumesFrom") != 0;
}

/* Its options are a list: a comma makes no two of one. */
static bool takes_words_alone(const struct door *door) {
        return strstr(door->name, "Mounts") != NULL && !is_volume(door);
}

/* Of a volume bind makes a folder of the host: another rule's, and refused from production on. */
static void assert_refused(struct bench *b, const struct door *door, const char *word, const char *value) {
        bool bind = is_volume(door) && is_bind(word);

        for (size_t i = bind ? PRODUCTION : DEVELOPMENT; i < ENVIRONMENTS; ++i) {
                const struct decision *d = &b->judged.decisions[i];
                const struct finding *f = told(d, "tmpfs-options");

                if (flaws_any(&b->judged.request.flaws))
                        continue; /* and refused by that */
                if (d->would != VERDICT_DENY || (!bind && (!f || f->severity != SEVERITY_CRITICAL)))
                        fail_tmpfs(b, door, value, i, "is not refused");
                if (bind && !told(d, i == WORKSPACE ? "outside-workspace" : "host-path-unlisted"))
                        fail_tmpfs(b, door, value, i, "is no folder of the host");
        }
}

static void assert_let_through(struct bench *b, const struct door *door, const char *value) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                if (told(&b->judged.decisions[i], "tmpfs-options"))
                        fail_tmpfs(b, door, value, i, "is not let through");
}

static void hold_word(struct bench *b, const struct door *door, const char *word) {
        for (size_t i = 0; i < ARRAY_SIZE(around); ++i) {
                char value[TEXT_ROOM];

                if (i > 0 && takes_words_alone(door))
                        return;
                put(value, around[i], '$', word);
                door_judge(&b->judged, &b->road, door, value, AS_DOCKER_DOES, true);
                if (is_allowed(word))
                        assert_let_through(b, door, value);
                else
                        assert_refused(b, door, word, value);
        }
}

static void a_word_that_is_no_tmpfss_own_is_refused(void **state) {
        struct bench *b = *state;

        for (const struct door *door = b->options->doors; door->name; ++door)
                for (size_t i = 0; i < ARRAY_SIZE(words); ++i)
                        hold_word(b, door, words[i]);
}

/* In TmpfsOptions name and value stand apart, as ["name", "value"] does: neither hides the other. */
static void a_pair_is_a_word(void **state) {
        static const char *const pairs[] = { "remount','", "remount','x", "exec','remount",
                                             "','remount", "size','1m",   "bind','x','y" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(pairs); ++i) {
                const struct door *door = door_named(b->options, "Mounts");
                bool bad = strncmp(pairs[i], "size", 4) != 0 && strncmp(pairs[i], "exec", 4) != 0;

                door_judge(&b->judged, &b->road, door, pairs[i], AS_DOCKER_DOES, true);
                if (bad != (told(&b->judged.decisions[DEVELOPMENT], "tmpfs-options") != NULL))
                        fail_tmpfs(b, door, pairs[i], DEVELOPMENT, "is judged otherwise");
        }
}

/* -- places -- */

/* Of a volume it is told as of any other volume. */
static const char *rule_of(const struct door *door) {
        return strstr(door->name, "VolumeOptions") || strstr(door->name, "named volume") ? "mount-over-kernel" : "tmpfs-target";
}

static void hold_place(struct bench *b, const struct door *door, const char *place, bool kernel) {
        for (size_t i = 0; i < ARRAY_SIZE(spellings); ++i) {
                char value[TEXT_ROOM];

                put(value, spellings[i], '@', place + 1);
                door_judge(&b->judged, &b->road, door, value, AS_DOCKER_DOES, true);
                for (size_t k = 0; k < ENVIRONMENTS; ++k) {
                        const struct finding *f = told(&b->judged.decisions[k], rule_of(door));

                        if (kernel && (!f || f->severity != SEVERITY_CRITICAL))
                                fail_tmpfs(b, door, value, k, "is not refused");
                        if (!kernel && f)
                                fail_tmpfs(b, door, value, k, "is not let through");
                }
        }
}

static void places_among_the_kernels_files_are_refused(void **state) {
        struct bench *b = *state;

        for (const struct door *door = b->places->doors; door->name; ++door) {
                for (size_t i = 0; i < ARRAY_SIZE(kernel_places); ++i)
                        hold_place(b, door, kernel_places[i], true);
                for (size_t i = 0; i < ARRAY_SIZE(safe_places); ++i)
                        hold_place(b, door, safe_places[i], false);
        }
}

/* What would be ordinary elsewhere, and a read-only mount that is there already. */
static void ordinary_ones_are_let_through(void **state) {
        static const char *const options[] = { "", "rw", "size=64m",
                                               "rw,noexec,nosuid,nodev,size=64m,mode=1777,uid=1000,gid=1000" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(options); ++i) {
                json_t *body =
                        json_pack("{s:s,s:{s:{s:s}}}", "Image", "nginx:1", "HostConfig", "Tmpfs", "/tmp", options[i]);

                judge_json(&b->judged, &b->road, "/v1.44/containers/create", body);
                for (size_t k = 0; k < ENVIRONMENTS; ++k)
                        assert_true(!told(&b->judged.decisions[k], "tmpfs-options") &&
                                    !told(&b->judged.decisions[k], "tmpfs-target"));
                json_decref(body);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_word_that_is_no_tmpfss_own_is_refused),
                cmocka_unit_test(a_pair_is_a_word),
                cmocka_unit_test(places_among_the_kernels_files_are_refused),
                cmocka_unit_test(ordinary_ones_are_let_through),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
