#include "call.h"
#include "read/device.h"

static void devices_have_clean_paths(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f =
                call_host_config(&c, "\"Devices\":[{\"PathOnHost\":\"/dev/../dev//sda\",\"PathInContainer\":\"/dev/"
                                     "x\",\"CgroupPermissions\":\"r\"},"
                                     "{\"pathonhost\":\"dev/kmsg\"},null]");
        const struct device_fact *d = f->container.devices.items;

        (void)state;
        assert_int_equal(f->container.devices.n, 3);
        assert_str(d[0].path.spelling[0], "/dev/sda");
        assert_str(d[0].requested.value, "/dev/../dev//sda");
        assert_str(d[0].permissions.value, "r");
        assert_str(d[1].path.spelling[0], "/dev/kmsg");
        assert_int_equal(d[2].path.n, 0);
}

static void rules_are_split(void **state) {
        static const struct {
                const char *rule, *type, *major, *minor, *permissions;
        } rows[] = {
                { "c 1:3 rwm", "c", "1", "3", "rwm" },
                { "b 8:* m", "b", "8", "*", "m" },
                { "a *:* rwm", "a", "*", "*", "rwm" },
                { "b 008:00 r", "b", "8", "0", "r" },
                { "a", "", "", "", "" },
                { "b 8:1", "", "", "", "" },
                { "b  8:1 r", "", "", "", "" },
                { "b 8:1 r ", "", "", "", "" },
                { "b 8:1 rwmr", "", "", "", "" },
                { "b 8:1 x", "", "", "", "" },
                { "b -8:1 r", "", "", "", "" },
                { "d 8:1 r", "", "", "", "" },
                { "b :1 r", "", "", "", "" },
                { "b **:1 r", "", "", "", "" },
                { "", "", "", "", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct device_rule_fact *d;
                char json[128], unknown[128];

                snprintf(json, sizeof(json), "\"DeviceCgroupRules\":[\"%s\"]", rows[i].rule);
                snprintf(unknown, sizeof(unknown), "HostConfig.DeviceCgroupRules[0]=%s", rows[i].rule);
                d = call_host_config(&c, json)->container.device_rules.items;
                assert_str(d->text.value, rows[i].rule);
                assert_str(d->type.value, rows[i].type);
                assert_str(d->major.value, rows[i].major);
                assert_str(d->minor.value, rows[i].minor);
                assert_str(d->permissions.value, rows[i].permissions);
                assert_str(call_unknown(&c), rows[i].type[0] ? "" : unknown);
        }
}

static void requests_name_their_driver(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(&c, "\"DeviceRequests\":[{\"Driver\":\"\",\"Count\":-1,\"DeviceIDs\":"
                                                     "null,\"Capabilities\":[[\"gpu\"]],\"Options\":{}},"
                                                     "{\"driver\":\"cdi\",\"deviceids\":[\"x\"]}]");
        const struct device_request_fact *d = f->container.device_requests.items;

        (void)state;
        assert_int_equal(f->container.device_requests.n, 2);
        assert_str(d[0].driver.value, "");
        assert_str(d[1].driver.value, "cdi");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(devices_have_clean_paths),
                cmocka_unit_test(rules_are_split),
                cmocka_unit_test(requests_name_their_driver),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
