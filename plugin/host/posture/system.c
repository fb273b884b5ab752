/*
 * The operating system: which it is, what of its kernel guards, and whether a newer kernel waits.
 */
#include "host-survey.h"
#include <errno.h>

/* os-release(5): NAME=value, in quotes where it needs them. */
static struct str value_of(struct str text, const char *name) {
        while (text.p) {
                struct str value = str_trim(str_cut(&text, '\n')), key = str_cut(&value, '=');

                if (!value.p || !str_eqz(key, name))
                        continue;
                if (value.n > 1 && (value.p[0] == '"' || value.p[0] == '\'') && value.p[value.n - 1] == value.p[0])
                        value = str_skip(str_first(value, value.n - 1), 1);
                return value;
        }
        return STR_C("");
}

static void read_os(struct survey *s) {
        struct fact_str *cell = &s->facts->host.os;
        struct str text, variant;
        struct text name;
        int r = survey_read(s, "/etc/os-release", &text);

        if (r == -ENOENT)
                r = survey_read(s, "/usr/lib/os-release", &text);
        if (r != 0) {
                survey_unread(s, &cell->head, "os-release", r);
                return;
        }
        variant = value_of(text, "VARIANT_ID");
        text_init_arena(&name, s->keep);
        text_add(&name, value_of(text, "ID"));
        if (variant.n > 0) {
                text_add_char(&name, '-');
                text_add(&name, variant);
        }
        cell->value = text_str(&name);
        if (cell->value.n > 0)
                survey_found(&cell->head);
        else
                survey_unknown(s, &cell->head, "os-release has no ID");
}

static void read_lsm(struct survey *s) {
        static const char path[] = "/sys/kernel/security/lsm";
        struct fact_set *set = &s->facts->host.lsm;
        struct str text;
        int r = survey_read(s, path, &text);

        if (r != 0) {
                survey_unread(s, &set->head, path, r);
                return;
        }
        text = str_trim(text);
        while (text.p) {
                struct str name = str_trim(str_cut(&text, ','));

                if (name.n > 0)
                        fact_set_add(s->keep, set, survey_keep(s, name));
        }
        survey_found(&set->head);
}

/* The next number of a version, what is between numbers passed over; -1: there is none. */
static int64_t next_number(struct str *rest) {
        size_t n = 0;
        int64_t v;

        while (rest->n > 0 && !ascii_digit(rest->p[0]))
                *rest = str_skip(*rest, 1);
        while (n < rest->n && ascii_digit(rest->p[n]))
                ++n;
        if (n == 0 || str_int(str_first(*rest, n), &v) < 0)
                v = -1;
        *rest = str_skip(*rest, n);
        return v;
}

/* "6.1.0-44-amd64" is newer than "6.1.0-43-amd64". */
static bool is_newer(struct str a, struct str b) {
        for (int i = 0; i < 8; ++i) {
                int64_t x = next_number(&a), y = next_number(&b);

                if (x != y)
                        return x > y;
                if (x < 0)
                        return false;
        }
        return false;
}

/* What stands behind the numbers: -amd64, -cloud-amd64. A newer one of another flavour is no successor. */
static struct str flavour(struct str release) {
        size_t n = release.n;

        while (n > 0 && !ascii_digit(release.p[n - 1]))
                --n;
        return str_skip(release, n);
}

static void read_reboot(struct survey *s) {
        struct fact_bool *cell = &s->facts->host.reboot_required;
        struct file_names modules = { 0 };
        struct str running;
        int r;

        if (survey_exists(s, "/run/reboot-required")) {
                cell->value = true;
                survey_found(&cell->head);
                return;
        }
        if (!s->root->live) {
                survey_off(s, &cell->head, "no kernel of it runs here");
                return;
        }
        r = survey_read(s, "/proc/sys/kernel/osrelease", &running);
        if (r == 0)
                r = survey_list(s, "/lib/modules", &modules);
        if (r != 0) {
                survey_unknown(s, &cell->head, "which kernels are installed could not be told: %s", survey_error(r));
                return;
        }
        running = str_trim(running);
        for (size_t i = 0; i < modules.n; ++i)
                cell->value = cell->value || (str_eq(flavour(modules.items[i]), flavour(running)) &&
                                              is_newer(modules.items[i], running));
        survey_found(&cell->head);
}

void survey_system(struct survey *s) {
        read_os(s);
        read_lsm(s);
        read_reboot(s);
}
