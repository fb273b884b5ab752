#include "device.h"
#include "docksill/base/text.h"
#include "facts/cell.h"
#include "go-type.h"
#include "host-path.h"
#include "unknown.h"

static const struct gojson_field device_mapping_fields[] = {
        GO_FIELD(device_mapping, "PathOnHost", path_on_host, gojson_string),
        GO_FIELD(device_mapping, "PathInContainer", path_in_container, gojson_string),
        GO_FIELD(device_mapping, "CgroupPermissions", cgroup_permissions, gojson_string),
};
static const struct gojson_type device_mapping_type = GO_STRUCT(device_mapping);
const struct gojson_type device_mappings_type = GO_LIST(device_mapping_type);

static const struct gojson_type strings_list = GO_LIST(gojson_strings);
static const struct gojson_field device_request_fields[] = {
        GO_FIELD(device_request, "Driver", driver, gojson_string),
        GO_FIELD(device_request, "Count", count, gojson_int64),
        GO_FIELD(device_request, "DeviceIDs", device_ids, gojson_strings),
        GO_FIELD(device_request, "Capabilities", capabilities, strings_list),
        GO_FIELD(device_request, "Options", options, gojson_string_map),
};
static const struct gojson_type device_request_type = GO_STRUCT(device_request);
const struct gojson_type device_requests_type = GO_LIST(device_request_type);

void devices_read(struct reading *in, const struct go_list *mappings) {
        struct fact_list *devices = &in->facts->container.devices;

        devices->head.given = mappings->given;
        if (mappings->n > FACT_HEAVY_MOST)
                arena_refuse(in->arena);
        for (size_t i = 0; i < mappings->n && !arena_full(in->arena); ++i) {
                const struct device_mapping *m = gojson_item(mappings, i, sizeof(*m));
                struct device_fact d = {
                        .origin = { .field = "HostConfig.Devices", .index = (uint32_t)i, .indexed = true },
                        .requested = cell_string(m->path_on_host),
                        .permissions = cell_string(m->cgroup_permissions),
                };

                host_path_uncleaned(in->arena, m->path_on_host.value, &d.path);
                FACT_ADD(in->arena, devices, d);
        }
}

static bool is_number_or_star(struct str s) {
        if (str_eqz(s, "*"))
                return true;
        for (size_t i = 0; i < s.n; ++i)
                if (!ascii_digit(s.p[i]))
                        return false;
        return s.n > 0;
}

static bool is_permissions(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if (!strchr("rwm", s.p[i]) || s.p[i] == '\0')
                        return false;
        return s.n >= 1 && s.n <= 3;
}

/*
 * "a|b|c major:minor rwm", one space each (moby oci/oci.go). Without leading zeros, so that "008" is disk 8 for a rule
 * that compares text, as it is for the kernel.
 */
static bool rule_split(struct device_rule_fact *d, struct str text) {
        struct str rest = text, type = str_cut(&rest, ' '), major = str_cut(&rest, ':'), minor = str_cut(&rest, ' ');

        if (type.n != 1 || !memchr("abc", type.p[0], 3))
                return false;
        if (!is_number_or_star(major) || !is_number_or_star(minor) || !rest.p || !is_permissions(rest))
                return false;
        while (major.n > 1 && major.p[0] == '0')
                major = str_skip(major, 1);
        while (minor.n > 1 && minor.p[0] == '0')
                minor = str_skip(minor, 1);

        d->type = cell_str(type);
        d->major = cell_str(major);
        d->minor = cell_str(minor);
        d->permissions = cell_str(rest);
        return true;
}

void device_rules_read(struct reading *in, const struct go_list *rules) {
        struct fact_list *list = &in->facts->container.device_rules;

        list->head.given = rules->given;
        for (size_t i = 0; i < rules->n && !arena_full(in->arena); ++i) {
                struct device_rule_fact d = {
                        .origin = { .field = "HostConfig.DeviceCgroupRules", .index = (uint32_t)i, .indexed = true },
                        .text = cell_str(string_item(rules, i)),
                };

                if (!rule_split(&d, d.text.value))
                        unknown_value(in, d.origin, d.text.value);
                FACT_ADD(in->arena, list, d);
        }
}

/* "nvidia", or what the request asks for of whichever driver has it: gpu. */
static struct str kind_of(const struct device_request *asked) {
        const struct go_list *first;

        if (!str_empty(asked->driver.value))
                return asked->driver.value;
        if (asked->capabilities.n == 0)
                return STR_C("any");
        first = gojson_item(&asked->capabilities, 0, sizeof(*first));
        return first->n > 0 && !str_empty(string_item(first, 0)) ? string_item(first, 0) : STR_C("any");
}

static struct str name_device(struct arena *arena, const struct device_request *asked, struct str id) {
        struct text t;

        if (str_eqz(asked->driver.value, "cdi"))
                return id;
        text_init_arena(&t, arena);
        text_add(&t, kind_of(asked));
        text_add_char(&t, ':');
        if (!str_empty(id))
                text_add(&t, id);
        else if (asked->count.value < 0)
                text_addz(&t, "all");
        else
                text_add_int(&t, asked->count.value);
        return text_str(&t);
}

/* Of CDI too: a specification may give all of a class that name (moby daemon/cdi.go). */
static bool is_all(const struct device_request *asked, struct str id) {
        return (str_empty(id) && asked->count.value < 0) || str_eqz(id, "all") || str_ends(id, STR_C("=all"));
}

static void push_request(struct fact_list *list, struct arena *arena, size_t i, const struct device_request *asked,
                         struct str id) {
        FACT_ADD(arena, list,
                 (struct device_request_fact){
                         .origin = { .field = "HostConfig.DeviceRequests", .index = (uint32_t)i, .indexed = true },
                         .driver = cell_string(asked->driver),
                         .all = { .head.given = true, .value = is_all(asked, id) },
                         .device = cell_str(name_device(arena, asked, id)),
                 });
}

void device_requests_read(struct reading *in, const struct go_list *requests) {
        struct fact_list *list = &in->facts->container.device_requests;

        list->head.given = requests->given;
        for (size_t i = 0; i < requests->n && !arena_full(in->arena); ++i) {
                const struct device_request *asked = gojson_item(requests, i, sizeof(*asked));

                if (asked->device_ids.n == 0)
                        push_request(list, in->arena, i, asked, (struct str){ 0 });
                for (size_t k = 0; k < asked->device_ids.n && !arena_full(in->arena); ++k)
                        push_request(list, in->arena, i, asked, string_item(&asked->device_ids, k));
        }
}

void device_reserve(struct reading *in, struct origin origin, struct str kind, struct str value) {
        struct fact_list *list = &in->facts->container.device_requests;
        struct text t;

        text_init_arena(&t, in->arena);
        text_addf(&t, "%" STR_FMT ":%" STR_FMT, STR_ARG(kind), STR_ARG(value));
        FACT_ADD(in->arena, list, (struct device_request_fact){ .origin = origin, .device = cell_str(text_str(&t)) });
        list->head.given = true;
}
