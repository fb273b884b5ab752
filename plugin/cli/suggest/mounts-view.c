#include "host-view.h"

/* Blanks, tabs, line ends and backslashes stand as \040 and the like. In @arena. */
static struct str unescaped(struct arena *arena, struct str s) {
        struct text t;

        text_init_arena(&t, arena);
        for (size_t i = 0; i < s.n; ++i) {
                if (s.p[i] == '\\' && s.n - i > 3 && s.p[i + 1] >= '0' && s.p[i + 1] <= '3') {
                        text_add_char(&t,
                                      (char)((s.p[i + 1] - '0') << 6 | (s.p[i + 2] - '0') << 3 | (s.p[i + 3] - '0')));
                        i += 3;
                } else {
                        text_add_char(&t, s.p[i]);
                }
        }
        return text_str(&t);
}

/* Later mounts cover earlier ones of the same place. */
static void add_mount(struct observed *o, struct observed_mount m) {
        for (size_t i = 0; i < o->mounts.n; ++i)
                if (str_eq(o->mounts.items[i].target, m.target)) {
                        o->mounts.items[i] = m;
                        return;
                }
        ARENA_ADD(o->arena, &o->mounts, m);
}

/* "109 61 0:50 / /data rw,relatime …": the fifth word, and the options in the sixth (proc(5)). */
static void add_line(struct observed *o, struct str line) {
        struct observed_mount m = { 0 };
        struct str options;

        for (size_t i = 0; i < 4; ++i)
                (void)str_cut(&line, ' ');
        m.target = unescaped(o->arena, str_cut(&line, ' '));
        options = str_cut(&line, ' ');
        if (!str_starts(m.target, STR_C("/")) || options.n == 0)
                return;
        m.read_only = str_eqz(str_cut(&options, ','), "ro");
        add_mount(o, m);
}

int mounts_view(struct observed *o, const struct host_places *places, int64_t pid) {
        struct str text;
        int r = host_file(o, places, pid, "mountinfo", &text);

        if (r < 0)
                return r;
        while (text.n)
                add_line(o, str_cut(&text, '\n'));
        o->mounts_told = true;
        return 0;
}
