#include "config-capture.h"
#include <errno.h>

enum { CAPTURE_KEY_FOLDER, CAPTURE_KEY_KEEP, CAPTURE_KEY_MAX, CAPTURE_KEY_READS, CAPTURE_KEYS };
static const struct schema_key keys[] = {
        [CAPTURE_KEY_FOLDER] = { .name = "folder",
                                 .shape = SHAPE_TEXT,
                                 .required = true,
                                 .doc = "where judged calls are written, masked: a folder of docksill's own, 0700" },
        [CAPTURE_KEY_KEEP] = { .name = "keep", .shape = SHAPE_TEXT, .doc = "how many calls at most; the oldest go" },
        [CAPTURE_KEY_MAX] = { .name = "max", .shape = SHAPE_TEXT, .doc = "how many bytes at most, such as 64m" },
        [CAPTURE_KEY_READS] = { .name = "reads",
                                .shape = SHAPE_CHOICE,
                                .choices = config_reads,
                                .doc = "capture reads too: of what containers and images hold, or all" },
        [CAPTURE_KEYS] = { .name = NULL },
};
static const struct schema schema = { .what = "capture", .keys = keys };

/* "64m", "1g", "65536". */
static bool read_size(struct str text, uint64_t *out) {
        static const char units[] = "kmg";
        const char *unit = text.n ? strchr(units, ascii_lower(text.p[text.n - 1])) : NULL;
        unsigned shift = unit && *unit ? 10 * (unsigned)(unit - units + 1) : 0;
        int64_t number;

        if (str_int(str_first(text, text.n - (shift > 0)), &number) < 0 || number < 0 || number > INT64_MAX >> shift)
                return false;
        *out = (uint64_t)number << shift;
        return *out >= CAPTURE_MAX_LEAST && *out <= CAPTURE_MAX_MOST;
}

static bool read_count(struct str text, uint64_t *out) {
        int64_t number;

        if (str_int(text, &number) < 0 || number < 1 || number > CAPTURE_KEEP_MOST)
                return false;
        *out = (uint64_t)number;
        return true;
}

static int take_numbers(struct config *c, const struct yaml_node *const *values, struct diag *diag) {
        const struct yaml_node *keep = values[CAPTURE_KEY_KEEP], *max = values[CAPTURE_KEY_MAX];
        int r = 0;

        if (keep && !read_count(keep->text, &c->capture_keep))
                r = diag_error(diag, keep->at, DIAG_WRONG_TYPE, "\"keep\" is a number of calls from 1 to %d",
                               CAPTURE_KEEP_MOST);
        if (max && !read_size(max->text, &c->capture_max))
                r = diag_error(diag, max->at, DIAG_WRONG_TYPE, "\"max\" is a size from 64k to 64g, such as 64m");
        return r;
}

static void note(struct setting_origin *origin, const struct yaml_node *node) {
        if (node)
                origin->at = node->at;
}

int config_take_capture(struct config *c, const struct yaml_node *node, struct diag *diag) {
        const struct yaml_node *values[CAPTURE_KEYS] = { NULL }, *folder;
        struct str path;
        int r;

        if (!node)
                return 0;
        r = schema_read(&schema, node, values, diag);
        if (take_numbers(c, values, diag) < 0)
                r = r == -ENOMEM ? r : -EINVAL;
        for (unsigned i = 0; values[CAPTURE_KEY_READS] && config_reads[i]; ++i)
                if (str_eqz(values[CAPTURE_KEY_READS]->text, config_reads[i]))
                        c->capture_reads = (enum record_reads)i;
        folder = values[CAPTURE_KEY_FOLDER];
        note(&c->origins.capture_folder, folder);
        note(&c->origins.capture_keep, values[CAPTURE_KEY_KEEP]);
        note(&c->origins.capture_max, values[CAPTURE_KEY_MAX]);
        note(&c->origins.capture_reads, values[CAPTURE_KEY_READS]);
        if (r < 0 || !folder)
                return r;
        if (!str_starts(folder->text, STR_C("/")) || str_find(folder->text, '\0') < folder->text.n)
                return diag_error(diag, folder->at, DIAG_WRONG_TYPE, "\"folder\" is an absolute path");
        if (arena_str(&c->arena, folder->text, &path) < 0)
                return -ENOMEM;
        c->capture = path.p;
        return 0;
}
