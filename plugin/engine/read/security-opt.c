#include "security-opt.h"
#include "facts/cell.h"
#include "go-bool.h"
#include "seccomp.h"
#include "unknown.h"

/* One element, while it is read. */
struct option {
        struct origin origin;
        struct str text, value; /* value: behind the separator */
        struct fact_str *seccomp;
};

static void no_new_privileges(struct reading *in, const struct option *o) {
        bool on;

        if (go_bool_parse(o->value, &on))
                in->facts->container.no_new_privileges = cell_word(on ? WORD_ON : WORD_OFF);
        else
                unknown_value(in, o->origin, o->text);
}

/* Engine 28 and later; older ones refuse it. */
static void writable_cgroups(struct reading *in, const struct option *o) {
        bool on;

        if (go_bool_parse(o->value, &on))
                in->facts->container.writable_cgroups = (struct fact_bool){ .head.given = true, .value = on };
        else
                unknown_value(in, o->origin, o->text);
}

/* The profile itself is read at the end, of the last option alone: earlier ones are overridden. */
static void seccomp(struct reading *in, const struct option *o) {
        (void)in;
        *o->seccomp = cell_str(o->value);
}

/* runc writes the name as it is, and the kernel passes over blanks before and behind it: " unconfined" is unconfined.
 */
static void apparmor(struct reading *in, const struct option *o) {
        in->facts->container.apparmor = cell_str(str_trim(o->value));
}

/* go-selinux label.InitLabels: "disable" switches off whatever else is said; the parts take a colon only. */
static void label(struct reading *in, const struct option *o) {
        static const char *const parts[] = { "user", "role", "type", "level", "filetype" };
        struct facts *f = in->facts;
        struct str rest = o->value, name = str_cut(&rest, ':');

        if (str_eqz(o->value, "disable")) {
                f->container.selinux_disabled = (struct fact_bool){ .head.given = true, .value = true };
                return;
        }
        for (size_t i = 0; i < ARRAY_SIZE(parts); ++i) {
                if (!rest.p || !str_eqz(name, parts[i]))
                        continue;
                FACT_ADD(in->arena, &f->container.selinux,
                         (struct pair_fact){ .origin = o->origin, .name = cell_str(name), .value = cell_str(rest) });
                return;
        }
        unknown_value(in, o->origin, o->text);
}

/* Keys are case-sensitive. bare: the value that the word alone stands for; NULL: it needs one. */
static const struct {
        const char *key;
        void (*read)(struct reading *in, const struct option *o);
        const char *bare;
} keys[] = {
        { "no-new-privileges", no_new_privileges, "true" },
        { "seccomp", seccomp, NULL },
        { "apparmor", apparmor, NULL },
        { "label", label, NULL },
        { "disable", label, "disable" },
        { "writable-cgroups", writable_cgroups, "true" },
};

/* '=' separates where there is one, else ':'. "disable=x" is no option, only the bare word is. */
static void option_read(struct reading *in, struct option *o) {
        struct str key;
        size_t at = str_find(o->text, '=');

        if (at == o->text.n)
                at = str_find(o->text, ':');
        key = str_first(o->text, at);
        o->value = str_skip(o->text, at + 1);

        for (size_t i = 0; i < ARRAY_SIZE(keys); ++i) {
                bool bare = at == o->text.n;

                if (!str_eqz(key, keys[i].key))
                        continue;
                if (bare && keys[i].bare)
                        o->value = str_from(keys[i].bare);
                else if (bare || str_eqz(key, "disable"))
                        break;
                keys[i].read(in, o);
                return;
        }
        unknown_value(in, o->origin, o->text);
}

/* "builtin" is the engine's own (23.0 and later). */
void seccomp_option_read(struct reading *in, struct str value) {
        struct facts *f = in->facts;

        f->container.seccomp_mode = cell_word(str_eqz(value, "unconfined") ? WORD_UNCONFINED : WORD_DEFAULT);
        if (str_eqz(value, "unconfined"))
                return;
        if (str_empty(value) || str_eqz(value, "builtin"))
                return;
        seccomp_read(in, value);
}

void security_opt_read(struct reading *in, const struct go_list *options) {
        struct fact_str profile = { 0 };

        for (size_t i = 0; i < options->n && !arena_full(in->arena); ++i) {
                struct option o = {
                        .origin = { .field = "HostConfig.SecurityOpt", .index = (uint32_t)i, .indexed = true },
                        .text = string_item(options, i),
                        .seccomp = &profile,
                };

                option_read(in, &o);
        }
        if (profile.head.given)
                seccomp_option_read(in, profile.value);
}
