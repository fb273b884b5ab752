#include "host-view.h"
#include <errno.h>
#include <inttypes.h>

/* "Uid:\t0\t0\t0\t0": what follows @key on its line; empty: no such line. */
static struct str line_of(struct str text, const char *key) {
        struct str wanted = str_from(key);

        while (text.p) {
                struct str line = str_cut(&text, '\n');

                if (str_starts(line, wanted) && line.n > wanted.n && line.p[wanted.n] == ':')
                        return str_trim(str_skip(line, wanted.n + 1));
        }
        return (struct str){ 0 };
}

/* The next word of a line whose words blanks or tabs part. */
static struct str word_of(struct str *rest) {
        struct str word;
        size_t n = 0;

        *rest = str_trim(*rest);
        while (n < rest->n && rest->p[n] != '\t' && rest->p[n] != ' ')
                ++n;
        word = str_first(*rest, n);
        *rest = str_skip(*rest, n);
        return word;
}

static bool hexadecimal(struct str s, uint64_t *out) {
        uint64_t n = 0;

        if (s.n == 0 || s.n > 16)
                return false;
        for (size_t i = 0; i < s.n; ++i) {
                char c = ascii_lower(s.p[i]);

                if (!ascii_digit(c) && (c < 'a' || c > 'f'))
                        return false;
                n = n << 4 | (uint64_t)(ascii_digit(c) ? c - '0' : c - 'a' + 10);
        }
        *out = n;
        return true;
}

/* Lines of uid_map: "inside outside count". */
static uint32_t id_inside(struct str map, int64_t outside) {
        while (map.n) {
                struct str line = str_cut(&map, '\n');
                int64_t in, out, count;

                if (str_int(word_of(&line), &in) < 0 || str_int(word_of(&line), &out) < 0 ||
                    str_int(word_of(&line), &count) < 0)
                        continue;
                if (outside >= out && outside - out < count)
                        return (uint32_t)(in + (outside - out));
        }
        return ID_UNMAPPED;
}

static bool read_ids(struct str status, const char *key, struct str map, uint32_t *ids) {
        struct str line = line_of(status, key);

        for (size_t i = 0; i < IDS; ++i) {
                int64_t id;

                if (str_int(word_of(&line), &id) < 0)
                        return false;
                ids[i] = id_inside(map, id);
        }
        return true;
}

int process_view(struct observed *o, const struct host_places *places, int64_t pid) {
        struct observed_process p = { .pid = pid };
        struct str status, users, groups;
        int r = host_file(o, places, pid, "status", &status);

        if (r == 0)
                r = host_file(o, places, pid, "uid_map", &users);
        if (r == 0)
                r = host_file(o, places, pid, "gid_map", &groups);
        if (r < 0)
                return r;
        p.name = line_of(status, "Name");
        p.no_new_privileges = str_eqz(line_of(status, "NoNewPrivs"), "1");
        if (!read_ids(status, "Uid", users, p.user) || !read_ids(status, "Gid", groups, p.group) ||
            !hexadecimal(line_of(status, "CapEff"), &p.effective) ||
            !hexadecimal(line_of(status, "CapPrm"), &p.permitted) ||
            !hexadecimal(line_of(status, "CapInh"), &p.inheritable) ||
            !hexadecimal(line_of(status, "CapBnd"), &p.bounding))
                return -EPROTO;
        if (!hexadecimal(line_of(status, "CapAmb"), &p.ambient))
                p.ambient = 0; /* kernels before 4.3 */
        /* A zombie holds nothing any more. */
        if (str_starts(line_of(status, "State"), STR_C("Z")))
                return -ESRCH;
        o->ids_mapped = o->ids_mapped || id_inside(users, 0) != 0;
        ARENA_ADD(o->arena, &o->processes, p);
        return 0;
}
