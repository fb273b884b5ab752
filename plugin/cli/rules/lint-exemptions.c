#include "lint-exemptions.h"

#include "docksill/rules/schema.h"
#include <errno.h>

/* Recursion: as deep as the file was written, YAML_DEPTH_MOST. */
static bool has_pattern(const struct yaml_node *node) {
        if (node->kind == NODE_SCALAR)
                return str_find(node->text, '*') < node->text.n;
        for (size_t i = 0; i < node->n; ++i)
                if (has_pattern(node->kind == NODE_MAP ? node->pairs[i].value : node->items[i]))
                        return true;
        return false;
}

static void lint_one(const struct yaml_node *entry, struct diag *diag) {
        const struct yaml_node *match = entry->kind == NODE_MAP ? yaml_get(entry, "match") : NULL;

        if (match && has_pattern(match) && !yaml_get(entry, "only") && !yaml_get(entry, "remaining-points"))
                diag_warning(diag, match->at, DIAG_EXEMPTION_WIDE,
                             "matches by a pattern, and lifts all that its rules judge");
}

static int lint_file(const char *path, struct arena *arena, size_t *seen, struct diag *diag) {
        const struct yaml y = { .keep = arena, .scratch = arena, .diag = diag };
        const struct yaml_node *root, *list;
        int r = yaml_read(&y, path, (struct position){ 0 }, &root);

        if (r < 0)
                return r;
        if (schema_document(root, "exemptions", diag).n == 0)
                return -EINVAL;
        list = yaml_get(root, "exemptions");
        for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->n; ++i, ++*seen)
                lint_one(list->items[i], diag);
        return 0;
}

int lint_exemptions(const char *path, struct arena *arena, size_t *seen, struct diag *diag) {
        struct file_names names = { 0 };
        int r;

        if (!bundle_is_folder(NULL, path))
                return lint_file(path, arena, seen, diag);
        r = bundle_list(NULL, arena, path, ".yaml", &names);
        for (size_t i = 0; r == 0 && i < names.n; ++i)
                r = lint_file(names.items[i].p, arena, seen, diag);
        return r == -ENOMEM || r == 0 ? r : -EINVAL;
}
