#include "call.h"

static void the_folder_is_found_wherever_it_stands(void **state) {
        static const struct {
                const char *method, *uri, *body;
                const char *id, *folder;
        } rows[] = {
                { "POST", "/containers/ck/checkpoints", "{\"CheckpointID\":\"c1\",\"CheckpointDir\":\"/etc/cron.d\"}",
                  "c1", "/etc/cron.d" },
                { "POST", "/containers/ck/checkpoints", "{\"checkpointid\":\"c1\",\"exit\":true}", "c1", NULL },
                { "POST", "/containers/ck/checkpoints", "{\"CheckpointID\":\"c1\",\"CheckpointDir\":\"\"}", "c1",
                  NULL },
                { "GET", "/containers/ck/checkpoints?dir=/etc", NULL, "", "/etc" },
                { "GET", "/containers/ck/checkpoints", NULL, "", NULL },
                { "GET", "/containers/ck/checkpoints?dir=", NULL, "", NULL },
                { "GET", "/containers/ck/checkpoints?Dir=/etc", NULL, "", NULL },
                { "DELETE", "/containers/ck/checkpoints/dock%65r?dir=%2Fvar%2Flib%2F", NULL, "docker", "/var/lib" },
                { "DELETE", "/containers/ck/checkpoints/c?dir=&dir=/etc", NULL, "c", NULL },
                { "POST", "/containers/ck/start?checkpoint=c1&checkpoint-dir=/var/run/x", NULL, "c1", "/run/x" },
                { "POST", "/containers/ck/start?checkpoint=../../x", NULL, "../../x", NULL },
                { "POST", "/containers/ck/start?checkpoint-dir=tmp", NULL, "", "/tmp" },
                { "POST", "/containers/ck/start?checkpoint=&checkpoint-dir=", NULL, "", NULL },
                { "POST", "/containers/ck/start", NULL, "", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;

                call_read(&c, (struct wire){ rows[i].method, rows[i].uri, rows[i].body });
                if (flaws_any(&c.request.flaws))
                        fail_msg("%s", rows[i].uri);
                assert_int_equal(request_yields(&c.request) & ~(GROUP_TARGET | GROUP_REACHED | GROUP_MOUNTS),
                                 GROUP_REQUEST | GROUP_DAEMON | GROUP_CHECKPOINT);
                assert_str(f->checkpoint.container.value, "ck");
                assert_str(f->checkpoint.id.value, rows[i].id);
                assert_int_equal(f->checkpoint.folder.n, rows[i].folder != NULL);
                if (rows[i].folder)
                        assert_str(f->checkpoint.folder.spelling[0], rows[i].folder);
                assert_true(f->request.judged.value);
        }
}

static void bodies_are_read_as_go_does(void **state) {
        static const struct {
                const char *uri, *body;
                enum flaw flaw;
        } rows[] = {
                { "/containers/ck/checkpoints", "null", FLAW_MALFORMED_JSON },
                { "/containers/ck/checkpoints", "{\"CheckpointDir\":\"\",\"checkpointdir\":\"/etc\"}",
                  FLAW_DUPLICATE_KEY },
                { "/containers/ck/checkpoints", "{\"Exit\":\"true\"}", FLAW_WRONG_TYPE },
                { "/containers/ck/checkpoints", NULL, FLAW_BODY_MISSING },
                { "/containers/ck/start", "{\"a\":{}}", FLAW_BODY_UNEXPECTED },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", rows[i].uri, rows[i].body });
                if (!flaws_have(&c.request.flaws, rows[i].flaw))
                        fail_msg("%s", rows[i].body);
                assert_int_equal(c.request.facts.checkpoint.folder.n, 0);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_folder_is_found_wherever_it_stands),
                cmocka_unit_test(bodies_are_read_as_go_does),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
