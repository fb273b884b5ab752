#include "call.h"
#include "read/block-limit.h"
#include <limits.h>

static const struct block_limit_fact *limit_of(const struct facts *f, size_t i) {
        assert_true(i < f->block_limits.n);
        return (const struct block_limit_fact *)f->block_limits.items + i;
}

/* "field[i] path", one after the other. */
static struct str listed(struct call *c) {
        const struct facts *f = &c->request.facts;
        struct text t;

        text_init_arena(&t, &c->arena);
        text_addz(&t, "");
        for (size_t i = 0; i < f->block_limits.n; ++i) {
                const struct block_limit_fact *b = limit_of(f, i);

                if (i > 0)
                        text_addz(&t, ", ");
                origin_add(&t, &b->origin);
                text_add_char(&t, ' ');
                text_add(&t, b->path.n ? b->path.spelling[0] : STR_C("none"));
        }
        return text_str(&t);
}

/* From engine 29.6 on an update stats them too. */
static void each_list_is_read_at_both_doors(void **state) {
        static const struct {
                const char *members, *listed;
        } rows[] = {
                { "\"BlkioWeightDevice\":[{\"Path\":\"/dev/sda\",\"Weight\":5}]", "BlkioWeightDevice[0] /dev/sda" },
                { "\"BlkioDeviceReadBps\":[{\"Path\":\"/dev/sda\",\"Rate\":5}]", "BlkioDeviceReadBps[0] /dev/sda" },
                { "\"BlkioDeviceWriteBps\":[{\"Path\":\"/dev/sda\"}]", "BlkioDeviceWriteBps[0] /dev/sda" },
                { "\"BlkioDeviceReadIOps\":[{\"Path\":\"/dev/sda\"}]", "BlkioDeviceReadIOps[0] /dev/sda" },
                { "\"BlkioDeviceWriteIOps\":[{\"Path\":\"/dev/sda\"}]", "BlkioDeviceWriteIOps[0] /dev/sda" },
                { "\"blkiodevicewriteiops\":[{\"path\":\"/dev/sda\"}]", "BlkioDeviceWriteIOps[0] /dev/sda" },
                { "\"BlkioWeightDevice\":[{\"Path\":\"/a\"},{\"Path\":\"/b\"}],\"BlkioDeviceReadBps\":[{\"Path\":\"/"
                  "c\"}]",
                  "BlkioWeightDevice[0] /a, BlkioWeightDevice[1] /b, BlkioDeviceReadBps[0] /c" },
                { "\"BlkioWeightDevice\":[],\"BlkioDeviceReadBps\":null", "" },
                { "\"BlkioWeightDevice\":[{\"Weight\":5}]", "BlkioWeightDevice[0] none" },
                { "\"BlkioWeightDevice\":[null]", "BlkioWeightDevice[0] none" },
                { "\"BlkioWeight\":5", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call create = { 0 }, update = { 0 };
                char body[512];

                call_host_config(&create, rows[i].members);
                assert_str(listed(&create), rows[i].listed);
                snprintf(body, sizeof(body), "{%s}", rows[i].members);
                call_read(&update, (struct wire){ "POST", "/v1.41/containers/web/update", body });
                assert_false(flaws_any(&update.request.flaws));
                assert_str(listed(&update), rows[i].listed);
                assert_true(request_yields(&update.request) & GROUP_LIMITS);
        }
}

static void a_path_is_compared_clean_and_shown_as_asked(void **state) {
        static const struct {
                const char *path, *clean;
        } rows[] = {
                { "/dev/../etc/shadow", "/etc/shadow" },
                { "//dev/sda/", "/dev/sda" },
                { "/var/run/docker.sock", "/run/docker.sock" },
                { "dev/sda", "/dev/sda" },
                { "..", "/" },
                { "/dev/\xc3\xa4 b", "/dev/\xc3\xa4 b" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char members[128];
                const struct block_limit_fact *b;

                snprintf(members, sizeof(members), "\"BlkioDeviceReadBps\":[{\"Path\":\"%s\"}]", rows[i].path);
                b = limit_of(call_host_config(&c, members), 0);
                assert_str(b->requested.value, rows[i].path);
                assert_str(b->path.spelling[0], rows[i].clean);
                assert_int_equal(b->path.n, 1);
        }
}

/* @n devices, the path of the first of @length bytes. */
static bool is_too_large(size_t n, size_t length) {
        cleanup_(call_free) struct call c = { 0 };
        struct text body;
        bool flawed;

        text_init(&body);
        text_addz(&body, "{\"BlkioDeviceReadBps\":[{\"Path\":\"/");
        for (size_t i = 1; i < length; ++i)
                text_add_char(&body, 'a');
        text_addz(&body, "\"}");
        for (size_t i = 1; i < n; ++i)
                text_addz(&body, ",{\"Path\":\"/a\"}");
        text_addz(&body, "]}");
        call_read(&c, (struct wire){ "POST", "/v1.41/containers/web/update", body.p });
        text_deinit(&body);
        flawed = flaws_have(&c.request.flaws, FLAW_TOO_LARGE);
        assert_int_equal(c.request.facts.block_limits.n, flawed ? 0 : n);
        return flawed;
}

static void more_than_any_host_has_is_too_large(void **state) {
        (void)state;
        assert_false(is_too_large(FACT_HEAVY_MOST, 2));
        assert_true(is_too_large(FACT_HEAVY_MOST + 1, 2));
        assert_false(is_too_large(1, PATH_MAX - 1));
        assert_true(is_too_large(1, PATH_MAX));
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_list_is_read_at_both_doors),
                cmocka_unit_test(a_path_is_compared_clean_and_shown_as_asked),
                cmocka_unit_test(more_than_any_host_has_is_too_large),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
