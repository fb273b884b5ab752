/*
 * Where the data root lies: on a file system of its own, and on an encrypted device.
 *
 * Of this machine the kernel tells (mountinfo, /sys/dev/block/M:N/dm/uuid, which dm-crypt begins with CRYPT-); of
 * another one fstab and crypttab tell what its next boot mounts.
 */
#include "host-survey.h"
#include <errno.h>

#define DEPTH_MOST  5 /* of devices on devices: LVM on LUKS on RAID */
#define SLAVES_MOST 64

struct mount {
        struct str device, point, type, source;
};

/* mountinfo writes blanks as \040. Only what is looked for is compared, and that has none in practice. */
static struct str word(struct str *rest) {
        struct str line = str_trim(*rest);
        size_t n = 0;

        while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
                ++n;
        *rest = str_skip(line, n);
        return str_first(line, n);
}

static bool lies_below(struct str path, struct str point) {
        return str_eqz(point, "/") || (str_starts(path, point) && (path.n == point.n || path.p[point.n] == '/'));
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": proc_pid_mountinfo(5). The longest point wins, and
 * of equals the last, which lies on top. */
static bool find_mount(struct str text, struct str path, struct mount *out) {
        bool found = false;

        while (text.p) {
                struct str line = str_cut(&text, '\n'), rest = str_skip(line, str_search(line, STR_C(" - ")) + 2);
                struct mount m;

                (void)word(&line);
                (void)word(&line);
                m.device = word(&line);
                (void)word(&line);
                m.point = word(&line);
                m.type = word(&rest);
                m.source = word(&rest);
                if (m.point.n == 0 || !lies_below(path, m.point) || (found && m.point.n < out->point.n))
                        continue;
                *out = m;
                found = true;
        }
        return found;
}

/* 1: it, or all that it lies on, is encrypted; 0: not; negative: nobody can tell. */
static int encrypted(struct survey *s, struct str device, unsigned depth) {
        struct file_names slaves = { 0 };
        struct text path;
        struct str uuid;
        int all = -1;

        text_init_arena(&path, s->scratch);
        text_addf(&path, "%" STR_FMT "/dm/uuid", STR_ARG(device));
        if (path.failed || depth == DEPTH_MOST)
                return -ENOMEM;
        if (survey_read(s, path.p, &uuid) == 0 && str_starts(uuid, STR_C("CRYPT-")))
                return 1;
        text_reset(&path);
        text_addf(&path, "%" STR_FMT "/slaves", STR_ARG(device));
        if (path.failed || survey_list(s, path.p, &slaves) != 0 || slaves.n == 0)
                return survey_exists(s, "/sys/dev/block") ? 0 : -ENOENT;
        for (size_t i = 0; i < slaves.n && i < SLAVES_MOST; ++i) {
                struct text below;
                int one;

                text_init_arena(&below, s->scratch);
                text_addf(&below, "%" STR_FMT "/%" STR_FMT, STR_ARG(text_str(&path)), STR_ARG(slaves.items[i]));
                one = below.failed ? -ENOMEM : encrypted(s, text_str(&below), depth + 1);
                if (one < 0)
                        return one;
                all = i == 0 ? one : all && one;
        }
        return all;
}

static void tell_encrypted(struct survey *s, const struct mount *m) {
        struct fact_bool *cell = &s->facts->host.encrypted_data;
        struct text path;
        int r;

        if (str_starts(m->device, STR_C("0:"))) {
                survey_unknown(s, &cell->head, "%" STR_FMT " lies on %" STR_FMT ", which shows no device",
                               STR_ARG(s->facts->host.data_root.value), STR_ARG(m->type));
                return;
        }
        text_init_arena(&path, s->scratch);
        text_addf(&path, "/sys/dev/block/%" STR_FMT, STR_ARG(m->device));
        r = path.failed ? -ENOMEM : encrypted(s, text_str(&path), 0);
        if (r < 0) {
                survey_unknown(s, &cell->head, "/sys does not tell what device %" STR_FMT " lies on",
                               STR_ARG(m->device));
                return;
        }
        cell->value = r > 0;
        survey_found(&cell->head);
}

static void read_live(struct survey *s, struct str root) {
        struct facts *f = s->facts;
        struct mount m;
        struct str text;
        int r = survey_read(s, "/proc/self/mountinfo", &text);

        if (r != 0 || !find_mount(text, root, &m)) {
                survey_unknown(s, &f->host.own_partition.head, "/proc/self/mountinfo does not tell");
                survey_unknown(s, &f->host.encrypted_data.head, "/proc/self/mountinfo does not tell");
                return;
        }
        f->host.own_partition.value = str_eq(m.point, root);
        survey_found(&f->host.own_partition.head);
        tell_encrypted(s, &m);
}

/* "UUID=… /var/lib/docker ext4 defaults 0 2" */
static bool find_entry(struct str text, struct str path, struct mount *out) {
        bool found = false;

        while (text.p) {
                struct str line = str_trim(str_cut(&text, '\n'));
                struct mount m = { 0 };

                if (line.n == 0 || line.p[0] == '#')
                        continue;
                m.source = word(&line);
                m.point = word(&line);
                m.type = word(&line);
                if (!str_starts(m.point, STR_C("/")) || !lies_below(path, m.point) ||
                    (found && m.point.n < out->point.n))
                        continue;
                *out = m;
                found = true;
        }
        return found;
}

/* "NAME DEVICE KEYFILE OPTIONS": what it names is /dev/mapper/NAME. */
static bool is_in_crypttab(struct str text, struct str device) {
        static const struct str mapper = STR("/dev/mapper/");

        while (text.p && str_starts(device, mapper)) {
                struct str line = str_trim(str_cut(&text, '\n'));

                if (line.n > 0 && line.p[0] != '#' && str_eq(word(&line), str_skip(device, mapper.n)))
                        return true;
        }
        return false;
}

static void read_tables(struct survey *s, struct str root) {
        struct facts *f = s->facts;
        struct mount m;
        struct str text, crypt = { 0 };
        int r = survey_read(s, "/etc/fstab", &text);

        if (r != 0 || !find_entry(text, root, &m)) {
                survey_unknown(s, &f->host.own_partition.head, "/etc/fstab does not tell");
                survey_unknown(s, &f->host.encrypted_data.head, "/etc/fstab does not tell");
                return;
        }
        f->host.own_partition.value = str_eq(m.point, root);
        survey_found(&f->host.own_partition.head);
        r = survey_read(s, "/etc/crypttab", &crypt);
        f->host.encrypted_data.value = r == 0 && is_in_crypttab(crypt, m.source);
        if (f->host.encrypted_data.value)
                survey_found(&f->host.encrypted_data.head);
        else
                survey_unknown(s, &f->host.encrypted_data.head,
                               "crypttab does not name %" STR_FMT "; what it lies on can't be asked",
                               STR_ARG(m.source));
}

void survey_partition(struct survey *s) {
        struct facts *f = s->facts;
        struct str root = f->host.data_root.value;

        if (f->host.data_root.head.state != FACT_KNOWN) {
                survey_unknown(s, &f->host.own_partition.head, "where the data root is could not be told");
                survey_unknown(s, &f->host.encrypted_data.head, "where the data root is could not be told");
        } else if (!survey_exists(s, root.p)) {
                survey_off(s, &f->host.own_partition.head, "there is no %" STR_FMT, STR_ARG(root));
                survey_off(s, &f->host.encrypted_data.head, "there is no %" STR_FMT, STR_ARG(root));
        } else if (s->root->live) {
                read_live(s, root);
        } else {
                read_tables(s, root);
        }
}
