#include "anchor.h"

#include "written.h"

static void a_match_hangs_on_what_nobody_makes_up(void **state) {
        enum {
                USER = ANCHOR_USER | ANCHOR_SOMETHING | ANCHOR_HARD,
                TARGET = ANCHOR_TARGET | ANCHOR_SOMETHING | ANCHOR_HARD,
                IMAGE = ANCHOR_IMAGE | ANCHOR_SOMETHING,
                CONTENT = ANCHOR_CONTENT | ANCHOR_SOMETHING
        };
        static const struct {
                const char *match;
                unsigned holds;
        } rows[] = {
                { "request.user: ann", USER },
                { "request.user: {in: [ann, bob]}", USER },
                { "request.user: {prefix: ci-}", USER },
                { "request.user: {suffix: -ci}", USER },
                { "request.user: {glob: \"*-ci\"}", USER },
                { "request.user: {glob: [ann, \"*\"]}", 0 },
                { "request.user: \"\"", 0 },
                { "request.user: {contains: ci}", 0 },
                { "request.user: {regex: ci}", 0 },
                { "request.user: {empty: false}", 0 },
                { "not: {request.user: ann}", 0 },
                { "target.id: 4f5e", TARGET },
                { "target.id: {prefix: 4f5e}", 0 },
                { "image.digest: sha256:ab", CONTENT },
                { "image.id: {in: [sha256:ab]}", CONTENT },
                { "image.digest: {glob: \"sha256:*\"}", 0 },
                { "image.found.id: sha256:ab", IMAGE },
                { "image.found.id: {prefix: sha256:ab}", 0 },
                { "{image.found.id: sha256:ab, image.as_built: true}", IMAGE | ANCHOR_AS_BUILT },
                { "image.as_built: true", ANCHOR_AS_BUILT },
                { "image.as_built: false", 0 },
                { "image.as_built: {given: true}", 0 },
                { "{image.digest: sha256:ab, image.as_built: true}", CONTENT | ANCHOR_AS_BUILT | ANCHOR_HARD },
                { "image.registry: quay.io", IMAGE },
                { "image.registry: docker.io", 0 },
                { "image.registry: {glob: quay.io}", 0 },
                { "image.name: {within: quay.io}", IMAGE },
                { "image.name: {within: docker.io}", 0 },
                { "image.name: {within: docker.io/library}", IMAGE },
                { "image.name: {within: \"docker.io/*\"}", 0 },
                { "image.name: {within: \"*.corp/app\"}", 0 },
                { "image.reference: {prefix: quay.io}", 0 },
                { "image.reference: {prefix: quay.io/}", IMAGE },
                { "image.reference: {glob: \"quay.io/*\"}", IMAGE },
                { "image.reference: {glob: \"docker.io/te*\"}", 0 },
                { "image.reference: {glob: \"docker.io/team/*\"}", IMAGE },
                { "container.name: ann", 0 },
                { "any: [{request.user: ann}, {image.name: quay.io/a/b}]", ANCHOR_SOMETHING },
                { "any: [{request.user: ann}, {container.name: web}]", 0 },
                { "any: [{request.user: ann}, {target.id: 4f5e}]", ANCHOR_SOMETHING | ANCHOR_HARD },
                { "all: [{container.name: web}, {request.user: ann}]", USER },
        };
        struct written w;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                unsigned holds;

                written_init(&w);
                holds = anchor_of(written_condition(&w, rows[i].match));
                if (holds != rows[i].holds)
                        fail_msg("%s: %#x, not %#x", rows[i].match, holds, rows[i].holds);
                written_deinit(&w);
        }
        assert_int_equal(anchor_of(NULL), 0);
}

/* A rule that walks @each and judges by @when. */
static void expect_narrow(const char *each, const char *when, const char *only, bool narrow) {
        struct rule rule = { 0 };
        struct written w;

        written_init(&w);
        written_each(&w, each, "e");
        rule.each = w.compiler.each;
        rule.when = written_condition(&w, when);
        if (anchor_narrows(written_condition(&w, only), &rule) != narrow)
                fail_msg("%s: %s", only, narrow ? "pins nothing" : "pins a value");
        written_deinit(&w);
}

static void only_names_the_value_that_is_judged_by(void **state) {
        static const struct {
                const char *only;
                bool narrow;
        } rows[] = {
                { "e.source: /proc", true },
                { "e.source: /", true },
                { "e.source: {within: /proc}", true },
                { "e.source: {within: /}", false },
                { "e.source: {below: //}", false }, /* the same, cleaned */
                { "e.source: {within: [/proc, /]}", false },
                { "e.source: {within: \"/*\"}", false },
                { "e.source: {within: \"/p*\"}", true },
                { "e.source: {covers: /proc}", false },
                { "e.source: {empty: false}", false },
                { "not: {e.source: /proc}", false },
                { "e.target: /proc", false }, /* where it is put inside: the requester says so */
                { "e.kind: host", false },
                { "e.read_only: true", false },
                { "container.name: web", false },
                { "any: [{e.source: /proc}, {e.source: /sys}]", true },
                { "any: [{e.source: /proc}, {e.kind: host}]", false },
                { "{e.source: /proc, e.kind: host}", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                expect_narrow("mounts", "{e.source: {within: /proc}, e.kind: host}", rows[i].only, rows[i].narrow);
        expect_narrow(NULL, "container.memory: {lt: 5}", "container.memory: 4", true);
        expect_narrow(NULL, "container.memory: {lt: 5}", "container.memory: {gt: 4}", false);
        expect_narrow(NULL, "container.memory: {lt: 5}", "container.name: web", false);
        expect_narrow(NULL, "container.groups: {size: {gt: 2}}", "container.groups: {size: 3}", false);
        expect_narrow(NULL, "container.groups: {size: {gt: 2}}", "container.groups: {contains: wheel}", true);
        expect_narrow("container.groups", "e: wheel", "e: wheel", true);
        expect_narrow("container.groups", "e: wheel", "e: {glob: \"*\"}", false);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_match_hangs_on_what_nobody_makes_up),
                cmocka_unit_test(only_names_the_value_that_is_judged_by),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
