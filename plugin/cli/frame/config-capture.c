#include "config-capture.h"
#include "docksill/record/capture-folder.h"
#include "docksill/rules/schema.h"
#include <errno.h>

enum { FOLDER, KEEP, MAX, READS, KEYS };

/* The words of @reads are its caller's. */
static void keys_init(struct schema_key *keys, const char *const *reads) {
        const struct schema_key rows[KEYS + 1] = {
                [FOLDER] = { .name = "folder",
                             .shape = SHAPE_TEXT,
                             .required = true,
                             .doc = "where judged calls are written, masked: a folder of docksill's own, 0700" },
                [KEEP] = { .name = "keep", .shape = SHAPE_TEXT, .doc = "how many calls at most; the oldest go" },
                [MAX] = { .name = "max", .shape = SHAPE_TEXT, .doc = "how many bytes at most, such as 64m" },
                [READS] = { .name = "reads",
                            .shape = SHAPE_CHOICE,
                            .choices = reads,
                            .doc = "capture reads too: of what containers and images hold, or all" },
                [KEYS] = { .name = NULL },
        };

        memcpy(keys, rows, sizeof(rows));
}

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

static int take_numbers(struct config_capture *c, const struct yaml_node *const *values, struct diag *diag) {
        const struct yaml_node *keep = values[KEEP], *max = values[MAX];
        int r = 0;

        if (keep && !read_count(keep->text, &c->keep))
                r = diag_error(diag, keep->at, DIAG_WRONG_TYPE, "\"keep\" is a number of calls from 1 to %d",
                               CAPTURE_KEEP_MOST);
        if (max && !read_size(max->text, &c->max))
                r = diag_error(diag, max->at, DIAG_WRONG_TYPE, "\"max\" is a size from 64k to 64g, such as 64m");
        return r;
}

static int take_folder(struct config_capture *c, struct arena *arena, const struct yaml_node *folder,
                       struct diag *diag) {
        struct str path;

        if (!str_starts(folder->text, STR_C("/")) || str_find(folder->text, '\0') < folder->text.n)
                return diag_error(diag, folder->at, DIAG_WRONG_TYPE, "\"folder\" is an absolute path");
        if (arena_str(arena, folder->text, &path) < 0)
                return -ENOMEM;
        c->folder = path.p;
        return 0;
}

static struct position place_of(const struct yaml_node *node) {
        return node ? node->at : (struct position){ 0 };
}

int config_capture_read(struct config_capture *out, struct arena *arena, const struct yaml_node *node,
                        const char *const *reads, struct diag *diag) {
        const struct yaml_node *values[KEYS] = { NULL };
        struct schema_key keys[KEYS + 1];
        const struct schema schema = { .what = "capture", .keys = keys };
        int r, numbers;

        keys_init(keys, reads);
        r = schema_read(&schema, node, values, diag);
        numbers = take_numbers(out, values, diag);
        for (unsigned i = 0; values[READS] && reads[i]; ++i)
                if (str_eqz(values[READS]->text, reads[i]))
                        out->reads = i;
        out->folder_at = place_of(values[FOLDER]);
        out->keep_at = place_of(values[KEEP]);
        out->max_at = place_of(values[MAX]);
        out->reads_at = place_of(values[READS]);
        if (values[FOLDER] && r == 0)
                r = take_folder(out, arena, values[FOLDER], diag);
        return r < 0 ? r : numbers;
}
