/*
 * The input is a file of rules. It is read as YAML, and loaded as rules are.
 */
#include "docksill/rules/ruleset.h"
#include "docksill/rules/yaml.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int memory_file = -1;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
        (void)argc;
        (void)argv;
        memory_file = memfd_create("rules.yaml", MFD_CLOEXEC);
        assert(memory_file >= 0);
        return 0;
}

/* What is refused is said, and the other way round. */
static void check_diag(const struct diag *diag, int r) {
        struct text t;

        assert(r == 0 || r == -ENOMEM || diag->errors > 0);
        assert(r != 0 || diag->errors == 0);
        text_init(&t);
        diag_render(diag, &t);
        text_deinit(&t);
}

static void read_yaml(struct str text) {
        struct source source = { STR_C("rules.yaml"), text };
        const struct yaml_node *root = NULL;
        struct arena keep, scratch;
        struct diag diag;
        int r;

        arena_init(&keep, (size_t)32 << 20);
        arena_init(&scratch, (size_t)32 << 20);
        diag_init(&diag);
        r = yaml_parse(&(struct yaml){ &keep, &scratch, &diag }, &source, &root);
        assert(r != 0 || root);
        check_diag(&diag, r);
        if (r == 0) {
                struct text json;

                text_init(&json);
                (void)!yaml_json(root, &json, &diag);
                text_deinit(&json);
        }
        diag_deinit(&diag);
        arena_deinit(&scratch);
        arena_deinit(&keep);
}

static void load_rules(struct str text) {
        char path[64];
        const char *paths[] = { path };
        struct ruleset *rs = NULL;
        struct diag diag;
        int r;

        snprintf(path, sizeof(path), "/proc/self/fd/%d", memory_file);
        assert(ftruncate(memory_file, 0) == 0);
        assert(pwrite(memory_file, text.p, text.n, 0) == (ssize_t)text.n);
        diag_init(&diag);
        r = ruleset_load_rules(&rs, paths, 1, &diag);
        check_diag(&diag, r);
        assert((r == 0) == (rs != NULL));
        ruleset_unref(rs);
        diag_deinit(&diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct str text = { size > 0 ? (const char *)data : "", size };

        read_yaml(text);
        load_rules(text);
        return 0;
}
