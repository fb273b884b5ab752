#include "config-scans.h"
#include "docksill/base/date.h"
#include <errno.h>

#define IGNORED_MOST 1000

enum { FILE_DOCKSILL, FILE_KIND, FILE_IGNORE, FILE_KEYS };
static const struct schema_key file_keys[FILE_KEYS + 1] = {
        [FILE_DOCKSILL] = { "docksill", SHAPE_TEXT, .required = true, .doc = "v1" },
        [FILE_KIND] = { "kind", SHAPE_TEXT, .required = true, .doc = "scan-ignore" },
        [FILE_IGNORE] = { "ignore", SHAPE_SEQUENCE, .required = true, .doc = "vulnerabilities that are let be" },
};
static const struct schema file_schema = { "a list of ignored vulnerabilities", file_keys };

enum { ENTRY_ID, ENTRY_PACKAGE, ENTRY_UNTIL, ENTRY_REASON, ENTRY_KEYS };
static const struct schema_key entry_keys[ENTRY_KEYS + 1] = {
        [ENTRY_ID] = { "id", SHAPE_TEXT, .required = true, .doc = "as the scanner writes it: CVE-2024-1234" },
        [ENTRY_PACKAGE] = { "package", SHAPE_TEXT, .doc = "in that one alone; else in all" },
        [ENTRY_UNTIL] = { "until", SHAPE_TEXT, .required = true, .doc = "the last day, YYYY-MM-DD" },
        [ENTRY_REASON] = { "reason", SHAPE_TEXT, .required = true, .doc = "why it may be let be, for auditors" },
};
static const struct schema entry_schema = { "an ignored vulnerability", entry_keys };

static int read_entry(struct scan_ignored *out, const struct yaml_node *node, struct diag *diag) {
        const struct yaml_node *values[ENTRY_KEYS];
        int r = schema_read(&entry_schema, node, values, diag);

        if (r < 0)
                return r;
        if (date_parse(values[ENTRY_UNTIL]->text, &out->until) < 0)
                return diag_error(diag, values[ENTRY_UNTIL]->at, DIAG_WRONG_TYPE,
                                  "\"until\" is a day such as 2026-12-31");
        out->until += DATE_DAY;
        out->id = values[ENTRY_ID]->text;
        if (values[ENTRY_PACKAGE])
                out->package = values[ENTRY_PACKAGE]->text;
        return 0;
}

static int read_file(struct config_scans *out, const struct yaml_node *at, const struct yaml *y) {
        const struct yaml_node *root, *values[FILE_KEYS], *list;
        int r = yaml_read(y, out->ignore, at->at, &root);

        if (r < 0)
                return r;
        if (str_empty(schema_document(root, "scan-ignore", y->diag)))
                return -EINVAL;
        r = schema_read(&file_schema, root, values, y->diag);
        list = values[FILE_IGNORE];
        if (r < 0)
                return r;
        if (list->n > IGNORED_MOST)
                return diag_error(y->diag, list->at, DIAG_WRONG_TYPE, "more than %d vulnerabilities are ignored",
                                  IGNORED_MOST);
        out->ignored = ARENA_ARRAY(y->keep, struct scan_ignored, list->n);
        if (!out->ignored)
                return -ENOMEM;
        for (size_t i = 0; i < list->n; ++i)
                if (read_entry(&out->ignored[i], list->items[i], y->diag) < 0)
                        r = -EINVAL;
        out->n_ignored = list->n;
        return r;
}

static int take_path(const char **out, const struct schema_key *key, const struct yaml_node *node,
                     const struct yaml *y) {
        struct str path;

        if (!str_starts(node->text, STR_C("/")) || str_find(node->text, '\0') < node->text.n)
                return diag_error(y->diag, node->at, DIAG_WRONG_TYPE, "\"%s\" is an absolute path", key->name);
        if (arena_str(y->keep, node->text, &path) < 0)
                return -ENOMEM;
        *out = path.p;
        return 0;
}

int config_scans_read(struct config_scans *out, const struct schema *schema, const struct yaml_node *node,
                      const struct yaml *y) {
        const struct yaml_node *values[SCANS_KEYS] = { NULL }, *folder, *ignore;
        int r = schema_read(schema, node, values, y->diag);

        folder = values[SCANS_KEY_FOLDER];
        ignore = values[SCANS_KEY_IGNORE];
        if (folder)
                out->folder_at = folder->at;
        if (ignore)
                out->ignore_at = ignore->at;
        if (r == 0)
                r = take_path(&out->folder, &schema->keys[SCANS_KEY_FOLDER], folder, y);
        if (r == 0 && ignore)
                r = take_path(&out->ignore, &schema->keys[SCANS_KEY_IGNORE], ignore, y);
        return r == 0 && ignore ? read_file(out, ignore, y) : r;
}
