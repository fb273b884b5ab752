#include "call.h"

static void the_path_inside_is_cleaned(void **state) {
        static const struct {
                const char *method, *uri, *body;
                const char *path;
                bool keep_owner;
        } rows[] = {
                { "PUT", "/containers/aw/archive?path=/etc", NULL, "/etc", false },
                { "PUT", "/containers/aw/archive?path=tmp/..//usr/bin/&copyUIDGID=1", NULL, "/usr/bin", true },
                { "PUT", "/containers/aw/archive?path=/srv&path=/etc&copyUIDGID=false", NULL, "/srv", false },
                { "PUT", "/containers/aw/archive?path=%2F", NULL, "/", false },
                { "PUT", "/containers/aw/archive", NULL, NULL, false },
                { "GET", "/containers/aw/archive?path=/data", NULL, "/data", false },
                { "HEAD", "/containers/aw/archive?path=/data", NULL, "/data", false },
                { "POST", "/v1.23/containers/aw/copy", "{\"Resource\":\"/etc/passwd\"}", "/etc/passwd", false },
                { "POST", "/v1.23/containers/aw/copy", "{\"resource\":\"x/../y\"}", "/y", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;

                call_read(&c, (struct wire){ rows[i].method, rows[i].uri, rows[i].body });
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(request_yields(&c.request),
                                 GROUP_REQUEST | GROUP_DAEMON | GROUP_COPY |
                                         (strcmp(rows[i].method, "HEAD") == 0 ? 0 : GROUP_TARGET | GROUP_REACHED) |
                                         (strcmp(rows[i].method, "PUT") == 0 ? GROUP_MOUNTS : 0));
                assert_str(f->copy.container.value, "aw");
                assert_int_equal(f->copy.path.n, rows[i].path != NULL);
                if (rows[i].path)
                        assert_str(f->copy.path.spelling[0], rows[i].path);
                assert_int_equal(f->copy.keep_owner.value, rows[i].keep_owner);
        }
}

static void the_old_body_is_read_as_go_does(void **state) {
        static const struct {
                const char *body;
                enum flaw flaw;
        } rows[] = {
                { "null", FLAW_MALFORMED_JSON },
                { "{\"Resource\":\"/a\",\"resource\":\"/etc\"}", FLAW_DUPLICATE_KEY },
                { "{\"Resource\":[]}", FLAW_WRONG_TYPE },
                { NULL, FLAW_BODY_MISSING },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", "/v1.23/containers/aw/copy", rows[i].body });
                assert_true(flaws_have(&c.request.flaws, rows[i].flaw));
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_path_inside_is_cleaned),
                cmocka_unit_test(the_old_body_is_read_as_go_does),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
