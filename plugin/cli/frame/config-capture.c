#include "config-capture.h"
#include "docksill/record/capture-folder.h"
#include <errno.h>

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
        const struct yaml_node *keep = values[CAPTURE_KEY_KEEP], *max = values[CAPTURE_KEY_MAX];
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

int config_capture_read(struct config_capture *out, struct arena *arena, const struct schema *schema,
                        const struct yaml_node *node, struct diag *diag) {
        const char *const *words = schema->keys[CAPTURE_KEY_READS].choices;
        const struct yaml_node *values[CAPTURE_KEYS] = { NULL };
        int r = schema_read(schema, node, values, diag), numbers = take_numbers(out, values, diag);

        for (unsigned i = 0; values[CAPTURE_KEY_READS] && words[i]; ++i)
                if (str_eqz(values[CAPTURE_KEY_READS]->text, words[i]))
                        out->reads = i;
        out->folder_at = place_of(values[CAPTURE_KEY_FOLDER]);
        out->keep_at = place_of(values[CAPTURE_KEY_KEEP]);
        out->max_at = place_of(values[CAPTURE_KEY_MAX]);
        out->reads_at = place_of(values[CAPTURE_KEY_READS]);
        if (values[CAPTURE_KEY_FOLDER] && r == 0)
                r = take_folder(out, arena, values[CAPTURE_KEY_FOLDER], diag);
        return r < 0 ? r : numbers;
}
