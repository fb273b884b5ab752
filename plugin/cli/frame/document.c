#include "document.h"
#include "docksill/rules/yaml.h"

struct str document_kind(struct arena *arena, const char *path) {
        const struct yaml_node *root, *kind = NULL;
        struct yaml y = { .keep = arena, .scratch = arena };
        struct diag unheard;

        diag_init(&unheard);
        y.diag = &unheard;
        if (yaml_read(&y, path, (struct position){ 0 }, &root) == 0)
                kind = yaml_get(root, "kind");
        diag_deinit(&unheard);
        return kind ? kind->text : (struct str){ NULL, 0 };
}
